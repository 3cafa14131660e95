import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.markdown import render_markdown


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("**bold** and *soft*", "<p><strong>bold</strong> and <em>soft</em></p>"),
        ("# Top\n", "<h3>Top</h3>"),
        ("###### Low", "<h6>Low</h6>"),
        ("- one\n- two", "<ul>\n<li>one</li>\n<li>two</li>\n</ul>"),
        ("3. three", '<ol start="3">\n<li>three</li>\n</ol>'),
        ("~~gone~~", "<p><s>gone</s></p>"),
        ("", ""),
    ],
)
def test_markdown_becomes_html_that_fits_into_the_page(text, html):
    assert render_markdown(text).strip() == html


def test_links_are_found_and_say_nothing_for_whom_they_lead_to():
    html = render_markdown("See https://example.org and [us](https://example.com).")

    assert '<a href="https://example.org" rel="nofollow noopener">https://example.org</a>' in html
    assert '<a href="https://example.com" rel="nofollow noopener">us</a>' in html


def test_table_is_kept():
    assert "<td>20:00</td>" in render_markdown("| when | what |\n|---|---|\n| 20:00 | Bach |")


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "![x](https://example.org/spy.png)",
        '<a href="/" style="color:red" onclick="x()">x</a>',
        "<iframe src=//example.org></iframe>",
        "[x](vbscript:x)",
    ],
)
def test_nothing_that_runs_or_loads_gets_through(text):
    html = render_markdown(text)

    for forbidden in (
        "<script",
        "<img",
        "<iframe",
        '<a href="/"',
        'href="javascript',
        'href="data',
        'href="vb',
    ):
        assert forbidden not in html


@given(st.text())
def test_any_text_can_be_rendered(text):
    html = render_markdown(text)

    assert "<script" not in html
    assert "<h1" not in html
