"""How a deposit of SWORD 2.0 stands, and the addresses of its parts."""

from typing import Any

from flask import url_for

from ingest.sword.atom import Kept, Sent
from repository.errors import NotFound
from repository.models.works import File, Work
from repository.web.current import archive, viewer
from schemas import work as profile
from schemas.vocabulary import State


def url(endpoint: str, **parts: Any) -> str:
    """The whole address of a view."""
    return f"{archive().settings.base_url}{url_for(f'sword.{endpoint}', **parts)}"


def of(work: Work) -> Kept:
    """The deposit as receipts and statements tell of it."""
    if work.state == State.WITHDRAWN:
        raise NotFound("There is no work %(number)s.", number=work.id)
    edit = url("receipt", number=work.id)
    return Kept(
        number=work.id,
        title=profile.main_title(work.document).get("text", ""),
        state=State(work.state),
        edit=edit,
        media=url("media", number=work.id),
        statement=f"{edit}/statement",
        page=f"{archive().settings.base_url}/works/{work.id}",
        changed=work.changed,
        by=viewer().name,
        files=[_file(work, one) for one in work.current_files],
    )


def _file(work: Work, file: File) -> Sent:
    base = archive().settings.base_url
    href = f"{base}{url_for('api.content', number=work.id, file=file.id)}"
    return Sent(href, file.name, file.media_type, file.created)
