"""The country that an address belongs to, looked up here and nowhere else."""

import ipaddress
from collections.abc import Callable

import iptocc
import maxminddb

from repository.errors import ConfigurationError

REGISTRIES = "registries"
NONE = "none"
Lookup = Callable[[str], str]


def opened(source: str) -> Lookup:
    """A look-up that gives two letters, or nothing where it is not known.

    `source`: `registries` for what the five registries of addresses publish, which comes with
    iptocc; `none`; or the path of a database in MaxMind's format.
    """
    if source == NONE:
        return lambda address: ""
    if source == REGISTRIES:
        return _registered
    try:
        reader = maxminddb.open_database(source, maxminddb.MODE_MEMORY)
    except (OSError, ValueError, maxminddb.InvalidDatabaseError) as error:
        raise ConfigurationError(
            "ARCHIVE_COUNTRY_DATABASE is no database of countries: %(path)s.", path=source
        ) from error
    return lambda address: _found(reader, address)


def _registered(address: str) -> str:
    return iptocc.country_code(_bare(address)) or ""


def _found(reader: maxminddb.Reader, address: str) -> str:
    try:
        record = reader.get(_bare(address))
    except ValueError:  # no address, or one of IPv6 where the database has none
        return ""
    said = record.get("country") if isinstance(record, dict) else None
    code = said.get("iso_code") if isinstance(said, dict) else None
    return str(code or "")[:2]


def _bare(address: str) -> str:
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    return str(getattr(found, "ipv4_mapped", None) or found)
