"""The guides: readable in three languages, alike in each, and true to the words of the pages."""

import re
from collections import Counter

import pytest
from babel.messages.pofile import read_po

from repository.web import guides
from schemas import vocabulary
from schemas.roles import Role

TONGUES = tuple(vocabulary.INTERFACE)
OTHERS = tuple(code for code in TONGUES if code != "en")


def words_of_pages(name, language):
    """What stands in bold in a guide: by our rule the words of buttons, fields and pages."""
    found, bold = [], None
    for token in (child for one in guides.parsed(name, language) for child in one.children or ()):
        if token.type == "strong_open":
            bold = ""
        elif token.type == "strong_close":
            found.append(bold)
            bold = None
        elif bold is not None:
            bold += token.content or " "
    return Counter(found)


@pytest.fixture(scope="module")
def translated():
    """What the pages say for each English sentence, by language."""
    folder = guides.FOLDER.parent / "translations"
    said = {}
    for code in OTHERS:
        with (folder / code / "LC_MESSAGES" / "messages.po").open("rb") as file:
            said[code] = {one.id: one.string for one in read_po(file) if isinstance(one.id, str)}
    return said


@pytest.mark.parametrize("language", TONGUES)
@pytest.mark.parametrize("name", guides.GUIDES)
def test_a_guide_opens_with_its_contents(client, name, language):
    answer = client.get(f"/help/{name}?lang={language}")
    assert answer.status_code == 200
    page = answer.get_data(as_text=True)
    assert f'<html lang="{language}"' in page
    assert page.count("<h1") == 1
    guide = guides.read(name, language, "")
    assert guide.title in page and guide.parts
    for one in guide.parts:
        assert f'<a href="#{one.anchor}">' in page and f'<h2 id="{one.anchor}">' in page


def test_a_guide_that_is_not_there_is_not_found(client):
    assert client.get("/help/everything").status_code == 404
    assert client.get("/help/../guides").status_code == 404


@pytest.mark.parametrize("name", guides.GUIDES)
def test_anchors_are_the_same_in_each_language_and_used_once(name):
    all_of_them = [[one.anchor for one in guides.read(name, code, "").headings] for code in TONGUES]
    assert all(one == all_of_them[0] for one in all_of_them)
    assert len(set(all_of_them[0])) == len(all_of_them[0])


@pytest.mark.parametrize("name", guides.GUIDES)
def test_what_is_bold_in_english_is_what_a_page_says(name, translated):
    for said in words_of_pages(name, "en"):
        assert all(translated[code].get(said) for code in OTHERS), said


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("name", guides.GUIDES)
def test_what_is_bold_elsewhere_is_what_the_page_says_there(name, language, translated):
    english = words_of_pages(name, "en")
    meant = Counter()
    for said, times in english.items():
        meant[translated[language][said]] += times
    assert words_of_pages(name, language) == meant


@pytest.mark.parametrize("language", TONGUES)
@pytest.mark.parametrize("name", guides.GUIDES)
def test_links_of_guides_lead_to_pages_and_parts_that_there_are(app, name, language):
    ways = app.url_map.bind("example.org")
    guide = guides.read(name, language, "")
    anchors = {one.anchor for one in guide.headings}
    for target in re.findall(r'href="([^"]+)"', guide.body):
        path, _mark, part = target.partition("#")
        assert not path or ways.match(path, method="GET")
        assert path or part in anchors


def test_links_between_guides_work_in_the_files_and_on_the_pages():
    tokens = guides._MARKDOWN.parse("[a](depositors.md#rights) [b](/about) [c](https://a.org/)")
    found = [one.attrGet("href") for one in tokens[1].children if one.type == "link_open"]
    assert [guides._target(one, "/kept") for one in found] == [
        "/kept/help/depositors#rights",
        "/kept/about",
        "https://a.org/",
    ]


def test_a_picture_beside_a_guide_has_an_address_and_a_size():
    (token,) = guides._MARKDOWN.parseInline("![Search](../../static/guides/ky/search.webp)")
    (picture,) = token.children
    guides._place(picture, "/kept")
    assert picture.attrGet("src") == "/kept/static/guides/ky/search.webp"
    assert (picture.attrGet("width"), picture.attrGet("height")) == guides.PICTURE


def test_html_in_a_guide_is_text():
    assert "<b>" not in guides._MARKDOWN.render("a <b>c</b>")


@pytest.mark.parametrize(
    ("role", "path", "guide"),
    [
        (Role.DEPOSITOR, "/deposit", "depositors"),
        (Role.CATALOGUER, "/review", "cataloguers#reviewing"),
        (Role.CATALOGUER, "/staff", "cataloguers"),
        (Role.ACQUISITIONS, "/staff", "acquisitions"),
        (Role.DIRECTOR, "/staff", "director"),
    ],
)
def test_whoever_works_finds_the_guide_beside_the_work(enter, person, role, path, guide):
    page = enter(person(role)).client.get(path).get_data(as_text=True)
    assert f'href="/help/{guide}"' in page
