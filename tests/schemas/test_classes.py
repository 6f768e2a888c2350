"""Codes of UDC, BBK and GRNTI find their class in the tree."""

import pytest

from schemas import classes
from schemas.vocabulary import CLASSIFICATIONS, INTERFACE


@pytest.mark.parametrize(
    ("scheme", "code", "found"),
    [
        ("udc", "517.9", {"5", "51"}),
        ("udc", "517.9:530.1", {"5", "51", "53"}),
        ("udc", "811.512.154", {"8", "81"}),
        ("udc", "159.92", {"1", "159.9"}),
        ("udc", "004.8+37", {"0", "004", "3", "37"}),
        ("udc", "[94](575.2)", {"9", "94"}),
        ("udc", "(575.2)", set()),
        ("udc", "=512.154", set()),
        ("bbk", "74.58я73", {"Ч", "74"}),
        ("bbk", "Ч420", {"Ч"}),
        ("bbk", "B1", {"В"}),
        ("bbk", "22.19", {"В", "22.1"}),
        ("bbk", "63.3(2Ки)", {"Т"}),
        ("grnti", "27.35.17", {"27-43", "27"}),
        ("grnti", "99", set()),
        ("vak", "05.13.18", set()),
        ("udc", "", set()),
        ("udc", "%", set()),
    ],
)
def test_a_code_is_in_its_class_and_in_those_above(scheme, code, found):
    assert classes.nodes(scheme, code) == found


@pytest.mark.parametrize("scheme", classes.SCHEMES)
def test_every_class_has_a_name_in_each_language_and_a_class_above_or_none(scheme):
    assert scheme in CLASSIFICATIONS
    tree = classes.tree(scheme)
    for one in tree.values():
        assert not one.above or one.above in tree, one.code
        assert all(one.name(language) for language in INTERFACE)
        assert [each.code for each in classes.lineage(scheme, one.code)][-1] == one.code


@pytest.mark.parametrize("scheme", classes.SCHEMES)
def test_no_two_classes_of_a_level_have_the_same_name(scheme):
    for language in INTERFACE:
        for top in ("", *(one.code for one in classes.below(scheme))):
            names = [one.name(language) for one in classes.below(scheme, top)]
            assert len(names) == len(set(names)), (language, top)
