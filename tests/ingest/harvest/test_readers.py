"""What each format says, as real repositories write it."""

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as trying
from hypothesis import strategies as st
from lxml import etree

from ingest.harvest import describing, readers
from ingest.harvest.faults import Fault, Faults
from ingest.harvest.protocol import Kind
from ingest.harvest.readers import READERS
from schemas import work as profile

HOME = "https://repo.example.org/"
COAR = "http://purl.org/coar/resource_type/"
DC = (
    '<oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/">{}</oai_dc:dc>'
)
MARC = '<record xmlns="http://www.loc.gov/MARC21/slim">{}</record>'
MODS = (
    '<mods xmlns="http://www.loc.gov/mods/v3" xmlns:xlink="http://www.w3.org/1999/xlink">{}</mods>'
)
DATACITE = (
    '<oai_datacite xmlns="http://schema.datacite.org/oai/oai-1.1/"><payload>'
    '<resource xmlns="http://datacite.org/schema/kernel-4">{}</resource></payload></oai_datacite>'
)


def described(shape, inside, faults=None):
    counted = faults if faults is not None else Faults()
    element = etree.fromstring(shape.format(inside))
    return describing.describe(element, "oai:repo.example.org:1", HOME, counted)


def field(tag, *subfields, ind1=" ", ind2=" "):
    parts = "".join(f'<subfield code="{code}">{text}</subfield>' for code, text in subfields)
    return f'<datafield tag="{tag}" ind1="{ind1}" ind2="{ind2}">{parts}</datafield>'


def test_dublin_core_as_dspace_writes_it():
    faults = Faults()
    found = described(
        DC,
        """<dc:title xml:lang="ky">Көчмөндөр маданияты</dc:title>
        <dc:title>Culture of nomads</dc:title>
        <dc:creator>Асанов, Бакыт Маратович</dc:creator>
        <dc:creator>Ош мамлекеттик университети</dc:creator>
        <dc:contributor>Петров И. С.</dc:contributor>
        <dc:subject>этнография; көчмөндөр</dc:subject>
        <dc:subject>УДК 39(575.2)</dc:subject>
        <dc:subject>info:eu-repo/classification/ddc/305</dc:subject>
        <dc:description>&lt;p&gt;Эмгек &lt;i&gt;көч&lt;/i&gt; жөнүндө.&lt;/p&gt;</dc:description>
        <dc:date>2020-03-01T10:11:12Z</dc:date><dc:date>2020-03-01T10:11:12Z</dc:date>
        <dc:date>2018</dc:date>
        <dc:type>Thesis</dc:type>
        <dc:identifier>http://hdl.handle.net/123456789/77</dc:identifier>
        <dc:identifier>https://repo.example.org/bitstream/77/1/a.pdf</dc:identifier>
        <dc:identifier>https://repo.example.org/handle/123456789/77</dc:identifier>
        <dc:identifier>10.5555/ABC.1</dc:identifier>
        <dc:identifier>инв. 5</dc:identifier>
        <dc:language>kir</dc:language><dc:language>xx-nonsense</dc:language>
        <dc:rights>https://creativecommons.org/licenses/by/4.0/</dc:rights>
        <dc:rights>info:eu-repo/semantics/openAccess</dc:rights>
        <dc:source>Вестник, № 5</dc:source><dc:format>application/pdf</dc:format>""",
        faults,
    )
    document = found.document
    assert [one["kind"] for one in document["titles"]] == ["main", "alternative"]
    assert document["titles"][0] == {
        "text": "Көчмөндөр маданияты",
        "language": "ky",
        "kind": "main",
    }
    assert document["creators"][0]["family"] == "Асанов"
    assert document["creators"][0]["patronymic"] == "Маратович"
    assert document["creators"][1]["kind"] == "organisation"
    assert document["contributors"][0]["family"] == "Петров"
    assert [one["text"] for one in document["keywords"]] == ["этнография", "көчмөндөр"]
    assert document["classification"] == [
        {"scheme": "udc", "code": "39(575.2)"},
        {"scheme": "ddc", "code": "305"},
    ]
    assert document["abstracts"][0]["text"] == "Эмгек көч жөнүндө."
    assert document["issued"] == "2018"
    assert document["type"] == COAR + "c_db06"
    assert document["languages"] == ["ky"]
    assert (document["licence"], document["access"]) == ("cc-by-4.0", "open")
    assert document["host"]["title"] == "Вестник, № 5"
    assert {"scheme": "doi", "value": "10.5555/abc.1"} in document["identifiers"]
    assert found.url == "https://repo.example.org/handle/123456789/77"
    assert faults.kept() == {}


def test_marc_as_libraries_write_it():
    found = described(
        MARC,
        "<leader>00000nam a2200000 i 4500</leader>"
        '<controlfield tag="008">200101s1987    kg            000 0 kir d</controlfield>'
        + field("020", ("a", "978-0-306-40615-7 (hbk.)"))
        + field("041", ("a", "kirrus"), ind1="1")
        + field("080", ("a", "821.512.154"))
        + field("084", ("a", "83.3(2Ки)"), ("2", "rubbk"))
        + field("100", ("a", "Айтматов, Чыңгыз,"), ("d", "1928-2008."), ("4", "aut"), ind1="1")
        + field("245", ("a", "Кылым карытар бир күн :"), ("b", "роман /"), ("c", "Ч. Айтматов."))
        + field("250", ("a", "2-басылышы."))
        + field("260", ("a", "Фрунзе :"), ("b", "Кыргызстан,"), ("c", "1987."))
        + field("300", ("a", "416 б. ;"), ("c", "21 см."))
        + field("490", ("a", "Кыргыз прозасы ;"), ("v", "4"))
        + field("520", ("a", "Роман жөнүндө."))
        + field("650", ("a", "Кыргыз адабияты"), ("y", "20-кылым."))
        + field("700", ("a", "Иванова, А. Б.,"), ("e", "translator."))
        + field("710", ("a", "Кыргыз илимдер академиясы."))
        + field("856", ("u", "https://lib.example.org/b/1"), ind1="4"),
    )
    document = found.document
    assert document["titles"] == [
        {"text": "Кылым карытар бир күн", "kind": "main"},
        {"text": "роман", "kind": "subtitle"},
    ]
    assert [one["family"] for one in document["creators"]] == ["Айтматов"]
    assert [
        (one.get("family") or one["name"], one["role"]) for one in document["contributors"]
    ] == [
        ("Иванова", "trl"),
        ("Кыргыз илимдер академиясы", "ctb"),
    ]
    assert document["publishers"] == [{"name": "Кыргызстан", "place": "Фрунзе"}]
    assert (document["issued"], document["edition"]) == ("1987", "2-басылышы.")
    assert document["languages"] == ["ky", "ru"]
    assert document["identifiers"] == [{"scheme": "isbn", "value": "9780306406157"}]
    assert {one["scheme"] for one in document["classification"]} == {"udc", "bbk"}
    assert document["series"] == [{"title": "Кыргыз прозасы", "number": "4"}]
    assert document["keywords"][0]["text"] == "Кыргыз адабияты — 20-кылым"
    assert document["type"] == COAR + "c_2f33"
    assert found.url == "https://lib.example.org/b/1"


def test_an_article_and_a_thesis_in_marc():
    article = described(
        MARC,
        "<leader>00000naa a2200000 i 4500</leader>"
        + field("245", ("a", "Мөңгүлөр"))
        + field("773", ("t", "Вестник КНУ"), ("g", "2020. № 3. С. 15-21"), ("x", "1694-5220")),
    ).document
    assert article["host"]["title"] == "Вестник КНУ"
    assert article["host"]["pages"] == "15-21"
    thesis = described(
        MARC,
        "<leader>00000nam a2200000 i 4500</leader>"
        + field("245", ("a", "Тоолор"))
        + field("502", ("a", "Магистрдик диссертация. Магистр")),
    ).document
    assert thesis["type"] == COAR + "c_bdcc"


def test_mods_as_repositories_write_it():
    found = described(
        MODS,
        """<titleInfo type="translated" lang="eng"><title>Lakes</title></titleInfo>
        <titleInfo><nonSort>The</nonSort><title>Glacier lakes</title>
        <subTitle>a map</subTitle></titleInfo>
        <name type="personal"><namePart type="family">Асанова</namePart>
        <namePart type="given">Айгүл</namePart><role><roleTerm type="text">Author</roleTerm></role>
        <nameIdentifier type="orcid">https://orcid.org/0000-0002-1825-0097</nameIdentifier></name>
        <name type="personal"><namePart>Петров, Иван</namePart>
        <role><roleTerm type="code">edt</roleTerm></role></name>
        <name type="corporate"><namePart>Геология институту</namePart>
        <role><roleTerm>sponsor</roleTerm></role></name>
        <genre>journal article</genre>
        <originInfo><place><placeTerm type="text">Бишкек</placeTerm></place>
        <publisher>Илим</publisher><dateIssued encoding="w3cdtf">2021-05</dateIssued></originInfo>
        <language><languageTerm type="code" authority="iso639-2b">eng</languageTerm></language>
        <physicalDescription><extent>12 p.</extent></physicalDescription>
        <abstract lang="en">Of lakes.</abstract>
        <subject><topic>glaciers</topic><geographic>Tien Shan</geographic></subject>
        <classification authority="udc">556</classification>
        <relatedItem type="host"><titleInfo><title>Mountain Research</title></titleInfo>
        <part><detail type="volume"><number>4</number></detail>
        <extent unit="pages"><start>5</start><end>17</end></extent></part></relatedItem>
        <identifier type="doi">10.5555/mr.2024.0012</identifier>
        <identifier type="isbn" invalid="yes">000</identifier>
        <location><url access="raw object">https://repo.example.org/a.pdf</url>
        <url usage="primary display">https://repo.example.org/1</url></location>
        <accessCondition xlink:href="https://creativecommons.org/licenses/by-nc/4.0/"/>""",
    )
    document = found.document
    assert [(one["text"], one["kind"]) for one in document["titles"]] == [
        ("The Glacier lakes", "main"),
        ("a map", "subtitle"),
        ("Lakes", "translated"),
    ]
    assert document["creators"][0]["orcid"] == "0000-0002-1825-0097"
    assert [one["role"] for one in document["contributors"]] == ["edt", "ctb"]
    assert document["host"]["pages"] == "5–17"
    assert document["host"]["volume"] == "4"
    assert (document["issued"], document["licence"]) == ("2021-05", "cc-by-nc-4.0")
    assert document["coverage"] == [{"kind": "spatial", "text": "Tien Shan"}]
    assert document["type"] == COAR + "c_6501"
    assert found.url == "https://repo.example.org/1"


def test_a_book_with_editors_alone_is_theirs():
    editor = "<name><namePart>Петров, Иван</namePart><role><roleTerm>edt</roleTerm></role></name>"
    document = described(MODS, f"<titleInfo><title>Т</title></titleInfo>{editor}").document
    assert [one["family"] for one in document["creators"]] == ["Петров"]
    assert "contributors" not in document


def test_datacite_as_zenodo_writes_it():
    found = described(
        DATACITE,
        """<identifier identifierType="DOI">10.5281/ZENODO.1</identifier>
        <creators><creator><creatorName nameType="Personal">Doe, Jane</creatorName>
        <givenName>Jane</givenName><familyName>Doe</familyName>
        <nameIdentifier nameIdentifierScheme="ORCID">0000-0002-1825-0097</nameIdentifier>
        <affiliation>Osh State University</affiliation></creator>
        <creator><creatorName nameType="Organizational">GeoLab</creatorName></creator></creators>
        <titles><title titleType="Subtitle">2010 to 2020</title>
        <title xml:lang="en">Flows</title></titles>
        <publisher>Zenodo</publisher><publicationYear>2021</publicationYear>
        <subjects><subject>rivers</subject></subjects>
        <contributors><contributor contributorType="Supervisor">
        <contributorName>Асанов, Б.</contributorName></contributor></contributors>
        <dates><date dateType="Issued">2021-02-03</date></dates><language>en</language>
        <resourceType resourceTypeGeneral="Dataset"/>
        <rightsList><rights rightsURI="info:eu-repo/semantics/openAccess">Open</rights>
        <rights rightsURI="https://creativecommons.org/publicdomain/zero/1.0/">CC0</rights></rightsList>
        <descriptions><description descriptionType="Abstract">Of rivers.</description>
        <description descriptionType="Methods">Measured.</description></descriptions>""",
    )
    document = found.document
    assert [(one["text"], one["kind"]) for one in document["titles"]] == [
        ("Flows", "main"),
        ("2010 to 2020", "subtitle"),
    ]
    assert document["creators"][0]["affiliations"] == [{"name": "Osh State University"}]
    assert document["creators"][1] == {"kind": "organisation", "name": "GeoLab", "role": "aut"}
    assert document["contributors"][0]["role"] == "ths"
    assert (document["issued"], document["licence"], document["access"]) == (
        "2021-02-03",
        "cc0-1.0",
        "open",
    )
    assert document["type"] == COAR + "c_ddb1"
    assert found.url == "https://doi.org/10.5281/zenodo.1"


def test_what_makes_no_sense_is_left_out_and_the_rest_is_kept():
    faults = Faults()
    found = described(
        DC,
        "<dc:title>Т</dc:title><dc:date>2021-99-99</dc:date><dc:language>xx</dc:language>"
        "<dc:identifier>10.5555/</dc:identifier><dc:identifier>ISBN 123</dc:identifier>"
        f"<dc:subject>{'к' * 400}</dc:subject><dc:subject>көл</dc:subject>"
        f"<dc:creator>{'А' * 900}, Б</dc:creator><dc:creator>Асан, Б</dc:creator>",
        faults,
    )
    document = found.document
    assert document["titles"][0]["text"] == "Т"
    assert [one["family"] for one in document["creators"]] == ["Асан"]
    assert document["keywords"][1]["text"] == "көл"
    assert "issued" not in document
    assert "identifiers" not in document
    assert faults[Fault.ELEMENTS] == 1
    assert found.url == HOME


def test_a_record_without_a_title_is_called_by_its_identifier():
    document = described(DC, "<dc:creator>Асан, Б</dc:creator>").document
    assert document["titles"][0]["text"] == "oai:repo.example.org:1"


def test_a_record_in_another_format_than_was_asked_for_is_read_or_counted():
    faults = Faults()
    assert described('<x xmlns="urn:unheard-of">{}</x>', "", faults) is None
    assert faults[Fault.NAMESPACE] == 1


@pytest.mark.parametrize(
    ("kinds", "best"),
    [
        ([("oai_dc", "http://www.openarchives.org/OAI/2.0/oai_dc/")], "oai_dc"),
        (
            [
                ("oai_dc", "http://www.openarchives.org/OAI/2.0/oai_dc/"),
                ("marc21", "http://www.loc.gov/MARC21/slim"),
            ],
            "marc21",
        ),
        (
            [
                ("datacite", "http://datacite.org/schema/kernel-4"),
                ("oai_datacite", "http://schema.datacite.org/oai/oai-1.0/"),
            ],
            "oai_datacite",
        ),
        ([("marcxml", "http://www.loc.gov/MARC21/slim"), ("mods", "")], "marcxml"),
        ([("mods", "")], "mods"),
        ([("lido", "http://www.lido-schema.org")], None),
        ([], None),
    ],
)
def test_the_best_format_of_those_that_we_read_is_chosen(kinds, best):
    found = readers.best([Kind(*one) for one in kinds])
    assert (found.prefix if found else None) == best


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "ftp://example.org/",
        "//example.org/",
        "http://",
        "https://user@example.org/",
        "https://example.org/a b",
        'https://example.org/"onx=1',
        "https://example.org/<script>",
        "https://example.org/\\evil",
        "https://[::1",
    ],
)
def test_readers_are_not_sent_where_no_page_can_be(url):
    assert describing.link(url) == ""


NAMES = st.sampled_from(
    "title creator date language type identifier rights subject titleInfo name namePart role "
    "roleTerm originInfo dateIssued leader controlfield datafield subfield resource creators "
    "creatorName titles relatedItem part detail extent location url subjects".split()
)
TEXTS = st.text(
    st.characters(blacklist_categories=("Cs", "Cc"), blacklist_characters="\ufffe\uffff"),
    max_size=30,
) | st.sampled_from(["2021", "10.5555/x", "https://x.example.org/", "ru", "aut", "a", "245", "1"])


@st.composite
def elements(draw, namespace, depth=3):
    """Any element of a namespace."""
    element = etree.Element(f"{{{namespace}}}{draw(NAMES)}")
    for name in ("tag", "code", "type", "titleType"):
        if draw(st.booleans()):
            element.set(name, draw(TEXTS))
    element.text = draw(TEXTS)
    if depth:
        for _ in range(draw(st.integers(0, 3))):
            element.append(draw(elements(namespace, depth - 1)))
    return element


@pytest.mark.parametrize("format", READERS)
@given(data=st.data())
@trying(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_whatever_a_record_holds_it_becomes_a_sound_document(format, data):
    faults = Faults()
    namespace = READERS[format].namespaces[0]
    found = describing.describe(data.draw(elements(namespace)), "oai:x:1", HOME, faults)
    assert found is not None, faults.kept()
    assert profile.check(found.document) == found.document
    assert describing.link(found.url) == found.url
