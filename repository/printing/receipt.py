"""The receipt for an author: what was deposited, when, under which terms, and where it stands."""

from datetime import date, datetime
from hashlib import sha256

import segno
from flask_babel import gettext

from repository import appearance, entries
from repository.models.works import Work
from repository.printing import wording
from repository.printing.sheet import Column, Sheet
from repository.settings import Settings
from schemas import vocabulary

SIDE = 34.0


def licence_hash(work: Work) -> str:
    """SHA-256 of the agreement as the depositor read it, word for word; empty without one."""
    text = (work.agreement or {}).get("text", "")
    return sha256(text.encode()).hexdigest() if text else ""


def pdf(work: Work, *, depositor: str, settings: Settings, language: str, today: date) -> bytes:
    """The receipt as a PDF."""
    title = gettext("Receipt of deposit")
    name = appearance.name(settings, language)
    sheet = Sheet(title=title, language=language, foot=f"{name} · {title} {work.id}")
    sheet.head(name, title.upper(), gettext("No. %(number)s", number=work.id))
    address = f"{settings.base_url}/works/{work.id}"
    top = sheet.get_y()
    code = segno.make(address, error="m", micro=False)
    sheet.picture(
        [list(row) for row in code.matrix_iter(border=2)],
        x=sheet.l_margin + sheet.epw - SIDE,
        y=top,
        side=SIDE,
    )
    sheet.facts(_facts(work, depositor, settings, address), width=sheet.epw - SIDE - 4)
    sheet.set_y(max(sheet.get_y(), top + SIDE + 2))
    _files(sheet, work)
    _terms(sheet, work, settings)
    sheet.ln(3)
    sheet.say(gettext("The library has received what is named above and keeps it."))
    sheet.say(gettext("Printed on %(day)s.", day=wording.day(today)))
    sheet.signatures((gettext("For the library"), ""))
    return sheet.done()


def _facts(work: Work, depositor: str, settings: Settings, address: str) -> list[tuple[str, str]]:
    state = vocabulary.STATES[vocabulary.State(work.state)]
    return [
        (gettext("Work"), entries.describe(work)["title"]),
        (gettext("Depositor"), depositor),
        (gettext("Sent to the library"), _day(work.submitted, settings)),
        (gettext("State"), gettext(state)),
        (gettext("Published"), _day(work.published, settings)),
        (gettext("Address"), address),
    ]


def _day(moment: datetime | None, settings: Settings) -> str:
    return wording.day(wording.here(moment, settings)) if moment else ""


def _files(sheet: Sheet, work: Work) -> None:
    if not work.current_files:
        return
    sheet.part(gettext("Files and their checksums"))
    columns = [
        Column(gettext("File"), 38),
        Column(gettext("Bytes"), 13, "R"),
        Column("SHA-512", 70),
    ]
    rows = [[one.name, str(one.size), one.sha512] for one in work.current_files]
    sheet.ruled(columns, rows, size=7)


def _terms(sheet: Sheet, work: Work, settings: Settings) -> None:
    agreement = work.agreement or {}
    licence = vocabulary.LICENCES.get(work.document.get("licence", ""))
    sheet.part(gettext("Terms"))
    signed = agreement.get("moment")
    day = _day(datetime.fromisoformat(signed), settings) if signed else ""
    sheet.facts(
        [
            (gettext("Terms of use"), gettext(licence.label) if licence else ""),
            (gettext("Agreement"), _version(agreement)),
            (gettext("Agreed on"), day),
            (gettext("SHA-256 of the agreement's text"), licence_hash(work)),
        ]
    )


def _version(agreement: dict) -> str:
    if not agreement:
        return ""
    heading = agreement.get("text", "").partition("\n")[0]
    version = gettext("version %(number)s", number=agreement.get("version", ""))
    return ", ".join(filter(None, (heading, version, agreement.get("language", ""))))
