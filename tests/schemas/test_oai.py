"""Arguments of OAI-PMH requests: OAI-PMH 2.0 sections 2.7, 3.3 and 4."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from schemas import oai

BAD_DATES = [
    "",
    "junk",
    "2024",
    "2024-05",
    "2024-1-1",
    "2024-13-01",
    "2024-02-30",
    "2023-02-29",
    "0000-01-01",
    " 2024-01-01",
    "2024-01-01 ",
    "2024-01-01\n",
    "+2024-01-01",
    "-2024-01-01",
    "12024-01-01",
    "20240101",
    "2024/01/01",
    "01-01-2024",
    "２０２４-01-01",
    "٢٠٢٤-01-01",
    "2024-01-01T",
    "2024-01-01Z",
    "2024-01-01T00:00Z",
    "2024-01-01T00:00:00",
    "2024-01-01t00:00:00z",
    "2024-01-01 00:00:00Z",
    "2024-01-01T24:00:00Z",
    "2024-01-01T23:60:00Z",
    "2024-01-01T23:59:60Z",
    "2024-01-01T00:00:00.0Z",
    "2024-01-01T00:00:00.Z",
    "2024-01-01T00:00:00+06:00",
    "2024-01-01T00:00:00+00:00",
    "2024-01-01T00:00:00ZZ",
    "2024-W01-1",
    "2024-001",
]


def listing(**arguments):
    pairs = [("verb", "ListRecords"), ("metadataPrefix", "oai_dc")]
    return oai.check([*pairs, *((name.strip("_"), value) for name, value in arguments.items())])


@pytest.mark.parametrize("name", ["from", "until"])
@pytest.mark.parametrize("value", BAD_DATES)
def test_malformed_dates_are_bad_arguments(name, value):
    with pytest.raises(oai.Unfit) as caught:
        listing(**{name: value})
    assert caught.value.code == "badArgument"
    assert name in str(caught.value)


def test_until_as_a_day_includes_the_whole_day():
    found = listing(from_="2024-02-29", until="2024-02-29")
    assert found.lower == oai.seconds("2024-02-29T00:00:00Z")
    assert found.upper == oai.seconds("2024-02-29T23:59:59Z")


def test_the_first_and_the_last_day_do_not_overflow():
    found = listing(from_="0001-01-01", until="9999-12-31")
    assert found.lower < 0 < found.upper


@pytest.mark.parametrize(
    ("lower", "upper"),
    [
        ("2024-01-01", "2024-01-02T00:00:00Z"),
        ("2024-01-01T00:00:00Z", "2024-01-02"),
        ("2024-01-02", "2024-01-01"),
        ("2024-01-01T00:00:01Z", "2024-01-01T00:00:00Z"),
    ],
)
def test_mixed_or_crossed_bounds_are_bad_arguments(lower, upper):
    with pytest.raises(oai.Unfit, match="from") as caught:
        listing(from_=lower, until=upper)
    assert caught.value.code == "badArgument"


@pytest.mark.parametrize(
    "pairs",
    [
        [],
        [("metadataPrefix", "oai_dc")],
        [("verb", "")],
        [("verb", "identify")],
        [("verb", "Identify\x00")],
        [("verb", "Identify"), ("verb", "Identify")],
    ],
)
def test_a_missing_repeated_or_unknown_verb_is_a_bad_verb(pairs):
    with pytest.raises(oai.Unfit, match="ListRecords") as caught:
        oai.check(pairs)
    assert caught.value.code == "badVerb"


@pytest.mark.parametrize(
    "query",
    [
        {"verb": "Identify", "metadataPrefix": "oai_dc"},
        {"verb": "ListSets", "set": "a"},
        {"verb": "ListRecords"},
        {"verb": "ListIdentifiers", "set": "a"},
        {"verb": "GetRecord", "metadataPrefix": "oai_dc"},
        {"verb": "GetRecord", "identifier": "oai:a.b:1"},
        {"verb": "GetRecord", "identifier": 'invalid"id', "metadataPrefix": "oai_dc"},
        {"verb": "GetRecord", "identifier": "oai:a.b:1", "metadataPrefix": "oai dc"},
        {"verb": "ListMetadataFormats", "identifier": "a\x00"},
        {"verb": "ListRecords", "metadataPrefix": "oai_dc", "set": ""},
        {"verb": "ListRecords", "metadataPrefix": "oai_dc", "set": "a:"},
        {"verb": "ListRecords", "metadataPrefix": "oai_dc", "set": "факультет"},
        {"verb": "ListRecords", "metadataPrefix": "oai_dc", "resumptionToken": "x"},
        {"verb": "ListRecords", "resumptionToken": "x", "from": "2024-01-01"},
        {"verb": "ListRecords", "resumptionToken": "\x01"},
        {"verb": "ListRecords", "metadataPrefix": "oai_dc", "Set": "a"},
    ],
)
def test_unknown_missing_empty_and_illegal_arguments_are_bad_arguments(query):
    with pytest.raises(oai.Unfit) as caught:
        oai.check(list(query.items()))
    assert caught.value.code == "badArgument"


def test_a_repeated_argument_is_a_bad_argument_even_with_equal_values():
    pairs = [("verb", "ListRecords"), ("metadataPrefix", "oai_dc"), ("metadataPrefix", "oai_dc")]
    with pytest.raises(oai.Unfit, match="metadataPrefix: This argument is repeated"):
        oai.check(pairs)


ECHOED = etree.XMLSchema(
    etree.fromstring(
        '<schema xmlns="http://www.w3.org/2001/XMLSchema"><element name="request"><complexType>'
        '<attribute name="identifier" type="anyURI"/></complexType></element></schema>'
    )
)


@given(
    st.one_of(
        st.text(max_size=20),
        st.text('ab1:/?#[]@%2F.-+ü"<', max_size=20),
        st.text("a:/1@", max_size=12).map("oai:".__add__),
    )
)
def test_whatever_identifier_is_let_through_can_be_echoed(identifier):
    pairs = [("verb", "ListMetadataFormats"), ("identifier", identifier)]
    try:
        found = oai.check(pairs)
    except oai.Unfit:
        return
    assert ECHOED.validate(etree.Element("request", identifier=found.given["identifier"]))
