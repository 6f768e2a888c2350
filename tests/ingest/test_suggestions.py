"""Suggestions: what a form may offer after reading a PDF, on real papers and other layouts."""

import dataclasses
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import MappingProxyType

import hypothesis
import pytest
from hypothesis import strategies as st
from lxml import etree

from ingest import layout, pdf, prose, suggestions
from ingest.names import Name
from ingest.suggestions import Source
from schemas import vocabulary, work

JOSE = Path(__file__).parents[3] / "shared" / "data" / "jose"
QUOTES = str.maketrans("“”’‘", "\"\"''")

RUSSIAN = (
    "В статье рассматриваются методы оценки снежного покрова и стока горных рек Кыргызстана. "
    "На основе многолетних наблюдений показано, что сток рек бассейна Нарына зависит от "
    "температуры воздуха и запасов снега в апреле, и предложена модель для его прогноза."
)
KYRGYZ = (
    "Макалада тоо сууларынын агымын жана кар катмарын баалоо ыкмалары каралат. Көп жылдык "
    "байкоолордун негизинде Нарын дарыясынын агымы абанын температурасына жана апрель айындагы "
    "кардын запасына көз каранды экени көрсөтүлгөн, аны алдын ала айтуу үчүн үлгү сунушталган."
)
ENGLISH = (
    "The paper considers methods for the estimation of snow cover and of the flow of mountain "
    "rivers. It is shown that the flow depends on the temperature of the air and on the snow "
    "that is there in April, and a model for its prediction is proposed and tested with data."
)
BODY = {
    "ru": "Реки Кыргызстана питаются снегом и ледниками. Для расчёта стока используются данные "
    "метеостанций, и это позволяет оценить запасы воды в бассейне. " * 6,
    "ky": "Кыргызстандын дарыялары кар жана мөңгү суулары менен толукталат. Суунун көлөмүн "
    "эсептөө үчүн метеостанциялардын маалыматтары колдонулат жана бул чоң мааниге ээ. " * 6,
    "en": "The rivers of the country are fed by snow and by glaciers. For the calculation of the "
    "flow we use data of weather stations, and this is enough for a first estimate. " * 6,
}


def families(found):
    return [one.family for one in found.authors.value] if found.authors else []


def normal(text):
    return " ".join(text.translate(QUOTES).split())


def registered(path):
    article = next(etree.parse(path).iter("{*}journal_article"))

    def every(name):
        return [normal("".join(one.itertext())) for one in article.iter(f"{{*}}{name}")]

    return every("title")[0], every("surname"), every("doi")[0]


@pytest.fixture(scope="module")
def real_papers():
    if not JOSE.is_dir():
        pytest.skip("the shared folder of real papers is not beside the checkout")
    paths = sorted(JOSE.glob("*.pdf"))
    with ThreadPoolExecutor(2) as pool:
        readings = list(pool.map(pdf.read, paths))
    return [
        (reading, *registered(path.with_suffix(".crossref.xml")))
        for reading, path in zip(readings, paths, strict=True)
    ]


def scores(papers):
    counted = Counter()
    for reading, title, surnames, doi in papers:
        found = suggestions.suggest(reading)
        counted["title"] += found.title is not None and normal(found.title.value) == title
        counted["authors"] += [normal(one) for one in families(found)] == surnames
        counted["doi"] += found.doi is not None and found.doi.value == doi
        counted["language"] += found.language is not None and found.language.value == "en"
        counted["abstract"] += found.abstracts is not None
    return counted


@pytest.mark.shared
def test_real_papers_are_described_as_they_were_registered(real_papers):
    found = scores(real_papers)
    print(f"\nof {len(real_papers)} papers: {dict(found)}")
    assert found["title"] >= 23
    assert found["authors"] >= 21
    assert found["doi"] >= 23
    assert found["language"] == len(real_papers)


@pytest.mark.shared
def test_the_pages_alone_are_enough_where_the_document_information_is_empty(real_papers):
    nothing = MappingProxyType({})
    bare = [
        (dataclasses.replace(reading, info=nothing, packet=nothing), *rest)
        for reading, *rest in real_papers
    ]
    found = scores(bare)
    print(f"\nwithout document information, of {len(bare)} papers: {dict(found)}")
    assert found["title"] >= 23
    assert found["authors"] >= 21
    assert found["doi"] >= 23


@pytest.fixture
def read(draw, cyrillic):
    """Suggestions for drawn pages."""

    def made(*pages, **options):
        path = draw(*pages, fonts=cyrillic, **options)
        return suggestions.suggest(pdf.read(path))

    return made


def russian_journal(say, paragraph, authors):
    return [
        say("Вестник КГТУ им. И. Раззакова. 2023. № 3 (67)", size=9),
        say("УДК 556.16:551.578.46 (575.2)", gap=2),
        say(authors, bold=True, gap=2),
        say("КГТУ им. И. Раззакова, г. Бишкек, Кыргызская Республика", size=10),
        say("МЕТОДЫ ПРОГНОЗА СТОКА ГОРНЫХ РЕК", bold=True, x="centre", gap=2),
        say("КЫРГЫЗСТАНА В УСЛОВИЯХ ИЗМЕНЕНИЯ КЛИМАТА", bold=True, x="centre"),
        *paragraph(f"Аннотация. {RUSSIAN}", size=10),
        say("Ключевые слова: сток рек, снежный покров, прогноз, ГИС.", size=10),
        *paragraph(f"Аннотация. {KYRGYZ}", size=10),
        say("Ачкыч сөздөр: дарыя агымы, кар катмары, болжолдоо.", size=10),
        *paragraph(f"Abstract. {ENGLISH}", size=10),
        say("Keywords: river flow, snow cover, prediction.", size=10),
        say("Введение", bold=True, gap=2),
        *paragraph(BODY["ru"]),
    ]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("И. И. Иванов, А. Б. Асанов", [("Иванов", "И.", "И."), ("Асанов", "А.", "Б.")]),
        ("Иванов И.И., Асанов А.Б.", [("Иванов", "И.", "И."), ("Асанов", "А.", "Б.")]),
        (
            "Иванов И.И., к.т.н., доцент, Асанова А.Б., аспирант",
            [("Иванов", "И.", "И."), ("Асанова", "А.", "Б.")],
        ),
        ("АСАНОВ Бакыт Маратович", [("Асанов", "Бакыт", "Маратович")]),
    ],
)
def test_a_russian_journal_page_with_the_authors_before_the_title(
    read, say, paragraph, line, expected
):
    found = read(russian_journal(say, paragraph, line))
    assert found.title.value == (
        "Методы прогноза стока горных рек Кыргызстана в условиях изменения климата"
    )
    assert found.title.source == Source.PAGE
    assert list(found.authors.value) == [Name(*one) for one in expected]
    assert found.language.value == "ru"
    assert found.year.value == "2023"
    assert found.classification.value == (("udc", "556.16:551.578.46 (575.2)"),)


def test_abstracts_and_keywords_in_three_languages_are_told_apart(read, say, paragraph):
    found = read(russian_journal(say, paragraph, "И. И. Иванов"))
    assert [(one.language, one.text) for one in found.abstracts.value] == [
        ("ru", RUSSIAN),
        ("ky", KYRGYZ),
        ("en", ENGLISH),
    ]
    assert [(one.language, one.text) for one in found.keywords.value] == [
        ("ru", "сток рек"),
        ("ru", "снежный покров"),
        ("ru", "прогноз"),
        ("ru", "ГИС"),
        ("ky", "дарыя агымы"),
        ("ky", "кар катмары"),
        ("ky", "болжолдоо"),
        ("en", "river flow"),
        ("en", "snow cover"),
        ("en", "prediction"),
    ]


def two_columns(say, paragraph):
    left = paragraph(BODY["en"], size=9, width=52)
    right = paragraph(BODY["en"], size=9, width=52, x=310)
    right[0] = right[0]._replace(gap=1.25 - 1.25 * len(left))
    return [
        say("Journal of Mountain Hydrology, Vol. 12, No. 4, 2021", size=8),
        say("https://doi.org/10.5555/JMH.2021.0042.", size=8),
        say("Snow and Ice: Predicting High-Altitude", size=18, x="centre", gap=2),
        say("River Flow with Few Data", size=18, x="centre"),
        say("Jane Q. Doe^, Aibek Asanov^ and", x="centre", gap=2, notes="1,*|2"),
        say("Ludwig van der Berg^", x="centre", notes="1"),
        say("^Department of Hydrology, University of Example, New York, USA", 8, notes="1"),
        say("^Institute of Water Problems, Bishkek, Kyrgyzstan", 8, notes="2"),
        say("*Corresponding author: doe@example.org", 8),
        *paragraph(f"Abstract—{ENGLISH}", size=9, width=52),
        say("Index Terms—snow, ice, river flow", size=9),
        say("1 INTRODUCTION", size=9, bold=True, gap=2),
        *left,
        *right,
    ]


def test_an_english_page_in_two_columns(read, say, paragraph):
    found = read(two_columns(say, paragraph))
    assert found.title.value == "Snow and Ice: Predicting High-Altitude River Flow with Few Data"
    assert families(found) == ["Doe", "Asanov", "van der Berg"]
    assert found.doi.value == "10.5555/jmh.2021.0042"
    assert [one.text for one in found.abstracts.value] == [ENGLISH]
    assert [one.text for one in found.keywords.value] == ["snow", "ice", "river flow"]
    assert found.language.value == "en"
    assert found.year.value == "2021"


def test_authors_in_cells_beside_each_other_with_their_affiliations_below(read, say, paragraph):
    cells = [
        (
            say("Jane Doe", x=90, gap=2),
            say("John Smith", x=260, gap=0),
            say("Ann Lee", x=430, gap=0),
        ),
        [say(f"Example University {n}", 9, x=90 + 170 * n, gap=1.25 * (not n)) for n in range(3)],
        [say("New York, USA", 9, x=90 + 170 * n, gap=1.25 * (not n)) for n in range(3)],
        [say(f"a{n}@example.org", 9, x=90 + 170 * n, gap=1.25 * (not n)) for n in range(3)],
    ]
    page = [
        say("Predicting the Flow of Mountain Rivers", size=20, x="centre"),
        *(one for row in cells for one in row),
        *paragraph(f"Abstract. {ENGLISH}", size=9),
        say("Introduction", bold=True, gap=2),
        *paragraph(BODY["en"], size=9),
    ]
    assert families(read(page)) == ["Doe", "Smith", "Lee"]


def thesis(say):
    return [
        say("КЫРГЫЗ РЕСПУБЛИКАСЫНЫН БИЛИМ БЕРҮҮ ЖАНА ИЛИМ МИНИСТРЛИГИ", 11, x="centre"),
        say("Ж. БАЛАСАГЫН АТЫНДАГЫ КЫРГЫЗ УЛУТТУК УНИВЕРСИТЕТИ", 11, x="centre"),
        say("Кол жазма укугунда", 11, x=380, gap=3),
        say("УДК 494.3", 11),
        say("Асанова Айпери Бакыт кызы", 14, bold=True, x="centre", gap=4),
        say("КЫРГЫЗ ТИЛИНДЕГИ ҮНДӨШТҮК МЫЙЗАМЫНЫН", 14, bold=True, x="centre", gap=4),
        say("АЗЫРКЫ ӨЗГӨЧӨЛҮКТӨРҮ", 14, bold=True, x="centre"),
        say("10.02.01 – кыргыз тили", 12, x="centre", gap=3),
        say("Филология илимдеринин кандидаты окумуштуулук", 12, x="centre", gap=3),
        say("даражасын изденип алуу үчүн жазылган диссертация", 12, x="centre"),
        say("Илимий жетекчи: ф.и.д., профессор Жапаров Ч. Т.", 12, x=260, gap=4),
        say("Бишкек – 2022", 12, x="centre", gap=10),
    ]


def test_the_title_page_of_a_kyrgyz_thesis(read, say, paragraph):
    found = read(thesis(say), paragraph(BODY["ky"]), paragraph(BODY["ky"]))
    assert found.title.value == "Кыргыз тилиндеги үндөштүк мыйзамынын азыркы өзгөчөлүктөрү"
    assert found.authors.value == (Name("Асанова", "Айпери", "Бакыт кызы"),)
    assert found.language.value == "ky"
    assert found.year.value == "2022"
    assert found.classification.value == (("udc", "494.3"),)


def kyrgyz_article(say, paragraph):
    return [
        say("Тоо суулары жана климат: байкоолордун жыйынтыгы", 16, bold=True, x="centre"),
        say("Бакыт Асанов, Айгүл Токтогулова", 12, x="centre", gap=2),
        say("Ош мамлекеттик университети, Ош шаары", 10, x="centre"),
        say("Кыскача мазмуну", bold=True, gap=2),
        *paragraph(KYRGYZ),
        say("Өзөк сөздөр", bold=True, gap=2),
        say("мөңгү; кар; дарыя"),
        say("Киришүү", bold=True, gap=2),
        *paragraph(BODY["ky"]),
    ]


def test_a_kyrgyz_article_whose_headings_stand_on_lines_of_their_own(read, say, paragraph):
    found = read(kyrgyz_article(say, paragraph))
    assert found.title.value == "Тоо суулары жана климат: байкоолордун жыйынтыгы"
    assert families(found) == ["Асанов", "Токтогулова"]
    assert [(one.text, one.language) for one in found.abstracts.value] == [(KYRGYZ, "ky")]
    assert [one.text for one in found.keywords.value] == ["мөңгү", "кар", "дарыя"]


@pytest.mark.parametrize(
    "rubbish",
    ["Microsoft Word - статья.doc", "untitled", "Документ1", "Vestnik_2019_3.indd", "C:\\a\\b"],
)
def test_rubbish_in_the_document_information_is_recognised(read, say, paragraph, rubbish):
    found = read(
        kyrgyz_article(say, paragraph),
        info={"Title": rubbish, "Author": "Пользователь Windows", "Keywords": "untitled"},
    )
    assert found.title.value == "Тоо суулары жана климат: байкоолордун жыйынтыгы"
    assert found.title.source == Source.PAGE
    assert families(found) == ["Асанов", "Токтогулова"]


def test_a_title_left_over_from_another_work_gives_way_to_the_page(read, say, paragraph):
    found = read(kyrgyz_article(say, paragraph), info={"Title": "Башка бир эмгектин аталышы"})
    assert found.title.value == "Тоо суулары жана климат: байкоолордун жыйынтыгы"


def test_a_scan_without_text_is_described_by_its_document_information(draw):
    path = draw([], info={"Title": "Манас эпосу жана тарых", "Author": "Асанов Бакыт Маратович"})
    found = suggestions.suggest(pdf.read(path))
    assert found.title == suggestions.Suggested("Манас эпосу жана тарых", Source.INFORMATION)
    assert found.authors.value == (Name("Асанов", "Бакыт", "Маратович"),)
    assert found.year.source == Source.INFORMATION
    assert found.abstracts is None
    assert found.doi is None


def test_a_doi_that_is_only_cited_is_not_suggested(read, say, paragraph):
    page = [
        say("On the Use of Snow in Early Spring", 16, bold=True),
        say("Jane Doe", 12),
        *paragraph(
            BODY["en"] + " As was shown before (Smith, 2020, doi:10.5555/other.1).", size=10
        ),
        say("References", bold=True),
        say("doi:10.5555/other.2"),
    ]
    assert read(page).doi is None


def test_suggestions_take_the_shape_of_a_work(read, say, paragraph):
    document = suggestions.as_document(read(russian_journal(say, paragraph, "И. И. Иванов")))
    assert document["titles"][0]["language"] == "ru"
    assert document["creators"] == [
        {"kind": "person", "role": "aut", "family": "Иванов", "given": "И.", "patronymic": "И."}
    ]
    assert document["issued"] == "2023"
    assert document["classification"] == [{"scheme": "udc", "code": "556.16:551.578.46 (575.2)"}]
    whole = document | {"type": vocabulary.TYPES["article"].uri}
    assert work.errors(whole, deposit=False) == {}


def test_nothing_is_suggested_where_there_is_nothing(draw):
    found = suggestions.suggest(pdf.read(draw([], name="bare.pdf")))
    assert found.title is None
    assert found.authors is None
    assert found.keywords is None


PIECES = ["Abstract", "УДК ", "doi:10.5555/", "Иванов И.И.", " and ", "№ 2020", ", ", "Doe", "уулу"]
LETTERS = st.lists(
    st.one_of(
        st.characters(),
        st.sampled_from("АаБбөүң И.,;:-–«»()0123456789*†\u00ad\ufffe\x1d"),
        st.sampled_from(PIECES),
    ),
    max_size=40,
).map("".join)
LINES = st.tuples(
    st.lists(st.tuples(LETTERS, st.booleans()), min_size=1, max_size=3),
    st.floats(1, 40),
    st.floats(-10, 600),
    st.floats(-10, 600),
    st.floats(-10, 900),
    st.booleans(),
)
PAGES = st.fixed_dictionaries(
    {
        "width": st.sampled_from([0, 600]),
        "height": st.sampled_from([0, 800]),
        "lines": st.lists(LINES, max_size=12),
        "text": LETTERS,
    }
)


@hypothesis.settings(max_examples=60, deadline=None)
@hypothesis.given(first=st.lists(PAGES, max_size=2), title=LETTERS, author=LETTERS)
def test_whatever_a_page_holds_the_form_gets_what_it_can_store(first, title, author):
    title, author = prose.line(title), prose.line(author)
    reading = pdf.Reading(
        pages=len(first),
        info={"Title": title, "Author": author, "CreationDate": title},
        packet={"creator": (author, title), "doi": (title,)},
        outline=(),
        tagged=False,
        language=title,
        first=tuple(map(layout.page, first)),
    )
    document = suggestions.as_document(suggestions.suggest(reading))
    whole = {"titles": [{"text": "T", "kind": "main"}]} | document
    whole["type"] = vocabulary.TYPES["article"].uri
    assert work.errors(whole, deposit=False) == {}
