"""The deposit without script: every step is a plain form, and no typing is lost."""

import io
import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from ingest import agreement, arrivals
from repository import catalogue, collections, derived
from repository.clock import now
from repository.models.accounts import Letter
from repository.models.works import Event, Work
from schemas.roles import Role
from schemas.vocabulary import State

ARTICLE = "http://purl.org/coar/resource_type/c_6501"
THESIS = "http://purl.org/coar/resource_type/c_db06"
TITLE = "Glacier lakes of the northern Tien Shan and their outburst floods"
FIT = {
    "type": ARTICLE,
    "titles": [{"text": "Тоо", "kind": "main"}],
    "creators": [{"kind": "person", "family": "Осмонова", "role": "aut"}],
    "issued": "2024",
    "languages": ["ky"],
    "licence": "cc-by-4.0",
}


@pytest.fixture
def author(person, enter):
    """A depositor's browser."""
    return enter(person(Role.DEPOSITOR))


@pytest.fixture
def draft(archive, author):
    """Makes a draft of the author's with a document; its number."""

    def make(document=None, *, state=State.DRAFT):
        with archive.writing() as session:
            work = catalogue.draft(session, document or {}, actor=author.viewer)
            work.state = state
            work.submitted = now()
            return work.id

    return make


@pytest.fixture
def kept(archive):
    """Reads a work as the database has it."""

    def read(number):
        with archive.reading() as session:
            work = catalogue.get(session, number)
            assert [len(work.files), len(work.collections)]  # loaded while the session is open
            return work

    return read


def said(page) -> str:
    return " ".join(page.xpath("//main")[0].text_content().split())


def errors(page) -> dict[str, str]:
    """What the page says at its fields."""
    found = page.xpath("//*[starts-with(@id, 'e-')]")
    return {one.get("id")[2:]: " ".join(one.text_content().split()) for one in found}


def number_of(answer) -> int:
    return int(re.search(r"/deposit/(\d+)", answer.headers["Location"])[1])


def start(author, content: bytes | None, name="lakes.pdf"):
    part = {"file": (io.BytesIO(content), name)} if content is not None else {}
    return author.client.post("/deposit/start", data={"csrf_token": author.token(), **part})


# Beginning


def test_a_file_makes_a_draft_with_suggestions_and_fills_in_nothing(author, paper, kept):
    answer = start(author, paper.read_bytes())
    number = number_of(answer)
    assert answer.headers["Location"].endswith(f"/deposit/{number}/about")
    work = kept(number)
    assert (work.state, work.document, work.owner_id) == (State.DRAFT, {}, author.viewer.id)
    assert [(one.name, one.media_type, one.pages) for one in work.files] == [
        ("lakes.pdf", "application/pdf", 2)
    ]
    page = author.get(f"/deposit/{number}/about")
    offers = page.xpath("//section[@class='offers']")[0].text_content()
    for text in (TITLE, "Aigul Osmonova", "10.5555/mr.2024.0012", "remote sensing", "English"):
        assert text in offers
    assert page.xpath("//*[@id='f-titles.0.text']")[0].value.strip() == ""


def test_use_all_fills_in_what_was_left_empty_and_only_that(author, paper, kept):
    number = number_of(start(author, paper.read_bytes()))
    page = author.get(f"/deposit/{number}/about")
    answer = author.send(page, "step", ("use", "all"), {"titles.0.text": "My own title"})
    assert answer.headers["Location"].endswith(f"/deposit/{number}/about")
    document = kept(number).document
    assert document["titles"] == [{"text": "My own title", "kind": "main"}]
    assert [one["family"] for one in document["creators"]] == ["Osmonova", "Toktogulov"]
    assert document["identifiers"] == [{"scheme": "doi", "value": "10.5555/mr.2024.0012"}]
    page = author.get(f"/deposit/{number}/about")
    offers = page.xpath("//section[@class='offers']//dt/text()")
    assert offers == ["Title"], "what was not taken is still offered"
    author.send(page, "step", ("use", "titles"))
    assert kept(number).document["titles"][0]["text"] == TITLE
    assert not author.get(f"/deposit/{number}/about").xpath("//section[@class='offers']")


def test_people_are_offered_where_people_are_written(author, paper, kept):
    number = number_of(start(author, paper.read_bytes()))
    page = author.get(f"/deposit/{number}/people")
    assert page.xpath("//section[@class='offers']//dt/text()") == ["Authors"]
    typed = {"creators.0.family": "Osmonova", "creators.0.given": "Aigul"}
    author.send(page, "step", ("use", "creators"), typed)
    families = [one["family"] for one in kept(number).document["creators"]]
    assert families == ["Osmonova", "Toktogulov"]


def test_one_can_begin_without_a_file(author, kept):
    number = number_of(start(author, None))
    assert kept(number).files == []
    assert "offers" not in author.client.get(f"/deposit/{number}/about").text


HTML = b"<!doctype html><html><body>Sign in</body></html>"


@pytest.mark.parametrize(
    ("name", "content", "status", "reason"),
    [
        ("empty.pdf", b"", 422, "is empty"),
        ("page.pdf", HTML, 422, "HTML page"),
        ("cut.pdf", b"cut", 422, "cut off"),
        ("large.bin", b"x" * 300_000, 413, "larger than 256 KB"),
    ],
)
@pytest.mark.parametrize("script", [False, True])
def test_a_bad_file_is_refused_with_its_reason_and_leaves_nothing(
    chosen, request, name, content, status, reason, script, paper
):
    object.__setattr__(chosen, "upload_limit", 256 * 1024)
    author, archive = request.getfixturevalue("author"), request.getfixturevalue("archive")
    content = paper.read_bytes()[:-800] if content == b"cut" else content
    if script:
        answer = author.client.post(
            f"/deposit/start?name={name}",
            data=content,
            content_type="application/octet-stream",
            headers={"X-CSRFToken": author.token()},
        )
        assert reason in answer.json["error"]
    else:
        answer = start(author, content, name)
        assert reason in errors(author.read(answer))["file"]
    assert answer.status_code == status
    assert list(archive.settings.staging.glob("[0-9a-f]*")) == []
    with archive.reading() as session:
        assert session.scalar(select(func.count()).select_from(Work)) == 0


def test_a_script_sends_the_file_as_it_is_and_is_told_where_to_go(author, paper, kept):
    answer = author.client.post(
        "/deposit/start?name=%D0%A2%D0%BE%D0%BE.pdf",
        data=paper.read_bytes(),
        content_type="application/octet-stream",
        headers={"X-CSRFToken": author.token()},
    )
    number = int(re.search(r"/deposit/(\d+)/about", answer.json["next"])[1])
    assert [one.name for one in kept(number).files] == ["Тоо.pdf"]


def test_files_are_added_and_taken_away(author, draft, kept, paper):
    number = draft()
    page = author.get(f"/deposit/{number}/files")
    both = [(io.BytesIO(paper.read_bytes()), "a.pdf"), (io.BytesIO(b"data"), "a.pdf.txt")]
    author.send(page, "files", ("add", "file"), {"file": both})
    files = kept(number).files
    assert [one.name for one in files] == ["a.pdf", "a.pdf.txt"]
    page = author.get(f"/deposit/{number}/files")
    author.send(page, "files", ("remove", str(files[0].id)))
    assert [one.name for one in kept(number).files] == ["a.pdf.txt"]
    answer = author.send(author.get(f"/deposit/{number}/files"), "files", ("add", "file"))
    assert "Choose a file first" in errors(author.read(answer))["file"]
    answer = author.send(author.get(f"/deposit/{number}/files"), "files")
    assert answer.headers["Location"].endswith("/about")


# The steps


def test_the_steps_lead_from_one_to_the_next(author, draft, kept):
    number = draft()
    page = author.get(f"/deposit/{number}/about")
    typed = {
        "type": ARTICLE,
        "titles.0.text": "Ала-Тоо",
        "languages": ["ky", "en"],
        "issued": "31.05.2024",
        "groups": "host thesis publication",
    }
    answer = author.send(page, "step", typed=typed)
    assert answer.headers["Location"].endswith("/people")
    page = author.get(f"/deposit/{number}/people")
    answer = author.send(page, "step", typed={"creators.0.family": "Осмонова"})
    assert answer.headers["Location"].endswith("/rights")
    page = author.get(f"/deposit/{number}/rights")
    answer = author.send(page, "step", typed={"licence": "cc-by-4.0"})
    assert answer.headers["Location"].endswith("/check")
    assert kept(number).document == {
        "type": ARTICLE,
        "titles": [{"text": "Ала-Тоо", "kind": "main"}],
        "languages": ["ky", "en"],
        "issued": "31.05.2024",
        "creators": [{"kind": "person", "family": "Осмонова", "role": "aut"}],
        "licence": "cc-by-4.0",
    }
    done = author.get(f"/deposit/{number}/check").xpath("//nav[@class='steps']//li[@class='done']")
    assert len(done) == 3


def test_what_is_missing_is_said_at_the_field_and_at_the_top(author, draft, kept):
    number = draft()
    page = author.get(f"/deposit/{number}/about")
    answer = author.send(page, "step", typed={"titles.0.text": "Тоо", "issued": "кечээ"})
    assert answer.status_code == 422
    page = author.read(answer)
    assert set(errors(page)) == {"type", "languages", "issued"}
    links = page.xpath("//*[@role='alert']//a")
    assert {one.get("href") for one in links} == {"#f-type", "#f-languages", "#f-issued"}
    assert any("Date of publication" in one.text_content() for one in links)
    assert kept(number).document["issued"] == "кечээ", "wrong answers are kept too"
    assert page.xpath("//*[@id='f-titles.0.text']")[0].value.strip() == "Тоо"


def test_one_may_jump_to_any_step_and_stop_at_any_time(author, draft, kept):
    number = draft()
    page = author.get(f"/deposit/{number}/about")
    answer = author.send(page, "step", ("go", "rights"), {"titles.0.text": "Тоо"})
    assert answer.headers["Location"].endswith("/rights")
    page = author.get(f"/deposit/{number}/rights")
    answer = author.send(page, "step", ("go", "later"), {"licence": "cc0-1.0"})
    assert answer.headers["Location"].endswith(f"/deposit/{number}")
    assert set(kept(number).document) == {"titles", "licence"}


def test_fields_of_the_kind_of_work_appear_once_it_is_chosen(author, draft):
    number = draft()
    page = author.get(f"/deposit/{number}/about")
    assert page.xpath("//*[@id='thesis']")[0].get("hidden") is not None
    typed = {"type": THESIS, "titles.0.text": "Тоо", "languages": ["ky"], "issued": "2024"}
    answer = author.send(page, "step", typed=typed)
    assert answer.headers["Location"].endswith("/about#f-type")
    page = author.get(f"/deposit/{number}/about")
    assert page.xpath("//*[@id='thesis']")[0].get("hidden") is None
    answer = author.send(page, "step", typed={"thesis.degree": "phd"})
    assert answer.headers["Location"].endswith("/people")
    page = author.get(f"/deposit/{number}/about")
    answer = author.send(page, "step", typed={"type": ARTICLE})
    page = author.read(answer)
    assert page.xpath("//*[@id='thesis']")[0].get("hidden") is None, "what holds something stays"
    assert "Only a thesis has a degree" in errors(page)["thesis.degree"]


def test_rows_are_added_moved_and_removed_by_buttons(author, draft, kept):
    number = draft()

    def press(button, typed=None):
        page = author.get(place[0])
        answer = author.send(page, "step", button, typed)
        place[0] = answer.headers["Location"]

    place = [f"/deposit/{number}/people"]
    press(("add", "creators"), {"creators.0.family": "Б"})
    press(("add", "creators:organisation"), {"creators.1.family": "А"})
    press(("move", "creators.1.up"), {"creators.2.name": "Институт"})
    press(("add", "creators.0.forms"))
    press(("remove", "creators.1"), {"creators.0.forms.0.family": "A"})
    creators = kept(number).document["creators"]
    assert creators == [
        {"kind": "person", "family": "А", "role": "aut", "forms": [{"family": "A"}]},
        {"kind": "organisation", "name": "Институт", "role": "aut"},
    ]


def test_a_title_of_ten_thousand_characters_is_kept_and_refused_clearly(author, draft, kept):
    number = draft({**FIT})
    page = author.get(f"/deposit/{number}/about")
    long = "т" * 10_000
    answer = author.send(page, "step", typed={"titles.0.text": long})
    assert answer.status_code == 422
    page = author.read(answer)
    assert errors(page)["titles.0.text"] == (
        "This is too long: 10000 characters, at most 2000 are kept."
    )
    assert kept(number).document["titles"][0]["text"] == long
    assert page.xpath("//*[@id='f-titles.0.text']")[0].value.strip() == long


def test_an_abstract_in_three_languages_fits_through_the_form(author, draft, kept):
    number = draft({**FIT, "abstracts": [{"text": "а"}, {"text": "б"}, {"text": "в"}]})
    page = author.get(f"/deposit/{number}/about")
    typed = {f"abstracts.{n}.text": "ө" * 20_000 for n in range(3)}
    assert author.send(page, "step", typed=typed).status_code == 303
    assert len(kept(number).document["abstracts"][2]["text"]) == 20_000


def test_a_work_of_three_thousand_authors_fits_through_the_form(author, draft, kept):
    number = draft(FIT)
    names = ("kind", "family", "given", "patronymic", "orcid", "role", "affiliations.0.name")
    form = {f"creators.{n}.{name}": "" for n in range(3000) for name in names}
    form |= {f"creators.{n}.family": f"Автор {n}" for n in range(3000)}
    form |= {"csrf_token": author.token(), "revision": str(kept(number).revision)}
    assert author.client.post(f"/deposit/{number}/people", data=form).status_code == 303
    assert len(kept(number).document["creators"]) == 3000


def test_control_characters_are_removed_with_a_note(author, draft, kept):
    number = draft()
    page = author.get(f"/deposit/{number}/about")
    author.send(page, "step", ("go", "about"), {"titles.0.text": "Т\x00о\x1bо"})
    assert kept(number).document["titles"][0]["text"] == "Тоо"
    assert "Control characters were removed" in said(author.get(f"/deposit/{number}/about"))


@pytest.mark.parametrize(
    ("step", "typed", "field", "sentence"),
    [
        ("people", {"creators.0.orcid": "0000-0002-1825-0098"}, "creators.0.orcid", "check digit"),
        ("about", {"identifiers.0.value": "11.1/x"}, "identifiers.0.value", "not a DOI"),
        (
            "about",
            {"identifiers.0.scheme": "isbn", "identifiers.0.value": "978-9967-23-456-8"},
            "identifiers.0.value",
            "check digit",
        ),
        ("about", {"type": "http://example.org/poem"}, "type", "not one of the choices"),
        ("about", {"other_language": "klingon"}, "languages", "not a language code"),
        ("rights", {"licence": "mine"}, "licence", "not one of the choices"),
    ],
)
def test_a_wrong_answer_is_explained_at_its_field(author, draft, step, typed, field, sentence):
    number = draft(FIT)
    answer = author.send(author.get(f"/deposit/{number}/{step}"), "step", typed=typed)
    assert answer.status_code == 422
    assert sentence in errors(author.read(answer))[field]


def test_a_likely_duplicate_is_named_without_script_too(author, draft):
    first, second = draft({**FIT, "titles": [{"text": TITLE, "kind": "main"}]}), draft()
    page = author.get(f"/deposit/{second}/about")
    author.send(page, "step", ("go", "about"), {"titles.0.text": TITLE})
    page = author.get(f"/deposit/{second}/about")
    assert page.xpath("//*[@data-duplicates]//a/@href") == [f"/works/{first}"]


# Two editors


def test_of_two_tabs_one_wins_and_the_other_loses_no_typing(author, draft, kept):
    number = draft({**FIT, "edition": "1"})
    one, other = (author.get(f"/deposit/{number}/about") for _ in range(2))
    author.send(one, "step", typed={"titles.0.text": "Биринчи", "groups": "host"})
    typed = {"titles.0.text": "Экинчи", "abstracts.0.text": "Узун текст"}
    answer = author.send(other, "step", typed=typed)
    assert answer.status_code == 409
    page = author.read(answer)
    text = said(page)
    for part in ("Somebody else has changed this work", "Биринчи", "Экинчи", "Узун текст"):
        assert part in text
    assert kept(number).document["titles"][0]["text"] == "Биринчи"
    author.send(page, "step", typed={"groups": "host"})
    document = kept(number).document
    assert document["titles"][0]["text"] == "Экинчи"
    assert document["abstracts"] == [{"text": "Узун текст"}]


def test_the_same_form_sent_twice_is_no_conflict(author, draft, kept):
    number = draft(FIT)
    page = author.get(f"/deposit/{number}/about")
    typed = {"titles.0.text": "Тоолор", "groups": "host thesis publication"}
    for _ in range(2):
        answer = author.send(page, "step", typed=typed)
        assert answer.headers["Location"].endswith("/people")


def test_typing_into_a_work_that_was_sent_from_another_tab_is_shown_not_lost(author, draft, kept):
    number = draft(FIT)
    page = author.get(f"/deposit/{number}/about")
    check = author.get(f"/deposit/{number}/check")
    author.send(check, "check", typed={"agreement": agreement.VERSION})
    answer = author.send(page, "step", typed={"titles.0.text": "Кеч калды"})
    assert answer.status_code == 409
    assert "Кеч калды" in said(author.read(answer))
    assert kept(number).document["titles"][0]["text"] == "Тоо"


def test_a_form_without_its_revision_overwrites_nothing(author, draft, kept):
    number = draft(FIT)
    page = author.get(f"/deposit/{number}/about")
    answer = author.send(page, "step", typed={"titles.0.text": "X", "revision": ""})
    assert answer.status_code == 409
    assert kept(number).document["titles"][0]["text"] == "Тоо"


# What the page's script asks for


def test_typing_is_saved_as_it_comes(author, draft, kept):
    number = draft()
    page = author.get(f"/deposit/{number}/about")
    form = page.xpath("//form[@id='step']")[0]
    fields = dict(form.form_values())
    for text in ("Т", "То", "Тоо\x07"):
        fields["titles.0.text"] = text
        answer = author.client.post(form.get("data-autosave"), data=fields)
        assert answer.json["changed"] is True
        fields["revision"] = str(answer.json["revision"])
    assert "Control characters" in answer.json["note"]
    assert kept(number).document["titles"][0]["text"] == "Тоо"
    answer = author.client.post(form.get("data-autosave"), data={**fields, "revision": "1"})
    assert answer.json["changed"] is False, "nothing new, whatever the revision"
    fields["titles.0.text"] = "Башка"
    answer = author.client.post(form.get("data-autosave"), data={**fields, "revision": "1"})
    assert (answer.status_code, "Somebody else" in answer.json["error"]) == (409, True)


def test_warnings_of_duplicates_come_with_the_answer(author, draft):
    first, second = draft({**FIT, "titles": [{"text": TITLE, "kind": "main"}]}), draft()
    page = author.get(f"/deposit/{second}/about")
    fields = dict(page.xpath("//form[@id='step']")[0].form_values())
    fields["titles.0.text"] = TITLE.lower()
    answer = author.client.post(f"/deposit/{second}/about/save", data=fields)
    assert f"/works/{first}" in answer.json["duplicates"]


# Rights


def test_files_are_opened_closed_and_gathered(author, draft, kept, archive):
    number = draft(FIT)
    with archive.writing() as session:
        work = catalogue.get(session, number)
        for name in ("a", "b"):
            catalogue.attach(
                session, work, name=name, size=1, sha512=name, media_type="a/b", staged=name
            )
        faculty = collections.add(session, "science", names={"en": "Science"})
        chair = collections.add(session, "botany", names={"en": "Botany"}, parent=faculty)
    one, other = kept(number).files
    day = (now() + timedelta(days=100)).date()
    page = author.get(f"/deposit/{number}/rights")
    typed = {
        f"files.{one.id}.access": "campus",
        f"files.{other.id}.embargo_until": f"{day:%d.%m.%Y}",
        f"files.{other.id}.embargo_reason": "patent",
        "other_collection": str(chair.id),
    }
    answer = author.send(page, "step", typed=typed)
    assert answer.headers["Location"].endswith("/check")
    work = kept(number)
    assert [(file.access, file.embargo_until) for file in work.files] == [
        ("campus", None),
        ("open", day),
    ]
    assert [one.slug for one in work.collections] == ["botany"]
    page = author.get(f"/deposit/{number}/rights")
    assert page.xpath("//input[@name='collections'][@checked]/@value") == [str(chair.id)]
    author.send(page, "step", typed={"collections": [""], "other_collection": str(faculty.id)})
    assert [one.slug for one in kept(number).collections] == ["science"]


@pytest.mark.parametrize(
    ("day", "sentence"),
    [
        ("2001-01-01", "has passed already"),
        ("2031", "Write the whole day"),
        ("2031-02-30", "no such day"),
        ("эртең", "not a date"),
    ],
)
def test_an_embargo_needs_a_day_to_come(author, draft, kept, archive, day, sentence):
    number = draft(FIT)
    with archive.writing() as session:
        work = catalogue.get(session, number)
        catalogue.attach(session, work, name="a", size=1, sha512="a", media_type="a/b", staged="a")
    name = f"files.{kept(number).files[0].id}.embargo_until"
    page = author.get(f"/deposit/{number}/rights")
    answer = author.send(page, "step", typed={name: day})
    page = author.read(answer)
    assert sentence in errors(page)[name]
    assert page.xpath(f"//*[@id='f-{name}']")[0].value == day
    assert kept(number).files[0].embargo_until is None


# Sending, and after


def test_what_is_missing_is_listed_before_sending_with_links_to_it(author, draft, kept):
    number = draft({"titles": [{"text": "Тоо", "kind": "main"}]})
    page = author.get(f"/deposit/{number}/check")
    links = page.xpath("//*[contains(@class, 'warn')]//a/@href")
    assert f"/deposit/{number}/people?check=1#f-creators.0.family" in links
    assert page.xpath("//button[@disabled]/text()") == ["Send to the library"]
    assert "f-type" in author.client.get(f"/deposit/{number}/about?check=1").text
    answer = author.send(page, "check", typed={"agreement": agreement.VERSION})
    assert answer.status_code == 422
    assert kept(number).state == State.DRAFT


def test_the_agreement_is_asked_for_and_kept_word_for_word(author, draft, kept, archive):
    number = draft(FIT)
    page = author.get(f"/deposit/{number}/check?lang=ky")
    answer = author.send(page, "check")
    assert answer.status_code == 422
    assert set(errors(author.read(answer))) == {"agreement"}
    assert kept(number).state == State.DRAFT
    answer = author.send(page, "check", typed={"agreement": agreement.VERSION})
    assert answer.headers["Location"].endswith(f"/deposit/{number}")
    work = kept(number)
    assert work.state == State.SUBMITTED
    assert work.agreement["language"] == "ky"
    assert work.agreement["version"] == agreement.VERSION
    assert "авторлоштор" in work.agreement["text"].lower()
    assert archive.settings.name in work.agreement["text"]
    assert work.agreement["moment"][:10] == now().date().isoformat()
    with archive.reading() as session:
        letter = session.scalars(select(Letter)).one()
    assert letter.template == "deposit_submitted"
    assert letter.recipient == author.viewer.email
    assert letter.context["url"] == f"http://localhost/deposit/{number}"


@pytest.mark.parametrize(
    ("language", "word"), [("ky", "макулмун"), ("ru", "соглашаюсь"), ("en", "I agree")]
)
def test_the_agreement_is_in_the_language_of_the_page(author, draft, language, word):
    number = draft(FIT)
    page = author.get(f"/deposit/{number}/check?lang={language}")
    assert page.xpath(f"//*[@class='terms'][@lang='{language}'][contains(., '{word}')]")


def test_an_agreement_to_another_text_does_not_count(author, draft, kept):
    number = draft(FIT)
    page = author.get(f"/deposit/{number}/check")
    assert author.send(page, "check", typed={"agreement": "0"}).status_code == 422
    assert kept(number).agreement is None


def test_a_returned_work_is_sent_again_with_an_answer(author, draft, kept, archive):
    number = draft(FIT, state=State.RETURNED)
    signed = agreement.signed(agreement.current("ru", archive_name="X"))
    with archive.writing() as session:
        catalogue.get(session, number).agreement = signed
    page = author.get(f"/deposit/{number}/check")
    assert not page.xpath("//input[@name='agreement']")
    author.send(page, "check", typed={"comment": "Оңдодум."})
    work = kept(number)
    assert (work.state, work.agreement) == (State.SUBMITTED, signed)
    assert "Оңдодум." in said(author.get(f"/deposit/{number}"))


def test_a_work_that_waits_can_be_taken_back_until_somebody_reads_it(
    author, draft, kept, archive, person
):
    number, reviewer = draft(FIT, state=State.SUBMITTED), person(Role.CATALOGUER)
    page = author.get(f"/deposit/{number}")
    author.send(page, "recall")
    assert kept(number).state == State.DRAFT
    with archive.writing() as session:
        work = catalogue.get(session, number)
        work.state, work.reviewer_id = State.SUBMITTED, reviewer.id
    answer = author.send(page, "recall")
    assert answer.status_code == 409
    assert "reviewing this work already" in said(author.read(answer))
    assert not author.get(f"/deposit/{number}").xpath("//form[contains(@action, 'recall')]")


def test_the_depositor_answers_in_the_thread_and_the_reviewer_is_told(
    author, draft, archive, person
):
    number = draft(FIT, state=State.SUBMITTED)
    reviewer = person(Role.CATALOGUER, language="ru")
    with archive.writing() as session:
        catalogue.get(session, number).reviewer_id = reviewer.id
    page = author.get(f"/deposit/{number}")
    answer = author.send(page, "comment")
    assert "Write something first" in errors(author.read(answer))["comment"]
    author.send(page, "comment", typed={"comment": "Дагы бир сөз"})
    assert "Дагы бир сөз" in said(author.get(f"/deposit/{number}"))
    with archive.reading() as session:
        letter = session.scalars(select(Letter)).one()
    assert (letter.template, letter.language) == ("deposit_answered", "ru")
    assert letter.context["comment"] == "Дагы бир сөз"


def test_a_draft_is_deleted_with_its_files(author, paper, archive):
    number = number_of(start(author, paper.read_bytes()))
    author.send(author.get(f"/deposit/{number}"), "discard")
    with archive.reading() as session:
        assert session.scalar(select(func.count()).select_from(Work)) == 0
        assert session.scalar(select(func.count()).select_from(Event)) == 0
    assert list(archive.settings.staging.glob("[0-9a-f]*")) == []


def test_my_works_are_listed_page_by_page(author, draft):
    for count in range(51):
        draft({"titles": [{"text": f"Эмгек {count}", "kind": "main"}]})
    page = author.get("/deposit")
    assert len(page.xpath("//section[@class='mine']//article")) == 50
    older = author.get(page.xpath("//a[@rel='next']/@href")[0])
    assert [one.text_content() for one in older.xpath("//article//h3")] == ["Эмгек 0"]


# Who may


def test_a_draft_is_nobody_elses(client, author, draft, person, enter):
    number = draft(FIT)
    other = enter(person(Role.DEPOSITOR, email="other@example.org"))
    for path in ("", "/about", "/check"):
        assert other.client.get(f"/deposit/{number}{path}").status_code == 404
    form = {"csrf_token": other.token(), "revision": "1"}
    for path in ("/about", "/about/save", "/files", "/comment", "/recall", "/discard", "/check"):
        answer = other.client.post(f"/deposit/{number}{path}", data=form)
        assert answer.status_code == 404, path
    answer = client.get(f"/deposit/{number}/about")
    assert answer.status_code == 302
    assert "/account/sign-in" in answer.headers["Location"]
    reader = enter(person(Role.READER))
    assert reader.client.get("/deposit").status_code == 403


def test_staff_may_help_but_not_take_a_work_back(author, draft, person, enter, kept):
    number = draft(FIT, state=State.SUBMITTED)
    staff = enter(person(Role.CATALOGUER))
    form = {"csrf_token": staff.token()}
    assert staff.client.post(f"/deposit/{number}/recall", data=form).status_code == 404
    assert kept(number).state == State.SUBMITTED


def test_what_was_sent_is_looked_at_not_edited(author, draft):
    number = draft(FIT, state=State.SUBMITTED)
    answer = author.client.get(f"/deposit/{number}/about")
    assert answer.headers["Location"].endswith(f"/deposit/{number}")
    assert author.client.get(f"/deposit/{number}/poem").status_code == 302
    assert author.client.get("/deposit/99/about").status_code == 404
    draft_number = draft()
    assert author.client.get(f"/deposit/{draft_number}/poem").status_code == 404


def test_an_upload_is_read_by_the_worker_before_it_is_published(archive, author, paper, kept):
    number = number_of(start(author, paper.read_bytes()))
    arrivals.follow(archive)
    assert derived.has(archive.settings.derived, kept(number).files[0].sha512)
