"""A mirror of the demonstration opened from its folder, without a server."""

import shutil

import pytest
from axe_playwright_python.sync_playwright import Axe
from hands import IN_CHROMIUM

from repository import archive as opening
from repository import folding, progress, settings
from repository.exports import site
from repository.models.works import File
from schemas.vocabulary import Scan

pytestmark = IN_CHROMIUM

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
PAGES = (
    "index.html",
    "works/1/index.html",
    "{}/index.html",
    "{}/search.html?q=тоо",
    "{}/works/1/index.html",
    "{}/works/5/index.html",
    "{}/works/7/index.html",
    "{}/years/index.html",
    "{}/years/2021.html",
    "{}/titles/index.html",
    "{}/titles/0422.html",
    "{}/authors/0410.html",
    "{}/collections/index.html",
    "{}/collections/faculties.html",
    "{}/types/index.html",
)
WAYS = (("ky", 390, "light"), ("ru", 1280, "dark"), ("en", 390, "dark"), ("ky", 1280, "light"))


@pytest.fixture(scope="module")
def mirror(samples, tmp_path_factory):
    """The address of a mirror in a folder."""
    folder = tmp_path_factory.mktemp("mirror")
    shutil.copytree(samples, folder / "instance")
    chosen = settings.load({}, instance=str(folder / "instance"), secret_key="k" * 40,
                           base_url="https://archive.example.org")  # fmt: skip
    with opening.opened(chosen) as archive:
        with archive.writing() as session:
            session.query(File).update({File.scan: Scan.CLEAN})
        site.write(archive, folder / "out", shown=progress.shown)
    return (folder / "out").as_uri()


@pytest.fixture
def page(chromium):
    """A page of a browser that may reach no network."""
    context = chromium.new_context(reduced_motion="reduce", offline=True)
    context.set_default_timeout(10_000)
    yield context.new_page()
    context.close()


@pytest.fixture
def quiet(page):
    """The page; whatever the browser complains of is an error."""
    complaints = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text))
    page.on("requestfailed", lambda asked: complaints.append(asked.url))
    yield page
    assert complaints == []


@pytest.mark.parametrize("way", range(len(WAYS)))
def test_no_page_keeps_anybody_out(mirror, page, way):
    language, width, colours = WAYS[way]
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=colours)
    found = []
    for position, one in enumerate(PAGES):
        if (position - way) % 2:
            continue
        path = one.format(language)
        page.goto(f"{mirror}/{path}")
        if position % len(WAYS) == way:  # each page is judged in one way, and all ways are
            for broken in Axe().run(page, options=RULES).response["violations"]:
                found += [f"{path}: {broken['id']}: {one['html'][:160]}" for one in broken["nodes"]]
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found.append(f"{path} is too wide at {width}")
        assert page.evaluate("getComputedStyle(document.body).fontFamily").count("Noto Sans")
    assert found == []


def test_works_are_found_in_either_script_and_opened(mirror, quiet):
    quiet.goto(f"{mirror}/index.html")
    quiet.get_by_role("link", name="Войти в архив").click()
    quiet.get_by_role("searchbox").fill("zhailoo leksikasy")
    quiet.get_by_role("button", name="Найти").click()
    found = quiet.locator(".results li")
    assert (
        "Найдено: 1." in quiet.get_by_role("status").inner_text() or found.first.wait_for() is None
    )
    assert found.count() == 1
    found.get_by_role("link").click()
    assert quiet.locator("h1").inner_text().startswith("Жайлоо лексикасы")
    quiet.get_by_role("link", name="English").click()
    assert quiet.url.endswith("/en/works/1/index.html")
    address = quiet.get_by_role("link", name="Open the file").get_attribute("href")
    assert address.startswith("../../../works/1/files/")


def test_what_is_not_there_is_said(mirror, page):
    page.goto(f"{mirror}/en/search.html?q=nothinglikethat")
    page.get_by_text("Nothing was found").wait_for()


def test_the_search_makes_one_of_two_spellings_as_the_archive_does(mirror, quiet):
    quiet.goto(f"{mirror}/en/search.html?q=a")
    quiet.get_by_role("status").get_by_text(".").wait_for()
    for row in quiet.evaluate("mirror.rows"):
        assert row[6].strip() == folding.fold(row[1]), row[1]


def test_without_a_script_the_lists_lead_on(chromium, mirror):
    context = chromium.new_context(java_script_enabled=False)
    plain = context.new_page()
    plain.goto(f"{mirror}/en/search.html")
    assert not plain.get_by_role("searchbox").is_visible()
    assert plain.get_by_text("This search needs JavaScript").is_visible()
    plain.get_by_role("link", name="Years").first.click()
    plain.get_by_role("link", name="2023").click()
    plain.locator(".results a").first.click()
    assert plain.url.endswith("/works/1/index.html")
    context.close()
