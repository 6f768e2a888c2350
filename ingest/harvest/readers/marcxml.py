"""MARC 21 as XML."""

import re

from lxml import etree

from ingest.harvest.readers import kinds, marc_links
from ingest.harvest.readers.elements import Description, each, headed, local, peopled, titled, words
from ingest.harvest.readers.marc_fields import Marc, agent, one, role, subfields
from schemas import vocabulary

NAMESPACES = ("http://www.loc.gov/MARC21/slim",)
# Leader 06 and 07, as far as they say more than "text".
_LEADER = {
    "aa": "book-part",
    "ab": "article",
    "am": "monograph",
    "as": "periodical",
    "e": "map",
    "f": "map",
    "g": "video",
    "i": "sound",
    "j": "sound",
    "k": "image",
    "m": "software",
    "t": "monograph",
}
_SCHEMES = {"rubbk": "bbk", "bbk": "bbk", "grnti": "grnti", "rugasnti": "grnti", "vak": "vak"}
_SUBJECTS = ("600", "610", "611", "630", "648", "650", "651", "653")
_NOTES = {"500": "a", "501": "a", "504": "ab", "505": "atr", "508": "a", "511": "a", "518": "aop",
          "530": "a", "533": "abcd", "534": "aptc", "546": "a", "580": "a", "586": "a"}  # fmt: skip
_COVERED = {"648": "temporal", "651": "spatial", "6534": "temporal", "6535": "spatial"}
_NUMBERS = {"doi": "doi", "hdl": "handle", "urn": "urn", "arxiv": "arxiv", "uri": "url"}


def read(element: etree._Element) -> Description:
    """What a record in MARC 21 says. A collection's first record is read."""
    record = next(each(element, "record"), element) if local(element) == "collection" else element
    found = Description()
    marc = Marc(record)
    kind = marc_links.thesis(found, marc)
    _titles(found, marc)
    _people(found, marc)
    _imprint(found, marc)
    _subjects(found, marc)
    _identifiers(found, marc)
    _texts(found, marc)
    marc_links.host(found, marc)
    marc_links.relations(found, marc)
    marc_links.terms(found, marc)
    said = [*marc.texts("655", "a"), *marc.texts("980", "a")]
    found.document["type"] = kinds.kind([*said, kind, _of_leader(marc)])
    if vocabulary.TYPES_BY_URI[found.document["type"]].key not in vocabulary.THESES:
        found.document.pop("thesis", None)
    return found


def _titles(found: Description, marc: Marc) -> None:
    for field in marc.of("245"):
        titled(found, [{"text": re.sub(r"\.$", "", ". ".join(subfields(field, "anp")))}])
        kind = "translated" if _parallel(field) else "subtitle"
        titled(found, [{"text": one(field, "b"), "kind": kind}])
        script = marc.script(field)
        if script is not None:
            text = ". ".join(subfields(script, "anp"))
            titled(found, [{"text": text.rstrip("."), "kind": "alternative"}])
    for field in marc.of("242", "246"):
        translated = field.get("tag") == "242" or field.get("ind2") == "1"
        kind = "translated" if translated else "alternative"
        titled(found, [{"text": one(field, "ab"), "kind": kind, "language": one(field, "y")}])


def _parallel(field: etree._Element) -> bool:
    """Whether what follows the title says the same in another language."""
    before = [words(part) for part in each(field, "subfield") if part.get("code") == "a"]
    return any(text.endswith("=") for text in before)


def _people(found: Description, marc: Marc) -> None:
    for field in marc.of("100", "110", "111", "700", "710", "711"):
        tag, said = str(field.get("tag")), role(field)
        # A name with a title is another work's; who granted a degree stands with the thesis.
        if said == "dgg" or (tag.startswith("7") and subfields(field, "t")):
            continue
        main = tag.startswith("1") and said not in ("edt", "com")
        main = main and (tag == "100" or said != "")
        peopled(found, agent(field, marc), main=main)
    headed(found)


def _imprint(found: Description, marc: Marc) -> None:
    for field in marc.of("260", "264"):
        if field.get("tag") == "264" and field.get("ind2") not in ("1", " ", "", None):
            continue
        for place, name in _published(field):
            found.add("publishers", {"name": name, "place": place})
        dates = re.findall(r"[0-9]{4}(?:-[0-9]{2}){0,2}(?![0-9])", one(field, "c"))
        found.put("issued", dates[0] if dates else "")
    fixed = marc.control.get("008", "")
    found.put("issued", fixed[7:11] if re.fullmatch(r"[0-9]{4}", fixed[7:11]) else "")
    for text in (*marc.texts("041", "a"), fixed[35:38]):
        for code in re.findall("[a-z]{3}", text):
            found.add("languages", code if code not in ("mul", "und", "zxx") else "")
    for field in marc.of("250"):
        found.put("edition", one(field, "ab"))
    for field in marc.of("300"):
        _extent(found, field)
    for field in list(marc.of("440", "490")) or list(marc.of("830")):
        series = {"title": one(field, "a"), "number": one(field, "v"), "issn": one(field, "x")}
        found.add("series", series if series["title"] else None)


def _published(field: etree._Element) -> list[tuple[str, str]]:
    """Publishers with the places that stand before them."""
    place = ""
    found: list[tuple[str, str]] = []
    for part in each(field, "subfield"):
        said = re.sub(r"\s*[/:;,=]$", "", words(part)).strip("[] ")
        if part.get("code") == "a":
            place = said
        elif part.get("code") == "b" and said:
            found.append((place, said))
    return found


def _extent(found: Description, field: etree._Element) -> None:
    """How much there is of it, with its pictures and what comes with it: "120 p. : maps"."""
    *others, last = subfields(field, "a") or [""]
    for text in others:
        found.add("extent", text)
    signs = (("b", " : "), ("c", " ; "), ("e", " + "))
    more = [sign + text for code, sign in signs if (text := one(field, code))]
    found.add("extent", "".join([last, *more]).strip(" :;+"))


def _subjects(found: Description, marc: Marc) -> None:
    for field in marc.of(*_SUBJECTS):
        names = one(field, "abcdnt").rstrip(".")
        if field.get("tag") not in ("600", "610", "611"):
            names = " — ".join(part.rstrip(".") for part in subfields(field, "abt"))
        parts = [part.rstrip(".") for part in subfields(field, "vxyz")]
        text = " — ".join(filter(None, (names, *parts)))
        tag = field.get("tag", "")
        kind = _COVERED.get(tag + field.get("ind2", "") if tag == "653" else tag)
        if kind and text:
            found.add("coverage", {"kind": kind, "text": text})
        else:
            found.add("keywords", {"text": text} if text else None)
    for scheme, tag in (("udc", "080"), ("ddc", "082")):
        for code in marc.texts(tag, "a"):
            found.add("classification", {"scheme": scheme, "code": code})
    for field in marc.of("084"):
        named = _SCHEMES.get(one(field, "2").lower())
        for code in subfields(field, "a") if named else ():
            found.add("classification", {"scheme": named, "code": code})


def _identifiers(found: Description, marc: Marc) -> None:
    for scheme, tag in (("isbn", "020"), ("issn", "022")):
        for text in marc.texts(tag, "a"):
            found.add("identifiers", {"scheme": scheme, "value": text.partition(" ")[0]})
    for field in marc.of("024"):
        scheme = _NUMBERS.get(one(field, "2").lower(), "")
        for value in subfields(field, "a"):
            known = {"scheme": scheme, "value": value} if scheme else kinds.identifier(value)
            found.add("identifiers", known)
    for text in marc.texts("035", "a"):
        scheme, _, value = text.strip("(").partition(")")
        named = {"local": "local", "irbis": "irbis_mfn"}.get(scheme)
        number = value if named else text  # another catalogue's number, with its name
        found.add("identifiers", {"scheme": named or "local", "value": number})
    for text in marc.texts("852", "p"):
        found.add("identifiers", {"scheme": "inventory", "value": text})
    for field in marc.of("856"):
        found.urls += subfields(field, "u")


def _texts(found: Description, marc: Marc) -> None:
    texts = [one(field, "ab") for field in marc.of("520")]
    codes = list(marc.texts("041", "b"))
    for at, text in enumerate(filter(None, texts)):
        # Languages of abstracts stand apart from them, in the same order if there are as many.
        language = codes[at] if len(codes) == len(texts) else ""
        found.add("abstracts", {"text": text, "language": language})
    for tag, wanted in _NOTES.items():
        for field in marc.of(tag):
            found.add("notes", one(field, wanted))


def _of_leader(marc: Marc) -> str:
    kind = marc.leader[6:8]
    key = _LEADER.get(kind) or _LEADER.get(kind[:1])
    return vocabulary.TYPES[key].uri if key else ""
