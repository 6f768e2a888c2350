"""How a document lies in a Tantivy index: its fields, and the row that the writer takes.

Tantivy ranks by the number and length of words; our weights (`terms`) are of another kind. So the
field of words has for each a term that says how much it weighs in the document, in LEVELS steps:
`книг.ru/a`. A term in all its levels has as many postings as it would have without.
"""

import json
import math
from collections.abc import Iterable, Iterator, Mapping

import tantivy

from repository.index import analysis, snippets, terms
from repository.index.documents import AXES, LISTED, Document
from repository.index.snippets import Text

RULES = f"{analysis.RULES}, rows 1"  # what an index was made with
LEVELS = "0123456789abcdefghij"
FINENESS = 2  # levels from a weight to the double of it
TEXTUAL = tuple(axis for axis in (*AXES, *LISTED) if axis != "year")
NEVER = 10_000  # the year of what has none, among the oldest
LONGEST_TITLE = 500  # characters that are put in order
_SECONDS = 40  # bits for the moment of publication


def _schema() -> tantivy.Schema:
    made = tantivy.SchemaBuilder()
    made.add_integer_field("number", indexed=True, fast=True)
    made.add_text_field("words", tokenizer_name="whitespace", index_option="basic")
    made.add_text_field("exact", tokenizer_name="raw", index_option="position")
    for name in terms.SMALL:
        made.add_text_field(name, tokenizer_name="raw", index_option="position")
    made.add_text_field("identifiers", tokenizer_name="raw", index_option="basic")
    for axis in TEXTUAL:
        made.add_text_field(axis, tokenizer_name="raw", index_option="basic", fast=True)
    for name in ("year", "newest", "oldest"):
        made.add_integer_field(name, indexed=name == "year", fast=True)
    made.add_text_field("by_title", tokenizer_name="raw", index_option="basic", fast=True)
    made.add_bytes_field("texts", stored=True)
    return made.build()


SCHEMA = _schema()


def level(weight: float) -> str:
    """The step on which a weight lies."""
    step = int(FINENESS * math.log2(weight * terms.STEP))
    return LEVELS[min(max(step, 0), len(LEVELS) - 1)]


def _worth(step: int) -> float:
    weight = 2 ** ((step + 0.5) / FINENESS) / terms.STEP
    return weight / (weight + terms.SATURATION)


# What a term on each step adds to the score, before its rarity.
WORTHS: Mapping[str, float] = {name: _worth(step) for step, name in enumerate(LEVELS)}


def row(document: Document) -> tantivy.Document:
    """A document as Tantivy's writer takes it."""
    found = terms.of(document)
    made = tantivy.Document()
    made.add_integer("number", document.number)
    leveled = (f"{term}/{level(weight)}" for term, weight in found.weights.items())
    made.add_text("words", " ".join(leveled))
    made.add_pre_tokenized_text("exact", _placed(found.positions.items()))
    for name, part in found.small.items():
        placed = ((term, places or [0]) for term, (_, places) in part.items())
        made.add_pre_tokenized_text(name, _placed(placed))
    for identifier in found.identifiers:
        made.add_text("identifiers", identifier)
    _add_values(made, document)
    _add_orders(made, document)
    made.add_bytes("texts", _packed(snippets.texts(document)))
    return made


def _placed(places: Iterable[tuple[str, list[int]]]) -> tantivy.PreTokenizedString:
    """Terms at their positions. A stem that is no form has none: no phrase asks for it."""
    tokens = [tantivy.Token(term, place, 0, 0) for term, where in places for place in where]
    return tantivy.PreTokenizedString("", tokens)


def _add_values(made: tantivy.Document, document: Document) -> None:
    values: dict[str, Iterable[str]] = {
        "where": (document.where,),
        "type": (document.type,),
        "language": document.languages,
        "collection": document.collections,
        "access": (document.access,),
        "author": document.authors,
        "subject": document.keywords,
    }
    for axis in TEXTUAL:
        for value in dict.fromkeys(values[axis]):
            if value:
                made.add_text(axis, clean(value))
    if document.year is not None:
        made.add_integer("year", document.year)


def _add_orders(made: tantivy.Document, document: Document) -> None:
    """One value for each order in which hits may stand."""
    published = min(max(document.published, 0), 2**_SECONDS - 1)
    made.add_integer("newest", (document.year or 0) << _SECONDS | published)
    made.add_integer("oldest", (document.year or NEVER) << _SECONDS | published)
    title = clean(document.sort_title)[:LONGEST_TITLE]
    made.add_text("by_title", f"{title}\0{document.number + 2**63:020}")


def clean(text: str) -> str:
    """A text without halves of letters, which Tantivy does not take."""
    return text.encode("utf-8", "replace").decode()


def _packed(texts: Iterable[Text]) -> bytes:
    return json.dumps(list(texts), ensure_ascii=False).encode("utf-8", "surrogatepass")


def unpacked(kept: bytes) -> Iterator[Text]:
    """The texts that were packed."""
    return (Text(*one) for one in json.loads(kept.decode("utf-8", "surrogatepass")))
