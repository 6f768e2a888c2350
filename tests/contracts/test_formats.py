"""What every metadata format promises, over works of all kinds that the profile allows."""

from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import quote, urljoin

import pytest
import xmlschema
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from oai import envelope, formats
from oai.elements import XSI, Names
from oai.formats import rioxx, rusmarc
from repository import access, web
from repository.records import Record, RecordFile
from schemas import vocabulary
from schemas import work as profile
from schemas.vocabulary import Access, Scan

SCHEMAS = Path(__file__).parents[3] / "shared" / "data" / "xsd"
FORMATS = formats.known()
BASE = "https://archive.example.org/"

# Letters of the languages here, what XML must escape, and what it forbids.
TEXT = st.text("aZ9 ңөүҢЙё«»<>&\"'%/\\]\u00a0\u0301😀", min_size=1, max_size=30).map("т".__add__)
LANGUAGE = st.sampled_from(["ky", "ru", "en", "dng", "tr"])
DATE = st.sampled_from(["1936", "2024~", "2024-05", "2024-02-29", "2023-12-31?", "0866"])
URL = st.just("https://example.org/a?b=c&d=%20")


def some(strategy, most=3):
    return st.lists(strategy, max_size=most)


def group(required=None, **optional):
    return st.fixed_dictionaries(required or {}, optional=optional)


AFFILIATIONS = some(group({"name": TEXT}, ror=URL), 2)
ROLE = st.sampled_from(list(vocabulary.RELATORS))
PERSON = group(
    {"family": TEXT},
    given=TEXT,
    patronymic=TEXT,
    orcid=st.just("0000-0002-1825-0097"),
    forms=some(group(family=TEXT, given=TEXT, patronymic=TEXT, language=LANGUAGE), 2),
    affiliations=AFFILIATIONS,
    role=ROLE,
)
ORGANISATION = group(
    {"kind": st.just("organisation"), "name": TEXT},
    forms=some(group(name=TEXT, language=LANGUAGE), 2),
    affiliations=AFFILIATIONS,
    role=ROLE,
)
AGENT = st.one_of(PERSON, ORGANISATION)
IDENTIFIER = st.sampled_from(
    [
        {"scheme": "doi", "value": "10.1234/ab(c)&e"},
        {"scheme": "isbn", "value": "9783161484100"},
        {"scheme": "issn", "value": "1694-7452"},
        {"scheme": "handle", "value": "20.1000/100"},
        {"scheme": "arxiv", "value": "2101.00001"},
        {"scheme": "urn", "value": "urn:nbn:de:101:1-201102033592"},
        {"scheme": "url", "value": "https://example.org/a?b=c&d=%20"},
        {"scheme": "local", "value": "<17>"},
        {"scheme": "irbis_mfn", "value": "IBIS:1204"},
        {"scheme": "inventory", "value": "А-17"},
    ]
)
RELATION = st.one_of(
    group({"kind": st.sampled_from(list(vocabulary.RELATIONS)), "citation": TEXT}),
    st.builds(
        lambda kind, one: {"kind": kind, **one},
        st.sampled_from(list(vocabulary.RELATIONS)),
        IDENTIFIER,
    ),
)


@st.composite
def documents(draw):
    """A document that the border accepts, normalised by it."""
    kind = draw(st.sampled_from(list(vocabulary.TYPES.values())))
    title = draw(group({"text": TEXT}, language=LANGUAGE))
    kinds = st.sampled_from(["subtitle", "alternative", "translated"])
    others = draw(some(group({"text": TEXT, "kind": kinds}, language=LANGUAGE)))
    rest = draw(
        group(
            version_type=st.sampled_from(list(vocabulary.VERSIONS)),
            creators=some(AGENT),
            contributors=some(AGENT),
            issued=DATE,
            submitted=DATE,
            accepted=DATE,
            available=DATE,
            publishers=some(group({"name": TEXT}, place=TEXT)),
            edition=TEXT,
            abstracts=some(group({"text": TEXT}, language=LANGUAGE)),
            keywords=some(group({"text": TEXT}, language=LANGUAGE)),
            classification=some(
                group(
                    {"scheme": st.sampled_from(list(vocabulary.CLASSIFICATIONS)), "code": TEXT},
                    label=TEXT,
                )
            ),
            languages=st.lists(LANGUAGE, unique=True, max_size=2),
            identifiers=some(IDENTIFIER),
            host=group(
                {"title": TEXT},
                kind=st.sampled_from(list(vocabulary.HOSTS)),
                volume=TEXT,
                issue=TEXT,
                pages=TEXT,
                article_number=TEXT,
                issn=st.sampled_from([["1694-7452"], ["1694-7452", "0378-5955"]]),
                isbn=st.just("9783161484100"),
                place=TEXT,
                date=TEXT,
                editors=some(TEXT),
            ),
            series=some(group({"title": TEXT}, number=TEXT, issn=st.just("1694-7452"))),
            funding=some(group({"funder": TEXT}, funder_id=URL, award=TEXT, title=TEXT, url=URL)),
            relations=some(RELATION),
            coverage=some(
                group({"kind": st.sampled_from(list(vocabulary.COVERAGE)), "text": TEXT})
            ),
            extent=some(TEXT),
            rights_holders=some(TEXT),
            licence=st.sampled_from(list(vocabulary.LICENCES)),
            access=st.sampled_from(list(vocabulary.ACCESS_RIGHTS)),
            notes=some(TEXT),
        )
    )
    if kind.key in vocabulary.THESES:
        rest["thesis"] = draw(
            group(
                {"degree": st.sampled_from(list(vocabulary.DEGREES))},
                grantor=TEXT,
                specialty=group(code=TEXT, name=TEXT),
                defended=DATE,
                place=TEXT,
                council=TEXT,
            )
        )
    return profile.check({"type": kind.uri, "titles": [title, *others], **rest})


@st.composite
def files(draw):
    """A file that anybody may know of."""
    name = draw(st.sampled_from(["a.pdf", "ыр & күү.pdf", "data.csv", "a b%20.PDF"]))
    level = draw(st.sampled_from(list(Access)))
    return RecordFile(
        name=name,
        position=1,
        size=draw(st.integers(0, 2**40)),
        media_type=draw(st.sampled_from(["application/pdf", "text/csv"])),
        sha512="0" * 128,
        pages=draw(st.none() | st.integers(1, 900)),
        access=level,
        level=level,
        embargo_until=draw(st.none() | st.sampled_from([date(2990, 1, 1), date.max])),
        url=f"{BASE}works/7/{quote(name)}",
        deposited=draw(st.none() | st.just(datetime(2024, 5, 30, tzinfo=UTC))),
    )


@st.composite
def records(draw):
    """A public work."""
    held = tuple(draw(some(files())))
    document = draw(documents())
    moment = datetime(2024, 5, 31, 12, tzinfo=UTC)
    return Record(
        id=7,
        number=7,
        uuid="6b4d4b3c-0000-4000-8000-000000000007",
        state="published",
        version=1,
        document=document,
        files=held,
        sets=("letters",),
        collections=("letters",),
        published=moment,
        changed=moment,
        withdrawal=None,
        url=f"{BASE}works/7",
        access_right=access.right(
            [SimpleNamespace(**vars(file), scan=Scan.CLEAN) for file in held],
            document.get("access"),
        ),
    )


def schemas():
    """The schema file of each payload namespace."""
    lines = (SCHEMAS / "catalog.txt").read_text().splitlines() if SCHEMAS.exists() else []
    named = [line.split() for line in lines if line.strip() and not line.startswith("#")]
    return {space: SCHEMAS / name for space, name in named}


FILES = {
    **schemas(),
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#": SCHEMAS / "rdf.xsd",
    # Ours: always at hand.
    rusmarc.NAMESPACE: Path(web.__file__).parents[1] / rusmarc.SCHEMA,
    # Ours too: the one beside the profile asks for more than the profile does.
    rioxx.NAMESPACE: Path(__file__).parent / "rioxx" / "rioxx.xsd",
}
# Formats whose schema cannot be had; their own tests look at what they make.
UNCHECKED = {"didl", "qdc"}


@pytest.fixture(scope="module", params=FORMATS, ids=str)
def prefix(request):
    return request.param


# What other namespaces a format brings inside.
INSIDE = {
    "mets": (SCHEMAS / "mods-3-8.xsd", SCHEMAS / "premis-v3.xsd"),
    "oai_datacite": (SCHEMAS / "datacite" / "metadata.xsd",),
}
# RIOXX is in XML Schema 1.1, which libxml2 does not know.
BY_XMLSCHEMA = {"oai_openaire": xmlschema.XMLSchema10, "rioxx": xmlschema.XMLSchema11}


@pytest.fixture(scope="module")
def assert_valid(prefix):
    """Checks a payload against its XML Schema, where that is at hand."""
    place = FILES.get(FORMATS[prefix].NAMESPACE)
    if place is None or not place.exists():
        return lambda payload: None
    if prefix in BY_XMLSCHEMA:
        whole = BY_XMLSCHEMA[prefix](place, allow="local")
        return lambda payload: whole.validate(etree.tostring(payload, encoding="unicode"))
    schema = etree.XMLSchema(etree.fromstring(_together(place, *INSIDE.get(prefix, ()))))
    return lambda payload: schema.assertValid(etree.fromstring(etree.tostring(payload)))


def _together(*places):
    """A schema of several namespaces."""
    drawn = Names("http://www.w3.org/2001/XMLSchema")
    spaces = {place: space for space, place in FILES.items()}
    return etree.tostring(
        drawn(
            "schema",
            *(
                drawn("import", namespace=spaces[place], schemaLocation=place.as_uri())
                for place in places
            ),
        )
    )


def test_a_format_names_itself(prefix):
    one = FORMATS[prefix]
    assert urljoin(BASE, one.SCHEMA).startswith(("http://", "https://"))
    assert one.NAMESPACE
    assert one.VERSION >= 1
    assert one.__doc__


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(record=records())
def test_every_work_of_the_profile_renders_validly(prefix, assert_valid, record):
    one = FORMATS[prefix]
    made = one.render(record)
    if made is None:
        return
    assert etree.QName(made).namespace == one.NAMESPACE
    assert made.get(f"{{{XSI}}}schemaLocation").split()[:2] == [
        one.NAMESPACE,
        urljoin(BASE, one.SCHEMA),
    ]
    # By itself, as it stands in an answer and as a harvester stores it.
    body = envelope.metadata(made)
    alone = etree.fromstring(body)[0]
    assert envelope.metadata(one.render(record)) == body
    assert_valid(alone)


def test_the_schemas_are_at_hand(prefix):
    if not SCHEMAS.exists():
        pytest.skip("the shared folder with the schemas is absent")
    assert prefix in UNCHECKED or FILES[FORMATS[prefix].NAMESPACE].exists()


def test_oai_dc_comes_first():
    assert next(iter(FORMATS)) == "oai_dc"


@pytest.mark.parametrize("one", [one for one in FORMATS.values() if hasattr(one, "minimal")])
@settings(max_examples=30, deadline=None)
@given(record=records(), broken=st.dictionaries(st.just("titles"), st.none() | st.lists(TEXT)))
def test_the_least_form_needs_nothing(one, record, broken):
    bad = Record(**{**vars(record), "document": broken})
    assert record.url in etree.tostring(one.minimal(bad), encoding="unicode")
