"""Names of people, taken apart."""

import pytest

from ingest.names import Name, is_certain, split


@pytest.mark.parametrize(
    ("text", "family", "given"),
    [
        ("Jane Doe", "Doe", "Jane"),
        ("Jane Q. Doe", "Doe", "Jane Q."),
        ("Doe, Jane Q.", "Doe", "Jane Q."),
        ("O'Neil, Ann", "O'Neil", "Ann"),
        ("Jean-Pierre Hickey", "Hickey", "Jean-Pierre"),
        ("J. Jasmin Güven", "Güven", "J. Jasmin"),
        ("S. K. Morgan Ernest", "Ernest", "S. K. Morgan"),
        ("H.M. Chow", "Chow", "H. M."),
        ("Joachim C H Blohm", "Blohm", "Joachim C H"),
        ("Ashlee N. Ford Versypt", "Ford Versypt", "Ashlee N."),
        ("Katherine H. Markovich", "Markovich", "Katherine H."),
        ("Ludwig van Beethoven", "van Beethoven", "Ludwig"),
        ("Ludwig van der Berg", "van der Berg", "Ludwig"),
        ("María de la Cruz Gómez", "de la Cruz Gómez", "María"),
        ("Bernard Marius ’t Hart", "’t Hart", "Bernard Marius"),
        ("Federico d’Oleire Uquillas", "d’Oleire Uquillas", "Federico"),
        ("José Ortega y Gasset", "Ortega y Gasset", "José"),
        ("Sammy Davis Jr.", "Davis Jr.", "Sammy"),
        ("Jane DOE", "Doe", "Jane"),
        ("DOE Jane", "Doe", "Jane"),
        ("Dr. Jane Doe, PhD", "Doe", "Jane"),
        ("Ivanov I. I.", "Ivanov", "I. I."),
        ("I.I. Ivanov", "Ivanov", "I. I."),
        ("Plato", "Plato", ""),
    ],
)
def test_names_in_latin_letters(text, family, given):
    assert split(text) == Name(family, given)


@pytest.mark.parametrize(
    ("text", "family", "given", "patronymic"),
    [
        ("Иванов И. И.", "Иванов", "И.", "И."),
        ("Иванов И.И.", "Иванов", "И.", "И."),
        ("И. И. Иванов", "Иванов", "И.", "И."),
        ("И.И.Иванов", "Иванов", "И.", "И."),
        ("Дж. Х. Смит", "Смит", "Дж.", "Х."),
        ("Асанов А. Б.", "Асанов", "А.", "Б."),
        ("Асанов Бакыт Маратович", "Асанов", "Бакыт", "Маратович"),
        ("Бакыт Маратович Асанов", "Асанов", "Бакыт", "Маратович"),
        ("Асанова Айгүл Маратовна", "Асанова", "Айгүл", "Маратовна"),
        ("АСАНОВ БАКЫТ МАРАТОВИЧ", "Асанов", "Бакыт", "Маратович"),
        ("ИВАНОВ Иван Иванович", "Иванов", "Иван", "Иванович"),
        ("Ivanov Ivan Ivanovich", "Ivanov", "Ivan", "Ivanovich"),
        ("Асанов, Бакыт Маратович", "Асанов", "Бакыт", "Маратович"),
        ("Антонович Иван Петрович", "Антонович", "Иван", "Петрович"),
        ("Асанов Бакыт Асан уулу", "Асанов", "Бакыт", "Асан уулу"),
        ("Токтогулова Айпери Эсен кызы", "Токтогулова", "Айпери", "Эсен кызы"),
        ("Asanova Aiperi Bakyt kyzy", "Asanova", "Aiperi", "Bakyt kyzy"),
        ("к.т.н., доцент Усенов К. Ж.", "Усенов", "К.", "Ж."),
        ("Усенов К. Ж., д.т.н., профессор", "Усенов", "К.", "Ж."),
    ],
)
def test_names_with_patronymics(text, family, given, patronymic):
    assert split(text) == Name(family, given, patronymic)


@pytest.mark.parametrize(
    ("text", "family", "given"),
    [
        ("Асан уулу Бакыт", "Асан уулу", "Бакыт"),
        ("Бакыт Асан уулу", "Асан уулу", "Бакыт"),
        ("Чыңгыз Айтматов", "Айтматов", "Чыңгыз"),
        ("Айтматов Чыңгыз", "Айтматов", "Чыңгыз"),
        ("Ирина Ким", "Ким", "Ирина"),
        ("Ким Ирина", "Ким", "Ирина"),
        ("Лев Толстой", "Толстой", "Лев"),
        ("Константин Иванов", "Иванов", "Константин"),
        ("АСАНОВ Бакыт", "Асанов", "Бакыт"),
    ],
)
def test_names_of_two_words_in_either_order(text, family, given):
    assert split(text) == Name(family, given)


def test_a_name_that_is_empty_has_no_parts():
    assert split(" , ") == Name("")


@pytest.mark.parametrize(
    "text", ["Иванов И. И.", "Jane Q. Doe Ivanovna", "J. Doe", "Асан уулу Бакыт"]
)
def test_initials_and_patronymics_are_sure_signs_of_a_person(text):
    assert is_certain(text)


@pytest.mark.parametrize("text", ["Machine Learning", "Jane Doe", "Бишкек", "Горные реки", "А. Б."])
def test_other_words_with_capitals_are_none(text):
    assert not is_certain(text)
