"""The page of citations, the downloads and the catalogue card of a work."""

import json
from dataclasses import replace

import pytest
from lxml import etree

from oai.formats import known
from repository import catalogue, clock, publishing, records
from repository.exports import styling
from repository.models.accessions import Accession, Item, Supplier
from repository.viewers import SYSTEM
from repository.web import citing
from schemas import vocabulary
from schemas.roles import Role

DOCUMENT = {
    "type": vocabulary.TYPES["monograph"].uri,
    "titles": [{"text": "Тоо <b>жана</b> тил", "language": "ky", "kind": "main"}],
    "creators": [{"family": "Өмүралиева", "given": "Айгүл", "role": "aut"}],
    "issued": "2024",
    "languages": ["ky"],
    "publishers": [{"name": "Илим", "place": "Бишкек"}],
    "classification": [
        {"scheme": "udc", "code": "811.512"},
        {"scheme": "bbk", "code": "81.2Ки"},
    ],
    "identifiers": [{"scheme": "local", "value": "Ө-54"}],
}


@pytest.fixture
def number(archive):
    """A published book."""
    with archive.writing() as session:
        made = catalogue.draft(session, DOCUMENT, actor=SYSTEM).id
    publishing.publish(archive, made, actor=SYSTEM)
    return made


def text(client, address):
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.get_data(as_text=True)


def test_the_page_of_the_work_cites_as_readers_of_its_language_expect(client, number):
    for language, style in styling.FIRST.items():
        page = text(client, f"/works/{number}?lang={language}")
        assert f'data-style="{style}" aria-current="true"' in page
    assert "<i>Тоо &lt;b&gt;жана&lt;/b&gt; тил</i>" in page
    assert "Өмүралиева, А. (2024)." in page


def test_all_styles_stand_on_one_page_and_nothing_in_them_is_run(client, number):
    answer = client.get(f"/works/{number}/cite")
    page = answer.get_data(as_text=True)
    for key, style in styling.STYLES.items():
        assert f'id="cited-{key}"' in page and style.name in page
    assert "<b>жана</b>" not in page
    assert page.count("Тоо &lt;b&gt;жана&lt;/b&gt; тил") >= len(styling.STYLES)
    assert answer.headers["X-Robots-Tag"] == "noindex"
    for ending in ("mods.xml", "rusmarc.xml", "csl.json"):
        assert f"/works/{number}.{ending}" in page
    assert f"/works/{number}.etdms.xml" not in page  # for theses alone


def test_each_format_of_harvesters_is_a_download(client, number):
    endings = citing.exports()
    assert len(endings) == len(known()) + len(citing.OWN)
    for ending in endings:
        answer = client.get(f"/works/{number}.{ending}")
        if ending == "etdms.xml":
            assert answer.status_code == 404
            continue
        assert answer.status_code == 200
        assert answer.content_type.split(";")[0] == endings[ending].media_type
        kind, _, name = answer.headers["Content-Disposition"].partition("; ")
        assert name == f'filename="omuralieva-2024-{number}.{ending}"'
        assert kind == ("attachment" if ending in citing.SAVED else "inline")
        if ending.endswith(".xml"):
            assert etree.fromstring(answer.data) is not None
    root = etree.fromstring(client.get(f"/works/{number}.datacite.xml").data)
    assert root.tag == "{http://datacite.org/schema/kernel-4}resource"
    assert json.loads(client.get(f"/works/{number}.csl.json").data)[0]["type"] == "book"


def test_programs_ask_for_a_format_by_its_media_type(client, number):
    for media_type, ending in (
        ("application/vnd.citationstyles.csl+json", "csl.json"),
        ("application/mods+xml", "mods.xml"),
        ("application/marcxml+xml", "marcxml.xml"),
        ("application/xml", "dc.xml"),
    ):
        answer = client.get(f"/works/{number}", headers={"Accept": media_type})
        assert answer.headers["Content-Location"].endswith(f"/works/{number}.{ending}")


def test_the_card_has_heading_description_classes_and_mark(client, number):
    page = text(client, f"/works/{number}/card")
    assert "Өмүралиева, А." in page and "УДК 811.512" in page and "ББК 81.2Ки" in page
    assert "Ө-54" in page and "Бишкек : Илим, 2024." in page
    assert "Тоо &lt;b&gt;жана&lt;/b&gt; тил / А. Өмүралиева" in page


def test_inventory_numbers_on_the_card_are_for_staff(archive, client, enter, person, number):
    with archive.writing() as session:
        supplier = Supplier(name="Дүкөн", kind="shop")
        session.add(supplier)
        session.flush()
        accession = Accession(
            supplier_id=supplier.id, day=clock.now().date(), way="purchase", carrier="paper",
            standing="booked", year=2024, number=1,
        )  # fmt: skip
        accession.items.append(Item(title="Тоо", work_id=number, copies=3, first=501))
        session.add(accession)
    assert "501–503" in enter(person(Role.CATALOGUER)).client.get(f"/works/{number}/card").get_data(
        as_text=True
    )
    assert "501" not in text(client, f"/works/{number}/card")


def test_what_nobody_may_see_is_not_cited(archive, client, number):
    with archive.writing() as session:
        draft = catalogue.draft(session, DOCUMENT, actor=SYSTEM).id
    for page in ("cite", "card"):
        assert client.get(f"/works/{draft}/{page}").status_code == 404
        assert client.get(f"/works/99999/{page}").status_code == 404
    publishing.withdraw(archive, number, actor=SYSTEM, kind="law", reason="By order.")
    for page in ("cite", "card"):
        assert client.get(f"/works/{number}/{page}").status_code == 410


def test_the_name_of_a_download_is_safe_whatever_the_author_is_called(archive, number):
    with archive.reading() as session:
        one = records.get(session, number, base_url="https://example.org")
    for name in ('a"b\r\nX: y', "李", ""):
        document = {**DOCUMENT, "creators": [{"family": name}]}
        said = citing.disposition(replace(one, document=document), "bib")
        assert said.isascii() and "\n" not in said and said.count('"') == 2
