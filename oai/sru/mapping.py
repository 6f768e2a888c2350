"""A CQL tree in the words of the site's own search, so that both find the same."""

import re
from typing import Final

from oai.sru.cql import Clause, Key, Node, Pair
from oai.sru.diagnostics import Diagnostic

EVERYTHING: Final = "*"
# Our fields by the indexes of the usual context sets; "" is every field.
INDEXES: Final = {
    "": "",
    "cql.serverchoice": "",
    "serverchoice": "",
    "cql.anywhere": "",
    "cql.keywords": "",
    "cql.allrecords": EVERYTHING,
    "dc.title": "title",
    "title": "title",
    "bib.title": "title",
    "dc.creator": "author",
    "dc.contributor": "author",
    "dc.author": "author",
    "creator": "author",
    "author": "author",
    "bib.name": "author",
    "bib.namepersonal": "author",
    "dc.subject": "subject",
    "subject": "subject",
    "bib.subjecttopical": "subject",
    "dc.source": "source",
    "dc.publisher": "source",
    "source": "source",
    "dc.description": "",
    "description": "",
    "dc.date": "year",
    "date": "year",
    "year": "year",
    "bib.dateissued": "year",
    "dc.type": "type",
    "type": "type",
    "dc.language": "language",
    "language": "language",
    "dc.identifier": "identifier",
    "identifier": "identifier",
    "bath.isbn": "isbn",
    "bath.issn": "issn",
    "rec.collectionname": "collection",
}
RELATIONS: Final = ("=", "==", "exact", "adj", "any", "all", "scr", "<", ">", "<=", ">=", "within")
SORTS: Final = {"year": ("oldest", "newest"), "title": ("title", "title")}
_MASKED = re.compile(r"\\(.)", re.DOTALL)


def words(node: Node) -> str:
    """The query as a reader would type it."""
    if isinstance(node, Pair):
        left, right = words(node.left), words(node.right)
        if node.boolean == "or":
            return f"({left} OR {right})"
        return f"({left} -({right}))" if node.boolean == "not" else f"({left} {right})"
    return _clause(node)


def _clause(clause: Clause) -> str:
    field = INDEXES.get(clause.index)
    if field is None:
        raise Diagnostic(16, clause.index)
    if clause.relation and clause.relation not in RELATIONS:
        raise Diagnostic(19, clause.relation)
    if field == EVERYTHING:
        return EVERYTHING
    if field == "year":
        return _years(clause)
    if clause.relation in ("<", ">", "<=", ">=", "within"):
        raise Diagnostic(19, f"{clause.index} {clause.relation}")
    head = f"{field}:" if field else ""
    if field in ("type", "language", "identifier", "isbn", "issn", "collection"):
        return _alternatives(clause, head) if clause.relation == "any" else head + _one(clause.term)
    return _text(clause, head)


def _text(clause: Clause, head: str) -> str:
    if clause.relation == "any":
        return _alternatives(clause, head)
    terms = clause.term.split()
    if clause.relation in ("", "all", "scr") or len(terms) == 1:
        together = clause.relation in ("==", "exact")
        parts = [f'{head}"{_plain(one)}"' if together else head + _word(one) for one in terms]
        return f"({' '.join(parts)})" if len(parts) > 1 else parts[0]
    return f'{head}"{_plain(clause.term)}"'


def _alternatives(clause: Clause, head: str) -> str:
    parts = [head + _word(one) for one in clause.term.split()]
    return f"({' OR '.join(parts)})" if len(parts) > 1 else parts[0]


def _word(term: str) -> str:
    """A word, with the asterisk that cuts it off at its end; other masks are not ours."""
    bare = term.strip("^")
    inside = bare[:-1] if bare.endswith("*") and not bare.endswith("\\*") else bare
    if re.search(r"(?<!\\)[*?^]", inside):
        if inside == "" and bare == "*":
            return EVERYTHING
        raise Diagnostic(48, f"{term}: only * at the end of a word.")
    plain = _plain(inside)
    if not plain:
        return EVERYTHING
    return f"{plain}*" if inside != bare else f'"{plain}"' if " " in plain else plain


def _one(term: str) -> str:
    return _plain(term).replace(" ", "")


def _plain(term: str) -> str:
    """A term without masks and without what our search would take for its own signs."""
    bare = _MASKED.sub(r"\1", term)
    return " ".join(re.sub(r'[*?^"“”«»()|:]', " ", bare).split())


def _years(clause: Clause) -> str:
    years = re.findall(r"\d{4}", clause.term)
    if not years:
        raise Diagnostic(6, f"{clause.index} {clause.term}")
    first = int(years[0])
    match clause.relation:
        case "<":
            return f"year:..{first - 1}"
        case "<=":
            return f"year:..{first}"
        case ">":
            return f"year:{first + 1}.."
        case ">=":
            return f"year:{first}.."
        case "within":
            return f"year:{first}..{int(years[-1])}"
        case "any":
            return f"({' OR '.join(f'year:{one}' for one in years)})"
        case _:
            return f"year:{first}"


def order(keys: tuple[Key, ...]) -> str:
    """How our search puts results in order."""
    if not keys:
        return "relevance"
    field = INDEXES.get(keys[0].by, keys[0].by)
    if field not in SORTS:
        raise Diagnostic(80, keys[0].by)
    if field == "title" and keys[0].descending:
        raise Diagnostic(80, "Titles go up only.")
    return SORTS[field][keys[0].descending]
