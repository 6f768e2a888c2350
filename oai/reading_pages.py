"""/oai/browse: what harvesters are told, as pages for people. No XSLT and no script is needed.

The answers are those of /oai, with shorter pages of lists. What people read here is no harvest and
is not noted as one.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from oai import answers, envelope, identifiers, tokens, verbs, views
from oai.answers import Shown
from oai.views import Pairs
from repository.web import words
from repository.web.current import archive
from repository.web.guard import public

reading = Blueprint("reading", __name__)

# Records on a page: more than that nobody reads, fewer is much turning of pages.
PAGE = 25
FORMAT = "oai_dc"
LIST_FORMATS = ("verb", "ListMetadataFormats")
STATUS = {"": 200, "noRecordsMatch": 200, "noSetHierarchy": 200, "noMetadataFormats": 200}
STATUS |= {"idDoesNotExist": 404, "cannotDisseminateFormat": 404}


def _(sentence: str) -> str:
    """Marks a sentence for translation."""
    return sentence


# What went wrong, for people; what the protocol says of it stands beside.
ERRORS = {
    "badVerb": _("There is no such question."),
    "badArgument": _("The question is not complete, or holds something that does not belong."),
    "badResumptionToken": _("This page of the list cannot be found. Begin the list again."),
    "cannotDisseminateFormat": _("There is nothing in this format."),
    "idDoesNotExist": _("There is no such record."),
    "noRecordsMatch": _("No records match. Try another set or a longer time."),
    "noMetadataFormats": _("This record was withdrawn; nothing but its header is left."),
    "noSetHierarchy": _("There are no sets yet."),
}
# What Identify says, in words.
FACTS = {
    "repositoryName": _("Name"),
    "baseURL": _("Address for harvesters"),
    "protocolVersion": _("Version of the protocol"),
    "adminEmail": _("Contact"),
    "earliestDatestamp": _("Earliest change"),
    "deletedRecord": _("Records of withdrawn works"),
    "granularity": _("Precision of dates"),
    "compression": _("Compression"),
}
SAID = {
    ("deletedRecord", "persistent"): _("kept for good, marked as deleted"),
    ("granularity", "YYYY-MM-DDThh:mm:ssZ"): _("to the second"),
}


@reading.get("/oai/browse")
@public
def show() -> ResponseReturnValue:
    """The answer to the arguments of the address; without a verb, where to begin."""
    pairs = _pairs()
    given = dict(pairs)
    verb = given.get("verb", "")
    asked = pairs if verb else [("verb", "Identify")]
    shown = _ask(asked)
    if shown.error:
        page = render_template(
            "reading/error.html", says=ERRORS.get(shown.error, ""), **_context(asked, shown)
        )
        return page, STATUS.get(shown.error, 400)
    template = TEMPLATES.get(verb, "reading/index.html")
    return render_template(template, **{**_context(asked, shown), **_more(verb, given)})


TEMPLATES = {
    "Identify": "reading/index.html",
    "ListMetadataFormats": "reading/formats.html",
    "ListSets": "reading/sets.html",
    "ListRecords": "reading/records.html",
    "ListIdentifiers": "reading/records.html",
    "GetRecord": "reading/record.html",
}


def _pairs() -> Pairs:
    """The arguments; fields of a form that were left empty are no arguments."""
    return [
        (name, value)
        for name, value in views.parse(request.query_string)
        if value and name != "lang"
    ]


def _ask(pairs: Pairs) -> Shown:
    """The answer of the protocol."""
    settings = replace(archive().settings, oai_page=PAGE)
    shorter = replace(archive(), settings=settings)
    pages = current_app.extensions["oai pages"]
    return answers.read(verbs.answer(shorter, pairs, pages=pages).body)


def _context(pairs: Pairs, shown: Shown) -> dict[str, object]:
    plain = urlencode(pairs, errors="surrogateescape")
    return {
        "shown": shown,
        "given": dict(pairs),
        "verb": dict(pairs).get("verb", ""),
        "xml": f"{archive().settings.base_url}/oai?{plain}",
        "ask": ask,
        "work_of": work_of,
        "format": FORMAT if shown.error else dict(pairs).get("metadataPrefix", FORMAT),
    }


def ask(verb: str, **given: str | None) -> str:
    """The address of a question; `from_` is its argument `from`."""
    said: dict[str, Any] = {name.rstrip("_"): value for name, value in given.items() if value}
    return url_for("reading.show", verb=verb, **said)


def work_of(identifier: str) -> int | None:
    """The number of the work that an identifier names."""
    return identifiers.number(archive().settings.oai_host, identifier)


def _more(verb: str, given: Mapping[str, str]) -> dict[str, object]:
    """What a page needs beside its answer: what else may be asked."""
    if verb in ("ListRecords", "ListIdentifiers"):
        formats = [(one.prefix, one.prefix) for one in _ask([LIST_FORMATS]).formats]
        return {**_list(verb, given), "formats": formats, "sets": _sets()}
    if verb == "GetRecord":
        return {"formats": _ask([LIST_FORMATS, ("identifier", given["identifier"])]).formats}
    if verb in ("", "Identify"):
        return {"facts": _facts(), "formats": _ask([LIST_FORMATS]).formats}
    return {}


def _list(verb: str, given: Mapping[str, str]) -> dict[str, object]:
    """What a list was asked by, as days: from the address, or from the token in it."""
    token = given.get("resumptionToken")
    if token is None:
        days = {"since": given.get("from", "")[:10], "until": given.get("until", "")[:10]}
        return {"format": given.get("metadataPrefix"), "spec": given.get("set", ""), **days}
    settings = archive().settings
    query = tokens.unseal((settings.secret_key, *settings.old_secret_keys), token, verb).query
    return {
        "format": query.prefix,
        "spec": query.spec or "",
        "since": "" if query.lower is None else envelope.stamp(query.lower)[:10],
        "until": "" if query.upper is None else envelope.stamp(query.upper)[:10],
    }


def _sets() -> list[tuple[str, str]]:
    """The sets as choices; those below others are set in."""
    found = _ask([("verb", "ListSets")]).sets
    return [(one.spec, "\N{EN SPACE}" * one.depth + one.name) for one in found]


def _facts() -> list[tuple[str, str]]:
    found = []
    for name, said in _ask([("verb", "Identify")]).facts:
        meant = SAID.get((name, said))
        if name == "earliestDatestamp":
            said = words.moment(answers.moment(said))
        found.append((gettext(FACTS.get(name, name)), gettext(meant) if meant else said))
    return found
