"""Every page that there is, looked at by axe in Chromium: WCAG 2.2 AA, no violation."""

import re
from collections.abc import Iterator
from urllib.parse import quote

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from hands import IN_CHROMIUM

pytestmark = IN_CHROMIUM

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
# Languages, widths and colours: each page is seen in one way, and all ways are seen.
WAYS = (("ky", 390, "light"), ("ru", 1440, "dark"), ("en", 390, "dark"), ("ky", 1440, "light"))
GIVEN = {  # what stands for the arguments of the URL map
    "number": "1",
    "axis": "author",
    "slug": "publications",
    "key": "base",
    "page": "1",
    "file": "1",
    "version": "1",
    "step": "about",
    "name": "Асанова, Айгүл Бакытовна",
    "style": "apa",
    "scheme": "udc",
    "guide": "readers",
    "width": "480",
}
MORE = (
    "/search?q=тоо",
    "/search?q=rbntg",
    "/search?q=нетничего",
    "/browse/year?value=2022",
    "/browse/subject?letter=К",
    "/nowhere",
    "/works/2",
    "/works/5",
)


def addresses(app: Flask, draft: int) -> list[str]:
    """The address of every page, filled in; those of drafts with a draft."""
    found = list(MORE)
    for rule in sorted(app.url_map.iter_rules(), key=str):
        if "GET" not in (rule.methods or ()) or rule.endpoint in ("static", "account.sign_out"):
            continue
        path = rule.rule
        for name in rule.arguments:
            value = GIVEN.get(name, "1")
            if name == "number" and path.startswith(("/deposit", "/review")):
                value = str(draft + (path.startswith("/review")))
            path = re.sub(rf"<(?:\w+(?:\([^)]*\))?:)?{name}>", value, path)
        found.append(path)
    return found


def pages(app: Flask, token: str, draft: int) -> list[str]:
    """Those of them that are pages, for somebody with that session."""
    client = app.test_client()
    if token:
        client.set_cookie("session-id", token)
    found = []
    for path in addresses(app, draft):
        with client.get(quote(path, safe="/?=&")) as answer:
            if answer.mimetype == "text/html" and answer.status_code in (200, 404, 410):
                found.append(path)
    return found


@pytest.mark.parametrize("who", ["a stranger", "the administrator"])
def test_no_page_keeps_anybody_out(house, chromium, served, who):
    app, token, draft = house
    token = token if who == "the administrator" else ""
    seen = pages(app, token, draft)
    found = []
    with served(app) as base:
        for at, (language, width, colours) in enumerate(WAYS):
            context = chromium.new_context(
                base_url=base,
                viewport={"width": width, "height": 900},
                color_scheme=colours,
                reduced_motion="reduce",
            )
            if token:
                context.add_cookies([{"name": "session-id", "value": token, "url": base}])
            page = context.new_page()
            page.goto(f"/?lang={language}")  # which is kept
            for path in seen[at :: len(WAYS)]:
                page.goto(path)
                found += _violations(page, path)
                wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
                if wide > 0:
                    found.append(f"{path}: {wide}px too wide at {width}px in {language}")
            context.close()
    assert len(seen) > (30 if not token else 90)
    assert found == []


def _violations(page, path: str) -> Iterator[str]:
    for one in Axe().run(page, options=RULES).response["violations"]:
        for node in one["nodes"][:3]:
            why = node.get("failureSummary", "")[:200]
            yield f"{path}: {one['id']}: {node['html'][:160]} {why}"
