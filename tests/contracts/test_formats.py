"""What every metadata format promises, over works of all kinds that the profile allows."""

from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import quote, urljoin

import pytest
import xmlschema
from generated import TEXT, documents, some
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from oai import envelope, formats
from oai.elements import XSI, Names
from oai.formats import rioxx, rusmarc
from repository import access, web
from repository.records import Record, RecordFile
from schemas.vocabulary import Access, Scan

SCHEMAS = Path(__file__).parents[3] / "shared" / "data" / "xsd"
FORMATS = formats.known()
BASE = "https://archive.example.org/"


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
