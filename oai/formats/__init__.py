"""Metadata formats: each a module with NAMESPACE, SCHEMA, VERSION and `render(record)`.

`render` gives an lxml element, or None when the format does not apply to the work. Raise VERSION
when its output changes, and run `open-archive oai rebuild`. A module may have `minimal(record)`,
which is served where `render` fails. A SCHEMA without a host ("static/rusmarc.xsd") is a file of
the archive itself. Entry points of the group `open_archive.formats` name them; the entry point's
name is the metadataPrefix.
"""

import hashlib
from collections.abc import Callable, Mapping
from typing import Protocol

from lxml import etree

from repository import plugins
from repository.records import Record

GROUP = "open_archive.formats"


class Format(Protocol):
    """What a format's module has."""

    NAMESPACE: str
    SCHEMA: str
    VERSION: int
    render: Callable[[Record], etree._Element | None]


def known() -> Mapping[str, Format]:
    """The installed formats by their metadataPrefix, oai_dc first."""
    found = plugins.load(GROUP, needs=("NAMESPACE", "SCHEMA", "VERSION", "render"))
    return dict(sorted(found.items(), key=lambda item: (item[0] != "oai_dc", item[0])))


def signature(formats: Mapping[str, Format]) -> str:
    """A short name for these formats in these versions."""
    said = ",".join(f"{prefix} {one.VERSION}" for prefix, one in sorted(formats.items()))
    return hashlib.blake2b(said.encode(), digest_size=8).hexdigest()
