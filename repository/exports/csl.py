"""CSL-JSON (citationstyles.org, schema 1.0.2): what citation processors and Zotero read."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from repository.exports import parts
from repository.records import Record
from schemas import vocabulary
from schemas import work as profile

MEDIA_TYPE = "application/vnd.citationstyles.csl+json"
EXTENSION = "csl.json"

Item = dict[str, Any]

TYPES = {
    "article": "article-journal",
    "review-article": "article-journal",
    "preprint": "article",
    "working-paper": "report",
    "conference-paper": "paper-conference",
    "conference-poster": "paper-conference",
    "proceedings": "book",
    "monograph": "book",
    "book-part": "chapter",
    "textbook": "book",
    "periodical": "periodical",
    "periodical-issue": "periodical",
    "doctoral-thesis": "thesis",
    "master-thesis": "thesis",
    "bachelor-thesis": "thesis",
    "thesis-abstract": "thesis",
    "report": "report",
    "dataset": "dataset",
    "software": "software",
    "lecture": "speech",
    "image": "graphic",
    "sound": "song",
    "video": "motion_picture",
    "map": "map",
    "other": "document",
}
# An article that came out in a book or among the papers of a conference.
HOSTED = {"book": "chapter", "conference": "paper-conference"}
ROLES = {
    "edt": "editor",
    "com": "compiler",
    "trl": "translator",
    "ill": "illustrator",
    "cmp": "composer",
    "fmd": "director",
    "aui": "contributor",
    "ctb": "contributor",
}
# What a thesis is called in the language of the work: by degree, and the autoreferat.
GENRES = {
    "en": {
        "doctor": "Doctor of Sciences thesis",
        "candidate": "Candidate of Sciences thesis",
        "phd": "PhD thesis",
        "master": "master's thesis",
        "specialist": "diploma thesis",
        "bachelor": "bachelor's thesis",
        "": "thesis",
        "abstract": "abstract of thesis",
    },
    "ru": {
        "doctor": "докторская диссертация",
        "candidate": "кандидатская диссертация",
        "phd": "диссертация PhD",
        "master": "магистерская диссертация",
        "specialist": "дипломная работа",
        "bachelor": "выпускная работа бакалавра",
        "": "диссертация",
        "abstract": "автореферат диссертации",
    },
    "ky": {
        "doctor": "доктордук диссертация",
        "candidate": "кандидаттык диссертация",
        "phd": "PhD диссертациясы",
        "master": "магистрдик диссертация",
        "specialist": "дипломдук иш",
        "bachelor": "бакалаврдын бүтүрүү иши",
        "": "диссертация",
        "abstract": "диссертациянын авторефераты",
    },
}


def dumps(record: Record) -> bytes:
    """A list of one item, as all readers of CSL-JSON expect."""
    return json.dumps([item(record)], ensure_ascii=False, indent=1).encode()


def render_many(records: Iterable[Record]) -> Iterator[bytes]:
    """One list of all items, piece by piece."""
    yield b"["
    for position, record in enumerate(records):
        body = json.dumps(item(record), ensure_ascii=False)
        yield (",\n" if position else "\n").encode() + body.encode()
    yield b"\n]\n"


def item(record: Record) -> Item:
    """The work as a CSL item, without empty variables."""
    document = record.document
    return profile.prune(
        {
            "id": f"work{record.number}",
            "type": kind(document),
            "title": title(document),
            **people(document),
            **_hosted(document),
            **_published(document),
            "issued": _issued(document),
            "language": (document.get("languages") or [""])[0],
            "abstract": (document.get("abstracts") or [{}])[0].get("text", ""),
            "keyword": ", ".join(one["text"] for one in document.get("keywords", ())),
            "DOI": _first(parts.identifiers(document, "doi")),
            "URL": record.url,
            "number-of-pages": _number_of_pages(document),
            "call-number": _first(
                [f"{one['scheme'].upper()} {one['code']}" for one in _classes(document)]
            ),
        }
    )


def kind(document: dict[str, Any]) -> str:
    """The CSL type of a work."""
    key = profile.work_type(document).key
    host = document.get("host") or {}
    if key in ("article", "review-article") and host.get("kind") in HOSTED:
        return HOSTED[host["kind"]]
    return TYPES[key]


def title(document: dict[str, Any]) -> str:
    """The main title with the subtitle after a colon."""
    subtitles = [one["text"] for one in document.get("titles", ()) if one.get("kind") == "subtitle"]
    return ": ".join([profile.main_title(document)["text"], *subtitles[:1]])


def genre(document: dict[str, Any]) -> str:
    """What kind of thesis it is, in the language of the work; "" of what is none."""
    key = profile.work_type(document).key
    if key not in vocabulary.THESES:
        return {"working-paper": "working paper", "conference-poster": "poster"}.get(key, "")
    said = GENRES[parts.tongue(document)]
    degree = (document.get("thesis") or {}).get("degree", "")
    fallback = {"master-thesis": "master", "bachelor-thesis": "bachelor"}.get(key, "")
    return said["abstract" if key == "thesis-abstract" else degree or fallback]


def people(document: dict[str, Any]) -> dict[str, list[Item]]:
    """Names by the variable of what they did; creators whose role CSL lacks are authors."""
    found: dict[str, list[Item]] = {}
    for one in document.get("creators", ()):
        found.setdefault(ROLES.get(one.get("role", "aut"), "author"), []).append(name(one))
    for one in document.get("contributors", ()):
        if one.get("role", "ctb") in ROLES:
            found.setdefault(ROLES[one.get("role", "ctb")], []).append(name(one))
    for editor in (document.get("host") or {}).get("editors", ()):
        found.setdefault("editor", []).append(parts.written_name(editor))
    return found


def name(agent: dict[str, Any]) -> Item:
    """A person by family and given names (the patronymic is one), or an organisation."""
    if agent.get("name"):
        return {"literal": agent["name"]}
    given = " ".join(filter(None, (agent.get("given"), agent.get("patronymic"))))
    return {"family": agent.get("family", ""), **({"given": given} if given else {})}


def _hosted(document: dict[str, Any]) -> Item:
    host = document.get("host") or {}
    series = (document.get("series") or [{}])[0]
    conference = host.get("kind") == "conference"
    return {
        "container-title": host.get("title"),
        "event-title": host.get("title") if conference else "",
        "event-place": host.get("place"),
        "volume": host.get("volume"),
        "issue": host.get("issue"),
        "page": "-".join(filter(None, parts.pages(host))) or host.get("pages", ""),
        "number": host.get("article_number"),
        "ISSN": _first([*host.get("issn", ()), *parts.identifiers(document, "issn")]),
        "ISBN": _first([*parts.identifiers(document, "isbn"), host.get("isbn", "")]),
        "collection-title": series.get("title"),
        "collection-number": series.get("number"),
    }


def _published(document: dict[str, Any]) -> Item:
    thesis = document.get("thesis") or {}
    publisher = (document.get("publishers") or [{}])[0]
    return {
        "genre": genre(document),
        "publisher": thesis.get("grantor") or publisher.get("name"),
        "publisher-place": thesis.get("place") or publisher.get("place"),
        "edition": document.get("edition"),
    }


def _issued(document: dict[str, Any]) -> Item:
    said = document.get("issued") or (document.get("thesis") or {}).get("defended") or ""
    numbers = [int(part) for part in said.rstrip("?~%").split("-") if part.isdigit()]
    if not numbers:
        return {}
    return {"date-parts": [numbers], **({"circa": True} if said[-1] in "?~%" else {})}


def _number_of_pages(document: dict[str, Any]) -> str:
    return parts.page_count(document) if kind(document) in ("book", "thesis", "report") else ""


def _classes(document: dict[str, Any]) -> list[dict[str, str]]:
    return [one for one in document.get("classification", ()) if one["scheme"] in ("udc", "bbk")]


def _first(values: Iterable[str]) -> str:
    return next(iter(filter(None, values)), "")
