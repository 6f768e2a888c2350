"""/deposit/<number>/receipt: the paper that says what was deposited, when, and on which terms."""

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue
from flask_babel import force_locale

from repository.access import Action
from repository.clock import now
from repository.errors import NotAllowed
from repository.models.accounts import Account
from repository.printing import receipt, wording
from repository.web import permits, words
from repository.web.current import archive, reading, viewer
from repository.web.guard import role
from schemas import vocabulary
from schemas.roles import Role

blueprint = Blueprint("receipts", __name__, url_prefix="/deposit/<int:number>/receipt")


@blueprint.get("")
@role(Role.DEPOSITOR)
def show(number: int) -> ResponseReturnValue:
    """The receipt as a PDF, in the language of the page or the one that is asked for."""
    work = permits.work(reading(), number, Action.COMMENT)
    if work.submitted is None:
        raise NotAllowed("There is a receipt as soon as the work has been sent to the library.")
    owner = reading().get(Account, work.owner_id) if work.owner_id else None
    asked = request.args.get("language", "")
    language = asked if asked in vocabulary.INTERFACE else words.language()
    settings = archive().settings
    with force_locale(language):
        made = receipt.pdf(
            work,
            depositor=owner.name if owner else viewer().name,
            settings=settings,
            language=language,
            today=wording.here(now(), settings),
        )
    answer = Response(made, content_type="application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="receipt-{number}.pdf"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
