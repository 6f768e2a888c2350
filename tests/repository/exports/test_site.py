"""A mirror of the open works: what is in it, what is never in it, that its links lead somewhere."""

import json
import re
import shutil
import subprocess
from datetime import timedelta
from urllib.parse import unquote, urldefrag

import pytest
from click.testing import CliRunner
from lxml import html

import wsgi
from ingest import batch
from ingest.jobs import Job
from ingest.rows import Row, RowFile
from repository import archive as opening
from repository import progress, publishing, settings
from repository.clock import now
from repository.errors import Busy, Conflict, StorageFull
from repository.exports import jsonl, selecting, site
from repository.mirror import lists, target
from repository.models.works import Work
from repository.viewers import SYSTEM
from schemas.vocabulary import TYPES, Access, Copying, Scan, State

HERE = "https://archive.example.org"
LATER, EARLIER = now().date() + timedelta(days=400), now().date() - timedelta(days=400)
RESTRICTED = {
    "registered": {"access": Access.REGISTERED},
    "campus": {"access": Access.CAMPUS},
    "staff": {"access": Access.STAFF},
    "closed": {"access": Access.CLOSED},
    "embargoed": {"embargo_until": LATER},
    "lease over": {"lease_until": EARLIER},
    "view-only": {"copying": Copying.VIEW_ONLY},
}
SCANS = {"infected": Scan.INFECTED, "unscanned": Scan.UNSCANNED, "waiting": Scan.WAITING}
OPEN = {"open": {}, "embargo over": {"embargo_until": EARLIER}, "leased": {"lease_until": LATER}}
HIDDEN = ("draft", "withdrawn")
WORKS = (*OPEN, *RESTRICTED, *SCANS, *HIDDEN)


def word(kind, of):
    """A word that stands nowhere else, in the title or in the file of a work."""
    return f"канарейка{WORKS.index(kind)}{of}"


def document(kind):
    return {
        "type": TYPES["article"].uri,
        "titles": [{"text": f"Эмгек {word(kind, 'title')}", "language": "ky", "kind": "main"}],
        "creators": [{"kind": "person", "family": "Өмүрова", "given": "Ңаңа", "role": "aut"}],
        "abstracts": [{"text": "Кыскача <b>&", "language": "ky"}],
        "keywords": [{"text": "тоо", "language": "ky"}],
        "identifiers": [{"scheme": "doi", "value": f"10.1234/a<b>{WORKS.index(kind)}"}],
        "issued": "2024-05",
        "licence": "cc-by-4.0",
    }


def fill(archive, folder):
    """Brings in a work of every kind of access and state."""
    rows = []
    for kind in WORKS:
        path = folder / f"{WORKS.index(kind)}.txt"
        path.write_text(f"text {word(kind, 'text')}")
        given = {**RESTRICTED, **OPEN}.get(kind, {})
        file = RowFile(path, f"Файл #{WORKS.index(kind)} 100%.txt", **given)
        state = State.DRAFT if kind == "draft" else State.PUBLISHED
        more = {"files": (file,), "state": state, "collections": ("con", "index")}
        rows.append(Row(kind, kind, document(kind), **more))
    assert not batch.run(archive, rows, Job(source="test")).failed
    with archive.writing() as session:
        for number, kind in enumerate(WORKS, 1):
            work = session.get_one(Work, number)
            assert word(kind, "title") in work.title
            work.files[0].scan = SCANS.get(kind, Scan.CLEAN)
    publishing.withdraw(archive, len(WORKS), actor=SYSTEM, kind="other", reason="-")


def opened(instance, unscanned="hold"):
    return opening.opened(settings.load({}, instance=str(instance), secret_key="k" * 40,
                                        base_url=HERE, unscanned=unscanned))  # fmt: skip


@pytest.fixture(scope="module")
def kept(tmp_path_factory, template):
    """A folder with such an archive, `instance`, a mirror of it, `out`, and what is counted."""
    folder = tmp_path_factory.mktemp("kept")
    (folder / "instance").mkdir()
    (folder / "instance/archive.sqlite").write_bytes(template.read_bytes())
    with opened(folder / "instance", "allow") as archive:
        fill(archive, folder)
    with opened(folder / "instance") as archive:
        return folder, write(archive, folder / "out")


@pytest.fixture
def out(kept):
    """A mirror, which tests only read."""
    return kept[0] / "out"


@pytest.fixture
def filled(kept, tmp_path):
    """The archive, for a test of its own, and its mirror in `out` beside."""
    for name in ("instance", "out"):
        shutil.copytree(kept[0] / name, tmp_path / name)
    with opened(tmp_path / "instance") as archive:
        yield archive


def write(archive, folder, **options):
    return site.write(archive, folder, shown=progress.shown, **options)


def texts(folder):
    return {one.relative_to(folder).as_posix(): one.read_text("utf-8")
            for one in folder.rglob("*") if one.is_file()}  # fmt: skip


def test_nothing_that_is_not_open_is_in_any_byte_of_it(kept):
    folder, written = kept
    found = texts(folder / "out")
    whole = "".join(found.values())
    for kind in (*RESTRICTED, *SCANS, *HIDDEN):
        assert word(kind, "text") not in whole, kind
    for kind in HIDDEN:
        assert word(kind, "title") not in whole, kind
        assert f"works/{WORKS.index(kind) + 1}/index.html" not in found
    for kind in OPEN:
        number = WORKS.index(kind) + 1
        assert word(kind, "text") in found[f"works/{number}/files/Файл #{number - 1} 100%.txt"]
    assert (written.works, written.files) == (13, 3)
    assert (written.kept, written.unchecked, written.problems) == (10, 2, [])


def test_unchecked_files_go_out_where_the_library_lets_them_pass(kept, tmp_path):
    shutil.copytree(kept[0] / "instance", tmp_path / "instance")
    with opened(tmp_path / "instance", "allow") as archive:
        written = write(archive, tmp_path / "out")
    whole = "".join(texts(tmp_path / "out").values())
    assert (written.files, written.unchecked) == (4, 1)
    assert word("unscanned", "text") in whole
    assert word("infected", "text") not in whole and word("waiting", "text") not in whole


def test_what_stays_is_named_with_its_terms(out):
    said = {
        "registered": "readers who have signed in",
        "campus": "Read it in the library",
        "staff": "library's staff",
        "closed": "closed to readers",
        "embargoed": "It opens on",
        "lease over": "that time has passed",
        "view-only": "can be read here only",
        "unscanned": "not been checked for viruses",
        "infected": "closed to readers",
    }
    for kind, sentence in said.items():
        number = WORKS.index(kind) + 1
        page = html.parse(out / f"en/works/{number}/index.html").getroot()
        text = " ".join(page.text_content().split())
        assert "Kept in the archive." in text and sentence in text, kind
        assert f"Файл #{number - 1} 100%.txt" in text
        assert not page.xpath("//a[contains(@href, 'files/')]")


def test_every_link_is_relative_and_leads_to_a_file(out):
    folder = out.resolve()
    seen = 0
    for page in folder.rglob("*.html"):
        root = html.parse(page).getroot()
        for link in root.xpath("//@href | //@src | //@action"):
            if link.startswith("http"):
                assert link.startswith(HERE), (page, link)
                continue
            address, anchor = urldefrag(link)
            place = (page.parent / unquote(address)).resolve() if address else page
            assert place.is_file() and place.is_relative_to(folder), (page, link)
            if anchor:
                assert root.xpath("//*[@id = $it]", it=anchor), (page, link)
            seen += 1
    assert seen > 500
    style = (folder / "assets/style.css").read_text()
    assert all(one.startswith('"data:') for one in re.findall(r"url\(([^)]*)", style))


def test_every_page_can_be_reached_from_the_first_without_a_script(out):
    folder = out.resolve()
    waiting, seen = [folder / "index.html"], set()
    while waiting:
        page = waiting.pop()
        if page in seen:
            continue
        seen.add(page)
        for link in html.parse(page).getroot().xpath("//a/@href"):
            if not link.startswith("http") and link.partition("#")[0].endswith(".html"):
                waiting.append((page.parent / unquote(link.partition("#")[0])).resolve())
    doors = set(folder.glob("works/*/index.html"))
    assert set(folder.rglob("*.html")) - seen == doors


def test_work_pages_say_what_the_work_is_in_three_languages(out):
    for language, cite in (
        ("ky", "Кантип шилтеме"),
        ("ru", "Как ссылаться"),
        ("en", "How to cite"),
    ):
        page = (out / f"{language}/works/1/index.html").read_text("utf-8")
        assert f'<html lang="{language}">' in page
        for said in ("Өмүрова", "ГОСТ Р 7.0.100-2018", "APA 7", "CC BY 4.0", "10.1234/a&lt;b&gt;0",
                     "Кыскача &lt;b&gt;&amp;", f"{HERE}/works/1"):  # fmt: skip
            assert said in page, (language, said)
        assert re.search(r"\b[0-9a-f]{128}\b", page)
        assert cite[:10] in page or language == "ky"
    beside = {one.name for one in (out / "works/1").iterdir()}
    assert beside == {"csl.json", "files", "index.html", "mods.xml", "oai_dc.xml", "work.bib",
                      "work.ris"}  # fmt: skip


def test_the_manifest_holds_everything(out):
    folder = out.resolve()
    subprocess.run(
        ["sha512sum", "-c", "--strict", "--quiet", target.MANIFEST], cwd=folder, check=True
    )
    lines = (folder / target.MANIFEST).read_text("utf-8").splitlines()
    assert {line.partition("  ")[2] for line in lines} == set(texts(folder)) - {target.MANIFEST}


def test_a_second_run_writes_nothing(filled, tmp_path):
    folder = tmp_path / "out"
    before = {one: one.stat().st_mtime_ns for one in folder.rglob("*")}
    second = write(filled, folder)
    assert (second.written, second.removed) == (0, 0) and second.unchanged > 150
    assert {one: one.stat().st_mtime_ns for one in folder.rglob("*")} == before


def test_a_work_that_is_withdrawn_is_gone_after_the_next_run(filled, tmp_path):
    folder = tmp_path / "out"
    made = json.loads((folder / target.ABOUT).read_text())["made"]
    publishing.withdraw(filled, 1, actor=SYSTEM, kind="other", reason="-")
    again = write(filled, folder)
    assert again.removed and again.works == 12
    assert not list(folder.glob("works/1/**")) and not (folder / "en/works/1").exists()
    assert word("open", "title") not in "".join(texts(folder).values())
    assert json.loads((folder / target.ABOUT).read_text())["made"] > made
    assert (folder / "works/2/files").exists()


def test_a_file_that_is_closed_since_is_gone_after_the_next_run(filled, tmp_path):
    folder = tmp_path / "out"
    with filled.writing() as session:
        session.get_one(Work, 1).files[0].access = Access.STAFF
    assert write(filled, folder).files == 2
    assert word("open", "text") not in "".join(texts(folder).values())
    assert (folder / "en/works/1/index.html").exists()


def test_a_file_that_is_damaged_in_the_store_is_left_out_and_told(filled, tmp_path):
    with filled.reading() as session:
        work = session.get_one(Work, 1)
        place = jsonl.place(filled, work, work.current_files[0])
    place.chmod(0o644)
    place.write_text("other")
    written = write(filled, tmp_path / "new")
    assert len(written.problems) == 1 and "damaged" in written.problems[0]
    assert not (tmp_path / "new/works/1/files").exists()
    page = (tmp_path / "new/en/works/1/index.html").read_text("utf-8")
    assert "damaged when this copy was made" in page and "files/" not in page


def test_long_lists_go_over_several_pages(filled, tmp_path, monkeypatch):
    monkeypatch.setattr(lists, "PAGE", 5)
    write(filled, tmp_path / "new")
    titles = tmp_path / "new/ky/titles"
    assert {one.name for one in titles.iterdir()} == {"index.html", "042d.html", "042d~2.html",
                                                      "042d~3.html"}  # fmt: skip
    assert (tmp_path / "new/ky/collections/_con.html").exists()
    assert (tmp_path / "new/ky/collections/_index~3.html").exists()
    last = html.parse(titles / "042d~3.html").getroot()
    assert len(last.xpath("//ol[@class='results']/li")) == 3
    assert last.xpath("//a[@rel='prev']/@href") == ["../titles/042d~2.html"]


def test_letters_of_kyrgyz_stand_where_they_belong(archive, tmp_path):
    titles = ("Үйлөр", "Ара", "Өнөр", "Окуу", "Яблоко", "Zoo", "1916", "Ңа", "Утро", "Нур")
    rows = [
        Row(one, one, {"type": TYPES["article"].uri, "titles": [{"text": one, "kind": "main"}]},
            state=State.PUBLISHED)
        for one in titles
    ]  # fmt: skip
    assert not batch.run(archive, rows, Job(source="test")).failed
    write(archive, tmp_path / "out")
    page = html.parse(tmp_path / "out/ky/titles/index.html").getroot()
    assert page.xpath("//ul[@class='letters']/li/a/text()") == [
        "А", "Н", "Ң", "О", "Ө", "У", "Ү", "Я", "Z", "0–9"]  # fmt: skip


def test_pages_lead_to_their_neighbours_and_ends():
    assert lists.near(1, 3) == [1, 2, 3]
    assert lists.near(25, 50) == [1, 10, 20, 23, 24, 25, 26, 27, 30, 40, 50]


def test_two_runs_do_not_write_into_one_folder(filled, tmp_path):
    with site._opened(tmp_path / "new", filled.settings.base_url), pytest.raises(Busy):
        write(filled, tmp_path / "new")


def test_a_disk_that_is_too_small_is_told_before_anything_is_written(filled, tmp_path, monkeypatch):
    monkeypatch.setattr(site.shutil, "disk_usage", lambda path: type("D", (), {"free": 1000}))
    said = []
    with pytest.raises(StorageFull, match="This needs about"):
        write(filled, tmp_path / "new", say=said.append)
    assert said[0].startswith("Works: 13. Files: 3 (") and not list((tmp_path / "new").iterdir())


def test_a_file_in_place_of_the_folder_is_refused(filled, tmp_path):
    (tmp_path / "new").write_text("mine")
    with pytest.raises(Conflict, match="cannot be made"):
        write(filled, tmp_path / "new")
    assert (tmp_path / "new").read_text() == "mine"


def test_works_may_be_chosen(filled, tmp_path):
    none = selecting.Selection(type="monograph")
    assert write(filled, tmp_path / "new", wanted=none).works == 0
    assert (tmp_path / "new/ru/years/index.html").exists()


def test_the_command_says_sizes_and_what_it_did_and_teaches(filled, tmp_path, monkeypatch):
    monkeypatch.setenv("ARCHIVE_SECRET_KEY", "k" * 40)
    monkeypatch.setenv("ARCHIVE_BASE_URL", filled.settings.base_url)
    monkeypatch.setenv("ARCHIVE_UNSCANNED", "hold")
    at = ["--instance", str(filled.settings.instance)]
    run = CliRunner()
    said = run.invoke(wsgi.cli, [*at, "export", "site", str(tmp_path / "new"), "--since", "2024"])
    assert said.exit_code == 0, said.output
    assert "Works: 13. Files: 3 (" in said.output and "works: 13" in said.output
    assert "2 of the files that stay are open" in said.output
    again = run.invoke(wsgi.cli, [*at, "export", "site", str(tmp_path / "new")])
    assert "written: 0" in again.output and "removed: 0" in again.output
    (tmp_path / "full").mkdir()
    (tmp_path / "full/a.txt").write_text("mine")
    refused = run.invoke(wsgi.cli, [*at, "export", "site", str(tmp_path / "full")])
    assert refused.exit_code and "is not empty" in refused.output
    help = run.invoke(wsgi.cli, ["export", "--help"]).output
    assert "index.html" in help and "export site" in help
