"""What can go wrong, each with an HTTP status and a sentence that a reader can use."""


class ArchiveError(Exception):
    """Something that we can explain. `str(error)` is an English sentence, also a gettext msgid.

    Parameters of the sentence are given by keyword and filled in with %-formatting:
    `NoSuchWork("There is no work %(number)s.", number=7)`.
    """

    status = 400
    retry_after: int | None = None

    def __init__(self, sentence: str, **parameters: object) -> None:
        self.sentence = sentence
        self.parameters = parameters
        super().__init__(sentence % parameters if parameters else sentence)


class NotFound(ArchiveError):
    """There is nothing of that name, or nothing that this viewer may know of."""

    status = 404


class Gone(ArchiveError):
    """It was here and has been withdrawn."""

    status = 410


class Forbidden(ArchiveError):
    """The viewer may not do this."""

    status = 403


class SignInNeeded(ArchiveError):
    """The viewer might be allowed to do this after signing in."""

    status = 401


class NotAllowed(ArchiveError):
    """The life cycle of a work has no such step from where the work is."""

    status = 409


class Conflict(ArchiveError):
    """Someone else has changed the same thing in the meantime."""

    status = 409


class Invalid(ArchiveError):
    """The input does not pass the border. `errors` maps a field's path to its messages."""

    status = 422

    def __init__(self, sentence: str, errors: dict | None = None, **parameters: object) -> None:
        super().__init__(sentence, **parameters)
        self.errors = errors or {}


class TooLarge(ArchiveError):
    """More bytes than the archive accepts."""

    status = 413


class StorageFull(ArchiveError):
    """No room left on the disk; nothing was kept of what was being written."""

    status = 507


class Busy(ArchiveError):
    """The database is locked by a long write; the same request will succeed a little later."""

    status = 503
    retry_after = 5


class Damaged(ArchiveError):
    """Something that was kept does not match its checksum or cannot be read."""

    status = 500


class ConfigurationError(ArchiveError):
    """The settings do not hold together; the sentence lists everything that is wrong."""

    status = 500
