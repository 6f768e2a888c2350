"""What keeps a harvest from going on, for a while or for good."""

from datetime import timedelta

from repository.errors import ArchiveError


class Trouble(ArchiveError):
    """No answer that can be used.

    `again` says whether there may be one later, `wait` how long we were asked to stay away.
    """

    status = 502

    def __init__(
        self,
        sentence: str,
        *,
        again: bool = True,
        wait: timedelta | None = None,
        **parameters: object,
    ) -> None:
        super().__init__(sentence, **parameters)
        self.again = again
        self.wait = wait


class Answered(Exception):
    """The repository answered with an error of the protocol."""

    def __init__(self, code: str, says: str) -> None:
        self.code = code
        super().__init__(f"{code}: {says}" if says else code)
