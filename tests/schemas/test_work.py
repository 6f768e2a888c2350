import pytest

from schemas import vocabulary, work

ARTICLE = vocabulary.TYPES["article"].uri


def article(**more):
    return {"type": ARTICLE, "titles": [{"text": "Тоо жана тил"}], **more}


def errors(document):
    with pytest.raises(work.Unfit) as caught:
        work.check(document)
    return caught.value.errors


FULL = article(
    version_type="http://purl.org/coar/version/c_970fb48d4fbd8a85",
    titles=[
        {"text": "Тоо жана тил", "language": "ky", "kind": "main"},
        {"text": "Горы и язык", "language": "ru", "kind": "translated"},
    ],
    creators=[
        {
            "kind": "person",
            "family": "Асанова",
            "given": "Айгүл",
            "patronymic": "Бакытовна",
            "forms": [{"family": "Asanova", "given": "Aigul", "language": "en"}],
            "orcid": "0000-0002-1825-0097",
            "affiliations": [{"name": "Филология факультети", "ror": "https://ror.org/05nqdwk34"}],
            "role": "aut",
        },
        {"kind": "organisation", "name": "Тил институту", "role": "isb"},
    ],
    contributors=[{"kind": "person", "family": "Петрова", "role": "edt"}],
    issued="2024-05",
    submitted="2023-11-02",
    accepted="2024-01-20",
    available="2024-06-01",
    publishers=[{"name": "Илим", "place": "Бишкек"}],
    edition="2-басылышы",
    abstracts=[{"text": "Биринчи.\n\nЭкинчи.", "language": "ky"}],
    keywords=[{"text": "жайлоо", "language": "ky"}],
    classification=[{"scheme": "udc", "code": "811.512.154", "label": "Кыргыз тили"}],
    languages=["ky", "ru"],
    identifiers=[
        {"scheme": "doi", "value": "10.1234/abcd"},
        {"scheme": "isbn", "value": "9780306406157"},
        {"scheme": "issn", "value": "0317-8471"},
        {"scheme": "url", "value": "https://example.org/a"},
        {"scheme": "handle", "value": "123/45"},
        {"scheme": "local", "value": "Т-17"},
        {"scheme": "irbis_mfn", "value": "IBIS:1204"},
        {"scheme": "inventory", "value": "И-0042"},
    ],
    host={
        "kind": "journal",
        "title": "Вестник",
        "issue": "3",
        "pages": "11–29",
        "issn": ["0317-8471"],
    },
    series=[{"title": "Окуу китептери", "number": "12"}],
    funding=[{"funder": "Фонд", "award": "17-24"}],
    relations=[
        {"kind": "is_translation_of", "scheme": "doi", "value": "10.1234/orig"},
        {
            "kind": "references",
            "citation": "Юнусалиев Б. М. Кыргыз диалектологиясы. – Фрунзе, 1971.",
        },
    ],
    coverage=[{"kind": "spatial", "text": "Ысык-Көл"}],
    extent=["18 б."],
    rights_holders=["Тил институту"],
    licence="cc-by-4.0",
    access="open",
    notes=["Эскертүү."],
)


def test_a_full_document_passes_unchanged():
    assert work.check(FULL) == FULL


def test_checking_twice_is_checking_once():
    rough = article(
        issued="31.05.2024",
        languages=["kir"],
        identifiers=[{"scheme": "isbn", "value": "0-306-40615-2"}],
    )
    once = work.check(rough)
    assert work.check(once) == once
    assert once["issued"] == "2024-05-31"


def test_empty_elements_are_dropped_at_any_depth():
    assert "keywords" not in work.check(article(keywords=[{"text": " "}, {}], notes=["", None]))


@pytest.mark.parametrize(
    ("change", "path", "says"),
    [
        ({"type": None}, "type", "fill this in"),
        ({"type": "article"}, "type", "not one of the choices"),
        ({"titles": []}, "titles", "fill this in"),
        ({"titles": "x"}, "titles", "must be a list"),
        ({"titles": [5]}, "titles.0", "group of fields"),
        ({"titles": [{"text": 5}]}, "titles.0.text", "must be text"),
        ({"titles": [{"text": "x" * 10_000}]}, "titles.0.text", "too long: 10000"),
        ({"titles": [{"text": "a\x00b"}]}, "titles.0.text", "control characters"),
        ({"titles": [{"text": "a", "kind": "subtitle"}]}, "titles", "one main title"),
        ({"titles": [{"text": "a"}, {"text": "b"}]}, "titles", "one main title"),
        ({"colour": "red"}, "colour", "knows no such field"),
        ({"creators": [{"given": "Айгүл"}]}, "creators.0.family", "family name"),
        (
            {"creators": [{"kind": "organisation", "family": "x"}]},
            "creators.0.name",
            "organisation",
        ),
        (
            {"creators": [{"family": "А", "orcid": "0000-0002-1825-0098"}]},
            "creators.0.orcid",
            "check digit",
        ),
        ({"creators": [{"family": "А", "role": "boss"}]}, "creators.0.role", "not one of"),
        ({"identifiers": [{"scheme": "isbn", "value": "1"}]}, "identifiers.0.value", "not an ISBN"),
        ({"identifiers": [{"scheme": "doi", "value": "x"}]}, "identifiers.0.value", "not a DOI"),
        ({"languages": ["xx"]}, "languages.0", "not a language"),
        ({"issued": "soon"}, "issued", "not a date"),
        ({"host": {"volume": "3"}}, "host.title", "fill this in"),
        ({"thesis": {"degree": "phd"}}, "thesis", "Only a thesis"),
        ({"relations": [{"kind": "references"}]}, "relations.0.citation", "citation"),
        ({"keywords": [{"text": "a"}] * 201}, "keywords", "Too many entries: 201"),
        ({"licence": "mine"}, "licence", "not one of the choices"),
    ],
)
def test_what_does_not_fit_is_refused_by_path_and_sentence(change, path, says):
    found = errors(article(**change))
    assert says in " ".join(found[path])


@pytest.mark.parametrize("document", [None, [], "x", 5, {}])
def test_what_is_no_document_is_refused(document):
    assert errors(document)


@pytest.mark.parametrize("term", vocabulary.TYPES.values(), ids=vocabulary.TYPES)
def test_every_kind_of_work_can_be_described(term):
    document = article(type=term.uri)
    if term.key in vocabulary.THESES:
        document["thesis"] = {"degree": "candidate", "specialty": {"code": "10.02.01"}}
    assert work.work_type(work.check(document)) == term


def test_a_depositor_is_asked_for_more_than_a_catalogue():
    assert set(work.errors(article())) == {"creators", "issued", "languages", "licence"}
    assert work.errors(FULL) == {}


def test_a_draft_may_be_incomplete_but_is_clean():
    kept, removed = work.draft({"titles": [{"text": "a\x00b"}], "colour": "red", "issued": "so"})
    assert kept == {"titles": [{"text": "ab"}], "issued": "so"}
    assert removed


def test_messages_remember_their_sentence_for_translation():
    message = errors(article(languages=["xx"]))["languages.0"][0]
    assert message.parameters == {"value": "xx"}
    assert "%(value)s" in message.sentence


@pytest.mark.parametrize(
    ("agent", "filed", "read"),
    [
        (FULL["creators"][0], "Асанова, Айгүл Бакытовна", "Айгүл Бакытовна Асанова"),
        ({"family": "Манас"}, "Манас", "Манас"),
        ({"kind": "organisation", "name": "Тил институту"}, "Тил институту", "Тил институту"),
    ],
)
def test_names_are_filed_and_read(agent, filed, read):
    assert work.agent_name(agent) == filed
    assert work.agent_reading(agent) == read
