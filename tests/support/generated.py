"""Works as the border accepts them, made up: for tests by properties."""

from hypothesis import strategies as st

from schemas import vocabulary
from schemas import work as profile

# Letters of the languages here, what XML must escape, and what it forbids.
TEXT = st.text("aZ9 ңөүҢЙё«»<>&\"'%/\\]\u00a0\u0301😀", min_size=1, max_size=30).map("т".__add__)
LANGUAGE = st.sampled_from(["ky", "ru", "en", "dng", "tr"])
DATE = st.sampled_from(["1936", "2024~", "2024-05", "2024-02-29", "2023-12-31?", "0866"])
URL = st.just("https://example.org/a?b=c&d=%20")


def some(strategy, most=3):
    return st.lists(strategy, max_size=most)


def group(required=None, **optional):
    return st.fixed_dictionaries(required or {}, optional=optional)


AFFILIATIONS = some(group({"name": TEXT}, ror=URL), 2)
ROLE = st.sampled_from(list(vocabulary.RELATORS))
PERSON = group(
    {"family": TEXT},
    given=TEXT,
    patronymic=TEXT,
    orcid=st.just("0000-0002-1825-0097"),
    forms=some(group(family=TEXT, given=TEXT, patronymic=TEXT, language=LANGUAGE), 2),
    affiliations=AFFILIATIONS,
    role=ROLE,
)
ORGANISATION = group(
    {"kind": st.just("organisation"), "name": TEXT},
    forms=some(group(name=TEXT, language=LANGUAGE), 2),
    affiliations=AFFILIATIONS,
    role=ROLE,
)
AGENT = st.one_of(PERSON, ORGANISATION)
IDENTIFIER = st.sampled_from(
    [
        {"scheme": "doi", "value": "10.1234/ab(c)&e"},
        {"scheme": "isbn", "value": "9783161484100"},
        {"scheme": "issn", "value": "1694-7452"},
        {"scheme": "handle", "value": "20.1000/100"},
        {"scheme": "arxiv", "value": "2101.00001"},
        {"scheme": "urn", "value": "urn:nbn:de:101:1-201102033592"},
        {"scheme": "url", "value": "https://example.org/a?b=c&d=%20"},
        {"scheme": "local", "value": "<17>"},
        {"scheme": "irbis_mfn", "value": "IBIS:1204"},
        {"scheme": "inventory", "value": "А-17"},
    ]
)
RELATION = st.one_of(
    group({"kind": st.sampled_from(list(vocabulary.RELATIONS)), "citation": TEXT}),
    st.builds(
        lambda kind, one: {"kind": kind, **one},
        st.sampled_from(list(vocabulary.RELATIONS)),
        IDENTIFIER,
    ),
)


@st.composite
def documents(draw):
    """A document that the border accepts, normalised by it."""
    kind = draw(st.sampled_from(list(vocabulary.TYPES.values())))
    title = draw(group({"text": TEXT}, language=LANGUAGE))
    kinds = st.sampled_from(["subtitle", "alternative", "translated"])
    others = draw(some(group({"text": TEXT, "kind": kinds}, language=LANGUAGE)))
    rest = draw(
        group(
            version_type=st.sampled_from(list(vocabulary.VERSIONS)),
            creators=some(AGENT),
            contributors=some(AGENT),
            issued=DATE,
            submitted=DATE,
            accepted=DATE,
            available=DATE,
            publishers=some(group({"name": TEXT}, place=TEXT)),
            edition=TEXT,
            abstracts=some(group({"text": TEXT}, language=LANGUAGE)),
            keywords=some(group({"text": TEXT}, language=LANGUAGE)),
            classification=some(
                group(
                    {"scheme": st.sampled_from(list(vocabulary.CLASSIFICATIONS)), "code": TEXT},
                    label=TEXT,
                )
            ),
            languages=st.lists(LANGUAGE, unique=True, max_size=2),
            identifiers=some(IDENTIFIER),
            host=group(
                {"title": TEXT},
                kind=st.sampled_from(list(vocabulary.HOSTS)),
                volume=TEXT,
                issue=TEXT,
                pages=TEXT,
                article_number=TEXT,
                issn=st.sampled_from([["1694-7452"], ["1694-7452", "0378-5955"]]),
                isbn=st.just("9783161484100"),
                place=TEXT,
                date=TEXT,
                editors=some(TEXT),
            ),
            series=some(group({"title": TEXT}, number=TEXT, issn=st.just("1694-7452"))),
            funding=some(group({"funder": TEXT}, funder_id=URL, award=TEXT, title=TEXT, url=URL)),
            relations=some(RELATION),
            coverage=some(
                group({"kind": st.sampled_from(list(vocabulary.COVERAGE)), "text": TEXT})
            ),
            extent=some(TEXT),
            rights_holders=some(TEXT),
            licence=st.sampled_from(list(vocabulary.LICENCES)),
            access=st.sampled_from(list(vocabulary.ACCESS_RIGHTS)),
            notes=some(TEXT),
        )
    )
    if kind.key in vocabulary.THESES:
        rest["thesis"] = draw(
            group(
                {"degree": st.sampled_from(list(vocabulary.DEGREES))},
                grantor=TEXT,
                specialty=group(code=TEXT, name=TEXT),
                defended=DATE,
                place=TEXT,
                council=TEXT,
            )
        )
    return profile.check({"type": kind.uri, "titles": [title, *others], **rest})
