"""Identifiers of items: `oai:<host>:<number of the work>`."""

import re

# guidelines-oai-identifier, and the schema of its description.
_HOST = re.compile(r"[a-zA-Z][a-zA-Z0-9\-]*(?:\.[a-zA-Z][a-zA-Z0-9\-]*)+")
_NUMBER = re.compile(r"[1-9][0-9]{0,8}")


def make(host: str, number: int) -> str:
    """The identifier of a work."""
    return f"oai:{host}:{number}"


def number(host: str, identifier: str) -> int | None:
    """The number of the work; None when the identifier is not one of ours."""
    local = identifier.removeprefix(f"oai:{host}:")
    return int(local) if local != identifier and _NUMBER.fullmatch(local) else None


def is_domain(host: str) -> bool:
    """Whether identifiers with this host follow the oai-identifier scheme."""
    return _HOST.fullmatch(host) is not None
