"""The process that opens documents, with little memory, little time, and nothing to lose.

`python -m ingest.documents.child FORMAT FILE SECONDS` writes one JSON object a line, each a page,
so that what was found before a crash is not lost.
"""

import importlib
import json
import sys
from pathlib import Path

from ingest import limited
from ingest.documents import packed
from repository.errors import TooLarge


def main(format: str, path: str, seconds: str) -> None:
    """Reads one document; its pages go to standard output."""
    limited.limit(int(seconds))
    reader = importlib.import_module(f"ingest.documents.{format}")
    try:
        for text in reader.pages(Path(path)):
            _say({"text": text})
    except packed.Locked:
        _say({"error": "locked"})
    except (TooLarge, MemoryError):
        _say({"error": "large"})
    except Exception as error:  # whatever goes wrong here is damage in the file
        _say({"error": "broken", "says": f"{type(error).__name__}: {error}"[:300]})


def _say(what: dict[str, str]) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
