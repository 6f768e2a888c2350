"""What people typed into a plain form, checked field by field; what is wrong is kept by field."""

from collections.abc import Container, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation

from schemas import messages
from schemas.messages import Message, short
from schemas.text import line, paragraphs

LARGEST = Decimal(10) ** 12


class Answers:
    """The answers of one form. Each method gives a checked value, or notes what is wrong."""

    def __init__(self, given: Mapping[str, str]) -> None:
        self.given = given
        self.errors: dict[str, list[str]] = {}

    def wrong(self, name: str, message: str) -> None:
        """Notes that something is wrong with a field."""
        self.errors.setdefault(name, []).append(message)

    def text(self, name: str, *, needed: bool = False, limit: int = 300) -> str:
        """One line."""
        return self._fits(name, line(self.given.get(name, "")), needed, limit)

    def long(self, name: str, *, needed: bool = False, limit: int = 4000) -> str:
        """Some paragraphs."""
        return self._fits(name, paragraphs(self.given.get(name, "")), needed, limit)

    def _fits(self, name: str, text: str, needed: bool, limit: int) -> str:
        if needed and not text:
            self.wrong(name, messages.REQUIRED)
        if len(text) > limit:
            self.wrong(name, Message(messages.TOO_LONG, length=len(text), limit=limit))
        return text

    def day(self, name: str, *, needed: bool = False, latest: date | None = None) -> date | None:
        """A day."""
        text = self.text(name, needed=needed)
        if not text:
            return None
        try:
            found = date.fromisoformat(text)
        except ValueError:
            self.wrong(name, Message("“%(value)s” is not a day.", value=short(text)))
            return None
        if not 1900 <= found.year <= 2200 or (latest is not None and found > latest):
            self.wrong(name, Message("This day has not come yet, or is too long ago."))
        return found

    def whole(self, name: str, *, least: int, most: int, needed: bool = True) -> int | None:
        """A whole number within bounds."""
        text = self.text(name, needed=needed).replace(" ", "")
        if not text:
            return None
        digits = text.isascii() and text.isdigit() and len(text) <= 18
        if not (digits and least <= int(text) <= most):
            self.wrong(
                name,
                Message("Write a whole number from %(least)s to %(most)s.", least=least, most=most),
            )
            return None
        return int(text)

    def money(self, name: str) -> Decimal:
        """A sum, exact to the hundredth; nothing is zero."""
        text = self.text(name).replace(" ", "").replace(",", ".")
        try:
            found = Decimal(text or "0")
            if found.is_finite() and 0 <= found < LARGEST and found == round(found, 2):
                return round(found, 2)
        except InvalidOperation:
            pass
        self.wrong(name, Message("Write a sum such as 1250 or 1250.50."))
        return Decimal(0)

    def choice(self, name: str, choices: Container[str], *, needed: bool = True) -> str:
        """One of a list."""
        text = self.given.get(name, "")
        if not text and needed:
            self.wrong(name, messages.REQUIRED)
        if text and text not in choices:
            self.wrong(name, Message(messages.CHOICE, value=short(text)))
        return text
