"""Where a work stands on the shelves, from its document: languages, classes, periodicals, series.

A periodical is known by its ISSN. Works that name it without one join, once they are public, the
ISSN that others of the same title have, as long as only one periodical bears that title.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, delete, insert, or_, select, update
from sqlalchemy.orm import Session

from repository import alphabet, transliteration
from repository.models.shelves import WorkClass, WorkHost, WorkLanguage
from repository.models.works import Work
from repository.transliteration import Way
from schemas import classes
from schemas import work as profile
from schemas.vocabulary import State

UNPAGED = 2**31 - 1  # stands after all pages
JOURNAL, SERIES, WHOLE, ISSUE = "journal", "series", "whole", "issue"
_KINDS = {"periodical": WHOLE, "periodical-issue": ISSUE}

Row = dict[str, Any]
Reach = Session | Connection


def put(session: Reach, number: int, document: profile.Document) -> None:
    """Writes anew where a work stands."""
    for table in (WorkLanguage, WorkClass, WorkHost):
        session.execute(delete(table).where(table.work_id == number))
    _add(session, WorkLanguage, number, ({"code": one} for one in languages(document)))
    _add(session, WorkClass, number, nodes(document))
    _add(session, WorkHost, number, hosts(document))


def _add(session: Reach, table: type, number: int, rows: Iterable[Row]) -> None:
    given = [{"work_id": number, **one} for one in rows]
    if given:
        session.execute(insert(table), given)


def languages(document: profile.Document) -> list[str]:
    """The languages of a work, each once."""
    return list(dict.fromkeys(one for one in document.get("languages", ()) if one))


def nodes(document: profile.Document) -> list[Row]:
    """The classes in which a work is, and those above them."""
    found = {
        (one["scheme"], node)
        for one in document.get("classification", ())
        for node in classes.nodes(one.get("scheme", ""), one.get("code", ""))
    }
    return [{"scheme": scheme, "node": node} for scheme, node in sorted(found)]


def hosts(document: profile.Document) -> list[Row]:
    """The periodicals and series in which a work stands; each once."""
    rows = [*_periodical(document), *_series(document)]
    return list({(one["kind"], one["slug"]): one for one in rows}.values())


def _periodical(document: profile.Document) -> Iterator[Row]:
    host = document.get("host") or {}
    kind = _KINDS.get(profile.work_type(document).key)
    serial = host.get("kind", "journal") == "journal" or host.get("issn")
    if host.get("title") and serial:
        issn = host.get("issn", ())
        yield _row(document, kind or JOURNAL, host["title"], issn, host, host.get("date"))
    elif kind:
        own = [
            one["value"] for one in document.get("identifiers", ()) if one.get("scheme") == "issn"
        ]
        yield _row(document, kind, profile.main_title(document)["text"], own, host)


def _series(document: profile.Document) -> Iterator[Row]:
    for one in document.get("series", ()):
        if one.get("title"):
            issn = [one["issn"]] if one.get("issn") else []
            place = {"issue": one.get("number", "")}
            yield _row(document, SERIES, one["title"], issn, place)


def _row(
    document: profile.Document,
    kind: str,
    title: str,
    issn: Sequence[str],
    place: Mapping[str, Any],
    dated: str | None = None,
) -> Row:
    year = _year(dated) or str(profile.year(document) or "")
    volume, issue = place.get("volume") or "", place.get("issue") or ""
    # A series goes on by its numbers, whatever the year.
    order = ("", "", issue) if kind == SERIES else (year, volume, issue)
    return {
        "kind": kind,
        "key": next(iter(issn), "") or slug(title),
        "slug": slug(title),
        "title": title,
        "title_key": alphabet.key(title),
        "issn": " ".join(issn),
        "year": year,
        "volume": volume,
        "issue": issue,
        "part": "-".join(_word(one) or "0" for one in order),
        "part_key": "|".join(re.sub(r"\d+", lambda n: n[0].zfill(8), one) for one in order),
        "first_page": _first(place),
    }


def _year(dated: str | None) -> str:
    found = re.search(r"\d{4}", dated or "")
    return found[0] if found else ""


def _first(place: Mapping[str, Any]) -> int:
    found = re.search(r"\d{1,7}", place.get("pages") or place.get("article_number") or "")
    return int(found[0]) if found else UNPAGED


def slug(title: str) -> str:
    """A title as a word in addresses: in Latin letters, with an end that keeps it apart."""
    mark = hashlib.sha256(alphabet.key(title).encode()).hexdigest()[:6]
    return f"{_word(title)[:50].strip('.') or 'x'}.{mark}"


def _word(text: str) -> str:
    plain = transliteration.latin(text, Way.PASSPORT).lower()
    return re.sub(r"[^a-z0-9]+", ".", plain).strip(".")


def agree(session: Reach, number: int) -> None:
    """Brings the periodicals of a work that is public now together with those of other works."""
    rows = select(WorkHost).where(WorkHost.work_id == number)
    for row in session.execute(rows.with_only_columns(*WorkHost.__table__.columns)).all():
        own, known = row.issn.split(), _known(session, row)
        if own:
            key = next((key for key, issn in known if issn & set(own)), own[0])
            if all(each == key for each, _issn in known):
                _bring(session, row.title_key, key)
        else:
            keys = {key for key, _issn in known}
            key = keys.pop() if len(keys) == 1 else row.slug
        change = update(WorkHost).where(WorkHost.id == row.id, WorkHost.key != key)
        session.execute(change.values(key=key))


def _known(session: Reach, row: Any) -> list[tuple[str, set[str]]]:
    """Periodicals of other public works that have an ISSN, and this one's title or number."""
    same = or_(WorkHost.key.in_(row.issn.split()), WorkHost.title_key == row.title_key)
    query = (
        select(WorkHost.key, WorkHost.issn)
        .join(Work, Work.id == WorkHost.work_id)
        .where(same, WorkHost.issn != "", Work.state == State.PUBLISHED, WorkHost.id != row.id)
        .distinct()
        .limit(50)
    )
    return [(key, set(issn.split())) for key, issn in session.execute(query)]


def _bring(session: Reach, title_key: str, key: str) -> None:
    lone = (WorkHost.title_key == title_key) & (WorkHost.issn == "") & (WorkHost.key != key)
    session.execute(update(WorkHost).where(lone).values(key=key))
