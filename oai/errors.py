"""The error conditions of OAI-PMH 2.0, section 3.6. They travel as HTTP 200."""

from repository.errors import ArchiveError


class ProtocolError(ArchiveError):
    """An answer of the protocol that is not a result. `code` is the protocol's word for it."""

    status = 200
    code = "badArgument"


class BadVerb(ProtocolError):
    """No verb, two of them, or none of the six."""

    code = "badVerb"


class BadArgument(ProtocolError):
    """An argument is missing, repeated, unknown, or has an illegal value."""

    code = "badArgument"


class BadResumptionToken(ProtocolError):
    """The token is not ours."""

    code = "badResumptionToken"


class CannotDisseminateFormat(ProtocolError):
    """The format is unknown, or this item has none such."""

    code = "cannotDisseminateFormat"


class IdDoesNotExist(ProtocolError):
    """No item of that identifier was ever public."""

    code = "idDoesNotExist"


class NoRecordsMatch(ProtocolError):
    """The list would be empty."""

    code = "noRecordsMatch"


class NoMetadataFormats(ProtocolError):
    """The item has no metadata any more."""

    code = "noMetadataFormats"


class NoSetHierarchy(ProtocolError):
    """The archive has no collections yet."""

    code = "noSetHierarchy"
