"""The checklist of the review: what the archive looks at by itself, and what reviewers tick.

Staff make its lines, for all works or for those of a kind or a collection (and all below it). A
work is accepted only when every line that concerns it is done.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from repository import audit, collections
from repository.errors import Invalid
from repository.models.checklists import Check, Tick
from repository.models.collections import Collection
from repository.models.works import Work
from repository.viewers import Viewer
from schemas import vocabulary
from schemas.messages import Message
from schemas.text import line

Document = Mapping[str, Any]
MOST = 200


def _(sentence: str) -> str:
    """Marks a sentence for translation."""
    return sentence


def _has(element: str) -> Callable[[Document], bool]:
    return lambda document: bool(document.get(element))


def _languages(element: str, count: int) -> Callable[[Document], bool]:
    def look(document: Document) -> bool:
        return len({one.get("language") for one in document.get(element, ())}) >= count

    return look


def _scheme(element: str, scheme: str) -> Callable[[Document], bool]:
    return lambda document: any(one["scheme"] == scheme for one in document.get(element, ()))


def _role(code: str) -> Callable[[Document], bool]:
    return lambda document: any(one.get("role") == code for one in document.get("contributors", ()))


def _part(element: str, name: str) -> Callable[[Document], bool]:
    return lambda document: bool((document.get(element) or {}).get(name))


# What can be wanted of a description: what the line says, and how it is seen.
ELEMENTS: Mapping[str, tuple[str, Callable[[Document], bool]]] = {
    "abstract": (_("There is an abstract"), _has("abstracts")),
    "abstracts": (_("There are abstracts in two languages"), _languages("abstracts", 2)),
    "keywords": (_("There are keywords"), _has("keywords")),
    "udc": (_("The UDC class is given"), _scheme("classification", "udc")),
    "bbk": (_("The BBK class is given"), _scheme("classification", "bbk")),
    "supervisor": (_("The supervisor is named"), _role("ths")),
    "specialty": (_("The specialty is given"), _part("thesis", "specialty")),
    "defended": (_("The day of the defence is given"), _part("thesis", "defended")),
    "host": (_("What it came out in is named"), _part("host", "title")),
    "pages": (_("Its pages are given"), _part("host", "pages")),
    "publisher": (_("The publisher is named"), _has("publishers")),
    "doi": (_("The DOI is given"), _scheme("identifiers", "doi")),
    "isbn": (_("The ISBN is given"), _scheme("identifiers", "isbn")),
}
# What is seen of the work itself, not of its description.
FILE = "file"
FILE_SAYS = _("There is a file")


class Line(NamedTuple):
    """A line as it stands for one work. `says` is a sentence to be translated for an element, the
    texts by language for a question; `by` and `moment` tell who ticked it."""

    check: Check
    says: str | Mapping[str, str]
    done: bool
    tick: Tick | None

    @property
    def manual(self) -> bool:
        """Whether a reviewer ticks it."""
        return not self.check.element


def everything(session: Session) -> Sequence[Check]:
    """All lines, in the order in which they were made."""
    return session.scalars(select(Check).order_by(Check.id)).all()


def says(check: Check) -> str | Mapping[str, str]:
    """What a line says."""
    if check.element == FILE:
        return FILE_SAYS
    return ELEMENTS[check.element][0] if check.element in ELEMENTS else check.question


def of(session: Session, work: Work) -> list[Line]:
    """The lines that concern a work, and how they stand."""
    inside = {each.id for one in work.collections for each in collections.lineage(one)}
    ticks = {
        one.check_id: one for one in session.scalars(select(Tick).where(Tick.work_id == work.id))
    }
    return [
        Line(one, says(one), _done(one, work, ticks), ticks.get(one.id))
        for one in everything(session)
        if one.type in ("", work.type)
        and (one.collection_id is None or one.collection_id in inside)
    ]


def _done(check: Check, work: Work, ticks: Mapping[int, Tick]) -> bool:
    if check.element == FILE:
        return bool(work.current_files)
    if check.element in ELEMENTS:
        return ELEMENTS[check.element][1](work.document)
    return check.id in ticks


def tick(session: Session, work: Work, chosen: Iterable[int], *, actor: Viewer) -> None:
    """Keeps which questions are ticked: exactly the chosen ones."""
    wanted = set(chosen)
    for one in of(session, work):
        if not one.manual or (one.check.id in wanted) == (one.tick is not None):
            continue
        if one.tick is not None:
            session.delete(one.tick)
            continue
        session.add(
            Tick(work_id=work.id, check_id=one.check.id, account_id=actor.id, actor=actor.name)
        )
    session.flush()


def insist(session: Session, work: Work) -> None:
    """Raises Invalid while a line is not done."""
    lacking = sum(not one.done for one in of(session, work))
    if lacking:
        raise Invalid(
            "The checklist is not done yet: %(count)s to go.", {"checklist": []}, count=lacking
        )


def add(
    session: Session,
    *,
    element: str,
    question: Mapping[str, str],
    type: str,
    collection_id: int | None,
    actor: Viewer,
) -> Check:
    """A new line. Raises Invalid, with messages by field."""
    texts = {
        language: line(text)[:300]
        for language, text in question.items()
        if language in vocabulary.INTERFACE and line(text)
    }
    wrong: dict[str, list[Message]] = {}
    if element and element != FILE and element not in ELEMENTS:
        wrong["element"] = [Message(_("Choose one of these."))]
    if not element and not texts:
        wrong["question"] = [Message(_("Choose what is looked at, or write a question."))]
    if type and type not in vocabulary.TYPES:
        wrong["type"] = [Message(_("Choose one of these."))]
    if collection_id is not None and session.get(Collection, collection_id) is None:
        wrong["collection"] = [Message(_("There is no such collection."))]
    if len(everything(session)) >= MOST:
        wrong["element"] = [Message(_("There are enough lines. Take one away first."))]
    if wrong:
        raise Invalid("Some answers are still missing or not right.", wrong)
    made = Check(
        type=type,
        collection_id=collection_id,
        element=element,
        question={} if element else texts,
    )
    session.add(made)
    session.flush()
    _log(session, made, "added", actor)
    return made


def remove(session: Session, number: int, *, actor: Viewer) -> None:
    """Takes a line away, and what was ticked of it."""
    check = session.get(Check, number)
    if check is None:
        return
    _log(session, check, "removed", actor)
    session.execute(delete(Tick).where(Tick.check_id == number))
    session.delete(check)
    session.flush()


def _log(session: Session, check: Check, kind: str, actor: Viewer) -> None:
    details = {"element": check.element, "question": check.question, "type": check.type}
    audit.write(
        session, f"checklist.{kind}", actor=actor, about=("check", check.id), details=details
    )
