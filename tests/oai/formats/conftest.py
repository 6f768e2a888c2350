"""Works of several kinds, whole, as formats see them."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from repository.records import Record, RecordFile
from schemas import work as profile
from schemas.vocabulary import Access

COAR = "http://purl.org/coar/"
URL = "https://archive.example.org/works/7"


def pdf(name="макала.pdf", level=Access.OPEN, until=None):
    return RecordFile(
        name=name,
        position=1,
        size=2048,
        media_type="application/pdf",
        sha512="ab" * 64,
        pages=12,
        access=Access.OPEN,
        level=level,
        embargo_until=until,
        url=f"{URL}/a.pdf",
    )


ARTICLE = {
    "type": f"{COAR}resource_type/c_6501",
    "version_type": f"{COAR}version/c_970fb48d4fbd8a85",
    "titles": [
        {"text": "Кыргыз тили", "language": "ky", "kind": "main"},
        {"text": "сөз байлыгы", "language": "ky", "kind": "subtitle"},
        {"text": "The Kyrgyz language", "language": "en", "kind": "translated"},
    ],
    "creators": [
        {
            "kind": "person",
            "family": "Асанова",
            "given": "Айгүл",
            "patronymic": "Бакытовна",
            "orcid": "0000-0002-1825-0097",
            "role": "aut",
            "affiliations": [{"name": "Ош мамлекеттик университети"}],
            "forms": [{"family": "Asanova", "given": "Aigul", "language": "en"}],
        },
        {"kind": "organisation", "name": "Илимдер академиясы", "role": "aut"},
    ],
    "contributors": [{"kind": "person", "family": "Петров", "given": "И.", "role": "edt"}],
    "issued": "2024-05~",
    "publishers": [{"name": "Илим", "place": "Бишкек"}],
    "abstracts": [{"text": "Сөздөр", "language": "ky"}, {"text": "Words", "language": "en"}],
    "keywords": [{"text": "тил", "language": "ky"}],
    "classification": [{"scheme": "udc", "code": "811.512.154"}],
    "languages": ["ky", "ru"],
    "identifiers": [
        {"scheme": "doi", "value": "10.1234/abcd"},
        {"scheme": "inventory", "value": "17"},
    ],
    "host": {
        "title": "Вестник",
        "volume": "12",
        "issue": "3",
        "pages": "5–9",
        "issn": ["1694-7452"],
    },
    "funding": [{"funder": "Илим фонду", "award": "17/24", "title": "Тил"}],
    "relations": [{"kind": "is_version_of", "scheme": "doi", "value": "10.1234/y"}],
    "coverage": [{"kind": "spatial", "text": "Ош"}],
    "rights_holders": ["А. Асанова"],
    "licence": "cc-by-4.0",
}
THESIS = {
    "type": f"{COAR}resource_type/c_db06",
    "titles": [{"text": "Манас жана тил", "language": "ky", "kind": "main"}],
    "creators": [{"kind": "person", "family": "Токтогулов", "given": "Нурлан", "role": "aut"}],
    "contributors": [{"kind": "person", "family": "Осмонов", "given": "Бакыт", "role": "ths"}],
    "keywords": [{"text": "эпос", "language": "ky"}],
    "languages": ["ky"],
    "thesis": {
        "degree": "candidate",
        "grantor": "Улуттук университет",
        "specialty": {"code": "10.02.06", "name": "Түрк тилдери"},
        "defended": "2019-06-14",
        "place": "Бишкек",
        "council": "Д 10.19.586",
    },
    "licence": "in-copyright",
}
BARE = {
    "type": f"{COAR}resource_type/c_2f33",
    "titles": [{"text": "Эски китеп", "kind": "main"}],
}
PART = {
    "type": f"{COAR}resource_type/c_3248",
    "titles": [
        {"text": "Чүйдүн шаарлары", "language": "ky", "kind": "main"},
        {"text": "Города Чуя", "language": "ru", "kind": "alternative"},
    ],
    "creators": [
        {"kind": "organisation", "name": "Тарых институту", "role": "isb"},
        {"kind": "person", "family": "Иванов", "given": "А.Б.", "role": "aut"},
        {"kind": "person", "family": "Сулейменов", "role": "ill"},
        {"kind": "person", "family": "Ким", "given": "Вера", "role": "trl"},
    ],
    "issued": "1987",
    "available": "2020-03-01",
    "publishers": [
        {"name": "Илим", "place": "Фрунзе"},
        {"name": "Наука", "place": "Москва"},
    ],
    "edition": "2-басылышы",
    "classification": [
        {"scheme": "bbk", "code": "63.4", "label": "Археология"},
        {"scheme": "grnti", "code": "03.41"},
        {"scheme": "ddc", "code": "939.6"},
    ],
    "languages": ["de", "dng"],
    "identifiers": [
        {"scheme": "isbn", "value": "9783161484100"},
        {"scheme": "issn", "value": "1694-7452"},
        {"scheme": "irbis_mfn", "value": "IBIS:1204"},
    ],
    "host": {
        "kind": "book",
        "title": "Орто кылымдар",
        "volume": "2",
        "pages": "101–140",
        "isbn": "9783161484100",
        "place": "Фрунзе",
        "date": "1987",
        "editors": ["Петров П.", "Мамытов Б."],
    },
    "series": [{"title": "Тарых", "number": "4", "issn": "1694-7452"}],
    "funding": [
        {"funder": "Фонд", "funder_id": "https://example.org/f", "url": "https://example.org/g"}
    ],
    "relations": [
        {"kind": "is_translation_of", "citation": "Иванов А. Города Чуя. М., 1980."},
        {"kind": "references", "citation": "Бернштам А. Н., 1950."},
        {"kind": "references", "scheme": "doi", "value": "10.1234/r"},
        {"kind": "is_part_of", "scheme": "isbn", "value": "9783161484100"},
    ],
    "coverage": [{"kind": "temporal", "text": "X–XII к."}],
    "extent": ["40 б."],
    "notes": ["Карталар тиркемеде.\nИндекси бар."],
    "licence": "all-rights-reserved",
}

DATASET = {
    "type": f"{COAR}resource_type/c_ddb1",
    "titles": [{"text": "Ысык-Көлдүн суусу, 2001–2020", "language": "ky", "kind": "main"}],
    "creators": [
        {
            "kind": "organisation",
            "name": "Суу институту",
            "affiliations": [{"name": "Суу институту", "ror": "https://ror.org/02mhbdp94"}],
        },
        {
            "kind": "person",
            "family": "Осмонов",
            "given": "Бакыт",
            "affiliations": [{"name": "Академия", "ror": "https://ror.org/05xpvk416"}],
        },
    ],
    "contributors": [
        {"kind": "person", "family": "Ли", "given": "В.", "role": "dtm"},
        {"kind": "person", "family": "Ким", "given": "А.", "role": "trl"},
    ],
    "issued": "2021-03-01",
    "classification": [{"scheme": "ddc", "code": "551.48", "label": "Гидрология"}],
    "languages": ["ky"],
    "identifiers": [{"scheme": "handle", "value": "20.1000/100"}],
    "funding": [
        {
            "funder": "Илим фонду",
            "funder_id": "https://ror.org/0472cxd90",
            "award": "17/24",
            "title": "Көл",
            "url": "https://example.org/17",
        },
        {"funder": "Дүйнөлүк банк", "funder_id": "https://doi.org/10.13039/100004421"},
    ],
    "relations": [
        {"kind": "is_supplement_to", "scheme": "doi", "value": "10.1234/abcd"},
        {"kind": "references", "scheme": "doi", "value": "10.1234/cited"},
        {"kind": "is_translation_of", "scheme": "url", "value": "https://example.org/ru"},
    ],
    "coverage": [
        {"kind": "spatial", "text": "Ысык-Көл"},
        {"kind": "temporal", "text": "2001–2020"},
    ],
    "licence": "cc0-1.0",
}

RECORD = Record(
    id=7,
    number=7,
    uuid="6b4d4b3c-0000-4000-8000-000000000007",
    state="published",
    version=2,
    document=profile.check(ARTICLE),
    files=(pdf(),),
    sets=(),
    collections=(),
    published=datetime(2025, 1, 2, tzinfo=UTC),
    changed=datetime(2025, 3, 4, tzinfo=UTC),
    withdrawal=None,
    url=URL,
    access_right="open",
)
UNTIL = date(2031, 5, 1)
EXAMPLES = {
    "article": RECORD,
    "embargoed": replace(
        RECORD, files=(pdf(level=Access.CLOSED, until=UNTIL),), access_right="embargoed"
    ),
    "thesis": replace(RECORD, document=profile.check(THESIS)),
    "dataset": replace(
        RECORD,
        document=profile.check(DATASET),
        files=(replace(pdf("суу.csv"), media_type="text/csv", url=f"{URL}/a.csv"),),
    ),
    "part": replace(RECORD, document=profile.check(PART), version=1),
    "bare": replace(RECORD, document=profile.check(BARE), files=(), access_right="metadata-only"),
}


@pytest.fixture(scope="session")
def examples():
    """An article, the same under embargo, a thesis, a part of a book, a dataset, and a catalogue
    record with a title alone."""
    return EXAMPLES
