"""Settings: environment variables `ARCHIVE_*` over the instance's one file, `archive.conf`.

The file has a line `ARCHIVE_NAME = value` for each setting; `#` begins a comment. Every setting is
in `SETTINGS`, with its default and what it is for; `docs/operators.md` repeats them for people and
a test compares the two.
"""

import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from ipaddress import ip_network
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from repository.errors import ConfigurationError
from schemas import vocabulary

FILE = "archive.conf"
CLAMD = Path("/run/clamav/clamd.ctl")  # where Debian's clamav-daemon listens


@dataclass(frozen=True)
class Settings:
    """All settings, checked. Folders are absolute; `base_url` has no slash at its end."""

    instance: Path
    base_url: str
    secret_key: str
    old_secret_keys: tuple[str, ...]
    database_url: str
    store_url: str
    index_url: str
    queue_url: str
    name: str
    language: str
    time_zone: str
    admin_email: str
    admin_password: str
    mail_url: str
    mail_from: str
    registration: str
    registration_domains: tuple[str, ...]
    upload_limit: int
    upload_days: int
    picture_cache: int
    reading_pages: int
    reading_log_days: int
    review_days: int
    search_budget: int
    country_database: str
    counter_registry: str
    copy_days: int
    ocr: str
    ocr_pages: int
    ocr_jobs: int
    virus_scanner: str
    unscanned: str
    campus_networks: tuple[str, ...]
    seat_idle: int
    trusted_proxies: int
    oai_identifier: str
    oai_page: int
    oai_cache: int
    metadata_licence: str
    oai_friends: tuple[str, ...]
    harvest_log_days: int
    fetch_networks: tuple[str, ...]
    inbox_folder: str
    irbis_url: str
    crossref_url: str
    datacite_url: str
    open_library_url: str
    log_level: str

    @property
    def host(self) -> str:
        """The host of the base URL."""
        return urlsplit(self.base_url).hostname or "localhost"

    @property
    def oai_host(self) -> str:
        """The repository's part of OAI identifiers, `oai:<oai_host>:<number>`."""
        return self.oai_identifier or self.host

    @property
    def secure(self) -> bool:
        """Whether readers come by https."""
        return self.base_url.startswith("https:")

    @property
    def scanner(self) -> str | None:
        """The address of the virus scanner, if there is one."""
        if self.virus_scanner == "auto":
            return f"unix:{CLAMD}" if CLAMD.exists() else None
        return None if self.virus_scanner == "none" else self.virus_scanner

    @property
    def holds_unscanned(self) -> bool:
        """Whether files wait until a scanner has called them clean."""
        return self.scanner is not None if self.unscanned == "auto" else self.unscanned == "hold"

    @property
    def staging(self) -> Path:
        """Where uploads wait, and where the store prepares its versions."""
        return self.instance / "staging"

    @property
    def uploads(self) -> Path:
        """Where files that come in pieces wait for the rest."""
        return self.instance / "uploads"

    @property
    def derived(self) -> Path:
        """What can be made again from the files: their text, pictures of their pages."""
        return self.instance / "derived"

    @property
    def inbox(self) -> Path:
        """Where staff put files that do not come over the network."""
        return Path(self.inbox_folder) if self.inbox_folder else self.instance / "inbox"

    @property
    def mail_folder(self) -> Path:
        """Where letters are written when there is no mail server."""
        return self.instance / "mail"


def _address(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("must begin with http:// or https:// and name a host")
    return text


def _url(text: str) -> str:
    return _address(text).rstrip("/")


def _url_or_none(text: str) -> str:
    return _url(text) if text else ""


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.replace(",", " ").split())


def _networks(text: str) -> tuple[str, ...]:
    try:
        return tuple(str(ip_network(one, strict=False)) for one in _words(text))
    except ValueError as error:
        raise ValueError("must be networks such as 10.1.0.0/16") from error


def _minutes(text: str) -> int:
    number = _whole(text)
    if not 1 <= number <= 600:
        raise ValueError("must be from 1 to 600 minutes")
    return number


def _addresses(text: str) -> tuple[str, ...]:
    return tuple(_address(one) for one in _words(text))


def _size(text: str) -> int:
    units = {"K": 2**10, "M": 2**20, "G": 2**30}
    factor = units.get(text[-1:].upper(), 1)
    number = text[:-1] if factor > 1 else text
    if not number.isdigit() or not int(number):
        raise ValueError("must be a size such as 512M or 2G")
    return int(number) * factor


def _whole(text: str) -> int:
    if not text.isdigit():
        raise ValueError("must be a whole number")
    return int(text)


def _count(text: str) -> int:
    if not _whole(text):
        raise ValueError("must be at least 1")
    return int(text)


def _page(text: str) -> int:
    if not 1 <= _whole(text) <= 1000:
        raise ValueError("must lie between 1 and 1000")
    return int(text)


def _zone(text: str) -> str:
    if text not in available_timezones():
        raise ValueError("must be a time zone such as Asia/Bishkek")
    return text


def _scanner(text: str) -> str:
    parts = urlsplit(text)
    socket = parts.scheme == "unix" and parts.path
    if (
        text not in ("auto", "none")
        and not socket
        and not (parts.scheme == "tcp" and parts.hostname)
    ):
        raise ValueError("must be auto, none, unix:/path or tcp://host:port")
    return text


def _choice(*choices: str) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if text not in choices:
            raise ValueError(f"must be one of {', '.join(choices)}")
        return text

    return parse


def _key(text: str) -> str:
    if len(text) < 32:
        raise ValueError("must have at least 32 characters; `open-archive init` makes one")
    return text


class Setting(NamedTuple):
    """A setting. `default` may name the instance folder as `{instance}`; None: it must be given."""

    name: str
    parse: Callable[[str], Any]
    default: str | None
    help: str


SETTINGS = (
    Setting("base_url", _url, "http://127.0.0.1:8080", "Where readers find the archive."),
    Setting("secret_key", _key, None, "Signs cookies and harvesters' tokens. Keep it secret."),
    Setting("old_secret_keys", _words, "", "Earlier secret keys whose tokens are still honoured."),
    Setting("database_url", str, "sqlite:///{instance}/archive.sqlite", "The database."),
    Setting("store_url", str, "file://{instance}/store", "The OCFL storage root of the files."),
    Setting("index_url", str, "whoosh://{instance}/index", "The search index."),
    Setting("queue_url", str, "sqlite://{instance}/queue.sqlite", "The queue of background work."),
    Setting("name", str, "Ачык архив", "The name on every page."),
    Setting("language", _choice(*vocabulary.INTERFACE), "ky", "The language of first resort."),
    Setting("time_zone", _zone, "Asia/Bishkek", "In which hours are written on pages."),
    Setting("admin_email", str, "admin@example.org", "Where harvesters and readers may write."),
    Setting("admin_password", str, "", "The first administrator's password, used by `init`."),
    Setting(
        "mail_url", str, "", "smtp://user:password@host:587; empty writes letters to a folder."
    ),
    Setting("mail_from", str, "", "Sender of letters; the administrator's address when empty."),
    Setting("registration", _choice("open", "closed"), "open", "Whether people may register."),
    Setting("registration_domains", _words, "", "Mail domains from which people may register."),
    Setting("upload_limit", _size, "1G", "The largest file that is accepted."),
    Setting("upload_days", _count, "7", "Days that an upload which broke off waits to go on."),
    Setting("picture_cache", _size, "2G", "What pictures of pages may take; the oldest go first."),
    Setting(
        "reading_pages",
        _count,
        "200",
        "Pages an hour that one reader may see of files that are for reading only.",
    ),
    Setting(
        "reading_log_days", _count, "90", "Days that it is remembered who read which such page."
    ),
    Setting("copy_days", _count, "14", "Days that the link to a copy which was given is good for."),
    Setting(
        "review_days", _whole, "7", "Days until a work under review is called to mind; 0: never."
    ),
    Setting(
        "search_budget",
        _whole,
        "120",
        "Filtered search pages a minute for each network of strangers; 0: no bound.",
    ),
    Setting(
        "country_database",
        str,
        "registries",
        "Countries of readers: registries (comes along), none, or the path of an MMDB file.",
    ),
    Setting(
        "counter_registry", str, "", "The archive's own page in COUNTER's registry, if it has one."
    ),
    Setting("ocr", _choice("auto", "off"), "auto", "Reading scans; auto where Tesseract is there."),
    Setting("ocr_pages", _count, "2000", "The most scanned pages of one file that are read."),
    Setting("ocr_jobs", _count, "1", "How many pages are read side by side."),
    Setting(
        "virus_scanner",
        _scanner,
        "auto",
        "clamd: unix:/path or tcp://host:port; none; auto finds Debian's.",
    ),
    Setting(
        "unscanned",
        _choice("auto", "hold", "allow"),
        "auto",
        "Files not checked for viruses: hold, or allow with a mark; auto holds if clamd is there.",
    ),
    Setting("campus_networks", _networks, "", "Networks of the reading rooms, as 10.0.0.0/8."),
    Setting("seat_idle", _minutes, "15", "Minutes without a page after which a seat closes."),
    Setting("trusted_proxies", _whole, "0", "How many proxies of ours stand before the server."),
    Setting("oai_identifier", str, "", "The middle of OAI identifiers; the host when empty."),
    Setting(
        "metadata_licence",
        _address,
        "https://creativecommons.org/publicdomain/zero/1.0/",
        "The terms on which the descriptions of works may be used.",
    ),
    Setting("oai_friends", _addresses, "", "Base URLs of repositories that harvesters may like."),
    Setting("oai_page", _page, "250", "Records in one answer to a harvester."),
    Setting("oai_cache", _size, "256M", "Memory for pages of records that harvesters have taken."),
    Setting("harvest_log_days", _whole, "730", "Days that harvests are remembered; 0 notes none."),
    Setting(
        "fetch_networks", _networks, "", "Networks of ours from which may be harvested, any port."
    ),
    Setting(
        "inbox_folder", str, "", "Where staff put files of CDs and USB sticks; empty: `inbox/`."
    ),
    Setting("irbis_url", str, "", "irbis://user:password@host:6666/IBIS, a server of IRBIS64."),
    Setting(
        "crossref_url",
        _url_or_none,
        "https://api.crossref.org",
        "Who is asked for a DOI; or empty.",
    ),
    Setting(
        "datacite_url", _url_or_none, "https://api.datacite.org", "Who is asked next; or empty."
    ),
    Setting(
        "open_library_url",
        _url_or_none,
        "https://openlibrary.org",
        "Who is asked for an ISBN; or empty.",
    ),
    Setting("log_level", _choice("debug", "info", "warning", "error"), "info", "What is logged."),
)


def load(environment: Mapping[str, str] = os.environ, **given: str) -> Settings:
    """The settings of the instance that `ARCHIVE_INSTANCE` names (`instance` where we stand).

    `given` (by setting name) wins over the environment, which wins over the file. Raises
    ConfigurationError with one sentence for each thing that is missing or wrong.
    """
    instance = Path(given.pop("instance", environment.get("ARCHIVE_INSTANCE", "instance")))
    instance = instance.absolute()
    values = {**read_file(instance / FILE), **_of(environment), **given}
    parsed: dict[str, Any] = {}
    problems = []
    for setting in SETTINGS:
        text = values.pop(setting.name, setting.default)
        if text is None:
            problems.append(f"ARCHIVE_{setting.name.upper()} is missing. {setting.help}")
            continue
        try:
            parsed[setting.name] = setting.parse(text.replace("{instance}", str(instance)))
        except ValueError as error:
            problems.append(f"ARCHIVE_{setting.name.upper()} {error}.")
    problems += [f"ARCHIVE_{name.upper()} is no setting of ours." for name in sorted(values)]
    if problems:
        raise ConfigurationError("The settings need attention:\n" + "\n".join(problems))
    return Settings(instance=instance, **parsed)


def _of(environment: Mapping[str, str]) -> dict[str, str]:
    names = {setting.name for setting in SETTINGS}
    found = {key.removeprefix("ARCHIVE_").lower(): value for key, value in environment.items()}
    return {name: value for name, value in found.items() if name in names}


def read_file(path: Path) -> dict[str, str]:
    """The settings in a file, by name; empty when there is no file."""
    if not path.exists():
        return {}
    values = {}
    for place, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        key, equals, value = line.partition("=")
        if not equals or not key.strip().startswith("ARCHIVE_"):
            raise ConfigurationError(f"{path.name}, line {place}: expected ARCHIVE_NAME = value.")
        values[key.strip().removeprefix("ARCHIVE_").lower()] = value.strip()
    return values


def write_file(path: Path) -> bool:
    """Makes the instance's file with a fresh secret key, readable by its owner only.

    False when the file was there already; it is never changed.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return False
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write("# Settings of this archive; docs/operators.md explains each.\n")
        file.write(f"ARCHIVE_SECRET_KEY = {secrets.token_urlsafe(48)}\n")
        for setting in SETTINGS:
            if setting.default is not None:
                file.write(f"\n# {setting.help}\n# ARCHIVE_{setting.name.upper()}")
                file.write(f" = {setting.default}\n")
    return True
