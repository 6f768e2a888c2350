"""Pages that staff write for the site, in the languages of the interface."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from repository import audit
from repository.clock import now
from repository.errors import Conflict, Invalid, NotFound
from repository.models.site import Acceptance, Page, Place
from repository.viewers import Viewer
from schemas import vocabulary
from schemas.messages import REQUIRED, TOO_LONG, Message
from schemas.text import clean, line

LONGEST_TITLE, LONGEST_TEXT, LONGEST_SLUG = 200, 50_000, 60
MOST = 200
LAST = 999  # position
ABOUT, HELP, RULES = "about", "help", "reading-room-rules"
KIND = "page"  # in the audit log
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def _(sentence: str) -> str:
    """Marks a sentence for translation."""
    return sentence


# Pages that are there without the staff; theirs stand in place of these.
READY = {
    ABOUT: _("About the archive"),
    HELP: _("Help"),
    RULES: _("Rules of the reading room"),
}
Errors = dict[str, list[str]]
STALE = _("%(name)s changed this in the meantime. What you typed is below; compare it and send it.")


class Shown(NamedTuple):
    """A page in one language: the one that was asked for, or another that it was written in."""

    title: str
    text: str
    language: str


def everything(session: Session) -> Sequence[Page]:
    """All pages, as they follow one another."""
    return session.scalars(select(Page).order_by(Page.position, Page.slug)).all()


def find(session: Session, slug: str) -> Page | None:
    """The page of that slug, if staff have written it."""
    return session.scalar(select(Page).where(Page.slug == slug))


def get(session: Session, page_id: int) -> Page:
    """The page of that id; raises NotFound."""
    found = session.get(Page, page_id)
    if found is None:
        raise NotFound(_("There is no such page, or no more."))
    return found


def shown(page: Page, language: str) -> Shown:
    """The page in a language, else in the first of the interface's that it was written in."""
    written = [one for one in (language, *vocabulary.INTERFACE) if page.texts.get(one)]
    return Shown(page.titles[written[0]], page.texts[written[0]], written[0])


def checked(given: Mapping[str, Any]) -> dict[str, Any]:
    """What was typed, made clean; raises Invalid with messages by field."""
    errors: Errors = {}
    titles, texts = {}, {}
    for language in vocabulary.INTERFACE:
        title = line(given.get("titles", {}).get(language, ""))
        text = clean(given.get("texts", {}).get(language, "")).strip("\n").rstrip()
        _pair(language, title, text, errors)
        if title or text:
            titles[language], texts[language] = title, text
    if not titles:
        errors["titles.ky"] = [Message(_("Write the page in one language at least."))]
    slug = line(given.get("slug", ""))
    if not _SLUG.fullmatch(slug) or len(slug) > LONGEST_SLUG:
        sentence = _("Use small Latin letters, digits and hyphens, as in opening-hours.")
        errors["slug"] = [Message(sentence)]
    if given.get("place") not in list(Place):
        errors["place"] = [Message(REQUIRED)]
    position = str(given.get("position", "0")).strip() or "0"
    if not (position.isdecimal() and int(position) <= LAST):
        sentence = _("Write a whole number from 0 to 999.")
        errors["position"] = [Message(sentence)]
    if errors:
        raise Invalid(_("Some answers are still missing or not right."), errors)
    return {
        "slug": slug,
        "titles": titles,
        "texts": texts,
        "place": str(given["place"]),
        "position": int(position),
    }


def _pair(language: str, title: str, text: str, errors: Errors) -> None:
    """A title and a text go together, and neither is endless."""
    for name, said, other, limit in (
        ("titles", title, text, LONGEST_TITLE),
        ("texts", text, title, LONGEST_TEXT),
    ):
        if not said and other:
            errors[f"{name}.{language}"] = [Message(REQUIRED)]
        if len(said) > limit:
            errors[f"{name}.{language}"] = [Message(TOO_LONG, length=len(said), limit=limit)]


def add(session: Session, said: Mapping[str, Any], *, actor: Viewer, anew: bool = False) -> Page:
    """A new page of what `checked` has made clean."""
    _free(session, said["slug"])
    if (session.scalar(select(func.count(Page.id))) or 0) >= MOST:
        raise Invalid(_("There are %(limit)s pages already, and no more fit."), limit=MOST)
    made = Page(**said, author=actor.name, edition=_next_edition(session) if anew else 1)
    session.add(made)
    session.flush()
    _note(session, "page.created", made, actor, said["titles"])
    return made


def change(
    session: Session,
    page: Page,
    said: Mapping[str, Any],
    *,
    actor: Viewer,
    revision: int,
    anew: bool = False,
) -> bool:
    """Changes a page; whether anything differs. Raises Conflict where somebody was quicker.

    `anew`: those who have accepted the rules that stand here have to do so once more.
    """
    if page.revision != revision:
        raise Conflict(STALE, name=page.author)
    if said["slug"] != page.slug:
        _free(session, said["slug"])
    before = {name: getattr(page, name) for name in said}
    languages = [one for one in vocabulary.INTERFACE if _differs(before, said, one)]
    others = [one for one in ("slug", "place", "position") if before[one] != said[one]]
    if not languages and not others and not anew:
        return False
    for name, value in said.items():
        setattr(page, name, value)
    page.edition = _next_edition(session, page.edition) if anew else page.edition
    page.author, page.changed = actor.name, now()
    session.flush()
    _note(session, "page.changed", page, actor, languages, others)
    return True


def _differs(before: Mapping[str, Any], after: Mapping[str, Any], language: str) -> bool:
    return any(before[one].get(language) != after[one].get(language) for one in ("titles", "texts"))


def _next_edition(session: Session, known: int = 1) -> int:
    """One that nobody has accepted."""
    return 1 + max(known, session.scalar(select(func.max(Acceptance.edition))) or 0)


def _free(session: Session, slug: str) -> None:
    if find(session, slug) is not None:
        sentence = _("There is a page of this address already.")
        raise Invalid(sentence, {"slug": [Message(sentence)]})


def remove(session: Session, page: Page, *, actor: Viewer, revision: int) -> None:
    """Deletes a page; the log keeps what it said. Raises Conflict where somebody was quicker."""
    if page.revision != revision:
        raise Conflict(STALE, name=page.author)
    _note(session, "page.deleted", page, actor, page.texts)
    session.delete(page)
    session.flush()


def _note(
    session: Session,
    kind: str,
    page: Page,
    actor: Viewer,
    languages: Sequence[str] | Mapping[str, str],
    others: Sequence[str] = (),
) -> None:
    """What was changed, and what stands there now, so that an earlier wording is never lost."""
    details = {
        "address": page.slug,
        "changed": [*languages, *others],
        "revision": page.revision,
        "titles": {one: page.titles.get(one, "") for one in languages},
        "texts": {one: page.texts.get(one, "") for one in languages},
    }
    audit.write(session, kind, actor=actor, about=(KIND, page.id), details=details)
