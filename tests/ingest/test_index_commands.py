"""`open-archive index`: what is lost of derived data is made again."""

import shutil

from click.testing import CliRunner

import wsgi
from ingest import derive
from repository import archive as opening
from repository import indexing, settings
from schemas import search


def test_a_rebuild_reads_texts_that_were_lost_and_finds_them_again(samples, tmp_path):
    instance = tmp_path / "instance"
    shutil.copytree(samples, instance)
    shutil.rmtree(instance / "derived")
    shutil.rmtree(instance / "index")
    settings.write_file(instance / settings.FILE)
    run = CliRunner().invoke(wsgi.cli, ["--instance", str(instance), "index", "rebuild"])
    assert run.exit_code == 0, run.output
    assert "Indexed 14 works." in run.output
    with opening.opened(settings.load({}, instance=str(instance))) as archive:
        query, _ = search.read({"q": "жайлоо"})
        hits = archive.index.find(query)
    assert hits.total
    assert any(snippet.page for hit in hits.results for snippet in hit.snippets)
    assert (
        CliRunner().invoke(wsgi.cli, ["--instance", str(instance), "index", "status"]).exit_code
        == 0
    )


def test_the_worker_makes_a_lost_index_anew_and_pages_say_so_meanwhile(
    samples, tmp_path, monkeypatch
):
    instance = tmp_path / "instance"
    shutil.copytree(samples, instance)
    monkeypatch.setattr(indexing, "TWICE", 0.0)
    monkeypatch.setattr(indexing, "MANY", 5)
    chosen = settings.load({}, instance=str(instance), secret_key="k" * 40)
    app = wsgi.create_app(chosen)
    archive, client = app.extensions["archive"], app.test_client()
    assert indexing.heal(archive) == 0
    for file in (instance / "index").iterdir():
        if file.suffix == ".toc":
            file.unlink()
    broken = client.get("/search?q=жайлоо&lang=en")
    assert broken.status_code == 200
    assert "The search does not work at the moment" in broken.text
    assert indexing.heal(archive) == 14
    assert "some works are not found yet" in client.get("/search?q=жайлоо&lang=en").text
    while derive.follow(archive):
        pass
    assert "some works are not found yet" not in client.get("/search?q=жайлоо&lang=en").text
    assert "1 work found" in client.get("/search?q=жайлоо&lang=en").text
    assert indexing.heal(archive) == 0
    opening.close(archive)
