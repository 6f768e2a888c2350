"""People are suggested while a depositor types a family name."""

from hands import IN_CHROMIUM
from playwright.sync_api import expect
from sqlalchemy import select

from repository import catalogue, linking, people, publishing
from repository.models.people import Credit
from repository.viewers import SYSTEM
from schemas.roles import Role

pytestmark = IN_CHROMIUM
ORCID = "0000-0002-1825-0097"
FORMS = [
    {"family": "Кыдыралиев", "given": "Асан", "patronymic": "Токтоевич", "language": "ky"},
    {"family": "Kydyraliev", "given": "Asan"},
]


def known(archive):
    document = {
        "type": "http://purl.org/coar/resource_type/c_6501",
        "titles": [{"text": "Көлдөр", "language": "ky", "kind": "main"}],
        "creators": [{"kind": "person", "role": "aut", **FORMS[1]}],
        "issued": "2024",
        "languages": ["ky"],
        "licence": "cc-by-4.0",
    }
    with archive.writing() as session:
        work = catalogue.draft(session, document, actor=SYSTEM).id
    publishing.publish(archive, work, actor=SYSTEM)
    with archive.writing() as session:
        places = [{"name": "Кыргыз улуттук университети", "since": "2001"}]
        given = {"forms": FORMS, "orcid": ORCID, "affiliations": places}
        author = people.create(session, given, actor=SYSTEM)
        row = session.scalars(select(Credit).where(Credit.work_id == work)).one()
        linking.confirm(session, author, [row.id], actor=SYSTEM)


def test_a_person_with_a_record_is_chosen_by_keyboard(archive, person, page_of):
    known(archive)
    author = person(Role.DEPOSITOR)
    with archive.writing() as session:
        number = catalogue.draft(session, {"titles": [{"text": "Тоо"}]}, actor=author).id
    page = page_of(author)
    page.goto(f"/deposit/{number}/people")
    family = page.locator("[name='creators.0.family']")
    expect(family).to_have_attribute("role", "combobox")
    family.press_sequentially("Kydyral", delay=20)
    option = page.locator('.suggested [role="option"]:visible')
    expect(option).to_have_count(1)
    expect(option).to_contain_text("Kydyraliev Asan")
    expect(option).to_contain_text(f"ORCID {ORCID}")
    family.press("ArrowDown")
    expect(family).to_have_attribute("aria-activedescendant", "s-creators.0.family-0")
    family.press("Enter")
    expect(family).to_have_value("Kydyraliev")
    expect(family).to_have_attribute("aria-expanded", "false")
    expect(page.locator("[name='creators.0.given']")).to_have_value("Asan")
    expect(page.locator("[name='creators.0.orcid']")).to_have_value(ORCID)
    family.fill("")
    family.press_sequentially("Кыды", delay=20)
    expect(option).to_have_count(1)
    family.press("Escape")
    expect(option).to_have_count(0)
    family.press_sequentially("р", delay=20)
    option.click()
    expect(page.locator("[name='creators.0.patronymic']")).to_have_value("Токтоевич")
    family.fill("Zzz")
    expect(page.get_by_role("status").filter(has_text="Nobody found")).to_have_count(1)
