"""The choices of forms: (value, label) pairs in the language of the page."""

from collections.abc import Iterable, Mapping, Sequence

from flask_babel import gettext
from sqlalchemy.orm import Session

from repository import alphabet, collections
from repository.web import words
from schemas import languages, vocabulary
from schemas.vocabulary import Access

Options = list[tuple[str, str]]

# Offered for a title or an abstract; the language of a work may be any that there is.
USUAL = ("ky", "ru", "en")
FREQUENT = ("kk", "uz", "tg", "tk", "ug", "tr", "az", "tt", "ba", "fa", "ar", "zh", "ko", "ja")
WESTERN = ("de", "fr", "es", "it", "la")

# Which groups of fields a kind of work has; a kind in none of them has the common fields only.
_JOURNAL = ("article", "review-article", "periodical-issue")
_CONFERENCE = ("conference-paper", "conference-poster")
_BOOKS = ("monograph", "textbook", "proceedings", "periodical", "periodical-issue")
GROUPS: Mapping[str, tuple[str, ...]] = {
    "host": (*_JOURNAL, *_CONFERENCE, "book-part", "lecture", "preprint"),
    "thesis": tuple(sorted(vocabulary.THESES)),
    "publication": (*_BOOKS, "book-part", "report", "working-paper", "thesis-abstract", "map"),
}
# Who may open a file, as depositors choose it.
FOR_DEPOSITORS = (Access.OPEN, Access.REGISTERED, Access.CAMPUS, Access.CLOSED)
HOSTS = {
    **dict.fromkeys(_CONFERENCE, "conference"),
    **dict.fromkeys(("lecture",), "conference"),
    "book-part": "book",
}


def types() -> Options:
    """Kinds of work."""
    return [(term.uri, gettext(term.label)) for term in vocabulary.TYPES.values()]


def groups(key: str) -> frozenset[str]:
    """The groups of fields that a kind of work has."""
    return frozenset(group for group, kinds in GROUPS.items() if key in kinds)


def type_uris(group: str) -> str:
    """The types whose works have a group of fields, as the page's script reads them."""
    return " ".join(vocabulary.TYPES[key].uri for key in GROUPS[group])


def host_kind(key: str) -> str:
    """What holds a work of that kind: a journal, a book, a conference."""
    return HOSTS.get(key, "journal")


def held_in(kind: str) -> str:
    """The types whose works come out in a conference or a book, for the page's script."""
    return " ".join(vocabulary.TYPES[key].uri for key, one in HOSTS.items() if one == kind)


def of(labels: Mapping[str, str]) -> Options:
    """Keys and labels of a vocabulary."""
    return [(key, gettext(label)) for key, label in labels.items()]


def versions() -> Options:
    """Version types."""
    return [(one.uri, gettext(one.label)) for one in vocabulary.VERSIONS.values()]


def roles(codes: Iterable[str] = tuple(vocabulary.RELATORS)) -> Options:
    """What people did for a work."""
    return [(code, gettext(vocabulary.RELATORS[code].label)) for code in codes]


def licences() -> Options:
    """Terms of use, each with what it allows."""
    return [
        (key, " – ".join((gettext(licence.label), gettext(_TERMS[key]))))
        for key, licence in vocabulary.LICENCES.items()
    ]


def _(label: str) -> str:
    """Marks a label for translation."""
    return label


_TERMS = {
    "cc-by-4.0": _("any use, the author is named"),
    "cc-by-sa-4.0": _("any use, changed versions under the same terms"),
    "cc-by-nc-4.0": _("no commercial use"),
    "cc-by-nc-sa-4.0": _("no commercial use, changed versions under the same terms"),
    "cc-by-nd-4.0": _("no changed versions"),
    "cc-by-nc-nd-4.0": _("no commercial use, no changed versions"),
    "cc0-1.0": _("the author gives up all rights"),
    "public-domain": _("the rights have expired"),
    "in-copyright": _("reading only, as the law allows"),
    "all-rights-reserved": _("reading only"),
}


def access(stands: str | None = None) -> Options:
    """Who may open a file: all levels, or those that depositors choose among and the one that
    stands."""
    offered = tuple(Access) if stands is None else FOR_DEPOSITORS
    kept = [level for level in Access if level in offered or level == stands]
    return [(level, gettext(vocabulary.ACCESS[level])) for level in kept]


def copying() -> Options:
    """Whether readers are handed a file."""
    return [(key, gettext(label)) for key, label in vocabulary.COPYING.items()]


def embargo_reasons() -> Options:
    """Why a file stays closed for a time."""
    return [(key, gettext(label)) for key, label in vocabulary.EMBARGO_REASONS.items()]


def copyright_bases() -> Options:
    """On what ground the library keeps a work."""
    return [(key, gettext(label)) for key, label in vocabulary.COPYRIGHT_BASES.items()]


def short_languages(chosen: str = "") -> Options:
    """Languages that a title or an abstract is likely to be in, and the one it is in."""
    codes = [*USUAL, *FREQUENT, *WESTERN]
    extra = [chosen] if chosen and chosen not in codes else []
    return [(code, words.language_name(code)) for code in (*codes, *extra)]


def usual_languages(chosen: Sequence[str] = ()) -> Options:
    """The languages that are ticked rather than looked up: the usual ones and those chosen."""
    return [(code, words.language_name(code)) for code in dict.fromkeys((*USUAL, *chosen))]


def other_languages(chosen: Sequence[str] = ()) -> Options:
    """All languages that have a name, but for the usual ones and those chosen."""
    codes = languages.CODES - set(usual_codes(chosen))
    named = [(code, words.language_name(code)) for code in codes]
    return sorted((one for one in named if one[0] != one[1]), key=lambda one: alphabet.key(one[1]))


def usual_codes(chosen: Sequence[str]) -> tuple[str, ...]:
    """The codes of `usual_languages`."""
    return (*USUAL, *chosen)


def gathered(session: Session) -> Options:
    """Collections by number, children set in beneath their parents."""
    language = words.language()
    return [
        (str(one.id), "\u2003" * (len(collections.lineage(one)) - 1) + one.name(language))
        for one in collections.everything(session)
    ]
