import re
from pathlib import Path

import pytest

from repository import xml
from repository.errors import Invalid, TooLarge

ROOT = Path(__file__).parents[2]
_LOLS = "".join(f'<!ENTITY l{n + 1} "{10 * f"&l{n};"}">' for n in range(1, 10))
LAUGHS = f'<!DOCTYPE lolz [<!ENTITY l1 "lol">{_LOLS}]><lolz>&l10;</lolz>'
DOCTYPES = {
    "entity": '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
    "file": '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>',
    "address": '<!DOCTYPE a SYSTEM "http://127.0.0.1/a.dtd"><a/>',
    "parameter": '<!DOCTYPE a [<!ENTITY % p SYSTEM "http://127.0.0.1/"> %p;]><a/>',
    "after a comment": "<?xml version='1.0'?>\n<!-- a > b -->\n<?go now?><!DOCTYPE a><a/>",
    "plain": "<!DOCTYPE html><html/>",
    "billion laughs": LAUGHS,
}


def test_the_root_of_a_well_formed_document_is_given():
    root = xml.parse("<a b='ң'><c/></a>".encode())
    assert root.tag == "a"
    assert root.get("b") == "ң"


def test_a_file_is_read_as_bytes_are(tmp_path):
    (tmp_path / "a.xml").write_bytes(b"<a/>")
    assert xml.parse(tmp_path / "a.xml").tag == "a"


@pytest.mark.parametrize("text", DOCTYPES.values(), ids=DOCTYPES.keys())
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1251"])
def test_any_doctype_is_refused_in_every_encoding(text, encoding):
    with pytest.raises(Invalid):
        xml.parse(text.encode(encoding))


def test_a_doctype_is_refused_with_a_sentence_that_says_what_to_do():
    with pytest.raises(Invalid, match=r"DOCTYPE.*Remove it"):
        xml.parse(LAUGHS.encode())


def test_a_doctype_behind_a_very_long_comment_is_refused_too():
    with pytest.raises(Invalid, match="DOCTYPE"):
        xml.parse(b"<!--" + b"-a" * 2**16 + b"--><!DOCTYPE a><a/>")


def test_text_that_speaks_of_a_doctype_is_none():
    assert xml.parse(b"<!-- <!DOCTYPE a> --><a><![CDATA[<!DOCTYPE b>]]></a>").text == "<!DOCTYPE b>"


@pytest.mark.parametrize("encoding", ["UTF-7", "IBM037", "x-user-defined"])
def test_encodings_in_which_a_doctype_could_hide_are_refused(encoding):
    with pytest.raises(Invalid, match="UTF-8"):
        xml.parse(f'<?xml version="1.0" encoding="{encoding}"?><a/>'.encode())


def test_russian_encodings_of_old_are_read():
    declared = '<?xml version="1.0" encoding="windows-1251"?><a>Нарын</a>'
    assert xml.parse(declared.encode("cp1251")).text == "Нарын"


@pytest.mark.parametrize(
    "text", ["", "<a>", "<a></b>", "<a>&nosuch;</a>", "text", "<a>\x08</a>", "<a b=c/>"]
)
def test_broken_xml_is_refused_with_its_line(text):
    with pytest.raises(Invalid, match="line 2"):
        xml.parse(f"<!-- one line -->\n{text}".encode())


def test_xml_beyond_the_limit_is_refused_before_it_is_parsed(tmp_path):
    (tmp_path / "a.xml").write_bytes(b"<a>" + b" " * 2**21)
    with pytest.raises(TooLarge, match="1 MB"):
        xml.parse(tmp_path / "a.xml", limit=2**20)


def test_nesting_that_is_too_deep_is_refused():
    with pytest.raises(Invalid):
        xml.parse(b"<a>" * 5000 + b"</a>" * 5000)


def test_what_is_serialised_is_read_again():
    root = xml.parse("<a>ү</a>".encode())
    assert xml.parse(xml.serialise(root)).text == "ү"


def test_no_other_module_parses_xml():
    other = re.compile(
        r"etree\.(parse|fromstring|XML|iterparse|HTML|XMLParser|XMLPullParser|fromstringlist)\b"
        r"|ElementTree|minidom|xml\.sax|lxml\.html|objectify|expat"
    )
    sources = [
        path
        for name in ("repository", "oai", "ingest", "schemas")
        for path in (ROOT / name).rglob("*.py")
    ] + [ROOT / "wsgi.py"]
    found = [path for path in sources if other.search(path.read_text("utf-8"))]
    assert found == [ROOT / "repository" / "xml.py"]
