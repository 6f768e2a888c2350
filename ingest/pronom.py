"""Which file format it is by its bytes: PRONOM, asked by siegfried in a process of its own.

The Go program inside pygfried hangs after a fork and ends its process when it panics; so it never
runs in ours.
"""

import json
import subprocess
import sys

from ingest.findings import Finding, NotNow, Subject
from repository.archive import Archive

STEP = "format"
SECONDS = 20
UNKNOWN = "unknown"
# The file must keep its name, whose ending is compared with the bytes; so a link bears it.
PROGRAM = """
import json, os, sys, tempfile
import pygfried
place, name = sys.argv[1:]
with tempfile.TemporaryDirectory() as folder:
    link = os.path.join(folder, "file" + os.path.splitext(name)[1][:12])
    os.symlink(place, link)
    said = pygfried.identify(link, detailed=True)
print(json.dumps(said))
"""


def look(archive: Archive, subject: Subject) -> Finding:
    """The PRONOM identifier ("fmt/276"), with the format's name, and how sure it is."""
    said = _ask(subject)
    tool = f"siegfried {said['siegfried']}, {said['identifiers'][0]['details']}"
    (file,) = said["files"]
    if not file["matches"]:
        raise NotNow(f"siegfried cannot read it: {file['errors']}")
    first = file["matches"][0]
    known = first["id"] != "UNKNOWN"
    detail = {
        key: first[key] for key in ("format", "version", "mime", "basis", "warning") if first[key]
    }
    if "extension mismatch" in first["warning"]:
        detail["mismatch"] = True
    return Finding(first["id"] if known else UNKNOWN, tool, detail)


def _ask(subject: Subject) -> dict:
    try:
        asked = subprocess.run(
            [sys.executable, "-c", PROGRAM, str(subject.place), subject.name],
            capture_output=True,
            timeout=SECONDS,
            check=True,
        )
        return json.loads(asked.stdout)
    except subprocess.TimeoutExpired as error:
        raise NotNow(f"not identified within {SECONDS} seconds") from error
    except (subprocess.CalledProcessError, ValueError) as error:
        said = getattr(error, "stderr", b"") or b""
        raise NotNow(f"siegfried failed: {said.decode(errors='replace')[-300:]}") from error
