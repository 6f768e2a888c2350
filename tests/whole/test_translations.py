"""The interface is complete in Kyrgyz, Russian and English."""

import io
import re
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "repository" / "translations"
LANGUAGES = ("ky", "ru")
PLACES = re.compile(r"%\((\w+)\)[sd]|%[sd]")


def catalogue(language):
    with (FOLDER / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return read_po(file, locale=language)


@pytest.fixture(scope="module")
def sentences(tmp_path_factory):
    """All sentences of the code and the templates, collected as `make messages` does."""
    target = tmp_path_factory.mktemp("messages") / "messages.pot"
    makefile = (ROOT / "Makefile").read_text()
    names = re.search(r"SENTENCES = ((?:.|\\\n)+?)\n(?=\w)", makefile)[1].replace("\\\n", " ")
    keywords = [one for name in names.split() for one in ("-k", f"{name}:1")]
    subprocess.run(
        [
            Path(sys.executable).with_name("pybabel"), "-q", "extract", "-F", "babel.cfg",
            *keywords, "-k", "_", "-k", "_step:3", "-o", target, ".",
        ],
        cwd=ROOT,
        check=True,
    )  # fmt: skip
    with target.open("rb") as file:
        return {message.id: message for message in read_po(file) if message.id}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_is_translated_and_nothing_else(sentences, language):
    translated = {message.id: message for message in catalogue(language) if message.id}
    assert set(map(str, sentences)) - set(map(str, translated)) == set()
    assert set(map(str, translated)) - set(map(str, sentences)) == set()
    for message in translated.values():
        strings = message.string if isinstance(message.string, tuple) else (message.string,)
        assert all(strings), message.id
        assert not message.fuzzy, message.id


@pytest.mark.parametrize("language", LANGUAGES)
def test_translations_have_the_same_places_for_values(language):
    for message in catalogue(language):
        if not message.id:
            continue
        ids = message.id if isinstance(message.id, tuple) else (message.id,)
        strings = message.string if isinstance(message.string, tuple) else (message.string,)
        wanted = {place for one in ids for place in PLACES.findall(one)}
        for string in strings:
            assert set(PLACES.findall(string)) == wanted, message.id


@pytest.mark.parametrize("language", LANGUAGES)
def test_compiled_catalogues_are_those_of_the_sources(language):
    made = io.BytesIO()
    write_mo(made, catalogue(language))
    assert (FOLDER / language / "LC_MESSAGES" / "messages.mo").read_bytes() == made.getvalue()
