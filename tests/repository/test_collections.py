"""The tree of collections: making, naming and moving them."""

import pytest
from click.testing import CliRunner

import wsgi
from repository import changes, collections, settings
from repository.errors import Conflict, Invalid, NotFound
from repository.models.works import Work
from schemas.vocabulary import State


@pytest.fixture
def tree(any_archive):
    """letters > folklore > epics, with a work in the last; science beside."""
    with any_archive.writing() as session:
        letters = collections.add(session, "letters")
        folklore = collections.add(session, "folklore", parent=letters)
        epics = collections.add(session, "epics", parent=folklore)
        collections.add(session, "science")
        work = Work(document={}, state=State.PUBLISHED, version=1, collections=[epics, folklore])
        session.add(work)
    return any_archive


def specs(archive):
    with archive.reading() as session:
        return [one.spec for one in collections.everything(session)]


def waiting(archive):
    with archive.reading() as session:
        return changes.waiting(session)


def test_whoever_moves_a_collection_changes_all_works_below_it_once(tree):
    with tree.writing() as session:
        assert collections.move(session, "folklore", "science") == 1
    assert specs(tree) == ["letters", "science", "science:folklore", "science:folklore:epics"]
    assert waiting(tree) == {"oai": 1, "index": 1}


def test_a_collection_moves_to_the_top(tree):
    with tree.writing() as session:
        collections.move(session, "folklore", None)
    assert specs(tree) == ["folklore", "folklore:epics", "letters", "science"]


@pytest.mark.parametrize("below", ["letters", "folklore", "epics"])
def test_no_collection_stands_under_itself(tree, below):
    with pytest.raises(Conflict, match="stands under it"), tree.writing() as session:
        collections.move(session, "letters", below)
    assert waiting(tree) == {}


def test_whoever_renames_a_collection_changes_its_works(tree):
    with tree.writing() as session:
        assert collections.rename(session, "letters", "literature") == 1
        assert collections.rename(session, "science", "science") == 0
    assert specs(tree)[0] == "literature"
    assert waiting(tree) == {"oai": 1, "index": 1}


@pytest.mark.parametrize(
    ("new", "error"), [("science", Conflict), ("a:b", Invalid), ("openaire", Invalid)]
)
def test_no_collection_takes_a_name_that_is_taken_or_impossible(tree, new, error):
    with pytest.raises(error), tree.writing() as session:
        collections.rename(session, "letters", new)


def test_what_is_not_there_cannot_be_moved(tree):
    for slug, parent in (("nothing", None), ("letters", "nothing")):
        with pytest.raises(NotFound), tree.writing() as session:
            collections.move(session, slug, parent)


@pytest.fixture
def run(archive):
    """Runs `open-archive collection ...` in the archive's instance: exit code and output."""
    settings.write_file(archive.settings.instance / settings.FILE)

    def collection(*words):
        given = ["--instance", str(archive.settings.instance), "collection", *words]
        result = CliRunner().invoke(wsgi.cli, given)
        return result.exit_code, result.output

    return collection


def test_an_operator_makes_names_moves_and_lists_collections(run):
    for words in (
        ("add", "letters", "--name", "ky", "Адабият", "--says", "ky", "Китептер"),
        ("add", "folklore", "--under", "letters"),
        ("name", "folklore", "--name", "ky", "Фольклор"),
        ("move", "folklore"),
        ("rename", "letters", "literature"),
    ):
        code, said = run(*words)
        assert code == 0, said
    code, said = run("list")
    assert said.splitlines() == ["folklore\ten: folklore, ky: Фольклор", "literature\tky: Адабият"]


def test_what_cannot_be_done_is_said_in_a_sentence(run):
    run("add", "letters")
    code, said = run("move", "letters", "--under", "letters")
    assert code == 1
    assert said == "Error: “letters” cannot stand under “letters”, which stands under it.\n"
