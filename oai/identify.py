"""Identify: what the repository says of itself."""

import time
from collections.abc import Iterator

from lxml import etree

from oai import envelope, identifiers, shelf
from oai.asking import Question
from oai.elements import XSI, Names, located
from oai.envelope import oai
from oai.pages import Answer
from repository.settings import Settings

_NAMESPACE = "http://www.openarchives.org/OAI/2.0/oai-identifier"
_SCHEMA = "http://www.openarchives.org/OAI/2.0/oai-identifier.xsd"
_identifier = Names(_NAMESPACE, {None: _NAMESPACE, "xsi": XSI})
_DAY = 24 * 3600


def identify(question: Question) -> Answer:
    """Identify (4.2)."""
    settings = question.archive.settings
    with question.archive.reading() as session:
        first = shelf.earliest(session)
    said = oai(
        "Identify",
        oai("repositoryName", settings.name),
        oai("baseURL", question.frame.base_url),
        oai("protocolVersion", "2.0"),
        oai("adminEmail", settings.admin_email),
        # While there is none: each that comes will be later than what we say now.
        oai("earliestDatestamp", earliest(question.horizon.now if first is None else first)),
        oai("deletedRecord", "persistent"),
        oai("granularity", "YYYY-MM-DDThh:mm:ssZ"),
        oai("compression", "gzip"),
        *(oai("description", one) for one in _descriptions(settings)),
    )
    return Answer(envelope.answer(question.frame, said))


def earliest(seconds: int) -> str:
    """The earliest datestamp as it is said; never a 29 February, on which harvesters that count
    in years stumble."""
    leap = time.gmtime(seconds)[1:3] == (2, 29)
    return envelope.stamp(seconds - _DAY if leap else seconds)


def _descriptions(settings: Settings) -> Iterator[etree._Element]:
    # The scheme wants a domain name; an address of numbers can be harvested but not described.
    if identifiers.is_domain(settings.oai_host):
        yield located(
            _identifier.root(
                "oai-identifier",
                _identifier("scheme", "oai"),
                _identifier("repositoryIdentifier", settings.oai_host),
                _identifier("delimiter", ":"),
                _identifier("sampleIdentifier", identifiers.make(settings.oai_host, 1)),
            ),
            _SCHEMA,
        )
