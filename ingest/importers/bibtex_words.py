"""Words of BibTeX and biblatex: kinds of entries, names of fields, and what they are here."""

from ingest.importers import references
from repository.exports import bibtex, csl

# What the exports write, and the kinds that biblatex has besides.
KINDS = references.inverted(bibtex.KINDS) | {
    "conference": "conference-paper", "inbook": "book-part", "suppbook": "book-part",
    "bookinbook": "book-part", "incollection": "book-part", "suppcollection": "book-part",
    "inreference": "book-part", "mvbook": "monograph", "booklet": "monograph",
    "collection": "monograph", "mvcollection": "monograph", "reference": "monograph",
    "mvreference": "monograph", "mvproceedings": "proceedings", "manual": "textbook",
    "periodical": "periodical-issue", "thesis": "doctoral-thesis", "report": "report",
    "suppperiodical": "article", "review": "review-article", "dataset": "dataset",
    "software": "software", "image": "image", "artwork": "image", "audio": "sound",
    "music": "sound", "movie": "video", "video": "video", "patent": "other", "online": "other",
    "electronic": "other", "www": "other", "preprint": "preprint",
}  # fmt: skip
HOSTING = {
    "inproceedings": "conference", "conference": "conference", "incollection": "book",
    "inbook": "book", "suppbook": "book", "bookinbook": "book", "suppcollection": "book",
    "inreference": "book",
}  # fmt: skip
DEGREES = {"phdthesis": "phd", "mastersthesis": "master"}
# What biblatex writes for kinds of theses and reports.
TYPES = {
    "phdthesis": csl.GENRES["en"]["phd"], "candthesis": csl.GENRES["en"]["candidate"],
    "mathesis": csl.GENRES["en"]["master"], "bathesis": csl.GENRES["en"]["bachelor"],
    "techreport": "technical report", "resreport": "report", "software": "software",
}  # fmt: skip
PEOPLE = {
    "author": "aut", "editor": "edt", "translator": "trl", "illustrator": "ill", "bookauthor": "",
    "introduction": "aui", "foreword": "aui", "supervisor": "ths", "advisor": "ths",
    "editora": "ctb", "editorb": "ctb", "commentator": "ctb", "annotator": "ctb", "reviewer": "rev",
}  # fmt: skip
SAID = {  # variables of CSL, with the fields that may hold them, the better before the worse
    "genre": ("type",),
    "container-title": ("journaltitle", "journal", "booktitle"),
    "event-title": ("eventtitle", "conference"),
    "event-place": ("venue",),
    "event-date": ("eventdate",),
    "volume": ("volume",),
    "number-of-pages": ("pagetotal", "numpages"),
    "edition": ("edition",),
    "publisher-place": ("location", "address"),
    "collection-title": ("series",),
}
PUBLISHERS = ("school", "institution", "publisher", "organization")
NUMBERS = {"isbn": "isbn", "issn": "issn", "eissn": "issn", "e-issn": "issn"}
# What only the program that kept the entry, or TeX, needs to know.
OF_PROGRAMS = frozenset(
    "timestamp creationdate modificationdate owner groups file-restricted priority ranking "
    "readstatus qualityassured printed relevance citationkey ids options presort sortkey sorttitle "
    "sortname sortyear label shorthand keywords-restricted bdsk-url-1 date-added date-modified "
    "mendeley-groups".split()
)
