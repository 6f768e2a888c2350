"""PDFs: what an honest one says, and how a broken or hostile one is refused."""

import time
import zlib

import pytest
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

from ingest import limited, pdf, pdf_child, pdf_text_child

CATALOGUE = b"<</Type/Catalog/Pages 2 0 R>>"
PAGES = b"<</Type/Pages/Kids[3 0 R]/Count 1>>"
PAGE = (
    b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R"
    b"/Resources<</Font<</F 5 0 R>>/XObject<</X 6 0 R>>>>>>"
)
FONT = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
HELLO = b"BT /F 12 Tf 50 700 Td (Hello) Tj ET"
# A hostile file is stopped after so many seconds here; the server waits a little longer.
PATIENCE = 3


def stream(data, more=b""):
    return b"<<%b/Length %d>>\nstream\n%b\nendstream" % (more, len(data), data)


def test_a_pdf_says_how_many_pages_it_has_and_what_it_is(draw, say):
    path = draw(
        [say("A Short Title", 20), say("Body text of the page.")],
        [say("Second page.")],
        info={"Title": "A Short Title", "Author": "Jane Doe", "Subject": "S", "Keywords": "a; b"},
        lang="en-GB",
    )
    reading = pdf.read(path)
    assert reading.pages == 2
    assert reading.info["Title"] == "A Short Title"
    assert reading.info["Author"] == "Jane Doe"
    assert reading.info["Keywords"] == "a; b"
    assert reading.info["CreationDate"].startswith("D:20")
    assert reading.language == "en-GB"
    assert not reading.tagged
    assert reading.outline == ()
    assert "Body text of the page." in reading.first[0].text


def test_lines_have_their_place_their_size_and_what_is_raised(draw, say):
    path = draw([say("A Title", 20, bold=True), say("Jane Doe^ and John Smith^", 12, notes="1|2")])
    title, authors = pdf.read(path).first[0].lines
    assert (title.text, title.size, title.bold) == ("A Title", 20, True)
    assert (authors.text, authors.size, authors.bold) == ("Jane Doe and John Smith", 12, False)
    assert [span.text for span in authors.spans if span.raised] == ["1", "2"]
    assert title.left == pytest.approx(72, abs=1)
    assert title.top < authors.top


def test_fonts_that_the_page_enlarges_have_the_size_that_is_seen(compose):
    body = b"BT /F 1 Tf 18 0 0 18 50 700 Tm (Hello) Tj ET"
    path = compose(CATALOGUE, PAGES, PAGE, stream(body), FONT, FONT)
    assert pdf.read(path).first[0].lines[0].size == 18


def test_text_that_runs_up_the_margin_is_no_line(compose):
    body = HELLO + b" BT /F 20 Tf 0 1 -1 0 30 300 Tm (arXiv:2001.00001) Tj ET"
    path = compose(CATALOGUE, PAGES, PAGE, stream(body), FONT, FONT)
    assert [line.text for line in pdf.read(path).first[0].lines] == ["Hello"]


def test_the_outline_and_the_tags_are_read(tmp_path):
    canvas = Canvas(str(tmp_path / "outline.pdf"))
    for at, title in enumerate(["Киришүү", "Корутунду"]):
        canvas.bookmarkPage(f"p{at}")
        canvas.addOutlineEntry(title, f"p{at}", at)
    canvas.drawString(72, 700, "Hello")
    canvas.save()
    assert pdf.read(tmp_path / "outline.pdf").outline == ("Киришүү", "Корутунду")


def test_a_tagged_pdf_says_so(compose):
    catalogue = b"<</Type/Catalog/Pages 2 0 R/MarkInfo<</Marked true>>/StructTreeRoot 5 0 R>>"
    path = compose(catalogue, PAGES, PAGE, stream(HELLO), FONT, FONT)
    assert pdf.read(path).tagged


PACKET = """<x:xmpmeta xmlns:x="adobe:ns:meta/">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/"
    xmlns:prism="http://prismstandard.org/namespaces/basic/2.0/" prism:doi="10.5555/abc">
   <dc:title><rdf:Alt><rdf:li xml:lang="x-default">Тоо суулары</rdf:li></rdf:Alt></dc:title>
   <dc:creator>
    <rdf:Seq><rdf:li>Jane Doe</rdf:li><rdf:li>Асанов Б. М.</rdf:li></rdf:Seq>
   </dc:creator>
  </rdf:Description>
 </rdf:RDF>
</x:xmpmeta>"""


def with_packet(compose, packet):
    catalogue = b"<</Type/Catalog/Pages 2 0 R/Metadata 6 0 R>>"
    metadata = stream(packet.encode(), b"/Type/Metadata/Subtype/XML")
    return compose(catalogue, PAGES, PAGE, stream(HELLO), FONT, metadata)


def test_the_xmp_packet_is_read(compose):
    packet = pdf.read(with_packet(compose, PACKET)).packet
    assert packet["title"] == ("Тоо суулары",)
    assert packet["creator"] == ("Jane Doe", "Асанов Б. М.")
    assert packet["doi"] == ("10.5555/abc",)


def test_an_xmp_packet_with_entities_is_left_unread(compose):
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaa">]>' + PACKET.replace("Jane Doe", "&a;")
    reading = pdf.read(with_packet(compose, bomb))
    assert reading.packet == {}
    assert reading.pages == 1


def test_document_information_in_cp1251_is_read(compose):
    path = compose(CATALOGUE, PAGES, PAGE, stream(HELLO), FONT, FONT)
    data = path.read_bytes()
    title = "Статья о горных реках".encode("cp1251")
    info = b"<</Title(%b)>>" % title
    path.write_bytes(data.replace(b"/Root 1 0 R", b"/Root 1 0 R/Info " + info, 1))
    assert pdf.read(path).info["Title"] == "Статья о горных реках"


def test_what_comes_out_can_be_stored(draw, say):
    path = draw([say("A\u0001 \u0007title \ufeff\u200b", 20)], info={"Title": "A\u0007 title"})
    reading = pdf.read(path)
    text = "".join([*pdf.text(path), *reading.info.values(), reading.first[0].text])
    assert not [one for one in text if ord(one) < 32 and one not in "\n\r\t"]


def test_text_has_one_entry_a_page_with_cut_words_joined(draw, say):
    first = [
        say("The fluent of the rivers was exam-"),
        say("ined again and high-"),
        say("level too."),
    ]
    path = draw(first, [], [say("A high-level view; level and high.")])
    pages = pdf.text(path)
    assert len(pages) == 3
    assert "examined" in pages[0]
    assert "high-level" in pages[0]
    assert pages[1] == ""
    assert pages[2].startswith("A high-level view")


def test_kyrgyz_letters_come_out_whole(draw, say, cyrillic):
    path = draw([say("Өнөр үлгүлөрү, мөңгү, Ёмкость, съёмка")], fonts=cyrillic)
    assert pdf.text(path) == ["Өнөр үлгүлөрү, мөңгү, Ёмкость, съёмка"]


def test_a_pdf_that_only_forbids_changes_is_read(tmp_path):
    path = tmp_path / "owned.pdf"
    canvas = Canvas(str(path), encrypt=StandardEncryption("", ownerPassword="owner"))
    canvas.drawString(72, 700, "Hello")
    canvas.save()
    assert pdf.text(path) == ["Hello"]
    assert pdf.read(path).pages == 1


def test_a_pdf_behind_a_password_is_refused(tmp_path):
    path = tmp_path / "locked.pdf"
    canvas = Canvas(str(path), encrypt=StandardEncryption("secret"))
    canvas.drawString(72, 700, "Hello")
    canvas.save()
    with pytest.raises(pdf.Locked, match="protected by a password"):
        pdf.read(path)
    with pytest.raises(pdf.Locked):
        pdf.text(path)


def test_an_empty_file_is_refused(tmp_path):
    path = tmp_path / "empty.pdf"
    path.touch()
    with pytest.raises(pdf.Empty, match="0 bytes"):
        pdf.read(path)


def test_a_pdf_without_pages_is_refused(compose):
    path = compose(CATALOGUE, b"<</Type/Pages/Kids[]/Count 0>>")
    with pytest.raises(pdf.Empty, match="no pages"):
        pdf.read(path)


@pytest.mark.parametrize(
    "page", ["<!DOCTYPE html><html><body>Sign in</body></html>", "\ufeff\n<HTML lang=ru><head>"]
)
def test_an_html_page_named_pdf_is_refused(tmp_path, page):
    path = tmp_path / "paper.pdf"
    path.write_text(page, encoding="utf-8")
    with pytest.raises(pdf.NotPdf, match="is an HTML page"):
        pdf.read(path)


def test_any_other_file_named_pdf_is_refused(tmp_path):
    path = tmp_path / "paper.pdf"
    path.write_bytes(b"PK\x03\x04" + bytes(100))
    with pytest.raises(pdf.NotPdf, match="is not a PDF"):
        pdf.read(path)


@pytest.mark.parametrize("kept", [0.3, 0.6, 0.9])
def test_a_truncated_pdf_is_refused(draw, say, kept):
    path = draw(*([say(f"Page {number} of the work.")] for number in range(40)))
    data = path.read_bytes()
    path.write_bytes(data[: int(kept * len(data))])
    with pytest.raises(pdf.Truncated, match="its end is missing"):
        pdf.read(path)


def test_a_linearised_pdf_that_is_shorter_than_it_says_is_refused(compose):
    path = compose(b"<</Linearized 1/L 999999/H[1 2]>>", CATALOGUE, PAGES, PAGE)
    with pytest.raises(pdf.Truncated):
        pdf.read(path)


def test_a_pdf_of_nonsense_is_refused(tmp_path):
    path = tmp_path / "nonsense.pdf"
    path.write_bytes(b"%PDF-1.7\n" + bytes(range(256)) * 40 + b"\nstartxref\n12\n%%EOF")
    with pytest.raises(pdf.Broken, match="damaged"):
        pdf.read(path)
    with pytest.raises(pdf.Broken):
        pdf.text(path)


def test_zeros_after_the_end_do_no_harm(draw, say):
    path = draw([say("Hello")])
    path.write_bytes(path.read_bytes() + bytes(100_000))
    assert pdf.read(path).pages == 1


def forms(depth):
    """Forms of which each draws the next four times: 4**depth of them, if all were drawn."""
    for at in range(depth):
        more = b"/Type/XObject/Subtype/Form/BBox[0 0 600 800]/Resources<</Font<</F 5 0 R>>%b>>"
        again = b"/XObject<</X %d 0 R>>" % (at + 7) if at + 1 < depth else b""
        yield stream(b"/X Do /X Do /X Do /X Do" if again else HELLO, more % again)


def test_a_pdf_that_would_take_for_ever_is_stopped(compose):
    path = compose(CATALOGUE, PAGES, PAGE, stream(b"/X Do"), FONT, *forms(20))
    began = time.monotonic()
    with pytest.raises(pdf.TooHard, match="time and memory"):
        pdf.read(path, seconds=PATIENCE)
    assert time.monotonic() - began < 3 * PATIENCE


def test_a_pdf_that_would_eat_all_memory_is_stopped(compose):
    packer = zlib.compressobj(9, wbits=-15)
    megabyte = packer.compress(bytes(2**20)) + packer.flush(zlib.Z_FULL_FLUSH)
    packed = b"\x78\xda" + 1024 * megabyte + b"\x03\0" + bytes(4)
    bomb = stream(zlib.compress(packed, 9), b"/Filter[/FlateDecode/FlateDecode]")
    path = compose(CATALOGUE, PAGES, PAGE, bomb, FONT, FONT)
    assert path.stat().st_size < 10_000
    with pytest.raises(pdf.TooHard):
        pdf.text(path, seconds=2 * PATIENCE)


def test_deep_nesting_hurts_only_what_stands_in_it(compose):
    deep = b"<</Type/Catalog/Pages 2 0 R/X %b>>" % (b"[" * 100_000 + b"]" * 100_000)
    reading = pdf.read(compose(deep, PAGES, PAGE, stream(HELLO), FONT, FONT))
    assert reading.first[0].text.strip() == "Hello"


def test_a_tree_of_pages_that_bites_its_tail_is_read_once(compose):
    tree = b"<</Type/Pages/Kids[2 0 R 2 0 R 3 0 R]/Count 100000000>>"
    path = compose(CATALOGUE, tree, PAGE, stream(HELLO), FONT, FONT)
    assert pdf.text(path) == ["Hello"]


def test_the_process_that_reads_gets_none_of_our_secrets(draw, say, monkeypatch, tmp_path):
    asked = {}
    path = draw([say("Hello")])
    run = limited.subprocess.run

    def listening(*args, **options):
        asked.update(options)
        return run(*args, **options)

    monkeypatch.setenv("ARCHIVE_SECRET_KEY", "secret")
    monkeypatch.setattr(limited.subprocess, "run", listening)
    pdf.read(path)
    assert set(asked["env"]) == {"PYTHONPATH", "PYTHONWARNINGS"}


def test_each_answer_of_the_process_stands_for_itself(draw, say):
    path = draw([say("Hello")], [say("World")])
    first, structure = pdf_child.read(path)
    assert first["pages"] == 2
    assert structure["outline"] == []
    assert [one["text"] for one in pdf_text_child.text(path)] == ["Hello", "World"]


def test_a_structure_that_cannot_be_read_leaves_what_the_pages_show(compose):
    catalogue = b"<</Type/Catalog/Pages 2 0 R/Outlines 7 0 R/Metadata 9 0 R>>"
    path = compose(catalogue, PAGES, PAGE, stream(HELLO), FONT, FONT, b"[1 2 3]")
    assert pdf.read(path).first[0].text.strip() == "Hello"
