"""What is typed about accessions and their titles, as the columns of the books."""

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from repository import access
from repository.access import Action
from repository.models.works import Work
from repository.viewers import SYSTEM, Viewer
from schemas import vocabulary
from schemas import work as profile
from schemas.accessions import CARRIERS, CURRENCIES, SUBJECTS, WAYS
from schemas.answers import Answers

MOST_COPIES = 10_000


def _(sentence: str) -> str:
    """Marks a sentence for translation."""
    return sentence


def read(answers: Answers, today: date) -> dict[str, Any]:
    """The columns of an accession as they were typed."""
    return {
        "day": answers.day("day", needed=True, latest=today),
        "way": answers.choice("way", WAYS),
        "supplier_id": answers.whole("supplier_id", least=1, most=2**31 - 1),
        "paper_number": answers.text("paper_number", limit=100),
        "paper_day": answers.day("paper_day"),
        "currency": answers.choice("currency", CURRENCIES),
        "carrier": answers.choice("carrier", CARRIERS),
        "received_by": answers.text("received_by", needed=True, limit=200),
        "note": answers.long("note"),
    }


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
