"""A server of IRBIS64 for tests: it speaks the protocol over real sockets, keeps its database in a
file, and misbehaves when told to.
"""

import re
import socketserver
import threading
from dataclasses import replace
from urllib.parse import quote

from ingest.irbis import protocol, records
from ingest.irbis.protocol import LINES
from ingest.irbis.records import Status

PREFIXES = {
    "A": (700, "a"),
    "T": (200, "a"),
    "K": (610, ""),
    "I": (903, ""),
    "IN": (910, "b"),
    "V": (920, ""),
    "G": (210, "d"),
}
USER, PASSWORD = "каталогчу", "сыр сан"


class Base:
    """A database: records by number, kept in a file."""

    def __init__(self, path):
        self.path = path
        self.records = {}
        self.locked = set()
        if path.exists():
            for line in path.read_text("utf-8").splitlines():
                record = records.load(line)
                self.records[record.mfn] = record

    @property
    def next(self):
        return max(self.records, default=0) + 1

    def put(self, record):
        mfn = record.mfn or self.next
        before = self.records.get(mfn)
        version = before.version + 1 if before else 1
        kept = replace(record, mfn=mfn, version=version, status=record.status | Status.LAST)
        self.records[mfn] = kept
        self.path.write_text("\n".join(records.dump(one) for one in self.records.values()), "utf-8")
        return kept

    def find(self, expression):
        """Terms joined by + and *; "A=Асанов$" with truncation."""
        found = None
        for joint, term in re.findall(r'([+*^]?)\s*"([^"]*)"', expression):
            some = self._having(term)
            if found is None:
                found = some
            else:
                found = {"+": found | some, "*": found & some, "^": found - some}[joint]
        return sorted(found or ())

    def _having(self, term):
        prefix, _, wanted = term.partition("=")
        tag, code = PREFIXES[prefix]
        cut = wanted.endswith("$")
        wanted = wanted.rstrip("$").casefold()
        found = set()
        for mfn, record in self.records.items():
            for field in record.all(tag):
                value = (field.get(code) if code else field.value).casefold()
                if value == wanted or (cut and value.startswith(wanted)):
                    found.add(mfn)
        return found


class Handler(socketserver.BaseRequestHandler):
    def handle(self):
        server = self.server
        data = bytearray()
        while b"\n" not in data:
            piece = self.request.recv(4096)
            if not piece:
                return
            data += piece
        head, _, rest = bytes(data).partition(b"\n")
        while len(rest) < int(head):
            rest += self.request.recv(65536)
        lines = rest.split(b"\n")
        command = lines[0].decode()
        server.heard.append(command)
        parameters = [one.decode("utf-8", "replace") for one in lines[10:]]
        if command in ("A", "B"):
            parameters = [one.decode("cp1251", "replace") for one in lines[10:]]
        client = lines[3].decode()
        fault = server.faults.pop(0) if server.faults else None
        if fault == "hang up":
            return
        code, body = (
            (fault, []) if isinstance(fault, int) else server.answer(command, client, parameters)
        )
        said = self._bytes(command, client, lines[4].decode(), code, body)
        if fault == "cut":
            said = said[: len(said) // 2]
        if fault == "garbage":
            said = b"\xff\x00HTTP/1.1 400\r\n\r\n" * 3
        if fault == "half a record":
            said = self._bytes(command, client, "1", 0, ["7#0"])
        self.request.sendall(said)

    def _bytes(self, command, client, number, code, body):
        end = b"\n" if self.server.plain_ends else b"\r\n"
        data = [str(code).encode(), *(one.encode("utf-8") for one in body)]
        size = sum(len(one) + len(end) for one in data)
        versions = ["64.2014", "", "", "", "", ""]
        if self.server.version_last:
            versions.reverse()
        head = [command, client, number, str(size), *versions]
        return end.join([*(one.encode("cp1251") for one in head), *data]) + end


class Server(socketserver.ThreadingTCPServer):
    """`faults` are taken one a request: a return code, "cut", "hang up", "garbage"."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, folder):
        super().__init__(("127.0.0.1", 0), Handler)
        self.base = Base(folder / "ibis.jsonl")
        self.clients = set()
        self.heard = []
        self.faults = []
        self.plain_ends = self.version_last = False
        self.portion = 3
        self.lock = threading.Lock()

    @property
    def url(self):
        port = self.server_address[1]
        return f"irbis://{quote(USER)}:{quote(PASSWORD)}@127.0.0.1:{port}/IBIS"

    def answer(self, command, client, parameters):
        with self.lock:
            if command == protocol.REGISTER:
                return self._register(client, parameters)
            if client not in self.clients:
                return -3334, []
            return getattr(self, f"do_{command.lower()}", self._unknown)(client, *parameters)

    def _unknown(self, client, *parameters):
        return -2222, []

    def _register(self, client, parameters):
        if client in self.clients:
            return -3337, []
        if parameters[:2] != [USER, PASSWORD]:
            return -4444, []
        self.clients.add(client)
        return 0, ["30", "[MAIN]", "DBNNAMECAT=dbnam2.mnu"]

    def do_b(self, client, user):
        self.clients.discard(client)
        return 0, []

    def do_n(self, client):
        return 0, []

    def do_1(self, client):
        return 0, ["Тесттик китепкана", "64.2014.1", "1", "100"]

    def do_2(self, client, base):
        gone = [str(one.mfn) for one in self.base.records.values() if one.deleted]
        return 0, ["\x1e".join(gone), "", "", "\x1e".join(map(str, self.base.locked)), "0"]

    def do_o(self, client, base):
        return self.base.next, []

    def do_c(self, client, base, mfn, lock, *format):
        record = self.base.records.get(int(mfn))
        if record is None:
            return -140, []
        if int(mfn) in self.base.locked and lock == "1":
            return -602, []
        if lock == "1":
            self.base.locked.add(int(mfn))
        code = -603 if record.deleted else 0
        return code, protocol.written(record).split(LINES)

    def do_d(self, client, base, lock, actualise, text):
        record = protocol.record([text])
        if record.mfn in self.base.locked and lock == "1":
            return -602, []
        kept = self.base.put(record)
        self.base.locked.discard(record.mfn)
        return self.base.next, protocol.written(kept).split(LINES)

    def do_q(self, client, base, *mfns):
        self.base.locked -= {int(one) for one in mfns}
        return 0, []

    def do_k(self, client, base, expression, count, first, *rest):
        found = self.base.find(expression)
        start = int(first) - 1
        some = found[start : start + min(int(count) or self.portion, self.portion)]
        return 0, [str(len(found)), *(str(one) for one in some)]

    def do_h(self, client, base, start, count, *rest):
        terms = {}
        for prefix, (tag, code) in PREFIXES.items():
            for record in self.base.records.values():
                for field in record.all(tag):
                    value = field.get(code) if code else field.value
                    if value:
                        term = f"{prefix}={value}".upper()
                        terms[term] = terms.get(term, 0) + 1
        after = sorted(one for one in terms if one >= start.upper())[: int(count)]
        return (0 if after else -203), [f"{terms[one]}#{one}" for one in after]
