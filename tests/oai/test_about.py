"""What stands beside a record: rights and provenance, by their schemas."""

from pathlib import Path

import pytest
from lxml import etree

from oai import about

SCHEMAS = Path(__file__).parents[3] / "shared" / "data" / "xsd"
ORIGIN = about.Origin(
    base_url="https://elsewhere.example.org/oai",
    identifier="oai:elsewhere.example.org:7",
    datestamp="2024-05-31",
    namespace="http://www.openarchives.org/OAI/2.0/oai_dc/",
    harvested="2026-11-23T07:00:00Z",
    altered=True,
)


@pytest.mark.parametrize(
    ("made", "schema"),
    [
        (about.rights("https://creativecommons.org/publicdomain/zero/1.0/"), "rights.xsd"),
        (about.provenance(ORIGIN), "provenance.xsd"),
    ],
)
def test_a_part_keeps_its_schema(made, schema):
    if not SCHEMAS.exists():
        pytest.skip("the shared folder with the schemas is absent")
    etree.XMLSchema(etree.parse(SCHEMAS / schema)).assertValid(
        etree.fromstring(etree.tostring(made))
    )


def test_provenance_says_from_where_and_whether_it_was_changed():
    text = etree.tostring(about.provenance(ORIGIN), encoding="unicode")
    assert 'altered="true"' in text
    assert "oai:elsewhere.example.org:7" in text


def test_parts_stand_side_by_side():
    both = about.parts(about.rights("https://example.org/terms"), about.provenance(ORIGIN))
    assert both.count(b"<about>") == both.count(b"</about>") == 2
