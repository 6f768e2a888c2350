"""mets: a work with its files as METS 1.12, described by MODS and PREMIS 3.

dmdSec holds MODS, amdSec one PREMIS object for each file (fixity, size, format) and the rights,
fileSec the addresses of the files, structMap their order. Files that not everybody may open are
described, for the PREMIS of a work is no secret, but their address leads to a page that says so.
"""

from collections.abc import Iterator
from datetime import datetime

from lxml import etree

from oai.elements import XSI, Names, located
from oai.formats import mods, said
from repository.records import Record, RecordFile
from schemas import vocabulary

NAMESPACE = "http://www.loc.gov/METS/"
SCHEMA = "http://www.loc.gov/standards/mets/mets.xsd"
VERSION = 1

_XLINK = "http://www.w3.org/1999/xlink"
_PREMIS = "http://www.loc.gov/premis/v3"
_PREMIS_SCHEMA = "http://www.loc.gov/standards/premis/premis.xsd"
_mets = Names(NAMESPACE, {"mets": NAMESPACE, "xlink": _XLINK, "xsi": XSI})
_premis = Names(_PREMIS, {"premis": _PREMIS, "xsi": XSI})
_HREF = f"{{{_XLINK}}}href"

Elements = Iterator[etree._Element]


def render(record: Record) -> etree._Element:
    """The package."""
    files = list(enumerate(record.files, 1))
    title, _ = said.main_title(record.document)
    return located(
        _mets.root(
            "mets",
            _head(record),
            _section("dmdSec", "dmd1", mods.render(record), MDTYPE="MODS"),
            _mets(
                "amdSec",
                *(
                    _section("techMD", f"tech{n}", _object(file), **_PREMIS_TYPE)
                    for n, file in files
                ),
                _section("rightsMD", "rights1", _rights(record), **_PREMIS_TYPE),
                ID="amd1",
            ),
            *_file_section(files),
            _mets(
                "structMap",
                _mets(
                    "div",
                    *(
                        _mets("div", _mets("fptr", FILEID=f"file{n}"), TYPE="file", LABEL=file.name)
                        for n, file in files
                    ),
                    DMDID="dmd1",
                    ADMID="rights1",
                    TYPE="work",
                    LABEL=title,
                ),
                TYPE="physical",
            ),
            OBJID=record.url,
            LABEL=title,
            PROFILE="http://www.loc.gov/standards/mets/",
        ),
        SCHEMA,
    )


_PREMIS_TYPE = {"MDTYPE": "PREMIS", "MDTYPEVERSION": "3.0"}


def _head(record: Record) -> etree._Element:
    agent = _mets(
        "agent", _mets("name", "Open Archive"), ROLE="CREATOR", TYPE="OTHER", OTHERTYPE="SOFTWARE"
    )
    return _mets(
        "metsHdr",
        agent,
        CREATEDATE=_moment(record.published),
        LASTMODDATE=_moment(record.changed),
        RECORDSTATUS=f"version {record.version}",
    )


def _moment(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def _section(name: str, ident: str, content: etree._Element, **kind: str) -> etree._Element:
    return _mets(name, _mets("mdWrap", _mets("xmlData", content), **kind), ID=ident)


def _object(file: RecordFile) -> etree._Element:
    made = _premis.root(
        "object",
        _premis(
            "objectIdentifier",
            _premis("objectIdentifierType", "URI"),
            _premis("objectIdentifierValue", file.url),
        ),
        _premis(
            "objectCharacteristics",
            _premis(
                "fixity",
                _premis("messageDigestAlgorithm", "SHA-512"),
                _premis("messageDigest", file.sha512),
            ),
            _premis("size", file.size),
            _premis(
                "format",
                _premis("formatDesignation", _premis("formatName", file.media_type)),
            ),
        ),
        _premis("originalName", file.name),
    )
    made.set(f"{{{XSI}}}type", "premis:file")
    return located(made, _PREMIS_SCHEMA)


def _rights(record: Record) -> etree._Element:
    right = vocabulary.ACCESS_RIGHTS[record.access_right]
    licence = vocabulary.LICENCES.get(record.document.get("licence", ""))
    return located(
        _premis.root(
            "rights",
            _premis(
                "rightsStatement",
                _premis(
                    "rightsStatementIdentifier",
                    _premis("rightsStatementIdentifierType", "URI"),
                    _premis("rightsStatementIdentifierValue", f"{record.url}#rights"),
                ),
                _premis("rightsBasis", "license" if licence else "other"),
                _licence(licence) if licence else _other(right.uri),
                _premis(
                    "rightsGranted",
                    _premis("act", "disseminate"),
                    _premis("rightsGrantedNote", f"{right.label} ({right.uri})"),
                ),
            ),
        ),
        _PREMIS_SCHEMA,
    )


def _licence(licence: vocabulary.Licence) -> etree._Element:
    return _premis("licenseInformation", _premis("licenseTerms", licence.url or licence.label))


def _other(basis: str) -> etree._Element:
    return _premis("otherRightsInformation", _premis("otherRightsBasis", basis))


def _file_section(files: list[tuple[int, RecordFile]]) -> Elements:
    if files:
        group = _mets("fileGrp", *(_file(n, file) for n, file in files), USE="CONTENT")
        yield _mets("fileSec", group)


def _file(n: int, file: RecordFile) -> etree._Element:
    place = _mets("FLocat", LOCTYPE="URL")
    place.set(_HREF, file.url)
    return _mets(
        "file",
        place,
        ID=f"file{n}",
        ADMID=f"tech{n}",
        MIMETYPE=file.media_type,
        SIZE=str(file.size),
        CHECKSUM=file.sha512,
        CHECKSUMTYPE="SHA-512",
        USE="open" if file.free else "restricted",
    )
