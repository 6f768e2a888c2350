"""First pages of many layouts: which words are the title, and who are the authors."""

import pytest

from ingest import pdf, suggestions

RUSSIAN = (
    "Реки Кыргызстана питаются снегом и ледниками. Для расчёта стока используются данные "
    "метеостанций, и это позволяет оценить запасы воды в бассейне. " * 4
)
ENGLISH = (
    "The rivers of the country are fed by snow and by glaciers. For the calculation of the "
    "flow we use data of weather stations, and this is enough for a first estimate. " * 4
)


@pytest.fixture
def look(draw, cyrillic):
    """Title and families of the authors that one page shows."""

    def made(page):
        found = suggestions.suggest(pdf.read(draw(page, fonts=cyrillic)))
        people = found.authors.value if found.authors else ()
        return found.title and found.title.value, [one.family for one in people]

    return made


def test_a_masthead_larger_than_the_title_and_a_title_in_two_languages(look, say, paragraph):
    page = [
        say("ИЗВЕСТИЯ ВУЗОВ КЫРГЫЗСТАНА", 22, bold=True, x="centre"),
        say("№ 5, 2020", 10),
        say("ТЕХНИЧЕСКИЕ НАУКИ", 10, bold=True, gap=2),
        say("Сыдыков Э.Т., Ким Е.А.", bold=True, gap=2),
        say("ИССЛЕДОВАНИЕ ПРОЧНОСТИ БЕТОНА С ДОБАВКАМИ", 12, bold=True, x="centre", gap=2),
        say("Sydykov E.T., Kim E.A.", bold=True, gap=2),
        say("STUDY OF THE STRENGTH OF CONCRETE WITH ADDITIVES", 12, bold=True, x="centre"),
        *paragraph(f"Аннотация: {RUSSIAN}", size=10),
        *paragraph(RUSSIAN, size=11),
    ]
    assert look(page) == ("Исследование прочности бетона с добавками", ["Сыдыков", "Ким"])


def test_the_cover_of_an_abstract_of_a_thesis(look, say):
    page = [
        say("КЫРГЫЗСКИЙ НАЦИОНАЛЬНЫЙ УНИВЕРСИТЕТ", 12, bold=True, x="centre"),
        say("Диссертационный совет Д 10.19.588", 12, x="centre"),
        say("На правах рукописи", 12, x=350),
        say("УДК 94(575.2)", 12, x=350),
        say("Мамбетова Жылдыз Кубанычбековна", 14, bold=True, x="centre", gap=3),
        say("Торговые пути Внутреннего Тянь-Шаня", 16, bold=True, x="centre", gap=3),
        say("в XIX веке", 16, bold=True, x="centre"),
        say("07.00.02 – отечественная история", 12, x="centre", gap=2),
        say("Автореферат", 14, bold=True, x="centre", gap=2),
        say("диссертации на соискание учёной степени", 12, x="centre"),
        say("Научный руководитель: д.и.н., профессор Алиев Т. Р.", 12, gap=2),
        say("Бишкек – 2019", 12, x="centre", gap=8),
    ]
    assert look(page) == ("Торговые пути Внутреннего Тянь-Шаня в XIX веке", ["Мамбетова"])


def test_a_typescript_in_one_size_without_bold(look, say, paragraph):
    page = [
        say("УДК 691.32", 14),
        say("ВЛИЯНИЕ ДОБАВОК НА ПРОЧНОСТЬ БЕТОНА", 14, x="centre", gap=2),
        say("Асанов Б. М.", 14, x="centre"),
        say("Кыргызский государственный университет, Бишкек", 14, x="centre"),
        *paragraph(RUSSIAN, size=14, width=60),
    ]
    assert look(page) == ("Влияние добавок на прочность бетона", ["Асанов"])


def test_a_diploma_with_labels(look, say):
    page = [
        say("МИНИСТЕРСТВО ОБРАЗОВАНИЯ И НАУКИ КЫРГЫЗСКОЙ РЕСПУБЛИКИ", 12, x="centre"),
        say("КАФЕДРА ПРОГРАММНОЙ ИНЖЕНЕРИИ", 12, x="centre"),
        say("ВЫПУСКНАЯ КВАЛИФИКАЦИОННАЯ РАБОТА", 16, bold=True, x="centre", gap=4),
        say("на тему: «Разработка электронной библиотеки вуза»", 14, x="centre", gap=2),
        say("Выполнил: студент группы ПИ-1-18 Асанов Бакыт Маратович", 12, gap=4),
        say("Руководитель: к.т.н., доцент Петрова А. С.", 12),
        say("Бишкек – 2022", 12, x="centre", gap=10),
    ]
    assert look(page) == ("Разработка электронной библиотеки вуза", ["Асанов"])


def test_the_cover_of_a_textbook(look, say):
    page = [
        say("Г. Т. Жумабаева, Т. Р. Алиев", 14, x="centre"),
        say("ОСНОВЫ ИНФОРМАТИКИ", 24, bold=True, x="centre", gap=4),
        say("Учебное пособие для студентов вузов", 14, x="centre", gap=2),
        say("Рекомендовано Министерством образования", 12, x="centre", gap=3),
        say("Бишкек 2020", 12, x="centre", gap=12),
    ]
    assert look(page) == ("Основы информатики", ["Жумабаева", "Алиев"])


def test_an_english_thesis(look, say):
    page = [
        say("UNIVERSITY OF EXAMPLE", 14, x="centre"),
        say("Predicting the Flow of Mountain Rivers", 20, bold=True, x="centre", gap=4),
        say("by", 12, x="centre", gap=3),
        say("Jane Q. Doe", 14, x="centre", gap=2),
        say("A thesis submitted in partial fulfilment of the requirements", 12, x="centre", gap=4),
        say("for the degree of Doctor of Philosophy", 12, x="centre"),
        say("Supervisor: Prof. Albert Smith", 12, x="centre"),
        say("June 2021", 12, x="centre", gap=5),
    ]
    assert look(page) == ("Predicting the Flow of Mountain Rivers", ["Doe"])


def test_a_preprint_whose_authors_stand_side_by_side(look, say, paragraph):
    page = [
        say("Learning to Predict River Flow", 17, x="centre"),
        say("from Few Gauges", 17, x="centre"),
        say("Jane Doe^   John R. Smith^   Ann Lee^", 12, x="centre", gap=2, notes="1|2|1"),
        say("^University of Example    ^Institute of Snow", 10, x="centre", notes="1|2"),
        say("{jane,ann}@example.org, john@example.org", 10, x="centre"),
        say("Abstract", 12, bold=True, x="centre", gap=2),
        *paragraph(ENGLISH, size=10, x=110, width=70),
        say("1 Introduction", 14, bold=True, gap=2),
        *paragraph(ENGLISH, size=10),
    ]
    assert look(page) == (
        "Learning to Predict River Flow from Few Gauges",
        ["Doe", "Smith", "Lee"],
    )


def test_a_journal_whose_name_is_larger_than_the_title(look, say, paragraph):
    page = [
        say("Contents lists available at Example", 8, x="centre"),
        say("Journal of Hydrology", 18, x="centre", gap=1.5),
        say("journal homepage: www.example.org/jh", 8, x="centre"),
        say("Research papers", 10, gap=3),
        say("Predicting flow of mountain rivers: A review", 14),
        say("Jane Doe ^, John Smith ^", 11, gap=2, notes="a,*|b"),
        say("^ Department of Snow, University of Example, USA", 7, notes="a"),
        say("A B S T R A C T", 8, gap=2),
        *paragraph(ENGLISH, size=8, x=200, width=70),
        say("1. Introduction", 9, bold=True, gap=2),
        *paragraph(ENGLISH, size=9),
    ]
    assert look(page) == ("Predicting flow of mountain rivers: A review", ["Doe", "Smith"])


def test_authors_on_lines_of_their_own(look, say, paragraph):
    page = [
        say("Оценка качества воздуха в городе Бишкек", 16, bold=True, x="centre"),
        say("Нуриза Бекова^", 12, x="centre", gap=2, notes="1"),
        say("Тимур Алиев^", 12, x="centre", notes="2"),
        say("^Кыргызский национальный университет", 9, x="centre", notes="1"),
        say("^Институт водных проблем НАН КР", 9, x="centre", notes="2"),
        say("Резюме", bold=True, gap=2),
        *paragraph(RUSSIAN, size=10),
    ]
    assert look(page) == ("Оценка качества воздуха в городе Бишкек", ["Бекова", "Алиев"])


def test_a_name_cut_at_the_end_of_its_line_is_put_together(look, say, paragraph):
    page = [
        say("A Title of Some Length for This Paper", 18, x="centre"),
        say("Jane Doe^, Tania Vanessa", 12, gap=2, notes="1"),
        say("Arellano-Fernandez^, and Ari S.", 12, notes="1"),
        say("Benjamin^", 12, notes="2"),
        say("Abstract", 12, bold=True, gap=2),
        *paragraph(ENGLISH, size=10),
    ]
    assert look(page)[1] == ["Doe", "Arellano-Fernandez", "Benjamin"]


def test_an_organisation_before_the_people_is_no_person(look, say, paragraph):
    page = [
        say("Why people deposit, and what stops them", 17),
        say("A survey of users", 10),
        say("Example University Library, Чолпон Маратовна Абдиева", 10),
        *paragraph(f"Abstract. {ENGLISH}", size=9),
    ]
    assert look(page)[1] == ["Абдиева"]


def test_a_page_of_nothing_but_prose_has_no_title(look, say, paragraph):
    assert look([say("Dear colleagues,", 12), *paragraph(ENGLISH, size=12)]) == (None, [])
