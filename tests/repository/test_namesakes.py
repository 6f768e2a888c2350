"""What speaks for two names being one person's."""

import pytest

from repository import namesakes
from repository.namesakes import Name, compare, heard


def name(family="", given="", patronymic=""):
    return heard({"family": family, "given": given, "patronymic": patronymic})


WHOLE = name("Кыдыралиев", "Асан", "Токтоевич")


@pytest.mark.parametrize(
    ("other", "points"),
    [
        (name("Kydyraliyev", "Asan", "Toktoevich"), 95),
        (name("Кыдыралиев", "Асан Токтоевич"), 95),
        (name("Кыдыралиев", "Асан", "Токто уулу"), 95),
        (name("Kydyraliev", "Asan"), 70),
        (name("Kydyraliev", "A.", "T."), 67),
        (name("Kydyraliev", "A. T."), 67),
        (name("Kydyraliev", "A."), 55),
        (name("Токто уулу", "Асан"), 75),
        (name("Кыдыралиев"), 40),
        (name("Кыдыралиев", "Бакыт"), 0),
        (name("Кыдыралиев", "Асан", "Маратович"), 0),
        (name("Kydyraliev", "B."), 0),
        (name("Асанов", "Асан", "Токтоевич"), 0),
    ],
)
def test_parts_of_a_name_add_up_and_a_contradiction_counts_most(other, points):
    assert compare(WHOLE, other).points == points
    assert compare(other, WHOLE).points == points


@pytest.mark.parametrize("patronymic", ["Асанович", "Асановна", "Асан уулу", "Asan kyzy"])
def test_patronymics_have_the_name_of_the_father(patronymic):
    assert name("Осмонов", "Бакыт", patronymic).father == "asan"


def test_a_name_of_passports_tells_the_father_in_place_of_the_family():
    assert name("Асан кызы", "Айгүл") == Name("", "aigul", "asan")
    assert compare(name("Асан кызы", "Айгүл"), name("Asan kyzy", "Aygul")).points == 95


def test_the_best_form_counts_and_says_why():
    found = namesakes.best(name("Kydyraliev", "A."), [name("Асанов"), WHOLE])
    assert found == (55, ("family", "given-initial"))
    assert namesakes.best(name("Smith"), []).points == 0


def test_a_name_is_packed_and_unpacked():
    assert namesakes.unpacked(namesakes.packed(WHOLE)) == WHOLE


@pytest.mark.parametrize(
    ("given", "keys"),
    [
        (("Асанов", "Бакыт"), ["asanov"]),
        (("Асанов", "Бакыт", "Токтоевич"), ["asanov", "tokto"]),
        (("Асан уулу", "Бакыт"), ["asan"]),
        (("Асанов", "Б.", "Т."), ["asanov"]),
    ],
)
def test_a_person_is_looked_for_under_the_family_and_the_fathers_name(given, keys):
    assert namesakes.keys(name(*given)) == keys
