"""Sets: the collections, nested as they are."""

from collections.abc import Iterator

from lxml import etree
from sqlalchemy import select
from sqlalchemy.orm import Session

from oai.envelope import oai
from oai.formats import oai_dc
from repository import collections
from repository.models.collections import Collection


def elements(session: Session, language: str) -> Iterator[etree._Element]:
    """A `set` element for every collection; its name in `language`, its description in all."""
    for one in collections.everything(session):
        yield oai(
            "set",
            oai("setSpec", one.spec),
            oai("setName", one.name(language)),
            oai("setDescription", _description(one)),
        )


def _description(one: Collection) -> etree._Element:
    return oai_dc.whole(
        *(oai_dc.dc("title", said, language=code) for code, said in one.names.items()),
        *(oai_dc.dc("description", said, language=code) for code, said in one.descriptions.items()),
    )


def specs(session: Session) -> set[str]:
    """All setSpecs that there are now."""
    return {one.spec for one in session.scalars(select(Collection))}
