"""What the library's day is made of, in Chromium: a thesis comes, is returned, corrected, accepted.

With -s each story tells how many interactions and seconds it took; the machine's seconds only, a
person reads in between.
"""

import pytest
from hands import IN_CHROMIUM, Hand
from playwright.sync_api import expect

from repository import batches, catalogue, publishing
from repository.models.works import Work
from repository.viewers import SYSTEM
from schemas import vocabulary
from schemas.roles import Role

pytestmark = IN_CHROMIUM

AGREEMENT = {"version": "1", "language": "en", "text": "-", "moment": "2026-05-12T06:00:00+00:00"}
THESIS = {
    "type": vocabulary.TYPES["doctoral-thesis"].uri,
    "titles": [{"text": "Көлдөр", "language": "ky", "kind": "main"}],
    "creators": [{"kind": "person", "family": "Асанов", "given": "Бакыт", "role": "aut"}],
    "issued": "2024",
    "languages": ["ky"],
    "licence": "cc-by-4.0",
    "thesis": {"degree": "candidate"},
}


@pytest.fixture
def author(person):
    return person(Role.DEPOSITOR)


@pytest.fixture
def chief(person):
    return person(Role.CATALOGUER)


def tell(story: str, hand: Hand) -> None:
    print(f"{story}: {hand.count} interactions, {hand.seconds:.1f} s")


def state_of(archive, number):
    with archive.reading() as session:
        return session.get_one(Work, number).state


def test_a_thesis_is_deposited(page_of, author, paper, archive):
    page = page_of(author)
    page.goto("/deposit")
    hand = Hand(page)
    hand.choose_file(paper)
    page.wait_for_url("**/about")
    hand.click("button", "Use all")
    hand.choose("Kind of work", "Doctoral or candidate thesis")
    hand.choose("Degree", "Candidate of sciences")
    hand.write("thesis.grantor", "Tengir-Too University")
    hand.write("thesis.defended", "2024-05-31")
    hand.click("button", "Save and continue")
    hand.click("button", "Save and continue")
    hand.choose("Terms of use", "cc-by-4.0")
    hand.click("button", "Save and continue")
    hand.click("checkbox", "I have read this and agree")
    hand.click("button", "Send to the library")
    expect(page.get_by_text("Waiting for the library")).to_be_visible()
    tell("a thesis is deposited", hand)
    assert hand.count <= 14
    with archive.reading() as session:
        work = catalogue.get(session, int(page.url.rpartition("/")[2]))
        assert work.document["thesis"]["defended"] == "2024-05-31"


@pytest.fixture
def sent(archive, author):
    """A thesis that waits for the library; its number."""
    with archive.writing() as session:
        work = catalogue.draft(session, THESIS, actor=author)
        catalogue.submit(session, work, actor=author, agreement=AGREEMENT)
        return work.id


def test_a_thesis_is_accepted(page_of, chief, sent, archive):
    page = page_of(chief)
    page.goto("/review")
    hand = Hand(page)
    hand.click("link", "Көлдөр")
    hand.click("button", "Take it for review")
    hand.click("button", "Accept and publish")
    expect(page.get_by_text("Accepted and published. The depositor gets a letter.")).to_be_visible()
    tell("a thesis is accepted", hand)
    assert hand.count <= 3 and state_of(archive, sent) == "published"


def test_a_thesis_is_returned_corrected_and_accepted(page_of, chief, author, sent, archive):
    library, home = page_of(chief), page_of(author)
    library.goto(f"/review/{sent}")
    staff = Hand(library)
    staff.click("button", "Take it for review")
    library.get_by_label("A ready sentence").select_option(index=3)
    staff.count += 1
    staff.click("button", "Return for correction")
    expect(library.get_by_text("Returned for correction. The depositor")).to_be_visible()
    home.goto(f"/deposit/{sent}")
    depositor = Hand(home)
    expect(home.get_by_text("The abstract is missing.").first).to_be_visible()
    depositor.click("link", "Correct and send again")
    home.goto(f"/deposit/{sent}/about")
    depositor.write("abstracts.0.text", "Көлдөр жөнүндө.")
    depositor.count += 1
    depositor.click("button", "Save and continue")
    home.goto(f"/deposit/{sent}/check")
    depositor.count += 1
    depositor.click("button", "Send to the library")
    expect(home.get_by_text("Waiting for the library").first).to_be_visible()
    library.goto(f"/review/{sent}")
    staff.click("button", "Accept and publish")
    expect(library.get_by_text("Accepted and published.")).to_be_visible()
    tell("returned and accepted, by the library", staff)
    tell("corrected, by the depositor", depositor)
    assert staff.count <= 4 and depositor.count <= 6
    assert state_of(archive, sent) == "published"


def test_many_works_are_changed_at_once(page_of, chief, archive):
    for n in range(12):
        with archive.writing() as session:
            document = {**THESIS, "publishers": [{"name": f"Илим {n}", "place": "Фрунзе"}]}
            number = catalogue.draft(session, document, actor=SYSTEM).id
        publishing.publish(archive, number, actor=SYSTEM)
    page = page_of(chief)
    page.goto("/staff/batches/new")
    hand = Hand(page)
    hand.write("words", "көлдөр")
    hand.click("button", "Show these works")
    hand.choose("What is to be done", "replace")
    hand.click("button", "Go on")
    hand.choose("Where", "places")
    hand.write("find", "Фрунзе")
    hand.write("put", "Бишкек")
    hand.write("reason", "Бүгүнкү аты")
    hand.click("button", "Show what would change")
    hand.click("button", "Change 12 works")
    while batches.follow(archive):
        pass
    page.reload()
    expect(page.get_by_text("Changed 12")).to_be_visible()
    tell("many works are changed", hand)
    assert hand.count <= 10
    with archive.reading() as session:
        assert session.get_one(Work, number).document["publishers"][0]["place"] == "Бишкек"
