"""Behind a real nginx that speaks HTTP and HTTPS: both answer, neither sends to the other."""

import os
import shutil
import socket
import subprocess
import sys
import time
from contextlib import closing

import pytest
import requests
from sickle import Sickle

from oai import feed
from repository import archive as opening
from repository import settings

NGINX = """
{user} daemon off; pid {folder}/pid; error_log {folder}/error.log; worker_processes 1;
events {{ worker_connections 64; }}
http {{
  access_log off;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fcgi; uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  server {{
    listen 127.0.0.1:{plain}; listen 127.0.0.1:{secure} ssl;
    ssl_certificate {folder}/cert.pem; ssl_certificate_key {folder}/key.pem;
    location / {{
      proxy_pass http://127.0.0.1:{ours};
      proxy_set_header Host $host;
      proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
      proxy_set_header X-Forwarded-Proto $scheme;
    }}
  }}
}}
"""


def free_port():
    with closing(socket.socket()) as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


@pytest.fixture(scope="module")
def proxy(tmp_path_factory, template, cataloguing):
    """The addresses of nginx by scheme, before a server whose configured address is HTTPS."""
    if not (shutil.which("nginx") and shutil.which("openssl")):
        pytest.skip("nginx or openssl is not installed")
    folder = tmp_path_factory.mktemp("proxied")
    (folder / "archive.sqlite").write_bytes(template.read_bytes())
    ports = {"ours": free_port(), "plain": free_port(), "secure": free_port()}
    given = {
        "instance": str(folder),
        "secret_key": "k" * 40,
        "base_url": f"https://localhost:{ports['secure']}",
        "oai_page": "10",
        "trusted_proxies": "1",
    }
    with opening.opened(settings.load({}, **given)) as archive:
        catalogue = cataloguing(archive)
        for number in range(25):
            catalogue.publish(f"Эмгек {number}")
        feed.settle(archive)
    self_signed = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt"]
    self_signed += [
        "ec_paramgen_curve:prime256v1",
        "-nodes",
        "-days",
        "2",
        "-subj",
        "/CN=localhost",
    ]
    self_signed += ["-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]
    keys = ["-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem")]
    subprocess.run([*self_signed, *keys], check=True, capture_output=True)
    user = "" if os.getuid() else "user root;"
    (folder / "nginx.conf").write_text(NGINX.format(user=user, folder=folder, **ports))
    environment = os.environ | {f"ARCHIVE_{name.upper()}": value for name, value in given.items()}
    command = [sys.executable, "-m", "wsgi", "serve", "--port", str(ports["ours"]), "--no-worker"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with (
        subprocess.Popen(command, env=environment, **quiet) as server,
        subprocess.Popen(["nginx", "-c", str(folder / "nginx.conf")], **quiet) as nginx,
    ):
        try:
            found = {
                "http": f"http://localhost:{ports['plain']}",
                "https": f"https://localhost:{ports['secure']}",
                "cert": str(folder / "cert.pem"),
            }
            _wait(found["http"])
            yield found
        finally:
            nginx.terminate()
            server.terminate()


def _wait(url):
    for _ in range(300):
        try:
            if requests.get(f"{url}/oai?verb=Identify", timeout=30).status_code == 200:
                return
        except requests.ConnectionError:
            pass
        time.sleep(0.2)
    pytest.fail("The server behind nginx does not answer.")


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_both_schemes_answer_themselves_and_name_the_configured_address(proxy, scheme):
    for method in (requests.get, requests.head, requests.post):
        answer = method(
            f"{proxy[scheme]}/oai",
            params={"verb": "Identify"},
            verify=proxy["cert"],
            allow_redirects=False,
            timeout=30,
        )
        assert answer.status_code == 200
    said = requests.get(f"{proxy[scheme]}/oai?verb=Identify", verify=proxy["cert"], timeout=30).text
    assert f"<baseURL>{proxy['https']}/oai</baseURL>" in said


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_harvest_ends_by_either_scheme(proxy, scheme):
    sickle = Sickle(f"{proxy[scheme]}/oai", verify=proxy["cert"])
    assert len(list(sickle.ListRecords(metadataPrefix="oai_dc"))) == 25
