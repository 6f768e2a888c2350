"""SWORD 3.0 as careful and careless programs speak it: what is refused, and leaves nothing."""

import base64
import io
import json
import zipfile

import pytest
from depositing import METADATA, digest, zipped
from jsonschema import validate

from ingest import bringing
from ingest.sword3.documents import BAG, SIMPLE_ZIP
from schemas.programs import Scope
from schemas.roles import Role
from schemas.vocabulary import State

JSON = {"Content_Type": "application/json"}
SAID = {**JSON, "Content_Disposition": "attachment; metadata=true"}
NAMED = {**JSON, "Content_Disposition": "attachment; by-reference=true"}
DRAFT = {"In_Progress": "true"}
ZIP = {"Content_Type": "application/zip", "Packaging": SIMPLE_ZIP, **DRAFT}
BODY = json.dumps(METADATA).encode()
# What the specification's schemas say must be there.
STATUS = {
    "type": "object",
    "required": "@context @id @type eTag metadata fileSet service state actions links".split(),
    "properties": {
        "state": {"type": "array", "minItems": 1, "items": {"required": ["@id"]}},
        "links": {"type": "array", "items": {"required": ["@id", "rel"]}},
    },
}


def described(ask, **more):
    """A draft with a description; its address."""
    answer = ask("POST", "/collections/articles", BODY, **SAID, **DRAFT, **more)
    assert answer.status_code == 201, answer.text
    return answer.headers["Location"]


def wrong(answer, status, name):
    """Whether an answer is that error document."""
    found = answer.json()
    assert (answer.status_code, found["@type"]) == (status, name), found
    assert found["@context"] and found["timestamp"].endswith("Z") and found["error"]
    return found


def references(*entries, **more):
    made = {"@type": "ByReference", "byReferenceFiles": list(entries), **more}
    return json.dumps(made).encode()


def entry(address="https://example.org/a.txt", **more):
    named = {"contentDisposition": "attachment; filename=a.txt", "contentType": "text/plain"}
    return {"@id": address, **named, "dereference": True, **more}


# --- who comes in ---------------------------------------------------------------------------------
def test_without_a_token_nobody_comes_in_and_a_bad_one_is_another_matter(house, ask):
    stranger = house.program(email="other@example.org")
    stranger.token = ""
    wrong(stranger("GET", ""), 401, "AuthenticationRequired")
    answer = stranger("POST", "", BODY, **SAID)
    assert answer.headers["WWW-Authenticate"].startswith("Basic")
    stranger.token = "archive_none"
    wrong(stranger("GET", ""), 403, "AuthenticationFailed")
    pair = base64.b64encode(f"program@example.org:{ask.token}".encode()).decode()
    assert stranger("GET", "", Authorization=f"Basic {pair}").status_code == 200
    pair = base64.b64encode(f"other@example.org:{ask.token}".encode()).decode()
    wrong(stranger("GET", "", Authorization=f"Basic {pair}"), 403, "AuthenticationFailed")


def test_a_token_is_good_for_what_it_was_made_for(house, ask):
    reader = house.program(scopes=[Scope.READ])
    wrong(reader("GET", ""), 403, "Forbidden")
    wrong(reader("POST", "", BODY, **SAID), 403, "Forbidden")
    address = described(ask)
    ask.file("POST", address, If_Match=ask.tag(address), **DRAFT)
    giver = house.program(scopes=[Scope.DEPOSIT])
    status = giver("GET", address).json()
    assert status["actions"]["getFiles"] is False
    wrong(giver("GET", status["links"][1]["@id"]), 403, "Forbidden")


def test_nobody_sees_or_changes_the_deposits_of_others(house, ask):
    address = described(ask)
    other = house.program(email="other@example.org")
    for path in ("", "/metadata"):
        wrong(other("GET", address + path), 404, "NotFound")
    for path in ("", "/metadata", "/files", "/files/1", "/references/1"):
        wrong(other("DELETE", address + path, If_Match="*"), 404, "NotFound")
    wrong(other("POST", address, BODY, **SAID, If_Match="*"), 404, "NotFound")
    wrong(ask("POST", "/collections/none", BODY, **SAID), 404, "NotFound")


def test_staff_deposit_for_others_and_nobody_else(house, ask):
    staff = house.program(Role.CATALOGUER, email="staff@example.org")
    assert staff("GET", "").json()["onBehalfOf"] is True
    someone = house.program(email="someone@example.org")
    named = {"On_Behalf_Of": "someone@example.org"}
    wrong(ask("POST", "", BODY, **SAID, **named), 412, "OnBehalfOfNotAllowed")
    wrong(staff("POST", "", BODY, **SAID, On_Behalf_Of="nobody@example.org"), 403, "Forbidden")
    address = described(staff, **named)
    assert someone("GET", address).json()["service"].endswith("/collections/articles")


# --- documents ------------------------------------------------------------------------------------
def test_documents_have_what_the_schemas_ask_for(ask, house):
    answer = ask("GET", "/collections/science")
    found = answer.json()
    assert answer.headers["Content-Type"] == "application/json"
    assert [one["dc:title"] for one in found["services"]] == ["Articles"]
    assert found["root"] == f"{house.url}/api/sword/3" and found["staging"]
    address = described(ask)
    made = ask.file("POST", address, If_Match=ask.tag(address), **DRAFT)
    assert made.headers["Location"] == f"{address}/files/1"
    found = made.json()
    validate(found, STATUS)
    assert made.headers["ETag"] == f'"{found["eTag"]}"'
    assert found["actions"]["deleteObject"] and found["actions"]["getFiles"]
    file = found["links"][1]
    assert file["status"].endswith("filestate/ingested") and file["depositedOn"].endswith("Z")
    seen = ask("GET", address, If_None_Match=made.headers["ETag"])
    assert seen.status_code == 304


def test_the_description_goes_in_and_out_the_same(ask, house):
    address = described(ask)
    answer = ask("GET", f"{address}/metadata")
    found = answer.json()
    assert found["dc:title"] == METADATA["dc:title"]
    assert found["dc:creator"] == METADATA["dc:creator"]
    assert found["dc:rights"] == METADATA["dc:rights"] and "made:up" not in found
    before = house.work(address)[0].document
    again = ask(
        "PUT", f"{address}/metadata", answer.content, **SAID, If_Match=answer.headers["ETag"]
    )
    assert again.status_code == 204 and house.work(address)[0].document == before


def test_a_deposit_without_a_file_or_a_description_waits_for_both(ask, house):
    made = ask("POST", "", **DRAFT)
    assert made.status_code == 201 and made.json()["service"] == f"{house.url}/api/sword/3"
    address = made.headers["Location"]
    wrong(ask("POST", address, If_Match=ask.tag(address)), 400, "ValidationFailed")
    ask("PUT", f"{address}/metadata", BODY, **SAID, If_Match=ask.tag(f"{address}/metadata"))
    done = ask("POST", address, If_Match=ask.tag(address), In_Progress="false")
    assert done.status_code == 204 and house.work(address)[0].state == State.SUBMITTED


def test_what_is_with_the_library_cannot_be_changed_any_more(ask, house):
    answer = ask("POST", "/collections/articles", BODY, **SAID)
    address, tag = answer.headers["Location"], answer.headers["ETag"]
    for method, path in (("PUT", ""), ("POST", ""), ("PUT", "/metadata")):
        wrong(ask(method, address + path, BODY, **SAID, If_Match=tag), 405, "MethodNotAllowed")
    for path in ("", "/metadata", "/files"):
        wrong(ask("DELETE", address + path, If_Match=tag), 405, "MethodNotAllowed")
    wrong(ask.file("PUT", f"{address}/files", If_Match=tag), 405, "MethodNotAllowed")
    assert ask("GET", address).json()["actions"]["appendFiles"] is False


def test_programs_find_the_service_and_hear_what_an_address_does_not_take(ask, house):
    found = house.session.get(f"{house.url}/.well-known/swordv3", allow_redirects=False)
    assert found.status_code == 307
    assert found.headers["Location"] == f"{house.url}/api/sword/3"
    address = described(ask)
    for method, path in (("GET", "/files"), ("POST", "/metadata"), ("PUT", "/references/1")):
        wrong(ask(method, address + path), 405, "MethodNotAllowed")
    wrong(ask("PUT", address, If_Match="*"), 400, "BadRequest")
    wrong(ask.file("PUT", f"{address}/metadata", If_Match="*"), 400, "BadRequest")
    wrong(ask("PUT", f"{address}/files", BODY, **SAID, If_Match="*"), 400, "BadRequest")
    wrong(ask("GET", f"{address}/files/7"), 404, "NotFound")


# --- ETags ----------------------------------------------------------------------------------------
def test_a_change_needs_the_etag_of_what_it_changes(ask):
    address = described(ask)
    first = ask("GET", address).json()
    wrong(ask("POST", address, BODY, **SAID, **DRAFT), 412, "ETagRequired")
    wrong(ask("DELETE", address, If_Match='"other"'), 412, "ETagNotMatched")
    ask.file("POST", address, If_Match=first["eTag"], **DRAFT)
    second = ask("GET", address).json()
    assert second["metadata"] == first["metadata"]
    assert second["fileSet"]["eTag"] != first["fileSet"]["eTag"]
    wrong(ask.file("POST", address, If_Match=first["eTag"], **DRAFT), 412, "ETagNotMatched")
    file = second["links"][1]
    wrong(ask("DELETE", file["@id"], If_Match=second["eTag"]), 412, "ETagNotMatched")
    assert ask("DELETE", file["@id"], If_Match=file["eTag"]).status_code == 204
    third = ask("GET", address).json()
    assert len({one["eTag"] for one in (first, second, third)}) == 3
    assert ask("DELETE", address, If_Match=third["eTag"]).status_code == 204
    wrong(ask("GET", address), 404, "NotFound")


# --- what is refused ------------------------------------------------------------------------------
def bomb():
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as pack:
        for number in range(3):
            pack.writestr(f"{number}.txt", b"0" * (8 * 2**20))
    return made.getvalue()


def bagged(**files):
    """A bag without its manifest, but for what is given."""
    return zipped(**{"bagit.txt": "BagIt-Version: 1.0\n", "data/a.txt": "Soz", **files})


MANIFEST = f"{'0' * 64}  data/a.txt\n"
TOLD = {"metadata/sword.json": json.dumps(METADATA)}
BAGGED = {**ZIP, "Packaging": BAG}
REFUSED = {
    "broken JSON": (b"{", SAID, 400, "ContentMalformed"),
    "JSON without end": (b"[" * 100_000, SAID, 400, "ContentMalformed"),
    "a list": (b"[]", SAID, 400, "ContentMalformed"),
    "no title": (b"{}", SAID, 400, "ValidationFailed"),
    "not all that is needed": (b'{"dc:title": "A"}', SAID, 400, "ValidationFailed"),
    "XML": (BODY, {**SAID, "Content_Type": "text/xml"}, 415, "ContentTypeNotAcceptable"),
    "another format": (
        BODY,
        {**SAID, "Metadata_Format": "http://www.loc.gov/mods/v3"},
        415,
        "MetadataFormatNotAcceptable",
    ),
    "wrong SHA-256": (BODY, {**SAID, "Digest": digest(b"")}, 412, "DigestMismatch"),
    "wrong MD5": (BODY, {**SAID, "Digest": digest(b"", "MD5")}, 412, "DigestMismatch"),
    "one of two wrong": (
        BODY,
        {**SAID, "Digest": f"{digest(BODY)}, {digest(b'', 'SHA-512')}"},
        412,
        "DigestMismatch",
    ),
    "no digest that is one": (BODY, {**SAID, "Digest": "SHA-256=?"}, 400, "ValidationFailed"),
    "another digest": (BODY, {**SAID, "Digest": "crc32=abc"}, 400, "BadRequest"),
    "an unknown package": (b"x", {**ZIP, "Packaging": "x"}, 415, "PackagingFormatNotAcceptable"),
    "no ZIP": (b"x", ZIP, 415, "FormatHeaderMismatch"),
    "a ZIP of nothing": (zipped(), ZIP, 415, "FormatHeaderMismatch"),
    "a way out": (zipped(**{"../a.txt": "x"}), ZIP, 400, "ValidationFailed"),
    "a root": (zipped(**{"/etc/a.txt": "x"}), ZIP, 400, "ValidationFailed"),
    "a bomb": (bomb(), ZIP, 400, "ValidationFailed"),
    "too large": (b"0" * (2**20 + 1), ZIP, 413, "MaxUploadSizeExceeded"),
    "far too large": (b"0" * (3 * 2**20), ZIP, 413, "MaxUploadSizeExceeded"),
    "an empty file": (
        b"",
        {"Content_Type": "text/plain", "Digest": digest(b"")},
        400,
        "ValidationFailed",
    ),
    "no bag": (zipped(a="x"), BAGGED, 415, "FormatHeaderMismatch"),
    "a bag without a manifest": (bagged(**TOLD), BAGGED, 400, "ValidationFailed"),
    "a bag without a description": (
        bagged(**{"manifest-sha-256.txt": MANIFEST}),
        BAGGED,
        400,
        "ValidationFailed",
    ),
    "a bag with other bytes": (
        bagged(**TOLD, **{"manifest-sha-256.txt": MANIFEST}),
        BAGGED,
        412,
        "DigestMismatch",
    ),
    "a bag to be fetched": (
        bagged(**TOLD, **{"manifest-sha256.txt": MANIFEST, "fetch.txt": "http://x 1 data/b"}),
        BAGGED,
        400,
        "ValidationFailed",
    ),
    "half a letter": (b'{"dc:title": "\\ud800"}', SAID, 400, "ValidationFailed"),
    "half a letter in an address": (
        references(entry("http://example.org/\ud800")),
        NAMED,
        412,
        "ByReferenceNotAllowed",
    ),
    "no references": (references(), NAMED, 400, "ValidationFailed"),
    "a reference to nothing": (references({}), NAMED, 400, "ValidationFailed"),
    "a link alone": (references(entry(dereference=False)), NAMED, 412, "ByReferenceNotAllowed"),
    "the server's folder": (references(entry("inbox:a")), NAMED, 412, "ByReferenceNotAllowed"),
    "a file of the server": (
        references(entry("file:///etc/passwd")),
        NAMED,
        412,
        "ByReferenceNotAllowed",
    ),
    "a password": (
        references(entry("http://a:b@example.org/")),
        NAMED,
        412,
        "ByReferenceNotAllowed",
    ),
    "a package elsewhere": (
        references(entry(packaging=SIMPLE_ZIP)),
        NAMED,
        415,
        "PackagingFormatNotAcceptable",
    ),
    "too large elsewhere": (
        references(entry(contentLength=2**40)),
        NAMED,
        400,
        "ByReferenceFileSizeExceeded",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_wrong_is_named_and_nothing_of_it_is_kept(ask, house, name):
    data, headers, status, error = REFUSED[name]
    before = house.left()
    more = {} if error == "ValidationFailed" and headers is SAID else DRAFT
    send = ask if "Content_Disposition" in headers else ask.file
    named = {} if "Content_Disposition" in headers else {"name": "a.zip"}
    wrong(
        send("POST", "/collections/articles", data, **{**headers, **more}, **named), status, error
    )
    assert house.left() == before


def test_half_a_letter_in_the_name_of_a_file_is_left_out(ask, house):
    body = references(entry("http://example.org/a", contentDisposition="a; filename=\ud800a.txt"))
    made = ask("POST", "", body, **NAMED, **DRAFT)
    assert made.status_code == 201
    assert house.work(made.headers["Location"])[0].title == "a.txt"
    address = made.headers["Location"]
    assert ask("DELETE", address, If_Match=ask.tag(address)).status_code == 204


def test_a_body_needs_a_digest(ask, house):
    before = house.left()
    answer = ask.file("POST", "", Digest="")
    assert "SHA-256" in wrong(answer, 400, "BadRequest")["error"]
    assert house.left() == before


def test_a_digest_in_hexadecimal_digits_and_names_in_any_script(ask, house):
    plain = base64.b64decode(digest(b"Soz", "SHA-512").partition("=")[2]).hex()
    names = (
        "filename*=UTF-8''%D1%82%D0%BE%D0%BE.txt",
        'filename="тоо; эки.txt"'.encode().decode("latin-1"),
    )
    address = described(ask)
    for one in names:
        more = {"Content_Disposition": f"attachment; {one}", "Digest": f"SHA-512={plain}"}
        assert ask.file("POST", address, If_Match="*", **more, **DRAFT).status_code == 200
    assert house.work(address)[1] == ["тоо.txt", "тоо; эки.txt"]


def test_what_is_appended_overwrites_nothing(ask, house):
    address = described(ask)
    more = {"dc:title": "Другое", "dcterms:issued": "1999", "dc:subject": ["тоо", "тил"]}
    answer = ask(
        "POST", address, json.dumps(more).encode(), **SAID, **DRAFT, If_Match=ask.tag(address)
    )
    assert answer.status_code == 200
    document = house.work(address)[0].document
    assert document["issued"] == "2024" and len(document["keywords"]) == 2
    assert [one["text"] for one in document["titles"]] == ["Тоо тили", "Другое"]


def test_the_whole_is_replaced_with_all_its_files(ask, house):
    address = described(ask)
    ask.file("POST", address, If_Match=ask.tag(address), **DRAFT)
    data = zipped(**{"x.txt": "X", "y.txt": "Y"})
    said = {**ZIP, "If_Match": ask.tag(address)}
    assert ask.file("PUT", address, data, name="p.zip", **said).status_code == 200
    found, names, _ = house.work(address)
    assert names == ["x.txt", "y.txt"] and "abstracts" not in found.document


def test_a_file_that_did_not_come_is_done_without(ask, house, elsewhere):
    elsewhere.answers = {"/a": (404, "text/plain", b"", {})}
    address = described(ask)
    body = references(entry(f"{elsewhere.url}/a"))
    made = ask("POST", address, body, **NAMED, **DRAFT, If_Match=ask.tag(address))
    assert made.status_code == 202
    follow(house)
    found = ask("GET", address).json()
    link = found["links"][-1]
    assert link["status"].endswith("/error") and "404" in link["log"]
    wrong(ask("POST", address, If_Match=found["eTag"]), 405, "MethodNotAllowed")
    assert ask("DELETE", link["@id"], If_Match=found["fileSet"]["eTag"]).status_code == 204
    assert ask("POST", address, If_Match=ask.tag(address)).status_code == 204


def follow(house):
    """Does what the worker would do."""
    assert bringing.follow(house.archive) == 1
