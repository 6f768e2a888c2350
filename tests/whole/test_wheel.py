"""The wheel holds what it must and nothing else, and runs without the checkout."""

import subprocess
import sys
import venv
from pathlib import Path
from zipfile import ZipFile

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from a copy so that nothing is written beside the sources."""
    folder = tmp_path_factory.mktemp("wheel")
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    copy = folder / "source"
    for name in filter(None, listed.stdout.decode().split("\0")):
        if (ROOT / name).is_file():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            (copy / name).write_bytes((ROOT / name).read_bytes())
    subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "--no-deps", "-q", "-w", str(folder), str(copy)],
        check=True,
        capture_output=True,
    )
    return next(folder.glob("*.whl"))


def test_the_top_level_is_exactly_our_six_names(wheel):
    names = {name.split("/")[0] for name in ZipFile(wheel).namelist()}
    names = {name.removesuffix(".py") for name in names if not name.endswith(".dist-info")}
    assert names == {"ingest", "oai", "repository", "schemas", "templates", "wsgi"}


def test_everything_that_is_not_python_is_in_it(wheel):
    held = set(ZipFile(wheel).namelist())
    for folder, patterns in {
        "templates": ["**/*.html", "**/*.txt"],
        "repository/static": ["**/*.*"],
        "repository/guides": ["**/*.md"],
        "repository/migrations": ["**/*.py", "*.mako"],
        "repository/translations": ["**/*.po", "**/*.mo"],
        "ingest/demonstration": ["**/*.jsonl", "**/*.pdf"],
    }.items():
        for pattern in patterns:
            for path in (ROOT / folder).glob(pattern):
                if "__pycache__" not in path.parts:
                    assert str(path.relative_to(ROOT)) in held


def test_it_runs_from_the_wheel_alone(wheel, tmp_path):
    """Installed beside this environment's libraries, away from the checkout."""
    place = tmp_path / "venv"
    venv.create(place, with_pip=False)
    site = next((place / "lib").glob("python*/site-packages"))
    # The libraries of this environment, without its editable installation of ourselves.
    own = next(Path(sys.executable).parents[1].glob("lib/python*/site-packages"))
    for path in own.iterdir():
        if "open_archive" not in path.name and not (site / path.name).exists():
            (site / path.name).symlink_to(path)
    ZipFile(wheel).extractall(site)
    run = subprocess.run(
        [place / "bin" / "python", "-m", "wsgi", "--instance", "instance", "init"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stderr
    page = (
        "import wsgi; client = wsgi.create_app().test_client(); answer = client.get('/');"
        "assert answer.status_code == 200, answer.status_code;"
        "assert client.get('/static/archive.css').status_code == 200;"
        "import repository; print(repository.__file__)"
    )
    run = subprocess.run(
        [place / "bin" / "python", "-c", page], cwd=tmp_path, capture_output=True, text=True
    )
    assert run.returncode == 0, run.stderr
    assert str(tmp_path) in run.stdout
