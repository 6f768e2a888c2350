"""Closed vocabularies, shared by tables, forms and formats.

Labels are English and serve as gettext msgids (`repository.web.words` translates them).
COAR terms: resource types 3.2, access rights 1.1, version types 1.0, all under
http://purl.org/coar/.
"""

from enum import StrEnum
from typing import NamedTuple

COAR = "http://purl.org/coar/"


def _(label: str) -> str:
    """Marks a label for translation; the translation itself happens where it is shown."""
    return label


class State(StrEnum):
    """Where a work stands in its life."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    REJECTED = "rejected"
    WAITING = "waiting"  # accepted, and hidden until its day
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


STATES = {
    State.DRAFT: _("Draft"),
    State.SUBMITTED: _("Waiting for the library"),
    State.RETURNED: _("Returned for correction"),
    State.REJECTED: _("Not accepted"),
    State.WAITING: _("Accepted for a later day"),
    State.PUBLISHED: _("Published"),
    State.WITHDRAWN: _("Withdrawn"),
}


class WorkType(NamedTuple):
    """A kind of work. `eu_repo` is the info:eu-repo/semantics term of OpenAIRE 3."""

    key: str
    uri: str
    label: str
    eu_repo: str


def _type(key: str, code: str, label: str, eu_repo: str) -> WorkType:
    return WorkType(key, f"{COAR}resource_type/{code}", label, eu_repo)


TYPES = {
    term.key: term
    for term in (
        _type("article", "c_6501", _("Article"), "article"),
        _type("review-article", "c_dcae04bc", _("Review article"), "review"),
        _type("preprint", "c_816b", _("Preprint"), "preprint"),
        _type("working-paper", "c_8042", _("Working paper"), "workingPaper"),
        _type("conference-paper", "c_5794", _("Conference paper"), "conferenceObject"),
        _type("conference-poster", "c_6670", _("Conference poster"), "conferenceObject"),
        _type("proceedings", "c_f744", _("Conference proceedings"), "book"),
        _type("monograph", "c_2f33", _("Monograph or book"), "book"),
        _type("book-part", "c_3248", _("Part of a book"), "bookPart"),
        _type("textbook", "c_e059", _("Textbook or study guide"), "other"),
        _type("periodical", "c_0640", _("Periodical"), "other"),
        _type("periodical-issue", "c_2659", _("Issue of a periodical"), "other"),
        _type("doctoral-thesis", "c_db06", _("Doctoral or candidate thesis"), "doctoralThesis"),
        _type("master-thesis", "c_bdcc", _("Master's thesis"), "masterThesis"),
        _type("bachelor-thesis", "c_7a1f", _("Bachelor's or diploma thesis"), "bachelorThesis"),
        _type("thesis-abstract", "c_46ec", _("Abstract of a thesis (avtoreferat)"), "other"),
        _type("report", "c_93fc", _("Report"), "report"),
        _type("dataset", "c_ddb1", _("Dataset"), "other"),
        _type("software", "c_5ce6", _("Software"), "other"),
        _type("lecture", "c_8544", _("Lecture"), "lecture"),
        _type("image", "c_c513", _("Image"), "other"),
        _type("sound", "c_18cc", _("Sound recording"), "other"),
        _type("video", "c_12ce", _("Video"), "other"),
        _type("map", "c_12cd", _("Map"), "other"),
        _type("other", "c_1843", _("Other"), "other"),
    )
}
TYPES_BY_URI = {term.uri: term for term in TYPES.values()}
THESES = frozenset({"doctoral-thesis", "master-thesis", "bachelor-thesis", "thesis-abstract"})


class Version(NamedTuple):
    """A version type. `eu_repo` is the info:eu-repo/semantics term of OpenAIRE 3."""

    key: str
    uri: str
    label: str
    eu_repo: str


VERSIONS = {
    term.uri: term
    for term in (
        Version("AO", f"{COAR}version/c_b1a7d7d4d402bcce", _("Author's original"), "draft"),
        Version(
            "SMUR",
            f"{COAR}version/c_71e4c1898caa6e32",
            _("Submitted to review"),
            "submittedVersion",
        ),
        Version(
            "AM",
            f"{COAR}version/c_ab4af688f83e57aa",
            _("Accepted manuscript"),
            "acceptedVersion",
        ),
        Version("P", f"{COAR}version/c_fa2ee174bc00049f", _("Proof"), "acceptedVersion"),
        Version(
            "VoR",
            f"{COAR}version/c_970fb48d4fbd8a85",
            _("Published version"),
            "publishedVersion",
        ),
        Version(
            "CVoR", f"{COAR}version/c_e19f295774971610", _("Corrected version"), "updatedVersion"
        ),
        Version(
            "EVoR", f"{COAR}version/c_dc82b40f9837b551", _("Enhanced version"), "updatedVersion"
        ),
    )
}


class Access(StrEnum):
    """Who may open a file."""

    OPEN = "open"
    REGISTERED = "registered"
    CAMPUS = "campus"
    STAFF = "staff"
    CLOSED = "closed"


ACCESS = {
    Access.OPEN: _("Open to everybody"),
    Access.REGISTERED: _("For signed-in readers"),
    Access.CAMPUS: _("In the library's network"),
    Access.STAFF: _("For library staff"),
    Access.CLOSED: _("Closed"),
}


class Copying(StrEnum):
    """Whether those who may read a file are also handed it."""

    ALLOWED = "allowed"
    VIEW_ONLY = "view-only"


COPYING = {
    Copying.ALLOWED: _("May be downloaded"),
    Copying.VIEW_ONLY: _("Read here only, not downloaded"),
}


class EmbargoReason(StrEnum):
    """Why a file stays closed for a time."""

    PUBLISHER = "publisher"
    BOOK = "book"
    PATENT = "patent"
    CONTRACT = "contract"
    DATA = "data"
    OTHER = "other"


EMBARGO_REASONS = {
    EmbargoReason.PUBLISHER: _("The publisher asks for it"),
    EmbargoReason.BOOK: _("A book or an article is to come out first"),
    EmbargoReason.PATENT: _("A patent is being applied for"),
    EmbargoReason.CONTRACT: _("A contract or the funder requires it"),
    EmbargoReason.DATA: _("It holds personal or sensitive data"),
    EmbargoReason.OTHER: _("Another reason"),
}


class CopyrightBasis(StrEnum):
    """On what ground the library may keep and show a work."""

    UNKNOWN = "unknown"
    OWN = "own"
    AGREEMENT = "agreement"
    LICENCE = "licence"
    LAW = "law"
    PUBLIC_DOMAIN = "public-domain"


COPYRIGHT_BASES = {
    CopyrightBasis.UNKNOWN: _("Not known yet"),
    CopyrightBasis.OWN: _("The author deposited their own work"),
    CopyrightBasis.AGREEMENT: _("Agreement with the holder of the rights"),
    CopyrightBasis.LICENCE: _("The licence of the work allows it"),
    CopyrightBasis.LAW: _("The law allows it to libraries"),
    CopyrightBasis.PUBLIC_DOMAIN: _("The work is in the public domain"),
}


class Scan(StrEnum):
    """What is known of viruses in a file."""

    WAITING = "waiting"
    CLEAN = "clean"
    INFECTED = "infected"
    UNSCANNED = "unscanned"


SCANS = {
    Scan.WAITING: _("Waits for the virus check"),
    Scan.CLEAN: _("No virus found"),
    Scan.INFECTED: _("Infected: locked away"),
    Scan.UNSCANNED: _("Not checked for viruses"),
}


class AccessRight(NamedTuple):
    """The COAR access right of a whole work."""

    key: str
    uri: str
    label: str
    eu_repo: str


ACCESS_RIGHTS = {
    right.key: right
    for right in (
        AccessRight("open", f"{COAR}access_right/c_abf2", _("Open access"), "openAccess"),
        AccessRight("embargoed", f"{COAR}access_right/c_f1cf", _("Embargoed"), "embargoedAccess"),
        AccessRight(
            "restricted", f"{COAR}access_right/c_16ec", _("Restricted"), "restrictedAccess"
        ),
        AccessRight(
            "metadata-only", f"{COAR}access_right/c_14cb", _("Description only"), "closedAccess"
        ),
    )
}


class Licence(NamedTuple):
    """Terms of use. `url` is empty where the terms are the law itself."""

    key: str
    url: str
    label: str


def _cc(key: str, label: str) -> Licence:
    name = key.removeprefix("cc-").removesuffix("-4.0")
    return Licence(key, f"https://creativecommons.org/licenses/{name}/4.0/", label)


LICENCES = {
    licence.key: licence
    for licence in (
        _cc("cc-by-4.0", "CC BY 4.0"),
        _cc("cc-by-sa-4.0", "CC BY-SA 4.0"),
        _cc("cc-by-nc-4.0", "CC BY-NC 4.0"),
        _cc("cc-by-nc-sa-4.0", "CC BY-NC-SA 4.0"),
        _cc("cc-by-nd-4.0", "CC BY-ND 4.0"),
        _cc("cc-by-nc-nd-4.0", "CC BY-NC-ND 4.0"),
        Licence("cc0-1.0", "https://creativecommons.org/publicdomain/zero/1.0/", "CC0 1.0"),
        Licence(
            "public-domain",
            "https://creativecommons.org/publicdomain/mark/1.0/",
            _("Public domain"),
        ),
        Licence("in-copyright", "http://rightsstatements.org/vocab/InC/1.0/", _("In copyright")),
        Licence("all-rights-reserved", "", _("All rights reserved")),
    )
}


class Relator(NamedTuple):
    """What a person did for the work: a MARC relator code."""

    code: str
    label: str


RELATORS = {
    relator.code: relator
    for relator in (
        Relator("aut", _("Author")),
        Relator("edt", _("Editor")),
        Relator("com", _("Compiler")),
        Relator("trl", _("Translator")),
        Relator("ill", _("Illustrator")),
        Relator("pht", _("Photographer")),
        Relator("ctg", _("Cartographer")),
        Relator("cmp", _("Composer")),
        Relator("prf", _("Performer")),
        Relator("fmd", _("Film director")),
        Relator("spk", _("Speaker")),
        Relator("ths", _("Supervisor")),
        Relator("opn", _("Opponent")),
        Relator("rev", _("Reviewer")),
        Relator("res", _("Researcher")),
        Relator("dtm", _("Data manager")),
        Relator("aui", _("Author of the introduction")),
        Relator("isb", _("Issuing body")),
        Relator("ctb", _("Contributor")),
    )
}
CREATOR_RELATORS = ("aut", "edt", "com", "ctg", "cmp", "pht", "fmd", "prf", "spk", "isb")

IDENTIFIERS = {
    "doi": "DOI",
    "isbn": "ISBN",
    "issn": "ISSN",
    "handle": "Handle",
    "arxiv": "arXiv",
    "urn": "URN",
    "url": _("Web address"),
    "local": _("Local number"),
    "irbis_mfn": _("IRBIS record number (MFN)"),
    "inventory": _("Inventory number"),
}

CLASSIFICATIONS = {
    "udc": _("UDC"),
    "bbk": _("BBK"),
    "grnti": _("GRNTI"),
    "ddc": _("Dewey"),
    "vak": _("VAK specialty"),
}

DEGREES = {
    "doctor": _("Doctor of sciences"),
    "candidate": _("Candidate of sciences"),
    "phd": _("PhD"),
    "master": _("Master"),
    "specialist": _("Specialist (diploma)"),
    "bachelor": _("Bachelor"),
}

RELATIONS = {
    "is_part_of": _("Part of"),
    "has_part": _("Contains"),
    "is_version_of": _("Version of"),
    "has_version": _("Has version"),
    "is_translation_of": _("Translation of"),
    "has_translation": _("Translated as"),
    "references": _("References"),
    "is_referenced_by": _("Referenced by"),
    "is_supplement_to": _("Supplement to"),
    "is_supplemented_by": _("Supplemented by"),
    "replaces": _("Replaces"),
    "is_replaced_by": _("Replaced by"),
    "continues": _("Continues"),
    "is_review_of": _("Review of"),
}

TITLES = {
    "main": _("Title"),
    "subtitle": _("Subtitle"),
    "alternative": _("Alternative title"),
    "translated": _("Translated title"),
}

HOSTS = {"journal": _("Journal"), "book": _("Book"), "conference": _("Conference")}
COVERAGE = {"spatial": _("Place"), "temporal": _("Period")}
INTERFACE = {"ky": "Кыргызча", "ru": "Русский", "en": "English"}


class ReasonKind(StrEnum):
    """Why a work was taken down, for its tombstone."""

    AUTHOR = "author"
    COPYRIGHT = "copyright"
    ERROR = "error"
    DUPLICATE = "duplicate"
    LAW = "law"
    OTHER = "other"


class Asker(StrEnum):
    """Who asked that a work be taken down."""

    AUTHOR = "author"
    LIBRARY = "library"
    HOLDER = "holder"
    COURT = "court"
    OTHER = "other"


ASKERS = {
    Asker.AUTHOR: _("The author"),
    Asker.LIBRARY: _("The library"),
    Asker.HOLDER: _("The holder of the rights"),
    Asker.COURT: _("A court or an authority"),
    Asker.OTHER: _("Somebody else"),
}
WITHDRAWALS = {
    ReasonKind.AUTHOR: _("At the author's request"),
    ReasonKind.COPYRIGHT: _("Copyright"),
    ReasonKind.ERROR: _("Published by mistake"),
    ReasonKind.DUPLICATE: _("Duplicate of another work"),
    ReasonKind.LAW: _("Required by law"),
    ReasonKind.OTHER: _("Another reason"),
}
