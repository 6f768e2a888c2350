"""/help/<guide>: how to use the archive, for each of those who do, in the reader's language.

The guides are Markdown, a file a language, in `repository/guides`. What stands in bold there are
the words of the pages, so that readers find the button that is meant.
"""

import re
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

from repository.web import words
from repository.web.guard import public

guides = Blueprint("guides", __name__, url_prefix="/help")

FOLDER = Path(__file__).parents[1] / "guides"
GUIDES = ("readers", "depositors", "cataloguers", "acquisitions", "director", "irbis")
STATIC = "../../static/"  # how a guide's file names a picture beside it
PICTURE = (1000, 700)  # as `make pictures` takes them

_MARKDOWN = MarkdownIt("commonmark", {"html": False})
_BESIDE = re.compile(r"(\w+)\.md(#[\w-]+)?")  # a link to another guide, as it works in the files


class Heading(NamedTuple):
    """A heading of a guide: its level, its words and where it can be linked to."""

    level: int
    text: str
    anchor: str


class Guide(NamedTuple):
    """A guide as a page shows it."""

    name: str
    headings: tuple[Heading, ...]
    lead: Markup
    body: Markup

    @property
    def title(self) -> str:
        """What the guide is called."""
        return self.headings[0].text

    @property
    def parts(self) -> list[Heading]:
        """The headings for the list of contents."""
        return [one for one in self.headings if one.level == 2]


@guides.get(f"/<any({', '.join(GUIDES)}):guide>")
@public
def show(guide: str) -> ResponseReturnValue:
    """One guide, with the ways to the others."""
    return render_template(
        "guides/show.html",
        guide=read(guide, words.language(), request.root_path.rstrip("/")),
        guides=everything(words.language()),
    )


def everything(language: str) -> list[Guide]:
    """All guides, in the order of how many people need them."""
    return [read(name, language, "") for name in GUIDES]


@cache
def read(name: str, language: str, root: str) -> Guide:
    """A guide in a language, its links beginning with the address of the archive's root."""
    tokens = parsed(name, language)
    headings = _headings(tokens, _anchors(name))
    for token in tokens:
        for child in token.children or ():
            if child.type == "link_open":
                child.attrSet("href", _target(str(child.attrGet("href")), root))
            elif child.type == "image":
                _place(child, root)
    # Three tokens are the title, which the page sets; the next three a first paragraph.
    return Guide(name, headings, _html(tokens[4:5]), _html(tokens[6:]))


def _html(tokens: list[Token]) -> Markup:
    said = _MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {})
    return Markup(said)  # noqa: S704 - our own words, and HTML is off


def parsed(name: str, language: str) -> list[Token]:
    """What a guide consists of."""
    return _MARKDOWN.parse((FOLDER / language / f"{name}.md").read_text("utf-8"))


def _anchors(name: str) -> list[str]:
    """Where the headings are linked to: by the English words, whatever the language."""
    texts = [_text(one) for _level, one in _headed(parsed(name, "en"))]
    return [re.sub(r"[^a-z0-9]+", "-", text.casefold()).strip("-") for text in texts]


def _headings(tokens: list[Token], anchors: list[str]) -> tuple[Heading, ...]:
    """The headings of a guide; each gets its id on the way."""
    found = []
    for (opening, inline), anchor in zip(_headed(tokens), anchors, strict=True):
        opening.attrSet("id", anchor)
        found.append(Heading(int(opening.tag[1]), _text(inline), anchor))
    return tuple(found)


def _headed(tokens: list[Token]) -> list[tuple[Token, Token]]:
    return [(one, text) for one, text in pairwise(tokens) if one.type == "heading_open"]


def _text(inline: Token) -> str:
    return "".join(child.content for child in inline.children or ())


def _place(picture: Token, root: str) -> None:
    """Names a picture by its address; its size is given so that nothing moves when it comes."""
    width, height = PICTURE
    source = str(picture.attrGet("src")).removeprefix(STATIC)
    picture.attrs |= {"src": f"{root}/static/{source}", "loading": "lazy"}
    picture.attrs |= {"width": width, "height": height}


def _target(href: str, root: str) -> str:
    beside = _BESIDE.fullmatch(href)
    if beside:
        return f"{root}/help/{beside[1]}{beside[2] or ''}"
    return root + href if href.startswith("/") else href
