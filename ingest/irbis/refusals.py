"""What the return codes of an IRBIS64 server mean, as errors that say what to do."""

from repository.errors import ArchiveError, Busy, Forbidden, NotFound

STATES = {-201: "absent", -600: "deleted", -602: "locked", -603: "deleted"}
TAKEN = (-3337, 3337)


class Refused(ArchiveError):
    """The server has answered that it does not do what was asked."""

    status = 502


# What return codes mean, and what to do about them.
SENTENCES: dict[int, tuple[type[ArchiveError], str]] = {
    -100: (NotFound, "The server of IRBIS64 has no record of that number."),
    -140: (NotFound, "The server of IRBIS64 has no record of that number."),
    -300: (Busy, "The database of IRBIS64 is locked by somebody. Try again later."),
    -400: (Refused, "The database of IRBIS64 cannot be opened. Check its name."),
    -401: (Refused, "The dictionary of the database of IRBIS64 cannot be opened."),
    -602: (Busy, "Somebody is working at this record in IRBIS64. Try again later."),
    -1111: (Refused, "The server of IRBIS64 could not carry this out."),
    -2222: (Refused, "The server speaks another version of the protocol."),
    -3333: (Forbidden, "The server of IRBIS64 does not know this client. Sign on again."),
    -3334: (Forbidden, "The server of IRBIS64 has forgotten this client. Sign on again."),
    -3335: (Forbidden, "The server of IRBIS64 has another client of this number."),
    -3336: (Forbidden, "This user of IRBIS64 may not work as a cataloguer. Ask its administrator."),
    -3338: (Forbidden, "This user of IRBIS64 may not do that. Ask its administrator."),
    -4444: (Forbidden, "The name or password for IRBIS64 is wrong. Check ARCHIVE_IRBIS_URL."),
    -5555: (NotFound, "The server of IRBIS64 does not find that file or database."),
    -6666: (Busy, "The server of IRBIS64 is overloaded. Try again later."),
    -7777: (Busy, "The server of IRBIS64 has stumbled. Try again later."),
}
AGAIN = (-6666, -7777)  # worth another try at once
FORGOTTEN = (-3333, -3334)


def error(code: int) -> ArchiveError:
    """The error that a negative return code stands for."""
    if code in STATES and code not in SENTENCES:
        return NotFound("The record is deleted in IRBIS64.")
    kind, sentence = SENTENCES.get(
        code, (Refused, "The server of IRBIS64 refused: return code %(code)s.")
    )
    return kind(sentence, code=code) if "%(code)s" in sentence else kind(sentence)
