"""The work that a page is about, if its viewer may do what the page is for."""

from sqlalchemy.orm import Session

from repository import access, catalogue
from repository.access import Action
from repository.errors import Forbidden, NotFound
from repository.models.works import Work
from repository.web.current import viewer


def work(session: Session, number: int, action: Action) -> Work:
    """The work of that number; NotFound where the viewer may not even know of it."""
    found = catalogue.get(session, number)
    if not access.decide(viewer(), Action.SEE, found):
        raise NotFound("There is no work %(number)s.", number=number)
    if not access.decide(viewer(), action, found):
        raise Forbidden("You may not see or do this.")
    return found
