"""MODS 3.8: what the examples of all formats do not reach."""

from dataclasses import replace

import pytest

from oai.formats import mods
from schemas import work as profile

NAMES = {"m": mods.NAMESPACE}


def said(record, path):
    found = mods.render(record).xpath(path, namespaces=NAMES)
    return [getattr(one, "text", one) for one in found]


def test_languages_are_those_of_iso_639_2_and_others_say_so(examples):
    assert said(examples["part"], "m:language/m:languageTerm") == ["ger", "dng"]
    assert said(examples["part"], "m:language/m:languageTerm/@authority") == [
        "iso639-2b",
        "iso639-3",
    ]


def test_a_part_stands_in_its_host(examples):
    host = "m:relatedItem[@type='host'][1]/"
    assert said(examples["part"], f"{host}m:titleInfo/m:title") == ["Орто кылымдар"]
    assert said(examples["part"], f"{host}m:name/m:namePart") == ["Петров П.", "Мамытов Б."]
    assert said(examples["part"], f"{host}m:originInfo/m:place/m:placeTerm") == ["Фрунзе"]
    assert said(examples["part"], f"{host}m:part/m:extent/m:list") == ["101–140"]
    assert said(examples["part"], f"{host}m:identifier") == ["9783161484100"]


def test_an_article_without_pages_has_its_number(examples):
    host = {"title": "Вестник", "article_number": "e17"}
    document = profile.check({**examples["article"].document, "host": host})
    record = replace(examples["article"], document=document)
    part = "m:relatedItem[@type='host']/m:part/"
    assert said(record, f"{part}m:detail[@type='article_number']/m:number") == ["e17"]
    assert said(record, f"{part}m:extent") == []


def test_classes_are_named_as_the_library_of_congress_lists_them(examples):
    assert said(examples["part"], "m:classification/@authority") == ["rubbk", "rugasnti", "ddc"]


@pytest.mark.parametrize(
    ("example", "note"),
    [
        ("article", "Илим фонду. Тил. 17/24"),
        ("part", "Фонд (https://example.org/f). https://example.org/g"),
    ],
)
def test_who_paid_is_a_note(examples, example, note):
    assert said(examples[example], "m:note[@type='funding']") == [note]


def test_it_can_stand_inside_another_format(examples):
    made = mods.render(examples["thesis"])
    assert made.getparent() is None
    assert made.nsmap[None] == mods.NAMESPACE
