"""Parts of a description as several formats say them: one place for each decision."""

import re
from typing import Any
from urllib.parse import quote

from repository.records import Record, RecordFile
from schemas import languages, vocabulary
from schemas import work as profile
from schemas.vocabulary import Access

Document = dict[str, Any]

# How an identifier is said so that software can follow it, by its scheme.
LINKS = {
    "doi": "https://doi.org/%s",
    "handle": "https://hdl.handle.net/%s",
    "arxiv": "https://arxiv.org/abs/%s",
    "isbn": "urn:isbn:%s",
    "issn": "urn:issn:%s",
    "urn": "%s",
    "url": "%s",
}
_DAY = re.compile(r"[0-9]{4}(?:-[0-9]{2}){0,2}")
# Numbers that become part of an address, and what may stay in it as it is: DOIs have brackets.
_NUMBERS = ("doi", "handle", "arxiv")
_PLAIN = "/:!$&'()*+,;=@"

# Who may open a file, as the access right of the file by itself.
_FILE_RIGHTS = {
    Access.OPEN: "open",
    Access.REGISTERED: "restricted",
    Access.CAMPUS: "restricted",
    Access.STAFF: "restricted",
    Access.CLOSED: "metadata-only",
}


def main_title(document: Document) -> tuple[str, str | None]:
    """The title with its subtitle, and its language."""
    main, *others = document["titles"]
    under = next((title["text"] for title in others if title["kind"] == "subtitle"), None)
    return f"{main['text']}: {under}" if under else main["text"], main.get("language")


def other_titles(document: Document) -> list[Document]:
    """The alternative and translated titles."""
    return [title for title in document["titles"][1:] if title["kind"] != "subtitle"]


def day(date: str | None) -> str | None:
    """An EDTF date as W3CDTF: "1987~" as "1987"."""
    found = _DAY.match(date or "")
    return found.group() if found else None


def issued(document: Document) -> str | None:
    """When the work came out; for a thesis else when it was defended."""
    dates = (
        document.get("issued"),
        document.get("thesis", {}).get("defended"),
        document.get("available"),
    )
    return next(filter(None, map(day, dates)), None)


def dated(record: Record) -> str:
    """When it came out; else the best other date: OpenAIRE prefers any date to none."""
    document = record.document
    others = map(day, (document.get("accepted"), document.get("submitted")))
    return issued(document) or next(filter(None, others), f"{record.published:%Y-%m-%d}")


def address(scheme: str, value: str) -> str:
    """An identifier so that software can follow it."""
    return LINKS[scheme] % (escaped(value) if scheme in _NUMBERS else value)


def escaped(value: str) -> str:
    """An identifier as part of a URI; a DOI's usual characters stay as they are."""
    return quote(value, safe=_PLAIN)


def links(record: Record, *schemes: str) -> list[tuple[str, str, str]]:
    """Identifiers as (scheme, value, address), in the order of LINKS; of some schemes or all."""
    return [
        (scheme, entry["value"], address(scheme, entry["value"]))
        for scheme in schemes or LINKS
        for entry in record.document.get("identifiers", ())
        if entry["scheme"] == scheme
    ]


def language(document: Document) -> str | None:
    """The first language of the work in ISO 639-3."""
    return next(map(languages.alpha3, document.get("languages", ())), None)


def citation(host: Document) -> str:
    """Where in its host a work stands: "Манас окуулары, 3 (2), 15–24"."""
    issue = f"({host['issue']})" if "issue" in host else ""
    number = " ".join(filter(None, (host.get("volume"), issue)))
    where = host.get("pages") or host.get("article_number")
    return ", ".join(filter(None, (host["title"], number, where)))


def grant(funding: Document) -> str:
    """Who paid for what, in words: "Илим фонду (https://…). Тил". Without the award's number."""
    funder = funding["funder"]
    if "funder_id" in funding:
        funder = f"{funder} ({funding['funder_id']})"
    return ". ".join(filter(None, (funder, funding.get("title"), funding.get("url"))))


def embargo_end(record: Record) -> str | None:
    """The day after which the first embargoed file opens, while the work is embargoed."""
    ends = [file.embargo_until for file in record.files if file.waits and file.embargo_until]
    return min(ends).isoformat() if record.access_right == "embargoed" and ends else None


def file_right(file: RecordFile) -> vocabulary.AccessRight:
    """The access right of one file: embargoed while it is closed and will open."""
    if file.waits:
        return vocabulary.ACCESS_RIGHTS["embargoed"]
    handed = file.free or file.level is not Access.OPEN
    return vocabulary.ACCESS_RIGHTS[_FILE_RIGHTS[file.level] if handed else "restricted"]


def ror(agent: Document) -> str | None:
    """The ROR of an organisation that is named as its own affiliation."""
    own = [one for one in agent.get("affiliations", ()) if one["name"] == agent.get("name")]
    return next((one["ror"] for one in own if is_ror(one.get("ror"))), None)


def is_ror(url: str | None) -> bool:
    """Whether an address is one of the Research Organization Registry."""
    return bool(url and url.startswith("https://ror.org/"))


def publishers(document: Document) -> list[str]:
    """Who published it; for a thesis without a publisher, who gave the degree."""
    named = [one["name"] for one in document.get("publishers", ())]
    return named or [*filter(None, [document.get("thesis", {}).get("grantor")])]


def is_thesis(document: Document) -> bool:
    """Whether the work earned, or was to earn, a degree."""
    return profile.work_type(document).key in vocabulary.THESES
