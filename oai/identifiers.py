"""Identifiers of items: `oai:<host>:<number of the work>`, of foreign ones `…:harvested-<number>`.

A foreign record's number is below zero wherever numbers of works are meant.
"""

import re

# guidelines-oai-identifier, and the schema of its description.
_HOST = re.compile(r"[a-zA-Z][a-zA-Z0-9\-]*(?:\.[a-zA-Z][a-zA-Z0-9\-]*)+")
_NUMBER = re.compile(r"(harvested-)?([1-9][0-9]{0,8})")


def make(host: str, number: int) -> str:
    """The identifier of a work."""
    return f"oai:{host}:{number}" if number > 0 else f"oai:{host}:harvested-{-number}"


def number(host: str, identifier: str) -> int | None:
    """The number of the work; None when the identifier is not one of ours."""
    local = identifier.removeprefix(f"oai:{host}:")
    found = _NUMBER.fullmatch(local) if local != identifier else None
    if found is None:
        return None
    return -int(found[2]) if found[1] else int(found[2])


def is_domain(host: str) -> bool:
    """Whether identifiers with this host follow the oai-identifier scheme."""
    return _HOST.fullmatch(host) is not None
