"""What a depositor agrees to: a text in three languages, kept word for word with the work."""

from importlib import resources
from typing import Any, NamedTuple

from repository.clock import now
from schemas import vocabulary

# A new text gets a new number; the old files stay, so that what was agreed can be shown again.
VERSION = "1"


class Agreement(NamedTuple):
    """The text that is in force, in one language."""

    version: str
    language: str
    text: str

    @property
    def heading(self) -> str:
        """Its first line."""
        return self.text.partition("\n")[0]

    @property
    def body(self) -> str:
        """All but its first line."""
        return self.text.partition("\n")[2].strip()


def current(language: str, *, archive_name: str) -> Agreement:
    """The agreement in `language` (in English where there is no such text)."""
    known = language if language in vocabulary.INTERFACE else "en"
    source = resources.files("templates") / "deposit" / "agreement" / f"{VERSION}.{known}.txt"
    text = source.read_text("utf-8").strip().replace("{archive}", archive_name)
    return Agreement(VERSION, known, text)


def signed(agreement: Agreement) -> dict[str, Any]:
    """What is kept with the work: the text, its language and version, and the moment."""
    return {
        "version": agreement.version,
        "language": agreement.language,
        "text": agreement.text,
        "moment": now().isoformat(),
    }


def holds(kept: dict[str, Any] | None) -> bool:
    """Whether somebody has already agreed to the text that is in force."""
    return bool(kept) and (kept or {}).get("version") == VERSION
