"""A view-only file: its description is everywhere, its bytes and its address nowhere."""

import hashlib
import re
from datetime import timedelta
from urllib.parse import quote

import pytest

from repository import catalogue, embargoes, publishing, versions
from repository.clock import now
from repository.models.works import Work
from repository.rights import Rights
from repository.viewers import SYSTEM
from schemas.roles import Role
from schemas.vocabulary import Access, Copying

CANARY = b"kanareika-7f3e"
NAME = "окуу китеби.txt"
DOCUMENT = {
    "type": "http://purl.org/coar/resource_type/c_6501",
    "titles": [{"text": "Окуу китеби", "language": "ky", "kind": "main"}],
    "creators": [{"kind": "person", "family": "Асанова", "given": "Айгүл", "role": "aut"}],
    "issued": "2024",
    "languages": ["ky"],
    "licence": "in-copyright",
}
VIEW_ONLY = Rights(copying=Copying.VIEW_ONLY)


@pytest.fixture
def publish(archive):
    """Publishes a work with one text; its number."""

    def make(given=VIEW_ONLY, name=NAME, media_type="text/plain", owner=None):
        data = CANARY * 50
        with archive.writing() as session:
            work = catalogue.draft(session, DOCUMENT, actor=owner or SYSTEM)
            staged = f"staged{work.id}"
            (archive.settings.staging / staged).write_bytes(data)
            catalogue.attach(
                session,
                work,
                name=name,
                size=len(data),
                sha512=hashlib.sha512(data).hexdigest(),
                media_type=media_type,
                staged=staged,
                **vars(given),
            )
            number = work.id
        publishing.publish(archive, number, actor=SYSTEM)
        return number

    return make


WAYS = {
    "plain": ("GET", "", {}),
    "head": ("HEAD", "", {}),
    "download": ("GET", "?download=1", {}),
    "range": ("GET", "", {"Range": "bytes=0-13"}),
    "head range": ("HEAD", "", {"Range": "bytes=0-13"}),
    "end": ("GET", "", {"Range": "bytes=-20"}),
    "if none match": ("GET", "", {"If-None-Match": "*"}),
    "if range": ("GET", "", {"If-Range": '"x"', "Range": "bytes=5-"}),
}


@pytest.mark.parametrize("way", WAYS)
def test_the_bytes_of_a_view_only_file_are_handed_to_nobody(client, publish, person, enter, way):
    number = publish()
    method, query, headers = WAYS[way]
    for one in (client, enter(person(Role.DEPOSITOR)).client):
        path = f"/works/{number}/{quote(NAME)}{query}"
        answer = one.open(path, method=method, headers=headers)
        assert answer.status_code == 403
        assert CANARY not in answer.data
        assert not {"ETag", "Content-Range", "Content-Disposition"} & set(answer.headers.keys())


def test_staff_and_the_owner_have_it(publish, person, enter):
    owner = person(Role.DEPOSITOR)
    number = publish(owner=owner)
    for one in (owner, person(Role.CATALOGUER)):
        answer = enter(one).client.get(f"/works/{number}/{quote(NAME)}")
        assert answer.status_code == 200
        assert "private" in answer.headers["Cache-Control"]


@pytest.mark.parametrize("media_type", ["text/plain", "application/pdf"])
def test_no_page_and_no_format_offers_it(client, publish, settle, media_type):
    closed = publish(media_type=media_type)
    open_ = publish(Rights(), name="open.txt", media_type=media_type)
    settle()
    page = client.get(f"/works/{closed}?lang=en")
    assert quote(NAME) not in page.headers["Link"]
    text = page.get_data(as_text=True)
    assert f"/{quote(NAME)}" not in text and "citation_pdf_url" not in text
    assert "It can be read here only; it is not handed out." in text
    assert "Download" not in text and "View only" in text
    for ending in ("bib", "ris", "dc.xml"):
        assert quote(NAME).encode() not in client.get(f"/works/{closed}.{ending}").data
    (file,) = client.get(f"/works/{closed}.json").json["files"]
    assert (file["access"], file["copying"]) == ("open", "view-only")
    listed = client.get("/oai?verb=ListMetadataFormats").get_data(as_text=True)
    prefixes = re.findall(r"<metadataPrefix>([^<]+)<", listed)
    assert len(prefixes) > 8
    offers = set()
    for prefix in prefixes:
        for number, name in ((closed, quote(NAME)), (open_, "open.txt")):
            address = f"/oai?verb=GetRecord&metadataPrefix={prefix}&identifier=oai:localhost:"
            answer = client.get(f"{address}{number}").get_data(as_text=True)
            assert CANARY.decode() not in answer
            if f"/works/{number}/{name}" in answer:
                offers.add((prefix, number))
    # These name every file with its access right, and say of this one that it is restricted.
    naming = {prefix for prefix, number in offers if number == closed}
    assert naming <= {"mets", "rioxx", "oai_openaire"}
    assert {prefix for prefix, number in offers if number == open_} >= {"didl", "mods", "rdf"}
    for prefix in naming:
        answer = client.get(f"{address.replace(prefixes[-1], prefix)}{closed}")
        text = answer.get_data(as_text=True)
        assert 'USE="restricted"' in text or "c_16ec" in text
        assert 'USE="open"' not in text and "c_abf2" not in text


def test_a_right_taken_away_is_gone_at_once_and_told(client, archive, publish, settle):
    number = publish(Rights())
    settle()
    path = f"/works/{number}/{quote(NAME)}"
    first = client.get(path)
    assert first.status_code == 200
    with archive.reading() as session:
        parts = versions.parts_of(session.get_one(Work, number))
    closed = [vars(one) | {"copying": Copying.VIEW_ONLY} for one in parts]
    publishing.grant(
        archive,
        number,
        actor=SYSTEM,
        reason="The publisher wrote.",
        parts=[versions.Part(**one) for one in closed],
    )
    for headers in ({}, {"If-None-Match": first.headers["ETag"]}, {"Range": "bytes=0-3"}):
        assert client.get(path, headers=headers).status_code == 403
    settle()
    address = f"/oai?verb=GetRecord&metadataPrefix=didl&identifier=oai:localhost:{number}"
    assert quote(NAME) not in client.get(address).get_data(as_text=True)


TODAY, DAY = now().date(), timedelta(days=1)
SAYS = {
    "waits": (
        Rights(Access.OPEN, embargo_until=TODAY, embargo_reason="patent"),
        ["It opens on", "to everybody.", "Why not yet: A patent is being applied for."],
    ),
    "waits for campus": (
        Rights(Access.CAMPUS, embargo_until=TODAY),
        ["It opens on", "in the library and on its network."],
    ),
    "registered": (Rights(Access.REGISTERED), ["It is for readers who have signed in."]),
    "campus": (Rights(Access.CAMPUS), ["Read it in the library or on its network."]),
    "staff": (Rights(Access.STAFF), ["It is for the library's staff."]),
    "closed": (Rights(Access.CLOSED), ["It is closed to readers."]),
    "lease": (Rights(lease_until=TODAY), ["It can be read until"]),
    "lease over": (Rights(lease_until=TODAY - DAY), ["It could be read until"]),
}


@pytest.mark.parametrize("case", SAYS)
def test_a_card_says_when_and_to_whom_a_file_opens(client, publish, case):
    given, said = SAYS[case]
    number = publish(given)
    text = client.get(f"/works/{number}?lang=en").get_data(as_text=True)
    for one in said:
        assert one in text.replace("&#39;", "'")
    for language in ("ky", "ru"):
        assert client.get(f"/works/{number}?lang={language}").status_code == 200
    allowed = case == "lease"
    answer = client.get(f"/works/{number}/{quote(NAME)}?lang=en")
    assert answer.status_code == (200 if allowed else 302 if case == "registered" else 403)
    if answer.status_code == 403:
        assert said[0] in answer.get_data(as_text=True).replace("&#39;", "'")


def test_the_end_of_a_lease_is_a_change(archive, publish, settle):
    number = publish(Rights(lease_until=TODAY - DAY))
    settle()
    with archive.writing() as session:
        session.get_one(Work, number).changed = now() - 30 * DAY
    assert embargoes.lift(archive) == 1
    assert embargoes.lift(archive) == 0
    with archive.reading() as session:
        kinds = [one.kind for one in catalogue.events(session, session.get_one(Work, number))]
    assert kinds[-1] == "lease ended"
