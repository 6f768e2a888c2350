"""What staff write in Markdown: headings, links and pictures, and nothing that could do harm."""

import pytest

from repository.web import markdown


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "&#106;avascript:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "file:///etc/passwd",
        "//elsewhere.example.org",
        "https:///nowhere",
        "java%0ascript:alert(1)",
    ],
)
def test_a_link_that_may_not_be_is_shown_as_text_and_named(address):
    text = f"[here]({address}) and [there](/help)"
    assert markdown.html(text).count("<a ") == 1
    assert len(markdown.refused(text)) == 1


@pytest.mark.parametrize(
    "address",
    ["https://example.org/x?y=1#z", "http://example.org", "mailto:a@example.org", "/works/1",
     "help#read", "?lang=ky", "#top"],
)  # fmt: skip
def test_links_to_the_web_to_addresses_and_within_the_site_are_links(address):
    assert f'<a href="{address}">' in markdown.html(f"[here]({address})")
    assert markdown.refused(f"[here]({address})") == []


def test_html_in_the_text_is_text():
    said = markdown.html("<script>alert(1)</script>\n\na <b onclick=x>b</b> <!-- c -->")
    assert "<script" not in said and "<b" not in said and "&lt;script&gt;" in said


def test_pictures_come_from_this_site_alone():
    said = markdown.html("![lake](https://example.org/a.png) ![own](/static/horn.svg)")
    assert said.count("<img") == 1 and 'src="/static/horn.svg"' in said and "lake" in said
    assert markdown.refused("![lake](https://example.org/a.png)") == ["https://example.org/a.png"]


def test_headings_begin_below_that_of_the_page():
    assert "<h2>One</h2>" in markdown.html("# One")
    assert "<h6>Six</h6>" in markdown.html("###### Six")


def test_tables_and_lists_are_what_they_look_like():
    assert "<table>" in markdown.html("| a | b |\n|---|---|\n| 1 | 2 |")
    assert "<li>one</li>" in markdown.html("- one\n- two")
