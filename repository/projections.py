"""The columns and rows that repeat parts of a work's document, for lists, browsing and checks."""

from collections.abc import Iterable, Iterator

from sqlalchemy import delete, insert
from sqlalchemy.orm import Session

from repository import alphabet, credits, likeness, shelving
from repository.models.life import WorkKey
from repository.models.works import Work, WorkAgent, WorkIdentifier, WorkSubject
from schemas import work as profile


def project(session: Session, work: Work) -> None:
    """Brings the repeating columns and rows of `work` in line with its document."""
    fill(work)
    session.flush()
    shelving.put(session, work.id, work.document)
    _keys(session, work)
    credits.put(session, work)


def fill(work: Work) -> None:
    """The columns and rows that lists and browsing read, not yet flushed."""
    document = work.document
    title = profile.main_title(document)["text"]
    work.title = title
    work.title_key = alphabet.key(title)
    work.type = profile.work_type(document).key
    work.year = profile.year(document)
    work.agents = list(_agents(document))
    work.subjects = list(_subjects(document))
    work.identifiers = [
        WorkIdentifier(scheme=one["scheme"], value=one["value"])
        for one in document.get("identifiers", ())
        if one.get("scheme") and one.get("value")
    ]
    work.compared = None


def _keys(session: Session, work: Work) -> None:
    names = filter(None, map(likeness.family, work.document.get("creators", ())))
    put_keys(session, work.id, likeness.keys(likeness.facts(work.document), names))


def put_keys(session: Session, number: int, keys: Iterable[str]) -> None:
    """Keeps the keys under which works are found that may be the same."""
    session.execute(delete(WorkKey).where(WorkKey.work_id == number))
    rows = [{"work_id": number, "key": key} for key in keys]
    if rows:
        session.execute(insert(WorkKey), rows)


def _agents(document: profile.Document) -> Iterator[WorkAgent]:
    agents = [(True, one) for one in document.get("creators", ())]
    agents += [(False, one) for one in document.get("contributors", ())]
    for position, (creator, agent) in enumerate(agents):
        name = profile.agent_name(agent)
        if name:
            yield WorkAgent(
                position=position,
                role=agent.get("role", "aut" if creator else "ctb"),
                creator=creator,
                name=name,
                key=alphabet.key(name),
                orcid=agent.get("orcid"),
            )


def _subjects(document: profile.Document) -> Iterator[WorkSubject]:
    seen = set()
    for keyword in document.get("keywords", ()):
        key = alphabet.key(keyword["text"])
        if key and key not in seen:
            seen.add(key)
            yield WorkSubject(text=keyword["text"], language=keyword.get("language", ""), key=key)
    for code in document.get("classification", ()):
        if code.get("code"):
            yield WorkSubject(
                scheme=code.get("scheme", ""), text=code["code"], key=alphabet.key(code["code"])
            )
