"""The Python client of SWORD's authors deposits here, over HTTP."""

import base64
import hashlib
import io
import json
from contextlib import contextmanager
from pathlib import Path

import bagit
import pytest
from depositing import METADATA, zipped
from sword3client import SWORD3Client
from sword3client.connection import HttpLayer
from sword3client.connection.connection_requests import RequestsHttpResponse
from sword3common import ByReference, Metadata, MetadataAndByReference, constants
from sword3common.exceptions import SwordException

from ingest import bringing
from schemas.vocabulary import State

COLLECTION = "/collections/articles"


class Line(HttpLayer):
    """The client's way to the server. It knows no If-Match, and gives numbers as headers, which
    `requests` refuses: both are put right here."""

    def __init__(self, session, headers):
        super().__init__(headers=headers)
        self.session, self.matches = session, True

    def _ask(self, method, url, data=None, headers=None, stream=False):
        said = {name: str(value) for name, value in {**(headers or {}), **self._headers}.items()}
        if self.matches and "/works/" in url and method != "GET":
            said["If-Match"] = self._tag(url)
        answer = self.session.request(method, url, data=data, headers=said, stream=stream)
        return RequestsHttpResponse(answer)

    def _tag(self, url):
        top, _, part = url.partition("/works/")
        number, _, part = part.partition("/")
        found = self.session.get(f"{top}/works/{number}", headers=self._headers).json()
        tags = {found["@id"]: found["eTag"]}
        tags |= {one["@id"]: one["eTag"] for one in (found["metadata"], found["fileSet"])}
        tags |= {one["@id"]: one["eTag"] for one in found["links"] if "eTag" in one}
        return tags.get(url, "none")

    def get(self, url, headers=None, stream=False):
        return self._ask("GET", url, headers=headers, stream=stream)

    def put(self, url, data, headers=None):
        return self._ask("PUT", url, data, headers)

    def post(self, url, data, headers=None):
        return self._ask("POST", url, data, headers)

    def delete(self, url):
        return self._ask("DELETE", url)


@contextmanager
def refused(name):
    """The client cannot read the errors that its own library describes: their body is looked at."""
    with pytest.raises(SwordException) as raised:
        yield
    assert json.loads(raised.value.response.body)["@type"] == name


def sha(data):
    return {"SHA-256": base64.b64encode(hashlib.sha256(data).digest()).decode()}


@pytest.fixture(scope="module")
def line(house, ask):
    return Line(house.session, {"Authorization": f"Bearer {ask.token}"})


@pytest.fixture(scope="module")
def client(line):
    return SWORD3Client(line)


@pytest.fixture(scope="module")
def service(client, house):
    return client.get_service(f"{house.url}/api/sword/3")


@pytest.fixture(scope="module")
def articles(service):
    science = service.services[0]
    return science.services[0].service_url


def described(**more):
    return Metadata({**METADATA, **more})


def test_the_service_document_has_collections_within_collections(service, house, articles):
    assert service.data["version"] == "http://purl.org/net/sword/3.0"
    assert constants.PACKAGE_SWORDBAGIT in service.data["acceptPackaging"]
    assert service.data["digest"][:2] == ["SHA-512", "SHA-256"]
    assert service.data["maxUploadSize"] == 1024 and service.data["onBehalfOf"] is False
    assert articles == f"{house.url}/api/sword/3/collections/articles"


def test_metadata_becomes_a_draft_that_takes_files_and_is_completed(client, articles, house, line):
    made = client.create_object_with_metadata(articles, described(), in_progress=True)
    assert made.status_code == 201 and made.location == made.status_document.object_url
    assert made.status_document.data["state"][0]["@id"] == constants.DepositState.InProgress
    assert client.get_metadata(made.status_document).get_dc_field("type").endswith("c_6501")
    status = client.add_binary(
        made.location, io.BytesIO(b"Soz"), "a.txt", sha(b"Soz"), 3, "text/plain", in_progress=True
    ).status_document
    (link,) = status.list_links([constants.Rel.OriginalDeposit])
    assert link["depositedBy"] == "Program" and link["packaging"] == constants.PACKAGE_BINARY
    with client.get_file(link["@id"]) as stream:
        assert stream.read() == b"Soz"
    more = Metadata({"dcterms:abstract": "Ещё.", "dc:title": "Другой"})
    client.append_metadata(made.location, more, in_progress=False)
    found, names, _ = house.work(made.location)
    assert found.state == State.SUBMITTED and names == ["a.txt"] and found.agreement["version"]
    assert [one["text"] for one in found.document["abstracts"]] == ["Кыскача мазмуну.", "Ещё."]
    assert [one["kind"] for one in found.document["titles"]] == ["main", "alternative"]
    status = client.get_object(made.location).data
    assert status["state"][0]["@id"].endswith("/inWorkflow")
    assert not status["actions"]["replaceFiles"] and status["actions"]["getMetadata"]
    with refused("MethodNotAllowed"):
        client.delete_object(made.location)


def test_a_file_and_a_package_are_replaced_and_deleted(client, articles, house):
    pack = zipped(**{"b/эки.txt": "eki", "bir.txt": "bir"})
    made = client.create_object_with_package(
        articles,
        io.BytesIO(pack),
        "p.zip",
        sha(pack),
        len(pack),
        "application/zip",
        constants.PACKAGE_SIMPLEZIP,
        in_progress=True,
    )
    assert sorted(house.work(made.location)[1]) == ["bir.txt", "эки.txt"]
    status = made.status_document
    address = status.list_links([constants.Rel.FileSetFile])[0]["@id"]
    client.replace_file(address, io.BytesIO(b"New"), "text/plain", sha(b"New"), "new.txt", 3)
    assert "new.txt" in house.work(made.location)[1]
    with client.get_file(address) as stream:
        assert stream.read() == b"New"  # in the same place
    client.delete_file(address)
    assert house.work(made.location)[1] == ["bir.txt"]
    client.replace_fileset_with_binary(
        status, io.BytesIO(b"One"), "one.txt", sha(b"One"), 3, "text/plain"
    )
    assert house.work(made.location)[1] == ["one.txt"]
    client.delete_fileset(status)
    assert house.work(made.location)[1] == []
    client.replace_metadata(status, described(**{"dc:title": "Жаңы"}))
    assert client.get_metadata(status).get_dc_field("title") == "Жаңы"
    client.delete_metadata(status)
    assert client.get_metadata(status).get_dc_field("title") is None
    client.replace_object_with_metadata(made.location, described(), in_progress=True)
    assert house.work(made.location)[0].document["titles"][0]["text"] == "Тоо тили"
    assert client.delete_object(made.location).status_code == 204


def test_bytes_that_were_changed_on_their_way_are_refused(client, articles, house, line):
    before = house.left()
    with refused("DigestMismatch"):
        client.create_object_with_binary(articles, io.BytesIO(b"Soz"), "a.txt", sha(b"Jok"), 3)
    assert house.left() == before
    made = client.create_object_with_metadata(articles, described(), in_progress=True)
    line.matches = False
    with refused("ETagRequired"):
        client.append_metadata(made.location, described(), in_progress=True)
    line.matches = True


def bag(folder, **change):
    payload = folder / "in"
    payload.mkdir()
    (payload / "макала.txt").write_text("Soz")
    (payload / "b.txt").write_text("Eki")
    made = bagit.make_bag(str(payload), checksums=["sha256"])
    (payload / "metadata").mkdir()
    (payload / "metadata" / "sword.json").write_text(json.dumps(METADATA))
    made.save(manifests=True)
    for name, text in change.items():
        (payload / Path(name)).write_text(text)
    paths = [one for one in payload.rglob("*") if one.is_file()]
    return zipped(**{str(one.relative_to(folder)): one.read_bytes() for one in paths})


def test_a_bag_brings_files_and_their_description(client, articles, house, tmp_path):
    data = bag(tmp_path)
    made = client.create_object_with_package(
        articles,
        io.BytesIO(data),
        "bag.zip",
        sha(data),
        len(data),
        "application/zip",
        constants.PACKAGE_SWORDBAGIT,
    )
    found, names, _ = house.work(made.location)
    assert found.state == State.SUBMITTED and found.title == "Тоо тили"
    assert sorted(names) == ["b.txt", "макала.txt"]


def test_a_bag_with_another_file_than_was_put_into_it_leaves_nothing(
    client, articles, house, tmp_path
):
    data, before = bag(tmp_path, **{"data/b.txt": "Üç"}), house.left()
    with refused("DigestMismatch"):
        client.create_object_with_package(
            articles,
            io.BytesIO(data),
            "bag.zip",
            sha(data),
            len(data),
            "application/zip",
            constants.PACKAGE_SWORDBAGIT,
        )
    assert house.left() == before


def test_files_are_fetched_from_where_they_are_and_then_the_work_is_sent(
    client, articles, house, elsewhere
):
    elsewhere.answers = {"/a": (200, "text/plain", b"Brought", {})}
    named = ByReference()
    named.add_file(f"{elsewhere.url}/a", "a.txt", "text/plain", True, digest=sha(b"Brought"))
    both = MetadataAndByReference(described(), named)
    made = client.create_object_with_metadata_and_by_reference(articles, both)
    (link,) = made.status_document.list_links([constants.Rel.ByReferenceDeposit])
    assert link["status"] == constants.FileState.Pending and link["byReference"].endswith("/a")
    assert house.work(made.location)[0].state == State.DRAFT
    assert bringing.follow(house.archive) == 1
    found, names, _ = house.work(made.location)
    assert names == ["a.txt"] and found.state == State.SUBMITTED


def test_a_fetched_file_with_other_bytes_is_refused_and_said(client, articles, house, elsewhere):
    elsewhere.answers = {"/a": (200, "text/plain", b"Other", {})}
    named = ByReference()
    named.add_file(f"{elsewhere.url}/a", "a.txt", "text/plain", True, digest=sha(b"Brought"))
    made = client.create_object_by_reference(articles, named, in_progress=True)
    bringing.follow(house.archive)
    (link,) = client.get_object(made.location).list_links([constants.Rel.ByReferenceDeposit])
    assert link["status"].endswith("/error") and "checksum" in link["log"]
    assert house.work(made.location)[1] == []


def test_a_large_file_comes_in_segments_and_is_deposited_by_its_address(client, service, house):
    data = bytes(range(256)) * 40
    begun = client.initialise_segmented_upload(service, len(data), 3, 4096, sha(data))
    pieces = [data[at : at + 4096] for at in range(0, len(data), 4096)]
    for number in (3, 1, 2):
        piece = pieces[number - 1]
        client.upload_file_segment(
            begun.location, io.BytesIO(piece), number, sha(piece), len(piece)
        )
    made = client.create_object_with_temporary_file(
        service, begun.location, "large.bin", "application/octet-stream", in_progress=True
    )
    found, names, _ = house.work(made.location)
    assert names == ["large.bin"] and found.files[0].size == len(data)
    assert found.files[0].sha512 == hashlib.sha512(data).hexdigest()
    assert list(house.archive.settings.uploads.iterdir()) == []
