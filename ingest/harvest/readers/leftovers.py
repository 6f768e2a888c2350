"""What of a record the readers have no place for, by its name, and the number that it goes by.

Nobody reads it again: it is for the report, while the record itself is kept whole.
"""

from collections.abc import Callable, Mapping

from lxml import etree

from ingest.harvest.readers.elements import each, local, text

MOST = 60
# What the readers of each format look at, of the top of a record.
_MODS = frozenset(
    "titleInfo name originInfo language physicalDescription abstract note subject classification "
    "relatedItem identifier location accessCondition genre typeOfResource recordInfo".split()
)
_DATACITE = frozenset(
    "identifier creators titles publisher publicationYear resourceType subjects contributors dates "
    "language alternateIdentifiers sizes rightsList descriptions relatedItems relatedIdentifiers "
    "fundingReferences geoLocations version".split()
)
_DC = frozenset(
    "title creator contributor subject description publisher language identifier source rights "
    "coverage date type relation alternative abstract tableOfContents created issued dateAccepted "
    "dateSubmitted available extent isPartOf hasPart isVersionOf references isReferencedBy "
    "replaces isReplacedBy spatial temporal license rightsHolder bibliographicCitation modified "
    "dateCopyrighted accessRights valid".split()
)
# MARC 21: fields and the subfields that are read; control fields besides.
_MARC: Mapping[str, str] = {
    "020": "az", "022": "a", "024": "a2", "035": "a", "041": "a", "080": "a", "082": "a2",
    "084": "a2", "100": "aqcdeu4601", "110": "abcdneu46", "111": "abcdnej46", "242": "aby",
    "245": "abcnph6", "246": "abinp", "250": "ab", "260": "abc", "264": "abc", "300": "abce",
    "440": "avx", "490": "avx", "500": "a", "502": "abcdg", "504": "ab", "505": "atr",
    "506": "aufg2", "518": "op", "520": "ab", "536": "ac", "540": "au2", "542": "du", "546": "a",
    "583": "ac", "600": "abcdtxyz20", "610": "abtxyz20", "611": "acdntxyz20", "630": "atxyz20",
    "648": "a20", "650": "axyzv20", "651": "axyzv20", "653": "a", "655": "a20", "562": "c",
    "700": "aqcdeu4601", "710": "abcdneu46", "711": "abcdnej46", "773": "tdgxzno7awbiq",
    "765": "tzxoin", "767": "tzxoin", "770": "tzxoin", "772": "tzxoin", "774": "tzxoin",
    "775": "tzxoin", "780": "tzxoin", "785": "tzxoin", "787": "tzxoin", "830": "avx",
    "852": "p", "856": "uyfqsz3", "880": "6a", "980": "a", "336": "ab2", "337": "ab2",
    "338": "ab2", "347": "b", "040": "abcde",
}  # fmt: skip
_CONTROL = frozenset({"001", "003", "005", "006", "007", "008"})


def unplaced(named: str, element: etree._Element) -> tuple[str, ...]:
    """The parts of a record that found no place in its description."""
    found = _UNPLACED[named](element) if named in _UNPLACED else []
    return tuple(list(dict.fromkeys(found))[:MOST])


def number(named: str, element: etree._Element) -> str:
    """The number under which a record's source keeps it; "" when it does not say."""
    if named == "marcxml":
        control = {
            one.get("tag"): (one.text or "").strip() for one in each(element, "controlfield")
        }
        whose, own = control.get("003", ""), control.get("001", "")
        return (f"{whose}/{own}" if whose else own) if own else ""
    if named == "mods":
        return text(element, "recordInfo", "recordIdentifier")
    return ""


def _marc(element: etree._Element) -> list[str]:
    found = []
    for one in each(element, "controlfield", "datafield"):
        tag = one.get("tag", "")
        if local(one) == "controlfield":
            found += [tag] if tag not in _CONTROL else []
            continue
        codes = [part.get("code", "") for part in each(one, "subfield")]
        found += [f"{tag}${code}" for code in codes if code not in _MARC.get(tag, "")]
    return found


def _tops(known: frozenset[str]) -> Callable[[etree._Element], list[str]]:
    return lambda element: [local(one) for one in element if local(one) and local(one) not in known]


_UNPLACED: Mapping[str, Callable[[etree._Element], list[str]]] = {
    "marcxml": _marc,
    "mods": _tops(_MODS),
    "oai_datacite": _tops(_DATACITE),
    "oai_dc": _tops(_DC),
}
