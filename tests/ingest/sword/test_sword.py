"""Other systems deposit by SWORD 2.0: service, entries, files, packages, statements, errors."""

import base64
import hashlib
import io
import zipfile
from datetime import timedelta

import pytest
from lxml import etree
from sqlalchemy import select

from ingest.sword.atom import APP, ATOM, BINARY, ERRORS, RDF, SIMPLE_ZIP, SWORD
from repository import api_tokens, collections
from repository.models.works import Work
from schemas.programs import Scope
from schemas.roles import Role
from schemas.vocabulary import State

NS = {"atom": ATOM, "app": APP, "sword": SWORD, "rdf": RDF, "dcterms": "http://purl.org/dc/terms/"}
ENTRY = """<?xml version="1.0"?>
<entry xmlns="http://www.w3.org/2005/Atom" xmlns:dcterms="http://purl.org/dc/terms/">
  <title>Ат</title>
  <dcterms:title>Тоо тили</dcterms:title><dcterms:creator>Асанова, Айгүл</dcterms:creator>
  <dcterms:issued>2024</dcterms:issued><dcterms:language>ky</dcterms:language>
  <dcterms:type>article</dcterms:type>
  <dcterms:rights>https://creativecommons.org/licenses/by/4.0/</dcterms:rights>
  <dcterms:abstract>Кыскача мазмуну.</dcterms:abstract>
</entry>""".encode()
ENTRY_TYPE = "application/atom+xml;type=entry"
DRAFT = {"In-Progress": "true"}


def packed(**files):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as pack:
        for name, data in files.items():
            pack.writestr(name, data)
    return made.getvalue()


@pytest.fixture
def program(archive, client, person):
    """Asks with an address and a token of a new account, as SWORD's clients do."""
    with archive.writing() as session:
        collections.add(session, "articles", names={"en": "Articles"})

    def made(role=Role.DEPOSITOR, email="program@example.org"):
        owner = person(role, email=email)
        with archive.writing() as session:
            token = api_tokens.make(
                session,
                actor=owner,
                name="test",
                scopes=(Scope.READ, Scope.DEPOSIT),
                lasts=timedelta(days=1),
            )
        pair = base64.b64encode(f"{email}:{token}".encode()).decode()

        def ask(method, path, **more):
            headers = {"Authorization": f"Basic {pair}", **more.pop("headers", {})}
            return client.open(f"/api/sword/2{path}", method=method, headers=headers, **more)

        ask.token = token
        return ask

    return made


def text(answer, path):
    return etree.fromstring(answer.get_data()).xpath(f"string({path})", namespaces=NS)


def name_of(answer):
    return etree.fromstring(answer.get_data()).get("href").removeprefix(ERRORS)


def binary(name="a.txt", data=b"Soz", **more):
    headers = {"Content-Disposition": f"attachment; filename={name}", **more}
    return {"data": data, "content_type": "application/octet-stream", "headers": headers}


@pytest.fixture
def work(archive):
    def load(number=1):
        with archive.reading() as session:
            found = session.scalars(select(Work).where(Work.id == number)).one()
            return found, [one.name for one in found.current_files]

    return load


def test_the_service_document_says_where_and_what_can_be_deposited(program):
    answer = program()("GET", "/service")
    assert answer.mimetype == "application/atomserv+xml"
    assert text(answer, "//sword:version") == "2.0"
    assert (
        text(answer, "//app:collection/@href")
        == "http://localhost/api/sword/2/collections/articles"
    )
    assert text(answer, "//sword:mediation") == "false"
    assert SIMPLE_ZIP in answer.get_data(as_text=True)
    assert (
        text(program(Role.CATALOGUER, "staff@example.org")("GET", "/service"), "//sword:mediation")
        == "true"
    )


def test_an_entry_becomes_a_draft_and_is_sent_when_it_is_complete(program, work):
    ask = program()
    made = ask("POST", "/collections/articles", data=ENTRY, content_type=ENTRY_TYPE, headers=DRAFT)
    assert made.status_code == 201
    assert made.headers["Location"] == "http://localhost/api/sword/2/works/1"
    assert text(made, "//dcterms:title") == "Тоо тили"
    found, _ = work()
    assert found.state == State.DRAFT and found.document["creators"][0]["family"] == "Асанова"
    assert ask("POST", "/works/1/media", **binary(**DRAFT)).status_code == 201
    assert ask("POST", "/works/1", headers={"In-Progress": "false"}).status_code == 200
    found, names = work()
    assert found.state == State.SUBMITTED and names == ["a.txt"]
    assert found.agreement["version"]
    feed = ask("GET", "/works/1/statement.atom")
    assert text(feed, "//atom:category[@label='State']") == "Waiting for the library"
    assert text(feed, "//atom:entry/atom:title") == "a.txt"
    rdf = ask("GET", "/works/1/statement.rdf")
    assert rdf.mimetype == "application/rdf+xml" and b"originalDeposit" in rdf.get_data()


def test_a_file_and_a_package_with_their_checksums(program, work):
    ask = program()
    data = packed(**{"b/эки.txt": "eki", "bir.txt": "bir"})
    digest = hashlib.md5(data, usedforsecurity=False).hexdigest()
    sent = binary("p.zip", data, Packaging=SIMPLE_ZIP, **DRAFT, **{"Content-MD5": digest})
    assert ask("POST", "/collections/articles", **sent).status_code == 201
    assert sorted(work()[1]) == ["bir.txt", "эки.txt"]
    wrong = binary("p.zip", data, Packaging=SIMPLE_ZIP, **{"Content-MD5": "0" * 32})
    answer = ask("POST", "/collections/articles", **wrong)
    assert (answer.status_code, name_of(answer)) == (412, "ErrorChecksumMismatch")
    assert ask("PUT", "/works/1/media", **binary("c.txt", **DRAFT)).status_code == 204
    assert work()[1] == ["c.txt"]
    assert ask("DELETE", "/works/1/media").status_code == 204 and work()[1] == []
    assert ask("DELETE", "/works/1").status_code == 204
    assert ask("GET", "/works/1").status_code == 404


def test_an_entry_and_its_payload_in_one(program, work):
    lines = [
        b"--b",
        b'Content-Disposition: attachment; name="atom"',
        f"Content-Type: {ENTRY_TYPE}".encode(),
        b"",
        ENTRY,
        b"--b",
        b'Content-Disposition: attachment; name="payload"; filename="a.txt"',
        b"Content-Type: text/plain",
        b"",
        b"Soz",
        b"--b--",
        b"",
    ]
    answer = program()(
        "POST",
        "/collections/articles",
        data=b"\r\n".join(lines),
        content_type='multipart/related; boundary="b"; type="application/atom+xml"',
        headers=DRAFT,
    )
    assert answer.status_code == 201
    found, names = work()
    assert found.title == "Тоо тили" and names == ["a.txt"]


def test_staff_deposit_for_others_and_nobody_else(program, person, work):
    someone = person(Role.DEPOSITOR, email="someone@example.org")
    named = {**DRAFT, "On-Behalf-Of": "someone@example.org"}
    more = {"data": ENTRY, "content_type": ENTRY_TYPE}
    answer = program()("POST", "/collections/articles", headers=named, **more)
    assert (answer.status_code, name_of(answer)) == (412, "MediationNotAllowed")
    staff = program(Role.CATALOGUER, "staff@example.org")
    unknown = {"On-Behalf-Of": "nobody@example.org"}
    answer = staff("POST", "/collections/articles", headers=unknown, **more)
    assert (answer.status_code, name_of(answer)) == (403, "TargetOwnerUnknown")
    assert staff("POST", "/collections/articles", headers=named, **more).status_code == 201
    assert work()[0].owner_id == someone.id


@pytest.mark.parametrize(
    ("sent", "status", "name"),
    [
        ({"data": b"<entry", "content_type": ENTRY_TYPE}, 422, "ErrorBadRequest"),
        ({"data": b"<a/>", "content_type": ENTRY_TYPE}, 422, "ErrorBadRequest"),
        ({"data": b"x", "content_type": "text/plain"}, 400, "ErrorBadRequest"),
        (binary(Packaging="http://x"), 415, "ErrorContent"),
        (binary(data=b"no zip", Packaging=SIMPLE_ZIP), 415, "ErrorContent"),
        (binary(data=packed(**{"../a": "x"}), Packaging=SIMPLE_ZIP), 422, "ErrorBadRequest"),
        (binary(data=packed(), Packaging=SIMPLE_ZIP), 415, "ErrorContent"),
        ({"data": b"x", "content_type": "multipart/related; boundary=b"}, 400, "ErrorBadRequest"),
    ],
)
def test_what_is_wrong_has_the_profiles_name_and_nothing_is_kept(
    program, archive, sent, status, name
):
    answer = program()("POST", "/collections/articles", **sent)
    assert (answer.status_code, name_of(answer)) == (status, name)
    with archive.reading() as session:
        assert session.scalars(select(Work)).all() == []
    assert [one for one in archive.settings.staging.iterdir() if one.is_file()] == []


def test_a_deposit_that_is_not_complete_is_not_sent_and_not_kept(program, archive):
    entry = ENTRY.replace(b"<dcterms:issued>2024</dcterms:issued>", b"")
    answer = program()("POST", "/collections/articles", data=entry, content_type=ENTRY_TYPE)
    assert answer.status_code in (400, 422) and b"issued" in answer.get_data()
    with archive.reading() as session:
        assert session.scalars(select(Work)).all() == []


def test_without_a_token_or_with_anothers_address_nobody_comes_in(program, client):
    ask = program()
    answer = client.get("/api/sword/2/service")
    assert answer.status_code == 401 and answer.headers["WWW-Authenticate"].startswith("Basic")
    pair = base64.b64encode(f"other@example.org:{ask.token}".encode()).decode()
    headers = {"Authorization": f"Basic {pair}"}
    assert client.get("/api/sword/2/service", headers=headers).status_code == 401
    other = program(email="other@example.org")
    ask("POST", "/collections/articles", data=ENTRY, content_type=ENTRY_TYPE, headers=DRAFT)
    assert other("GET", "/works/1").status_code == 404
    assert other("DELETE", "/works/1").status_code == 404
    assert ask("POST", "/collections/none", data=ENTRY, content_type=ENTRY_TYPE).status_code == 404
    assert ask("GET", "/works/1/media", headers={"Accept-Packaging": BINARY}).status_code == 200
    assert ask("GET", "/works/1/media", headers={"Accept-Packaging": "x"}).status_code == 406
