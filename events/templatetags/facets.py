"""The choices of a filter. A search offers some eighty: formatted here, one takes a tenth of what a
template takes.
"""

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from events.forms.choices import Choice, Facet
from events.search.finding import Total

CHOICE = """<li>
  <a rel="nofollow" href="{}" data-key="{}={}"{}><span>{}</span>{}{}</a>
</li>
"""
COUNT = ' <span class="count">{}<span class="visually-hidden"> event{}</span></span>'
CURRENT = mark_safe(' aria-current="true"')
REMOVES = mark_safe('<span class="visually-hidden">, chosen: remove</span>')

register = template.Library()


@register.simple_tag
def facet_choices(facet: Facet) -> SafeString:
    """Items of a list, each a link to the search with the choice, or without it if it is chosen."""
    return format_html_join(
        "",
        CHOICE,
        (
            (
                choice.url,
                facet.name,
                choice.value,
                CURRENT if choice.is_chosen else "",
                choice.label,
                REMOVES if choice.is_chosen else "",
                _count(choice),
            )
            for choice in facet.choices
        ),
    )


def _count(choice: Choice) -> str:
    if choice.count is None:
        return ""
    return format_html(COUNT, Total(choice.count), "" if choice.count == 1 else "s")
