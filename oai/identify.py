"""Identify: what the repository says of itself."""

import time
from collections.abc import Iterator, Mapping

from lxml import etree

from oai import envelope, identifiers, shelf
from oai.asking import Question
from oai.elements import XSI, Names, located
from oai.envelope import oai
from oai.pages import Answer
from repository import appearance, statements
from repository.settings import Settings

_NAMESPACE = "http://www.openarchives.org/OAI/2.0/oai-identifier"
_SCHEMA = "http://www.openarchives.org/OAI/2.0/oai-identifier.xsd"
_identifier = Names(_NAMESPACE, {None: _NAMESPACE, "xsi": XSI})
_EPRINTS = "http://www.openarchives.org/OAI/1.1/eprints"
_EPRINTS_SCHEMA = "http://www.openarchives.org/OAI/1.1/eprints.xsd"
_eprints = Names(_EPRINTS, {None: _EPRINTS, "xsi": XSI})
_BRANDING = "http://www.openarchives.org/OAI/2.0/branding/"
_BRANDING_SCHEMA = "http://www.openarchives.org/OAI/2.0/branding.xsd"
_brand = Names(_BRANDING, {None: _BRANDING, "xsi": XSI})
_FRIENDS = "http://www.openarchives.org/OAI/2.0/friends/"
_FRIENDS_SCHEMA = "http://www.openarchives.org/OAI/2.0/friends.xsd"
_friends = Names(_FRIENDS, {None: _FRIENDS, "xsi": XSI})
_RIGHTS = "http://www.openarchives.org/OAI/2.0/rights/"
_RIGHTS_SCHEMA = "http://www.openarchives.org/OAI/2.0/rightsManifest.xsd"
_rights = Names(_RIGHTS, {None: _RIGHTS, "xsi": XSI})
# Policies are said in one language, the one that registries read.
LANGUAGE = "en"
_DAY = 24 * 3600


def identify(question: Question) -> Answer:
    """Identify (4.2)."""
    settings = question.archive.settings
    with question.archive.reading() as session:
        first = shelf.earliest(session)
        policies = statements.all_in(session, LANGUAGE)
    said = oai(
        "Identify",
        oai("repositoryName", appearance.name(settings, LANGUAGE)),
        oai("baseURL", question.frame.base_url),
        oai("protocolVersion", "2.0"),
        oai("adminEmail", settings.admin_email),
        # While there is none: each that comes will be later than what we say now.
        oai("earliestDatestamp", earliest(question.horizon.now if first is None else first)),
        oai("deletedRecord", "persistent"),
        oai("granularity", "YYYY-MM-DDThh:mm:ssZ"),
        oai("compression", "gzip"),
        *(oai("description", one) for one in _descriptions(settings, policies)),
    )
    return Answer(envelope.answer(question.frame, said))


def earliest(seconds: int) -> str:
    """The earliest datestamp as it is said; never a 29 February, on which harvesters that count
    in years stumble."""
    leap = time.gmtime(seconds)[1:3] == (2, 29)
    return envelope.stamp(seconds - _DAY if leap else seconds)


def _descriptions(settings: Settings, policies: Mapping[str, str]) -> Iterator[etree._Element]:
    yield from scheme(settings.oai_host)
    yield _policies(settings, policies)
    yield _branding(settings)
    if settings.oai_friends:
        yield located(
            _friends.root("friends", *(_friends("baseURL", one) for one in settings.oai_friends)),
            _FRIENDS_SCHEMA,
        )
    yield located(
        _rights.root(
            "rightsManifest",
            _rights("rights", _rights("rightsReference", ref=settings.metadata_licence)),
            appliesTo="http://www.openarchives.org/OAI/2.0/entity#metadata",
        ),
        _RIGHTS_SCHEMA,
    )


def scheme(host: str) -> Iterator[etree._Element]:
    """The oai-identifier description. It wants a domain name: an address of numbers can be
    harvested but not described."""
    if identifiers.is_domain(host):
        yield located(
            _identifier.root(
                "oai-identifier",
                _identifier("scheme", "oai"),
                _identifier("repositoryIdentifier", host),
                _identifier("delimiter", ":"),
                _identifier("sampleIdentifier", identifiers.make(host, 1)),
            ),
            _SCHEMA,
        )


def _policies(settings: Settings, policies: Mapping[str, str]) -> etree._Element:
    """The eprints description: what is collected, and on which terms it may be used."""

    def policy(element: str, kind: str) -> etree._Element:
        address = f"{settings.base_url}/policies#{kind}"
        return _eprints(element, _eprints("URL", address), _eprints("text", policies[kind]))

    return located(
        _eprints.root(
            "eprints",
            policy("content", "content"),
            policy("metadataPolicy", "metadata"),
            policy("dataPolicy", "data"),
            policy("submissionPolicy", "submission"),
            *(_eprints("comment", policies[kind]) for kind in ("preservation", "withdrawal")),
        ),
        _EPRINTS_SCHEMA,
    )


def _branding(settings: Settings) -> etree._Element:
    return located(
        _brand.root(
            "branding",
            _brand(
                "collectionIcon",
                _brand("url", f"{settings.base_url}/static/favicon.svg"),
                _brand("link", f"{settings.base_url}/"),
                _brand("title", appearance.name(settings, LANGUAGE)),
            ),
        ),
        _BRANDING_SCHEMA,
    )
