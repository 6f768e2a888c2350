"""What the pages of imports say: states, counts, formats and their options."""

from collections.abc import Iterator
from types import ModuleType
from typing import Any

from flask_babel import gettext

from ingest import runs
from ingest.reports import Outcome
from repository.models.imports import Import, ImportState


def _(sentence: str) -> str:
    """Marks a sentence for translation."""
    return sentence


STATES = {
    ImportState.NEW: _("Brought"),
    ImportState.CHECKING: _("Being tried"),
    ImportState.CHECKED: _("Tried"),
    ImportState.RUNNING: _("Being taken in"),
    ImportState.DONE: _("Taken in"),
    ImportState.STOPPED: _("Stopped"),
    ImportState.UNDOING: _("Being taken back"),
    ImportState.UNDONE: _("Taken back"),
}
COUNTS = {
    Outcome.ADDED: _("Added"),
    Outcome.UPDATED: _("Brought in step with the source"),
    Outcome.KNOWN: _("Known from before"),
    Outcome.CHANGED: _("Changed here and at the source, left"),
    Outcome.GONE: _("Deleted at the source"),
    Outcome.DUPLICATE: _("There already, not added"),
    Outcome.FAILED: _("Not taken: something is wrong"),
    "discarded": _("Drafts discarded"),
    "withdrawn": _("Published works withdrawn"),
    "restored": _("Descriptions restored"),
    "kept": _("Changed since, kept"),
}
FORMATS = {
    "bagit": _("Bags (BagIt)"),
    "csv": _("Table (CSV)"),
    "datacite": _("DataCite (XML, JSON)"),
    "dspace-csv": _("DSpace, table (CSV)"),
    "dspace-saf": _("DSpace, Simple Archive Format"),
    "dublincore": _("Dublin Core (XML)"),
    "eprints": _("EPrints (XML)"),
    "irbis": _("IRBIS64, exchange file (text, ISO 2709)"),
    "irbis-db": _("IRBIS64, database (.mst with .xrf)"),
    "irbis-iso": _("IRBIS64 and RUSMARC, ISO 2709"),
    "jsonl": _("Another Open Archive (JSON lines)"),
    "oai": _("Records harvested by OAI-PMH"),
    "pdfs": _("PDFs alone"),
    "table": _("Table (CSV, XLSX), with files by name"),
}
NAMES = {
    "bibtex": "BibTeX",
    "crossref": "Crossref (XML)",
    "csl": "CSL-JSON",
    "invenio": "InvenioRDM, Zenodo (JSON)",
    "marc21": "MARC 21 (ISO 2709)",
    "marcxml": "MARCXML",
    "mods": "MODS",
    "ris": "RIS",
}
OPTIONS = {"encoding": _("Encoding"), "profile": _("Profile")}


def state(run: Import) -> str:
    """Where an import stands."""
    return gettext(STATES[ImportState(run.state)])


def counts(run: Import) -> list[tuple[str, int]]:
    """How many rows came to what."""
    return [
        (gettext(label), run.counts[name]) for name, label in COUNTS.items() if run.counts.get(name)
    ]


def formats() -> Iterator[tuple[str, str]]:
    """The formats that are installed, with what they are called."""
    for name in runs.importers():
        yield name, format_label(name)


def format_label(name: str) -> str:
    """What a format is called."""
    if name in FORMATS:
        label = FORMATS[name]
        return gettext(label)
    return NAMES.get(name, name)


def options(importer: ModuleType) -> list[dict[str, Any]]:
    """The options of a format, each with its label and its choices."""
    found = []
    for name, values in runs.options(importer).items():
        label = OPTIONS.get(name, name)
        found.append(
            {"name": name, "label": gettext(label), "choices": [(one, one) for one in values]}
        )
    return found


def option_label(name: str) -> str:
    """What an option of a format is called."""
    label = OPTIONS.get(name, name)
    return gettext(label)
