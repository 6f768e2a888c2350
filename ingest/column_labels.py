"""What the columns of spreadsheets are called, in the language of the page."""

from flask_babel import gettext

from repository.web import words
from schemas import vocabulary


def _(label: str) -> str:
    """Marks a label for translation."""
    return label


LABELS = {
    "number": _("Number"),
    "revision": _("Revision"),
    "state": _("State"),
    "link": _("Page"),
    "title": _("Title"),
    "subtitle": _("Subtitle"),
    "other_titles": _("Other titles"),
    "translated_title": _("Translated title"),
    "type": _("Kind of work"),
    "creators": _("Authors"),
    "contributors": _("Contributors"),
    "supervisor": _("Supervisor"),
    "editor": _("Editor"),
    "compiler": _("Compiler"),
    "translator": _("Translator"),
    "reviewer": _("Reviewer"),
    "issued": _("Date of publication"),
    "publisher": _("Publisher"),
    "place": _("Place of publication"),
    "edition": _("Edition"),
    "languages": _("Languages"),
    "host": _("What it came out in"),
    "volume": _("Volume"),
    "issue": _("Issue"),
    "pages": _("Pages"),
    "series": _("Series"),
    "degree": _("Degree"),
    "grantor": _("Institution"),
    "defended": _("Date of defence"),
    "specialty": _("Specialty"),
    "extent": _("Extent"),
    "licence": _("Terms of use"),
    "rights_holders": _("Rights holders"),
    "notes": _("Notes"),
    "abstract": _("Abstract"),
    "keywords": _("Keywords"),
    "collections": _("Collections"),
    "files": _("Files"),
    "access": _("Who may read"),
    "embargo_until": _("Closed until"),
    "key": _("Number in the source"),
    **vocabulary.CLASSIFICATIONS,
    **{one: vocabulary.IDENTIFIERS[one] for one in ("doi", "isbn", "issn", "url")},
}


def label(key: str) -> str:
    """The label of a column, with its language where it has one: "abstract.ky"."""
    name, _dot, language = key.partition(".")
    if name not in LABELS:
        return key
    said = LABELS[name]
    tongue = f" ({words.language_name(language)})" if language else ""
    return gettext(said) + tongue
