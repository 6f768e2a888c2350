"""Harvesters without a client's cost, and with one; and nginx as the server to be compared with."""

import gzip
import itertools
import multiprocessing
import os
import re
import socket
import subprocess
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from multiprocessing.synchronize import Barrier
from pathlib import Path
from urllib.parse import urlsplit

from lxml import etree
from sickle import Sickle

from benchmarks import processes

LIST = "verb=ListRecords&metadataPrefix=oai_dc"
OAI = "{http://www.openarchives.org/OAI/2.0/}"
NGINX = """
{user} daemon off; pid {folder}/pid; error_log {folder}/error.log; worker_processes 1;
events {{ worker_connections 256; }}
http {{
  access_log off; default_type text/xml; charset utf-8; charset_types text/xml;
  sendfile on; tcp_nopush on; gzip_static on; open_file_cache max=10000; keepalive_requests 1000000;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fcgi; uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  server {{
    listen 127.0.0.1:{port}; root {root};
    location = /oai {{ try_files /$arg_resumptionToken.xml =404; }}
  }}
}}
"""


@contextmanager
def nginx(root: Path, folder: Path) -> Iterator[str]:
    """nginx with the pages as files, also answering harvesters by their tokens; its address."""
    port = processes.free_port()
    configuration = folder / "nginx.conf"
    # Started by root, its worker would be somebody who may not read the folder.
    user = "user root;" if os.geteuid() == 0 else ""
    configuration.write_text(NGINX.format(user=user, folder=folder, port=port, root=root))
    process = subprocess.Popen(
        ["nginx", "-c", str(configuration), "-p", str(folder)], stderr=subprocess.DEVNULL
    )
    try:
        processes.wait_for(f"http://127.0.0.1:{port}/1.xml")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(10)


class Line:
    """A connection that is kept, without a client's own cost."""

    def __init__(self, url: str) -> None:
        self.host = urlsplit(url).netloc
        address = urlsplit(url)
        self.socket = socket.create_connection((str(address.hostname), int(address.port or 80)))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def __enter__(self) -> "Line":
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()

    def get(self, path: str, encoding: str = "identity") -> bytearray:
        """The body of an answer."""
        head = f"GET {path} HTTP/1.1\r\nHost: {self.host}\r\nAccept-Encoding: {encoding}\r\n\r\n"
        self.socket.sendall(head.encode())
        data = b""
        while (end := data.find(b"\r\n\r\n")) < 0:
            data += self.socket.recv(65536)
        headers = data[:end].lower()
        if not headers.startswith(b"http/1.1 200"):
            raise SystemExit(f"{path[:60]} answered {headers[:60]!r}.")
        if (encoding == "gzip") != (b"content-encoding: gzip" in headers):
            raise SystemExit(f"{path[:60]} was not sent as {encoding}.")
        length = int(re.findall(rb"content-length: (\d+)", headers)[0])
        body = bytearray(length)
        got = len(data) - end - 4
        body[:got] = data[end + 4 :]
        view = memoryview(body)
        while got < length:
            got += self.socket.recv_into(view[got:])
        return body


def walk(url: str, encoding: str = "identity") -> Iterator[tuple[str, bytes]]:
    """All pages of the list, by their tokens: the query, and the plain body."""
    query = LIST
    with Line(url) as line:
        while True:
            body = bytes(line.get(f"/oai?{query}", encoding))
            plain = gzip.decompress(body) if encoding == "gzip" else body
            yield query, plain
            found = re.search(rb"<resumptionToken [^>]*>([A-Za-z0-9_-]+)<", plain[-1000:])
            if not found:
                return
            query = f"verb=ListRecords&resumptionToken={found.group(1).decode()}"


class Files:
    """The pages of a list as nginx serves them; `queries` are what we are asked for them."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.queries: list[str] = []
        self.plain = self.packed = 0

    def fetch(self, url: str) -> None:
        """Saves every page both numbered and by its token, plain and packed."""
        self.root.mkdir(parents=True)
        for number, (query, body) in enumerate(walk(url), start=1):
            packed = gzip.compress(body, 6)
            for name, content in ((f"{number}.xml", body), (f"{number}.xml.gz", packed)):
                (self.root / name).write_bytes(content)
                token = query.rpartition("resumptionToken=")[2] if number > 1 else ""
                (self.root / name.replace(str(number), token, 1)).hardlink_to(self.root / name)
            self.queries.append(query)
            self.plain += len(body)
            self.packed += len(packed)

    @property
    def ours(self) -> list[str]:
        """What we are asked for."""
        return [f"/oai?{query}" for query in self.queries]

    @property
    def theirs(self) -> list[str]:
        """What nginx is asked for."""
        return [f"/{number}.xml" for number in range(1, len(self.queries) + 1)]


Job = Callable[[], None]


def timed(job: Job, harvesters: int = 1) -> float:
    """Seconds until so many harvesters, each a process, have done the job."""
    method = multiprocessing.get_context("fork")
    gate = method.Barrier(harvesters + 1)
    running = [method.Process(target=_harvester, args=(job, gate)) for _ in range(harvesters)]
    for one in running:
        one.start()
    gate.wait()
    started = time.perf_counter()
    gate.wait()
    took = time.perf_counter() - started
    for one in running:
        one.join()
        if one.exitcode:
            raise SystemExit("A harvester did not come to its end.")
    return took


def _harvester(job: Job, gate: Barrier) -> None:
    gate.wait()
    try:
        job()
    except BaseException:
        gate.abort()
        raise
    gate.wait()


def replay(url: str, paths: Iterable[str], encoding: str = "identity") -> None:
    """Takes all pages, one after the other."""
    with Line(url) as line:
        for path in paths:
            line.get(path, encoding)


def parse(url: str, encoding: str) -> None:
    """Takes all records by the tokens, with lxml."""
    for _, body in walk(url, encoding):
        for record in etree.fromstring(body).iter(f"{OAI}record"):
            header, metadata = record[0], record[1]
            if not header[0].text or not [(one.tag, one.text) for one in metadata[0]]:
                raise SystemExit("A record is empty.")


def sickle(url: str, encoding: str, most: int) -> None:
    """Takes the first records as Sickle does."""
    client = Sickle(f"{url}/oai", headers={"Accept-Encoding": encoding})
    for _ in itertools.islice(client.ListRecords(metadataPrefix="oai_dc"), most):
        pass
