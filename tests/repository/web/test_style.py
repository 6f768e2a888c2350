"""What every page promises to the eye: contrast, weight, nothing inline, nothing from elsewhere."""

import hashlib
import itertools
import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import brotli
import pytest
from flask.testing import FlaskClient
from lxml import html

import repository
from repository import catalogue, publishing
from repository.archive import Archive
from repository.viewers import SYSTEM
from schemas import vocabulary

STATIC = Path(repository.__file__).parent / "static"
SHEETS = sorted(STATIC.glob("*.css"))
INKS = ("ink", "quiet", "accent", "mark", "open")
GROUNDS = ("paper", "surface", "tint")
PAGES = (
    "/",
    "/about",
    "/help",
    "/browse",
    "/browse/author",
    "/browse/year",
    "/collections",
    "/search",
    "/search?q=тоо",
    "/works/1",
    "/nowhere",
    "/account/sign-in",
)
LIMIT = 50 * 1024


def palettes() -> dict[str, dict[str, str]]:
    """The colours by name: light, dark by the system's wish, dark by the page's."""
    sheet = (STATIC / "archive.css").read_text()
    chosen = {
        "light": r"^:root \{(.*?)^\}",
        "dark": r'^  :root:not\(\[data-theme="light"\]\) \{(.*?)^  \}',
        "dark by choice": r'^:root\[data-theme="dark"\] \{(.*?)^\}',
    }
    return {
        name: dict(
            re.findall(r"--([\w-]+): (#[0-9a-f]{6});", re.search(rule, sheet, re.M | re.S)[1])
        )
        for name, rule in chosen.items()
    }


def luminance(colour: str) -> float:
    """The relative luminance of WCAG 2.2."""
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """The contrast ratio of WCAG 2.2."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def rules(path: Path) -> list[tuple[str, dict[str, str]]]:
    """The innermost rules of a sheet: selector and declarations."""
    text = re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.S)
    return [
        (selector.strip(), dict(re.findall(r"([\w-]+):\s*([^;]+?)\s*(?:;|$)", body)))
        for selector, body in re.findall(r"([^{}]+)\{([^{}]*)\}", text)
    ]


def test_contrast_is_measured_as_wcag_measures_it():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("palette", palettes())
@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("ink", INKS)
def test_every_ink_is_read_on_every_ground(palette: str, ink: str, ground: str):
    colours = palettes()[palette]
    assert contrast(colours[ink], colours[ground]) >= 4.5


@pytest.mark.parametrize("palette", palettes())
def test_the_main_button_is_read_and_the_edges_of_controls_are_seen(palette: str):
    colours = palettes()[palette]
    assert contrast(colours["on-accent"], colours["accent"]) >= 4.5
    for ground in ("paper", "surface"):
        assert contrast(colours["edge"], colours[ground]) >= 3


def test_dark_is_the_same_by_wish_and_by_choice_and_names_every_colour():
    found = palettes()
    assert found["dark"] == found["dark by choice"]
    assert found["dark"].keys() == found["light"].keys()


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda path: path.name)
def test_text_takes_its_colours_from_the_palette_alone(sheet: Path):
    inks = {f"var(--{name})" for name in INKS} | {"inherit", "currentColor"}
    grounds = {f"var(--{name})" for name in GROUNDS} | {"none", "transparent", "inherit"}
    for selector, declared in rules(sheet):
        colour = declared.get("color")
        ground = declared.get("background", declared.get("background-color"))
        if colour == "var(--on-accent)":
            assert ground == "var(--accent)", selector
        elif colour is not None:
            assert colour in inks, selector
            assert ground is None or ground in grounds, selector


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda path: path.name)
def test_style_sheets_load_nothing_from_elsewhere(sheet: Path):
    text = sheet.read_text()
    assert "@import" not in text
    assert "@font-face" not in text
    for address in re.findall(r"url\(\"?([^\")]+)", text):
        assert (STATIC / address).is_file(), address


def test_the_style_sheet_of_every_page_is_small():
    assert (STATIC / "archive.css").stat().st_size < 25_000


@pytest.fixture
def shelves(archive: Archive, settle: Callable[[], None]) -> Archive:
    """An archive with one work that has much to show."""
    document = {
        "type": vocabulary.TYPES["article"].uri,
        "titles": [{"text": "Тоо мөңгүлөрүнүн өзгөрүшү", "language": "ky", "kind": "main"}],
        "creators": [
            {"kind": "person", "family": f"Өмүрбеков {at}", "given": "Төлөгөн", "role": "aut"}
            for at in range(12)
        ],
        "issued": "2024-05",
        "languages": ["ky"],
        "abstracts": [
            {"text": "Мөңгүлөр жөнүндө. " * 60, "language": "ky"},
            {"text": "О ледниках. " * 60, "language": "ru"},
        ],
        "keywords": [{"text": "мөңгү", "language": "ky"}, {"text": "ледник", "language": "ru"}],
        "licence": "cc-by-4.0",
    }
    data = b"%PDF-1.4\n%%EOF\n"
    (archive.settings.staging / "one").write_bytes(data)
    with archive.writing() as session:
        work = catalogue.draft(session, document, actor=SYSTEM)
        catalogue.attach(
            session,
            work,
            name="мөңгү.pdf",
            size=len(data),
            sha512=hashlib.sha512(data).hexdigest(),
            media_type="application/pdf",
            staged="one",
        )
        number = work.id
    publishing.publish(archive, number, actor=SYSTEM)
    settle()
    return archive


def page(client: FlaskClient, address: str, language: str = "ky") -> html.HtmlElement:
    """A page as a tree."""
    answer = client.get(address, headers={"Accept-Language": language})
    assert answer.status_code == (404 if address == "/nowhere" else 200), address
    return html.document_fromstring(answer.text)


def fetched(tree: html.HtmlElement, address: str) -> set[str]:
    """The addresses that a browser fetches to show a page."""
    found = tree.xpath(
        "//link[@rel='stylesheet' or @rel='icon']/@href | //script/@src | //img/@src"
    )
    found += tree.xpath("//iframe/@src | //object/@data | //source/@src | //use/@href")
    return {urljoin(address, one) for one in found}


def test_a_page_at_first_view_is_under_50_kb(client: FlaskClient, shelves: Archive):
    ornaments = sum((STATIC / name).stat().st_size for name in ("edge.svg", "horn.svg"))
    packed = {"Accept-Encoding": "br"}
    for address in PAGES:
        answer = client.get(address, headers={"Accept-Language": "ky"})
        weight = len(brotli.compress(answer.data, quality=4)) + ornaments
        for part in fetched(html.document_fromstring(answer.text), address):
            with client.get(part, headers=packed) as found:
                assert found.status_code == 200, part
                weight += len(found.data)
        assert weight < LIMIT, address


def test_pages_fit_the_strictest_policy(client: FlaskClient, shelves: Archive):
    for address in [*PAGES, "/gallery"]:
        tree = page(client, address)
        assert not tree.xpath("//style | //*[@style]"), address
        assert not tree.xpath("//script[not(@src)][not(@type='application/ld+json')]"), address
        acting = [name for node in tree.iter() for name in node.attrib if name.startswith("on")]
        assert not acting, address
        assert not tree.xpath("//@href[starts-with(., 'javascript:')]"), address
        assert {urlsplit(part).netloc for part in fetched(tree, address)} <= {""}, address


@pytest.mark.parametrize("language", ["ky", "ru", "en"])
def test_pages_can_be_walked_by_ear(client: FlaskClient, shelves: Archive, language: str):
    for address in [*PAGES, "/gallery"]:
        tree = page(client, address, language)
        assert tree.xpath("string(/html/@lang)") == language, address
        assert tree.xpath("string(//title)").strip(), address
        assert tree.xpath("string(//body/a[1]/@href)") == "#main", address
        assert [len(tree.xpath(f"//{one}")) for one in ("h1", "main")] == [1, 1], address
        levels = [int(node.tag[1]) for node in tree.xpath("//h1 | //h2 | //h3 | //h4")]
        assert all(lower - upper <= 1 for upper, lower in itertools.pairwise(levels)), address
        identities = tree.xpath("//@id")
        assert len(identities) == len(set(identities)), address
        assert not nameless(tree), address
        assert not tree.xpath("//svg[not(@aria-hidden='true')] | //img[not(@alt)]"), address


def nameless(tree: html.HtmlElement) -> list[str]:
    """The controls that have no label."""
    labelled = set(tree.xpath("//label/@for"))
    return [
        control.get("name")
        for control in tree.xpath("//input[not(@type='hidden')] | //select | //textarea")
        if control.get("id") not in labelled
        and not control.get("aria-label")
        and not control.xpath("ancestor::label")
    ]


def test_text_in_another_language_says_so(client: FlaskClient, shelves: Archive):
    tree = page(client, "/works/1", "en")
    assert tree.xpath("string(//h1/@lang)") == "ky"
    assert set(tree.xpath("//section[@class='abstract']//p/@lang")) == {"ky", "ru"}
