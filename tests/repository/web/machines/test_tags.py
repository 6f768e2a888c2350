"""What programs find in the head of a work's page, read by those programs' own libraries."""

import extruct
import requests
from lxml import html


def page_of(house, number):
    answer = requests.get(f"{house.url}/works/{number}", timeout=10)
    return answer, html.fromstring(answer.text)


def tags(page, name):
    return page.xpath(f"//meta[@name='{name}' or @property='{name}']/@content")


def test_google_scholar_finds_its_tags_in_their_order(house):
    _, page = page_of(house, house.open)
    names = page.xpath("//meta[starts-with(@name, 'citation_')]/@name")
    begin = names.index("citation_author")
    assert names[begin : begin + 4] == [
        "citation_author",
        "citation_author_institution",
        "citation_author_orcid",
        "citation_author",
    ]
    assert tags(page, "citation_author") == ["Асанова, Айгүл", "Ким, Р."]
    assert tags(page, "citation_publication_date") == ["2024/05"]
    assert tags(page, "citation_volume") == ["2"]
    assert tags(page, "citation_keywords") == ["жайлоо; рельеф"]


def test_one_pdf_is_named_and_it_lies_below_the_page(house):
    _, page = page_of(house, house.open)
    (pdf,) = tags(page, "citation_pdf_url")
    assert pdf.startswith(f"{house.url}/works/{house.open}/") and pdf.endswith(".pdf")
    got = requests.get(pdf, timeout=10)
    assert (got.status_code, got.headers["Content-Type"]) == (200, "application/pdf")
    assert got.headers["Content-Disposition"].startswith("inline")


def test_a_file_that_is_not_open_is_in_no_tag_and_no_link(house):
    answer, page = page_of(house, house.embargoed)
    assert not tags(page, "citation_pdf_url") and not tags(page, "DC.format")
    assert "secret.pdf" not in answer.headers["Link"]
    assert "secret.pdf" not in html.tostring(page.head, encoding="unicode")
    for ending in ("linkset", "linkset.json", "jsonld"):
        got = requests.get(f"{house.url}/works/{house.embargoed}.{ending}", timeout=10)
        assert got.status_code == 200 and "secret" not in got.text


def test_dublin_core_says_its_schema_and_the_language_of_texts(house):
    _, page = page_of(house, house.open)
    assert page.xpath("//link[@rel='schema.DC']") and page.xpath("//link[@rel='schema.DCTERMS']")
    assert page.xpath("//meta[@name='DC.description']/@lang") == ["ky", "en"]
    assert tags(page, "DC.type") == ["journalArticle"]
    assert tags(page, "DCTERMS.license") == ["https://creativecommons.org/licenses/by/4.0/"]


def test_extruct_reads_the_json_ld_and_the_open_graph(house):
    answer, _ = page_of(house, house.open)
    found = extruct.extract(answer.text, base_url=house.url, syntaxes=["json-ld", "opengraph"])
    (work,) = found["json-ld"]
    assert work["@type"] == "ScholarlyArticle" and work["@id"] == f"{house.url}/works/{house.open}"
    assert work["author"][0]["@id"].startswith("https://orcid.org/")
    assert work["author"][0]["affiliation"][0]["name"] == "КУУ"
    assert work["isPartOf"]["isPartOf"]["name"] == "Вестник & К°"
    assert work["description"].endswith("</script><script>")
    graph = dict(found["opengraph"][0]["properties"])
    assert graph["og:type"] == "article" and graph["og:url"] == work["url"]
    assert graph["og:title"] == "Тоо жана тил"


def test_extruct_reads_what_the_archive_says_of_itself(house):
    answer = requests.get(f"{house.url}/", timeout=10)
    found = extruct.extract(answer.text, base_url=house.url, syntaxes=["json-ld"])["json-ld"]
    assert {one["@type"] for one in found} == {"WebSite", "DataCatalog"}


def test_the_whole_json_ld_names_open_files_and_all_abstracts(house):
    work = requests.get(f"{house.url}/works/{house.open}.jsonld", timeout=10).json()
    assert len(work["description"]) == 2
    assert [one["encodingFormat"] for one in work["encoding"]] == ["application/pdf", "text/csv"]
