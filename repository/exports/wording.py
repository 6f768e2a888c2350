"""Words of bibliographic descriptions in the language of the work they describe."""

from typing import NamedTuple


class Words(NamedTuple):
    """What a description by ГОСТ says in one language."""

    volume: str
    issue: str
    page: str
    pages: str
    others: str
    accessed: str
    electronic: str
    printed: str
    specialty: str
    version: str
    edition: str
    roles: dict[str, str]
    content: dict[str, str]
    theses: dict[str, str]
    short_theses: dict[str, str]


WORDS = {
    "ru": Words(
        volume="Т.",
        issue="№",
        page="С.",
        pages="с.",
        others="и др.",
        accessed="дата обращения",
        electronic="электронный",
        printed="непосредственный",
        specialty="специальность",
        version="Версия {}",
        edition="{}-е изд.",
        roles={
            "edt": "редактор",
            "com": "составитель",
            "trl": "переводчик",
            "ill": "художник",
            "ths": "научный руководитель",
        },
        content={
            "": "Текст",
            "dataset": "Данные",
            "software": "Программа",
            "image": "Изображение",
            "map": "Изображение (картографическое)",
            "sound": "Звуки",
            "video": "Изображение (движущееся)",
        },
        theses={
            "": "диссертация",
            "doctor": "диссертация на соискание ученой степени доктора наук",
            "candidate": "диссертация на соискание ученой степени кандидата наук",
            "phd": "диссертация на соискание степени доктора философии (PhD)",
            "master": "магистерская диссертация",
            "specialist": "дипломная работа",
            "bachelor": "выпускная квалификационная работа бакалавра",
            "abstract": "автореферат диссертации",
            "abstract doctor": "автореферат диссертации на соискание ученой степени доктора наук",
            "abstract candidate": (
                "автореферат диссертации на соискание ученой степени кандидата наук"
            ),
            "abstract phd": (
                "автореферат диссертации на соискание степени доктора философии (PhD)"
            ),
        },
        short_theses={
            "": "дис.",
            "doctor": "дис. ... д-ра наук",
            "candidate": "дис. ... канд. наук",
            "phd": "дис. ... д-ра философии (PhD)",
            "master": "магистер. дис.",
            "specialist": "диплом. работа",
            "bachelor": "выпускная квалификац. работа",
            "abstract": "автореф. дис.",
            "abstract doctor": "автореф. дис. ... д-ра наук",
            "abstract candidate": "автореф. дис. ... канд. наук",
            "abstract phd": "автореф. дис. ... д-ра философии (PhD)",
        },
    ),
    "ky": Words(
        volume="Т.",
        issue="№",
        page="Б.",
        pages="б.",
        others="ж. б.",
        accessed="кайрылган күнү",
        electronic="электрондук",
        printed="басма",
        specialty="адистиги",
        version="{}-версия",
        edition="{}-басылышы",
        roles={
            "edt": "редактору",
            "com": "түзүүчү",
            "trl": "котормочу",
            "ill": "сүрөтчү",
            "ths": "илимий жетекчиси",
        },
        content={
            "": "Текст",
            "dataset": "Маалыматтар",
            "software": "Программа",
            "image": "Сүрөт",
            "map": "Сүрөт (картографиялык)",
            "sound": "Үндөр",
            "video": "Сүрөт (кыймылдуу)",
        },
        theses={
            "": "диссертация",
            "doctor": "илимдин доктору окумуштуулук даражасын алуу үчүн жазылган диссертация",
            "candidate": "илимдин кандидаты окумуштуулук даражасын алуу үчүн жазылган диссертация",
            "phd": "философия доктору (PhD) даражасын алуу үчүн жазылган диссертация",
            "master": "магистрдик диссертация",
            "specialist": "дипломдук иш",
            "bachelor": "бакалаврдын бүтүрүүчү квалификациялык иши",
            "abstract": "диссертациянын авторефераты",
            "abstract doctor": (
                "илимдин доктору окумуштуулук даражасын алуу үчүн "
                "жазылган диссертациянын авторефераты"
            ),
            "abstract candidate": (
                "илимдин кандидаты окумуштуулук даражасын алуу үчүн "
                "жазылган диссертациянын авторефераты"
            ),
            "abstract phd": (
                "философия доктору (PhD) даражасын алуу үчүн жазылган диссертациянын авторефераты"
            ),
        },
        short_theses={
            "": "дис.",
            "doctor": "илим. д-ру ... дис.",
            "candidate": "илим. канд. ... дис.",
            "phd": "PhD дис.",
            "master": "магистр. дис.",
            "specialist": "диплом. иш",
            "bachelor": "бүтүрүүчү квалификац. иш",
            "abstract": "дис. автореф.",
            "abstract doctor": "илим. д-ру ... дис. автореф.",
            "abstract candidate": "илим. канд. ... дис. автореф.",
            "abstract phd": "PhD дис. автореф.",
        },
    ),
    "en": Words(
        volume="Vol.",
        issue="No.",
        page="P.",
        pages="p.",
        others="et al.",
        accessed="accessed",
        electronic="electronic",
        printed="unmediated",
        specialty="specialty",
        version="Version {}",
        edition="{} ed.",
        roles={
            "edt": "editor",
            "com": "compiler",
            "trl": "translator",
            "ill": "illustrator",
            "ths": "supervisor",
        },
        content={
            "": "Text",
            "dataset": "Data",
            "software": "Program",
            "image": "Image",
            "map": "Image (cartographic)",
            "sound": "Sounds",
            "video": "Image (moving)",
        },
        theses={
            "": "thesis",
            "doctor": "thesis for the degree of Doctor of Sciences",
            "candidate": "thesis for the degree of Candidate of Sciences",
            "phd": "thesis for the degree of Doctor of Philosophy (PhD)",
            "master": "master's thesis",
            "specialist": "diploma thesis",
            "bachelor": "bachelor's thesis",
            "abstract": "abstract of a thesis",
            "abstract doctor": "abstract of a thesis for the degree of Doctor of Sciences",
            "abstract candidate": "abstract of a thesis for the degree of Candidate of Sciences",
            "abstract phd": "abstract of a thesis for the degree of Doctor of Philosophy (PhD)",
        },
        short_theses={
            "": "thesis",
            "doctor": "D.Sc. thesis",
            "candidate": "Cand.Sc. thesis",
            "phd": "PhD thesis",
            "master": "master's thesis",
            "specialist": "diploma thesis",
            "bachelor": "bachelor's thesis",
            "abstract": "abstract of thesis",
            "abstract doctor": "abstract of D.Sc. thesis",
            "abstract candidate": "abstract of Cand.Sc. thesis",
            "abstract phd": "abstract of PhD thesis",
        },
    ),
}


def edition(said: str, tongue: str) -> str:
    """An edition as a description writes it: as the work has it, or of its bare number."""
    if not said.isdigit():
        return said
    return WORDS[tongue].edition.format(_ordinal(int(said)) if tongue == "en" else said)


def _ordinal(number: int) -> str:
    tens = number // 10 % 10 == 1
    return f"{number}{'th' if tens else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"
