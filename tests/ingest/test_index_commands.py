"""`open-archive index`: what is lost of derived data is made again."""

import shutil

from click.testing import CliRunner

import wsgi
from repository import archive as opening
from repository import settings
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
