"""A repository under examination: asks it, and remembers what it answered."""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode

from lxml import etree

from oai.elements import XSI
from oai.envelope import NAMESPACE
from oai.readiness.client import Ask, Reply, Transport, Unreachable
from oai.readiness.rules import Unjudged
from repository import xml
from repository.errors import ArchiveError
from schemas.messages import Message, short

O = f"{{{NAMESPACE}}}"  # noqa: E741
LOCATION = f"{{{XSI}}}schemaLocation"
Pairs = Sequence[tuple[str, str]]
SECONDS, DAYS = "YYYY-MM-DDThh:mm:ssZ", "YYYY-MM-DD"
FORMS = {
    SECONDS: re.compile(
        r"[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3])(:[0-5][0-9]){2}Z"
    ),
    DAYS: re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"),
}


class Item(NamedTuple):
    """A record as it was harvested."""

    provider: "Provider"
    identifier: str
    datestamp: str
    sets: tuple[str, ...]
    deleted: bool
    metadata: etree._Element | None


class Response:
    """An answer of the protocol, as far as it can be read; `damage` says why it cannot."""

    def __init__(self, reply: Reply | None, damage: Message | None = None) -> None:
        self.reply, self.damage = reply, damage
        self.root: etree._Element | None = None
        if reply is not None and reply.status != 200:
            self.damage = Message("It answered with HTTP %(status)s.", status=reply.status)
        elif reply is not None:
            self._read(reply.body)

    def _read(self, body: bytes) -> None:
        try:
            self.root = xml.parse(body)
        except ArchiveError as error:
            self.damage = Message(error.sentence, **error.parameters)
            return
        if self.root.tag != f"{O}OAI-PMH":
            self.damage = Message("It answered with something other than OAI-PMH.")

    @property
    def errors(self) -> list[str]:
        """The codes of the protocol's errors in the answer."""
        return [one.get("code", "") for one in self.sound.findall(f"{O}error")]

    @property
    def sound(self) -> etree._Element:
        """The root; raises Unjudged when the answer cannot be read."""
        if self.damage is not None or self.root is None:
            raise Unjudged(self.damage or Message("There was no answer."))
        return self.root

    def result(self, verb: str) -> etree._Element:
        """The verb's own element; raises Unjudged with the error that came instead."""
        found = self.sound.find(O + verb)
        if found is None:
            said = ", ".join(self.errors) or "?"
            raise Unjudged(Message("%(verb)s gave no result but %(said)s.", verb=verb, said=said))
        return found


class Page(NamedTuple):
    """One page of a list. `token` is the element, None when there is none."""

    items: list[Item]
    token: etree._Element | None

    @property
    def more(self) -> str:
        """The token that leads on; empty at the end."""
        return "" if self.token is None else (self.token.text or "").strip()


class Provider:
    """A repository at its base URL. What it has answered once it is not asked again.

    `local` says that it is asked inside this program, so that nothing about HTTP can be judged;
    `schemas` holds XML schemas by namespace.
    """

    def __init__(
        self,
        url: str,
        transport: Transport,
        *,
        local: bool = False,
        schemas: Mapping[str, Path] | None = None,
    ) -> None:
        self.url, self.local = url, local
        self.schemas = dict(schemas or {})
        self._transport = transport
        self._kept: dict[object, Response] = {}

    def fetch(self, ask: Ask) -> Reply:
        """The answer of any address; raises Unreachable."""
        return self._transport(ask)

    def send(
        self,
        pairs: Pairs,
        *,
        post: bool = False,
        headers: Mapping[str, str] | None = None,
        keep: bool = True,
    ) -> Response:
        """The answer to these arguments."""
        key = (tuple(pairs), post, tuple(sorted((headers or {}).items())))
        if key in self._kept:
            return self._kept[key]
        said = urlencode(pairs)
        join = "&" if "?" in self.url else "?"
        address = self.url if post else f"{self.url}{join}{said}"
        ask = Ask(address, said.encode() if post else None, headers or {})
        try:
            response = Response(self.fetch(ask))
        except Unreachable as error:
            response = Response(None, Message("It cannot be reached: %(why)s.", why=str(error)))
        if keep:
            self._kept[key] = response
        return response

    def ask(self, verb: str, arguments: Mapping[str, str] | None = None) -> Response:
        """The answer to a verb."""
        return self.send([("verb", verb), *(arguments or {}).items()])

    def identify(self, name: str) -> str:
        """What Identify says under that name; empty when nothing."""
        return (self.ask("Identify").result("Identify").findtext(O + name) or "").strip()

    @property
    def granularity(self) -> str:
        """The granularity, as Identify gives it; seconds when that makes no sense."""
        said = self.identify("granularity")
        return said if said in FORMS else SECONDS

    @cached_property
    def formats(self) -> dict[str, str]:
        """The namespaces of the formats, by prefix."""
        found = self.ask("ListMetadataFormats").result("ListMetadataFormats")
        return {
            (one.findtext(f"{O}metadataPrefix") or "").strip(): (
                one.findtext(f"{O}metadataNamespace") or ""
            ).strip()
            for one in found.iter(f"{O}metadataFormat")
        }

    @cached_property
    def set_specs(self) -> list[str]:
        """The setSpecs that ListSets gives, on all its pages; none when there is no hierarchy."""
        response, found = self.ask("ListSets"), []
        if "noSetHierarchy" in response.errors:
            return []
        for _ in range(1000):
            result = response.result("ListSets")
            found += [(one.text or "").strip() for one in result.iter(f"{O}setSpec")]
            token = (result.findtext(f"{O}resumptionToken") or "").strip()
            if not token:
                break
            response = self.ask("ListSets", {"resumptionToken": token})
        return found

    def page(self, verb: str, arguments: Mapping[str, str], *, keep: bool = True) -> Page:
        """A page of ListRecords or ListIdentifiers; empty when no records match."""
        response = self.send([("verb", verb), *arguments.items()], keep=keep)
        if "noRecordsMatch" in response.errors:
            return Page([], None)
        result = response.result(verb)
        return Page(list(self._items(result)), result.find(f"{O}resumptionToken"))

    def first(self, prefix: str, spec: str | None = None) -> Page:
        """The first page of ListRecords; raises Unjudged when it holds nothing."""
        page = self.page("ListRecords", query(prefix, spec))
        if not page.items:
            raise Unjudged(Message("There are no records to judge by."))
        return page

    def _items(self, result: etree._Element) -> Iterator[Item]:
        for header in result.iter(f"{O}header"):
            parent = header.getparent()
            held = None if parent is None else parent.find(f"{O}metadata")
            yield Item(
                self,
                (header.findtext(f"{O}identifier") or "").strip(),
                (header.findtext(f"{O}datestamp") or "").strip(),
                tuple((one.text or "").strip() for one in header.findall(f"{O}setSpec")),
                header.get("status") == "deleted",
                None if held is None else next(held.iterchildren(tag=etree.Element), None),
            )


def query(prefix: str, spec: str | None = None) -> dict[str, str]:
    """The arguments that begin a list."""
    return {"metadataPrefix": prefix} | ({"set": spec} if spec else {})


def title(item: Item) -> str:
    """The record's title in whatever format it is; empty when it has none."""
    if item.metadata is None:
        return ""
    for one in item.metadata.iter("{*}title"):
        if one.text and one.text.strip():
            return short(one.text.strip())
    return ""
