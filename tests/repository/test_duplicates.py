"""Works that are likely the same are found, and only by those who may know of them."""

import pytest
from sqlalchemy.orm import Session

from repository import catalogue, duplicates
from repository.duplicates import Why
from repository.viewers import ANONYMOUS, SYSTEM
from schemas.roles import Role
from schemas.vocabulary import State

TITLE = "Glacier lakes of the northern Tien Shan"
AUTHOR = {"kind": "person", "family": "Осмонова", "given": "Айгүл"}


def keep(session: Session, *, state: State = State.PUBLISHED, sha512: str = "", **document):
    work = catalogue.draft(session, document, actor=SYSTEM)
    if sha512:
        catalogue.attach(
            session, work, name="a.pdf", size=1, sha512=sha512, media_type="a/b", staged="x"
        )
    work.state = state
    session.flush()
    return work


def titled(text: str, **more):
    return {"titles": [{"text": text, "kind": "main"}], **more}


def found(session: Session, document, viewer=SYSTEM, **more):
    return [
        (one.work.id, one.why) for one in duplicates.find(session, document, viewer=viewer, **more)
    ]


@pytest.fixture
def session(any_archive):
    with any_archive.writing() as opened:
        yield opened


def test_the_same_title_is_found_whatever_its_case_and_marks(session):
    work = keep(session, **titled(f"«{TITLE}»"))
    assert found(session, titled(TITLE.upper() + ".")) == [(work.id, Why.TITLE)]


def test_a_short_title_says_too_little(session):
    keep(session, **titled("Введение"))
    assert found(session, titled("Введение")) == []


def test_nearly_the_same_title_counts_when_an_author_is_the_same(session):
    work = keep(session, **titled(TITLE, creators=[AUTHOR]))
    nearly = TITLE.replace("northern", "Northern ").replace("Glacier", "Glacial")
    assert found(session, titled(nearly)) == []
    assert found(session, titled(nearly, creators=[AUTHOR])) == [(work.id, Why.TITLE)]
    other = titled("Birds of the southern shore of Issyk-Kul", creators=[AUTHOR])
    assert found(session, other) == []


@pytest.mark.parametrize(
    ("scheme", "kept", "typed"),
    [
        ("doi", "10.5555/ab.1", "https://doi.org/10.5555/AB.1"),
        ("isbn", "9789967234567", "978-9967-23-456-7"),
    ],
)
def test_an_identifier_is_compared_in_its_normal_form(session, scheme, kept, typed):
    work = keep(session, identifiers=[{"scheme": scheme, "value": kept}])
    same = {"identifiers": [{"scheme": scheme, "value": typed}]}
    assert found(session, same) == [(work.id, Why.IDENTIFIER)]
    assert found(session, {"identifiers": [{"scheme": scheme, "value": "half"}]}) == []


def test_a_journal_number_names_no_single_work(session):
    issn = {"identifiers": [{"scheme": "issn", "value": "1694-5220"}]}
    keep(session, **issn)
    assert found(session, issn) == []


def test_the_same_file_is_found_and_comes_first(session):
    same_title = keep(session, **titled(TITLE))
    same_file = keep(session, sha512="ab" * 64)
    answer = found(session, titled(TITLE), sha512s=["ab" * 64])
    assert answer == [(same_file.id, Why.FILE), (same_title.id, Why.TITLE)]


def test_a_work_is_no_duplicate_of_itself(session):
    work = keep(session, sha512="ab" * 64, **titled(TITLE))
    assert found(session, titled(TITLE), sha512s=["ab" * 64], apart_from=work.id) == []


@pytest.mark.parametrize("state", [State.REJECTED, State.WITHDRAWN])
def test_what_was_not_accepted_or_taken_down_is_no_reason_to_warn(session, state):
    keep(session, state=state, **titled(TITLE))
    assert found(session, titled(TITLE)) == []


def test_drafts_of_others_stay_secret(session):
    keep(session, state=State.DRAFT, sha512="ab" * 64, **titled(TITLE))
    assert found(session, titled(TITLE), viewer=ANONYMOUS, sha512s=["ab" * 64]) == []


def test_a_depositor_is_reminded_of_drafts_of_their_own(archive, person):
    author = person(Role.DEPOSITOR)
    with archive.writing() as session:
        work = catalogue.draft(session, titled(TITLE), actor=author)
        assert found(session, titled(TITLE), viewer=author) == [(work.id, Why.TITLE)]


def test_at_most_a_handful_is_shown(session):
    for _ in range(9):
        keep(session, **titled(TITLE))
    assert len(found(session, titled(TITLE))) == duplicates.MOST
