"""/staff/readiness: asking for a check, its progress, its scores, and the links that mend."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from oai.readiness import checks
from repository.clock import now
from repository.models.readiness import CheckState, ReadinessCheck
from schemas.roles import Role

ADDRESS = "/staff/readiness"


@pytest.fixture
def cataloguer(enter, person):
    return enter(person(Role.CATALOGUER))


@pytest.fixture
def checked(archive, app, catalogue, settled):
    """The archive with two works, checked; the second work has no title worth the name."""
    numbers = catalogue.many(2)
    settled()
    checks.ask(archive)
    work(archive)
    return numbers


def work(archive):
    """Does the job that waits."""
    archive.queue.execute(archive.queue.dequeue())


def newest(archive):
    with archive.reading() as session:
        return session.scalar(select(ReadinessCheck).order_by(ReadinessCheck.id.desc()))


def text(page):
    return " ".join(page.xpath("//main")[0].text_content().split())


def test_before_the_first_check_the_page_offers_one(cataloguer):
    page = cataloguer.get(ADDRESS)
    assert "Nothing has been checked yet" in text(page)
    assert page.xpath("//button[text()='Check now']")


def test_the_button_puts_a_check_into_the_queue_once(cataloguer, archive):
    page = cataloguer.get(ADDRESS)
    for _ in range(2):
        answer = cataloguer.send(page, "readiness")
        assert answer.status_code == 303
    assert archive.queue.pending_count() == 1
    page = cataloguer.get(ADDRESS)
    assert "The check waits for its turn" in text(page)
    assert page.xpath("//meta[@http-equiv='refresh']")
    assert not page.xpath("//form[contains(@action, 'readiness')]")


def test_the_worker_does_the_check_and_the_page_shows_the_scores(checked, cataloguer, archive):
    check = newest(archive)
    assert check.state == CheckState.DONE, check.error
    page = cataloguer.get(ADDRESS)
    assert page.xpath("//ul[@class='verdicts']/li/h2/a/text()") == [
        "OAI-PMH 2.0", "BASE", "CORE", "OpenAIRE 3", "OpenAIRE 4", "RIOXX 3.0"
    ]  # fmt: skip
    assert "asked inside" in text(page)
    assert page.xpath("//button[text()='Check again']")


def test_a_book_names_records_reasons_and_remedies_with_links_that_mend(checked, cataloguer):
    page = cataloguer.get(f"{ADDRESS}/base")
    [rule] = page.xpath("//article[h3='A record has an abstract.']")
    assert "Add an abstract" in rule.xpath(".//p[@class='remedy']")[0].text_content()
    assert rule.xpath(".//ol[@class='offences']//strong/text()") == ["Эмгек 1", "Эмгек 2"]
    assert "The record has no dc:description." in rule.text_content()
    first, second = checked
    assert rule.xpath(".//ol//a/@href") == [
        f"/staff/works/{first}#about", f"/staff/works/{second}#about"
    ]  # fmt: skip


def test_the_director_sees_it_and_is_led_to_the_works(checked, enter, person):
    page = enter(person(Role.DIRECTOR)).get(f"{ADDRESS}/base")
    assert f"/works/{checked[0]}" in page.xpath("//ol[@class='offences']//a/@href")


@pytest.mark.parametrize("language", ["ky", "ru", "en"])
def test_the_pages_come_in_each_language(checked, cataloguer, language):
    for path in (ADDRESS, f"{ADDRESS}/oai", f"{ADDRESS}/core"):
        page = cataloguer.get(f"{path}?lang={language}")
        assert page.get("lang") == language
        assert "%(" not in page.text_content()


def test_a_book_that_there_is_not_is_not_found(checked, cataloguer):
    assert cataloguer.client.get(f"{ADDRESS}/nonsense").status_code == 404


def test_a_book_before_the_first_check_is_not_found(cataloguer):
    assert cataloguer.client.get(f"{ADDRESS}/base").status_code == 404


def test_depositors_do_not_come_in(enter, person):
    assert enter(person(Role.DEPOSITOR)).client.get(ADDRESS).status_code == 403


def test_progress_is_shown_while_it_runs(cataloguer, archive):
    with archive.writing() as session:
        session.add(ReadinessCheck(state=CheckState.RUNNING, step="BASE", done=40, total=120))
    page = cataloguer.get(ADDRESS)
    [bar] = page.xpath("//progress")
    assert (bar.get("value"), bar.get("max"), bar.get("aria-label")) == ("40", "120", "BASE")


def test_a_check_that_was_cut_off_is_said_and_can_be_repeated(cataloguer, archive):
    with archive.writing() as session:
        session.add(ReadinessCheck(state=CheckState.RUNNING, seen=now() - timedelta(hours=1)))
    page = cataloguer.get(ADDRESS)
    assert "did not come to its end" in text(page)
    cataloguer.send(page, "readiness")
    assert newest(archive).state == CheckState.WAITING
    with archive.reading() as session:
        states = session.scalars(select(ReadinessCheck.state).order_by(ReadinessCheck.id)).all()
    assert states == [CheckState.FAILED, CheckState.WAITING]


def test_a_check_that_fails_says_why(cataloguer, archive, monkeypatch):
    def broken(*given, **named):
        raise RuntimeError("the roof is leaking")

    monkeypatch.setattr(checks.judging, "judge", broken)
    checks.ask(archive)
    work(archive)
    assert newest(archive).state == CheckState.FAILED
    assert "the roof is leaking" in text(cataloguer.get(ADDRESS))


def test_only_the_last_checks_are_kept_and_compared(checked, cataloguer, archive):
    for _ in range(checks.KEPT + 1):
        with archive.writing() as session:
            session.execute(update(ReadinessCheck).values(state=CheckState.DONE))
        checks.ask(archive)
        work(archive)
    with archive.reading() as session:
        assert len(checks.finished(session)) == checks.KEPT
    rows = cataloguer.get(ADDRESS).xpath("//section[h2='Earlier checks']//tbody/tr")
    assert len(rows) == checks.KEPT


def test_progress_is_written_down_as_the_check_goes_on(archive, monkeypatch):
    monkeypatch.setattr(checks, "EVERY", 0.0)
    with archive.writing() as session:
        session.add(ReadinessCheck(state=CheckState.RUNNING))
    checks._Notes(archive, 1)("CORE", 3, 9)
    found = newest(archive)
    assert (found.step, found.done, found.total) == ("CORE", 3, 9)


def test_a_job_whose_check_is_gone_or_done_does_nothing(archive):
    checks.check_readiness(archive, 77)
    assert newest(archive) is None
