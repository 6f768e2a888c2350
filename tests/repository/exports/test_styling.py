"""Works of many kinds against citations written by hand from the standards and manuals.

ГОСТ Р 7.0.100-2018: the areas of section 5, the examples of its annex. ГОСТ Р 7.0.5-2008: sections
7 (references behind the text) and 10 (electronic resources). APA: Publication Manual, 7th edition,
chapters 9 and 10. MLA: Handbook, 9th edition, chapter 5. Chicago: Manual of Style, 18th edition,
chapters 13 and 14, author-date. IEEE: Reference Guide. Vancouver: Citing Medicine of the NLM.
"""

import warnings
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest

from repository.exports import styling
from repository.exports.wording import WORDS, edition

TODAY = date(2026, 11, 23)
URL = "https://example.org/works/7"
RU = f"URL: {URL} (дата обращения: 23.11.2026)"
KY = f"URL: {URL} (кайрылган күнү: 23.11.2026)"
EN = f"URL: {URL} (accessed: 23.11.2026)"


def person(family, given="", patronymic="", **more):
    return {"family": family, "given": given, "patronymic": patronymic, **more}


ASANOVA = person("Асанова", "Айгүл", "Бекбо кызы")
IVANOV = person("Иванов", "Пётр", "Сергеевич")
PETROV = person("Петров", "Иван", "Ильич")
SIDOROV = person("Сидоров", "Жан-Поль")
OSMONOV = person("Осмонов", "Нурлан", "Эмил уулу")
TOKTOEV = person("Токтоев", "Бакыт")
SMITH, JONES, DOE = person("Smith", "John A."), person("Jones", "Mary"), person("Doe", "Jane")
HERALD = {"title": "Вестник КНУ", "volume": "12", "issue": "3", "pages": "11-29"}
JOURNAL = {"title": "Journal of Mountains", "volume": "8", "issue": "2", "pages": "101–115"}
ILIM = [{"name": "Илим", "place": "Бишкек"}]
COMMITTEE = {"kind": "organisation", "name": "National Statistical Committee"}

WORKS = {
    "article of one author": (
        "article", "Тилдин морфологиясы",
        {"creators": [ASANOVA], "host": HERALD, "issued": "2024-05", "languages": ["ky"],
         "identifiers": [{"scheme": "doi", "value": "10.1234/abcd"}]},
    ),
    "article of two authors": (
        "article", "What is next?",
        {"creators": [SMITH, JONES], "host": JOURNAL, "issued": "2024-05", "languages": ["en"]},
    ),
    "article of four authors": (
        "article", "Климат гор",
        {"creators": [IVANOV, PETROV, SIDOROV, OSMONOV], "host": HERALD, "issued": "2023",
         "languages": ["ru"]},
    ),
    "article with its length": (
        "article", "Суу",
        {"creators": [TOKTOEV], "host": HERALD, "issued": "2023", "languages": ["ky"],
         "extent": ["19 б."]},
    ),
    "article of nobody": ("article", "Кабар", {"host": HERALD, "languages": ["ky"]}),
    "article in a journal, printed": (
        "article", "Климат",
        {"creators": [IVANOV], "host": HERALD, "issued": "2023", "languages": ["ru"],
         "printed": True},
    ),
    "book of three authors": (
        "monograph", "Экономика Кыргызстана",
        {"creators": [IVANOV, PETROV, SIDOROV], "publishers": ILIM, "issued": "2019",
         "edition": "2", "languages": ["ru"], "extent": ["320 с."],
         "titles": [{"text": "теория и практика", "kind": "subtitle"}],
         "identifiers": [{"scheme": "isbn", "value": "9785922816328"}],
         "series": [{"title": "Научная серия", "number": "4"}]},
    ),
    "textbook of five authors": (
        "textbook", "Математика",
        {"creators": [IVANOV, PETROV, SIDOROV, OSMONOV, TOKTOEV], "publishers": ILIM,
         "issued": "2020", "languages": ["ky"], "extent": ["120 б."]},
    ),
    "chapter": (
        "book-part", "Rivers",
        {"creators": [SMITH],
         "host": {"kind": "book", "title": "Water of Asia", "pages": "5-9", "editors": ["Doe, J."]},
         "publishers": [{"name": "Ilim", "place": "Bishkek"}], "issued": "2020",
         "languages": ["en"]},
    ),
    "candidate's thesis": (
        "doctoral-thesis", "Налоги",
        {"creators": [IVANOV], "issued": "2020", "languages": ["ru"], "extent": ["150 с."],
         "thesis": {"degree": "candidate", "grantor": "КНУ", "place": "Бишкек",
                    "specialty": {"code": "08.00.05", "name": "Экономика"}}},
    ),
    "autoreferat": (
        "thesis-abstract", "Салыктар",
        {"creators": [OSMONOV], "issued": "2021", "languages": ["ky"], "extent": ["24 б."],
         "thesis": {"degree": "doctor", "grantor": "КУУ", "place": "Бишкек"}},
    ),
    "master's thesis": (
        "master-thesis", "Lakes",
        {"creators": [DOE], "issued": "2022", "languages": ["en"],
         "thesis": {"degree": "master", "grantor": "Osh State University", "place": "Osh"}},
    ),
    "report of an organisation": (
        "report", "Population", {"creators": [COMMITTEE], "issued": "2021-02-03",
                                 "languages": ["en"]},
    ),
    "dataset without a year": (
        "dataset", "Аба ырайы", {"creators": [OSMONOV], "languages": ["ky"]},
    ),
    "conference paper of thirty authors": (
        "conference-paper", "Glaciers",
        {"creators": [person(f"Fam{one}", "Ann") for one in range(30)],
         "host": {"kind": "conference", "title": "Proceedings of Ice", "pages": "1-2"},
         "publishers": [{"name": "Ilim", "place": "Osh"}], "issued": "2020", "languages": ["en"]},
    ),
    "proceedings of an editor": (
        "proceedings", "Сборник трудов",
        {"creators": [{**PETROV, "role": "edt"}], "publishers": [{"name": "Илим", "place": "Ош"}],
         "issued": "2020", "languages": ["ru"]},
    ),
    "issue of a periodical": (
        "periodical-issue", "Ала-Тоо",
        {"host": {"title": "Ала-Тоо", "issue": "7"}, "issued": "1985", "languages": ["ky"]},
    ),
    "sound": (
        "sound", "Манас", {"creators": [TOKTOEV], "issued": "1970~", "languages": ["ky"]},
    ),
}  # fmt: skip

SAID = [
    ("article of one author", "gost", "Асанова, А. Б. Тилдин морфологиясы / А. Б. Асанова. – "
     "Текст : электрондук // Вестник КНУ. – 2024. – Т. 12, № 3. – Б. 11–29. – DOI 10.1234/abcd. – "
     f"{KY}."),
    ("article of one author", "gost-short", "Асанова А. Б. Тилдин морфологиясы // Вестник КНУ. "
     f"2024. Т. 12, № 3. Б. 11–29. DOI: 10.1234/abcd. {KY}."),
    ("article of one author", "apa", "Асанова, А. Б. (2024). Тилдин морфологиясы. *Вестник КНУ*, "
     "*12*(3), 11–29. https://doi.org/10.1234/abcd"),
    ("article of one author", "mla", "Асанова, Айгүл Бекбо кызы. «Тилдин морфологиясы». "
     "*Вестник КНУ*, т. 12, № 3, май 2024, б. 11–29, https://doi.org/10.1234/abcd."),
    ("article of one author", "vancouver", "Асанова АБ. Тилдин морфологиясы. Вестник КНУ "
     f"[Интернет]. 2024;12(3):11–29. Жеткиликтүү: {URL} doi:10.1234/abcd"),
    ("article of two authors", "gost", "Smith, J. A. What is next? / J. A. Smith, M. Jones. – "
     "Text : electronic // Journal of Mountains. – 2024. – Vol. 8, No. 2. – P. 101–115. – "
     f"{EN}."),
    ("article of two authors", "apa", "Smith, J. A., & Jones, M. (2024). What is next? *Journal of "
     f"Mountains*, *8*(2), 101–115. {URL}"),
    ("article of two authors", "mla", "Smith, John A., and Mary Jones. “What is next?” *Journal of "
     f"Mountains*, vol. 8, no. 2, May 2024, pp. 101–15, {URL}."),
    ("article of two authors", "chicago", "Smith, John A., and Mary Jones. 2024. “What is next?” "
     f"*Journal of Mountains* 8 (2): 101–115. {URL}."),
    ("article of two authors", "ieee", "J. A. Smith and M. Jones, “What is next?” *Journal of "
     "Mountains*, vol. 8, no. 2, pp. 101–115, May 2024. [Online]. Available: " + URL),
    ("article of two authors", "vancouver", "Smith JA, Jones M. What is next? Journal of Mountains "
     f"[Internet]. 2024;8(2):101–115. Available from: {URL}"),
    ("article of four authors", "gost", "Климат гор / П. С. Иванов, И. И. Петров, Ж.-П. Сидоров, "
     "Н. Э. Осмонов. – Текст : электронный // Вестник КНУ. – 2023. – Т. 12, № 3. – С. 11–29. – "
     f"{RU}."),
    ("article of four authors", "gost-short", "Климат гор / П. С. Иванов [и др.] // Вестник КНУ. "
     f"2023. Т. 12, № 3. С. 11–29. {RU}."),
    ("article of four authors", "mla", "Иванов, Пётр Сергеевич, и др. «Климат гор». *Вестник КНУ*, "
     f"т. 12, № 3, 2023, с. 11–29, {URL}."),
    ("article with its length", "gost-short", "Токтоев Б. Суу // Вестник КНУ. 2023. Т. 12, № 3. "
     f"Б. 11–29. {KY}."),
    ("article of nobody", "gost", "Кабар. – Текст : электрондук // Вестник КНУ. – Т. 12, № 3. – "
     f"Б. 11–29. – {KY}."),
    ("article of nobody", "apa", f"Кабар. (ж. к. э.). *Вестник КНУ*, *12*(3), 11–29. {URL}"),
    ("article of nobody", "chicago", "«Кабар». ж. к. э. *Вестник КНУ* 12 (3): 11–29. "
     f"{URL}."),
    ("article in a journal, printed", "gost", "Иванов, П. С. Климат / П. С. Иванов. – Текст : "
     "непосредственный // Вестник КНУ. – 2023. – Т. 12, № 3. – С. 11–29."),
    ("book of three authors", "gost", "Иванов, П. С. Экономика Кыргызстана : теория и практика / "
     "П. С. Иванов, И. И. Петров, Ж.-П. Сидоров. – 2-е изд. – Бишкек : Илим, 2019. – 320 с. – "
     f"(Научная серия ; 4). – ISBN 9785922816328. – {RU}. – Текст : электронный."),
    ("book of three authors", "gost-short", "Иванов П. С., Петров И. И., Сидоров Ж.-П. Экономика "
     "Кыргызстана: теория и практика. 2-е изд. Бишкек: Илим, 2019. 320 с. (Научная серия ; 4). "
     f"{RU}."),
    ("book of three authors", "apa", "Иванов, П. С., Петров, И. И., & Сидоров, Ж.-П. (2019). "
     f"*Экономика Кыргызстана: теория и практика* (2-е изд.). Илим. {URL}"),
    ("book of three authors", "ieee", "П. С. Иванов, И. И. Петров, и Ж.-П. Сидоров, *Экономика "
     "Кыргызстана: теория и практика*, 2-е изд. Бишкек: Илим, 2019. [Онлайн]. Режим доступа: "
     + URL),
    ("textbook of five authors", "gost", "Математика / П. С. Иванов, И. И. Петров, Ж.-П. Сидоров "
     f"[ж. б.]. – Бишкек : Илим, 2020. – 120 б. – {KY}. – Текст : электрондук."),
    ("textbook of five authors", "vancouver", "Иванов ПС, Петров ИИ, Сидоров Ж-П, Осмонов НЭ, "
     "Токтоев Б. Математика [Интернет]. Бишкек: Илим; 2020. 120 б. Жеткиликтүү: " + URL),
    ("chapter", "gost", "Smith, J. A. Rivers / J. A. Smith. – Text : electronic // Water of Asia / "
     f"editor J. Doe. – Bishkek : Ilim, 2020. – P. 5–9. – {EN}."),
    ("chapter", "apa", "Smith, J. A. (2020). Rivers. In J. Doe (Ed.), *Water of Asia* (pp. 5–9). "
     f"Ilim. {URL}"),
    ("chapter", "mla", "Smith, John A. “Rivers.” *Water of Asia*, edited by J. Doe, Ilim, 2020, "
     f"pp. 5–9, {URL}."),
    ("chapter", "chicago", "Smith, John A. 2020. “Rivers.” In *Water of Asia*, edited by J. Doe. "
     f"Ilim. {URL}."),
    ("chapter", "ieee", "J. A. Smith, “Rivers,” in *Water of Asia*, J. Doe, Ed., Bishkek: Ilim, "
     f"2020, pp. 5–9. [Online]. Available: {URL}"),
    ("chapter", "vancouver", "Smith JA. Rivers. In: Doe J, editor. Water of Asia [Internet]. "
     f"Bishkek: Ilim; 2020. p. 5–9. Available from: {URL}"),
    ("candidate's thesis", "gost", "Иванов, П. С. Налоги : специальность 08.00.05 «Экономика» : "
     "диссертация на соискание ученой степени кандидата наук / Иванов Пётр Сергеевич ; КНУ. – "
     f"Бишкек, 2020. – 150 с. – {RU}. – Текст : электронный."),
    ("candidate's thesis", "gost-short", "Иванов П. С. Налоги: дис. ... канд. наук. Бишкек, 2020. "
     f"150 с. {RU}."),
    ("candidate's thesis", "apa", "Иванов, П. С. (2020). *Налоги* [Кандидатская диссертация, КНУ]. "
     + URL),
    ("autoreferat", "gost", "Осмонов, Н. Э. Салыктар : илимдин доктору окумуштуулук даражасын алуу "
     "үчүн жазылган диссертациянын авторефераты / Осмонов Нурлан Эмил уулу ; КУУ. – Бишкек, "
     f"2021. – 24 б. – {KY}. – Текст : электрондук."),
    ("master's thesis", "mla", "Doe, Jane. *Lakes*. 2022. Osh State University, master's thesis. "
     f"{URL}."),
    ("master's thesis", "chicago", "Doe, Jane. 2022. “Lakes.” Master's thesis, Osh State "
     f"University. {URL}."),
    ("master's thesis", "ieee", "J. Doe, “Lakes,” master's thesis, Osh State University, Osh, "
     f"2022. [Online]. Available: {URL}"),
    ("report of an organisation", "gost", "Population / National Statistical Committee. – 2021. – "
     f"{EN}. – Text : electronic."),
    ("report of an organisation", "apa", "National Statistical Committee. (2021). *Population*. "
     + URL),
    ("dataset without a year", "gost", f"Осмонов, Н. Э. Аба ырайы / Н. Э. Осмонов. – {KY}. – "
     "Маалыматтар : электрондук."),
    ("dataset without a year", "apa", "Осмонов, Н. Э. (ж. к. э.). *Аба ырайы* [Маалымат топтому]. "
     + URL),
    ("conference paper of thirty authors", "gost", "Glaciers / A. Fam0, A. Fam1, A. Fam2 "
     f"[et al.]. – Text : electronic // Proceedings of Ice. – Osh : Ilim, 2020. – P. 1–2. – {EN}."),
    ("conference paper of thirty authors", "chicago", "Fam0, Ann, Ann Fam1, Ann Fam2, et al. 2020. "
     f"“Glaciers.” In *Proceedings of Ice*. Ilim. {URL}."),
    ("conference paper of thirty authors", "apa",
     ", ".join(f"Fam{one}, A." for one in range(19)) + ", … Fam29, A. (2020). Glaciers. In "
     f"*Proceedings of Ice* (pp. 1–2). Ilim. {URL}"),
    ("conference paper of thirty authors", "ieee", "A. Fam0 et al., “Glaciers,” in *Proceedings of "
     f"Ice*, Osh: Ilim, 2020, pp. 1–2. [Online]. Available: {URL}"),
    ("proceedings of an editor", "gost", "Сборник трудов / редактор И. И. Петров. – Ош : Илим, "
     f"2020. – {RU}. – Текст : электронный."),
    ("proceedings of an editor", "apa", f"Петров, И. И. (Ред.). (2020). *Сборник трудов*. Илим. "
     f"{URL}"),
    ("issue of a periodical", "gost-short", f"Ала-Тоо // Ала-Тоо. 1985. № 7. {KY}."),
    ("sound", "gost", f"Токтоев, Б. Манас / Б. Токтоев. – 1970. – {KY}. – Үндөр : электрондук."),
]  # fmt: skip


def marked(segments):
    return "".join(f"*{text}*" if slanted else text for text, slanted in segments)


@pytest.mark.parametrize(("work", "style", "said"), SAID, ids=[f"{a}: {b}" for a, b, _ in SAID])
def test_a_work_is_cited_as_the_standard_has_it(record, work, style, said):
    kind, title, more = WORKS[work]
    assert marked(styling.cite(record(kind, title, **more), style, today=TODAY)) == said


@pytest.mark.parametrize("work", WORKS)
def test_no_style_stumbles_over_a_kind_or_leaves_a_mark_of_its_own(record, work):
    kind, title, more = WORKS[work]
    for style in styling.STYLES:
        said = styling.plain(styling.cite(record(kind, title, **more), style))
        assert title.rstrip("?") in said
        for wrong in ("..,", " ,", "None", "()", "[]", "\ue000", "  ", ".."):
            assert wrong not in said.replace(" ... ", " "), (style, said)


def test_a_title_is_text_and_never_markup(record):
    title = '<b>Тоо</b> <script>alert(1)</script> & "суу" \ue000'
    for style in styling.STYLES:
        said = styling.plain(styling.cite(record("article", title, languages=["ky"]), style))
        assert "<script>alert(1)</script> &" in said


def test_a_version_is_cited_by_its_own_address(record):
    kind, title, more = WORKS["article of one author"]
    for style in styling.STYLES:
        said = styling.plain(styling.cite(record(kind, title, **more), style, version=2))
        assert "2-версия" in said and "doi" not in said.casefold() and URL in said


def test_a_language_without_words_is_cited_in_english(record):
    one = record("article", "Berge", host=HERALD, languages=["de"])
    assert "Vol. 12, No. 3" in styling.plain(styling.cite(one, "gost"))


def test_all_languages_have_the_same_words():
    first = WORDS["en"]
    for other in WORDS.values():
        for mine, yours in zip(first, other, strict=True):
            assert isinstance(mine, str) or set(mine) == set(yours)


def test_the_number_of_an_edition_becomes_words():
    assert [edition(one, "en") for one in ("1", "2", "3", "4", "11", "22")] == [
        "1st ed.", "2nd ed.", "3rd ed.", "4th ed.", "11th ed.", "22nd ed.",
    ]  # fmt: skip
    assert edition("2", "ky") == "2-басылышы" and edition("Экинчи", "ky") == "Экинчи"


def test_an_unknown_style_is_refused(record):
    with pytest.raises(KeyError):
        styling.cite(record("article", "Тоо"), "other")


def test_threads_cite_at_once_and_get_the_same(record):
    kind, title, more = WORKS["article of two authors"]
    works = [record(kind, f"{title} {one}", **more) for one in range(12)]
    asked = [(one, style) for one in works for style in ("apa", "mla", "ieee")]
    styling._rendered.cache_clear()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with ThreadPoolExecutor(4) as pool:
            at_once = list(pool.map(lambda each: styling.cite(*each), asked))
        styling._rendered.cache_clear()
        assert at_once == [styling.cite(*each) for each in asked]
