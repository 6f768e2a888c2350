"""What reference managers are given comes back the same when it is taken in again."""

import pytest

from ingest.importers import bibtex as bibtex_in
from ingest.importers import csl as csl_in
from ingest.importers import ris as ris_in
from repository.exports import bibtex, csl, ris
from repository.exports import parts as of
from schemas import work as profile

FORMATS = {"bib": (bibtex, bibtex_in), "ris": (ris, ris_in), "csl.json": (csl, csl_in)}
ASANOV = {"family": "Асанов", "given": "Бакыт", "patronymic": "Маратович"}
DOE = {"family": "Doe", "given": "Jane"}
HOUSE = {"kind": "organisation", "name": "Институт {гор} and вод"}
COMMON = {
    "creators": [ASANOV, DOE],
    "languages": ["ky"],
    "abstracts": [{"text": "Кыскача мазмуну: 50% & 3 < 5 _a_ {б} \\ ~ $x$ #1.", "language": "ky"}],
    "keywords": [{"text": "тоо"}, {"text": "суу 100%"}, {"text": "R&D_x"}],
    "identifiers": [{"scheme": "doi", "value": "10.1234/a_b(1)"}],
}
WORKS = [
    ("article", {"creators": [ASANOV, HOUSE, DOE], "issued": "2024-05",
      "host": {"title": "Вестник & К°", "volume": "12", "issue": "3", "pages": "11–29",
               "issn": ["1694-5123"]}}),
    ("article", {"issued": "2024-05-31", "titles": [{"text": "2-бөлүк", "kind": "subtitle"}],
      "host": {"kind": "book", "title": "Жыйнак", "pages": "e5", "editors": ["Roe, Ann"]}}),
    ("conference-paper", {"issued": "2019", "publishers": [{"name": "Китеп", "place": "Ош"}],
      "host": {"kind": "conference", "title": "Жыйын: 2019", "pages": "7"}}),
    ("monograph", {"issued": "1957~", "publishers": [{"name": "Мектеп", "place": "Фрунзе"}],
      "contributors": [{**DOE, "role": "trl"},
                       {"family": "Петров", "given": "И. И.", "role": "edt"}],
      "edition": "2-басылышы",
      "identifiers": [{"scheme": "isbn", "value": "9783161484100"}]}),
    ("proceedings", {"creators": [{**DOE, "role": "edt"}], "issued": "2018"}),
    ("doctoral-thesis", {"issued": "2020", "thesis": {"degree": "candidate", "grantor": "КНУ",
                                                      "place": "Бишкек"}}),
    ("master-thesis", {"issued": "2020", "languages": ["en"],
                       "thesis": {"degree": "master", "grantor": "КНУ"}}),
    ("thesis-abstract", {"issued": "2021", "languages": ["ru"]}),
    ("report", {"issued": "2022-12", "publishers": [{"name": "Институт и Ко"}]}),
    ("dataset", {"issued": "2022", "creators": [HOUSE]}),
]  # fmt: skip
COARSE = {
    "bib": {"dataset"},
    "ris": set(),
    "csl.json": set(),
}  # kinds that a format has no word for


def _names(document):
    return {
        variable: [tuple(one.values()) for one in found]
        for variable, found in csl.people(document).items()
        if variable in ("author", "editor")
    }


def _identifiers(document):
    host = document.get("host") or {}
    own = [one for one in document.get("identifiers", ()) if one["scheme"] in ("doi", "isbn")]
    return {*(one["value"] for one in own), host.get("isbn"), *host.get("issn", ())} - {None}


def _host(document):
    host = document.get("host") or {}
    return [host.get(one) for one in ("title", "volume", "issue")] + [of.pages(host)]


@pytest.mark.parametrize("ending", FORMATS)
@pytest.mark.parametrize(("kind", "more"), WORKS, ids=[one[0] for one in WORKS])
def test_a_work_comes_back_as_it_went(record, tmp_path, ending, kind, more):
    written, reader = FORMATS[ending]
    sent = record(kind, "Тоо {жана} суу: 50% ~ $x_1$ \\ #1", **{**COMMON, **more})
    path = tmp_path / f"works.{ending}"
    path.write_bytes(written.dumps(sent))
    assert reader.recognises(path)
    (row,) = reader.read(path)
    assert not row.problem and not row.remarks, (row.problem, row.remarks)
    before, after = sent.document, row.document
    assert csl.title(after) == csl.title(before)
    assert _names(after) == _names(before)
    assert profile.year(after) == profile.year(before)
    assert _identifiers(after) == _identifiers(before)
    assert _host(after) == _host(before)
    for name in ("abstracts", "keywords"):
        texts = [one["text"] for one in before[name]]
        assert [one["text"] for one in after[name]] == texts
    assert after["languages"] == before["languages"]
    assert after.get("thesis") == before.get("thesis")
    if kind not in COARSE[ending]:
        assert csl.kind(after) == csl.kind(before)
