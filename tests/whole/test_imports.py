import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_rooms_know_only_whom_they_may_know():
    """The import contracts of setup.cfg, by import-linter."""
    linter = Path(sys.executable).with_name("lint-imports")
    run = subprocess.run([linter, "--no-cache"], cwd=ROOT, capture_output=True, text=True)
    assert run.returncode == 0, run.stdout + run.stderr
