"""RUSMARC: what stands in which field, checked against the schema that the archive serves."""

import copy
from dataclasses import replace
from pathlib import Path

import pytest
from lxml import etree

from oai.formats import marcxml, rusmarc
from repository import web
from schemas import work as profile

RUSMARC = {"r": rusmarc.NAMESPACE}
SCHEMA = etree.XMLSchema(etree.parse(Path(web.__file__).parents[1] / rusmarc.SCHEMA))


def lines(record, *tags):
    """Fields as cataloguers write them: 200 1# $aМанас."""
    made = rusmarc.render(record)
    SCHEMA.assertValid(etree.fromstring(etree.tostring(made)))
    return [
        f"{one.get('tag')} {(one.get('ind1') + one.get('ind2')).replace(' ', '#')} "
        + "".join(f"${part.get('code')}{part.text}" for part in one)
        for one in made.iterfind("r:datafield", RUSMARC)
        if one.get("tag") in tags
    ]


def revised(record, **changes):
    return replace(record, document=profile.check({**record.document, **changes}))


def test_nothing_in_it_is_of_marc_21(examples):
    text = etree.tostring(rusmarc.render(examples["article"]), encoding="unicode")
    assert "MARC21" not in text
    assert text.startswith("<rusmarc:record ")
    assert 'format="RUSMARC"' in text
    assert rusmarc.NAMESPACE != marcxml.NAMESPACE


def test_an_article_stands_in_the_issue_of_a_journal(examples):
    made = rusmarc.render(examples["article"])
    assert made.findtext("r:leader", None, RUSMARC) == "00000caa2 22000003n 450 "
    assert lines(examples["article"], "461", "463") == [
        "461 #0 $1011  $a1694-7452$12001 $aВестник",
        "463 #0 $12001 $aТ. 12, № 3$vС. 5–9",
    ]


def test_a_journal_without_numbers_is_linked_alone(examples):
    host = {"title": "Вестник", "date": "2024"}
    assert lines(revised(examples["article"], host=host), "461", "463") == [
        "461 #0 $12001 $aВестник$1210  $d2024"
    ]


def test_a_part_stands_in_a_book(examples):
    assert lines(examples["part"], "454", "463", "488") == [
        "454 #0 $12001 $aИванов А. Города Чуя. М., 1980.",
        "463 #0 $1010  $a9783161484100$12001 $aОрто кылымдар$fПетров П.; Мамытов Б.$hТ. 2"
        "$vС. 101–140$1210  $aФрунзе$d1987",
        "463 #0 $1010  $a9783161484100",
        "488 #0 $101770$a10.1234/r$2doi",
    ]


def test_people_by_responsibility_in_both_scripts(examples):
    assert lines(examples["article"], "700", "701", "702", "710", "711") == [
        "700 #1 $6a01700$7ca$aАсанова$bА. Б.$gАйгүл Бакытовна$pОш мамлекеттик университети"
        "$ohttps://orcid.org/0000-0002-1825-0097$4070",
        "700 #1 $6a01700$7ba$aAsanova$bA.$gAigul$4070",
        "702 #1 $aПетров$bИ.$gИ.$4340",
        "711 02 $aИлимдер академиясы$4070",
    ]
    assert lines(examples["part"], "701", "710", "712") == [
        "701 #1 $aИванов$bА. Б.$gА.Б.$4070",
        "701 #1 $aСулейменов$4440",
        "701 #1 $aКим$bВ.$gВера$4730",
        "710 02 $aТарых институту$4570",
        "712 02 $aФонд$4400",
    ]


def test_a_thesis_names_its_degree_and_university(examples):
    assert lines(examples["thesis"], "105", "328", "686", "702", "712") == [
        "105 ## $a||||m   |||||",
        "328 #0 $bДиссертация кандидата наук$c10.02.06 Түрк тилдери$d2019-06-14"
        "$eУлуттук университет, Д 10.19.586, Бишкек",
        "686 ## $a10.02.06$2vak",
        "702 #1 $aОсмонов$bБ.$gБакыт$4727",
        "712 02 $aУлуттук университет$4295",
    ]


@pytest.mark.parametrize(
    ("changes", "date"),
    [
        ({"issued": "1936"}, "d1936    "),
        ({"issued": "1936?"}, "f19361936"),
        ({"issued": "2024-05"}, "j202405  "),
        ({"issued": "2024-05-31"}, "j20240531"),
        ({"issued": None}, "u        "),
        ({"issued": "1924", "type": "http://purl.org/coar/resource_type/c_0640"}, "c1924    "),
    ],
)
def test_field_100_says_when_it_came_out(examples, changes, date):
    (line,) = lines(revised(examples["article"], **changes), "100")
    found = line.removeprefix("100 ## $a")
    assert (len(found), found[8:17], found[22:25], found[34:]) == (36, date, "rus", "ca")


def test_titles_imprint_and_languages(examples):
    assert lines(examples["article"], "101", "200", "205", "210", "541") == [
        "101 0# $akir$arus$dkir$deng$gkir",
        "200 1# $aКыргыз тили$eсөз байлыгы$fАйгүл Бакытовна Асанова, Илимдер академиясы",
        "210 ## $aБишкек$cИлим$d[2024?]",
        "541 1# $aThe Kyrgyz language$zeng",
    ]
    assert lines(examples["part"], "101", "200", "205", "210", "225", "517") == [
        "101 1# $ager$adng$gkir",
        "200 1# $aЧүйдүн шаарлары$fТарых институту, А.Б. Иванов, Сулейменов [и др.]",
        "205 ## $a2-басылышы",
        "210 ## $aФрунзе$cИлим$aМосква$cНаука$d1987",
        "225 2# $aТарых$v4$x1694-7452",
        "517 1# $aГорода Чуя",
    ]


def test_identifiers_classes_and_holdings(examples):
    tags = ("010", "011", "017", "035", "610", "675", "676", "686", "899")
    assert lines(examples["part"], *tags) == [
        "010 ## $a9783161484100",
        "011 ## $a1694-7452",
        "035 ## $a(irbis)IBIS:1204",
        "610 0# $aX–XII к.",
        "610 0# $aАрхеология",
        "676 ## $a939.6",
        "686 ## $a63.4$2rubbk",
        "686 ## $a03.41$2rugasnti",
    ]
    assert lines(examples["article"], *tags) == [
        "017 70 $a10.1234/abcd$2doi",
        "610 0# $aтил",
        "675 ## $a811.512.154",
        "899 ## $p17",
    ]


def test_access_licence_and_files(examples):
    assert lines(examples["article"], "371", "856") == [
        "371 0# $aОткрытый доступ$uhttp://purl.org/coar/access_right/c_abf2",
        "371 1# $aCC BY 4.0$uhttps://creativecommons.org/licenses/by/4.0/",
        "371 1# $a© А. Асанова",
        "856 4# $uhttps://archive.example.org/works/7$zОписание",
        "856 4# $uhttps://archive.example.org/works/7/a.pdf$fмакала.pdf$qapplication/pdf"
        "$s2048 bytes",
    ]
    assert lines(examples["embargoed"], "371", "856")[0] == (
        "371 0# $aВременно закрыто, до 2031-05-01$uhttp://purl.org/coar/access_right/c_f1cf"
    )


def test_a_catalogue_record_says_little(examples):
    made = rusmarc.render(examples["bare"])
    found = [one.get("tag") for one in made.iterfind("r:datafield", RUSMARC)]
    assert found == ["100", "105", "200", "371", "608", "801", "856"]


def test_the_schema_refuses_what_is_not_rusmarc(examples):
    made = rusmarc.render(examples["article"])
    for path, value in (
        ("r:leader", "00000cab a2200000uc 4500"),
        ("r:datafield[1]/@tag", "2000"),
        ("r:datafield[1]/@ind1", "a"),
        ("r:datafield[1]/r:subfield/@code", "A"),
    ):
        broken = copy.deepcopy(made)
        (found, *_) = broken.xpath(path, namespaces=RUSMARC)
        if isinstance(found, str):
            found.getparent().set(found.attrname, value)
        else:
            found.text = value
        assert not SCHEMA.validate(broken), path


def test_the_archive_serves_the_schema_that_it_names(catalogue, settled, harvest, client):
    catalogue.publish()
    settled()
    formats = harvest(verb="ListMetadataFormats")
    (listed,) = formats.xpath(
        "//*[*[local-name()='metadataPrefix']='rusmarc']/*[local-name()='schema']/text()"
    )
    assert listed == "http://archive.example.org/static/rusmarc.xsd"
    answer = client.get("/oai?verb=ListRecords&metadataPrefix=rusmarc")
    assert f"{rusmarc.NAMESPACE} {listed}" in answer.text
    served = client.get("/static/rusmarc.xsd")
    assert served.status_code == 200
    assert served.mimetype == "application/xml"
    etree.XMLSchema(etree.fromstring(served.data))
    served.close()
