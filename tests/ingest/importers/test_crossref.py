import pytest

from ingest.importers import crossref
from schemas import vocabulary
from schemas import work as profile

NAMESPACES = (
    'xmlns="http://www.crossref.org/schema/5.3.1" '
    'xmlns:jats="http://www.ncbi.nlm.nih.gov/JATS1" '
    'xmlns:ai="http://www.crossref.org/AccessIndicators.xsd" '
    'xmlns:fr="http://www.crossref.org/fundref.xsd" '
    'xmlns:rel="http://www.crossref.org/relations.xsd"'
)
DOI = "<doi_data><doi>10.5555/{0}</doi><resource>https://example.org/{0}</resource></doi_data>"
DATE = "<year>2024</year>"


def batch(body, registrant="Example Press"):
    head = f"<head><registrant>{registrant}</registrant></head>"
    return f"<doi_batch {NAMESPACES}>{head}<body>{body}</body></doi_batch>"


def article(inside="", title="A title", doi="a.1", language=""):
    return f"""
      <journal>
        <journal_metadata {language}>
          <full_title>Жарчы</full_title><issn media_type="print">99999994</issn>
        </journal_metadata>
        <journal_issue>
          <publication_date><month>03</month><year>2023</year></publication_date>
          <journal_volume><volume>7</volume></journal_volume><issue>2</issue>
        </journal_issue>
        <journal_article>
          <titles><title>{title}</title></titles>{inside}{DOI.format(doi)}
        </journal_article>
      </journal>"""


@pytest.fixture
def rows(tmp_path):
    """Reads a deposit that is written into a file."""

    def read(body, name="one.crossref.xml", **options):
        path = tmp_path / name
        path.write_text(batch(body, **options), "utf-8")
        return list(crossref.read(path))

    return read


@pytest.fixture
def document(rows):
    """The checked document of the only work in a deposit."""

    def read(body, **options):
        (row,) = rows(body, **options)
        assert not row.problem
        return profile.check(row.document)

    return read


def test_an_article_is_described_with_its_journal(document):
    found = document(
        article(
            "<pages><first_page>11</first_page><last_page>24</last_page></pages>"
            '<publisher_item><item_number item_number_type="article_number">e5</item_number>'
            "</publisher_item>"
        )
    )
    assert found["type"] == vocabulary.TYPES["article"].uri
    assert found["titles"] == [{"text": "A title", "kind": "main"}]
    assert found["issued"] == "2023-03"
    assert found["publishers"] == [{"name": "Example Press"}]
    assert found["identifiers"] == [
        {"scheme": "doi", "value": "10.5555/a.1"},
        {"scheme": "url", "value": "https://example.org/a.1"},
    ]
    assert found["host"] == {
        "kind": "journal",
        "title": "Жарчы",
        "volume": "7",
        "issue": "2",
        "pages": "11–24",
        "article_number": "e5",
        "issn": ["9999-9994"],
    }


def test_people_keep_their_order_roles_and_affiliations(document):
    found = document(
        article(
            """<contributors>
              <person_name contributor_role="author" sequence="first">
                <given_name>Aigul</given_name><surname>Asanova</surname><suffix>Jr.</suffix>
                <affiliations><institution><institution_name>University</institution_name>
                  <institution_id type="ror">https://ror.org/01aaaaa11</institution_id>
                  <institution_department>History</institution_department></institution>
                </affiliations>
                <ORCID>https://orcid.org/0000-0002-1825-0097</ORCID>
              </person_name>
              <organization contributor_role="author">The Naryn Group</organization>
              <person_name contributor_role="author"><surname>Nurlan</surname>
                <affiliation>Library</affiliation></person_name>
              <person_name contributor_role="translator"><surname>Kim</surname></person_name>
              <person_name contributor_role="reader"><surname>Petrova</surname></person_name>
              <anonymous contributor_role="author"/>
            </contributors>"""
        )
    )
    first, group, third = found["creators"]
    assert first == {
        "kind": "person",
        "family": "Asanova, Jr.",
        "given": "Aigul",
        "role": "aut",
        "orcid": "0000-0002-1825-0097",
        "affiliations": [{"name": "History, University", "ror": "https://ror.org/01aaaaa11"}],
    }
    assert group == {"kind": "organisation", "name": "The Naryn Group", "role": "aut"}
    assert third["affiliations"] == [{"name": "Library"}]
    assert [(one["family"], one["role"]) for one in found["contributors"]] == [
        ("Kim", "trl"),
        ("Petrova", "ctb"),
    ]


def test_marked_up_titles_and_doubly_escaped_names_become_plain(document):
    body = article(
        "<contributors><person_name contributor_role='author'>"
        "<surname>’t&amp;amp;nbsp;Hart</surname></person_name></contributors>",
        title="On <i>Ovis  aries</i>, H<sub>2</sub>O\n and ү &amp; ө",
    )
    found = document(body)
    assert found["titles"][0]["text"] == "On Ovis aries, H2O and ү & ө"
    assert found["creators"][0]["family"] == "’t Hart"


def test_titles_in_other_languages_and_subtitles_are_kept(document):
    body = article(language='language="en"').replace(
        "</titles>",
        "<subtitle>A study</subtitle>"
        '<original_language_title language="ky">Аталыш</original_language_title></titles>',
    )
    found = document(body)
    assert found["languages"] == ["en"]
    assert [(one["text"], one["language"], one["kind"]) for one in found["titles"]] == [
        ("A title", "en", "main"),
        ("A study", "en", "subtitle"),
        ("Аталыш", "ky", "translated"),
    ]


def test_abstracts_become_paragraphs(document):
    found = document(
        article(
            '<jats:abstract xml:lang="ru"><jats:title>Abstract</jats:title>'
            "<jats:sec><jats:title>Цель</jats:title><jats:p>Первый <jats:italic>абзац</jats:italic>"
            ".</jats:p></jats:sec><jats:p>Второй.</jats:p></jats:abstract>"
            '<jats:abstract abstract-type="graphical"><jats:p>Picture</jats:p></jats:abstract>'
            "<jats:abstract>Bare text</jats:abstract>"
        )
    )
    assert found["abstracts"] == [
        {"text": "Цель\n\nПервый абзац.\n\nВторой.", "language": "ru"},
        {"text": "Bare text"},
    ]


@pytest.mark.parametrize(
    ("dates", "issued"),
    [
        ("<publication_date><year>2024</year></publication_date>", "2024"),
        (
            "<publication_date media_type='online'><year>2024</year></publication_date>"
            "<publication_date media_type='print'><month>1</month><day>9</day><year>2025</year>"
            "</publication_date>",
            "2025-01-09",
        ),
        ("<publication_date><month>21</month><year>2024</year></publication_date>", "2024"),
        ("", "2023-03"),
    ],
    ids=["year", "print before online", "season", "of the issue"],
)
def test_dates_are_as_precise_as_they_are_registered(document, dates, issued):
    assert document(article(dates))["issued"] == issued


@pytest.mark.parametrize(
    ("refs", "expected"),
    [
        (["http://creativecommons.org/licenses/by/4.0/"], {"licence": "cc-by-4.0"}),
        (["https://www.creativecommons.org/licenses/by-nc-nd/4.0"], {"licence": "cc-by-nc-nd-4.0"}),
        (
            ["https://creativecommons.org/licenses/by-sa/4.0/legalcode"],
            {"licence": "cc-by-sa-4.0"},
        ),
        (["https://creativecommons.org/publicdomain/zero/1.0/deed.ru"], {"licence": "cc0-1.0"}),
        (
            ["https://example.org/tdm", "https://creativecommons.org/licenses/by/4.0/"],
            {"licence": "cc-by-4.0"},
        ),
        (["https://example.org/terms"], {"notes": ["Licence: https://example.org/terms"]}),
        ([], {}),
    ],
)
def test_licences_are_recognised_by_their_address(document, refs, expected):
    program = "".join(f"<ai:license_ref>{one}</ai:license_ref>" for one in refs)
    found = document(article(f"<ai:program>{program}</ai:program>"))
    assert {key: found[key] for key in ("licence", "notes") if key in found} == expected


def test_each_award_is_a_funding_of_its_own(document):
    found = document(
        article(
            """<fr:program name="fundref">
              <fr:assertion name="fundgroup">
                <fr:assertion name="funder_name">Fund A
                  <fr:assertion name="funder_identifier">10.13039/1</fr:assertion></fr:assertion>
                <fr:assertion name="award_number">7</fr:assertion>
                <fr:assertion name="award_number">8</fr:assertion>
              </fr:assertion>
              <fr:assertion name="fundgroup">
                <fr:assertion name="funder_name">Fund B</fr:assertion>
              </fr:assertion>
            </fr:program>"""
        )
    )
    address = "https://doi.org/10.13039/1"
    assert found["funding"] == [
        {"funder": "Fund A", "funder_id": address, "award": "7"},
        {"funder": "Fund A", "funder_id": address, "award": "8"},
        {"funder": "Fund B"},
    ]


def test_a_single_funder_needs_no_group(document):
    found = document(
        article(
            '<fr:program name="fundref"><fr:assertion name="funder_name">Fund</fr:assertion>'
            "</fr:program>"
        )
    )
    assert found["funding"] == [{"funder": "Fund"}]


def test_relations_and_references_are_kept_even_when_their_identifiers_are_not_right(document):
    found = document(
        article(
            """<rel:program><rel:related_item><rel:description>Code</rel:description>
              <rel:inter_work_relation relationship-type="isSupplementedBy"
                identifier-type="doi">https://doi.org/10.5555/CODE</rel:inter_work_relation>
              </rel:related_item>
              <rel:related_item><rel:intra_work_relation relationship-type="isSameAs"
                identifier-type="uri">https://example.org</rel:intra_work_relation>
              </rel:related_item></rel:program>
            <citation_list>
              <citation key="1"><doi>10.5555/b</doi></citation>
              <citation key="2"><doi>no doi</doi></citation>
              <citation key="3"><unstructured_citation>Jones,%20Eric, Tools</unstructured_citation>
              </citation>
              <citation key="4"><author>Kim</author><cYear>2001</cYear></citation>
              <citation key="5"/>
            </citation_list>"""
        )
    )
    assert found["relations"] == [
        {
            "kind": "is_supplemented_by",
            "scheme": "doi",
            "value": "10.5555/code",
            "citation": "Code",
        },
        {"kind": "references", "scheme": "doi", "value": "10.5555/b"},
        {"kind": "references", "citation": "no doi"},
        {"kind": "references", "citation": "Jones, Eric, Tools"},
        {"kind": "references", "citation": "Kim. 2001"},
    ]


BOOK = f"""
  <book book_type="edited_book">
    <book_metadata language="en">
      <contributors>
        <person_name contributor_role="editor"><given_name>Anna</given_name>
          <surname>Petrova</surname></person_name>
      </contributors>
      <titles><title>The Book</title></titles><edition_number>2</edition_number>
      <publication_date><year>2020</year></publication_date><isbn>978-9967-99-999-2</isbn>
      <publisher><publisher_name>Ilim</publisher_name><publisher_place>Naryn</publisher_place>
      </publisher>{DOI.format("book")}
    </book_metadata>
    <content_item component_type="chapter">
      <contributors><person_name contributor_role="author"><surname>Kim</surname></person_name>
      </contributors>
      <titles><title>The Chapter</title></titles>
      <pages><first_page>5</first_page></pages>{DOI.format("chapter")}
    </content_item>
  </book>"""


def test_a_book_and_its_chapters_are_works_of_their_own(rows):
    book, chapter = (profile.check(row.document) for row in rows(BOOK))
    assert book["type"] == vocabulary.TYPES["monograph"].uri
    assert book["creators"][0]["role"] == "edt"
    assert book["edition"] == "2"
    assert book["publishers"] == [{"name": "Ilim", "place": "Naryn"}]
    assert {"scheme": "isbn", "value": "9789967999992"} in book["identifiers"]
    assert chapter["type"] == vocabulary.TYPES["book-part"].uri
    assert chapter["issued"] == "2020"
    assert chapter["languages"] == ["en"]
    assert chapter["host"] == {
        "kind": "book",
        "title": "The Book",
        "pages": "5",
        "isbn": "9789967999992",
        "editors": ["Anna Petrova"],
    }


def test_a_book_of_a_series_names_it(document):
    series = "<series_metadata><titles><title>Notes</title></titles><issn>9999-9994</issn>"
    found = document(
        f"""<book book_type="monograph"><book_series_metadata>{series}</series_metadata>
          <titles><title>Volume</title></titles><volume>3</volume>
          <publication_date>{DATE}</publication_date>{DOI.format("v")}
        </book_series_metadata></book>"""
    )
    assert found["titles"][0]["text"] == "Volume"
    assert found["series"] == [{"title": "Notes", "number": "3", "issn": "9999-9994"}]


CONFERENCE = """
  <conference>
    <contributors><person_name contributor_role="chair"><surname>Kim</surname></person_name>
    </contributors>
    <event_metadata><conference_name>Days of the Archive</conference_name>
      <conference_location>Naryn</conference_location>
      <conference_date>10–12 October 2024</conference_date></event_metadata>
    <proceedings_metadata><proceedings_title>Proceedings</proceedings_title>
      <publication_date><year>2024</year></publication_date>{doi}</proceedings_metadata>
    <conference_paper><titles><title>Paper</title></titles>{paper}</conference_paper>
  </conference>"""


def test_a_conference_paper_names_its_conference(document):
    found = document(CONFERENCE.format(doi="", paper=DOI.format("p")))
    assert found["type"] == vocabulary.TYPES["conference-paper"].uri
    assert found["issued"] == "2024"
    assert found["host"] == {
        "kind": "conference",
        "title": "Proceedings",
        "place": "Naryn",
        "date": "10–12 October 2024",
    }


def test_proceedings_with_a_doi_are_a_work_too(rows):
    volume, paper = rows(CONFERENCE.format(doi=DOI.format("v"), paper=DOI.format("p")))
    found = profile.check(volume.document)
    assert found["type"] == vocabulary.TYPES["proceedings"].uri
    assert found["titles"][0]["text"] == "Proceedings"
    assert found["creators"][0] == {"kind": "person", "family": "Kim", "role": "edt"}
    assert (volume.key, paper.key) == ("10.5555/v", "10.5555/p")


@pytest.mark.parametrize(
    ("words", "degree", "kind"),
    [
        ("PhD", "phd", "doctoral-thesis"),
        ("Ph.D. in Mathematics", "phd", "doctoral-thesis"),
        ("Doctor of Philosophy", "phd", "doctoral-thesis"),
        ("Candidate of Sciences", "candidate", "doctoral-thesis"),
        ("кандидат наук", "candidate", "doctoral-thesis"),
        ("M.Sc.", "master", "master-thesis"),
        ("Master of Arts", "master", "master-thesis"),
        ("BA", "bachelor", "bachelor-thesis"),
        ("", None, "doctoral-thesis"),
    ],
)
def test_a_dissertation_has_its_degree(document, words, degree, kind):
    found = document(
        f"""<dissertation language="ru">
          <person_name contributor_role="author"><surname>Ким</surname></person_name>
          <titles><title>Тема</title></titles>
          <approval_date><month>12</month><day>17</day>{DATE}</approval_date>
          <institution><institution_name>Университет</institution_name>
            <institution_place>Нарын</institution_place></institution>
          <degree>{words}</degree>{DOI.format("d")}
        </dissertation>"""
    )
    assert found["type"] == vocabulary.TYPES[kind].uri
    assert found["creators"][0]["family"] == "Ким"
    assert found["issued"] == "2024-12-17"
    assert found["publishers"] == [{"name": "Университет", "place": "Нарын"}]
    assert found.get("thesis", {}).get("degree") == degree


@pytest.mark.parametrize(
    ("kind", "expected"),
    [("preprint", "preprint"), ("working_paper", "working-paper"), ("letter", "other")],
)
def test_posted_content_is_of_its_kind_and_no_version_of_record(document, kind, expected):
    found = document(
        f"""<posted_content type="{kind}" language="en"><titles><title>Early</title></titles>
          <posted_date><month>5</month><day>1</day>{DATE}</posted_date>{DOI.format("e")}
        </posted_content>"""
    )
    assert found["type"] == vocabulary.TYPES[expected].uri
    assert found["issued"] == "2024-05-01"
    assert "version_type" not in found


def test_a_report_and_a_dataset_are_taken(rows):
    report, dataset = rows(
        f"""<report-paper><report-paper_metadata><titles><title>Report</title></titles>
          <publication_date>{DATE}</publication_date>{DOI.format("r")}
        </report-paper_metadata></report-paper>
        <database><database_metadata><titles><title>All</title></titles>
          <publisher><publisher_name>Press</publisher_name></publisher></database_metadata>
          <dataset><titles><title>Table</title></titles>
            <database_date><creation_date>{DATE}</creation_date></database_date>
            <description>Rows</description>{DOI.format("t")}</dataset></database>"""
    )
    assert profile.check(report.document)["type"] == vocabulary.TYPES["report"].uri
    found = profile.check(dataset.document)
    assert found["type"] == vocabulary.TYPES["dataset"].uri
    assert found["issued"] == "2024"
    assert found["publishers"] == [{"name": "Press"}]
    assert found["notes"] == ["Rows"]


def test_the_pdf_of_the_same_name_comes_along(rows, tmp_path):
    (tmp_path / "one.pdf").write_bytes(b"%PDF")
    (row,) = rows(article())
    assert [file.path for file in row.files] == [tmp_path / "one.pdf"]
    assert row.key == "10.5555/a.1"
    assert row.place.startswith("one.crossref.xml, line ")


def test_a_pdf_beside_several_works_belongs_to_none(rows, tmp_path):
    (tmp_path / "one.pdf").write_bytes(b"%PDF")
    assert [row.files for row in rows(BOOK)] == [(), ()]


def test_answers_of_crossref_are_read_like_deposits(tmp_path):
    path = tmp_path / "answer.xml"
    path.write_text(
        f"<doi_records {NAMESPACES}><doi_record><crossref>{article()}</crossref></doi_record>"
        "</doi_records>",
        "utf-8",
    )
    (row,) = crossref.read(path)
    assert profile.check(row.document)["host"]["title"] == "Жарчы"


def test_a_folder_is_read_in_the_order_of_names(tmp_path):
    for name in ("b", "a"):
        (tmp_path / f"{name}.xml").write_text(batch(article(doi=name)), "utf-8")
    (tmp_path / "c.txt").write_text("no deposit")
    assert crossref.count(tmp_path) == 2
    assert [row.key for row in crossref.read(tmp_path)] == ["10.5555/a", "10.5555/b"]


def test_a_broken_file_is_a_row_with_a_problem_and_the_rest_is_read(tmp_path):
    (tmp_path / "a.xml").write_text("<doi_batch>\n<broken</doi_batch>")
    (tmp_path / "b.xml").write_text('<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a/>')
    (tmp_path / "c.xml").write_text("<other/>")
    (tmp_path / "d.xml").write_text(batch(article()), "utf-8")
    broken, entity, other, good = crossref.read(tmp_path)
    assert "line 2" in broken.problem
    assert "DOCTYPE" in entity.problem
    assert "kind that we know" in other.problem
    assert not good.problem


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (
            article(
                "<contributors><person_name contributor_role='author'><surname>Kim</surname>"
                "<ORCID>https://orcid.org/0000-0002-1825-0098</ORCID></person_name></contributors>"
            ),
            "creators.0.orcid",
        ),
        (article(doi="a b"), "identifiers.0.value"),
        (BOOK.replace("978-9967-99-999-2", "978-9967-99-999-3"), "identifiers.1.value"),
        (article(title="x" * 10_000), "titles.0.text"),
        (article(language='language="qq"'), "languages.0"),
    ],
    ids=["orcid", "doi", "isbn", "long title", "language"],
)
def test_wrong_values_are_named_with_their_field(rows, body, field):
    with pytest.raises(profile.Unfit) as unfit:
        profile.check(rows(body)[0].document)
    assert field in unfit.value.errors
