"""Each rule holds for a repository that keeps it, and is seen to be broken when it is."""

import re
from dataclasses import replace

import pytest

from oai.readiness.base import encoded_twice
from oai.readiness.books import BOOKS

RULES = [rule.id for book in BOOKS.values() for rule in book.rules]
COAR = "http://purl.org/coar"


def swap(pattern, by, *, verb=None, path="/oai"):
    """Other words in answers, to one verb or to all."""

    def spoil(made):
        if made.path != path or (verb and made.arguments.get("verb") != verb):
            return made
        return replace(made, body=re.sub(pattern, by, made.body, flags=re.DOTALL))

    return spoil


def drop(element):
    """Answers without an element."""
    return swap(rf"<{element}\b[^>]*>.*?</{element}>", "")


def say(element, words):
    """Answers whose elements of that name say something else."""
    return swap(rf"(<{element}\b[^>]*>)[^<]*", rf"\g<1>{words}")


def attribute(name, value):
    """Answers with another value of an attribute; None takes it away."""
    return swap(rf'\b{name}="[^"]*"', "" if value is None else f'{name}="{value}"')


def header(name, value):
    """Answers with another header."""
    return lambda made: replace(made, headers={**made.headers, name: value})


def accept(code, words="<ListRecords/>"):
    """A repository that answers where it should refuse."""
    return swap(rf'<error code="{code}">no</error>', words)


def status(number, *, when=lambda made: True):
    """Answers with another status."""
    return lambda made: replace(made, status=number) if when(made) else made


def robots(text):
    """Another robots.txt."""
    return swap(r"\A.*", text, path="/robots.txt")


def tokens_forgotten(made):
    """Every token leads to the first page again."""
    return swap(r">([a-z_]+):100</resumptionToken>", r">\1:0</resumptionToken>")(made)


def token_once():
    """A token that can be used a single time."""
    seen = set()

    def spoil(made):
        token = made.arguments.get("resumptionToken")
        if token in seen:
            return replace(made, body="<gone/>")
        if token:
            seen.add(token)
        return made

    return spoil


def second_page_broken(made):
    """XML that ends in the middle, on the second page."""
    if "resumptionToken" in made.arguments:
        return replace(made, body=made.body[:500])
    return made


def other_time(made):
    """Records of another year, when those of some time were asked for."""
    if "from" not in made.arguments:
        return made
    return swap("<datestamp>2024", "<datestamp>2023")(made)


EMBARGOED = swap("openAccess", "embargoedAccess")
BREAKS = {
    # the protocol
    "oai.answers": status(500),
    "oai.identify": drop("repositoryName"),
    "oai.version": say("protocolVersion", "1.1"),
    "oai.base_url": say("baseURL", "http://elsewhere.example.org/oai"),
    "oai.email": say("adminEmail", "the library"),
    "oai.contact": say("adminEmail", "admin@example.org"),
    "oai.granularity": say("granularity", "YYYY"),
    "oai.earliest": say("earliestDatestamp", "2024-05-01"),
    "oai.deleted": say("deletedRecord", "sometimes"),
    "oai.content_type": header("Content-Type", "text/html"),
    "oai.encoding": swap('encoding="UTF-8"', 'encoding="windows-1251"'),
    "oai.schema_location": attribute("xsi:schemaLocation", None),
    "oai.response_date": say("responseDate", "2024-05-01 10:00"),
    "oai.clock": say("responseDate", "2019-01-01T00:00:00Z"),
    "oai.echo": swap(r"<request[^>]*>", "<request>"),
    "oai.no_echo": swap(r"<request>", '<request verb="Nonsense">'),
    "oai.post": lambda made: replace(made, status=405) if made.method == "POST" else made,
    "oai.oai_dc": swap("<metadataPrefix>oai_dc", "<metadataPrefix>dc"),
    "oai.bad_verb": accept("badVerb"),
    "oai.bad_argument": accept("badArgument"),
    "oai.repeated": accept("badArgument"),
    "oai.bad_date": accept("badArgument"),
    "oai.mixed_dates": accept("badArgument"),
    "oai.reversed_dates": accept("badArgument", '<error code="noRecordsMatch">no</error>'),
    "oai.unknown_record": accept("idDoesNotExist"),
    "oai.unknown_format": accept("cannotDisseminateFormat"),
    "oai.unknown_token": accept("badResumptionToken"),
    "oai.nothing": accept("noRecordsMatch"),
    "oai.status": status(400, when=lambda made: "<error" in made.body),
    "oai.token": tokens_forgotten,
    "oai.token_again": token_once(),
    "oai.days": other_time,
    "oai.seconds": other_time,
    "oai.get_record": swap("<setSpec>openaire</setSpec>", "", verb="GetRecord"),
    "oai.identifiers": swap("oai:t.example.org:", "oai:u.example.org:", verb="ListIdentifiers"),
    "oai.formats_of_record": lambda made: (
        swap("oai_dc", "dc")(made)
        if made.arguments.get("verb") == "ListMetadataFormats" and "identifier" in made.arguments
        else made
    ),
    "oai.sets": say("setSpec", "китептер"),
    "oai.gzip": header("Raw", "yes"),
    "oai.scheme": drop("description"),
    "oai.identifier": say("identifier", "7"),
    "oai.datestamp": swap(r"T10:00:05Z</datestamp>", "</datestamp>"),
    "oai.not_before": swap(r"<datestamp>2024", "<datestamp>2023"),
    "oai.not_after": swap(r"<datestamp>2024", "<datestamp>2099"),
    "oai.set_listed": swap("<setSpec>[a-z]*", "<setSpec>secret", verb="ListRecords"),
    "oai.metadata": drop("metadata"),
    "oai.located": attribute("xsi:schemaLocation", "http://a.example.org/ http://b.example.org/"),
    "oai.valid": swap("<dc:title>", "<dc:caption/><dc:title>"),
    # BASE
    "base.post": lambda made: replace(made, status=405) if made.method == "POST" else made,
    "base.version": say("protocolVersion", "1.1"),
    "base.base_url": say("baseURL", "http://elsewhere.example.org/oai"),
    "base.xml": swap("</ListSets>", "</sets>"),
    "base.batch": swap(r"(</record>)(?:<record>.*</record>)", r"\1"),
    "base.days": other_time,
    "base.seconds": other_time,
    "base.token": tokens_forgotten,
    "base.token_lasts": attribute("expirationDate", "2024-05-01T10:00:00Z"),
    "base.token_size": attribute("completeListSize", None),
    "base.deletions": say("deletedRecord", "no"),
    "base.different_links": swap(r"/works/[0-9]+", "/works/1"),
    "base.open_set": swap("<setSpec>open[a-z_]*</setSpec>", "<setSpec>books</setSpec>"),
    "base.title": drop("dc:title"),
    "base.link": say("dc:identifier", "УДК 82"),
    "base.creator": drop("dc:creator"),
    "base.date": drop("dc:date"),
    "base.type": drop("dc:type"),
    "base.date_form": say("dc:date", "май 2024"),
    "base.language": say("dc:language", "Кыргызча"),
    "base.letters": say("dc:description", "Тоолор жана көлдөр".encode().decode("latin-1")),
    "base.handle": say("dc:identifier", "http://hdl.handle.net/123456789/7"),
    "base.creator_form": say("dc:creator", "Асанова, А.; Бакиров, Б.; Токтогулов, Н."),
    "base.type_controlled": say("dc:type", "Макала"),
    "base.access": say("dc:rights", "(c)"),
    "base.licence": say("dc:rights", "info:eu-repo/semantics/openAccess"),
    "base.abstract": drop("dc:description"),
    # CORE
    "core.format": swap("<metadataPrefix>[a-z_]*", "<metadataPrefix>mods"),
    "core.robots": robots("User-agent: *\nDisallow: /oai\n"),
    "core.robots_equal": robots("User-agent: Googlebot\nAllow: /\n\nUser-agent: *\nDisallow: /"),
    "core.robots_pace": robots("User-agent: *\nCrawl-delay: 60\n"),
    "core.full_text_opens": swap(r"\A.*", "<html>Sign in", path="/works/0/manas.pdf"),
    "core.title": drop("dc:title"),
    "core.full_text": swap("/manas.pdf<", "<"),
    "core.same_host": swap(r"http://[0-9.:]+(/works/[0-9]+/manas)", r"http://files.example.org\1"),
    "core.creator": drop("dc:creator"),
    "core.date": drop("dc:date"),
    "core.abstract": drop("dc:description"),
    # OpenAIRE 3
    "openaire3.set": swap("<setSpec>openaire", "<setSpec>OpenAIRE"),
    "openaire3.format": swap("<metadataPrefix>oai_dc", "<metadataPrefix>dc"),
    "openaire3.batch": swap(r"(</record>)(?:<record>.*</record>)", r"\1"),
    "openaire3.token_lasts": attribute("expirationDate", "2024-05-01T10:00:00Z"),
    "openaire3.deletions": say("deletedRecord", "no"),
    "openaire3.title": drop("dc:title"),
    "openaire3.creator": drop("dc:creator"),
    "openaire3.date": say("dc:date", "2024-05-01T00:00:00Z"),
    "openaire3.type": say("dc:type", f"{COAR}/resource_type/c_6501"),
    "openaire3.version": say("dc:type", "info:eu-repo/semantics/article"),
    "openaire3.link": say("dc:identifier", "10.5555/7"),
    "openaire3.access": say("dc:rights", "CC BY"),
    "openaire3.embargo": EMBARGOED,
    "openaire3.content": lambda made: swap("grantAgreement", "grant")(EMBARGOED(made)),
    "openaire3.grant": swap("grantAgreement/NSF//[0-9]+/", "grantAgreement/7"),
    "openaire3.other_identifiers": swap("altIdentifier/doi", "altIdentifier/shelfmark"),
    "openaire3.licence": say("dc:rights", "info:eu-repo/semantics/openAccess"),
    "openaire3.abstract": drop("dc:description"),
    "openaire3.subject": drop("dc:subject"),
    "openaire3.publisher": drop("dc:publisher"),
    "openaire3.language": say("dc:language", "ky"),
    "openaire3.file_type": drop("dc:format"),
    # OpenAIRE 4
    "openaire4.format": swap("<metadataPrefix>oai_openaire", "<metadataPrefix>openaire"),
    "openaire4.batch": swap(r"(</record>)(?:<record>.*</record>)", r"\1"),
    "openaire4.token_lasts": attribute("expirationDate", "2024-05-01T10:00:00Z"),
    "openaire4.deletions": say("deletedRecord", "no"),
    "openaire4.root": swap("(</?)resource([ >])", r"\1record-of-work\2"),
    "openaire4.title": drop("datacite:title"),
    "openaire4.creator": drop("datacite:creatorName"),
    "openaire4.creator_form": say("datacite:creatorName", "Айгүл Асанова"),
    "openaire4.creator_identifier": attribute("nameIdentifierScheme", None),
    "openaire4.contributor": attribute("contributorType", None),
    "openaire4.funder": drop("funderName"),
    "openaire4.date": attribute("dateType", "Created"),
    "openaire4.embargo": swap("access_right/c_abf2", "access_right/c_f1cf"),
    "openaire4.type": attribute("resourceTypeGeneral", "article"),
    "openaire4.identifier": attribute("identifierType", "Number"),
    "openaire4.link": say("datacite:identifier", "10.5555/7"),
    "openaire4.access": attribute("rightsURI", "open"),
    "openaire4.licence": drop("licenseCondition"),
    "openaire4.version": drop("version"),
    "openaire4.file": drop("file"),
    "openaire4.file_facts": attribute("mimeType", "PDF"),
    "openaire4.language": say("dc:language", "ky"),
    "openaire4.publisher": drop("dc:publisher"),
    "openaire4.abstract": drop("dc:description"),
    "openaire4.subject": drop("datacite:subject"),
    "openaire4.valid": swap("<datacite:titles>", "<datacite:caption/><datacite:titles>"),
    # RIOXX
    "rioxx.format": swap("<metadataPrefix>rioxx", "<metadataPrefix>rioxx2"),
    "rioxx.root": swap("(</?)rioxx([ >])", r"\1rioxxed\2"),
    "rioxx.identifier": say("dc:identifier", "https://doi.org/10.5555/7"),
    "rioxx.title": swap("<dc:title>", "<dc:title>Дагы бир</dc:title><dc:title>"),
    "rioxx.type": say("dc:type", "article"),
    "rioxx.language": drop("dc:language"),
    "rioxx.creator": drop("t:name"),
    "rioxx.first_author": attribute("first-named-author", None),
    "rioxx.agent_identifier": say("t:id", "0000-0002-1825-0097"),
    "rioxx.source": say("dc:source", "Манас журналы"),
    "rioxx.file": attribute("rel", "cite-as"),
    "rioxx.relation": attribute("rel", None),
    "rioxx.file_link": say("dc:relation", "manas.pdf"),
    "rioxx.file_access": attribute("access_rights", "open"),
    "rioxx.file_licence": attribute("license_ref", None),
    "rioxx.file_dates": attribute("deposit_date", "1 May 2024"),
    "rioxx.elsewhere": attribute("coar_type", None),
    "rioxx.grant": attribute("funder_name", None),
    "rioxx.dates": say("t:publication_date", "May 2024"),
    "rioxx.published": drop("t:publication_date"),
    "rioxx.abstract": drop("dc:description"),
    "rioxx.plain": say("dc:description", "&lt;p&gt;Манас&lt;/p&gt;"),
} | {f"{key}.harvest": second_page_broken for key in BOOKS}
# Judged only where schemas are given; it has a test of its own.
APART = {"oai.valid", "openaire4.valid"}


def test_every_rule_has_its_breakage():
    assert set(RULES) | {f"{key}.harvest" for key in BOOKS} == set(BREAKS)


def test_names_of_rules_are_unique():
    assert len(RULES) == len(set(RULES))


@pytest.mark.parametrize("key", BOOKS)
def test_a_good_repository_keeps_every_rule_of_the_book(examine, key):
    rules = [rule for rule in BREAKS if rule.startswith(f"{key}.") and rule not in APART]
    found = examine(*rules, most=None)
    assert {one: (finding.state, finding.reason or finding.problem) for one, finding in
            found.items() if finding.state != "passed"} == {}  # fmt: skip


@pytest.mark.parametrize("rule", [one for one in BREAKS if one not in APART])
def test_what_breaks_a_rule_is_seen_and_said(examine, rule):
    finding = examine(rule, spoil=BREAKS[rule], most=None if ".harvest" in rule else 12)[rule]
    assert finding.state == "failed", finding.reason
    assert finding.problem and "%(" not in finding.problem
    if finding.rule.of_records and ".harvest" not in rule:
        assert finding.offences
        assert all(one.identifier and one.problem for one in finding.offences)


@pytest.mark.parametrize(
    ("text", "twice"),
    [
        ("Манас", False),
        ("Манас".encode().decode("latin-1"), True),
        ("Göttingen", False),
        ("GÃ¶ttingen", True),
        ("café", False),
        ("plain", False),
        ("", False),
    ],
)
def test_text_encoded_twice_is_told_from_text_that_is_not(text, twice):
    assert encoded_twice(text) is twice


@pytest.mark.parametrize(
    ("rule", "namespace", "file"),
    [
        ("oai.valid", "http://www.openarchives.org/OAI/2.0/oai_dc/", "oai_dc.xsd"),
        ("openaire4.valid", "http://namespace.openaire.eu/schema/oaire/", "oaire/openaire.xsd"),
    ],
)
def test_what_breaks_its_schema_is_seen_where_the_schema_is_at_hand(
    examine, shared_schemas, rule, namespace, file
):
    schemas = {namespace: shared_schemas / file}
    assert examine(rule)[rule].state == "unjudged"
    kept = examine(rule, schemas=schemas)[rule]
    assert kept.state == "passed", kept.problem
    finding = examine(rule, spoil=BREAKS[rule], schemas=schemas)[rule]
    assert finding.state == "failed" and "caption" in finding.problem
