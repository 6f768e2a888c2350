"""What is typed about accessions and their titles, as the columns of the books."""

import re
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from repository import access
from repository.access import Action
from repository.models.works import Work
from repository.viewers import SYSTEM, Viewer
from schemas import vocabulary
from schemas import work as profile
from schemas.accessions import CARRIERS, CURRENCIES, SUBJECTS, SUPPLIER_KINDS, WAYS
from schemas.answers import Answers
from schemas.messages import Message

MOST_COPIES = 10_000
MOST_WORKS = 200
_RUN = re.compile(r"(?<![\d-])([1-9]\d{0,8})(?: ?- ?([1-9]\d{0,8}))?(?![\d-])")


def _(sentence: str) -> str:
    """Marks a sentence for translation."""
    return sentence


def read(answers: Answers, today: date, *, sourced: bool = False) -> dict[str, Any]:
    """The columns of an accession as they were typed; `sourced`: its source is written beside."""
    return {
        "day": answers.day("day", needed=True, latest=today),
        "way": answers.choice("way", WAYS),
        "supplier_id": answers.whole("supplier_id", least=1, most=2**31 - 1, needed=not sourced),
        "paper_number": answers.text("paper_number", limit=100),
        "paper_day": answers.day("paper_day"),
        "currency": answers.choice("currency", CURRENCIES),
        "carrier": answers.choice("carrier", CARRIERS),
        "received_by": answers.text("received_by", needed=True, limit=200),
        "note": answers.long("note"),
    }


def read_source(answers: Answers) -> dict[str, Any] | None:
    """A source that is written into the form of an accession; None where one is chosen."""
    name = answers.text("source", limit=200)
    if not name:
        return None
    if answers.given.get("supplier_id"):
        answers.wrong("source", _("Choose a source, or write a new one, not both."))
    return {"name": name, "kind": answers.choice("source_kind", SUPPLIER_KINDS)}


def read_item(session: Session, answers: Answers, *, viewer: Viewer = SYSTEM) -> dict[str, Any]:
    """The columns of an item as they were typed; what is left empty is taken from its work, which
    must be one that the viewer may see."""
    work = _work(session, answers, viewer)
    language = answers.text("language", limit=3).lower()
    if language and not language.isalpha():
        answers.wrong("language", _("Write the code of a language: ky, ru, en."))
    values: dict[str, Any] = {
        "work_id": work.id if work else None,
        "title": answers.text("title", needed=work is None, limit=1000),
        "issued": answers.text("issued", limit=20),
        "type": answers.choice("type", vocabulary.TYPES, needed=work is None),
        "language": language,
        "subject": answers.choice("subject", SUBJECTS, needed=False),
        "copies": answers.whole("copies", least=1, most=MOST_COPIES),
        "price": answers.money("price"),
        "inventoried": bool(answers.given.get("inventoried")),
    }
    found = describe(work) if work else {}
    return {**values, **{name: one for name, one in found.items() if not values[name]}}


def read_works(session: Session, answers: Answers, *, viewer: Viewer) -> list[Work]:
    """The works whose numbers are written in one field: 12, 15, 20-24."""
    found: dict[int, Work] = {}
    for number in _numbers(answers):
        work = session.get(Work, number)
        if work is None or not access.decide(viewer, Action.SEE, work):
            said = _("There is no work of the number %(number)s.")
            answers.wrong("works", Message(said, number=number))
        else:
            found[number] = work
    return list(found.values())


def _numbers(answers: Answers) -> list[int]:
    text = answers.text("works", needed=True, limit=1000).replace("–", "-")
    found: list[int] = []
    for first, last in _RUN.findall(text):
        found += range(int(first), min(int(last or first), int(first) + MOST_WORKS) + 1)
    if text and (not found or _RUN.sub("", text).strip(" ,;")):
        answers.wrong("works", _("Write the numbers of works: 12, 15, 20-24."))
    elif len(found) > MOST_WORKS:
        answers.wrong("works", Message(_("At most %(most)s works at once."), most=MOST_WORKS))
    return found if "works" not in answers.errors else []


def _work(session: Session, answers: Answers, viewer: Viewer) -> Work | None:
    number = answers.whole("work_id", least=1, most=2**31 - 1, needed=False)
    work = session.get(Work, number) if number else None
    if work is not None and not access.decide(viewer, Action.SEE, work):
        work = None
    if number and work is None:
        answers.wrong("work_id", _("There is no work of this number."))
    return work


def describe(work: Work) -> dict[str, str]:
    """What the books say of a work: author and title, year, type, language, main UDC class."""
    document = work.document
    makers = [profile.agent_name(one) for one in document.get("creators", [])]
    said = "; ".join(makers[:3]) + (" …" if len(makers) > 3 else "")
    title = profile.main_title(document).get("text", "")
    codes = [one["code"] for one in document.get("classification", []) if one["scheme"] == "udc"]
    languages = document.get("languages") or [""]
    return {
        "title": ". ".join(filter(None, (said.rstrip("."), title)))[:1000],
        "issued": str(work.year or ""),
        "type": work.type,
        "language": languages[0],
        "subject": codes[0][0] if codes and codes[0][0] in SUBJECTS else "",
    }
