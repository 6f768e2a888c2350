"""OAI-PMH 2.0, section 3.6: every error is an answer, HTTP 200, and legal whatever was asked."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

NAMES = {"o": "http://www.openarchives.org/OAI/2.0/"}
LIST = "verb=ListRecords&metadataPrefix=oai_dc"

BAD_VERBS = [
    "",
    "verb=",
    "verb",
    "verb=identify",
    "verb=Identify ",
    "verb=%00",
    "verb=%EF%BF%BE",
    "verb=%ED%A0%80",
    "verb=%FF",
    "verb=Identify&verb=Identify",
    "verb=Identify&verb=ListSets",
    "metadataPrefix=oai_dc",
    "Verb=Identify",
]
BAD_ARGUMENTS = [
    "verb=Identify&foo=bar",
    "verb=Identify&metadataPrefix=oai_dc",
    "verb=Identify&",
    "verb=ListRecords",
    "verb=ListIdentifiers",
    "verb=GetRecord",
    "verb=GetRecord&identifier=oai:a.b:1",
    "verb=GetRecord&metadataPrefix=oai_dc",
    f"{LIST}&metadataPrefix=oai_dc",
    f"{LIST}&from=2024-01-01&from=2024-01-01",
    f"{LIST}&set=",
    f"{LIST}&from",
    f"{LIST}&set=a%20b",
    f"{LIST}&set=a::b",
    f"{LIST}&set=%D1%84",
    f"{LIST}&resumptionToken=x",
    f"{LIST}&%66oo=1",
    f"{LIST}&Until=2024-01-01",
    "verb=ListRecords&metadataPrefix=",
    "verb=ListRecords&metadataPrefix=oai%20dc",
    "verb=ListRecords&metadataPrefix=%3Cx%3E",
    "verb=ListRecords&resumptionToken=",
    "verb=ListRecords&resumptionToken=a%00",
    "verb=ListRecords&resumptionToken=x&set=a",
    "verb=ListSets&resumptionToken=x&foo=1",
    'verb=GetRecord&metadataPrefix=oai_dc&identifier=invalid"id',
    "verb=GetRecord&metadataPrefix=oai_dc&identifier=%22%3E%3Cx%3E",
    "verb=GetRecord&metadataPrefix=oai_dc&identifier=a%0Bb",
    "verb=GetRecord&metadataPrefix=oai_dc&identifier=%25",
    "verb=GetRecord&metadataPrefix=oai_dc&identifier=%ED%A0%80",
    "verb=GetRecord&metadataPrefix=oai_dc&identifier=%FF%FE",
    "verb=ListMetadataFormats&identifier=a%20b",
]


@pytest.fixture
def asked(harvest):
    """The root of the answer to a query as it is written in an address."""

    def ask(query):
        root = harvest.checked(harvest.client.get(f"/oai?{query}"))
        return root, [one.get("code") for one in root.iterfind("o:error", NAMES)]

    return ask


@pytest.mark.parametrize("query", BAD_VERBS)
def test_3_6_bad_verbs(asked, query):
    root, codes = asked(query)
    assert codes == ["badVerb"]
    assert not root.find("o:request", NAMES).attrib


@pytest.mark.parametrize("query", [one for one in BAD_ARGUMENTS if not one.endswith("&")])
def test_3_6_bad_arguments(asked, query):
    root, codes = asked(query)
    assert codes == ["badArgument"]
    assert not root.find("o:request", NAMES).attrib
    assert len(root.findtext("o:error", "", NAMES)) > 10


def test_a_stray_ampersand_is_no_argument(asked):
    assert asked("verb=Identify&")[1] == []


def test_the_request_is_echoed_as_it_was_asked(asked, archive):
    root, _ = asked(f"{LIST}&from=2024-01-01&until=2024-02-01&set=a:b")
    request = root.find("o:request", NAMES)
    assert request.text == f"{archive.settings.base_url}/oai"
    assert dict(request.attrib) == {
        "verb": "ListRecords",
        "metadataPrefix": "oai_dc",
        "from": "2024-01-01",
        "until": "2024-02-01",
        "set": "a:b",
    }


NAME = st.sampled_from(
    ["verb", "identifier", "metadataPrefix", "set", "from", "until", "resumptionToken", "x"]
)
VERB = st.sampled_from(
    ["Identify", "GetRecord", "ListRecords", "ListIdentifiers", "ListSets", "ListMetadataFormats"]
)
VALUE = st.one_of(
    st.sampled_from(["oai_dc", "2024-01-01", "oai:archive.example.org:1", "a:b", ""]),
    st.text(max_size=8),
    st.binary(max_size=6),
)


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(verb=VERB, pairs=st.lists(st.tuples(NAME, VALUE), max_size=3))
def test_whatever_is_asked_the_answer_is_legal(harvest, verb, pairs):
    harvest.checked(harvest.client.get("/oai", query_string=_encoded([("verb", verb), *pairs])))


def _encoded(pairs):
    return "&".join(f"{name}={_percent(value)}" for name, value in pairs)


def _percent(value):
    raw = value.encode("utf-8", "surrogatepass") if isinstance(value, str) else value
    return "".join(f"%{byte:02X}" for byte in raw)
