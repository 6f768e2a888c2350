"""What an SRU server says when it cannot do what was asked: info:srw/diagnostic/1/…"""

from typing import Final

MESSAGES: Final = {
    1: "General system error",
    4: "Unsupported operation",
    5: "Unsupported version",
    6: "Unsupported parameter value",
    7: "Mandatory parameter not supplied",
    8: "Unsupported parameter",
    10: "Query syntax error",
    15: "Unsupported context set",
    16: "Unsupported index",
    19: "Unsupported relation",
    20: "Unsupported relation modifier",
    27: "Empty term unsupported",
    37: "Unsupported boolean operator",
    39: "Proximity not supported",
    46: "Unsupported boolean modifier",
    48: "Query feature unsupported",
    61: "First record position out of range",
    66: "Unknown schema for retrieval",
    71: "Unsupported record packing",
    80: "Sort not supported",
}


class Diagnostic(Exception):
    """One of the standard's diagnostics, with what it is about."""

    def __init__(self, number: int, details: str = "") -> None:
        self.number = number
        self.details = details
        super().__init__(f"{MESSAGES[number]}: {details}")
