"""What we promise in the guides is what there is, and the other way round."""

import re
from pathlib import Path

import click
import pytest

import wsgi
from repository.settings import SETTINGS
from schemas import vocabulary
from schemas.work import WorkSchema

DOCS = Path(__file__).parents[2] / "docs"


def test_every_setting_is_in_the_operators_guide_with_its_default():
    guide = (DOCS / "operators.md").read_text("utf-8")
    rows = dict(
        re.findall(r"^\| `ARCHIVE_(\w+)` \| (?:`([^`]*)`|–|\*\*must be given\*\*) \|", guide, re.M)
    )
    assert set(rows) == {setting.name.upper() for setting in SETTINGS} | {"INSTANCE"}
    for setting in SETTINGS:
        assert rows[setting.name.upper()] == (setting.default or ""), setting.name


def test_every_element_of_the_profile_is_explained():
    guide = (DOCS / "metadata.md").read_text("utf-8")
    explained = re.findall(r"^\| `(\w+)` \| `dc", guide, re.M)
    assert explained == list(WorkSchema().fields)


def test_every_kind_of_work_is_explained():
    guide = (DOCS / "metadata.md").read_text("utf-8")
    for term in vocabulary.TYPES.values():
        assert f"| `{term.key}` | `{term.uri.rsplit('/', 1)[1]}` {term.label} |" in guide


def commands(group, path=()):
    for name, command in group.commands.items():
        yield (*path, name), command
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))


@pytest.mark.parametrize(
    ("path", "command"),
    list(commands(wsgi.cli)),
    ids=lambda one: " ".join(one) if isinstance(one, tuple) else "",
)
def test_every_command_teaches_and_is_in_the_operators_guide(path, command):
    assert command.help and len(command.help) > 20
    guide = (DOCS / "operators.md").read_text("utf-8") + (DOCS / "importing.md").read_text("utf-8")
    assert f"open-archive {path[0]}" in guide


@pytest.mark.parametrize("page", sorted(DOCS.glob("*.md")), ids=lambda page: page.name)
def test_links_between_guides_lead_somewhere(page):
    for target in re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text("utf-8")):
        assert (page.parent / target).exists(), target
