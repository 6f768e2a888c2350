"""Who wrote it: names in the lines around a title, told from affiliations, ranks and places."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from ingest import firstpage, headings, names, prose
from ingest.firstpage import Block
from ingest.layout import Line, Page
from ingest.names import Name

MOST = 500
REACH = 200
# How far up, in letters, a line stands that follows on the next page.
NEXT_PAGE = -20
# The part of a page's height, above and below, where running titles and page numbers stand.
EDGE = 0.08

_AND = re.compile(r"\s+(?:and|und|et|и|жана|with)\s+|\s*&\s*", re.IGNORECASE)
_SEPARATORS = re.compile(r"[;,·•|/\n\x1d]")
_SIGNS = re.compile(r"[\d*∗†‡§¶#¹²³⁴⁵⁶⁷⁸⁹⁰✉☒🖂]+")
_BRACKETS = re.compile(r"[(\[][^)\]]{0,80}[)\]]")
_AUTHOR_LABEL = re.compile(
    r"(?:by|authors?|автор(?:ы|лор|лору)?|выполнила?|студент(?:ка)?|аспирант|соискатель|"
    r"аткарган|түзгөн|түзүүчү|изденүүчү|магистрант|submitted by|written by)\b\s*[:–—-]?\s*",
    re.IGNORECASE,
)
_OTHER_LABEL = re.compile(
    r"(?:(?:научн\w+ )?руководител\w*|илимий жетекчи\w*|жетекчи\w*|илимий кеңешчи\w*|консультант|"
    r"рецензент\w*|оппонент\w*|supervis\w*|advis[oe]r\w*|examiner\w*|committee|edited by|"
    r"ред(?:актор|\.)\w*|editors?|edited|пикир жазуучу\w*|расмий оппонент\w*)\b",
    re.IGNORECASE,
)
_PLACE = re.compile(
    r"\b(?:республика\w*|republic|россия|кыргызстан\w*|казахстан\w*|өзбекстан|узбекистан|"
    r"kyrgyz(?:stan)?|kazakhstan|russia|china|states|kingdom|federation|область|облусу|"
    r"(?-i:г\.|ш\.|USA|UK)|city|street|avenue|road|new york|san \w+|los angeles|бишкек|ош шаары)\b|"
    r"@|https?:|www\.|орcid|orcid",
    re.IGNORECASE,
)
# Organisations, and other words with capitals that stand near names.
_ORGANISATION = re.compile(
    r"\b(?:group|team|consortium|foundation|community|society|association|council|press|library|"
    r"consulting|company|ltd|inc|gmbh|project|общество|фонд|ассоциация|союз|библиотека|коому|"
    r"китепканасы|бирикмеси|version|edition|volume|license|report|vol|no|pp|"
    r"issue|journal|вып|том|стр|журнал|вестник)\b",
    re.IGNORECASE,
)
_TOKEN = re.compile(r"(?:[dlDL][’'])?[^\W\d_]+(?:[-'’ʼ`.][^\W\d_]+)*\.?|[’']t")


def find(pages: Sequence[Page], title: Block | None) -> list[Name]:
    """The authors whose names stand after the title, or else before it."""
    if title is None:
        return []
    after = _names(_zone(_following(pages, title)))
    before = _names(_zone(pages[0].lines[: title.first]), sure=True)
    certain = [one for one in before if names.is_certain(one)]
    # A page that has everything in two languages names its authors once in each script.
    for some in (after, certain):
        own = [one for one in some if _script(one) == _script(title.text)]
        if _any_certain(own):
            return _split(own)
    return _split(certain if certain and not _any_certain(after) else after)


def _any_certain(found: Iterable[str]) -> bool:
    return any(names.is_certain(one) for one in found)


def _script(text: str) -> bool:
    """Whether most letters are Cyrillic."""
    return 2 * len(re.findall("[\u0400-\u04ff]", text)) > sum(map(str.isalpha, text))


def _following(pages: Sequence[Page], title: Block) -> Iterator[Line]:
    """The lines after the title, and those of the next page, where a long list may go on."""
    foot, head = (1 - EDGE) * pages[0].height, EDGE * pages[0].height
    yield from (line for line in pages[0].lines[title.last + 1 :] if line.top < foot)
    for page in pages[1:2]:
        yield from (line for line in page.lines if line.top > head)


def parse(text: str) -> list[Name]:
    """The names in a list of authors: "Jane Doe, John Smith and Ann Lee", "Doe, J.; Smith, A."."""
    return _split([one for one in _pieces([text]) if looks_like_name(one)])


def looks_like_name(text: str) -> bool:
    """Whether the text could be the name of one person."""
    tokens = text.replace(".", ". ").split()
    if not 2 <= len(tokens) <= 6 or any(
        one.search(text) for one in (firstpage.INSTITUTION, _ORGANISATION, _PLACE)
    ):
        return False
    if headings.opens(text) or not any(len(one.strip(".")) > 1 for one in tokens):
        return False
    return all(_is_name_token(one, at) for at, one in enumerate(tokens))


def _is_name_token(token: str, at: int) -> bool:
    low = token.lower()
    if low in names.PARTICLES or low in names.KIN or low in names.LINKS or low in names.SUFFIXES:
        return at > 0 or token[0].isupper()
    return bool(_TOKEN.fullmatch(token)) and (token[0].isupper() or token[1:2] in ("’", "'"))


def _zone(lines: Iterable[Line]) -> list[Line]:
    """The lines up to the next heading, without those that name somebody else."""
    zone: list[Line] = []
    for line in islice(lines, REACH):
        text = prose.line(line.text)
        if headings.opens(text):
            break
        if _OTHER_LABEL.match(text):
            continue
        zone.append(line)
    return zone


def _names(zone: list[Line], *, sure: bool = False) -> list[str]:
    """Names in the zone; when `sure`, from the first list on that only people can stand in."""
    found: list[str] = []
    style: Line | None = None
    at = 0
    while at < len(zone) and len(found) < MOST:
        run = _run(zone, at, style)
        named = _in_run(run)
        if named and (style or not sure or _any_certain(named)):
            style = style or run[0]
            found.extend(named)
        at += len(run) or 1
    return list(dict.fromkeys(found))[:MOST]


def _run(zone: list[Line], at: int, style: Line | None) -> list[Line]:
    """The lines from there on that make up one list of names, if one begins there."""
    first = zone[at]
    pieces = _pieces([_marked(first)])
    if not pieces or firstpage.INSTITUTION.match(first.text) or not _begins(pieces):
        return []
    if style is not None and not (firstpage.same_style(style, first) and _all_named(pieces)):
        return []
    run = [first]
    for line in zone[at + 1 :]:
        step = (line.top - run[-1].top) / line.size
        follows = -0.3 < step < 2.2 or step < NEXT_PAGE
        if not follows or not firstpage.same_style(first, line) or _is_affiliation(line):
            break
        run.append(line)
    return run


def _all_named(pieces: list[str]) -> bool:
    return all(looks_like_name(one) for one in pieces)


def _begins(pieces: list[str]) -> bool:
    """Whether a line of these pieces begins a list of names."""
    if _any_certain(pieces):
        return True
    # Words in small letters are those of a sentence or a subtitle.
    if any(len(re.findall(r"(?<![^\s(])[^\W\d_A-ZА-ЯҮӨҢЁ]{3,}", one)) > 1 for one in pieces):
        return False
    # A name may be cut at the end of the line: "Tania Vanessa" and below "Arellano-Fernandez".
    cut = len(pieces) == 1 and bool(_TOKEN.fullmatch(pieces[0])) and pieces[0][0].isupper()
    return cut or looks_like_name(pieces[0])


def _is_affiliation(line: Line) -> bool:
    text = line.text
    first = line.spans[0]
    if firstpage.INSTITUTION.search(text) or "@" in text or re.match(r"\d", text):
        return True
    return first.raised and not _marked(line).strip(" ;\x1d").partition(";")[0][:1].isupper()


def _marked(line: Line) -> str:
    """The line with each mark of an affiliation turned into a separator."""
    return "".join("\x1d" if span.raised else span.text for span in line.spans)


def _in_run(run: list[Line]) -> list[str]:
    pieces = _pieces([_marked(line) for line in run]) if run else []
    return [one for one in pieces if looks_like_name(one)]


def _pieces(lines: list[str]) -> list[str]:
    """The lines of a list of names, cut where one name ends and the next begins."""
    text = _AUTHOR_LABEL.sub("", lines[0], count=1) if _AUTHOR_LABEL.match(lines[0]) else lines[0]
    listed = any(_SEPARATORS.search(_BRACKETS.sub("", one)) or _AND.search(one) for one in lines)
    for line in lines[1:]:
        text += (" " if listed and not _closes(text, line) else "\n") + line
    text = _SIGNS.sub("\x1d", _BRACKETS.sub("\x1d", prose.mend(text)))
    text = _AND.sub("\x1d", f" {text} ")
    return _paired([one for one in map(_bare, _SEPARATORS.split(text)) if one])


def _closes(above: str, below: str) -> bool:
    """Whether a name begins with the line below although no separator says so."""
    last = _bare(_SEPARATORS.split(above)[-1])
    first = _bare(_SEPARATORS.split(_SIGNS.sub("\x1d", below))[0])
    return bool(last) and names.is_certain(first) and not names.is_certain(f"{last} {first}")


def _bare(piece: str) -> str:
    words = [one for one in piece.split() if one.lower().strip(",()") not in names.RANKS]
    return " ".join(words).strip(" :–—-_").rstrip("\\^")


def _paired(pieces: list[str]) -> list[str]:
    """Pieces with "Doe", "J." put together again."""
    made: list[str] = []
    for piece in pieces:
        initials = all(map(names.is_initial, piece.replace(".", ". ").split()))
        if made and (initials or piece.lower() in names.SUFFIXES) and " " not in made[-1]:
            made[-1] = f"{made[-1]} {piece}"
        else:
            made.append(piece)
    return made


def _split(found: Iterable[str]) -> list[Name]:
    return [names.split(one) for one in found]
