"""Pages as people read them: enlarged, without movement, in their own colours, on paper."""

import io
from collections.abc import Callable, Iterator
from itertools import cycle

import looks
import pytest
from hands import IN_CHROMIUM
from playwright.sync_api import Page, expect
from pypdf import PdfReader

pytestmark = IN_CHROMIUM

OPEN_TO_ALL = {
    "home": "/",
    "search results": "/search?q=тоо",
    "work": "/works/1",
    "person": "/people/Асанова, Айгүл Бакытовна",
    "collection": "/collections/publications",
    "browse": "/browse/author",
    "statistics": "/statistics",
    "help": "/help",
    "sign in": "/account/sign-in",
}
A4 = (596, 843)  # points, as Chromium rounds them
FOR_STAFF = {"deposit": "/deposit/{draft}/about", "staff desk": "/staff"}
# In a window of 1280 pixels a page that is enlarged has the width of 1280 / zoom.
WAYS: dict[str, tuple[Callable[[Page], None], tuple[str, ...]]] = {
    "at 200 %": (
        lambda page: page.set_viewport_size({"width": 640, "height": 480}),
        ("cut", "overlapping"),
    ),
    "at 400 %": (
        lambda page: page.set_viewport_size({"width": 320, "height": 240}),
        ("cut", "overlapping"),
    ),
    "without movement": (lambda page: page.emulate_media(reduced_motion="reduce"), ("moving",)),
    "in colours of one's own": (
        lambda page: page.emulate_media(forced_colors="active"),
        ("bare",),
    ),
    "on paper": (
        lambda page: page.emulate_media(media="print", color_scheme="dark", forced_colors="none"),
        ("unprintable",),
    ),
}


@pytest.fixture(scope="module")
def faults(house, chromium, served) -> Iterator[dict[str, list[str]]]:
    """What is wrong with the pages, each in one language, by the way in which they are read."""
    found: dict[str, list[str]] = {way: [] for way in WAYS}
    with served(house.app) as base:
        for token, paths in (("", OPEN_TO_ALL), (house.token, FOR_STAFF)):
            context = chromium.new_context(base_url=base)
            context.add_cookies([{"name": "session-id", "value": token, "url": base}])
            page = context.new_page()
            for language, (name, path) in zip(cycle(("ru", "ky")), paths.items(), strict=False):
                address = path.format(draft=house.draft)
                asked = f"{address}{'&' if '?' in address else '?'}lang={language}"
                assert page.goto(asked).status == 200, path
                expect(page.locator("html")).to_have_attribute("lang", language)
                for way, one in looked_at(page):
                    found[way].append(f"{name}: {one}")
            context.close()
    yield found


def looked_at(page: Page) -> Iterator[tuple[str, str]]:
    """What is wrong with a page, in which way of reading it."""
    for way, (go, questions) in WAYS.items():
        go(page)
        for question in questions:
            yield from ((way, one) for one in looks.ask(page, question))
    page.emulate_media(media="null", color_scheme="null", reduced_motion="null")


@pytest.mark.parametrize("way", WAYS)
def test_every_page_can_be_read(faults, way):
    assert faults[way] == []


def test_a_work_and_its_card_fit_on_paper(house, chromium, served):
    with served(house.app) as address:
        page = chromium.new_page(base_url=address, locale="en")
        sheets = {}
        for path in ("/works/1", "/works/1/card", "/search?q=тоо"):
            page.goto(path)
            made = PdfReader(io.BytesIO(page.pdf(format="A4", print_background=True)))
            assert {tuple(round(one) for one in sheet.mediabox[2:]) for sheet in made.pages} == {A4}
            sheets[path] = [sheet.extract_text() for sheet in made.pages]
        page.close()
    assert [len(one) for one in sheets.values()] == [2, 1, 3]
    said = " ".join(sheets["/works/1"] + sheets["/search?q=тоо"])
    assert "https://creativecommons.org/" in said and "https://doi.org/" in said
    assert not [word for word in ("Sign in", "Download", "Copy", "Browse") if word in said]


FAULTY = {
    "cut": "<p style='width:9rem;overflow:hidden;white-space:nowrap'>A very long sentence indeed",
    "overlapping": "<button>One</button><button style='margin-left:-2rem'>Two</button>",
    "moving": "<p style='transition:color 0.2s'>A sentence",
    "bare": "<button style='border:0'>One</button>",
    "unprintable": "<p style='color:#999'>A sentence</p><button>One</button>",
    "idle": "<button type='button'>One</button>",
}


@pytest.mark.parametrize("question", FAULTY)
def test_a_fault_is_noticed(chromium, question):
    page = chromium.new_page()
    page.set_content(f"<body>{FAULTY[question]}")
    assert looks.ask(page, question)
    page.close()
