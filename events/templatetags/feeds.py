from django import template

from events.forms.addresses import lasting_query, parse_search

register = template.Library()


@register.simple_tag(takes_context=True)
def feed_query(context: template.Context, query: str | None = None) -> str:
    """What a feed of the search has behind its path, with the question mark; that of the page's
    address if none is given.
    """
    asked = context["request"].GET.urlencode() if query in (None, "") else query
    lasting = lasting_query(parse_search(str(asked)))
    return f"?{lasting}" if lasting else ""
