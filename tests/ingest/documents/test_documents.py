"""Each format of documents: the text comes out, and nothing hostile gets through."""

import time
import zipfile

import pytest

from ingest import documents, media
from ingest.documents import packed
from repository.errors import Invalid

KYRGYZ = "Өнөр үлгүлөрү жана мөңгү суулары"
RUSSIAN = "Съёмка горных рек и ледников"
ENGLISH = "The rivers & the glaciers"
WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
ODF = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
)
CONTAINER = (
    '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    '<rootfile full-path="OEBPS/book.opf"/></rootfiles></container>'
)


def zipped(path, parts):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in parts.items():
            packing = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            file.writestr(name, data, compress_type=packing)
    return path


def paragraphs(open_, close, texts):
    return "".join(f"{open_}{one.replace('&', '&amp;')}{close}" for one in texts)


def docx(path, texts, head=""):
    body = paragraphs("<w:p><w:r><w:t>", "</w:t></w:r></w:p>", texts)
    xml = f"{head}<w:document {WORD}><w:body>{body}</w:body></w:document>"
    return zipped(path, {"[Content_Types].xml": "<Types/>", "word/document.xml": xml})


def odt(path, texts, head=""):
    body = paragraphs("<text:p>", "</text:p>", texts)
    xml = f"{head}<office:document-content {ODF}>{body}</office:document-content>"
    return zipped(path, {"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": xml})


def epub(path, texts, head=""):
    spine = '<package><manifest><item id="a" href="one%20chapter.xhtml"/></manifest><spine>'
    chapter = f"<!DOCTYPE html><html><body>{paragraphs('<p>', '</p>', texts)}</body></html>"
    return zipped(
        path,
        {
            "mimetype": "application/epub+zip",
            "META-INF/container.xml": CONTAINER,
            "OEBPS/book.opf": f'{head}{spine}<itemref idref="a"/></spine></package>',
            "OEBPS/one chapter.xhtml": chapter,
        },
    )


def html(path, texts, head=""):
    body = paragraphs("<p>", "</p>", texts)
    path.write_text(f"<!DOCTYPE html><html><body>{body}</body></html>", "utf-8")
    return path


def fb2(path, texts, head=""):
    body = paragraphs("<p>", "</p>", texts)
    name = 'xmlns="http://www.gribuser.ru/xml/fictionbook/2.0"'
    path.write_text(
        f'<?xml version="1.0" encoding="utf-8"?>{head}<FictionBook {name}><body><section>{body}'
        "</section></body></FictionBook>",
        "utf-8",
    )
    return path


def rtf(path, texts, head=""):
    said = "".join(
        "".join(one if ord(one) < 128 else rf"\u{ord(one)}?" for one in text) + r"\par "
        for text in texts
    )
    path.write_bytes(rf"{{\rtf1\ansi\ansicpg1251\uc1 {said}}}".encode("ascii"))
    return path


MAKERS = {
    "docx": docx,
    "odt": odt,
    "epub": epub,
    "html": html,
    "fb2": fb2,
    "rtf": rtf,
}
XML = ("docx", "odt", "fb2")


def read(path, **more):
    return documents.pages(path, media.identify(path, path.name).media_type, **more)


@pytest.mark.parametrize("kind", MAKERS)
def test_the_text_of_each_format_comes_out(kind, tmp_path):
    path = MAKERS[kind](tmp_path / f"a.{kind}", [KYRGYZ, RUSSIAN, ENGLISH])
    lines = "\n".join(read(path)).split("\n")
    assert [line.strip() for line in lines if line.strip()] == [KYRGYZ, RUSSIAN, ENGLISH]


def test_there_is_a_test_for_each_format():
    assert set(documents.READERS.values()) == set(MAKERS)


@pytest.mark.parametrize("kind", MAKERS)
def test_long_documents_are_cut_into_pages(kind, tmp_path):
    path = MAKERS[kind](tmp_path / f"a.{kind}", [f"{KYRGYZ} {number}" for number in range(500)])
    pages = read(path)
    assert len(pages) > 3
    assert "499" in pages[-1]


@pytest.mark.parametrize("kind", ["docx", "odt", "epub"])
def test_what_is_no_zip_is_damaged(kind, tmp_path):
    path = MAKERS[kind](tmp_path / f"a.{kind}", [KYRGYZ])
    found = media.identify(path, path.name).media_type
    path.write_bytes(path.read_bytes()[:60])
    with pytest.raises(Invalid, match="damaged"):
        documents.pages(path, found)


BOMB = (
    '<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c SYSTEM "file:///etc/passwd">]>'
)


@pytest.mark.parametrize("kind", XML)
def test_entities_are_never_expanded(kind, tmp_path):
    path = MAKERS[kind](tmp_path / f"a.{kind}", ["ENTITIES"], head=BOMB)
    assert "DOCTYPE" in (path.read_text("utf-8") if kind == "fb2" else BOMB)
    with pytest.raises(Invalid, match="damaged"):
        documents.pages(path, next(t for t, k in documents.READERS.items() if k == kind))


def test_an_epub_whose_order_has_entities_is_read_in_the_order_of_names(tmp_path):
    assert read(epub(tmp_path / "a.epub", [KYRGYZ], head=BOMB)) == [KYRGYZ]


@pytest.mark.parametrize(("kind", "part"), [("docx", "word/document.xml"), ("odt", "content.xml")])
def test_a_part_that_unpacks_to_more_than_fits_is_refused_soon(kind, part, tmp_path):
    path = MAKERS[kind](tmp_path / f"a.{kind}", [KYRGYZ])
    parts = {"[Content_Types].xml": "<Types/>", part: b" " * (packed.PART + 2**20)}
    zipped(path, parts)
    assert path.stat().st_size < 200_000
    began = time.monotonic()
    with pytest.raises(Invalid, match="time and memory"):
        documents.pages(path, next(t for t, k in documents.READERS.items() if k == kind))
    assert time.monotonic() - began < 10


def test_a_document_with_too_many_parts_is_refused(tmp_path):
    path = zipped(tmp_path / "a.docx", {f"{number}": "" for number in range(packed.ENTRIES + 1)})
    with pytest.raises(Invalid, match="time and memory"):
        documents.pages(path, next(iter(documents.READERS)))


def test_a_locked_document_says_so(tmp_path):
    parts = {
        "mimetype": "application/vnd.oasis.opendocument.text",
        "META-INF/manifest.xml": "<m><encryption-data/></m>",
        "content.xml": b"\x93\x02",
    }
    with pytest.raises(Invalid, match="password"):
        read(zipped(tmp_path / "a.odt", parts))


def test_a_part_of_a_zip_cannot_lead_out_of_it(tmp_path):
    assert packed.beside("OEBPS/book.opf", "../../../etc/passwd") == "../../etc/passwd"
    path = zipped(tmp_path / "a.zip", {"a": "b"})
    with packed.opened(path) as pack, pytest.raises(KeyError):
        pack.read("../../etc/passwd")


def test_word_breaks_pages_where_it_did_and_says_each_thing_once(tmp_path):
    body = (
        "<w:p><w:r><w:t>One</w:t></w:r><w:del><w:r><w:delText>gone</w:delText></w:r></w:del></w:p>"
        "<w:p><w:r><w:lastRenderedPageBreak/><w:t>Two</w:t><w:tab/><w:t>2</w:t></w:r></w:p>"
        '<x:AlternateContent xmlns:x="m"><x:Choice><w:t>Box</w:t></x:Choice>'
        "<x:Fallback><w:t>Box</w:t></x:Fallback></x:AlternateContent>"
    )
    xml = f"<w:document {WORD}><w:body>{body}</w:body></w:document>"
    notes = f"<w:footnotes {WORD}><w:p><w:t>A note</w:t></w:p></w:footnotes>"
    rels = '<R><r Type="http://x/officeDocument" Target="word/document2.xml"/></R>'
    parts = {
        "[Content_Types].xml": "<T/>",
        "_rels/.rels": rels,
        "word/document2.xml": xml,
        "word/footnotes.xml": notes,
    }
    assert read(zipped(tmp_path / "a.docx", parts)) == ["One", "Two\t2Box", "A note"]


def test_open_document_keeps_spaces_and_forgets_what_was_deleted(tmp_path):
    body = (
        "<text:tracked-changes>gone</text:tracked-changes>"
        '<text:p>A<text:s text:c="2"/>b<text:span>c</text:span>d<!-- no -->e</text:p>'
        "<text:p><text:soft-page-break/>Two</text:p>"
    )
    parts = {
        "mimetype": "application/vnd.oasis.opendocument.text",
        "content.xml": f"<office:document-content {ODF}>{body}</office:document-content>",
    }
    assert read(zipped(tmp_path / "a.odt", parts)) == ["A  bcde", "Two"]


def test_a_page_of_the_web_is_what_is_seen(tmp_path):
    path = tmp_path / "a.html"
    page = (
        "<html><head><meta charset=windows-1251><title>Аталыш</title><style>p{}</style></head>"
        "<body><script>alert('<p>no</p>')</script><p>Тоо\n  суулары &amp; көл<br>экинчи</body>"
    )
    path.write_bytes(page.replace("көл", "к&#1257;л").encode("cp1251"))
    assert read(path) == ["Аталыш\nТоо суулары & көл\nэкинчи"]


def test_rtf_is_read_in_the_code_page_of_its_fonts(tmp_path):
    path = tmp_path / "a.rtf"
    russian = "".join(rf"\'{byte:02x}" for byte in "Съёмка".encode("cp1251"))
    path.write_bytes(
        rb"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0\fcharset0 Times;}{\f1\fcharset204 Times CYR;}}"
        rb"{\info{\title No}}{\*\generator no;}\f1 "
        + russian.encode()
        + rb"\line\f0 caf\'e9 \u1257?\{x\}{\pict\bin5 \}}}}}\page two}"
    )
    assert read(path) == ["Съёмка\ncafé ө{x}", "two"]


def test_nonsense_in_any_format_does_no_harm(tmp_path):
    path = tmp_path / "a"
    for seed, media_type in enumerate(documents.READERS):
        path.write_bytes(bytes((seed * 7 + at * at) % 256 for at in range(5000)) * 4)
        try:
            documents.pages(path, media_type)
        except Invalid:
            continue
