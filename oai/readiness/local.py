"""Our own repository: over HTTP where it can be reached, else asked inside this program.

From its own machine a server cannot always be reached under its public address. Then everything
but the rules of HTTP itself can still be judged.
"""

from urllib.parse import parse_qsl, urlsplit

from oai import verbs
from oai.readiness.client import Ask, Reply, Transport, Unreachable, web
from oai.readiness.provider import Provider
from repository.archive import Archive


def provider(archive: Archive, transport: Transport = web) -> Provider:
    """Our repository, by the way on which it answers."""
    url = f"{archive.settings.base_url}/oai"
    if answers(url, transport):
        return Provider(url, transport)
    return Provider(url, inside(archive), local=True)


def answers(url: str, transport: Transport = web) -> bool:
    """Whether anything at all answers at an address."""
    try:
        transport(Ask(f"{url}?verb=Identify"))
    except Unreachable:
        return False
    return True


def inside(archive: Archive) -> Transport:
    """Asks the verbs themselves."""

    def answer(ask: Ask) -> Reply:
        said = urlsplit(ask.url).query if ask.data is None else ask.data.decode()
        pairs = parse_qsl(said, keep_blank_values=True)
        body = verbs.answer(archive, pairs).body
        return Reply(ask.url, 200, {"content-type": "text/xml"}, body)

    return answer
