"""Pages of a mirror: templates filled in one of the three languages, with relative links only."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

import jinja2
from babel import Locale
from lxml import etree

from repository import appearance, mail, openness, plugins, speaking, xml
from repository.exports import bibtex, csl, parts, ris, styling
from repository.mirror import names
from repository.mirror.works import Gathered, Left, Part
from repository.records import Record
from repository.settings import Settings
from schemas import vocabulary
from schemas import work as profile

STATIC = Path(__file__).parents[1] / "static"
LANGUAGES = tuple(vocabulary.INTERFACE)
STYLES = ("gost", "apa")
FORMATS = {"oai_dc.xml": "oai_dc", "mods.xml": "mods"}
FOR_MANAGERS: Mapping[str, Callable[[Record], bytes]] = {
    "work.bib": bibtex.dumps,
    "work.ris": ris.dumps,
    "csl.json": csl.dumps,
}
LABELS = {
    "oai_dc.xml": "Dublin Core",
    "mods.xml": "MODS",
    "work.bib": "BibTeX",
    "work.ris": "RIS",
    "csl.json": "CSL-JSON",
}


def _(sentence: str) -> str:
    """Marks a sentence for translation."""
    return sentence


WHY = {
    Left.UNCHECKED: _("It has not been checked for viruses, so it is not handed on."),
    Left.DAMAGED: _("Its bytes were damaged when this copy was made."),
}


@dataclass(frozen=True)
class Press:
    """What prints pages in one language."""

    language: str
    locale: Locale
    gettext: Callable[..., str]
    environment: jinja2.Environment
    name: str
    zone: ZoneInfo
    archive: str

    def page(self, template: str, path: str, **said: Any) -> bytes:
        """The page at `path` in the mirror; links in it begin with `root`."""
        root = "../" * path.count("/")
        page = self.environment.get_template(f"mirror/{template}.html")
        text = page.render(
            root=root, path=path, rest=path.removeprefix(f"{self.language}/"), **said
        )
        return text.encode()

    def day(self, value: date) -> str:
        """A day as people write it."""
        here = value.astimezone(self.zone).date() if isinstance(value, datetime) else value
        return speaking.day(here, self.locale)

    def said(self, sentence: str, **parameters: Any) -> str:
        """A sentence in this language."""
        found = self.gettext(sentence)
        return found % parameters if parameters else found

    def why(self, part: Part) -> list[str]:
        """Why a file is not in the mirror, and who may have it."""
        if part.left in WHY:
            return [self.said(WHY[part.left])]
        return openness.sentences(part.file, part.decision, say=self.said, day=self.day)


def press(settings: Settings, language: str) -> Press:
    """The press of a language."""
    words, locale = mail.translations(language), Locale.parse(language)
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("templates", ""),
        extensions=["jinja2.ext.i18n"],
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.install_gettext_translations(words, newstyle=True)  # type: ignore[attr-defined]
    name = appearance.name(settings, language)
    zone = ZoneInfo(settings.time_zone)
    made = Press(language, locale, words.gettext, environment, name, zone, settings.base_url)
    environment.filters |= {
        "day": made.day,
        "edtf": partial(speaking.edtf, locale=locale, gettext=made.said),
        "size": partial(speaking.size, locale=locale),
        "number": partial(speaking.number, locale=locale),
        "language_name": partial(speaking.language_name, locale=locale),
        "reading_name": profile.agent_reading,
        "filed_name": profile.agent_name,
        "label": words.gettext,
        "address": quote,
    }
    environment.globals |= {
        "language": language,
        "languages": vocabulary.INTERFACE,
        "archive_name": name,
        "archive": settings.base_url,
        "vocabulary": vocabulary,
    }
    return made


def of_work(one: Gathered) -> dict[str, Any]:
    """What the page of a work shows, in whatever language."""
    document = one.record.document
    licence = vocabulary.LICENCES.get(document.get("licence", ""))
    version = vocabulary.VERSIONS.get(document.get("version_type", ""))
    return {
        "record": one.record,
        "document": document,
        "title": profile.main_title(document),
        "type": profile.work_type(document),
        "year": profile.year(document),
        "licence": licence,
        "version": version,
        "parts": one.parts,
        "collections": [(names.page(each.slug), each) for each in one.work.collections],
        "citations": [_cited(one.record, style) for style in STYLES],
        "tongue": parts.tongue(document),
        "forms": LABELS,
    }


def _cited(record: Record, style: str) -> tuple[str, str]:
    """The name of a style, and the work in it; without a day of access, which is the reader's."""
    return styling.STYLES[style].name, styling.plain(styling.cite(record, style))


def descriptions(record: Record) -> dict[str, bytes]:
    """The files with the description of a work, by name."""
    made = {}
    for name, format in FORMATS.items():
        plugin = plugins.named("open_archive.formats", format, ("render",))
        root: etree._Element | None = getattr(plugin, "alone", plugin.render)(record)
        if root is not None:
            made[name] = xml.serialise(root)
    return made | {name: dumps(record) for name, dumps in FOR_MANAGERS.items()}


def assets(settings: Settings) -> dict[str, bytes]:
    """What all pages share: the style of the site in one file, the search, the icon."""
    style = (STATIC / "archive.css").read_text("utf-8") + (STATIC / "mirror.css").read_text("utf-8")
    look = appearance.look(settings)
    if look.light:
        style += f":root {{ --accent: {look.light}; }}\n"
    if look.dark:
        dark = f":root {{ --accent: {look.dark}; }}"
        style += f"@media (prefers-color-scheme: dark) {{ {dark} }}\n"
    return {
        "assets/style.css": re.sub(r'url\("(\w+\.svg)"\)', _inside, style).encode(),
        "assets/search.js": (STATIC / "mirror.js").read_bytes(),
        "assets/icon.svg": (STATIC / "favicon.svg").read_bytes(),
    }


def _inside(found: re.Match[str]) -> str:
    """A drawing within the style: from a stick, browsers do not let one file use another."""
    drawing = (STATIC / found[1]).read_text("utf-8")
    return f'url("data:image/svg+xml,{quote(drawing)}")'
