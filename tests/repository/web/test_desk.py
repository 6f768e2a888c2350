"""The staff's desk: each finds the rooms that are open to them, and no others."""

import pytest

from schemas.roles import STAFF, Role


def rooms(browser):
    return browser.get("/staff").xpath("//ul[@class='rooms']/li/a/@href")


def test_a_cataloguer_finds_the_review_on_the_desk(enter, person):
    assert "/review" in rooms(enter(person(Role.CATALOGUER)))


def test_a_room_that_is_not_open_to_somebody_is_not_on_their_desk(enter, person):
    assert "/review" not in rooms(enter(person(Role.ACQUISITIONS)))


@pytest.mark.parametrize("role", sorted(STAFF))
def test_every_room_on_the_desk_can_be_entered(enter, person, role):
    browser = enter(person(role))
    for address in rooms(browser):
        browser.get(address)


def test_the_menu_leads_staff_to_the_desk_and_nobody_else(enter, person):
    assert enter(person(Role.DIRECTOR)).get("/").xpath("//a[@href='/staff']")
    assert not enter(person(Role.DEPOSITOR)).get("/").xpath("//a[@href='/staff']")
