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
    "relatedItem identifier location accessCondition genre typeOfResource recordInfo "
    "tableOfContents".split()
)
_DATACITE = frozenset(
    "identifier creators titles publisher publicationYear resourceType subjects contributors dates "
    "language alternateIdentifiers sizes rightsList descriptions relatedItems relatedIdentifiers "
    "fundingReferences geoLocations".split()
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
    "020": "a", "022": "a", "024": "a2", "035": "a", "040": "abcde", "041": "ab2", "080": "a",
    "082": "a2", "084": "a2", "100": "aeu4601", "110": "abcdneu46", "111": "abcdnej46",
    "242": "aby", "245": "abcnph6", "246": "abi", "250": "ab", "260": "abc", "264": "abc",
    "300": "abce", "336": "ab2", "337": "ab2", "338": "ab2", "347": "b", "440": "avx",
    "490": "avx", "500": "a", "501": "a", "502": "abcdg", "504": "ab", "505": "atr",
    "506": "afu2", "508": "a", "511": "a", "518": "adop", "520": "ab", "530": "a", "533": "abcd",
    "534": "aptc", "536": "ac", "540": "au2", "542": "du", "546": "a", "562": "c", "580": "a",
    "583": "ac", "586": "a", "600": "abcdntvxyz20", "610": "abcdntvxyz20",
    "611": "abcdntvxyz20", "630": "abtvxyz20", "648": "abtvxyz20", "650": "abtvxyz20",
    "651": "abtvxyz20", "653": "a", "655": "a20", "700": "aeu4601", "710": "abcdneu46",
    "711": "abcdnej46", "765": "atnzxo", "767": "atnzxo", "770": "atnzxo", "772": "atnzxo",
    "773": "dgnotwxz7", "774": "atnzxo", "775": "atnzxo", "780": "atnzxo", "785": "atnzxo",
    "787": "inzxo", "830": "avx", "852": "p", "856": "uyfqsz3", "880": "6ab", "980": "a",
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
        if tag in ("700", "710", "711") and any(part.get("code") == "t" for part in one):
            found.append(f"{tag}$t")  # another work's author and title
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
