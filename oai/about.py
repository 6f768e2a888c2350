"""What stands beside a record in `about`: the rights in its metadata, and where it is from.

OAI-PMH 2.0, section 2.5; guidelines-rights 3.1 and guidelines-provenance.
"""

from typing import NamedTuple

from lxml import etree

from oai import envelope
from oai.elements import XSI, Names, located

_RIGHTS = "http://www.openarchives.org/OAI/2.0/rights/"
_RIGHTS_SCHEMA = "http://www.openarchives.org/OAI/2.0/rights.xsd"
_PROVENANCE = "http://www.openarchives.org/OAI/2.0/provenance"
_PROVENANCE_SCHEMA = "http://www.openarchives.org/OAI/2.0/provenance.xsd"
_rights = Names(_RIGHTS, {None: _RIGHTS, "xsi": XSI})
_provenance = Names(_PROVENANCE, {None: _PROVENANCE, "xsi": XSI})


class Origin(NamedTuple):
    """Where a harvested record is from; `harvested` and `datestamp` as OAI-PMH writes them."""

    base_url: str
    identifier: str
    datestamp: str
    namespace: str
    harvested: str
    altered: bool


def rights(licence: str) -> etree._Element:
    """The terms on which the metadata may be used, by their address."""
    return located(_rights.root("rights", _rights("rightsReference", ref=licence)), _RIGHTS_SCHEMA)


def provenance(origin: Origin) -> etree._Element:
    """That a record was harvested, when and from where."""
    described = _provenance(
        "originDescription",
        _provenance("baseURL", origin.base_url),
        _provenance("identifier", origin.identifier),
        _provenance("datestamp", origin.datestamp),
        _provenance("metadataNamespace", origin.namespace),
        harvestDate=origin.harvested,
        altered="true" if origin.altered else "false",
    )
    return located(_provenance.root("provenance", described), _PROVENANCE_SCHEMA)


def parts(*contents: etree._Element) -> bytes:
    """About parts as they stand behind a record's metadata."""
    return b"".join(envelope.about(one) for one in contents)
