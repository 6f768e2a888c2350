"""The page of a work, its files and exports, for those who may see them and for the others."""

import hashlib
import json
import re
from datetime import timedelta

import pytest

from repository import catalogue, publishing
from repository.clock import now
from repository.viewers import SYSTEM
from schemas import vocabulary
from schemas.roles import Role
from schemas.vocabulary import Access

DATA = b"%PDF-1.7\n" + bytes(range(256)) * 40
DOCUMENT = {
    "type": vocabulary.TYPES["article"].uri,
    "titles": [{"text": "Тоо <b>жана</b> тил", "language": "ky", "kind": "main"}],
    "creators": [
        {
            "kind": "person",
            "family": "Асанова",
            "given": "Айгүл",
            "orcid": "0000-0002-1825-0097",
            "role": "aut",
        }
    ],
    "issued": "2024-05",
    "languages": ["ky"],
    "abstracts": [{"text": "Кыскача </script><script>alert(1)</script>", "language": "ky"}],
    "keywords": [{"text": "жайлоо"}],
    "host": {"kind": "journal", "title": "Вестник & К°", "issue": "3", "pages": "11–29"},
    "identifiers": [{"scheme": "doi", "value": "10.1234/abcd"}],
    "licence": "cc-by-4.0",
}


@pytest.fixture
def publish(archive):
    """Publishes a work with one file; its number."""

    def make(name="Макала № 1.pdf", media_type="application/pdf", data=DATA, **rights):
        with archive.writing() as session:
            work = catalogue.draft(session, DOCUMENT, actor=SYSTEM)
            (archive.settings.staging / "upload").write_bytes(data)
            catalogue.attach(
                session,
                work,
                name=name,
                size=len(data),
                sha512=hashlib.sha512(data).hexdigest(),
                media_type=media_type,
                staged="upload",
                **rights,
            )
            number = work.id
        publishing.publish(archive, number, actor=SYSTEM)
        return number

    return make


def test_the_page_says_what_the_work_is_and_nothing_in_it_is_run(client, publish):
    number = publish()
    answer = client.get(f"/works/{number}")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert "Тоо &lt;b&gt;жана&lt;/b&gt; тил" in page
    assert "<script>alert" not in page
    assert "script" not in answer.headers["Content-Security-Policy"].replace("script-src", "")
    assert "Асанова" in page


def test_search_engines_find_their_tags(client, publish):
    number = publish()
    page = client.get(f"/works/{number}").get_data(as_text=True)
    tags = dict(re.findall(r'<meta name="(citation_\w+)" content="([^"]*)"', page))
    assert tags["citation_author"] == "Асанова, Айгүл"
    assert tags["citation_publication_date"] == "2024/05"
    assert tags["citation_journal_title"] == "Вестник &amp; К°"
    assert (tags["citation_firstpage"], tags["citation_lastpage"]) == ("11", "29")
    assert tags["citation_doi"] == "10.1234/abcd"
    assert tags["citation_pdf_url"].startswith(f"http://localhost/works/{number}/")
    assert tags["citation_pdf_url"].endswith(".pdf")


def test_programs_find_their_links(client, publish):
    number = publish()
    links = client.get(f"/works/{number}").headers["Link"]
    for rel in ("type", "author", "license", "describedby", "item"):
        assert f'rel="{rel}"' in links
    assert "https://orcid.org/0000-0002-1825-0097" in links


def test_a_file_comes_byte_for_byte_whole_and_in_ranges(client, publish):
    number = publish()
    path = f"/works/{number}/Макала № 1.pdf"
    answer = client.get(path)
    assert answer.data == DATA
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Accept-Ranges"] == "bytes"
    part = client.get(path, headers={"Range": "bytes=100-199"})
    assert (part.status_code, part.data) == (206, DATA[100:200])
    assert part.headers["Content-Range"] == f"bytes 100-199/{len(DATA)}"
    end = client.get(path, headers={"Range": "bytes=-5"})
    assert end.data == DATA[-5:]
    beyond = client.get(path, headers={"Range": f"bytes={len(DATA)}-"})
    assert beyond.status_code == 416
    head = client.head(path)
    assert (head.data, int(head.headers["Content-Length"])) == (b"", len(DATA))
    again = client.get(path, headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
    resumed = client.get(path, headers={"Range": "bytes=10-", "If-Range": answer.headers["ETag"]})
    assert resumed.data == DATA[10:]


def test_names_of_files_travel_in_every_letter(client, publish):
    number = publish(name="Үлгү «ө» ң.pdf")
    answer = client.get(f"/works/{number}/Үлгү «ө» ң.pdf?download=1")
    disposition = answer.headers["Content-Disposition"]
    assert disposition.startswith("attachment")
    assert "filename*=UTF-8''%D2%AE%D0%BB" in disposition


@pytest.mark.parametrize("media_type", ["text/html", "image/svg+xml", "application/xml"])
def test_active_content_is_a_download_and_may_do_nothing(client, publish, media_type):
    number = publish(name="page.html", media_type=media_type, data=b"<script>alert(1)</script>")
    answer = client.get(f"/works/{number}/page.html")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_closed_file_is_closed_to_readers_and_open_to_staff(app, client, publish, person):
    number = publish(access=Access.CLOSED)
    path = f"/works/{number}/Макала № 1.pdf"
    assert client.get(path).status_code == 403
    assert client.get(path, headers={"Range": "bytes=0-9"}).status_code == 403
    assert client.head(path).status_code == 403
    page = client.get(f"/works/{number}").get_data(as_text=True)
    assert "citation_pdf_url" not in page
    staff = person(Role.CATALOGUER)
    assert sign_in(app, staff.email).get(path).data == DATA


def sign_in(app, email):
    client = app.test_client()
    page = client.get("/account/sign-in").get_data(as_text=True)
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)[1]
    client.post(
        "/account/sign-in",
        data={"csrf_token": token, "email": email, "password": "a long enough password"},
    )
    return client


def test_a_file_for_signed_in_readers_leads_strangers_to_sign_in(app, client, publish, person):
    number = publish(access=Access.REGISTERED)
    path = f"/works/{number}/Макала № 1.pdf"
    answer = client.get(path)
    assert answer.status_code == 302
    assert "/account/sign-in" in answer.headers["Location"]
    reader = person(Role.READER)
    assert sign_in(app, reader.email).get(path).data == DATA


def test_an_embargoed_file_says_until_when_and_opens_by_itself(client, publish):
    today = now().date()
    closed = publish(embargo_until=today)
    answer = client.get(f"/works/{closed}/Макала № 1.pdf?lang=en")
    assert answer.status_code == 403
    assert str(today.year) in answer.get_data(as_text=True)
    opened = publish(embargo_until=today - timedelta(days=1))
    assert client.get(f"/works/{opened}/Макала № 1.pdf").status_code == 200


def test_a_draft_is_nowhere(client, archive):
    with archive.writing() as session:
        number = catalogue.draft(session, DOCUMENT, actor=SYSTEM).id
    for path in ("", ".json", ".bib", ".ris", ".dc.xml", "/a.pdf"):
        assert client.get(f"/works/{number}{path}").status_code == 404
    for path in ("/", "/browse/author", "/browse/year", "/browse/subject", "/search?q=тил"):
        assert "Асанова" not in client.get(path).get_data(as_text=True)


def test_a_withdrawn_work_leaves_a_tombstone(client, archive, publish):
    number = publish()
    publishing.withdraw(archive, number, actor=SYSTEM, kind="error", reason="Ката менен.")
    answer = client.get(f"/works/{number}")
    assert answer.status_code == 410
    assert "Ката менен." in answer.get_data(as_text=True)
    assert client.get(f"/works/{number}/Макала № 1.pdf").status_code == 410
    assert client.get(f"/works/{number}.json").status_code == 404


def test_the_metadata_comes_in_four_formats(client, publish):
    number = publish()
    value = json.loads(client.get(f"/works/{number}.json").data)
    assert value["document"]["titles"][0]["text"] == "Тоо <b>жана</b> тил"
    assert b"@article{" in client.get(f"/works/{number}.bib").data
    assert b"TY  - JOUR\r\n" in client.get(f"/works/{number}.ris").data
    assert b"<dc:title>" in client.get(f"/works/{number}.dc.xml").data
    assert client.get(f"/works/{number}.exe").status_code == 404


@pytest.mark.parametrize("language", ["ky", "ru", "en"])
def test_pages_speak_the_readers_language_and_remember_it(client, publish, language):
    number = publish()
    page = client.get(f"/works/{number}?lang={language}").get_data(as_text=True)
    assert f'<html lang="{language}"' in page
    assert f'<html lang="{language}"' in client.get("/").get_data(as_text=True)
    for other in ("ky", "ru", "en"):
        assert f'hreflang="{other}"' in page


@pytest.mark.parametrize(
    "path", ["/works/999999", "/works/99999999999999999999", "/nothing", "/browse/colour"]
)
def test_what_is_not_there_has_a_page_that_says_so_with_a_number(client, path):
    answer = client.get(path)
    assert answer.status_code == 404
    assert answer.headers["X-Request-ID"] in answer.get_data(as_text=True)


def test_a_fault_of_ours_shows_no_trace(app, client):
    @app.get("/fault")
    def fault():
        raise RuntimeError("secret detail")

    fault.guard = "public"
    app.testing = False
    app.config["PROPAGATE_EXCEPTIONS"] = False
    answer = client.get("/fault")
    assert answer.status_code == 500
    assert "secret detail" not in answer.get_data(as_text=True)
    assert answer.headers["X-Request-ID"] in answer.get_data(as_text=True)
