"""Changing how the archive presents itself: what administrators may say, and what is refused."""

import io
import re
from collections.abc import Mapping
from dataclasses import asdict
from hashlib import sha256
from typing import Any

from PIL import Image
from sqlalchemy.orm import Session

from repository import appearance, audit, contrast
from repository.appearance import Look
from repository.clock import now
from repository.errors import Conflict, Invalid
from repository.models.site import Appearance
from repository.viewers import Viewer
from schemas import vocabulary
from schemas.messages import TOO_LONG, Message
from schemas.text import line, paragraphs

FORMATS = ("PNG", "WEBP", "JPEG")
LARGEST = 200 * 1024  # bytes of a logo, as it comes and as it is kept
BROADEST, HIGHEST = 640, 160  # points of a logo as it is kept: twice what pages show
MOST_POINTS = 4000  # of a side of a logo as it comes
LINKS = 8
# What may be said in each language: how long, and whether in paragraphs.
SPOKEN = {
    "names": (120, False),
    "short": (40, False),
    "about": (400, False),
    "address": (300, True),
    "hours": (300, True),
    "footer": (600, True),
}
_COLOUR = re.compile(r"#[0-9a-f]{6}")
_EMAIL = re.compile(r"[^@\s<>\"]+@[^@\s<>\"]+\.[^@\s<>\"]+")
_PHONE = re.compile(r"[+0-9][0-9 ()/,;+-]{4,79}")
_LINK = re.compile(r"https?://[^\s/]+\S*|/(?![/\\])\S*|mailto:\S+@\S+")


def _(sentence: str) -> str:
    """Marks a sentence for translation."""
    return sentence


Errors = dict[str, list[str]]
STALE = _("%(name)s changed this in the meantime. What you typed is below; compare it and send it.")


def checked(given: Mapping[str, Any]) -> dict[str, Any]:
    """What was said, made clean; raises Invalid with messages by field."""
    errors: Errors = {}
    clean: dict[str, Any] = {one: _spoken(given, one, errors) for one in SPOKEN}
    clean |= {one: _colour(given, one, errors) for one in ("light", "dark")}
    clean["phone"] = _fits(given, "phone", _PHONE, _("This is no telephone number."), errors)
    clean["email"] = _fits(given, "email", _EMAIL, _("This is no e-mail address."), errors)
    clean["links"] = _links(given.get("links", ()), errors)
    if errors:
        raise Invalid(_("Some answers are still missing or not right."), errors)
    return clean


def _spoken(given: Mapping[str, Any], name: str, errors: Errors) -> dict[str, str]:
    longest, long = SPOKEN[name]
    clean = paragraphs if long else line
    texts = {one: clean(given.get(name, {}).get(one, "")) for one in vocabulary.INTERFACE}
    for language, text in texts.items():
        if len(text) > longest:
            errors[f"{name}.{language}"] = [Message(TOO_LONG, length=len(text), limit=longest)]
    return {language: text for language, text in texts.items() if text}


def _fits(
    given: Mapping[str, Any], name: str, pattern: re.Pattern[str], sentence: str, errors: Errors
) -> str:
    text = line(given.get(name, ""))[:200]
    if text and not pattern.fullmatch(text):
        errors[name] = [Message(sentence)]
    return text


def _colour(given: Mapping[str, Any], name: str, errors: Errors) -> str:
    """An accent colour; it must be read on every ground, and what stands on it as well."""
    text = line(given.get(name, "")).lower()
    if not text:
        return ""
    if not _COLOUR.fullmatch(text):
        errors[name] = [Message(_("Write the colour as # and six digits, as #0b5a68."))]
        return text
    faint = contrast.faint(text, name)
    if faint:
        sentence = _(
            "Too faint: %(one)s on %(other)s reaches %(ratio)s : 1, and 4.5 : 1 is needed."
        )
        errors[name] = [
            Message(sentence, one=one.ink, other=one.ground, ratio=f"{one.ratio:.2f}")
            for one in faint
        ]
    return text


def _links(given: Any, errors: Errors) -> list[dict[str, Any]]:
    found = []
    for number, one in enumerate(list(given)[:LINKS]):
        titles = {code: line(one["titles"].get(code, ""))[:80] for code in vocabulary.INTERFACE}
        titles = {code: text for code, text in titles.items() if text}
        url = line(one.get("url", ""))[:500]
        if not titles and not url:
            continue
        if not titles:
            errors[f"links.{number}.ky"] = [Message(_("Please say where the link leads."))]
        if not _LINK.fullmatch(url):
            sentence = _("A link begins with https://, http://, mailto: or /.")
            errors[f"links.{number}.url"] = [Message(sentence)]
        found.append({"titles": titles, "url": url})
    return found


def keep(
    session: Session,
    said: Mapping[str, Any],
    *,
    actor: Viewer,
    revision: int,
    logo: bytes | None = None,
    without_logo: bool = False,
) -> None:
    """Keeps what `checked` has made clean, and a logo if one came.

    Raises Conflict where somebody else was quicker, Invalid for a picture that is none.
    """
    kept = appearance.row(session)
    if (kept.revision if kept else 0) != revision:
        raise Conflict(STALE, name=kept.author if kept else "")
    before = asdict(appearance.of(kept))
    if kept is None:
        kept = Appearance(id=appearance.ROW, said={}, author=actor.name)
        session.add(kept)
    size = None if without_logo else kept.said.get("logo")
    if without_logo:
        kept.logo, kept.logo_hash = None, ""
    if logo:
        kept.logo, size = picture(logo)
        kept.logo_hash = sha256(kept.logo).hexdigest()[:20]
    kept.said = {**said, "logo": size}
    kept.author, kept.changed = actor.name, now()
    session.flush()
    _note(session, before, appearance.of(kept), actor)


def _note(session: Session, before: Mapping[str, Any], after: Look, actor: Viewer) -> None:
    changed = [name for name, value in asdict(after).items() if value != before[name]]
    if changed:
        audit.write(session, "appearance.changed", actor=actor, details={"changed": changed})


def picture(data: bytes) -> tuple[bytes, list[int]]:
    """A logo as it is kept, and its size: drawn anew, so that nothing else is in the file."""
    if len(data) > LARGEST:
        sentence = _("This picture is too large; at most 200 KB are taken.")
        raise Invalid(sentence, {"logo": [Message(sentence)]})
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as found:
            if max(found.size) > MOST_POINTS:
                raise ValueError("too many points")
            drawn = found.convert("RGBA")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        sentence = _("This is no picture that can be shown: send a PNG, WebP or JPEG.")
        raise Invalid(sentence, {"logo": [Message(sentence)]}) from error
    drawn.thumbnail((BROADEST, HIGHEST), Image.Resampling.LANCZOS)
    made = io.BytesIO()
    drawn.save(made, "WEBP", lossless=True, method=6)
    if made.tell() > LARGEST:
        made = io.BytesIO()
        drawn.save(made, "WEBP", quality=90, method=6)
    return made.getvalue(), [*drawn.size]
