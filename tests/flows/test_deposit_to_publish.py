"""The main job: a researcher deposits a paper, a cataloguer accepts it, a reader finds it by a word
from inside the PDF, a harvester takes it away."""

import email
import io
import re
from email import policy

import pytest
from lxml import etree

from repository import collections
from schemas.roles import Role

ARTICLE = "http://purl.org/coar/resource_type/c_6501"
TITLE = "Glacier lakes of the northern Tien Shan and their outburst floods"
PHRASE = "mapped from images of four summers"
OAI = {"oai": "http://www.openarchives.org/OAI/2.0/"}


def deposit(author, paper) -> int:
    """All that a depositor does, in plain forms; the work's number."""
    page = author.get("/deposit")
    part = {"file": (io.BytesIO(paper.read_bytes()), "lakes.pdf")}
    answer = author.send(page, "start", typed=part)
    number = int(re.search(r"/deposit/(\d+)/about", answer.headers["Location"])[1])
    author.send(author.get(f"/deposit/{number}/about"), "step", ("use", "all"))
    typed = {"type": ARTICLE, "groups": "host thesis publication"}
    answer = author.send(author.get(f"/deposit/{number}/about"), "step", typed=typed)
    answer = author.send(author.get(answer.headers["Location"]), "step")
    typed = {"licence": "cc-by-4.0"}
    answer = author.send(author.get(answer.headers["Location"]), "step", typed=typed)
    page = author.get(answer.headers["Location"])
    version = page.xpath("//input[@name='agreement']/@value")[0]
    answer = author.send(page, "check", typed={"agreement": version})
    assert answer.headers["Location"].endswith(f"/deposit/{number}")
    return number


def accept(staff, number: int, collection: int) -> None:
    """All that a cataloguer does."""
    assert f"/review/{number}" in staff.get("/review").xpath("//table//a/@href")
    staff.send(staff.get(f"/review/{number}"), "claim")
    page = staff.get(f"/review/{number}")
    typed = {"other_collection": str(collection), "host.title": "Mountain Research"}
    answer = staff.send(page, "review", ("do", "accept"), typed)
    assert answer.headers["Location"].endswith("/review")


@pytest.fixture
def published(person, enter, archive, paper, settle) -> int:
    """A work that has gone the whole way in."""
    author = enter(person(Role.DEPOSITOR, email="aigul@example.org", language="ru"))
    staff = enter(person(Role.CATALOGUER))
    with archive.writing() as session:
        chair = collections.add(session, "geology", names={"en": "Chair of Geology"})
    number = deposit(author, paper)
    accept(staff, number, chair.id)
    settle()
    return number


def test_from_the_authors_desk_to_reader_and_harvester(client, published, archive, paper):
    number = published
    assert client.get(f"/review/{number}").status_code == 302, "a reader does not review"

    found = client.get("/search", query_string={"q": f'"{PHRASE}"'}).get_data(as_text=True)
    assert f'href="/works/{number}"' in found

    page = client.get(f"/works/{number}").get_data(as_text=True)
    for text in (TITLE, "Osmonova", "Mountain Research", "CC BY 4.0", "Chair of Geology"):
        assert text in page

    assert client.get(f"/works/{number}/lakes.pdf").data == paper.read_bytes()

    answer = client.get(
        "/oai",
        query_string={
            "verb": "GetRecord",
            "identifier": f"oai:localhost:{number}",
            "metadataPrefix": "oai_dc",
        },
    )
    record = etree.fromstring(answer.data)
    assert TITLE in "".join(record.itertext())
    specs = [one.text for one in record.iterfind(".//oai:setSpec", namespaces=OAI)]
    assert "geology" in specs

    letters = sorted(archive.settings.mail_folder.glob("*.eml"))
    read = [email.message_from_bytes(one.read_bytes(), policy=policy.default) for one in letters]
    assert [one["To"] for one in read] == ["aigul@example.org"] * 2
    assert [one["Content-Language"] for one in read] == ["ru", "ru"]
    assert f"http://localhost/works/{number}" in read[1].get_content()
