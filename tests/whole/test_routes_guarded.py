"""Every route is public on purpose or guarded, and every unsafe one wants the form's token."""

import re

# What anybody may do; each is here on purpose.
PUBLIC = {
    "pages.home", "pages.gallery", "pages.about", "pages.help", "pages.language", "browse.index",
    "browse.by",
    "collections.index", "collections.show", "people.show", "works.show", "works.file",
    "works.export", "search.results", "oai.endpoint", "status.report", "account.sign_in",
    "account.enter", "account.sign_out", "account.register", "account.enrol", "account.confirm",
    "account.confirmed", "account.forgot", "account.send_reset", "account.reset",
    "account.new_password",
}  # fmt: skip


def test_every_route_says_who_may_come_in(app):
    for rule in app.url_map.iter_rules():
        if rule.endpoint == "static":
            continue
        guard = getattr(app.view_functions[rule.endpoint], "guard", None)
        assert guard, f"{rule.endpoint} has no guard"
        assert (guard == "public") == (rule.endpoint in PUBLIC), rule.endpoint


def test_what_is_guarded_sends_strangers_to_sign_in(app, client):
    for rule in app.url_map.iter_rules():
        if rule.endpoint in PUBLIC | {"static"}:
            continue
        path = re.sub(r"<[^>]+>", "1", rule.rule)
        for method in rule.methods & {"GET", "POST"}:
            answer = client.open(path, method=method)
            assert answer.status_code in (302, 400, 401, 405), (rule.endpoint, method)
            if answer.status_code == 302:
                assert "/account/sign-in" in answer.headers["Location"]


def test_every_unsafe_route_refuses_a_form_without_its_token(app, client):
    for rule in app.url_map.iter_rules():
        if rule.endpoint == "oai.endpoint":
            continue  # harvesters may POST; it changes nothing
        path = re.sub(r"<[^>]+>", "1", rule.rule)
        for method in rule.methods & {"POST", "PUT", "PATCH", "DELETE"}:
            answer = client.open(path, method=method)
            assert answer.status_code == 400, (rule.endpoint, method, answer.status_code)
