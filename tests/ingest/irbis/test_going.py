"""What came from IRBIS goes out as it came, and what has changed since is changed in it alone."""

import io
from dataclasses import replace
from pathlib import Path

import importing
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest import batch
from ingest.importers import irbis, irbis_db
from ingest.irbis import export_iso, export_text, profiles, taking, text
from ingest.irbis.records import Field, Record
from ingest.jobs import Job
from repository import catalogue, publishing
from repository.exports import selecting
from repository.viewers import SYSTEM
from schemas.vocabulary import TYPES, State

REAL = Path(__file__).resolve().parents[3].parent / "shared/data/irbis"


@pytest.fixture
def bring(archive):
    """Imports rows and publishes them; the numbers of the works."""

    def take(rows, source="test"):
        batch.run(archive, rows, Job(source=source, state=State.PUBLISHED))
        with archive.reading() as session:
            return selecting.chosen(session)

    return take


@pytest.fixture
def out(archive, tmp_path):
    """The published works, written and read again."""

    def write(module=export_text, **options):
        told = []
        with archive.reading() as session:
            numbers = selecting.chosen(session)
        works = selecting.each(archive, numbers)
        path = tmp_path / f"out.{module.EXTENSION}"
        pieces = module.stream(archive, works, problem=told.append, **options)
        path.write_bytes(b"".join(pieces))
        return list(irbis.records(path)), told

    return write


def described(title):
    return {
        "type": TYPES["article"].uri,
        "titles": [{"text": title, "kind": "main"}],
        "languages": ["ky"],
        "issued": "2024",
    }


def unlinked(record):
    """The fields without the way to our page, which is all that we add."""
    mark = "/works/"
    return [one for one in record.fields if not (one.tag in (951, 856) and mark in one.text)]


def came(source):
    found = irbis_db.read(source) if source.is_dir() else irbis.read(source)
    return [taking.records.load(one.kept.text) for one in found if not one.problem and not one.gone]


@pytest.mark.parametrize("name", ["irbis", "irbis-db"])
def test_records_go_out_as_they_came_field_by_field(name, bring, out):
    source = importing.sample(name)
    reader = irbis_db if source.is_dir() else irbis
    bring(reader.read(source))
    found, told = out()
    assert [unlinked(one) for one in found] == [list(one.fields) for one in came(source)]
    assert told == [] and all(len(one.fields) == len(unlinked(one)) + 1 for one in found)


def test_iso_2709_says_which_fields_it_has_no_room_for(bring, out):
    bring(irbis.read(importing.sample("irbis")))
    found, told = out(export_iso, encoding="utf-8")
    assert len(told) == 1 and "4444" in told[0]
    assert unlinked(found[1]) == [
        replace(one, indicators="  ") for one in came(importing.sample("irbis"))[1].fields
    ]


def test_a_correction_here_changes_its_subfield_alone(bring, out, archive):
    number = bring(irbis.read(importing.sample("irbis")))[0]
    before = out()[0][0]
    with archive.reading():
        work = next(selecting.each(archive, [number])).document
    document = {**work, "titles": [{**work["titles"][0], "text": "Тил"}, *work["titles"][1:]]}
    publishing.revise(archive, number, actor=SYSTEM, reason="-", document=document)
    after = out()[0][0]
    changed = [
        (old.text, new.text)
        for old, new in zip(before.fields, after.fields, strict=True)
        if old != new
    ]
    assert len(changed) == 1
    assert changed[0][1] == changed[0][0].replace("Кыргыз тилинин грамматикасы", "Тил")


def test_a_work_that_was_not_in_the_catalogue_gets_a_record_with_a_key_and_a_link(out, archive):
    with archive.writing() as session:
        document = described("Жаңы эмгек")
        number = catalogue.draft(session, document, actor=SYSTEM).id
    publishing.publish(archive, number, actor=SYSTEM)
    found = out()[0][0]
    assert found.get(903).startswith("OA-") and found.get(920)
    assert "/works/1" in found.get(951, "i")
    rusmarc, told = out(export_iso, profile="rusmarc")
    assert profiles.of(rusmarc[0]) == "rusmarc" and rusmarc[0].get(200, "a") and told == []


def test_an_encoding_that_lacks_a_letter_is_told_and_the_others_come(bring, out):
    bring(irbis.read(importing.sample("irbis")))
    found, told = out(encoding="cp1251")
    assert len(found) + len(told) == 5 and told and "cp1251" in told[0]


TEXTS = st.text(
    st.characters(
        codec="utf-8", exclude_categories=("Cc", "Cs", "Cn"), exclude_characters="\ufeff"
    ),
    max_size=12,
).map(lambda one: " ".join(one.split()))
FIELDS = st.lists(
    st.builds(Field, st.integers(10, 6999), TEXTS.filter(bool)), min_size=1, max_size=12
)


@given(FIELDS)
@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_record_is_the_same_after_text_and_a_patch_of_nothing(fields):
    record = Record((Field(200, "^AАт"), *fields))
    written = b"".join(text.write([record]))
    again = list(text.read(io.BytesIO(written), name="x"))
    assert [(one.tag, one.text) for one in again[0].fields] == [
        (one.tag, one.text) for one in record.fields
    ]
    reading = profiles.read(record)
    row = next(taking.rows([replace(record, place="x")]))
    assert taking.records.load(row.kept.text).fields == record.fields
    assert reading.document


@pytest.mark.shared
@pytest.mark.skipif(not REAL.exists(), reason="no shared data beside the checkout")
@pytest.mark.parametrize(
    ("name", "module", "options"),
    [
        ("records.txt", export_text, {}),
        ("record.txt", export_text, {}),
        ("Reports_001_records.txt", export_text, {}),
        ("rusmarc.iso", export_iso, {"profile": "rusmarc", "encoding": "cp1251"}),
        ("KZD.MST", export_text, {}),
    ],
)
def test_real_catalogues_in_out_and_in_again(name, module, options, bring, out):
    source = REAL / name
    reader = irbis_db if name.endswith("MST") else irbis
    rows = [one for one in reader.read(source) if not one.problem]
    bring(rows)
    found, told = out(module, **options)
    kept = [taking.records.load(one.kept.text) for one in rows]
    missing = len(kept) - len(found)
    same = sum(unlinked(one) in [list(each.fields) for each in kept] for one in found)
    assert told == []
    assert same == len(found), name
    # Records of the same title and ISBN, or that came twice, are not taken a second time.
    assert missing <= len(kept) // 20
