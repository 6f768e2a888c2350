"""A small repository that keeps every rule, on a real port, and can be spoilt rule by rule."""

import gzip
import re
import threading
import time
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest

from oai.readiness import judging
from oai.readiness.books import BOOKS
from oai.readiness.client import web
from oai.readiness.provider import Provider

SCHEMAS = Path(__file__).parents[4] / "shared" / "data" / "xsd"
RECORDS, PAGE = 120, 100
EARLIEST, NEWEST = "2024-05-01T10:00:00Z", "2024-05-01T10:01:59Z"
NAMESPACES = {
    "oai_dc": "http://www.openarchives.org/OAI/2.0/oai_dc/",
    "oai_openaire": "http://namespace.openaire.eu/schema/oaire/",
    "rioxx": "http://www.rioxx.net/schema/v3.0/rioxx/",
}
XSI = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
DC = 'xmlns:dc="http://purl.org/dc/elements/1.1/"'
COAR = "http://purl.org/coar"
METADATA = {
    "oai_dc": """<dc:title>Манас {n}</dc:title><dc:creator>Асанова, Айгүл</dc:creator>
<dc:subject>эпос</dc:subject><dc:description>Манас жөнүндө.</dc:description>
<dc:publisher>Улуттук китепкана</dc:publisher><dc:date>2024-05</dc:date>
<dc:type>info:eu-repo/semantics/article</dc:type>
<dc:type>info:eu-repo/semantics/publishedVersion</dc:type>
<dc:format>application/pdf</dc:format><dc:identifier>{home}/works/{n}</dc:identifier>
<dc:identifier>{home}/works/{n}/manas.pdf</dc:identifier><dc:language>kir</dc:language>
<dc:relation>info:eu-repo/grantAgreement/NSF//{n}/</dc:relation>
<dc:relation>info:eu-repo/semantics/altIdentifier/doi/10.5555/{n}</dc:relation>
<dc:rights>info:eu-repo/semantics/openAccess</dc:rights>
<dc:rights>https://creativecommons.org/licenses/by/4.0/</dc:rights>""",
    "oai_openaire": f"""<datacite:titles><datacite:title>Манас {{n}}</datacite:title>
</datacite:titles><datacite:creators><datacite:creator><datacite:creatorName
nameType="Personal">Асанова, Айгүл</datacite:creatorName><datacite:givenName>Айгүл
</datacite:givenName><datacite:nameIdentifier nameIdentifierScheme="ORCID">0000-0002-1825-0097
</datacite:nameIdentifier></datacite:creator></datacite:creators><datacite:contributors>
<datacite:contributor contributorType="Editor"><datacite:contributorName>Э
</datacite:contributorName></datacite:contributor></datacite:contributors>
<fundingReferences><fundingReference><funderName>NSF</funderName></fundingReference>
</fundingReferences><datacite:dates><datacite:date dateType="Issued">2024-05</datacite:date>
</datacite:dates><dc:language>kir</dc:language><dc:publisher>Китепкана</dc:publisher>
<resourceType resourceTypeGeneral="literature" uri="{COAR}/resource_type/c_6501">journal article
</resourceType><dc:description>Манас жөнүндө.</dc:description>
<datacite:identifier identifierType="URL">{{home}}/works/{{n}}</datacite:identifier>
<datacite:rights rightsURI="{COAR}/access_right/c_abf2">open access</datacite:rights>
<datacite:subjects><datacite:subject>эпос</datacite:subject></datacite:subjects>
<licenseCondition uri="https://creativecommons.org/licenses/by/4.0/">CC BY</licenseCondition>
<version uri="{COAR}/version/c_970fb48d4fbd8a85">VoR</version>
<file accessRightsURI="{COAR}/access_right/c_abf2" mimeType="application/pdf"
objectType="fulltext">{{home}}/works/{{n}}/manas.pdf</file>""",
    "rioxx": f"""<dc:description>Манас жөнүндө.</dc:description>
<dc:identifier>{{home}}/works/{{n}}</dc:identifier><dc:language>kir</dc:language>
<dc:relation rel="item" type="application/pdf" deposit_date="2024-05-01"
access_rights="{COAR}/access_right/c_abf2"
license_ref="https://creativecommons.org/licenses/by/4.0/">{{home}}/works/{{n}}/manas.pdf
</dc:relation><dc:source>1234-5679</dc:source><dc:title>Манас {{n}}</dc:title>
<dc:type>{COAR}/resource_type/c_6501</dc:type>
<t:creator first-named-author="true"><t:name>Асанова, Айгүл</t:name>
<t:id>https://orcid.org/0000-0002-1825-0097</t:id></t:creator>
<t:ext_relation rel="cite-as" coar_type="{COAR}/resource_type/c_6501">https://doi.org/10.5555/1
</t:ext_relation><t:grant funder_name="NSF">7</t:grant>
<t:publication_date>2024-05</t:publication_date>""",
}
ROOTS = {
    "oai_dc": f"""<oai_dc:dc xmlns:oai_dc="%s" {DC} {XSI}
xsi:schemaLocation="%s http://www.openarchives.org/OAI/2.0/oai_dc.xsd">%s</oai_dc:dc>""",
    "oai_openaire": f"""<resource xmlns="%s" xmlns:datacite="http://datacite.org/schema/kernel-4"
{DC} {XSI} xsi:schemaLocation="%s https://www.openaire.eu/schema/repo-lit/4.0/openaire.xsd">%s
</resource>""",
    "rioxx": f"""<rioxx xmlns="%s" xmlns:t="http://www.rioxx.net/schema/v3.0/rioxxterms/"
xmlns:dcterms="http://purl.org/dc/terms/" {DC} {XSI}
xsi:schemaLocation="%s http://www.rioxx.net/schema/v3.0/rioxx/rioxx.xsd">%s</rioxx>""",
}
KNOWN = {
    "Identify": set(),
    "ListMetadataFormats": {"identifier"},
    "ListSets": {"resumptionToken"},
    "GetRecord": {"identifier", "metadataPrefix"},
    "ListRecords": {"metadataPrefix", "from", "until", "set", "resumptionToken"},
    "ListIdentifiers": {"metadataPrefix", "from", "until", "set", "resumptionToken"},
}
DAY = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])-[0-3][0-9](T([01][0-9]|2[0-3])(:[0-5][0-9]){2}Z)?")


class Refused(Exception):
    """An error of the protocol."""


@dataclass
class Given:
    """An answer on its way; `pairs` are the arguments that it answers."""

    path: str
    pairs: list[tuple[str, str]]
    method: str = "GET"
    status: int = 200
    headers: dict[str, str] = field(default_factory=lambda: {"Content-Type": "text/xml"})
    body: str = ""

    @property
    def arguments(self) -> dict[str, str]:
        return dict(self.pairs)


def stamp(number: int) -> str:
    return f"2024-05-01T10:{number // 60:02}:{number % 60:02}Z"


def now(ahead: int = 0) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + ahead))


def record(home: str, number: int, prefix: str | None) -> str:
    """A record, or its header alone. The last one is deleted."""
    deleted = number == RECORDS - 1
    status = ' status="deleted"' if deleted else ""
    header = (
        f"<header{status}><identifier>oai:t.example.org:{number}"
        f"</identifier><datestamp>{stamp(number)}</datestamp><setSpec>openaire</setSpec></header>"
    )
    if prefix is None:
        return header
    inside = METADATA[prefix].replace("{home}", home).replace("{n}", str(number))
    namespace = NAMESPACES[prefix]
    made = ROOTS[prefix] % (namespace, namespace, inside)
    return f"<record>{header}{'' if deleted else f'<metadata>{made}</metadata>'}</record>"


def check(pairs: list[tuple[str, str]]) -> dict[str, str]:
    """The arguments, if they are legal."""
    asked = dict(pairs)
    verb = asked.get("verb", "")
    if verb not in KNOWN or sum(name == "verb" for name, _ in pairs) > 1:
        raise Refused("badVerb")
    if len(asked) < len(pairs) or set(asked) - KNOWN[verb] - {"verb"}:
        raise Refused("badArgument")
    listing = verb in ("ListRecords", "ListIdentifiers") and "resumptionToken" not in asked
    needed = {"metadataPrefix"} if listing else KNOWN[verb] if verb == "GetRecord" else set()
    dates = [asked[name] for name in ("from", "until") if name in asked]
    if needed - set(asked) or not all(map(DAY.fullmatch, dates)):
        raise Refused("badArgument")
    if len(dates) == 2 and (len(dates[0]) != len(dates[1]) or dates[0] > dates[1]):
        raise Refused("badArgument")
    if asked.get("metadataPrefix", "oai_dc") not in NAMESPACES:
        raise Refused("cannotDisseminateFormat")
    return asked


def listed(home: str, asked: dict[str, str]) -> str:
    token = asked.get("resumptionToken", "")
    if token and not re.fullmatch(r"[a-z_]+:[0-9]+", token):
        raise Refused("badResumptionToken")
    prefix, _, begin = token.partition(":") if token else (asked["metadataPrefix"], "", "0")
    low, high = asked.get("from", ""), asked.get("until", "9")
    # A day that ends a time is in it to its end.
    fits = [n for n in range(RECORDS) if low <= stamp(n) and stamp(n)[: len(high)] <= high]
    chosen = fits[int(begin) :][:PAGE]
    if not chosen or asked.get("set", "openaire") != "openaire":
        raise Refused("noRecordsMatch")
    inside = "".join(
        record(home, n, prefix if asked["verb"] == "ListRecords" else None) for n in chosen
    )
    after = int(begin) + PAGE
    if after < len(fits):
        inside += (
            f'<resumptionToken completeListSize="{len(fits)}" cursor="{begin}" '
            f'expirationDate="{now(86400 * 365)}">{prefix}:{after}</resumptionToken>'
        )
    elif token:
        inside += "<resumptionToken/>"
    return inside


def identify(home: str) -> str:
    return (
        f"<repositoryName>Т</repositoryName><baseURL>{home}/oai</baseURL><protocolVersion>2.0"
        "</protocolVersion><adminEmail>library@university.kg</adminEmail><earliestDatestamp>"
        f"{EARLIEST}</earliestDatestamp><deletedRecord>persistent</deletedRecord><granularity>"
        "YYYY-MM-DDThh:mm:ssZ</granularity><description><oai-identifier "
        'xmlns="http://www.openarchives.org/OAI/2.0/oai-identifier"/></description>'
    )


def result(home: str, asked: dict[str, str]) -> str:
    verb = asked["verb"]
    number = asked.get("identifier", "oai:t.example.org:0").removeprefix("oai:t.example.org:")
    if not number.isdigit():
        raise Refused("idDoesNotExist")
    if verb == "Identify":
        return identify(home)
    if verb == "ListSets":
        sets = ("openaire", "open_access")
        return "".join(f"<set><setSpec>{s}</setSpec><setName>S</setName></set>" for s in sets)
    if verb == "ListMetadataFormats":
        return "".join(
            f"<metadataFormat><metadataPrefix>{prefix}</metadataPrefix><schema>http://s.example.org"
            f"/</schema><metadataNamespace>{space}</metadataNamespace></metadataFormat>"
            for prefix, space in NAMESPACES.items()
        )
    if verb == "GetRecord":
        return record(home, int(number), asked["metadataPrefix"])
    return listed(home, asked)


def answer(home: str, given: Given) -> Given:
    """What a repository says that keeps all rules."""
    if given.path == "/robots.txt":
        return replace(given, body="User-agent: *\nDisallow: /admin/\n")
    if given.path != "/oai":
        return replace(given, body="%PDF-1.7 …", headers={"Content-Type": "application/pdf"})
    try:
        asked = check(given.pairs)
        inside = f"<{asked['verb']}>{result(home, asked)}</{asked['verb']}>"
    except Refused as error:
        inside = f'<error code="{error}">no</error>'
        asked = {} if str(error) in ("badVerb", "badArgument") else dict(given.pairs)
    echo = "".join(f' {name}="{value}"' for name, value in asked.items())
    body = (
        f'<?xml version="1.0" encoding="UTF-8"?><OAI-PMH {XSI} '
        'xmlns="http://www.openarchives.org/OAI/2.0/" xsi:schemaLocation='
        '"http://www.openarchives.org/OAI/2.0/ http://www.openarchives.org/OAI/2.0/OAI-PMH.xsd">'
        f"<responseDate>{now()}</responseDate><request{echo}>{home}/oai</request>{inside}</OAI-PMH>"
    )
    return replace(given, body=body)


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        parts = urlsplit(self.path)
        self.say(Given(parts.path, parse_qsl(parts.query, keep_blank_values=True)))

    def do_POST(self):
        sent = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.say(Given(self.path, parse_qsl(sent, keep_blank_values=True), "POST"))

    def say(self, given):
        home = f"http://{self.headers['Host']}"
        made = self.server.spoil(answer(home, given))
        body = made.body.encode(errors="surrogateescape")
        packed = self.headers.get("Accept-Encoding") == "gzip" and not made.headers.pop("Raw", "")
        self.send_response(made.status)
        for name, value in made.headers.items():
            self.send_header(name, value)
        if packed:
            self.send_header("Content-Encoding", "gzip")
        self.end_headers()
        self.wfile.write(gzip.compress(body) if packed else body)

    def log_message(self, *given):
        pass


@pytest.fixture(scope="package")
def torture():
    """The server; its `spoil` changes each answer before it is sent."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.spoil = lambda made: made
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def examine(torture):
    """Judges the spoilt repository by some rules: the findings by rule."""

    def run(*ids, spoil=lambda made: made, most=30, schemas=None):
        torture.spoil = spoil
        url = f"http://127.0.0.1:{torture.server_port}/oai"
        provider = Provider(url, web, schemas=schemas)
        books = [BOOKS[key] for key in dict.fromkeys(one.split(".")[0] for one in ids)]
        try:
            report = judging.judge(provider, books, most=most, only=frozenset(ids))
        finally:
            torture.spoil = lambda made: made
        return {one.rule.id: one for verdict in report.verdicts for one in verdict.findings}

    return run


@pytest.fixture
def shared_schemas():
    """The folder of XML schemas, with its catalogue."""
    if not SCHEMAS.exists():
        pytest.skip("the shared folder of XML schemas is not beside the checkout")
    return SCHEMAS


@pytest.fixture
def address(torture):
    """The base URL of the repository."""
    return f"http://127.0.0.1:{torture.server_port}/oai"
