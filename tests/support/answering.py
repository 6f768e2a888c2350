"""A server that answers what a test says, and remembers what it was asked."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Answers:
    """Answers by path and query; whatever else is asked for is not found."""

    base: str
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    found: dict[str, tuple[int, str, bytes]] = field(default_factory=dict)

    def set(self, path: str, kind: str, body: str, status: int = 200) -> None:
        """What is answered to a path, with its media type and status."""
        self.found[path] = (status, kind, body.encode())


@contextmanager
def serving() -> Iterator[Answers]:
    """A server on a free port."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answers.asked.append((self.path, dict(self.headers)))
            status, kind, body = answers.found.get(self.path, (404, "text/plain", b"none"))
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *given: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    answers = Answers(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield answers
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
