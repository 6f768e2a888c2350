"""What the COUNTER API says when something is not as asked (Code of Practice, Appendix D)."""

from typing import Any, NamedTuple


class Exceptional(NamedTuple):
    """An exception of the standard, in its words. `data` says what it is about here."""

    code: int
    message: str
    status: int
    data: str = ""

    def about(self, data: str) -> "Exceptional":
        """The same, of this."""
        return self._replace(data=data)

    def as_json(self) -> dict[str, Any]:
        """As the API gives it."""
        said: dict[str, Any] = {"Code": self.code, "Message": self.message}
        return {**said, "Data": self.data} if self.data else said

    def __str__(self) -> str:
        return f"{self.code}: {self.message}" + (f" ({self.data})" if self.data else "")


INSUFFICIENT = Exceptional(1030, "Insufficient Information to Process Request", 400)
NOT_YOURS = Exceptional(2010, "Requestor is Not Authorized to Access Usage for Institution", 403)
BAD_DATES = Exceptional(3020, "Invalid Date Arguments", 400)
NO_USAGE = Exceptional(3030, "No Usage Available for Requested Dates", 200)
NOT_READY = Exceptional(3031, "Usage Not Ready for Requested Dates", 200)
NO_LONGER = Exceptional(3032, "Usage No Longer Available for Requested Dates", 200)
UNKNOWN_PARAMETER = Exceptional(3050, "Parameter Not Recognized in this Context", 200)
BAD_FILTER = Exceptional(3060, "Invalid ReportFilter Value", 200)
BAD_ATTRIBUTE = Exceptional(3062, "Invalid ReportAttribute Value", 200)
NO_COMPONENTS = Exceptional(3063, "Components Not Supported", 200)


class Refused(Exception):
    """The request cannot be answered with a report."""

    def __init__(self, why: Exceptional) -> None:
        super().__init__(str(why))
        self.why = why
