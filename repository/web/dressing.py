"""The colours and the logo that administrators chose, as files of the site.

Their addresses name what is in them, so that browsers keep them for good.
"""

from functools import lru_cache
from hashlib import sha256

from flask import Blueprint, Response, request, url_for

from repository import appearance
from repository.appearance import Look
from repository.errors import NotFound
from repository.web.current import archive, reading
from repository.web.guard import public

dressing = Blueprint("dressing", __name__)

FOR_GOOD = "public, max-age=31536000, immutable"
# What pages need that have a logo or contacts; others are spared it.
RULES = """\
.top .name:has(.logo) { display: flex; align-items: center; gap: 12px; }
.logo { flex: none; width: auto; height: 40px; max-width: 120px; object-fit: contain; }
.contacts { display: flex; flex-wrap: wrap; gap: 4px 48px; margin-bottom: 12px; }
.contacts { font-style: normal; }
.contacts p, .foot .own { white-space: pre-line; }
@media (max-width: 40rem) {
  .top .name:has(.logo) { gap: 8px; }
  .logo { height: 32px; max-width: 80px; }
  .bar:has(.bell) .logo { display: none; }
}
@media (min-width: 64rem) { .logo { max-width: 200px; } }
"""
LIGHT = ":root {{ --accent: {0}; }}\n"
DARK = """\
@media (prefers-color-scheme: dark) {{ :root:not([data-theme="light"]) {{ --accent: {0}; }} }}
:root[data-theme="dark"] {{ --accent: {0}; }}
"""


@lru_cache(maxsize=8)
def sheet(light: str, dark: str) -> tuple[str, str]:
    """The style of these accents, and what names it."""
    text = LIGHT.format(light) if light else ""
    text += DARK.format(dark) if dark else ""
    text += RULES
    return text, sha256(text.encode()).hexdigest()[:12]


def address(look: Look) -> str:
    """Where the style is; empty where none is needed."""
    contacts = (look.address, look.hours, look.phone, look.email, look.footer)
    if not any((look.light, look.dark, look.logo, *contacts)):
        return ""
    return f"{url_for('dressing.style')}?{sheet(look.light, look.dark)[1]}"


@dressing.get("/appearance.css")
@public
def style() -> Response:
    """The style; under an earlier address too, as it is now."""
    look = appearance.look(archive().settings)
    text, mark = sheet(look.light, look.dark)
    answer = Response(text, mimetype="text/css")
    asked = request.query_string.decode("latin-1")
    answer.headers["Cache-Control"] = FOR_GOOD if asked == mark else "no-cache"
    return answer


@dressing.get("/logo/<mark>")
@public
def logo(mark: str) -> Response:
    """The logo."""
    kept = appearance.row(reading())
    if kept is None or not kept.logo or kept.logo_hash != mark:
        raise NotFound("There is no such page, or no more.")
    answer = Response(kept.logo, mimetype="image/webp")
    answer.headers["Cache-Control"] = FOR_GOOD
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer
