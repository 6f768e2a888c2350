import os
import stat

import pytest

from repository import settings
from repository.errors import ConfigurationError


def load(tmp_path, **environment):
    return settings.load({"ARCHIVE_INSTANCE": str(tmp_path), **environment})


def test_everything_that_is_wrong_is_listed_at_once(tmp_path):
    with pytest.raises(ConfigurationError) as caught:
        load(tmp_path, ARCHIVE_BASE_URL="archive.example.org", ARCHIVE_OAI_PAGE="many")
    said = str(caught.value)
    assert "ARCHIVE_SECRET_KEY is missing" in said
    assert "ARCHIVE_BASE_URL must begin with http" in said
    assert "ARCHIVE_OAI_PAGE" in said


def test_there_is_no_default_secret_and_a_short_one_is_refused(tmp_path):
    with pytest.raises(ConfigurationError, match="at least 32"):
        load(tmp_path, ARCHIVE_SECRET_KEY="dev")


def test_the_file_is_made_once_with_a_secret_of_its_own_for_its_owner_only(tmp_path):
    path = tmp_path / settings.FILE
    assert settings.write_file(path)
    assert stat.S_IMODE(os.stat(path).st_mode) == 0o600
    before = path.read_bytes()
    assert not settings.write_file(path)
    assert path.read_bytes() == before
    assert len(load(tmp_path).secret_key) > 40


def test_the_environment_wins_over_the_file(tmp_path):
    settings.write_file(tmp_path / settings.FILE)
    with (tmp_path / settings.FILE).open("a") as file:
        file.write("ARCHIVE_NAME = From the file\nARCHIVE_LANGUAGE = ru\n")
    chosen = load(tmp_path, ARCHIVE_NAME="From the environment")
    assert (chosen.name, chosen.language) == ("From the environment", "ru")


@pytest.mark.parametrize(
    ("line", "says"),
    [("ARCHIVE_COLOUR = red", "ARCHIVE_COLOUR is no setting"), ("nonsense", "line 1")],
)
def test_a_line_that_is_not_understood_is_named(tmp_path, line, says):
    (tmp_path / settings.FILE).write_text(line + "\n")
    with pytest.raises(ConfigurationError, match=says):
        load(tmp_path, ARCHIVE_SECRET_KEY="k" * 40)


@pytest.mark.parametrize(
    ("given", "size"), [("1G", 2**30), ("512M", 512 * 2**20), ("100", 100), ("8k", 8192)]
)
def test_sizes_have_units(tmp_path, given, size):
    chosen = load(tmp_path, ARCHIVE_SECRET_KEY="k" * 40, ARCHIVE_UPLOAD_LIMIT=given)
    assert chosen.upload_limit == size


def test_paths_lie_in_the_instance_and_the_host_is_that_of_the_base_url(tmp_path):
    chosen = load(
        tmp_path, ARCHIVE_SECRET_KEY="k" * 40, ARCHIVE_BASE_URL="https://archive.example.org/"
    )
    assert chosen.database_url == f"sqlite:///{tmp_path}/archive.sqlite"
    assert chosen.base_url == "https://archive.example.org"
    assert chosen.oai_host == "archive.example.org"
    assert chosen.secure
