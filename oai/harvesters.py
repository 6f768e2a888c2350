"""Who harvests: known by the name or address in the User-Agent, or by the network; else in the
words that the program says of itself.

Harvesters are asked to name themselves and their address in the User-Agent (guidelines-harvester,
"AgentInfo"), so the services' own names and domains are what is looked for.
"""

import re
from functools import lru_cache
from typing import NamedTuple

from repository import networks
from schemas import text

# /48 is what one organisation gets; a /64 could be a single household.
KEPT = {4: 24, 6: 48}
LONGEST_AGENT = 200
LONGEST_NAME = 40


class Known(NamedTuple):
    """A service that is recognised by a pattern of its User-Agent or by its networks."""

    name: str
    agent: str
    networks: tuple[str, ...] = ()


# The more special first: what some services run calls itself by the name of the software as well.
KNOWN = (
    Known("BASE", r"base-search|bielefeld|\bBASE\b", ("129.70.0.0/16",)),
    Known("CORE", r"core\.ac\.uk|\bCORE/"),
    Known("OpenAIRE", r"openaire|d-net\b"),
    Known("Google Scholar", r"google.?scholar|scholar\.google"),
    Known("Google", r"googlebot|google\.com/bot"),
    Known("WorldCat", r"worldcat|oclc"),
    Known("OpenDOAR", r"opendoar|sherpa\.ac\.uk"),
    Known("OpenAlex and Unpaywall", r"ourresearch|openalex|unpaywall|impactstory"),
    Known("Semantic Scholar", r"semantic.?scholar"),
    Known("Internet Archive Scholar", r"archive\.org|fatcat"),
    Known("LA Referencia", r"lareferencia"),
    Known("Europeana", r"europeana"),
    Known("DART-Europe", r"dart-europe"),
    Known("NDLTD", r"ndltd"),
    Known("DOAJ", r"doaj\.org"),
    Known("DataCite", r"datacite"),
    Known("RePEc", r"repec"),
    Known("ROAR", r"celestial|roar\.eprints"),
    Known("EBSCO", r"ebsco"),
    Known("Ex Libris", r"exlibris|ex libris|\bprimo\b|summon"),
    Known("Lens", r"lens\.org"),
    Known("ScienceOpen", r"scienceopen"),
    Known("CyberLeninka", r"cyberleninka"),
    Known("eLIBRARY", r"elibrary\.ru"),
    Known("Bing", r"bingbot"),
    Known("Yandex", r"yandex"),
    Known("Baidu", r"baiduspider"),
    Known("Open Archive", r"open.?archive"),
)
_PATTERNS = [(one, re.compile(one.agent, re.IGNORECASE)) for one in KNOWN]

_COMPATIBLE = re.compile(r"compatible;\s*([^;/()]+)", re.IGNORECASE)
_ROBOT = re.compile(r"bot\b|spider|crawl|harvest", re.IGNORECASE)
_PRODUCT = re.compile(r"[^/;,()]+")
BROWSERS = "browsers"
OTHERS = "others"


class Identity(NamedTuple):
    """Who asks. Two requests with the same `key` come from the same harvester.

    `name` is empty when the program does not say who it is; `agent` and `network` are what is kept
    of the request, nothing at all of people with browsers.
    """

    key: str
    name: str
    agent: str
    network: str


@lru_cache(maxsize=1024)
def recognise(agent: str, address: str) -> Identity:
    """Who sends this User-Agent from this address."""
    said = text.clean(agent)[:LONGEST_AGENT].strip()
    network = networks.shorten(address, KEPT)
    for known, pattern in _PATTERNS:
        if pattern.search(said) or networks.within(address, known.networks):
            return Identity(f"known {known.name}", known.name, said, network)
    if _is_browser(said):
        return Identity(BROWSERS, "", "", "")
    name = _own_words(said)
    return Identity(f"{name} {network}", name, said, network)


def _is_browser(agent: str) -> bool:
    plain = agent.startswith("Mozilla/") and not _COMPATIBLE.search(agent)
    return plain and not _ROBOT.search(agent)


def _own_words(agent: str) -> str:
    """What the program calls itself, without its version."""
    found = _COMPATIBLE.search(agent) or _PRODUCT.match(agent)
    said = found[found.re.groups] if found else agent
    return " ".join(said.split())[:LONGEST_NAME].strip()
