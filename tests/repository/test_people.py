"""Records of people: whose names they take, who decides, what follows the document."""

import pytest
from sqlalchemy import select

from repository import author_merging, catalogue, comparing, credits, linking, people, people_lists
from repository.clock import now
from repository.errors import Conflict, Invalid, NotFound
from repository.models.people import Credit, Standing
from repository.models.trust import Entry
from repository.viewers import SYSTEM, Viewer
from schemas.vocabulary import State
from schemas.work import Unfit

ORCID, OTHER = "0000-0002-1825-0097", "0000-0001-5109-3700"
FORM = {"family": "Кыдыралиев", "given": "Асан", "patronymic": "Токтоевич"}
LATIN = {"family": "Kydyraliyev", "given": "A."}
STAFF = Viewer(name="Cataloguer")


@pytest.fixture
def session(any_archive):
    with any_archive.writing() as opened:
        yield opened


def keep(session, *agents, state=State.PUBLISHED, title="Glacier lakes"):
    document = {
        "titles": [{"text": title, "kind": "main"}],
        "creators": [{"kind": "person", **one} for one in agents],
    }
    work = catalogue.draft(session, document, actor=SYSTEM)
    work.state = state
    session.flush()
    return work


def record(session, *forms, **more):
    return people.create(session, {"forms": list(forms or (FORM,)), **more}, actor=STAFF)


def rows(session, work):
    session.flush()
    query = select(Credit).where(Credit.work_id == work.id).order_by(Credit.position)
    return list(session.scalars(query))


def logged(session):
    session.flush()
    return [one[0]["kind"] for one in session.info.get("audit", ())]


def test_a_name_in_another_script_is_suggested_with_reasons(session):
    author = record(session)
    (row,) = rows(session, keep(session, LATIN))
    assert (row.author_id, row.standing, row.score) == (author.id, Standing.SUGGESTED, 55)
    assert row.reasons == ["family", "given-initial"]


def test_a_record_made_later_finds_the_works_that_are_there(session):
    work = keep(session, LATIN, {"family": "Smith", "given": "John"})
    author = record(session)
    assert [row.author_id for row in rows(session, work)] == [author.id, None]


def test_the_same_orcid_makes_it_sure_and_is_logged(session):
    author = record(session, orcid=ORCID)
    (row,) = rows(session, keep(session, {**LATIN, "orcid": f"https://orcid.org/{ORCID}"}))
    assert (row.standing, row.score, row.decided_by) == (Standing.CONFIRMED, 100, "ORCID")
    assert row.author_id == author.id and logged(session).count("author.linked") == 1


def test_the_orcid_of_somebody_with_another_name_only_suggests(session):
    record(session, orcid=ORCID)
    (row,) = rows(session, keep(session, {"family": "Smith", "given": "John", "orcid": ORCID}))
    assert (row.standing, row.reasons) == (Standing.SUGGESTED, ["orcid"])


def test_another_orcid_is_another_person(session):
    record(session, orcid=ORCID)
    (row,) = rows(session, keep(session, {**FORM, "orcid": OTHER}))
    assert row.standing == Standing.OPEN and row.author_id is None


def test_two_records_that_fit_alike_say_so(session):
    record(session), record(session)
    assert "several" in rows(session, keep(session, FORM))[0].reasons


def test_organisations_and_nameless_agents_have_no_row(session):
    work = keep(session, {"kind": "organisation", "name": "Academy"}, {"email": "a"}, LATIN)
    assert [row.position for row in rows(session, work)] == [2]


def test_what_was_decided_follows_the_name_through_the_document(session):
    author = record(session)
    work = keep(session, LATIN, state=State.DRAFT)
    linking.confirm(session, author, [rows(session, work)[0].id], actor=STAFF)
    agents = [{"family": "Smith", "given": "J."}, {**LATIN, "family": "Kydyraliev"}]
    catalogue.save(session, work, {**work.document, "creators": agents}, actor=SYSTEM)
    smith, row = rows(session, work)
    assert smith.author_id is None
    assert (row.position, row.author_id, row.standing) == (1, author.id, Standing.CONFIRMED)
    catalogue.save(session, work, {**work.document, "creators": agents[:1]}, actor=SYSTEM)
    assert [row.author_id for row in rows(session, work)] == [None]


def test_confirming_adds_the_spelling_of_public_works_only(session):
    author = record(session)
    public, draft = keep(session, LATIN), keep(session, {**LATIN, "given": "Asan"}, state="draft")
    numbers = [row.id for work in (public, draft) for row in rows(session, work)]
    assert linking.confirm(session, author, numbers, actor=STAFF) == 2
    assert [one.family for one in author.forms] == ["Кыдыралиев", "Kydyraliyev"]
    assert "author.linked" in logged(session)
    assert public.document["creators"][0]["family"] == "Kydyraliyev"


def test_what_was_refused_is_not_offered_again(session):
    author = record(session)
    work = keep(session, FORM)
    assert linking.refuse(session, author, [rows(session, work)[0].id], actor=STAFF) == 1
    credits.offer(session, author.id)
    assert rows(session, work)[0].standing == Standing.OPEN
    assert "author.unlinked" in logged(session)
    linking.confirm(session, author, [rows(session, work)[0].id], actor=STAFF)
    assert rows(session, work)[0].refused == []


def test_a_record_is_checked_at_the_border(session):
    wrong = {
        "forms": [{"language": "ky"}],
        "orcid": "0000-0002-1825-0098",
        "affiliations": [{"name": "KNU", "since": "2010", "until": "2001", "ror": "http://a.org"}],
        "identifiers": [{"scheme": "url", "value": "no address"}],
    }
    with pytest.raises(Unfit) as caught:
        people.create(session, wrong, actor=STAFF)
    assert {"forms.0.family", "orcid", "identifiers.0.value"} <= set(caught.value.errors)
    assert any(path.startswith("affiliations.0") for path in caught.value.errors)
    with pytest.raises(Unfit):
        people.create(session, {}, actor=STAFF)


def test_one_orcid_has_one_record_and_one_editor_wins(session):
    first, second = record(session, orcid=ORCID), record(session)
    with pytest.raises(Conflict, match="has this ORCID"):
        people.edit(session, second, {"forms": [FORM], "orcid": ORCID}, actor=STAFF)
    seen = first.revision
    given = people.described(first)
    people.edit(session, first, {**given, "notes": "Тема"}, actor=STAFF, revision=seen)
    session.flush()
    with pytest.raises(Conflict, match="changed this record"):
        people.edit(session, first, given, actor=STAFF, revision=seen)
    before = logged(session).count("author.changed")
    people.edit(session, first, people.described(first), actor=STAFF)
    assert logged(session).count("author.changed") == before == 1
    with pytest.raises(NotFound):
        people.get(session, 2**40)


def test_a_record_is_linked_to_an_account(archive, person):
    owner = person(email="owner@example.org")
    with archive.writing() as session:
        given = {"forms": [FORM]}
        author = people.create(session, given, actor=STAFF, account="Owner@example.org ")
        assert author.account_id == owner.id
        assert [one.id for one in people_lists.suggestions(session, "Kyd", owner.id)]
        assert not people_lists.suggestions(session, "Kyd", None)
        with pytest.raises(Invalid):
            people.edit(session, author, given, actor=STAFF, account="nobody@example.org")


@pytest.mark.parametrize(
    "text", ["Кыдыралиев", "kydyraliyev asan", "Асан Кыд", "Kydyrali", "Toktoevich", ORCID]
)
def test_a_record_is_found_in_any_script(session, text):
    author = record(session, orcid=ORCID)
    record(session, {"family": "Smith", "given": "John"})
    found, more = people_lists.search(session, text)
    assert ([one.author.id for one in found], more) == ([author.id], False)


def test_names_without_a_record_are_listed_by_their_works(session):
    keep(session, FORM, LATIN)
    keep(session, {**FORM, "family": "Kydyraliev", "given": "Asan", "patronymic": "Toktoevich"})
    keep(session, {"family": "Hidden"}, state=State.DRAFT)
    found, more = people_lists.unlinked(session)
    assert [(one.works, len(one.names)) for one in found] == [(2, 2), (1, 1)] and not more
    assert [one.works for one in people_lists.unlinked(session, "kydyral")[0]] == [2, 1]
    assert len(people_lists.of_sound(session, found[0].sound)) == 2
    author = record(session)
    assert people_lists.guesses(session, found[0].sound)[0][0].id == author.id


def test_suggestions_are_of_public_records_and_say_public_facts(session):
    places = [
        {"name": "KNU", "since": "2001", "until": "2010"},
        {"name": "Academy", "since": "2010"},
    ]
    author = record(session, affiliations=places, notes="secret")
    assert people_lists.suggestions(session, "кыдыр", None) == []
    work = keep(session, LATIN)
    linking.confirm(session, author, [rows(session, work)[0].id], actor=STAFF)
    (found,) = people_lists.suggestions(session, "кыдыр", None)
    told = people_lists.told(found)
    assert told["affiliation"] == "Academy" and set(told) == {"forms", "orcid", "affiliation"}
    assert people_lists.suggestions(session, "k", None) == []


def both(session):
    mine = record(session, FORM, orcid=ORCID, notes="Бир", affiliations=[{"name": "KNU"}])
    form = {"family": "Кыдыралиев", "given": "А."}
    theirs = record(session, form, LATIN, orcid=OTHER, notes="Эки", affiliations=[{"name": "AUCA"}])
    works = [keep(session, FORM), keep(session, LATIN)]
    for author, work in zip((mine, theirs), works, strict=True):
        linking.confirm(session, author, [rows(session, work)[0].id], actor=STAFF)
    return mine, theirs, works


def test_two_records_become_one_and_works_keep_their_words(session):
    mine, theirs, works = both(session)
    preferred = next(one.id for one in theirs.forms if one.family == "Kydyraliyev")
    with pytest.raises(Invalid, match="Both have an ORCID"):
        author_merging.merge(session, mine, theirs, actor=STAFF)
    author_merging.merge(session, mine, theirs, actor=STAFF, preferred=preferred, orcid=OTHER)
    assert mine.name == "Kydyraliyev, A." and len(mine.forms) == 3
    assert (mine.orcid, theirs.orcid) == (OTHER, None)
    assert [(one.scheme, one.value) for one in mine.identifiers] == [("orcid", ORCID)]
    assert [one.name for one in mine.affiliations] == ["KNU", "AUCA"]
    assert mine.notes == "Бир\n\nЭки"
    assert {rows(session, work)[0].author_id for work in works} == {mine.id}
    assert works[1].document["creators"][0]["family"] == "Kydyraliyev"
    assert people.living(session, theirs.id).id == mine.id
    assert [one.author.id for one in people_lists.search(session, "Kydyral")[0]] == [mine.id]
    assert "author.merged" in logged(session)
    for pair in ((mine, theirs), (mine, mine)):
        with pytest.raises(Invalid):
            author_merging.check(*pair)


def test_a_merge_is_undone_within_its_time(session):
    mine, theirs, works = both(session)
    before = [people.described(one) for one in (mine, theirs)]
    merged = author_merging.merge(session, mine, theirs, actor=STAFF, orcid=ORCID)
    later = keep(session, {"family": "Kydyraliyev", "given": "Asan"})
    linking.confirm(session, mine, [rows(session, later)[0].id], actor=STAFF)
    assert author_merging.undo(session, merged, actor=STAFF) is theirs
    after = [people.described(one) for one in (mine, theirs)]
    assert after[1] == before[1]
    learnt = {"family": "Kydyraliyev", "given": "Asan"}
    assert after[0] == {**before[0], "forms": [*before[0]["forms"], learnt]}
    owners = [rows(session, work)[0].author_id for work in (*works, later)]
    assert owners == [mine.id, theirs.id, mine.id]
    assert author_merging.of(session, mine) == author_merging.of(session, theirs) == [merged]
    with pytest.raises(Conflict):
        author_merging.undo(session, merged, actor=STAFF)


def test_a_merge_of_long_ago_stays(session):
    mine, theirs, _ = both(session)
    merged = author_merging.merge(session, mine, theirs, actor=STAFF, orcid=ORCID)
    merged.moment = now() - author_merging.UNDOABLE * 1.01
    assert not author_merging.undoable(merged)
    with pytest.raises(Conflict):
        author_merging.undo(session, author_merging.get(session, merged.id), actor=STAFF)
    with pytest.raises(NotFound):
        author_merging.get(session, 10**6)


def test_a_record_of_two_people_is_split(session):
    author = record(session, FORM, LATIN)
    works = [keep(session, FORM), keep(session, LATIN)]
    numbers = [rows(session, work)[0].id for work in works]
    linking.confirm(session, author, numbers, actor=STAFF)
    for nothing in ([], [10**6]):
        with pytest.raises(Invalid):
            linking.split(session, author, nothing, [], actor=STAFF)
    with pytest.raises(Invalid, match="must stay"):
        every = [one.id for one in author.forms]
        linking.split(session, author, numbers, every, actor=STAFF)
    made = linking.split(session, author, numbers[1:], [author.forms[1].id], actor=STAFF)
    assert (author.name, made.name) == ("Кыдыралиев, Асан Токтоевич", "Kydyraliyev, A.")
    assert [rows(session, work)[0].author_id for work in works] == [author.id, made.id]
    assert "author.split" in logged(session)


def test_works_from_before_get_their_rows_from_the_worker(archive):
    with archive.writing() as session:
        work = keep(session, FORM)
        for row in rows(session, work):
            session.delete(row)
    comparing.compare(archive)
    with archive.reading() as session:
        assert len(rows(session, work)) == 1


def test_each_change_is_in_the_audit_log(archive):
    with archive.writing() as session:
        record(session, orcid=ORCID)
    with archive.reading() as session:
        kinds = session.scalars(select(Entry.kind)).all()
    assert kinds == ["author.created"]
