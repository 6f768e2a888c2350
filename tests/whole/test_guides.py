"""Every guide in every language, of the same build, and in reach of every reader."""

import pytest

from repository.web import guides
from schemas import vocabulary


def test_there_are_the_same_guides_in_every_language_and_no_others():
    for code in vocabulary.INTERFACE:
        held = {path.name for path in (guides.FOLDER / code).iterdir()}
        assert held == {f"{name}.md" for name in guides.GUIDES}, code
    assert {path.name for path in guides.FOLDER.iterdir()} == set(vocabulary.INTERFACE)


@pytest.mark.parametrize("language", tuple(vocabulary.INTERFACE))
@pytest.mark.parametrize("name", guides.GUIDES)
def test_a_guide_has_the_same_build_in_every_language(name, language):
    """Headings at the same levels, and in them as many paragraphs, lists and items."""
    english = [one.type + one.tag for one in guides.parsed(name, "en")]
    assert [one.type + one.tag for one in guides.parsed(name, language)] == english
    assert english[:3] == ["heading_openh1", "inline", "heading_closeh1"]
    assert english[3:6] == ["paragraph_openp", "inline", "paragraph_closep"]


@pytest.mark.parametrize("language", tuple(vocabulary.INTERFACE))
def test_every_guide_is_linked_from_help(client, language):
    page = client.get(f"/help?lang={language}").get_data(as_text=True)
    for name in guides.GUIDES:
        assert f'href="/help/{name}"' in page
        assert guides.read(name, language, "").title in page
