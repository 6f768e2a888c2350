"""A served archive for SWORD 3.0, and another server that has files."""

import http.server
import threading

import pytest
import requests
from depositing import House
from werkzeug.serving import make_server

import wsgi
from repository import archive as opening
from repository import collections, settings

LIMIT = 2**20


@pytest.fixture(scope="module")
def house(tmp_path_factory, template):
    folder = tmp_path_factory.mktemp("sword") / "instance"
    folder.mkdir()
    (folder / "archive.sqlite").write_bytes(template.read_bytes())
    server = make_server("127.0.0.1", 0, lambda *given: app(*given), threaded=True)
    url = f"http://127.0.0.1:{server.port}"
    chosen = settings.load(
        {},
        instance=str(folder),
        secret_key="k" * 40,
        base_url=url,
        upload_limit=str(LIMIT),
        fetch_networks="127.0.0.0/8",
    )
    app = wsgi.create_app(chosen)
    archive = app.extensions["archive"]
    with archive.writing() as session:
        top = collections.add(session, "science", names={"en": "Science"})
        collections.add(session, "articles", names={"en": "Articles"}, parent=top)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    with requests.Session() as session:
        yield House(archive, url, session)
    server.shutdown()
    thread.join()
    server.server_close()
    opening.close(archive)


@pytest.fixture(scope="module")
def ask(house):
    """A depositor's program."""
    return house.program()


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        status, kind, body, extra = self.server.answers[self.path]
        self.send_response(status)
        for name, value in {"Content-Type": kind, "Content-Length": len(body), **extra}.items():
            self.send_header(name, str(value))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *given):
        pass


@pytest.fixture(scope="module")
def elsewhere():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.answers, server.url = {}, f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()
