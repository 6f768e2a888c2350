"""Tags in the head of a work's page: Highwire Press, Dublin Core and OpenGraph.

Google Scholar reads the first, reference managers the first two, those who share links the last.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

from repository.exports import parts
from repository.records import Record, RecordFile
from schemas import vocabulary
from schemas import work as profile


class Tag(NamedTuple):
    """A meta element; `language` is that of its content, "" where it has none."""

    name: str
    content: str
    language: str = ""


# What Zotero calls kinds of works. It believes DC.type when that is one of its own names.
ZOTERO = {
    "article": "journalArticle",
    "review-article": "journalArticle",
    "preprint": "preprint",
    "working-paper": "report",
    "conference-paper": "conferencePaper",
    "conference-poster": "conferencePaper",
    "proceedings": "book",
    "monograph": "book",
    "book-part": "bookSection",
    "textbook": "book",
    "doctoral-thesis": "thesis",
    "master-thesis": "thesis",
    "bachelor-thesis": "thesis",
    "thesis-abstract": "thesis",
    "report": "report",
    "dataset": "dataset",
    "software": "computerProgram",
    "lecture": "presentation",
    "image": "artwork",
    "sound": "audioRecording",
    "video": "videoRecording",
    "map": "map",
}
HOSTS = {
    "journal": "citation_journal_title",
    "book": "citation_inbook_title",
    "conference": "citation_conference_title",
}
REPORTS = frozenset({"report", "working-paper"})
BOOKS = frozenset({"monograph", "textbook", "proceedings"})
LOCALES = {"ky": "ky_KG", "ru": "ru_RU", "en": "en_GB"}
TEASER = 200  # characters of the abstract for who shares the page


def main_pdf(record: Record) -> RecordFile | None:
    """The PDF that search engines should take for the work: the first that everybody may open."""
    pdfs = (one for one in record.files if one.media_type == "application/pdf")
    return next((one for one in pdfs if one.free), None)


def of(record: Record, *, site: str, language: str, picture: str = "") -> list[Tag]:
    """All tags of a work's page. `language` is the page's; `picture` the address of a cover that
    everybody may see."""
    return [
        *highwire(record),
        *dublin_core(record),
        *open_graph(record, site=site, language=language, picture=picture),
    ]


def highwire(record: Record) -> Iterator[Tag]:
    """Google Scholar's own tags, in its order: what belongs to an author follows that author."""
    document = record.document
    yield Tag("citation_title", profile.main_title(document)["text"])
    for creator in document.get("creators", ()):
        yield Tag("citation_author", profile.agent_name(creator))
        for place in creator.get("affiliations", ()):
            yield Tag("citation_author_institution", place["name"])
        if creator.get("orcid"):
            yield Tag("citation_author_orcid", f"https://orcid.org/{creator['orcid']}")
    if _date(document):
        yield Tag("citation_publication_date", _date(document).replace("-", "/"))
    yield Tag("citation_online_date", f"{record.published:%Y/%m/%d}")
    yield from _where(document)
    yield from _publisher(document)
    for scheme in ("doi", "isbn", "issn"):
        for value in parts.identifiers(document, scheme):
            yield Tag(f"citation_{scheme}", value)
    for language in document.get("languages", ())[:1]:
        yield Tag("citation_language", language)
    words = [keyword["text"] for keyword in document.get("keywords", ())]
    if words:
        yield Tag("citation_keywords", "; ".join(words))
    yield Tag("citation_abstract_html_url", record.url)
    pdf = main_pdf(record)
    if pdf:
        yield Tag("citation_pdf_url", pdf.url)


def _date(document: dict[str, Any]) -> str:
    return document.get("issued", "").rstrip("?~%")


def _where(document: dict[str, Any]) -> Iterator[Tag]:
    host = document.get("host") or {}
    if host.get("title"):
        yield Tag(HOSTS.get(host.get("kind", ""), HOSTS["journal"]), host["title"])
    for key in ("volume", "issue"):
        if host.get(key):
            yield Tag(f"citation_{key}", host[key])
    for number in host.get("issn", ()):
        yield Tag("citation_issn", number)
    if host.get("isbn"):
        yield Tag("citation_isbn", host["isbn"])
    first, last = parts.pages(host)
    if first:
        yield Tag("citation_firstpage", first)
    if last:
        yield Tag("citation_lastpage", last)
    for one in document.get("series", ())[:1]:
        yield Tag("citation_series_title", one["title"])


def _publisher(document: dict[str, Any]) -> Iterator[Tag]:
    """Who publishes, said in the way that belongs to the kind of work."""
    thesis = document.get("thesis") or {}
    key = profile.work_type(document).key
    publishers = [one["name"] for one in document.get("publishers", ()) if one.get("name")]
    if thesis.get("grantor"):
        yield Tag("citation_dissertation_institution", thesis["grantor"])
    elif publishers and key in vocabulary.THESES:
        yield Tag("citation_dissertation_institution", publishers[0])
    elif publishers and key in REPORTS:
        yield Tag("citation_technical_report_institution", publishers[0])
    if publishers and key not in REPORTS:
        yield Tag("citation_publisher", publishers[0])


def dublin_core(record: Record) -> Iterator[Tag]:
    """Dublin Core in HTML (DCMI, 2008); titles and abstracts say their language."""
    document = record.document
    for title in document.get("titles", ()):
        yield Tag("DC.title", title["text"], title.get("language", ""))
    for creator in document.get("creators", ()):
        yield Tag("DC.creator", profile.agent_name(creator))
    for contributor in document.get("contributors", ()):
        yield Tag("DC.contributor", profile.agent_name(contributor))
    for publisher in document.get("publishers", ()):
        if publisher.get("name"):
            yield Tag("DC.publisher", publisher["name"])
    for abstract in document.get("abstracts", ()):
        yield Tag("DC.description", abstract["text"], abstract.get("language", ""))
    for keyword in document.get("keywords", ()):
        yield Tag("DC.subject", keyword["text"], keyword.get("language", ""))
    if _date(document):
        yield Tag("DCTERMS.issued", _date(document))
    for language in document.get("languages", ()):
        yield Tag("DC.language", language)
    kind = profile.work_type(document)
    yield Tag("DC.type", ZOTERO.get(kind.key, kind.label))
    yield Tag("DC.identifier", record.url)
    for doi in parts.identifiers(document, "doi"):
        yield Tag("DC.identifier", f"https://doi.org/{doi}")
    if (document.get("host") or {}).get("title"):
        yield Tag("DCTERMS.isPartOf", document["host"]["title"])
    for media_type in dict.fromkeys(one.media_type for one in record.files if one.free):
        yield Tag("DC.format", media_type)
    yield Tag("DCTERMS.accessRights", vocabulary.ACCESS_RIGHTS[record.access_right].uri)
    licence = vocabulary.LICENCES.get(document.get("licence", ""))
    if licence and licence.url:
        yield Tag("DCTERMS.license", licence.url)


def open_graph(record: Record, *, site: str, language: str, picture: str = "") -> Iterator[Tag]:
    """What a message shows that the page's address was put into."""
    document = record.document
    book = profile.work_type(document).key in BOOKS
    yield Tag("og:type", "book" if book else "article")
    yield Tag("og:title", profile.main_title(document)["text"])
    yield Tag("og:url", record.url)
    yield Tag("og:site_name", site)
    yield Tag("og:locale", LOCALES.get(language, "en_GB"))
    if teaser(document):
        yield Tag("og:description", teaser(document))
    if picture:
        yield Tag("og:image", picture)
    if not book:
        yield Tag("article:published_time", record.published.isoformat(timespec="seconds"))
    yield Tag("twitter:card", "summary")


def teaser(document: dict[str, Any]) -> str:
    """The beginning of the first abstract, ended at a word."""
    text = next((one["text"] for one in document.get("abstracts", ())), "")
    text = " ".join(text.split())
    return text if len(text) <= TEASER else text[:TEASER].rpartition(" ")[0] + "…"
