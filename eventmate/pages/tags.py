"""For templates of pages that are rendered once for everyone: what differs between visitors."""

from types import SimpleNamespace
from typing import Any

from django import template
from django.contrib.auth.models import AnonymousUser
from django.template.base import FilterExpression, NodeList, Parser, Token

from eventmate.pages.recording import TOKEN, Recording, Spot, current_recording

VISITOR = AnonymousUser()
MEMBER = SimpleNamespace(is_authenticated=True)

register = template.Library()


class Personal(template.Node):
    """Where a page is recorded, its words for each kind of visitor, else those for this one."""

    def __init__(
        self,
        nodelist: NodeList,
        fact: str,
        number: FilterExpression | None,
        holds: FilterExpression | None,
    ) -> None:
        self.nodelist = nodelist
        self._fact = fact
        self._number = number
        self._holds = holds

    def render(self, context: template.Context) -> str:
        record = current_recording()
        if record is None:
            with context.push(holds=self._holds and self._holds.resolve(context)):
                return self.nodelist.render(context)
        number = self._number.resolve(context) if self._number else 0
        return record.spot(
            Spot(
                visitor=self._words(context, record, user=VISITOR),
                member=self._words(context, record, user=MEMBER),
                fact=self._fact,
                number=number,
                holds=self._words(context, record, user=MEMBER, holds=True) if self._fact else "",
            )
        )

    def _words(self, context: template.Context, record: Recording, **words: Any) -> str:
        with context.push(**{"holds": False, "csrf_token": record.slot(TOKEN), **words}):
            return self.nodelist.render(context)


@register.tag
def personal(parser: Parser, token: Token) -> Personal:
    """What depends on who looks: `user` in it is one who is logged in or not, and no more is known
    of them. With the name of a fact, its number, and whether it holds for the visitor of a page
    that is rendered for them alone, `holds` says whether it does:

        {% personal "favorites" event.pk event.is_favorite %}…{% if holds %}…{% endpersonal %}
    """
    _name, *arguments = token.split_contents()
    nodelist = parser.parse(("endpersonal",))
    parser.delete_first_token()
    if not arguments:
        return Personal(nodelist, "", None, None)
    fact, number, holds = arguments
    return Personal(
        nodelist, fact.strip('"'), parser.compile_filter(number), parser.compile_filter(holds)
    )


class Slot(template.Node):
    def __init__(self, nodelist: NodeList, name: str) -> None:
        self.nodelist = nodelist
        self._name = name

    def render(self, context: template.Context) -> str:
        record = current_recording()
        return record.slot(self._name) if record else self.nodelist.render(context)


@register.tag
def slot(parser: Parser, token: Token) -> Slot:
    """What comes with a request, by its name in the registry. Inside is what it is on a page for
    one visitor.
    """
    _name, name = token.split_contents()
    nodelist = parser.parse(("endslot",))
    parser.delete_first_token()
    return Slot(nodelist, name.strip('"'))
