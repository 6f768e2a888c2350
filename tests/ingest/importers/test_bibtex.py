"""BibTeX as JabRef, Zotero, Mendeley and people write it."""

import pytest

from ingest.importers import bibtex, bibtex_pieces, bibtex_words, latex
from repository.errors import NotFound
from schemas import vocabulary
from schemas import work as profile


@pytest.fixture
def read(tmp_path):
    """Reads a text as a file of BibTeX."""

    def rows(said, written="utf-8", **options):
        path = tmp_path / "refs.bib"
        path.write_bytes(said.encode(written))
        return list(bibtex.read(path, **options))

    return rows


@pytest.fixture
def one(read):
    """The only row of a text."""

    def row(said, *args, **options):
        (found,) = read(said, *args, **options)
        return found

    return row


def kind(row):
    return profile.work_type(row.document).key


def names(row, group="creators"):
    return [profile.agent_name(one) for one in row.document.get(group, ())]


def test_an_entry_is_described_and_kept_whole(one):
    said = "@book{tilek, title = {Тоолор}, author = {Асанов, Б. М.}, year = 1987, owner = {x}}"
    row = one(said)
    assert (row.place, row.key) == ("refs.bib, entry 1 (tilek)", "tilek")
    assert (row.kept.format, row.kept.text) == ("bibtex", said)
    assert row.document == profile.check(row.document)
    assert (kind(row), row.document["issued"], row.unplaced) == ("monograph", "1987", ())


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("Асанов, Бакыт Маратович", ["Асанов, Бакыт Маратович"]),
        ("Асанов Б. М. and И. И. Петров", ["Асанов, Б. М.", "Петров, И. И."]),
        ("Jan van der Berg and de la Cruz, Ana", ["van der Berg, Jan", "de la Cruz, Ana"]),
        ("Doe, Jr., John", ["Doe, John Jr."]),
        ("{Барнс and Ноубл} and Doe, Jane", ["Барнс and Ноубл", "Doe, Jane"]),
        ("{Ван and Ко}, Жан", ["Ван and Ко, Жан"]),
        (r"G{\"o}del, Kurt AND {\L}ukasiewicz, Jan", ["Gödel, Kurt", "Łukasiewicz, Jan"]),
        ("National Library", ["National Library"]),
        ("Anderson, A.\n and\n Brand, B.", ["Anderson, A.", "Brand, B."]),
    ],
)
def test_people_are_taken_apart(one, said, meant):
    assert names(one(f"@misc{{a, title = {{T}}, author = {{{said}}}}}")) == meant


def test_a_list_of_authors_that_is_cut_short_is_remarked(one):
    row = one("@misc{a, title = {T}, author = {Doe, Jane and others}}")
    assert names(row) == ["Doe, Jane"]
    assert "and others" in row.remarks[0]


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        (r"{\'E}tude d'{\"o}sterreich", "Étude d'österreich"),
        (r"\v{C}apek, \c{S}en, \u{g}, \.{z}, \'{\i}, \'\i", "Čapek, Şen, ğ, ż, í, í"),
        (r"{\OE}uvre \ss{} \AA ngstr{\"{o}}m", "Œuvre ß Ångström"),
        (r"50\% of R\&D \#1 \_x\_ \$5 \{a\}", "50% of R&D #1 _x_ $5 {a}"),
        (r"50% off", "50% off"),
        (r"H$_2$O and $\alpha$-rays", "H_2O and α-rays"),
        (r"pages 1--2 --- and ``so''", "pages 1–2 — and “so”"),
        (r"\textit{Homo} \emph{sapiens {\em sap}} in {Asia}~2", "Homo sapiens sap in Asia 2"),
        (r"{\CYRA}{\cyrs}{\cyra}", "Аса"),
        (r"\textbackslash{} \textasciitilde{} \textasciicircum{}", "\\ ~ ^"),
        (r"\textbraceleft{} \textbraceright{}", "{ }"),
    ],
)
def test_the_commands_of_tex_are_letters(said, meant):
    assert " ".join(latex.plain(said).split()) == meant


def test_strings_are_put_in_and_joined(one):
    row = one('@STRING(v = "Вестник") @string{k = v # " КНУ"} @article{a, title="T", journal=k}')
    assert row.document["host"]["title"] == "Вестник КНУ"


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("year = 2020, month = may", "2020-05"),
        ('year = 2020, month = "5~" # may', "2020-05-05"),
        ('year = "2020", month = "31 May"', "2020-05-31"),
        ("year = {2020}, month = {05}, day = {7}", "2020-05-07"),
        ("date = {2020-05-31/2020-06-02}", "2020-05-31"),
        ("date = {2020-02}, year = {2020}", "2020-02"),
        ("date = {1957~}", "1957~"),
        ("year = {[1957?]}", ""),
        ("year = {2020-02-31}", ""),
        ("year = {2020}, month = {13}", "2020"),
        ("year = {in press}", ""),
    ],
)
def test_dates_are_as_exact_as_they_exist(one, said, meant):
    assert one(f"@misc{{a, title = {{T}}, {said}}}").document.get("issued", "") == meant


def test_a_part_takes_from_its_parent_what_it_lacks(read):
    child, xdata, parent = read(
        """@xdata{x, langid = {russian}}
        @inbook{a, title = {Глава}, author = {Doe, Jane}, crossref = {B}, xdata = {x}, pages = 3}
        @inbook{c, title = {Другая}, crossref = {absent}}
        @book{b, title = {Книга}, author = {Roe, Ann}, publisher = {Дом}, year = 2001,
          doi = {10.5555/b}, isbn = {978-3-16-148410-0}, address = {Бишкек and Ош}, url = {https://example.org/b}}"""
    )  # fmt: skip
    assert child.document["host"] == {
        "kind": "book", "title": "Книга", "pages": "3", "isbn": "9783161484100",
    }  # fmt: skip
    assert (child.document["issued"], child.document["languages"]) == ("2001", ["ru"])
    assert "identifiers" not in child.document and names(child) == ["Doe, Jane"]
    assert kind(parent) == "monograph"
    assert "absent" in xdata.remarks[0]


def test_a_broken_entry_costs_only_itself(read):
    rows = read(
        """@article{a, title = {One}}
        @article{b, title = {Two {unclosed}, year = 2020
        @article{c, title = {Three} year = 2020}
        @article{title = {no key}}
        @article{d, title = {Four "quoted"}, note = "a {"} b"}
        @article{e, year = 2020}
        @article{f, title = {Five}, title = {Six},}"""
    )
    problems = [row.problem for row in rows]
    assert [bool(one) for one in problems] == [False, True, True, True, False, True, False]
    assert "brace" in problems[1] and "title" in problems[2] and "no title" in problems[5]
    assert [row.place for row in rows][3:5] == ["refs.bib, entry 4", "refs.bib, entry 5 (d)"]
    assert "title" in rows[-1].remarks[0]


def test_keys_that_stand_twice_do_not_hide_a_work(read):
    first, second, third = read(
        "@book{a, title={Bir}} @book{a, title={Eki}} @book{a, title = {Eki}}"
    )
    assert first.key == "a" and second.key.startswith("a#") and second.remarks
    assert "already" in third.problem


def test_entries_without_a_key_are_known_by_doi_or_words(read):
    first, second = read("@misc{,title={Bir}, doi={10.5555/A}}\n@misc{, title={Eki}}")
    assert first.key == "doi:10.5555/a"
    assert second.key.startswith("sha256:")


@pytest.mark.parametrize("encoding", ["cp1251", "koi8-r"])
def test_older_encodings_are_told(read, encoding):
    text = "Исследование горных рек и озёр Кыргызстана в осенний период наблюдений"
    (row,) = read(f"@article{{a, title = {{{text}}}, author = {{Иванов, Пётр}}}}", encoding)
    assert row.document["titles"][0]["text"] == text
    assert encoding in row.remarks[0]
    (row,) = read(f"@article{{a, title = {{{text}}}}}", encoding, encoding=encoding)
    assert row.document["titles"][0]["text"] == text and not row.remarks


def test_a_byte_that_is_no_utf8_is_said_where_the_rest_is(tmp_path):
    path = tmp_path / "a.bib"
    good = "@misc{a, title = {Тоолор жана суулар}}".encode()
    path.write_bytes(good + b"\n" + good.replace(b"{a", b"{b\xff"))
    first, second = bibtex.read(path)
    assert not first.problem
    assert "UTF-8" in second.problem


def test_a_mark_of_utf8_before_it_does_no_harm(one):
    assert one("\ufeff@misc{a, title = {T}}").key == "a"


def test_jabref_is_read_with_its_files(tmp_path):
    (tmp_path / "a b.pdf").write_bytes(b"%PDF-1.4")
    (tmp_path / "refs.bib").write_text(
        """% Encoding: UTF-8
@Article{Asanov2020,
  author           = {Асанов, Бакыт},
  date             = {2020-03},
  journaltitle     = {Жарчы},
  title            = {Суу},
  file             = {:a b.pdf:PDF;Text:sub/absent.pdf:PDF;x\\:y:../../etc/passwd:PDF},
  groups           = {Көл},
  readstatus       = {read},
  creationdate     = {2020-01-01T10:00:00},
  comment-asan     = {private},
}

@Comment{jabref-meta: databaseType:biblatex;}

@Comment{jabref-meta: grouping:
0 AllEntriesGroup:;
1 StaticGroup:Көл\\;0\\;1\\;\\;\\;\\;;
}
""",
        encoding="utf-8",
    )
    (row,) = bibtex.read(tmp_path / "refs.bib")
    assert [one.name for one in row.files] == ["a b.pdf"]
    assert [one.name for one in row.links] == ["absent.pdf", "passwd"]
    assert row.unplaced == ("comment-asan",)
    assert row.document["host"]["title"] == "Жарчы"


def test_files_never_come_from_outside_the_folder(tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    (tmp_path / "secret.pdf").write_bytes(b"%PDF-1.4")
    (folder / "link.pdf").symlink_to(tmp_path / "secret.pdf")
    for path in ("../secret.pdf", "link.pdf", str(tmp_path / "secret.pdf"), "C:\\secret.pdf", "."):
        said = f"@misc{{a, title = {{T}}, file = {{:{path}:PDF}}}}"
        (folder / "refs.bib").write_text(said, encoding="utf-8")
        (row,) = bibtex.read(folder)
        assert not row.files, path


def test_zotero_is_read_with_the_files_of_its_export(tmp_path):
    place = tmp_path / "files" / "12"
    place.mkdir(parents=True)
    (place / "Doe - 2019.pdf").write_bytes(b"%PDF-1.4")
    (tmp_path / "refs.bib").write_text(
        r"""
@incollection{doe_water_2019,
	address = {Bishkek},
	series = {Studies},
	title = {Water in the {Tien} {Shan}: a review},
	volume = {7},
	isbn = {978-3-16-148410-0 978-1-4028-9462-6},
	shorttitle = {Water in the {Tien} {Shan}},
	url = {https://example.org/a_b%20c},
	language = {en-US},
	urldate = {2020-01-02},
	booktitle = {Rivers},
	publisher = {Example Press},
	author = {Doe, Jane and {World Water Council}},
	editor = {Roe, Ann},
	month = jan,
	year = {2019},
	keywords = {/unread, rivers},
	pages = {1--20},
	file = {Doe - 2019.pdf:files/12/Doe - 2019.pdf:application/pdf},
}
""",
        encoding="utf-8",
    )
    (row,) = bibtex.read(tmp_path / "refs.bib")
    found = row.document
    assert [one.name for one in row.files] == ["Doe - 2019.pdf"]
    assert found["host"] == {
        "kind": "book", "title": "Rivers", "volume": "7", "pages": "1–20",
        "isbn": "9783161484100", "editors": ["Roe, Ann"],
    }  # fmt: skip
    assert found["series"] == [{"title": "Studies"}]
    assert (found["languages"], found["issued"]) == (["en"], "2019-01")
    values = {one["value"] for one in found["identifiers"]}
    assert values == {"9781402894626", "https://example.org/a_b%20c"}
    assert set(row.unplaced) == {"shorttitle", "urldate"}


def test_mendeley_is_read_with_its_braces(one):
    row = one(
        r"""@article{Doe2020,
abstract = {We show that 5{\%} of water {\&} ice {\textless} 3.},
archivePrefix = {arXiv},
arxivId = {2001.00001},
author = {Doe, Jane and Petrov, I. I.},
doi = {10.5555/s{\_}1},
eprint = {2001.00001},
file = {:C$\backslash$:/Users/x/Doe - 2020 - Water.pdf:pdf;:home/x/b.pdf:pdf},
isbn = {1694-7681},
issn = {16947681},
journal = {J. Water},
keywords = {ice,water},
mendeley-groups = {A/B},
mendeley-tags = {ice},
number = {1},
title = {{Water {\&} ice}},
url = {http://example.org/?a{\_}b=1{\&}c{\%}20},
volume = {2},
year = {2020}
}"""
    )
    found = row.document
    assert found["titles"][0]["text"] == "Water & ice"
    assert "5% of water & ice < 3." in found["abstracts"][0]["text"]
    assert {one["scheme"]: one["value"] for one in found["identifiers"]} == {
        "doi": "10.5555/s_1", "arxiv": "2001.00001", "url": "http://example.org/?a_b=1&c%20",
    }  # fmt: skip
    assert found["host"]["issn"] == ["1694-7681", "1694-7681"]
    assert [one["text"] for one in found["keywords"]] == ["ice", "water"]
    assert [one.name for one in row.links] == ["Doe - 2020 - Water.pdf", "b.pdf"]


@pytest.mark.parametrize(
    ("said", "meant", "degree"),
    [
        ("@phdthesis{a, ", "doctoral-thesis", "phd"),
        ("@mastersthesis{a, ", "master-thesis", "master"),
        ("@thesis{a, type = {candthesis}, ", "doctoral-thesis", "candidate"),
        ("@thesis{a, type = {mathesis}, ", "master-thesis", "master"),
        ("@thesis{a, type = {Дис. ... канд. наук}, ", "doctoral-thesis", ""),
        ("@phdthesis{a, type = {докторская диссертация}, ", "doctoral-thesis", "doctor"),
        ("@phdthesis{a, type = {Автореферат дис. доктора наук}, ", "thesis-abstract", "phd"),
        ("@misc{a, type = {дипломдук иш}, ", "bachelor-thesis", "specialist"),
        ("@thesis{a, ", "doctoral-thesis", ""),
    ],
)
def test_theses_are_told_by_what_they_are_called(one, said, meant, degree):
    row = one(f"{said} title = {{T}}, school = {{КНУ}}, address = {{Бишкек}}}}")
    assert kind(row) == meant
    if degree:
        assert row.document["thesis"] == {"degree": degree, "grantor": "КНУ", "place": "Бишкек"}
    else:
        assert row.document["publishers"] == [{"name": "КНУ", "place": "Бишкек"}]


@pytest.mark.parametrize(
    ("entry", "meant"),
    [
        ("article", "article"), ("inproceedings", "conference-paper"), ("techreport", "report"),
        ("unpublished", "preprint"), ("booklet", "monograph"), ("collection", "monograph"),
        ("dataset", "dataset"), ("software", "software"), ("online", "other"), ("foo", "other"),
    ],
)  # fmt: skip
def test_kinds_of_entries_are_kinds_of_works(one, entry, meant):
    assert kind(one(f"@{entry}{{a, title = {{T}}}}")) == meant


def test_an_address_of_a_file_is_a_link_and_one_of_a_page_an_identifier(one):
    fields = r"url={https://example.org/a.pdf}, howpublished={\url{https://example.org/p}}"
    row = one(f"@misc{{a, title={{T}}, {fields}}}")
    assert [link.address for link in row.links] == ["https://example.org/a.pdf"]
    assert row.document["identifiers"] == [{"scheme": "url", "value": "https://example.org/p"}]


def test_what_does_not_fit_is_left_out_and_named(one):
    row = one("@book{a, title={T}, isbn={978-3-16-148410-1}, langid={klingon}}")
    assert "identifiers" not in row.document
    assert "check digit" in row.remarks[0]


def test_a_file_without_entries_is_said(one, tmp_path):
    assert "no entry" in one("Нечего").problem
    (tmp_path / "empty").mkdir()
    with pytest.raises(NotFound):
        list(bibtex.read(tmp_path / "empty"))


def test_entries_are_found_across_the_edges_of_blocks(tmp_path, monkeypatch):
    path = tmp_path / "a.bib"
    said = "".join(f"% x\n@article  {{k{at},\n title = {{T{at} {{}}}}}}\n" for at in range(40))
    path.write_text(said, encoding="utf-8")
    whole = [one.data for one in bibtex_pieces.cut(path)]
    assert len(whole) == 40
    for size in (1, 7, 64):
        monkeypatch.setattr(bibtex_pieces, "BLOCK", size)
        assert [one.data for one in bibtex_pieces.cut(path)] == whole


def test_an_entry_that_never_ends_does_not_fill_memory(tmp_path, monkeypatch):
    monkeypatch.setattr(bibtex_pieces, "LONGEST", 2**18)
    path = tmp_path / "a.bib"
    path.write_bytes(b"@misc{a, title = {" + b"x" * 2**21 + b"}}\n@misc{b, title = {T}}")
    first, second = bibtex.read(path)
    assert "larger" in first.problem
    assert second.key == "b"


def test_kinds_are_those_of_the_archive():
    assert set(bibtex_words.KINDS.values()) <= set(vocabulary.TYPES)
