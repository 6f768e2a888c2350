"""The columns of the spreadsheet in which cataloguers correct many works.

A column says what a work's stand (`batches.stand`) holds in it, and makes of a changed cell a
changed stand. A cell that still says what the work says touches nothing, so whatever a cell cannot
show (a language, an ORCID, a role) stays as it is. Several values of one cell are lines.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

from ingest import names
from repository.batches import Stand
from repository.errors import Invalid
from schemas import vocabulary
from schemas import work as profile
from schemas.messages import CHOICE, Message, short

Document = dict[str, Any]
Entry = Mapping[str, Any]


class Column(NamedTuple):
    """`get` gives the text of a cell; `put` the parts of a stand that a changed text makes anew.
    A column without `put` is for reading only."""

    key: str
    get: Callable[[Stand], str]
    put: Callable[[Stand, str], Stand] | None = None


def _(sentence: str) -> str:
    """Marks a sentence for translation."""
    return sentence


def lines(text: str) -> list[str]:
    """The values of a cell."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def _wrong(key: str, sentence: str, **given: object) -> Invalid:
    return Invalid("The spreadsheet is not right here.", {key: [Message(sentence, **given)]})


# --- cells of one text ----------------------------------------------------------------------------
def _plain(key: str, *path: str) -> Column:
    """A text at the end of a path of groups, as ("host", "volume")."""
    steps = path or (key,)

    def get(stand: Stand) -> str:
        value: Any = stand["document"]
        for step in steps:
            value = value.get(step, {} if step != steps[-1] else "")
        return str(value)

    def put(stand: Stand, text: str) -> Stand:
        return {"document": _placed(stand["document"], steps, text.strip())}

    return Column(key, get, put)


def _placed(group: Document, steps: Sequence[str], text: str) -> Document:
    if len(steps) == 1:
        return {**group, steps[0]: text}
    inner = group.get(steps[0]) or _BLANK.get(steps[0], {})
    return {**group, steps[0]: _placed(inner, steps[1:], text)}


_BLANK: Mapping[str, Document] = {"host": {"kind": "journal"}}


def _of_type() -> Column:
    def get(stand: Stand) -> str:
        uri = stand["document"].get("type", "")
        return vocabulary.TYPES_BY_URI[uri].key if uri in vocabulary.TYPES_BY_URI else ""

    def put(stand: Stand, text: str) -> Stand:
        if text.strip() not in vocabulary.TYPES:
            raise _wrong("type", CHOICE, value=short(text))
        return {"document": {**stand["document"], "type": vocabulary.TYPES[text.strip()].uri}}

    return Column("type", get, put)


# --- rows with a language, a kind or a scheme -----------------------------------------------------
def _rows(key: str, element: str, name: str, **own: str | None) -> Column:
    """Those rows of an element that have `own` values (None: not at all): a line for each."""

    def ours(row: Entry) -> bool:
        return all(row.get(field) == value for field, value in own.items())

    def get(stand: Stand) -> str:
        return "\n".join(_one(row[name]) for row in stand["document"].get(element, []) if ours(row))

    def put(stand: Stand, text: str) -> Stand:
        there = stand["document"].get(element, [])
        new = _renewed([row for row in there if ours(row)], lines(text), name, own)
        return {"document": {**stand["document"], element: _in_place(there, ours, new)}}

    return Column(key, get, put)


def _one(text: str) -> str:
    return " ".join(text.split())


def _renewed(
    old: Sequence[Entry], texts: Sequence[str], name: str, own: Mapping[str, str | None]
) -> list[Document]:
    """Rows with these texts: a text that was there keeps its row, else the row of its place."""
    known = {_one(row[name]): row for row in old}
    given = {field: value for field, value in own.items() if value is not None}
    same = len(old) == len(texts)
    return [
        {**known.get(text, old[at] if same else given), **({} if text in known else {name: text})}
        for at, text in enumerate(texts)
    ]


def _in_place(
    there: Sequence[Entry], ours: Callable[[Entry], bool], new: Iterable[Document]
) -> list[Entry]:
    """The rows with the new ones where the first of ours was."""
    first = next((at for at, row in enumerate(there) if ours(row)), len(there))
    before = list(there[:first])
    return [*before, *new, *(row for row in there[first:] if not ours(row))]


def _paragraphs(key: str, language: str | None) -> Column:
    """The abstract in a language: one text of several lines."""

    def ours(row: Entry) -> bool:
        return row.get("language") == language

    def get(stand: Stand) -> str:
        found = [row["text"] for row in stand["document"].get("abstracts", []) if ours(row)]
        return found[0] if found else ""

    def put(stand: Stand, text: str) -> Stand:
        there = stand["document"].get("abstracts", [])
        old = next((row for row in there if ours(row)), {"language": language} if language else {})
        others = [row for row in there if ours(row)][1:]
        new = [{**old, "text": text.strip()}] if text.strip() else []
        rows = _in_place(there, ours, [*new, *others])
        return {"document": {**stand["document"], "abstracts": rows}}

    return Column(key, get, put)


# --- people ---------------------------------------------------------------------------------------
def _agents(element: str, usual: str) -> Column:
    """People as "Family, Given Patronymic", organisations in braces; a role that is not the usual
    one stands before a colon."""

    def get(stand: Stand) -> str:
        return "\n".join(_agent(one, usual) for one in stand["document"].get(element, []))

    def put(stand: Stand, text: str) -> Stand:
        old = list(stand["document"].get(element, []))
        said = [_agent(one, usual) for one in old]
        new = []
        for at, line in enumerate(lines(text)):
            if line in said:
                place = said.index(line)
                said[place] = ""
                new.append(old[place])
                continue
            same = len(lines(text)) == len(old)
            new.append(_renamed(line, old[at] if same else {}, element, usual))
        return {"document": {**stand["document"], element: new}}

    return Column(element, get, put)


def _agent(one: Entry, usual: str) -> str:
    name = _one(profile.agent_name(one))
    role = one.get("role", usual)
    shown = f"{{{name}}}" if one.get("kind") == "organisation" else name
    return shown if role == usual else f"{role}: {shown}"


def _renamed(line: str, old: Entry, element: str, usual: str) -> Document:
    role, colon, rest = line.partition(":")
    role, name = (role.strip(), rest.strip()) if colon else (usual, line)
    if role not in vocabulary.RELATORS:
        raise _wrong(element, CHOICE, value=short(role))
    kept = {key: one for key, one in old.items() if key not in _NAMED}
    if name.startswith("{"):
        return {**kept, "kind": "organisation", "role": role, "name": name.strip("{} ")}
    family, given, patronymic = names.split(name)
    parts = {"family": family, "given": given, "patronymic": patronymic}
    return {**kept, "kind": "person", "role": role, **parts}


_NAMED = frozenset({"kind", "role", "name", "family", "given", "patronymic"})


# --- publishers, languages, collections -----------------------------------------------------------
def _publishers(key: str, name: str) -> Column:
    def get(stand: Stand) -> str:
        rows = stand["document"].get("publishers", [])
        return "\n".join(_one(row.get(name, "")) for row in rows).rstrip()

    def put(stand: Stand, text: str) -> Stand:
        there, texts = stand["document"].get("publishers", []), text.strip().splitlines()
        if name == "place" and len(texts) > len(there):
            raise _wrong(key, _("There are more places than publishers."))
        if name == "name":
            there = [there[at] if at < len(there) else {} for at in range(len(texts))]
        padded = [*texts, *[""] * len(there)]
        rows = [{**row, name: padded[at].strip()} for at, row in enumerate(there)]
        return {"document": {**stand["document"], "publishers": rows}}

    return Column(key, get, put)


def _listed(element: str) -> Column:
    """Values that are texts themselves, a line for each."""

    def get(stand: Stand) -> str:
        return "\n".join(map(_one, stand["document"].get(element, [])))

    def put(stand: Stand, text: str) -> Stand:
        known = {_one(one): one for one in stand["document"].get(element, [])}
        values = [known.get(line, line) for line in lines(text)]
        return {"document": {**stand["document"], element: values}}

    return Column(element, get, put)


def _collections() -> Column:
    def put(stand: Stand, text: str) -> Stand:
        return {"collections": sorted(set(lines(text)))}

    return Column("collections", lambda stand: "\n".join(stand["collections"]), put)


_HOST = ("title", "volume", "issue", "pages")
FIXED: Sequence[Column] = (
    _of_type(),
    _rows("title", "titles", "text", kind="main"),
    _rows("subtitle", "titles", "text", kind="subtitle"),
    _rows("other_titles", "titles", "text", kind="alternative"),
    _agents("creators", "aut"),
    _agents("contributors", "ctb"),
    _plain("issued"),
    _publishers("publisher", "name"),
    _publishers("place", "place"),
    _plain("edition"),
    _listed("languages"),
    *(
        _rows(scheme, "classification", "code", scheme=scheme)
        for scheme in vocabulary.CLASSIFICATIONS
    ),
    *(_rows(one, "identifiers", "value", scheme=one) for one in ("doi", "isbn", "issn", "url")),
    *(_plain("host" if one == "title" else one, "host", one) for one in _HOST),
    _rows("series", "series", "title"),
    _plain("degree", "thesis", "degree"),
    _plain("grantor", "thesis", "grantor"),
    _plain("defended", "thesis", "defended"),
    _plain("specialty", "thesis", "specialty", "name"),
    _listed("extent"),
    _plain("licence"),
    _listed("rights_holders"),
    _listed("notes"),
    _collections(),
)
USUAL = ("ky", "ru", "en")


def by_language(language: str) -> Sequence[Column]:
    """The columns of one language ("": of texts that name none)."""
    code, ending = (language, f".{language}") if language else (None, "")
    return (
        _rows(f"translated_title{ending}", "titles", "text", kind="translated", language=code),
        _paragraphs(f"abstract{ending}", code),
        _rows(f"keywords{ending}", "keywords", "text", language=code),
    )


def tongues(documents: Iterable[Document]) -> list[str]:
    """The languages that the columns need: the usual ones and those that occur."""
    found = {
        row.get("language", "")
        for document in documents
        for element in ("titles", "abstracts", "keywords")
        for row in document.get(element, [])
        if element != "titles" or row.get("kind") == "translated"
    }
    return [*USUAL, *sorted(found - set(USUAL))]


def columns(languages: Iterable[str]) -> dict[str, Column]:
    """All columns that can be changed, by their keys."""
    made = [*FIXED, *(one for language in languages for one in by_language(language))]
    return {one.key: one for one in made}


def changed(stand: Stand, cells: Mapping[str, str], known: Mapping[str, Column]) -> Stand:
    """What the cells give anew of a stand; raises Invalid, with messages by column, for a cell
    that cannot be."""
    result, wrong = dict(stand), dict[str, list[Message]]()
    for key, text in cells.items():
        column = known[key]
        if _said(text) == _said(column.get(stand)):
            continue
        try:
            put = column.put or partial(_untouched)
            result |= put(result, text)
        except Invalid as error:
            wrong |= error.errors
    if wrong:
        raise Invalid("The spreadsheet is not right here.", wrong)
    return result


def _untouched(stand: Stand, text: str) -> Stand:
    return {}


def _said(text: str) -> list[str]:
    """A cell's text as it is compared: spreadsheets change the ends of lines."""
    return [line.rstrip() for line in text.replace("\r\n", "\n").strip().split("\n")]
