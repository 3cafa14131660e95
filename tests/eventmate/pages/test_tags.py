"""Parts of templates that differ between visitors, on a page for one and on a page for everyone."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.template import Context, Template
from hypothesis import given
from hypothesis import strategies as st

from eventmate.pages.page import Page
from eventmate.pages.recording import TOKEN, current_recording, recording, shows, shows_until
from tests.eventmate.pages.made import page

MEMBER = SimpleNamespace(is_authenticated=True, name="Ada")
HEART = """{% load pages %}{{ title }}:
{% personal "favorites" event.pk event.is_favorite %}
  {% if not user.is_authenticated %}Log in{% elif holds %}Let go{% else %}Keep{% endif %}
  {% if user.is_authenticated %}{% csrf_token %}{% endif %}
{% endpersonal %}"""
BOOK = '{% load pages %}<a href="/book/{% slot "source" %}?ref={{ source }}{% endslot %}">'
VALUES = {TOKEN: b"t0ken", "source": b"?ref=mail"}


def context(**words: Any) -> Context:
    event = SimpleNamespace(pk=7, is_favorite=False)
    return Context({"user": AnonymousUser(), "event": event, "title": "Jazz", **words})


def for_one(source: str, /, **words: Any) -> str:
    return Template(source).render(context(**words))


def for_all(source: str, /, **words: Any) -> Page:
    with recording() as record:
        content = Template(source).render(context(**words))
    return page("/event/jazz/", content, record=record)


def words_of(html: str | bytes) -> list[str]:
    return (html if isinstance(html, str) else html.decode()).split()


@pytest.mark.parametrize(
    ("user", "is_favorite", "words"),
    [(AnonymousUser(), False, "Log in"), (MEMBER, False, "Keep"), (MEMBER, True, "Let go")],
)
def test_page_for_one_visitor_is_in_their_words(user: Any, is_favorite: bool, words: str) -> None:
    event = SimpleNamespace(pk=7, is_favorite=is_favorite)

    assert words_of(for_one(HEART, user=user, event=event)) == ["Jazz:", *words.split()]


def test_page_for_everyone_has_the_words_for_each() -> None:
    jazz = for_all(HEART, user=MEMBER)
    token = ["<input", 'type="hidden"', 'name="csrfmiddlewaretoken"', 'value="t0ken">']

    assert words_of(jazz.for_visitor().content({})) == ["Jazz:", "Log", "in"]
    assert words_of(jazz.for_member({}).content(VALUES)) == ["Jazz:", "Keep", *token]
    assert words_of(jazz.for_member({"favorites": [7]}).content(VALUES)) == [
        *("Jazz:", "Let", "go"),
        *token,
    ]


def test_nothing_of_who_asked_is_on_the_page_for_everyone() -> None:
    source = "{% load pages %}{% personal %}[{{ user.name }}{{ csrf_token }}]{% endpersonal %}"

    jazz = for_all(source, user=MEMBER, csrf_token="Ada's own")  # made up

    assert for_one(source, user=MEMBER) == "[Ada]"
    assert jazz.for_member({}).content(VALUES) == b"[t0ken]"
    assert jazz.for_visitor().content({}) == b"[]"


def test_slot_is_filled_for_each_visitor() -> None:
    assert for_one(BOOK, source="mail") == '<a href="/book/?ref=mail">'

    jazz = for_all(BOOK, source="mail")

    assert jazz.for_visitor().content(VALUES) == b'<a href="/book/?ref=mail">'
    assert jazz.for_visitor().content({}) == b'<a href="/book/">'


def test_parts_may_stand_within_each_other_and_repeat() -> None:
    inner = (
        '{% personal %}{% slot "source" %}{% endslot %}{% if user.is_authenticated %}!{% endif %}'
    )
    source = f"{{% load pages %}}{{% for n in '12' %}}{inner}{{% endpersonal %}}.{{% endfor %}}"

    jazz = for_all(source)

    assert jazz.for_visitor().content(VALUES) == b"?ref=mail.?ref=mail."
    assert jazz.for_member({}).content(VALUES) == b"?ref=mail!.?ref=mail!."


@pytest.mark.parametrize(
    "title",
    ["\x020\x03", "\x02:0\x03", "\x02token\x03", "\x02" + "0" * 16 + ":token\x03", "\x03\x02"],
)
def test_title_that_looks_like_a_mark_is_a_title(title: str) -> None:
    content = for_all(HEART, title=title).for_member({}).content(VALUES).decode()

    assert content.startswith(f"{title}:")
    assert content.count("t0ken") == 1


@given(st.text(alphabet="\x02\x03:0123456789abcdeftokensurc", max_size=60))
def test_no_text_forges_a_mark(title: str) -> None:
    content = for_all(HEART, title=title).for_visitor().content(VALUES).decode()

    assert content.startswith(f"{title}:")
    assert "t0ken" not in content.removeprefix(title)


def test_marks_of_one_page_mean_nothing_on_another() -> None:
    with recording() as record:
        stolen = Template(BOOK).render(context())
    assert record.nonce in stolen

    content = for_all("{{ title }}|" + BOOK, title=stolen).for_visitor().content(VALUES).decode()

    assert record.nonce in content
    assert content.count("?ref=mail") == 1


def test_what_is_shown_is_noted_while_a_page_is_recorded_only() -> None:
    shows("event:1")
    shows_until(None)
    with recording() as record:
        shows("event:2", "list")
        shows_until(None)
        assert current_recording() is record

    assert record.tags == {"event:2", "list"}
    assert record.moments == set()
    assert current_recording() is None


def test_recording_ends_where_the_page_fails() -> None:
    with pytest.raises(ZeroDivisionError), recording():
        _ = 1 / 0

    assert current_recording() is None
