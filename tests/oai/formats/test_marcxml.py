"""MARC 21: what stands in which field, and that other software reads the same."""

from dataclasses import replace
from io import BytesIO

import pymarc
import pytest
from lxml import etree

from oai.formats import marcxml
from schemas import work as profile

MARC = {"m": marcxml.NAMESPACE}


def lines(record, *tags):
    """Fields as cataloguers write them: 245 10 $aМанас."""
    made = marcxml.render(record)
    return [
        f"{one.get('tag')} {(one.get('ind1') + one.get('ind2')).replace(' ', '#')} "
        + "".join(f"${part.get('code')}{part.text}" for part in one)
        for one in made.iterfind("m:datafield", MARC)
        if one.get("tag") in tags
    ]


def control(record, tag):
    return marcxml.render(record).findtext(f"m:controlfield[@tag='{tag}']", None, MARC)


def revised(record, **changes):
    return replace(record, document=profile.check({**record.document, **changes}))


def read(record):
    """The record as pymarc reads it."""
    (found,) = pymarc.parse_xml_to_array(BytesIO(etree.tostring(marcxml.render(record))))
    return found


def test_an_article_stands_in_a_journal(examples):
    assert marcxml.render(examples["article"]).findtext("m:leader", None, MARC) == (
        "00000cab a2200000uc 4500"
    )
    assert lines(examples["article"], "773") == [
        "773 0# $tВестник$gVol. 12, no. 3, p. 5–9$x1694-7452$7nnas"
    ]


def test_the_first_creator_is_the_main_entry_and_the_others_follow_in_order(examples):
    assert lines(examples["part"], "100", "110", "700", "710") == [
        "110 2# $aТарых институту$eissuing body$4isb",
        "700 1# $aИванов, А.Б.$eauthor$4aut",
        "700 1# $aСулейменов$eillustrator$4ill",
        "700 1# $aКим, Вера$etranslator$4trl",
    ]


def test_a_person_has_an_affiliation_and_an_orcid_and_is_linked_with_the_name_in_latin(examples):
    assert lines(examples["article"], "100", "880") == [
        "100 1# $6880-01$aАсанова, Айгүл Бакытовна$uОш мамлекеттик университети$eauthor$4aut"
        "$0(orcid)0000-0002-1825-0097$1https://orcid.org/0000-0002-1825-0097",
        "880 1# $6100-01/(B$aAsanova, Aigul",
    ]


def test_all_scripts_of_a_name_share_a_number_that_no_other_name_has(examples):
    forms = [{"family": "Asanova"}, {"family": "Ασάνοβα"}]
    people = [
        {"family": "Ким"},
        {"family": "Асанова", "forms": forms},
        {"kind": "organisation", "name": "ЖАМУ", "forms": [{"name": "ЖАГУ"}]},
    ]
    record = revised(examples["article"], creators=people, contributors=[])
    assert lines(record, "700", "710", "880") == [
        "700 1# $6880-01$aАсанова$eauthor$4aut",
        "710 2# $6880-02$aЖАМУ$eauthor$4aut",
        "880 1# $6700-01/(B$aAsanova",
        "880 1# $6700-01/(S$aΑσάνοβα",
        "880 2# $6710-02/(N$aЖАГУ",
    ]


def test_only_two_digits_link_names(examples):
    people = [{"family": "Асанова", "forms": [{"family": "Asanova"}]}] * 120
    record = revised(examples["article"], creators=people, contributors=[])
    numbers = [one.split("$")[1] for one in lines(record, "880")]
    assert (len(numbers), numbers[-1]) == (99, "6700-99/(B")


def test_titles_in_other_languages(examples):
    assert lines(examples["article"], "242", "245", "246") == [
        "242 10 $aThe Kyrgyz language$yeng",
        "245 10 $aКыргыз тили$bсөз байлыгы$cАйгүл Бакытовна Асанова, Илимдер академиясы",
    ]
    assert lines(examples["part"], "245", "246") == [
        "245 10 $aЧүйдүн шаарлары$cТарых институту, А.Б. Иванов, Сулейменов [et al.]",
        "246 33 $aГорода Чуя",
    ]


def test_a_thesis_names_its_degree_university_and_council(examples):
    assert lines(examples["thesis"], "502", "518", "710") == [
        "502 ## $bCandidate of sciences$cУлуттук университет$d2019"
        "$g10.02.06 Түрк тилдери$gД 10.19.586",
        "518 ## $oDefended$d2019-06-14$pБишкек",
        "710 2# $aУлуттук университет$edegree granting institution$4dgg",
    ]
    assert control(examples["thesis"], "008")[24:28] == "m   "


@pytest.mark.parametrize(
    ("changes", "date"),
    [
        ({"issued": "1936"}, "s1936    "),
        ({"issued": "2024~"}, "s2024    "),
        ({"issued": "2024-05"}, "e202405  "),
        ({"issued": "2024-05-31"}, "e20240531"),
        ({"issued": None}, "nuuuuuuuu"),
        (
            {"issued": "1924", "host": None, "type": "http://purl.org/coar/resource_type/c_0640"},
            "u1924uuuu",
        ),
    ],
)
def test_008_says_when_it_came_out(examples, changes, date):
    found = control(revised(examples["article"], **changes), "008")
    assert (len(found), found[6:15]) == (40, date)


@pytest.mark.parametrize(
    ("kind", "material"),
    [
        ("c_c513", "k"),
        ("c_12cd", "e"),
        ("c_18cc", "i"),
        ("c_12ce", "g"),
        ("c_5ce6", "m"),
        ("c_ddb1", "m"),
        ("c_0640", "a"),
    ],
)
def test_008_has_forty_places_for_every_material(examples, kind, material):
    address = f"http://purl.org/coar/resource_type/{kind}"
    record = revised(examples["article"], type=address, host=None)
    assert len(control(record, "008")) == 40
    assert marcxml.render(record).findtext("m:leader", None, MARC)[6] == material


def test_languages_are_those_of_iso_639_2_and_others_say_so(examples):
    assert lines(examples["part"], "041") == ["041 1# $ager", "041 17 $adng$2iso639-3"]
    assert control(examples["part"], "008")[35:38] == "ger"
    assert lines(examples["article"], "041") == ["041 0# $akir$arus$bkir$beng"]
    dungan = revised(examples["article"], languages=["dng"])
    assert control(dungan, "008")[35:38] == "mis"


def test_identifiers_and_classes(examples):
    tags = ("020", "022", "024", "035", "080", "082", "084", "852")
    assert lines(examples["part"], *tags) == [
        "020 ## $a9783161484100",
        "022 ## $a1694-7452",
        "035 ## $a(irbis)IBIS:1204",
        "082 04 $a939.6",
        "084 ## $a63.4$2rubbk",
        "084 ## $a03.41$2rugasnti",
    ]
    assert lines(examples["article"], *tags) == [
        "024 7# $a10.1234/abcd$2doi",
        "080 ## $a811.512.154",
        "852 ## $p17",
    ]


def test_places_publishers_series_and_funders(examples):
    assert lines(examples["part"], "264", "490", "536") == [
        "264 #1 $aФрунзе$bИлим$aМосква$bНаука$c1987",
        "490 0# $aТарых$x1694-7452$v4",
        "536 ## $aФонд (https://example.org/f). https://example.org/g",
    ]
    assert lines(examples["article"], "264", "536") == [
        "264 #1 $aБишкек$bИлим$c[2024-05?]",
        "536 ## $aИлим фонду. Тил$c17/24",
    ]


def test_other_works_are_linked_and_references_in_words_left_out(examples):
    assert lines(examples["part"], "765", "773", "787") == [
        "773 0# $tОрто кылымдар$dФрунзе$gVol. 2, 1987, p. 101–140$z9783161484100"
        "$nПетров П.; Мамытов Б.$7nnam",
        "765 0# $nИванов А. Города Чуя. М., 1980.",
        "787 08 $iReferences$ohttps://doi.org/10.1234/r",
        "773 0# $z9783161484100",
    ]


def test_access_licence_and_files(examples):
    assert lines(examples["article"], "506", "540", "856") == [
        "506 0# $aOpen access$fUnrestricted online access"
        "$uhttp://purl.org/coar/access_right/c_abf2$2star",
        "540 ## $aCC BY 4.0$uhttps://creativecommons.org/licenses/by/4.0/",
        "856 42 $uhttps://archive.example.org/works/7$yDescription",
        "856 40 $uhttps://archive.example.org/works/7/a.pdf$fмакала.pdf$qapplication/pdf"
        "$s2048 bytes",
    ]
    assert lines(examples["embargoed"], "506", "856") == [
        "506 1# $aEmbargoed$g20310501$uhttp://purl.org/coar/access_right/c_f1cf",
        "856 42 $uhttps://archive.example.org/works/7$yDescription",
    ]


def test_a_catalogue_record_says_little_and_has_no_carrier(examples):
    made = marcxml.render(examples["bare"])
    found = [one.get("tag") for one in made.iterfind("m:datafield", MARC)]
    assert found == ["245", "336", "506", "655", "856"]
    assert control(examples["bare"], "007") is None


def test_a_long_text_is_cut_at_a_word_and_lines_are_joined(examples):
    abstract = "Биринчи сап.\nЭкинчи " + "сөз " * 4900
    (line,) = lines(revised(examples["article"], abstracts=[{"text": abstract}]), "520")
    assert line.startswith("520 3# $aБиринчи сап. Экинчи сөз")
    assert line.endswith(" сөз…")
    assert len(line.removeprefix("520 3# ").encode()) + 4 <= 9_999


@pytest.mark.parametrize("example", ["article", "embargoed", "thesis", "part", "bare"])
def test_pymarc_reads_the_same_and_takes_it_through_iso_2709(examples, example):
    made, found = marcxml.render(examples[example]), read(examples[example])
    controls = [(one.get("tag"), one.text) for one in made.iterfind("m:controlfield", MARC)]
    fields = [
        (
            one.get("tag"),
            (one.get("ind1"), one.get("ind2")),
            [(part.get("code"), part.text) for part in one],
        )
        for one in made.iterfind("m:datafield", MARC)
    ]
    for record in (found, next(pymarc.MARCReader(found.as_marc()))):
        assert [(one.tag, one.data) for one in record.fields if one.is_control_field()] == controls
        assert [
            (one.tag, tuple(one.indicators), [tuple(part) for part in one.subfields])
            for one in record.fields
            if not one.is_control_field()
        ] == fields


def test_pymarc_finds_title_author_and_year(examples):
    found = read(examples["article"])
    assert found.title == "Кыргыз тили сөз байлыгы"
    assert found.author.startswith("Асанова, Айгүл Бакытовна")
    assert found.pubyear == "[2024-05?]"
    assert read(examples["part"]).isbn == "9783161484100"
