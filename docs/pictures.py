"""Pictures of the running system: the gallery in docs/gallery, and those in the guides.

    make pictures

Starts the demonstration on a free port, with a work on its way through the library, and takes each
scene in Chromium. The gallery shows pages on a phone and on a desk, in light and in dark; the
guides have theirs in each language.
"""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).parents[1]
GALLERY = ROOT / "docs" / "gallery"
GUIDES = ROOT / "repository" / "static" / "guides"
CHROMIUM = "/usr/bin/chromium"
LANGUAGES = ("ky", "ru", "en")
EMAIL, PASSWORD = "library@example.org", "Kyzyl-Tuu-7-beles"
QUALITY = 50
WIDEST = 900  # pixels of a picture in the gallery


class Way(NamedTuple):
    """How a scene is looked at: language, width and height of the window, light or dark."""

    name: str
    language: str
    size: tuple[int, int]
    colours: str


PHONE, DESK = (390, 844), (1440, 900)
WAYS = (
    Way("phone-ky", "ky", PHONE, "light"),
    Way("phone-dark-ru", "ru", PHONE, "dark"),
    Way("desk-ru", "ru", DESK, "light"),
    Way("desk-dark-en", "en", DESK, "dark"),
)
# The gallery: pages for everybody, and pages of the staff.
SCENES: Mapping[str, str] = {
    "home": "/",
    "search": "/search?q=тоо",
    "keyboard": "/search?q=rbntg",
    "work": "/works/{article}",
    "thesis": "/works/{thesis}",
    "browse": "/browse",
    "collections": "/collections",
    "help": "/help",
    "nowhere": "/nowhere",
}
STAFF: Mapping[str, str] = {
    "desk": "/staff",
    "review": "/review",
    "reviewing": "/review/{sent}",
    "deposit": "/deposit/{draft}/about",
    "accessions": "/staff/accessions",
}
# Pictures in the guides, each in all languages.
SHOWN: Mapping[str, tuple[str, bool]] = {
    "search": ("/search?q=тоо", False),
    "work": ("/works/{article}", False),
    "begin": ("/deposit", True),
    "describe": ("/deposit/{draft}/about", True),
    "review": ("/review/{sent}", True),
    "desk": ("/staff", True),
    "imports": ("/staff/imports/{imported}", True),
}
RECORDS = ROOT / "tests" / "ingest" / "importers" / "samples" / "irbis" / "catalogue.txt"
GUIDE_SIZE = (1000, 700)


@contextmanager
def running() -> Iterator[str]:
    """The demonstration, served from a folder that is gone afterwards: its address."""
    with tempfile.TemporaryDirectory() as folder, socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        base = f"http://127.0.0.1:{port}"
        environment = {
            **os.environ,
            "ARCHIVE_INSTANCE": str(Path(folder) / "instance"),
            "ARCHIVE_BASE_URL": base,
            "ARCHIVE_ADMIN_EMAIL": EMAIL,
            "ARCHIVE_ADMIN_PASSWORD": PASSWORD,
            "ARCHIVE_LOG_LEVEL": "error",
        }
        command = [sys.executable, "-m", "wsgi"]
        subprocess.run([*command, "init", "--demonstration"], env=environment, cwd=ROOT, check=True)
        server = subprocess.Popen(
            [*command, "serve", "--port", str(port)], env=environment, cwd=ROOT
        )
        try:
            _wait(port)
            yield base
        finally:
            server.terminate()
            server.wait()


def _wait(port: int) -> None:
    """Until the server answers and the worker has indexed and drawn what there is."""
    for _ in range(120):
        time.sleep(1)
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            break
        except OSError:
            continue
    time.sleep(20)


def enter(browser: Browser, base: str) -> dict[str, Any]:
    """Signs in and sends a work to the library; the cookies, and the numbers of works."""
    context = browser.new_context(base_url=base, locale="en")
    page = context.new_page()
    page.goto("/account/sign-in?lang=en")
    page.fill("input[name=email]", EMAIL)
    page.fill("input[name=password]", PASSWORD)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    numbers = {"article": _found(page, "жайлоо"), "thesis": _found(page, "калибрлөө")}
    numbers["draft"] = _copied(page, numbers["article"])
    numbers["sent"] = _sent(page, numbers["article"])
    numbers["imported"] = _imported(page)
    state = context.storage_state()
    context.close()
    return {"state": state, "numbers": numbers}


def _found(page: Page, words: str) -> str:
    page.goto(f"/search?q={words}")
    address = page.locator("ol.results h2 a").first.get_attribute("href") or ""
    return address.rpartition("/")[2]


def _copied(page: Page, number: str) -> str:
    page.goto(f"/works/{number}?lang=en")
    with page.expect_navigation():
        page.get_by_role("button", name="Use it as a template").click()
    return next(part for part in page.url.split("/") if part.isdigit())


def _sent(page: Page, number: str) -> str:
    """A copy that has gone to the library."""
    draft = _copied(page, number)
    page.goto(f"/deposit/{draft}/about?lang=en")
    page.locator("[name='titles.0.text']").fill("Боз үйдүн түзүлүшү жана аталыштары")
    page.locator("[name='issued']").first.fill("2025")
    page.get_by_role("button", name="Save and continue").first.click()
    page.goto(f"/deposit/{draft}/check?lang=en")
    page.locator("input[name=agreement]").check()
    with page.expect_navigation():
        page.get_by_role("button", name="Send to the library").click()
    page.goto(f"/review/{draft}?lang=en")
    with page.expect_navigation():
        page.get_by_role("button", name="Take it for review").click()
    return draft


def _imported(page: Page) -> str:
    """Records of IRBIS that have been brought, and tried."""
    page.goto("/staff/imports?lang=en")
    page.set_input_files("input[type=file]", RECORDS)
    with page.expect_navigation():
        page.get_by_role("button", name="Bring and look").click()
    number = page.url.rpartition("/")[2]
    with page.expect_navigation():
        page.get_by_role("button", name="Try it").click()
    page.get_by_text("This was a trial").wait_for()
    return number


def take(page: Page, path: str, into: Path, *, language: str, whole: bool) -> None:
    """Takes one picture of a page, the whole of it or what the window shows."""
    page.goto(f"{path}{'&' if '?' in path else '?'}lang={language}")
    page.wait_for_load_state("networkidle")
    png = page.screenshot(full_page=whole)
    picture = Image.open(BytesIO(png)).convert("RGB")
    if whole:
        high = min(picture.height, picture.width + 700)
        picture = picture.crop((0, 0, picture.width, high))
        picture.thumbnail((WIDEST, high))
    into.parent.mkdir(parents=True, exist_ok=True)
    picture.save(into, quality=QUALITY, method=6)
    print(into.relative_to(ROOT), f"{into.stat().st_size:,} bytes")


def gallery(browser: Browser, base: str, entered: Mapping[str, Any]) -> None:
    """The pages of the gallery, for strangers and for the staff, in all ways."""
    shutil.rmtree(GALLERY, ignore_errors=True)
    for way in WAYS:
        for scenes, state in ((SCENES, None), (STAFF, entered["state"])):
            page = _window(browser, base, way.size, way.colours, state)
            for name, path in scenes.items():
                address = path.format(**entered["numbers"])
                take(
                    page,
                    address,
                    GALLERY / f"{name}-{way.name}.webp",
                    language=way.language,
                    whole=True,
                )
            page.context.close()
    _list()


def _list() -> None:
    lines = ["# Gallery", "", "Made by `make pictures` from the running demonstration.", ""]
    for name in (*SCENES, *STAFF):
        lines += [f"## {name}", ""]
        lines += [f"![{name}, {way.name}]({name}-{way.name}.webp)" for way in WAYS]
        lines += [""]
    (GALLERY / "README.md").write_text("\n".join(lines), encoding="utf-8")


def guides(browser: Browser, base: str, entered: Mapping[str, Any]) -> None:
    """The pictures of the guides in each language."""
    shutil.rmtree(GUIDES, ignore_errors=True)
    for language in LANGUAGES:
        for name, (path, staff) in SHOWN.items():
            state = entered["state"] if staff else None
            page = _window(browser, base, GUIDE_SIZE, "light", state)
            address = path.format(**entered["numbers"])
            take(page, address, GUIDES / language / f"{name}.webp", language=language, whole=False)
            page.context.close()


def _window(
    browser: Browser,
    base: str,
    size: tuple[int, int],
    colours: str,
    state: Any,
) -> Page:
    context = browser.new_context(
        base_url=base,
        viewport={"width": size[0], "height": size[1]},
        color_scheme="dark" if colours == "dark" else "light",
        reduced_motion="reduce",
        storage_state=state,
    )
    return context.new_page()


def main() -> None:
    """Takes all pictures anew."""
    with running() as base, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        entered = enter(browser, base)
        gallery(browser, base, entered)
        guides(browser, base, entered)
        browser.close()


if __name__ == "__main__":
    main()
