"""Sets: the collections, nested as they are, and sets by what works are.

`openaire` is what OpenAIRE's guidelines ask for (open works, and works of funded projects),
`driver` its forerunner's, `open_access` what BASE and DINI look for. `type:<kind>` and
`year:<yyyy>` are for whoever wants a part; `type` and `year` are their parents. Whatever changes
where a work belongs is a change of its record: what has left a set is deleted there.
"""

from collections.abc import Iterator, Mapping
from functools import cache

from lxml import etree
from sqlalchemy import select
from sqlalchemy.orm import Session

from oai.envelope import oai
from oai.formats import oai_dc
from repository import collections, elsewhere, mail
from repository.models.collections import Collection
from repository.models.works import Work
from repository.records import EXPOSED, Record
from schemas import vocabulary
from schemas import work as profile


def _(sentence: str) -> str:
    """Marks a sentence for translation."""
    return sentence


# What was harvested elsewhere and is shared, with a set below it for each source.
LENT = "harvested"
# setSpec, name, description. No collection may have such a slug.
FIXED = {
    "openaire": ("OpenAIRE", _("Works open to everybody, and works of funded projects")),
    "driver": ("DRIVER", _("Works open to everybody, as the DRIVER guidelines name them")),
    "open_access": (_("Open access"), _("Works with a file that everybody may open")),
    "type": (_("By kind"), _("Works by kind; each kind is a set of its own")),
    "year": (_("By year"), _("Works by the year in which they came out")),
}


def of(record: Record) -> tuple[str, ...]:
    """All sets that a public work is in, with the sets above them, sorted."""
    document = record.document
    found = {*record.sets, "type", f"type:{profile.work_type(document).key}"}
    if record.access_right == "open":
        found |= {"open_access", "driver", "openaire"}
    if any("award" in grant for grant in document.get("funding", ())):
        found.add("openaire")
    year = profile.year(document)
    if year is not None:
        found |= {"year", f"year:{year:04}"}
    return tuple(sorted(found))


def elements(session: Session, language: str) -> Iterator[etree._Element]:
    """A `set` element for every set; its name in `language`, its description in all."""
    for one in collections.everything(session):
        yield _set(one.spec, one.name(language), one.names, one.descriptions)
    yield from _lent(session, language)
    kinds, years = _kinds_and_years(session)
    if not kinds:
        return
    for spec, (name, description) in FIXED.items():
        yield _set(spec, _say(name, language), _in_all(name), _in_all(description))
        if spec == "type":
            for kind in kinds:
                label = vocabulary.TYPES[kind].label
                yield _set(f"type:{kind}", _say(label, language), _in_all(label), {})
        if spec == "year":
            for year in years:
                yield _set(f"year:{year:04}", str(year), {}, {})


def _lent(session: Session, language: str) -> Iterator[etree._Element]:
    """The sets of what was harvested elsewhere and is shared."""
    shared = elsewhere.shared(session)
    if shared:
        name = _("Works of other libraries")
        says = _("Records harvested from other repositories, each with its provenance")
        yield _set(LENT, _say(name, language), _in_all(name), _in_all(says))
    for one in shared:
        yield _set(f"{LENT}:{one.slug}", one.name, {}, {})


def _set(
    spec: str, name: str, names: Mapping[str, str], descriptions: Mapping[str, str]
) -> etree._Element:
    described = [
        *(oai_dc.dc("title", said, language=code) for code, said in names.items()),
        *(oai_dc.dc("description", said, language=code) for code, said in descriptions.items()),
    ]
    description = oai("setDescription", oai_dc.whole(*described)) if described else None
    return oai("set", oai("setSpec", spec), oai("setName", name), description)


def _kinds_and_years(session: Session) -> tuple[list[str], list[int]]:
    """The kinds of works that there are or were, and their years."""
    public = Work.state.in_(EXPOSED)
    kinds = session.scalars(select(Work.type).where(public).distinct()).all()
    years = session.scalars(select(Work.year).where(public).distinct()).all()
    order = list(vocabulary.TYPES)
    return sorted(kinds, key=order.index), sorted(filter(None, years), reverse=True)


def specs(session: Session) -> set[str]:
    """All setSpecs that there are now."""
    found = {one.spec for one in session.scalars(select(Collection))}
    shared = elsewhere.shared(session)
    if shared:
        found |= {LENT, *(f"{LENT}:{one.slug}" for one in shared)}
    kinds, years = _kinds_and_years(session)
    if kinds:
        found |= {*FIXED, *(f"type:{kind}" for kind in kinds), *(f"year:{one:04}" for one in years)}
    return found


def _in_all(sentence: str) -> dict[str, str]:
    return {code: _say(sentence, code) for code in vocabulary.INTERFACE}


@cache
def _say(sentence: str, language: str) -> str:
    return mail.translations(language).gettext(sentence)
