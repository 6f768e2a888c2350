"""Browsing a large archive: every work is near, each list is in order, nothing hidden shows."""

import re
from collections import deque
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert, update

import wsgi
from repository import archive as opening
from repository import shelving
from repository.alphabet import key
from repository.models.collections import Collection, work_collections
from repository.models.shelves import WorkClass, WorkHost, WorkLanguage
from repository.models.works import Work, WorkAgent, WorkSubject
from repository.settings import load
from schemas import vocabulary

MANY = 3000
WORDS = (
    "Ала-Тоо", "Өзөн", "Үкү", "Ңкакан", "Эл", "Ёлка", "Мөңгү", "Тил", "Адабият", "Тарых", "Жер",
    "Экономика", "Glacier", "2024", "Щедрость", "Якорь", "Кыргыз тили", "Кыргыз эли",
)  # fmt: skip
TABLES = (Work, WorkAgent, WorkSubject, WorkLanguage, WorkClass, WorkHost)
DAY = datetime(2020, 1, 1, tzinfo=UTC)


def document(number):
    # Most are alike, so that lists are long: one year, one language, one subject, one collection.
    few = number % 10
    return {
        "type": vocabulary.TYPES["article" if few else "report"].uri,
        "titles": [
            {"text": f"{WORDS[number % len(WORDS)]} {number % 400}", "language": "ky",
             "kind": "main"}
        ],
        "creators": [
            {"kind": "person", "role": "aut", "family": f"Кыдыралиев{number % 700}",
             "given": "Асан"},
            {"kind": "person", "role": "aut", "family": "Бейшеева", "given": "Гүлнара"},
        ],
        "issued": "2024" if few else str(1990 + number % 30),
        "languages": ["ky"] if few else ["ru"],
        "keywords": [{"text": "климат", "language": "ru"}],
        "classification": [{"scheme": "udc", "code": "551.3"}],
        "host": {"kind": "journal", "title": "КУУнун жарчысы", "volume": str(number % 9),
                 "issue": str(number % 4), "pages": f"{number}-{number + 4}"},
    }  # fmt: skip


def shelve(archive, documents, state="published"):
    """Writes works as they are after publishing, without the store: it is lists that are tried."""
    with archive.writing() as session:
        gathered = Collection(slug="all", names={"ky": "Баары", "en": "All"})
        session.add(gathered)
        session.flush()
        rows = {table: [] for table in TABLES}
        for number, one in documents.items():
            for table, found in _rows(number, one, state).items():
                rows[table] += found
        for table, found in rows.items():
            session.execute(insert(table), found)
        members = [{"work_id": one, "collection_id": gathered.id} for one in documents]
        session.execute(insert(work_collections), members)


def _rows(number, one, state):
    title, words = one["titles"][0]["text"], [each["text"] for each in one["keywords"]]
    names = [f"{each['family']}, {each['given']}" for each in one["creators"]]
    work = {
        "id": number,
        "document": one,
        "state": state,
        "title": title,
        "title_key": key(title),
        "type": vocabulary.TYPES_BY_URI[one["type"]].key,
        "year": int(one["issued"]),
        "published": DAY + timedelta(hours=number),
    }
    own = {
        WorkAgent: [
            {"position": at, "role": "aut", "creator": True, "name": name, "key": key(name)}
            for at, name in enumerate(names)
        ],
        WorkSubject: [{"text": word, "language": "ru", "key": key(word)} for word in words],
        WorkLanguage: [{"code": code} for code in shelving.languages(one)],
        WorkClass: shelving.nodes(one),
        WorkHost: shelving.hosts(one),
    }
    return {
        Work: [work],
        **{table: [{"work_id": number, **row} for row in rows] for table, rows in own.items()},
    }


@pytest.fixture(scope="module")
def site(tmp_path_factory, template, compiled):
    """A client of an archive with many works, most of which are alike."""
    instance = tmp_path_factory.mktemp("many") / "instance"
    instance.mkdir()
    (instance / "archive.sqlite").write_bytes(template.read_bytes())
    chosen = load({}, instance=str(instance), secret_key="k" * 40, base_url="http://localhost")
    with opening.opened(chosen) as archive:
        shelve(archive, {number: document(number) for number in range(1, MANY + 1)})
    app = wsgi.create_app(chosen)
    app.testing = True
    app.jinja_env.bytecode_cache = compiled
    yield app.test_client()
    opening.close(app.extensions["archive"])


def links(client, path):
    page = client.get(path)
    assert page.status_code == 200, path
    assert len(page.data) < 51_200, (path, len(page.data))
    found = re.findall(r'href="(/[^"#]*)"', page.get_data(as_text=True))
    return [one.replace("&amp;", "&") for one in found]


def follow(client, begin, works, inside):
    """How many links each work is away from a page, by pages whose address `inside` allows."""
    far, seen, waiting = {}, {begin}, deque([(begin, 0)])
    while waiting and len(far) < works:
        path, steps = waiting.popleft()
        for link in links(client, path):
            work = re.fullmatch(r"/works/(\d+)", link)
            if work:
                far.setdefault(int(work[1]), steps + 1)
            elif link not in seen and inside(link):
                seen.add(link)
                waiting.append((link, steps + 1))
    return far


@pytest.mark.parametrize(
    ("begin", "works"),
    [
        ("/browse/title", MANY),
        ("/browse/year?value=2024", MANY * 9 // 10),
    ],
)
def test_every_work_is_within_ten_links_of_home(site, begin, works):
    # /browse and, below it, the first page of each list are two links from home.
    home = links(site, "/") + links(site, "/browse")
    assert begin in home or begin.split("?")[0] in home
    base = begin.split("?")[0]

    def inside(link):
        on = "part=" in link or "after=" in link
        return on and link.startswith(f"{base}?") and "lang=" not in link

    far = follow(site, begin, works, inside)
    assert len(far) == works
    assert max(far.values()) + 2 <= 10
    print(f"{begin}: {works} works, the furthest {max(far.values()) + 2} links from home")


def test_the_parts_of_a_list_hold_all_of_it_once(site):
    whole = site.get("/browse/language?value=ky").get_data(as_text=True)
    parts = re.findall(r'href="(/browse/language\?[^"]*part=[^"]*)">.*?count">([\d  ]+)<', whole)
    assert 5 < len(parts) <= 24
    assert sum(int(re.sub(r"\D", "", works)) for _href, works in parts) == MANY * 9 // 10


def test_titles_stand_in_the_order_of_the_kyrgyz_alphabet(site):
    page = site.get("/browse/title?lang=ky").get_data(as_text=True)
    letters = re.findall(r'letter=[^"]*">([^<]+)</a>', page)
    assert letters == ["А", "Ё", "Ж", "К", "М", "Ң", "Ө", "Т", "Ү", "Щ", "Э", "Я", "G", "0–9"]
    for letter, first in (("Ө", "Өзөн"), ("Ё", "Ёлка"), ("%23", "2024"), ("Э", "Экономика")):
        page = site.get(f"/browse/title?letter={letter}").get_data(as_text=True)
        titles = re.findall(r'href="/works/\d+"[^>]*>([^<]+)</a>', page)
        assert titles and all(one.startswith((first, "Эл")) for one in titles), letter


def test_long_lists_of_names_are_cut_and_hold_every_name(site):
    path, names = "/browse/author?letter=К", set()
    first = site.get(path).get_data(as_text=True)
    assert "from=" in first
    while path:
        page = site.get(path).get_data(as_text=True)
        names |= set(re.findall(r'href="(/people/[^"]+)"', page))
        more = re.search(r'rel="next" href="([^"]+)"', page)
        path = more[1].replace("&amp;", "&") if more else None
    assert len(names) == 700


def test_newly_added_begins_with_the_last_and_goes_on(site):
    found, path = [], "/browse/new"
    for _ in range(3):
        page = site.get(path).get_data(as_text=True)
        found += map(int, re.findall(r'<a href="/works/(\d+)"', page))
        path = re.search(r'rel="next" href="([^"]+)"', page)[1].replace("&amp;", "&")
    assert found == list(range(MANY, MANY - 75, -1))


@pytest.mark.parametrize(
    "path",
    [
        "/browse/udc", "/browse/udc/55", "/browse/language", "/browse/subject", "/periodicals",
        "/browse/type?value=article", "/browse/subject?value=климат", "/people/Бейшеева, Гүлнара",
        "/browse", "/browse/bbk", "/browse/grnti", "/browse/title?letter=К", "/browse/author",
    ],
)  # fmt: skip
def test_pages_stay_light_in_every_language(site, path):
    for language in ("ky", "ru", "en"):
        answer = site.get(path, query_string=None if "?" in path else {"lang": language})
        assert answer.status_code == 200
        assert len(answer.data) < 51_200, (path, len(answer.data))


@pytest.mark.parametrize(
    "path",
    [
        "/browse/nothing", "/browse/year?value=²", "/browse/year?value=99999999999999999999",
        "/browse/year?value=abc", "/browse/type?value=nothing", "/browse/language?value=klingon",
        "/browse/language?value=%00", "/browse/title?letter=%40", "/browse/title?letter=%C3%9F",
        "/browse/title?part=1", "/browse/title?part=999999999-1", "/browse/title?part=1-99999999",
        "/browse/udc/99", "/browse/udc/%00", "/browse/ddc/5", "/browse/subject?value=%21",
        "/browse/subject?value=nothing", "/people/!", "/people/nobody", "/periodicals/none",
        "/people/Бейшеева, Гүлнара?year=x", "/people/Бейшеева, Гүлнара?kind=x",
        "/people/Бейшеева, Гүлнара?year=1700", "/periodicals/none/2024-1-1",
    ],
)  # fmt: skip
def test_what_is_not_there_is_not_found(site, path):
    assert site.get(path).status_code == 404


@pytest.mark.parametrize(
    "after",
    [
        "x", "W10", "%00", "WyJhIiwgImIiXQ", "WyJcdWQ4MDAiLCAxXQ", "WzEsMiwzLDRd",
        "WyIyMDI0IiwgMTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjNd",
    ],
)  # fmt: skip
@pytest.mark.parametrize("path", ["/browse/title", "/browse/new", "/periodicals"])
def test_marks_that_are_not_ours_begin_the_list_anew(site, path, after):
    assert site.get(f"{path}?after={after}&from={after}&before={after}").status_code == 200


def test_classes_count_what_is_below_them_and_have_names(site):
    page = site.get("/browse/udc?lang=ky").get_data(as_text=True)
    assert "Жер жөнүндөгү илимдер. Геология" in page
    assert re.search(r'href="/browse/udc/55">.*?<span class="count">3.000', page)
    below = site.get("/browse/udc/5?lang=en").get_data(as_text=True)
    assert "Mathematics. Natural sciences" in below and 'href="/browse/udc/55"' in below


def test_a_person_has_co_authors_subjects_and_works_by_kind_and_year(site):
    page = site.get("/people/Кыдыралиев10, Асан?lang=en").get_data(as_text=True)
    assert "Бейшеева, Гүлнара" in page and "климат" in page
    all_of_them = site.get("/people/Бейшеева, Гүлнара?lang=en").get_data(as_text=True)
    assert "kind=report" in all_of_them and "year=1990" in all_of_them
    reports = site.get("/people/Бейшеева, Гүлнара?kind=report&lang=en").get_data(as_text=True)
    chosen = re.findall(r'class="about">\s*<span>(\w+)', reports)
    assert set(chosen) == {"Report"}


def test_a_work_links_to_its_class_its_issue_and_at_most_five_works_like_it(site):
    page = site.get("/works/7?lang=en").get_data(as_text=True)
    assert '<a href="/browse/udc/55">Earth sciences. Geology</a>' in page
    near = re.search(r'id="related".*?</ul>', page, re.S)[0]
    numbers = re.findall(r'href="/works/(\d+)"', near)
    assert len(numbers) == 5 and "7" not in numbers
    assert re.search(r'href="/periodicals/kuunun.zharchysy.\w+/2024-7-3"', page)


def test_works_that_are_not_public_are_nowhere(archive, client):
    shelve(archive, {one: document(one) for one in range(1, 8)})
    with archive.writing() as session:
        session.execute(update(Work).where(Work.id == 5).values(state="waiting", title="Жашыруун"))
        session.execute(update(Work).where(Work.id == 6).values(state="withdrawn"))
    paths = ["/browse/title", "/browse/new", "/browse/udc/5", "/collections/all", "/works/7",
             "/browse/language?value=ky", "/people/Бейшеева, Гүлнара"]  # fmt: skip
    for path in paths:
        page = client.get(path).get_data(as_text=True)
        assert "/works/4" in page and "/works/5" not in page and "/works/6" not in page, path
    assert client.get("/browse/title?part=5-7").status_code == 404
    assert client.get("/periodicals").get_data(as_text=True).count('class="count">5<') == 1


def test_an_empty_archive_says_so(client):
    for path in ("/browse", "/browse/title", "/browse/new", "/browse/udc", "/periodicals"):
        assert 'class="empty"' in client.get(path).get_data(as_text=True)
