"""Words of the acquisitions desk: how works come, on what, with which papers, and how they go.

Labels are English and serve as gettext msgids.
"""

from collections.abc import Mapping
from enum import StrEnum


def _(label: str) -> str:
    """Marks a label for translation."""
    return label


class Way(StrEnum):
    """How something came to the library."""

    PURCHASE = "purchase"
    SUBSCRIPTION = "subscription"
    EXCHANGE = "exchange"
    GIFT = "gift"
    DEPOSIT = "deposit"
    OTHER = "other"


WAYS = {
    Way.PURCHASE: _("Purchase"),
    Way.SUBSCRIPTION: _("Subscription"),
    Way.EXCHANGE: _("Exchange"),
    Way.GIFT: _("Gift"),
    Way.DEPOSIT: _("Deposit by the author"),
    Way.OTHER: _("Another way"),
}


class Carrier(StrEnum):
    """What something came on."""

    PAPER = "paper"
    DISC = "disc"
    USB = "usb"
    NETWORK = "network"
    ACCESS = "access"


CARRIERS = {
    Carrier.PAPER: _("Paper"),
    Carrier.DISC: _("CD or DVD"),
    Carrier.USB: _("USB stick or disk"),
    Carrier.NETWORK: _("Electronic file"),
    Carrier.ACCESS: _("Access over the network"),
}


class SupplierKind(StrEnum):
    """Who something came from."""

    SHOP = "shop"
    PUBLISHER = "publisher"
    LIBRARY = "library"
    ORGANISATION = "organisation"
    PERSON = "person"


SUPPLIER_KINDS = {
    SupplierKind.SHOP: _("Bookshop or supplier"),
    SupplierKind.PUBLISHER: _("Publisher of books"),
    SupplierKind.LIBRARY: _("Library"),
    SupplierKind.ORGANISATION: _("Another organisation"),
    SupplierKind.PERSON: _("A person"),
}


class Standing(StrEnum):
    """Where an accession, or a removal, stands. Only what is booked has a number."""

    OPEN = "open"
    BOOKED = "booked"
    CANCELLED = "cancelled"


STANDINGS = {
    Standing.OPEN: _("Being entered"),
    Standing.BOOKED: _("Booked"),
    Standing.CANCELLED: _("Cancelled"),
}


class Paper(StrEnum):
    """A document that comes with a work."""

    AGREEMENT = "agreement"
    CONSENT = "consent"
    TRANSFER = "transfer"
    INVOICE = "invoice"
    OTHER = "other"


PAPERS = {
    Paper.AGREEMENT: _("Agreement with the author"),
    Paper.CONSENT: _("Consent of the holder of the rights"),
    Paper.TRANSFER: _("Transfer act"),
    Paper.INVOICE: _("Invoice"),
    Paper.OTHER: _("Another document"),
}


class Why(StrEnum):
    """Why copies leave the fund."""

    WORN = "worn"
    OUTDATED = "outdated"
    LOST = "lost"
    DEFECT = "defect"
    UNSUITED = "unsuited"
    HANDED_OVER = "handed-over"
    ENDED = "ended"
    OTHER = "other"


WHYS = {
    Why.WORN: _("Worn out"),
    Why.OUTDATED: _("Out of date"),
    Why.LOST: _("Lost"),
    Why.DEFECT: _("Damaged"),
    Why.UNSUITED: _("Not of the library's profile"),
    Why.HANDED_OVER: _("Handed over to another library"),
    Why.ENDED: _("The access has ended"),
    Why.OTHER: _("For another reason"),
}

# Columns of the summary book: what each one counts.
CARRIER_COLUMNS: Mapping[str, tuple[str, frozenset[str]]] = {
    "paper": (_("paper"), frozenset({Carrier.PAPER})),
    "discs": (_("discs, USB"), frozenset({Carrier.DISC, Carrier.USB})),
    "electronic": (_("electronic"), frozenset({Carrier.NETWORK, Carrier.ACCESS})),
}
KIND_COLUMNS: Mapping[str, tuple[str, frozenset[str]]] = {
    "books": (_("books"), frozenset({"monograph", "book-part", "proceedings"})),
    "textbooks": (_("textbooks"), frozenset({"textbook", "lecture"})),
    "periodicals": (
        _("periodicals, articles"),
        frozenset({"periodical", "periodical-issue", "article", "review-article"}),
    ),
    "theses": (
        _("theses"),
        frozenset({"doctoral-thesis", "master-thesis", "bachelor-thesis", "thesis-abstract"}),
    ),
    "others": (_("other kinds"), frozenset()),  # whatever none of these counts
}
LANGUAGE_COLUMNS: Mapping[str, tuple[str, frozenset[str]]] = {
    "ky": (_("Kyrgyz"), frozenset({"ky"})),
    "ru": (_("Russian"), frozenset({"ru"})),
    "others": (_("other languages"), frozenset()),
}

# Main classes of the UDC, by which the summary book says what the fund is about.
SUBJECTS = {
    "0": _("0 General"),
    "1": _("1 Philosophy, psychology"),
    "2": _("2 Religion"),
    "3": _("3 Social sciences, law, education"),
    "5": _("5 Mathematics, natural sciences"),
    "6": _("6 Medicine, technology, agriculture"),
    "7": _("7 Arts, sport"),
    "8": _("8 Language, literature"),
    "9": _("9 Geography, history"),
}

CURRENCIES = ("KGS", "USD", "EUR", "RUB", "KZT", "GBP", "CNY", "TRY")
