"""A client of an IRBIS64 server: registers, reads, searches, writes, and always signs off."""

import secrets
import socket
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

from ingest.irbis import protocol, refusals
from ingest.irbis.protocol import Answer, Cut
from ingest.irbis.records import Broken, Record
from repository.errors import ArchiveError, Busy, ConfigurationError, Conflict, NotFound
from schemas.messages import Message

PORT = 6666
WAIT = 30.0  # seconds for an answer
TRIES = 4
PORTION = 10_000  # hits that are asked for at a time; servers cap them near 32,000
LARGEST = 2**28  # bytes of an answer
ALIVE = 60.0  # seconds after which a registration is refreshed


@dataclass(frozen=True)
class Address:
    """Where a server is, and who signs on: irbis://user:password@host:6666/IBIS."""

    host: str
    port: int
    user: str
    password: str
    database: str

    @property
    def name(self) -> str:
        """The database among all: host/IBIS."""
        return f"{self.host}/{self.database}"


def address(url: str, database: str = "") -> Address:
    """The address in a setting. Raises ConfigurationError."""
    parts = urlsplit(url)
    try:
        port = parts.port or PORT
    except ValueError:
        port = 0
    if parts.scheme != "irbis" or not parts.hostname or not port:
        raise ConfigurationError(
            "ARCHIVE_IRBIS_URL has to look like irbis://user:password@host:6666/IBIS."
        )
    named = database or parts.path.strip("/") or "IBIS"
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    return Address(parts.hostname, port, user, password, named)


class Client:
    """A registered client; a context manager that signs off whatever happens."""

    def __init__(self, where: Address, *, wait: float = WAIT, pause: float = 0.5) -> None:
        self.where = where
        self.version = ""
        self._wait, self._pause = wait, pause
        self._client = self._number = 0
        self._refreshed = 0.0

    def __enter__(self) -> "Client":
        self._register()
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(ArchiveError):
            self._send(protocol.UNREGISTER, self.where.user, tries=1)

    def _register(self) -> None:
        """Signs on under a number that nobody else has."""
        for _try in range(TRIES):
            self._client = 100_000 + secrets.randbelow(900_000)
            self._number = 0
            found = self._send(protocol.REGISTER, self.where.user, self.where.password)
            if found.code not in refusals.TAKEN:
                self._expect(found)
                self.version = found.version
                self._refreshed = time.monotonic()
                return
        raise Busy("The server of IRBIS64 has no number free for us. Try again later.")

    def last(self) -> int:
        """The number that the next record of the database will get."""
        return self._ask(protocol.LAST, self.where.database).code

    def server_version(self) -> list[str]:
        """What the server says of itself."""
        return list(self._ask(protocol.VERSION).data)

    def deleted(self) -> set[int]:
        """The numbers of records that are deleted."""
        lines = self._ask(protocol.STATE, self.where.database).data
        found: set[int] = set()
        for line in lines[:2]:  # deleted logically, deleted physically
            found |= {int(one) for one in line.replace("\x1e", ",").split(",") if one.isdigit()}
        return found

    def read(self, mfn: int, *, lock: bool = False) -> Record:
        """A record; with `lock` nobody else may change it until it is written or unlocked."""
        found = self._ask(
            protocol.READ, self.where.database, str(mfn), "1" if lock else "0", states=True
        )
        if found.code in refusals.STATES and len(found.lines) < 3:
            raise refusals.error(found.code)
        return self._record(found, mfn)

    def _record(self, found: Answer, mfn: int) -> Record:
        place = f"{self.where.database}, MFN {mfn}"
        try:
            record = protocol.record(found.data, place=place)
        except Cut as error:
            said = "What the server of IRBIS64 sent is no record: %(why)s"
            raise refusals.Refused(said, why=str(error)) from error
        if record.mfn != mfn:
            raise refusals.Refused("The server of IRBIS64 sent another record than was asked for.")
        return record

    def records(self, *, first: int = 1) -> Iterator[Record | Broken]:
        """All records from a number on, deleted ones marked so; what cannot be read is named."""
        gone = self.deleted()
        for mfn in range(first, self.last()):
            place = f"{self.where.database}, MFN {mfn}"
            if mfn in gone:
                with suppress(ArchiveError):
                    yield self.read(mfn)
                continue
            try:
                yield self.read(mfn)
            except NotFound:
                continue
            except (refusals.Refused, Busy) as error:
                yield Broken(place, Message(error.sentence, **error.parameters))

    def search(self, expression: str) -> list[int]:
        """The numbers of the records that an expression of IRBIS finds, portion by portion."""
        found: list[int] = []
        while True:
            first = len(found) + 1
            asked = (self.where.database, expression, str(PORTION), str(first))
            answer = self._ask(protocol.SEARCH, *asked)
            lines = answer.data
            if not lines:
                return found
            total = int(lines[0]) if lines[0].strip().isdigit() else 0
            numbers = [one.partition("#")[0] for one in lines[1:]]
            portion = [int(one) for one in numbers if one.isdigit()]
            found += portion
            if not portion or len(found) >= total:
                return found

    def terms(self, start: str, count: int = 100) -> list[tuple[int, str]]:
        """Terms of the dictionary from `start` on, each with how many records have it."""
        answer = self._ask(protocol.TERMS, self.where.database, start, str(count), "", ends=True)
        pairs = (one.partition("#") for one in answer.data)
        return [(int(number), term) for number, _, term in pairs if number.strip().isdigit()]

    def write(self, record: Record) -> Record:
        """Writes a record, a new one when its number is 0, and gives it as it stands now. Raises
        Conflict when the server has a newer one."""
        found = self._ask(protocol.WRITE, self.where.database, "0", "1", protocol.written(record))
        if not any(one for one in found.data):
            return self.read(record.mfn or found.code - 1)
        try:
            return protocol.record(found.data)
        except Cut as error:
            raise Conflict(
                "The server of IRBIS64 did not say how the record stands now: %(why)s",
                why=str(error),
            ) from error

    def unlock(self, mfn: int) -> None:
        """Lets others change a record again."""
        self._ask(protocol.UNLOCK, self.where.database, str(mfn))

    def keep_alive(self) -> None:
        """Keeps the registration, when it is time for that."""
        if time.monotonic() - self._refreshed > ALIVE:
            self._ask(protocol.NOTHING)
            self._refreshed = time.monotonic()

    def _ask(
        self, command: str, *parameters: str, states: bool = False, ends: bool = False
    ) -> Answer:
        """An answer to a request of a registered client; signs on again when it was forgotten."""
        found = self._send(command, *parameters)
        if found.code in refusals.FORGOTTEN:
            self._register()
            found = self._send(command, *parameters)
        if states and found.code in refusals.STATES:
            return found
        if ends and found.code in (-202, -203, -204):
            return found
        self._expect(found)
        return found

    def _expect(self, found: Answer) -> None:
        if found.code < 0:
            raise refusals.error(found.code)

    def _send(self, command: str, *parameters: str, tries: int = TRIES) -> Answer:
        """The answer to a request; a broken line or a busy server is tried again, writing only
        where the line broke before anything was sent."""
        trouble: Exception | None = None
        for turn in range(tries):
            if turn:
                time.sleep(self._pause * 2 ** (turn - 1))
            try:
                found = protocol.answer(self._exchange(command, parameters))
                if found.code not in refusals.AGAIN or turn == tries - 1:
                    return found
            except (OSError, Cut) as error:
                trouble = error
                if command == protocol.WRITE and not isinstance(error, ConnectionRefusedError):
                    break  # it may have been written
        raise refusals.Refused(
            "The server of IRBIS64 at %(host)s cannot be reached, or does not answer whole: "
            "%(why)s",
            host=self.where.host,
            why=str(trouble or "-"),
        )

    def _exchange(self, command: str, parameters: Any) -> bytes:
        self._number += 1
        sent = protocol.request(
            command,
            parameters,
            client=self._client,
            number=self._number,
            user=self.where.user,
            password=self.where.password,
        )
        place = (self.where.host, self.where.port)
        deadline = time.monotonic() + self._wait
        with socket.create_connection(place, timeout=self._wait) as line:
            line.sendall(sent)
            received = bytearray()
            while piece := line.recv(2**16):
                received += piece
                if len(received) > LARGEST:
                    raise Cut("The answer has no end.")
                if time.monotonic() > deadline:
                    raise TimeoutError("The answer takes too long.")
            return bytes(received)
