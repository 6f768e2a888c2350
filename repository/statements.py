"""The policies of the archive: what it collects, and on which terms it gives it away.

Registries (OpenDOAR, ROAR) and harvesters ask for them; readers find them at /policies. The words
here hold for any archive that runs this program as it comes; the staff may write their own.
"""

from collections.abc import Mapping
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from repository import audit, mail
from repository.clock import now
from repository.models.statements import Statement
from repository.viewers import Viewer
from schemas import vocabulary
from schemas.text import paragraphs

LONGEST = 10_000  # characters


def _(sentence: str) -> str:
    """Marks a sentence for translation."""
    return sentence


class Policy(NamedTuple):
    """A policy: its name, and the words that stand until the staff have written others."""

    title: str
    ready: str


POLICIES = {
    "content": Policy(
        _("What is collected"),
        _(
            "Scholarly and educational works by members of the university, in any language: "
            "articles, books, theses and their abstracts, textbooks, reports, data, images and "
            "recordings. Some works are described without a file."
        ),
    ),
    "metadata": Policy(
        _("Use of the descriptions"),
        _(
            "Descriptions of works may be read, harvested, copied and used by anybody for any "
            "purpose, without asking. Please link to the page of the work."
        ),
    ),
    "data": Policy(
        _("Use of the files"),
        _(
            "Open files may be read and downloaded by anybody, without signing in. What else is "
            "allowed is said by the licence of each work; where none is stated, the law on "
            "copyright holds. Software may read open files to index them."
        ),
    ),
    "submission": Policy(
        _("Deposit"),
        _(
            "Members of the university deposit their own works, or the library does it for them. "
            "The library looks over each work before it is published: that the description is "
            "right, the file opens and the rights are clear. Depositors answer for the content."
        ),
    ),
    "preservation": Policy(
        _("Preservation"),
        _(
            "Works are kept for good. Files are never changed: corrections are added as new "
            "versions, and all versions are kept. Checksums of all files are checked again and "
            "again, and files are checked for viruses."
        ),
    ),
    "withdrawal": Policy(
        _("Withdrawal"),
        _(
            "Works are not deleted. If a work has to be withdrawn, by right or by law, its address "
            "stays and says so, and harvesters are told that it was withdrawn. Write to the "
            "library if a work should not be here."
        ),
    ),
}


def all_in(session: Session, language: str) -> dict[str, str]:
    """The text of every policy in one language, by kind."""
    query = select(Statement).where(Statement.language == language)
    written = {one.kind: one.text for one in session.scalars(query)}
    say = mail.translations(language).gettext
    return {kind: written.get(kind) or say(policy.ready) for kind, policy in POLICIES.items()}


def written(session: Session) -> dict[tuple[str, str], Statement]:
    """What the staff have written, by kind and language."""
    return {(one.kind, one.language): one for one in session.scalars(select(Statement))}


def keep(session: Session, texts: Mapping[tuple[str, str], str], *, actor: Viewer) -> int:
    """Keeps texts by kind and language; how many differ from before.

    An empty text brings the ready one back.
    """
    known, changed = written(session), []
    for kind in POLICIES:
        for language in vocabulary.INTERFACE:
            text = paragraphs(texts.get((kind, language), ""))[:LONGEST]
            before = known.get((kind, language))
            if text == (before.text if before else ""):
                continue
            changed.append(f"{kind} {language}")
            if before is not None:
                session.delete(before)
                session.flush()
            if text:
                row = Statement(kind=kind, language=language, text=text, author=actor.name)
                row.moment = now()
                session.add(row)
    session.flush()
    if changed:
        audit.write(session, "policies.changed", actor=actor, details={"changed": changed})
    return len(changed)
