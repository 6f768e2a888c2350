"""What the headings of a table mean: keys of columns, by what libraries call them.

The keys are those of `ingest.sheet_columns`, so that a table which went out comes in again, and a
few that only an import has. A heading may bear its key in brackets, "Аталышы [title]", and name a
language: "abstract.ru", "Аннотация (на русском)".
"""

import re

from ingest import sheet_columns

KEY, FILES, ACCESS, EMBARGO = "key", "files", "access", "embargo_until"
# People who are not authors: each is a contributor in a role.
ROLES = {
    "supervisor": "ths",
    "editor": "edt",
    "compiler": "com",
    "translator": "trl",
    "reviewer": "rev",
}
FIELDS = (
    *sheet_columns.columns([*sheet_columns.USUAL, ""]),
    *ROLES,
    FILES,
    ACCESS,
    EMBARGO,
    KEY,
)
OWN = frozenset({"revision", "state", "link", "address"})  # what our own tables say besides

_CALLED = """
title: title, dc.title, name, название, заглавие, заголовок, наименование, тема, тема работы,
  аталышы, аты, эмгектин аталышы, тема аталышы, теманын аталышы
subtitle: subtitle, подзаголовок, сведения относящиеся к заглавию, кошумча аталышы
other_titles: other titles, alternative title, другие заглавия, башка аталыштары,
  dc.title.alternative
translated_title: translated title, перевод заглавия, параллельное заглавие, которулган аталышы
creators: creators, creator, author, authors, dc.creator, dc.contributor.author, автор, авторы,
  фио, фио автора, фио авторов, ф и о, ф и о автора, автору, авторлору, авторлор, аты жөнү,
  автордун аты жөнү
contributors: contributors, contributor, dc.contributor, другие лица, соавторы, катышуучулар
supervisor: supervisor, advisor, научный руководитель, руководитель, илимий жетекчи, жетекчиси,
  илимий жетекчиси, dc.contributor.advisor
editor: editor, editors, редактор, редакторы, отв редактор, ответственный редактор, редактору
compiler: compiler, compilers, составитель, составители, түзүүчү, түзүүчүлөр, түзгөн
translator: translator, translators, переводчик, котормочу, которгон
reviewer: reviewer, reviewers, рецензент, рецензенты, рецензенттер, сын пикирчи
type: type, kind, kind of work, dc.type, тип, вид, вид работы, вид издания, вид документа,
  тип документа, тип работы, түрү, эмгектин түрү, басылманын түрү
issued: issued, date, year, date of publication, publication year, dc.date, dc.date.issued, год,
  год издания, год публикации, дата, дата издания, дата публикации, жылы, жыл, басылган жылы,
  чыккан жылы, жарыяланган күнү
languages: language, languages, dc.language, dc.language.iso, язык, языки, язык текста,
  язык издания, тили, тил, тилдери
publisher: publisher, dc.publisher, издательство, издатель, басмасы, басма, басмакана
place: place, place of publication, место издания, город, басылган жери, чыккан жери, шаары
edition: edition, издание, басылышы, сведения об издании
udc: udc, удк, оок, уок
bbk: bbk, ббк, ккк
grnti: grnti, грнти, рубрика грнти
ddc: ddc, dewey, дьюи
vak: vak, шифр специальности, код специальности, адистиктин шифри
doi: doi, dc.identifier.doi
isbn: isbn, dc.identifier.isbn
issn: issn, dc.identifier.issn
url: url, link to the work, web address, адрес, ссылка, интернет адрес, дареги, шилтеме,
  dc.identifier.uri
host: host, source, journal, journal title, container title, book title, журнал, источник, сборник,
  название журнала, издание где опубликовано, журналдын аталышы, булак, жыйнак, журналы
volume: volume, vol, том, томду, тому
issue: issue, number of the issue, no, номер, выпуск, номер журнала, саны, чыгарылышы
pages: pages, page range, страницы, стр, с, беттери, барактары, бет
extent: extent, number of pages, dc.format.extent, объем, количество страниц, кол во страниц,
  көлөмү, беттердин саны
series: series, серия, серия басылмасы, сериясы
degree: degree, ученая степень, степень, окумуштуулук даражасы, даражасы
grantor: grantor, institution, university, организация, вуз, место защиты, университет, уюм,
  коргогон жери
defended: defended, date of defence, date of defense, дата защиты, корголгон күнү, коргоо күнү
specialty: specialty, специальность, адистиги, адистик
licence: licence, license, terms of use, rights, dc.rights, лицензия, лицензиясы, пайдалануу шарты
rights_holders: rights holders, rights holder, copyright holder, правообладатель, укук ээси
notes: notes, note, remarks, примечание, примечания, эскертүү, эскертүүлөр
abstract: abstract, summary, description, dc.description, dc.description.abstract, аннотация,
  реферат, резюме, описание, кыскача мазмуну, аннотациясы
keywords: keywords, key words, subjects, subject, tags, dc.subject, ключевые слова,
  предметные рубрики, ачкыч сөздөр, түйүндүү сөздөр, негизги сөздөр
collections: collections, collection, коллекция, коллекции, жыйнактар, коллекциясы
files: files, file, file name, filename, pdf, файл, файлы, имя файла, файлдар, файлдын аты
access: access, доступ, уровень доступа, жеткиликтүүлүк
embargo_until: embargo until, embargo, открыть с, эмбарго до, эмбарго, ачылуучу күнү
key: key, id, identifier, local number, number, ид, идентификатор, инв номер, инвентарный номер,
  шифр, номер записи, белгиси, инвентардык номери, катар номери
"""
_LANGUAGES = {
    "ky": "ky kg kir kyrgyz kirgiz кыргызча киргизский кыргызский кырг киргизском кыргызском",
    "ru": "ru rus russian орусча русский рус русском",
    "en": "en eng english англисче английский англ английском",
}
_ABOUT_LANGUAGES = frozenset("на in языке тилинде яз".split())
_WORDS = re.compile(r"dc(?:\.\w+)+|\w+")
_KEYED = re.compile(r"\[([\w.]+)\]\s*$")
TONGUES = {word: code for code, words in _LANGUAGES.items() for word in words.split()}


def _bare(heading: str) -> str:
    """The words of a heading; a term of Dublin Core is one."""
    plain = heading.casefold().replace("ё", "е").replace("dcterms", "dc").replace("dc:", "dc.")
    return " ".join(_WORDS.findall(plain))


def _read(lines: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for line in re.sub(r"\n\s+", " ", lines.strip()).splitlines():
        key, _colon, names = line.partition(":")
        found |= {_bare(one): key for one in names.split(",")}
    return found


_MEANT = _read(_CALLED)
_WITH_LANGUAGE = frozenset({"abstract", "keywords", "translated_title"})


def meaning(heading: str) -> str:
    """The key of the column that a heading names; "" where we do not know."""
    keyed = _KEYED.search(heading)
    if keyed and known(keyed[1].lower()):
        return known(keyed[1].lower())
    plain = known(heading.strip().lower())
    if plain:
        return plain
    bare = _bare(heading)
    if bare in _MEANT:
        return _MEANT[bare]
    # "Аннотация (рус.)", "keywords en", "dc.subject[ru]": a word of a language at the end.
    words = [one for one in bare.split() if one not in _ABOUT_LANGUAGES]
    language = TONGUES.get(words[-1], "") if len(words) > 1 else ""
    key = _MEANT.get(" ".join(words[:-1]), "") if language else ""
    return f"{key}.{language}" if key in _WITH_LANGUAGE else key


def known(key: str) -> str:
    """The key, where it is one; else ""."""
    name, _dot, language = key.partition(".")
    if key in FIELDS or (name in _WITH_LANGUAGE and len(language) in (2, 3)):
        return key
    return KEY if key == "number" else ""


def is_own(heading: str) -> bool:
    """Whether a column of our own tables need not be read."""
    keyed = _KEYED.search(heading)
    return (keyed[1] if keyed else heading.strip()).lower() in OWN
