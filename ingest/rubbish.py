"""Document information that says nothing of the work: what programs and templates leave there."""

import re

from ingest import names

_TITLE = re.compile(
    r"microsoft (?:word|powerpoint|excel|office)\b.*|powerpoint presentation|"
    r"презентация powerpoint|"
    r"(?:untitled|без имени|безымянный|аталышсыз)\b.*|"
    r"без названия|no title|unknown|none|null|"
    r"(?:document|документ|книга|book|лист|sheet|slide|слайд|page|layout|презентация|presentation|"
    r"doc|file|файл|новый документ|new document|main|paper|article|manuscript|template|draft|"
    r"статья|макала|диплом|диссертация|курсовая|реферат|текст|титул|титульный лист|title|"
    r"аннотация|abstract|введение|содержание|мазмуну|scan|скан|scanned document)"
    r"[\s_.№#()-]*\d*",
    re.IGNORECASE,
)
_FILE = re.compile(
    r".*\.(?:docx?|rtf|odt|pdf|tex|dvi|indd|qxd|qxp|pmd|p65|fm|cdr|pptx?|xlsx?|html?|txt|wpd|ps|"
    r"djvu|tiff?|jpe?g)",
    re.IGNORECASE,
)
_PLACE = re.compile(
    r"(?:[a-z]:\\|\\\\|/(?:home|users|tmp|var|mnt)/|file:|https?:).*", re.IGNORECASE
)
_CODE = re.compile(
    r"[\W\d_]*|[0-9a-f-]{16,}|(?:pii|doi|isbn|issn|udc|удк)\b.*|\{?[0-9a-f]{8}-.*|"
    r"(?:camscanner|kmbt|scan|img|dsc|hp|canon|xerox)[\W_]*\d.*|"
    r".*\b(?:word|paper|article|manuscript|journal|ieee|latex|acm)\b.*\btemplate\b.*|шаблон\b.*",
    re.IGNORECASE,
)
_MOJIBAKE = re.compile("\ufffd|[ÐÑ][\u0080-\u00bf\u0400-\u045f]|Рђ|РµР|СЃС|\\?{4,}|þÿ")

_AUTHOR = frozenset(
    "admin administrator user owner customer root home office student teacher author guest unknown "
    "none pc comp computer work hp acer asus lenovo dell samsung toshiba sony windows microsoft "
    "apple mac macbook test manager secretary library pavilion laptop notebook editor редактор "
    "админ администратор пользователь автор компьютер ноутбук студент учитель лаборант секретарь "
    "библиотека кафедра деканат дом работа колдонуучу".split()
)


def is_title(text: str) -> bool:
    """Whether the title of the document information is none."""
    letters = sum(one.isalpha() for one in text)
    if letters < 4 or _MOJIBAKE.search(text):
        return True
    # One "word" with digits and underscores: the name of a file.
    if not re.search(r"\s", text) and len(re.findall(r"[_\d]", text)) > 1:
        return True
    return any(one.fullmatch(text) for one in (_TITLE, _FILE, _PLACE, _CODE))


def is_author(text: str) -> bool:
    """Whether the author of the document information is a computer's user, or nobody."""
    words = re.findall(r"[^\W\d_]+", text.casefold())
    if not words or _MOJIBAKE.search(text) or "@" in text or re.search(r"[\d_\\]", text):
        return True
    if any(one in _AUTHOR for one in words):
        return True
    return not names.split(text).given
