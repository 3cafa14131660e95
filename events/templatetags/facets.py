"""The choices of a filter. A search offers some eighty: formatted here, one takes a twentieth of
what a template takes.
"""

from html import escape

from django import template
from django.utils.safestring import SafeString

from events.forms.choices import Choice, Facet
from events.search.finding import Total

# What hosts and visitors wrote goes in by escape() only.
CHOICE = """<li>
  <a rel="nofollow" href="{url}" data-key="{name}={value}"><span>{label}</span>{count}</a>
</li>
"""
CHOSEN = """<li>
  <a rel="nofollow" href="{url}" data-key="{name}={value}" aria-current="true"><span>{label}</span>\
<span class="visually-hidden">, chosen: remove</span>{count}</a>
</li>
"""
COUNT = ' <span class="count">{}<span class="visually-hidden"> event{}</span></span>'

register = template.Library()


@register.simple_tag
def facet_choices(facet: Facet) -> SafeString:
    """Items of a list, each a link to the search with the choice, or without it if it is chosen."""
    return SafeString("".join(_item(facet, choice) for choice in facet.choices))


def _item(facet: Facet, choice: Choice) -> str:
    return (CHOSEN if choice.is_chosen else CHOICE).format(
        url=escape(choice.url),
        name=facet.name,
        value=escape(choice.value),
        label=escape(choice.label),
        count=_count(choice),
    )


def _count(choice: Choice) -> str:
    if choice.count is None:
        return ""
    return COUNT.format(Total(choice.count), "" if choice.count == 1 else "s")
