"""What we give out in a format comes in again from it."""

import pytest
from lxml import etree

from ingest.importers import described
from oai.formats import marcxml, mods, oai_datacite, oai_dc, qdc
from schemas import work as profile

FORMATS = {"marcxml": marcxml, "mods": mods, "oai_datacite": oai_datacite, "oai_dc": oai_dc}
FORMATS |= {"qdc": qdc}
EXAMPLES = ("article", "thesis", "part", "dataset")
# What a format has a place for, of what a reader of a catalogue looks at first.
KEPT = {
    "marcxml": ("type", "issued", "languages", "publishers", "edition", "licence", "series"),
    "mods": ("type", "issued", "languages", "publishers", "edition", "licence"),
    "oai_datacite": ("issued",),
    "oai_dc": ("issued", "languages"),
    "qdc": ("issued", "languages"),
}


@pytest.fixture(params=EXAMPLES)
def record(request, examples):
    """Works of several kinds."""
    return examples[request.param]


def come_in(record, name):
    element = etree.fromstring(etree.tostring(FORMATS[name].render(record)))
    row = described.of_element(element, "record 1")
    assert not row.problem
    return row, profile.check(row.document)


def _said(value):
    """A value as formats of others can say it: they have no doubtful dates."""
    return value.rstrip("~?") if isinstance(value, str) else value


@pytest.mark.parametrize("name", FORMATS)
def test_titles_people_and_dates_come_back(record, name):
    _, document = come_in(record, name)
    given = record.document
    assert profile.main_title(document)["text"].startswith(profile.main_title(given)["text"])
    before = {one.get("family") or one["name"] for one in given.get("creators", ())}
    agents = [*document.get("creators", ()), *document.get("contributors", ())]
    assert before <= {one.get("family") or one["name"] for one in agents}
    for element in KEPT[name]:
        if element in given:
            assert document.get(element) == _said(given[element]), element


@pytest.mark.parametrize("name", ["marcxml", "mods"])
def test_the_host_the_classes_and_the_words_come_back(record, name):
    _, document = come_in(record, name)
    given = record.document
    for element in ("title", "volume", "issue", "pages", "issn"):
        if element in given.get("host", {}):
            assert document["host"][element] == given["host"][element]
    for element, of in (("keywords", "text"), ("classification", "code"), ("abstracts", "text")):
        before = {one[of] for one in given.get(element, ())}
        assert before <= {one[of] for one in document.get(element, ())}


def test_our_marc_has_nothing_that_we_do_not_read(record):
    row, _ = come_in(record, "marcxml")
    assert not row.unplaced
    assert not row.remarks
