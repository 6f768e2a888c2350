"""Kinds of works, languages of rights and identifiers, as other systems write them."""

import re
from collections.abc import Iterable, Mapping

from schemas import vocabulary

# Terms of DC, DCMI, eu-repo, DataCite, MARC and BibTeX, and what people type, without their signs.
_KINDS: Mapping[str, str] = {
    "article": "article",
    "journalarticle": "article",
    "researcharticle": "article",
    "contributiontojournal": "article",
    "статья": "article",
    "макала": "article",
    "review": "review-article",
    "reviewarticle": "review-article",
    "preprint": "preprint",
    "submittedversion": "preprint",
    "workingpaper": "working-paper",
    "conferenceobject": "conference-paper",
    "conferencepaper": "conference-paper",
    "conferenceitem": "conference-paper",
    "inproceedings": "conference-paper",
    "proceedingspaper": "conference-paper",
    "conferenceposter": "conference-poster",
    "poster": "conference-poster",
    "conferenceproceeding": "proceedings",
    "conferenceproceedings": "proceedings",
    "proceedings": "proceedings",
    "book": "monograph",
    "books": "monograph",
    "monograph": "monograph",
    "монография": "monograph",
    "книга": "monograph",
    "китеп": "monograph",
    "bookpart": "book-part",
    "bookchapter": "book-part",
    "booksection": "book-part",
    "textbook": "textbook",
    "learningobject": "textbook",
    "учебник": "textbook",
    "учебноепособие": "textbook",
    "окуукитеби": "textbook",
    "journal": "periodical",
    "serial": "periodical",
    "periodical": "periodical",
    "newspaper": "periodical",
    "continuing": "periodical",
    "doctoralthesis": "doctoral-thesis",
    "phdthesis": "doctoral-thesis",
    "dissertation": "doctoral-thesis",
    "диссертация": "doctoral-thesis",
    "thesis": "doctoral-thesis",
    "theses": "doctoral-thesis",
    "etd": "doctoral-thesis",
    "masterthesis": "master-thesis",
    "mastersthesis": "master-thesis",
    "bachelorthesis": "bachelor-thesis",
    "автореферат": "thesis-abstract",
    "авторефератдиссертации": "thesis-abstract",
    "report": "report",
    "technicalreport": "report",
    "отчет": "report",
    "dataset": "dataset",
    "software": "software",
    "lecture": "lecture",
    "presentation": "lecture",
    "лекция": "lecture",
    "image": "image",
    "stillimage": "image",
    "photograph": "image",
    "sound": "sound",
    "audio": "sound",
    "audiovisual": "video",
    "movingimage": "video",
    "video": "video",
    "film": "video",
    "map": "map",
    "cartographic": "map",
    "карта": "map",
}
_COAR = re.compile(r"coar/resource_type/(c_[0-9a-f]+)")
_BY_CODE = {term.uri.rsplit("/", 1)[1]: term.uri for term in vocabulary.TYPES.values()}
_CC = re.compile(r"creativecommons\.org/licen[sc]es/(by(?:-nc)?(?:-sa|-nd)?)/")
_BY_LABEL = {one.label.casefold(): one.key for one in vocabulary.LICENCES.values()}
_ACCESS = {
    "openaccess": "open",
    "embargoedaccess": "embargoed",
    "restrictedaccess": "restricted",
    "closedaccess": "metadata-only",
    "abf2": "open",
    "f1cf": "embargoed",
    "16ec": "restricted",
    "14cb": "metadata-only",
}


def kind(texts: Iterable[str]) -> str:
    """The COAR URI of the first text that names a kind; "other" when none does."""
    found = [_kind(one) for one in texts]
    return next(filter(None, found), vocabulary.TYPES["other"].uri)


def _kind(text: str) -> str:
    coded = _COAR.search(text)
    if coded:
        return _BY_CODE.get(coded[1], "")
    bare = re.sub(r"[\W_]+", "", text.rpartition("/")[2].rpartition(":")[2].casefold())
    key = _KINDS.get(bare) or _KINDS.get(bare.removesuffix("s"))
    return vocabulary.TYPES[key].uri if key else ""


def licence(text: str) -> str:
    """The key of a licence that a text names by its address, or as we call it; "" without one."""
    found = _CC.search(text.lower())
    if found:
        key = f"cc-{found[1]}-4.0"
        return key if key in vocabulary.LICENCES else ""
    if "publicdomain/zero" in text:
        return "cc0-1.0"
    if "publicdomain/mark" in text:
        return "public-domain"
    if "rightsstatements.org/vocab/InC/" in text:
        return "in-copyright"
    return _BY_LABEL.get(text.strip(" .").casefold(), "")


def access(text: str) -> str:
    """The access right that a text names; "" when it names none."""
    return _ACCESS.get(re.sub(r".*[/_]", "", text.strip().lower()), "")


def identifier(text: str) -> dict[str, str] | None:
    """What an identifier without a scheme is, by its look; None when it is nothing known."""
    plain = text.strip()
    low = plain.lower()
    if re.match(r"(?:https?://(?:dx\.)?doi\.org/|doi:\s*)?10\.[0-9]{4,9}/", low):
        return {"scheme": "doi", "value": plain}
    if re.match(r"(?:https?://hdl\.handle\.net/|hdl:)", low):
        return {"scheme": "handle", "value": plain}
    if low.startswith(("http://", "https://")):
        return {"scheme": "url", "value": plain}
    if low.startswith("urn:isbn:") or low.startswith("isbn"):
        return {"scheme": "isbn", "value": re.sub(r"^urn:isbn:|^isbn[:\s]*", "", plain, flags=re.I)}
    if low.startswith("urn:issn:") or low.startswith("issn"):
        return {"scheme": "issn", "value": re.sub(r"^urn:issn:|^issn[:\s]*", "", plain, flags=re.I)}
    if low.startswith("urn:"):
        return {"scheme": "urn", "value": plain}
    if low.startswith("arxiv:"):
        return {"scheme": "arxiv", "value": plain}
    if re.fullmatch(r"97[89][0-9-]{10,14}", plain):
        return {"scheme": "isbn", "value": plain}
    return None


def classification(text: str) -> dict[str, str] | None:
    """A subject that is a class of a scheme; None when it is a word."""
    found = re.match(r"info:eu-repo/classification/(ddc|udc)/(.+)", text) or re.match(
        r"(?i)(ddc|udc|bbk|grnti|удк|ббк|грнти)[\s:]+([0-9А-Я][\w.:()+/-]*)$", text
    )
    if not found:
        return None
    scheme = {"удк": "udc", "ббк": "bbk", "грнти": "grnti"}
    low = found[1].lower()
    return {"scheme": scheme.get(low, low), "code": found[2]}
