"""Markdown that staff write, as HTML that may stand on our pages.

HTML in the text is shown as text. Links lead to the web, to an e-mail address or to a place of this
site; pictures come from this site alone, as the Content-Security-Policy wants it.
"""

from collections.abc import MutableMapping, Sequence
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markupsafe import Markup

SCHEMES = ("http", "https", "mailto")
LOWEST = 6  # the deepest heading that HTML has


def html(text: str) -> Markup:
    """The text as HTML. Its headings begin below that of the page, `#` as h2."""
    return Markup(_reader().render(text))  # noqa: S704 - raw HTML is off, links are checked


def refused(text: str) -> list[str]:
    """The addresses in links and pictures of the text that are not allowed, in its order."""
    found = []
    for token in _all(_reader(_Lenient).parse(text)):
        link, image = token.attrs.get("href"), token.attrs.get("src")
        if link is not None and not allowed(str(link)):
            found.append(str(link))
        if image is not None and not _ours(str(image)):
            found.append(str(image))
    return list(dict.fromkeys(found))


def allowed(address: str) -> bool:
    """Whether a link may lead there: by http, https or mailto, or to a place of this site."""
    try:
        parts = urlsplit(address.strip())
    except ValueError:
        return False
    if parts.scheme:
        host = parts.netloc if parts.scheme != "mailto" else parts.path
        return parts.scheme in SCHEMES and bool(host)
    # `//elsewhere` would leave this site, and so would `/\elsewhere` in a browser.
    return not parts.netloc and "\\" not in address and ":" not in parts.path.split("/")[0]


def _ours(address: str) -> bool:
    return allowed(address) and not urlsplit(address).scheme


class _Renderer(RendererHTML):
    def heading_open(
        self, tokens: Sequence[Token], at: int, options: Any, env: MutableMapping[str, Any]
    ) -> str:
        """A heading, one below the page's own."""
        tokens[at].tag = _lower(tokens[at].tag)
        return self.renderToken(tokens, at, options, env)

    heading_close = heading_open

    def image(
        self, tokens: Sequence[Token], at: int, options: Any, env: MutableMapping[str, Any]
    ) -> str:
        """A picture of this site; of another, only its words."""
        if _ours(str(tokens[at].attrs.get("src", ""))):
            return super().image(tokens, at, options, env)
        return str(Markup.escape(tokens[at].content))


def _lower(tag: str) -> str:
    return f"h{min(int(tag[1:]) + 1, LOWEST)}"


class _Strict(MarkdownIt):
    def validateLink(self, url: str) -> bool:
        """Whether it becomes a link; else it is shown as it was typed."""
        return allowed(url)


class _Lenient(MarkdownIt):
    def validateLink(self, url: str) -> bool:
        """Takes any link, so that those can be named that are not allowed."""
        return True


@cache
def _reader(kind: type[MarkdownIt] = _Strict) -> MarkdownIt:
    return kind("commonmark", {"html": False}, renderer_cls=_Renderer).enable("table")


def _all(tokens: Sequence[Token]) -> list[Token]:
    return [inner for one in tokens for inner in (one, *(one.children or ()))]
