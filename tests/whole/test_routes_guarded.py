"""Every route is public on purpose or guarded, and every unsafe one wants the form's token."""

import re

import pytest

from repository.web import guard
from schemas.roles import STAFF, Role

# What anybody may do; each is here on purpose.
PUBLIC = {
    "pages.home", "pages.about", "pages.help", "pages.gallery", "policies.show", "guides.show",
    "browse.index", "browse.by", "browse.new", "browse.scheme", "browse.node",
    "periodicals.index", "periodicals.show", "periodicals.issue",
    "collections.index", "collections.show", "people.show", "people.record",
    "works.show", "works.file", "works.export", "citations.show", "citations.card",
    "versions.index", "versions.show", "versions.file",
    "pictures.cover", "pictures.page", "texts.searchable", "search.results",
    "oai.endpoint", "sru.endpoint", "sword3_known.known_place",
    "completions.begun", "taking.results",
    "reader.show", "reader.search", "reader.picture", "status.report", "reading.show",
    "seats.show", "seats.take", "seats.leave",
    "account.sign_in", "account.enter", "account.sign_out", "account.register", "account.enrol",
    "account.confirm", "account.confirmed", "account.resend", "account.send_again",
    "account.forgot", "account.send_reset", "account.reset", "account.new_password", "static",
    "api.index", "api.description", "api.listed", "api.found", "api.one", "api.content",
    "api.collections", "api_deposit.agreed", "confirming.question", "confirming.reply",
    "copies.ask", "copies.send", "copies.proving", "copies.prove", "copies.question",
    "copies.reply", "copies.show", "copies.take",
    "written.show", "rules.show", "rules.accept", "dressing.style", "dressing.logo",
    "usage.whole", "usage.whole_csv", "usage.work", "usage.work_csv", "usage.person",
    "usage.person_csv", "usage.collection", "usage.collection_csv",
    "counter.status", "counter.members", "counter.listed", "counter.report",
    "sitemaps.index", "sitemaps.part", "robots.show", "opensearch.show",
    "resourcesync.description", "resourcesync.capabilities", "resourcesync.resource_list",
    "resourcesync.resource_part", "resourcesync.change_list", "resourcesync.change_part",
    "feeds.new", "feeds.collection", "feeds.person", "feeds.subject", "feeds.search",
}  # fmt: skip
# Harvesters may ask by POST; it changes nothing.
UNCHANGING = {"oai.endpoint", "sru.endpoint"}
SAFE = {"GET", "HEAD", "OPTIONS"}
# Programs come with a token of theirs; the cookie of a browser opens nothing there.
FOR_PROGRAMS = ("api.", "api_deposit.", "sword.", "sword3.", "sword3_parts.", "sword3_staging.")


def routes(app):
    """Every endpoint with an address that leads to it and a method."""
    for rule in app.url_map.iter_rules():
        path = re.sub(r"<any\((\w+)[^>]*>", r"\1", re.sub(r"<int:\w+>", "1", rule.rule))
        yield from ((rule.endpoint, re.sub(r"<[^>]+>", "x", path), one) for one in rule.methods)


def test_every_route_says_who_may_come_in(app):
    for rule in app.url_map.iter_rules():
        said = getattr(app.view_functions[rule.endpoint], "guard", None)
        roles = isinstance(said, frozenset) and said and said <= set(Role)
        assert roles or said in (
            guard.PUBLIC,
            guard.SIGNED_IN,
            guard.STAFF,
            guard.REVIEWER,
        ), f"{rule.endpoint} has no guard"
        assert (said == guard.PUBLIC) == (rule.endpoint in PUBLIC), rule.endpoint


def test_a_route_that_says_nothing_lets_nobody_in(app, enter, person):
    app.add_url_rule("/forgotten", "forgotten", lambda: "secret")
    assert app.test_client().get("/forgotten").status_code == 302
    chief = enter(person(Role.ADMINISTRATOR))
    assert chief.client.get("/forgotten").status_code == 403


def test_what_is_guarded_sends_strangers_to_sign_in(app, client):
    for endpoint, path, method in routes(app):
        if endpoint in PUBLIC or method == "OPTIONS":
            continue
        answer = client.open(path, method=method)
        if method in SAFE and not endpoint.startswith(FOR_PROGRAMS):
            assert answer.status_code == 302, (endpoint, method)
            assert "/account/sign-in?next=" in answer.headers["Location"]
        else:
            assert answer.status_code == 401, (endpoint, method)


@pytest.mark.parametrize("holds", [(), (Role.READER,), (Role.DEPOSITOR,), (Role.CATALOGUER,)])
def test_what_is_guarded_by_a_role_refuses_those_without_it(app, enter, person, holds):
    viewer = person(*holds)
    browser = enter(viewer)
    for endpoint, path, method in routes(app):
        said = getattr(app.view_functions[endpoint], "guard", None)
        said = {guard.REVIEWER: {Role.CATALOGUER}, guard.STAFF: STAFF}.get(said, said)
        if said in (guard.PUBLIC, guard.SIGNED_IN) or any(map(viewer.may, said)):
            continue
        assert browser.client.open(path, method=method).status_code == 403, (endpoint, method)


def test_every_unsafe_route_refuses_a_form_without_its_token(app, enter, person):
    browser = enter(person(Role.ADMINISTRATOR))
    asked = 0
    for endpoint, path, method in routes(app):
        if method not in SAFE and endpoint not in UNCHANGING:
            answer = browser.client.open(path, method=method, data={"name": "x"})
            refused = 401 if endpoint.startswith(FOR_PROGRAMS) else 400
            assert answer.status_code == refused, (endpoint, method, answer.status_code)
            asked += 1
    assert asked > 10


def test_the_static_files_and_the_feed_depend_on_no_cookie(client):
    for path in ("/static/archive.css", "/oai?verb=Identify"):
        answer = client.get(path)
        assert answer.status_code == 200 and "Cookie" not in answer.headers.get("Vary", "")
