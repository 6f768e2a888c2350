"""Programs at /api: what they may, what they are told, and that nothing is done twice or lost."""

import hashlib
import itertools
import re
import shutil
import threading
from datetime import timedelta

import pytest
from openapi_spec_validator import validate

import wsgi
from repository import api_tokens, catalogue, settings
from repository import archive as opening
from repository.clock import now
from repository.models.programs import ApiToken
from repository.models.works import Event, File, Work
from schemas.programs import Scope
from schemas.roles import Role

DOCUMENT = {
    "type": "http://purl.org/coar/resource_type/c_6501",
    "titles": [{"text": "Манас", "language": "ky", "kind": "main"}],
    "creators": [{"kind": "person", "family": "Асанова", "given": "Айгүл", "role": "aut"}],
    "issued": "2024",
    "languages": ["ky"],
    "licence": "cc-by-4.0",
}


@pytest.fixture
def program(archive, client, person):
    """Sends requests with a token of a new account; `scopes` are those of the token."""

    counted = itertools.count(1)

    def made(*scopes, role=Role.DEPOSITOR, who=None):
        owner = who or person(role, email=f"program-{next(counted)}@example.org")
        with archive.writing() as session:
            token = api_tokens.make(
                session,
                actor=owner,
                name="test",
                scopes=scopes or (Scope.READ, Scope.DEPOSIT),
                lasts=timedelta(days=1),
            )

        def send(method, path, **more):
            headers = {"Authorization": f"Bearer {token}", **more.pop("headers", {})}
            return client.open(f"/api{path}", method=method, headers=headers, **more)

        send.token, send.owner = token, owner
        return send

    return made


@pytest.fixture(scope="module")
def showing(samples, tmp_path_factory):
    """A client of an archive with the demonstration works."""
    folder = tmp_path_factory.mktemp("showing") / "instance"
    shutil.copytree(samples, folder)
    given = {"instance": str(folder), "secret_key": "k" * 40, "base_url": "http://localhost"}
    app = wsgi.create_app(settings.load({}, **given))
    yield app.test_client()
    opening.close(app.extensions["archive"])


@pytest.fixture
def deposit(program):
    return program()


def draft(send, document=None, **more):
    answer = send("POST", "/works", json={"document": document or DOCUMENT}, **more)
    assert answer.status_code == 201, answer.get_data(as_text=True)
    return answer


def match(answer):
    return {"If-Match": answer.headers["ETag"]}


def test_a_program_deposits_a_work_from_beginning_to_end(deposit, archive):
    made = draft(deposit, {"titles": DOCUMENT["titles"]})
    number = made.json["number"]
    assert made.headers["Location"].endswith(f"/api/works/{number}")
    assert set(made.json["problems"]) >= {"type", "creators", "issued", "languages", "licence"}
    path = f"/works/{number}"
    changed = deposit("PUT", path, json={"document": DOCUMENT}, headers=match(made))
    assert changed.status_code == 200
    assert changed.json["problems"] == {}
    data = "Айыл жана адам\n".encode()
    file = deposit(
        "POST",
        f"{path}/files?name=текст.txt&sha512={hashlib.sha512(data).hexdigest()}",
        data=data,
        content_type="application/octet-stream",
    )
    assert file.status_code == 201, file.json
    assert (file.json["name"], file.json["size"]) == ("текст.txt", len(data))
    granted = deposit(
        "PATCH",
        f"{path}/files/{file.json['id']}",
        json={"access": "registered", "embargo_until": "2090-01-31"},
        headers=match(file),
    )
    assert (granted.json["access"], granted.json["embargo_until"]) == ("registered", "2090-01-31")
    read = deposit("GET", f"{path}/files/{file.json['id']}/content")
    assert read.data == data
    agreed = deposit("GET", "/agreement?language=ru").json
    sent = deposit(
        "POST",
        f"{path}/submission",
        json={"agreement": agreed["version"], "language": "ru", "comment": "Саламатсызбы!"},
        headers=match(granted),
    )
    assert sent.status_code == 200, sent.json
    assert sent.json["state"] == "submitted"
    with archive.reading() as session:
        work = session.get(Work, number)
        assert work.agreement["language"] == "ru"
        kinds = [one.kind for one in catalogue.events(session, work)]
    assert kinds[0] == "created"
    assert {"submitted", "commented"} <= set(kinds)


def test_without_a_token_only_public_works_are_seen(client, deposit):
    number = draft(deposit).json["number"]
    assert client.get(f"/api/works/{number}").status_code == 404
    assert client.get("/api/works").json["works"] == []
    refused = client.post("/api/works", json={"document": DOCUMENT})
    assert refused.status_code == 401
    assert refused.headers["WWW-Authenticate"] == "Bearer"
    assert refused.mimetype == "application/problem+json"


def test_cookies_count_for_nothing(enter, person):
    browser = enter(person(Role.DEPOSITOR))
    answer = browser.client.post("/api/works", json={"document": DOCUMENT})
    assert answer.status_code == 401


def test_a_token_is_good_for_its_scopes_only(program):
    reading, depositing = program(Scope.READ), program(Scope.DEPOSIT)
    assert reading("POST", "/works", json={"document": DOCUMENT}).status_code == 403
    assert depositing("GET", "/works").status_code == 403
    assert reading("GET", "/works").status_code == 200


def test_a_token_that_has_ended_or_expired_is_refused_everywhere(archive, program, client):
    send = program()
    with archive.writing() as session:
        kept = api_tokens.of(session, send.owner.id)[0]
        assert send.token not in kept.token
        kept.expires = now() - timedelta(seconds=1)
    assert send("GET", "/works").status_code == 401
    bad = client.get("/api/works", headers={"Authorization": "Bearer nonsense"})
    assert bad.status_code == 401


def test_works_of_others_are_not_there(program):
    one, other = program(), program()
    number = draft(one).json["number"]
    for method, path in (
        ("GET", ""),
        ("PUT", ""),
        ("DELETE", ""),
        ("POST", "/submission"),
        ("POST", "/files?name=a.txt"),
        ("GET", "/files/1/content"),
    ):
        more = {"json": {"document": DOCUMENT}} if method == "PUT" else {}
        if path == "/submission":
            more = {"json": {"agreement": "1"}}
        assert other(method, f"/works/{number}{path}", **more).status_code == 404, (method, path)


def test_a_key_makes_the_same_request_once(deposit, archive):
    key = {"Idempotency-Key": "deposit-0001"}
    first = draft(deposit, headers=key)
    second = draft(deposit, headers=key)
    assert first.json["number"] == second.json["number"]
    assert second.headers["Idempotent-Replayed"] == "true"
    other = deposit("POST", "/works", json={"document": {}}, headers=key)
    assert other.status_code == 422
    with archive.reading() as session:
        assert session.query(Work).count() == 1
    path = f"/works/{first.json['number']}/files?name=a.txt"
    for _ in range(3):
        sent = deposit(
            "POST",
            path,
            data=b"one",
            content_type="application/octet-stream",
            headers={"Idempotency-Key": "file-00001"},
        )
        assert sent.status_code == 201
    with archive.reading() as session:
        assert session.query(File).count() == 1
        staged = {one.staged for one in session.query(File)}
    assert {one.name for one in archive.settings.staging.iterdir() if one.is_file()} == staged


def test_what_failed_may_be_tried_again_under_its_key(deposit):
    key = {"Idempotency-Key": "deposit-0002"}
    assert deposit("POST", "/works", json={"document": 7}, headers=key).status_code == 422
    unknown = {"document": DOCUMENT, "collections": ["nowhere"]}
    assert deposit("POST", "/works", json=unknown, headers=key).status_code == 404
    assert draft(deposit, headers=key).status_code == 201


def test_changes_must_name_the_revision_that_was_read(deposit):
    made = draft(deposit)
    path = f"/works/{made.json['number']}"
    assert deposit("PUT", path, json={"document": DOCUMENT}).status_code == 428
    newer = {**DOCUMENT, "issued": "2023"}
    assert deposit("PUT", path, json={"document": newer}, headers=match(made)).status_code == 200
    stale = deposit("PUT", path, json={"document": DOCUMENT}, headers=match(made))
    assert stale.status_code == 412
    assert deposit("GET", path).json["document"]["issued"] == "2023"
    assert deposit("DELETE", path, headers=match(made)).status_code == 412


def test_whoever_has_a_work_is_not_sent_it_again(deposit):
    made = draft(deposit)
    path = f"/works/{made.json['number']}"
    tag = deposit("GET", path).headers["ETag"]
    assert deposit("GET", path, headers={"If-None-Match": tag}).status_code == 304


def test_of_two_changes_at_once_one_wins_and_the_other_is_told(app, deposit):
    """A hundred pairs."""
    made = draft(deposit)
    path, tag = f"/api/works/{made.json['number']}", made.headers["ETag"]
    outcomes = []
    for pair in range(100):
        gate, codes = threading.Barrier(2), {}

        def change(which, tag=tag, gate=gate, codes=codes, pair=pair):
            with app.test_client() as client:
                gate.wait()
                answer = client.put(
                    path,
                    json={"document": {**DOCUMENT, "edition": f"{pair} {which}"}},
                    headers={"Authorization": f"Bearer {deposit.token}", "If-Match": tag},
                )
                codes[which] = answer.status_code

        both = [threading.Thread(target=change, args=(which,)) for which in "ab"]
        for one in both:
            one.start()
        for one in both:
            one.join()
        assert sorted(codes.values()) == [200, 412]
        won = next(which for which, code in codes.items() if code == 200)
        now_there = deposit("GET", path.removeprefix("/api"))
        assert now_there.json["document"]["edition"] == f"{pair} {won}"
        tag = now_there.headers["ETag"]
        outcomes.append(won)
    assert len(outcomes) == 100


@pytest.mark.parametrize(
    ("document", "where"),
    [
        ({"titles": 7}, "document.titles"),
        ({"titles": [{"text": ["a"]}]}, "document.titles.0.text"),
        ({"tytles": ["a"]}, "document.tytles"),
        ([], "document"),
    ],
)
def test_what_is_of_the_wrong_shape_is_refused_by_place(deposit, document, where):
    answer = deposit("POST", "/works", json={"document": document or [1]})
    assert answer.status_code == 422
    assert where in [one["path"] for one in answer.json["errors"]]


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b'"a"', b"\xff"])
def test_broken_json_is_refused(deposit, body):
    answer = deposit("POST", "/works", data=body, content_type="application/json")
    assert answer.status_code == 422
    assert answer.mimetype == "application/problem+json"


def test_other_bytes_than_announced_are_refused_and_leave_nothing(deposit, archive):
    number = draft(deposit).json["number"]
    answer = deposit(
        "POST",
        f"/works/{number}/files?name=a.txt&sha512={'0' * 128}",
        data=b"one",
        content_type="application/octet-stream",
    )
    assert answer.status_code == 422
    assert [one for one in archive.settings.staging.iterdir() if one.is_file()] == []


def test_errors_are_said_in_the_programs_language(client):
    said = client.get("/api/works/999", headers={"Accept-Language": "ru"}).json["detail"]
    assert re.search("[а-я]", said)


def test_published_works_are_listed_page_by_page(showing):
    client = showing
    found, path = [], "/api/works?limit=3"
    while path:
        page = client.get(path).json
        found += [one["number"] for one in page["works"]]
        path = page["next"] and page["next"].removeprefix("http://localhost")
    assert found == sorted(set(found))
    assert len(found) == page["total"] > 3
    hit = client.get("/api/search?q=Нарын").json
    assert hit["works"]
    assert client.get("/api/works?limit=1000").status_code == 422
    slugs = {one["slug"] for one in client.get("/api/collections").json}
    assert set(hit["works"][0]["collections"]) <= slugs


def test_the_description_is_sound_and_names_every_route(client, app):
    document = client.get("/api/openapi.json").json
    validate(document)
    routes = {
        (re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule), method.lower())
        for rule in app.url_map.iter_rules()
        if rule.endpoint.split(".")[0] in ("api", "api_deposit")
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }
    described = {
        (path, method)
        for path, operations in document["paths"].items()
        for method in operations
        if method != "parameters"
    }
    assert routes - described == {("/api", "get"), ("/api/openapi.json", "get")}
    assert described <= routes
    assert document["components"]["schemas"]["NewWork"]["required"] == ["document"]


def test_a_token_is_shown_once_and_ended_on_the_page(archive, client, enter, person):
    browser = enter(person(Role.DEPOSITOR))
    typed = {"name": "Zotero", "scopes": ["read"], "days": "30"}
    page = browser.get("/account/tokens")
    assert browser.send(page, "/account/tokens", typed={**typed, "name": ""}).status_code == 422
    answer = browser.send(page, "/account/tokens", typed=typed)
    assert answer.status_code == 201
    token = re.search(r"archive_[\w-]{43}", answer.get_data(as_text=True))[0]
    again = browser.client.get("/account/tokens").get_data(as_text=True)
    assert token not in again
    assert "Zotero" in again
    bearer = {"Authorization": f"Bearer {token}"}
    assert client.get("/api/works", headers=bearer).status_code == 200
    ended = browser.send(browser.get("/account/tokens"), "/account/tokens/end")
    assert ended.status_code == 303
    with archive.reading() as session:
        assert session.query(ApiToken).all() == []
    assert client.get("/api/works", headers=bearer).status_code == 401


def test_events_of_programs_name_their_owner(deposit, archive):
    number = draft(deposit).json["number"]
    with archive.reading() as session:
        event = session.query(Event).filter_by(work_id=number).one()
    assert event.account_id == deposit.owner.id
