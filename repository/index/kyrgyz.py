"""Stems of Kyrgyz words, from a table of the grammar and a short list of known stems.

Kyrgyz strings endings to a stem, each with one meaning, in a fixed order:

    китеп + тер + и + нде + ги        of those in their books
    stem + number + owner + case + place
    оку + т + пай + т                 does not teach
    stem + voice + negation + tense and person

The first letters of an ending follow the last letter of the word (assimilation: бала-лар, ат-тар,
көл-дөр) and its vowels follow the last vowel (harmony: бала-да, эне-де, көл-дө). So an ending is
taken off only where it could have been put on: "-дан" off "баладан", not off "заман".

The table below is read from the end of the word. Every way to take endings off is tried, and the
one that leaves the shortest stem is taken, for all forms of a word must come down to the same.

Words are compared in plain letters (о у н for ө ү ң), as half of our readers type them: therefore о
also stands in harmony after у (күнгө, written кунго). In a stem a capital is a letter that changes
from form to form: "китеП" is that of китеп and китеби, "баштА" that of баштап and баштоо. So what a
stem and a form begin with alike, all forms begin with, and snippets look for that.

Some endings are left alone, for they took more from nouns than they gave to verbs: the converb -а
(бара would take бала with it), the persons of a talk (барам, барасың; адам), -чы and -ча of makers
and tongues, the voices other than the passive, since they make another word (колдо support, колдон
use), and, on short words, -ым and -ың, my and your (илим, бөлүм). The figures are printed by
`make relevance`.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import NamedTuple

_VOWELS = "аеэиоуы"
_VOICELESS = "пткфхсшщчц"
_VOICED = "бвгджзйлмнр"
_CONSONANTS = _VOICED + _VOICELESS
# ю and я hide the й of "кой" in "коюп".
_PLAIN = str.maketrans(
    {"ө": "о", "ү": "у", "ң": "н", "ё": "е", "ю": "йу", "я": "йа", "ь": "", "ъ": ""}
)
# A capital in an ending has several spellings: for each vowel, those that it follows ...
HARMONY = {
    "А": {"а": "аыу", "е": "еэи", "о": "оу"},
    "Ы": {"ы": "аы", "и": "еэи", "у": "оу"},
}
# ... and for each first letter, the letters that it stands after.
ASSIMILATION = {
    "Л": {"л": _VOWELS + "рйл", "д": _VOICED, "т": _VOICELESS},
    "Н": {"н": _VOWELS, "д": _VOICED, "т": _VOICELESS},
    "Д": {"д": _VOWELS + _VOICED, "т": _VOICELESS},
    "Г": {"г": _VOWELS + _VOICED, "к": _VOICELESS},
    "Б": {"б": _VOWELS + _VOICED, "п": _VOICELESS},
    "А": {"А": _CONSONANTS},
    "Ы": {"Ы": _CONSONANTS},
    "у": {"у": _CONSONANTS},
}
_NOUN = "plural verbal derived present"
_OWNED = f"third third-of-vowel own our {_NOUN}"
# Each kind of endings ("+": only after a vowel), and what else may stand before one of them beside
# the stem itself ("only": the stem may not).
ENDINGS: Mapping[str, tuple[str, str]] = {
    "question": ("БЫ", f"only case place place-of-third finite past present {_OWNED}"),
    "case": ("НЫн НЫ ДА ДАн ГА", f"place place-of-third {_OWNED}"),  # of, the, in, from, to
    "place": ("ДАгЫ", _OWNED),  # шаардагы that in the city
    "case-of-third": ("+н +нЫн +нЫ +ндА +нАн +нА", "only third third-of-vowel"),
    "place-of-third": ("+ндАгЫ", "only third third-of-vowel"),
    "case-of-own": ("А", "only own"),
    "third": ("Ы", _NOUN),  # his, her, its, their
    "third-of-vowel": ("+сЫ", f"third {_NOUN}"),
    "own": ("Ым Ын", _NOUN),  # my, your
    "our": ("ЫбЫз +бЫз ЫнЫз +нЫз", _NOUN),
    "plural": ("ЛАр", f"place place-of-third third {_NOUN}"),
    "derived": ("ЛЫк ЛЫг ЛУу сЫз", "present scholarly third"),  # -ness and -al, -ful, -less
    "scholarly": ("Ый", ""),  # тарыхый historical
    # Tenses that a noun may seem to end in (мамлекет, санат): so they may precede its endings.
    "present": ("Ат", "negation passive passive-of-vowel scholarly"),
    # After a vowel the passive is left out: "капиталды" is the case of a noun.
    "past": ("ДЫ ДЫм ДЫк ДЫнЫз ДЫнАр", "negation passive"),
    "finite": (
        "+йт +йбЫз +йсЫз БАс БАстАн Ып +п ЫптЫр +птЫр сА сАм сАн сАк сАнЫз"
        " ГАнмЫн ГАнсЫн ГАнбЫз ГАнсЫз",
        "negation passive passive-of-vowel",
    ),
    "verbal": ("уу ГАн ГАндЫк ГАндЫг", "negation passive passive-of-vowel"),
    "after-negation": ("+й +йт", "only negation"),
    "negation": ("БА", "passive passive-of-vowel"),
    "passive": ("Ыл", ""),
    "passive-of-vowel": ("+л", ""),
}
_LAST = frozenset(ENDINGS) - {"negation", "passive", "passive-of-vowel"}  # what a word may end in
_SHORT = 2  # letters that are a stem only if the first is a vowel: үй, эл
_SYLLABLES = 3  # of a word that -ым "my" is taken off; off any where it is seen: китеб-им

# Stems that seem to hold an ending or lose a vowel: as they are kept, and as they also appear.
_STEMS = """
орУН орун орд; мурУН мурун мурд; карЫН карын кард; эрИН эрин эрд; конУЛ конул конл
мойУН мойун мойн; убакЫТ убакыт убакт; балА балдар; оку окуу; таНЫ таны таан
автобус; адеп; адис; айыл; айып; акыл; акын; алтын; артист; аспект; афганистан; базис; башка
бизнес; бригада; бутун; вирус; дастан; датка; декада; диалект; жаан; жакын; жаран; жарым; жашыл
жооп; жыйын; завод; заман; интеллект; йурист; кабат; казакстан; келин; кенеш; кесип; кийин; китеп
команда; консул; контекст; контракт; конфликт; корпус; корсот; космос; кризис; кызыл; кыйын
кыргызстан; кыска; латын; лига; лист; мазмун; майдан; мамлекет; манас; мезгил; мектеп; модул
мумкун; муун; мыйзам; нуска; обект; облус; озбекстан; ойун; океан; олимпиада; пайда; пакистан
пахта; план; почта; принцип; продукт; проект; профил; пункт; район; роман; санарип; санат; сапат
себеп; синтаксис; соода; статус; стил; субект; тажикстан; талап; талас; тамга; тарап; тартип; тезис
текст; термин; тест; тил; токтогул; толкун; торага; тургун; турист; туркмонстан; узун; факт; фокус
фонд; форум; чакырым; эгин; экран; эпос; эркин; эсеп; этап; эффект
"""
# Pronouns that change throughout.
_PRONOUNS = """
мен мага мени менин; сен сага сени сенин; ал ага аны анын анда андан
бул буга муну мунун мында мындан; ошол ошого ошону ошонун ошондо ошондон
"""
_CHANGING = str.maketrans("пбкгй", "ППККЙ")  # китеп китеби, тармак тармагы, кой коюп


class _Ending(NamedTuple):
    """A spelling of an ending: where it may stand."""

    kind: str
    letters: frozenset[str]  # one of them is before it
    vowels: frozenset[str]  # the last vowel before it is one of them
    bare: bool  # whether it may stand on the stem itself
    before: frozenset[str]  # the kinds that it may stand on


def _spellings() -> dict[str, list[_Ending]]:
    """Every ending as it may be written, some 250 of them."""
    found = defaultdict(list)
    for kind, (endings, before) in ENDINGS.items():
        kinds = frozenset(before.split())
        for pattern in endings.split():
            after = _VOWELS if pattern[0] == "+" else _VOWELS + _CONSONANTS
            bare = pattern.removeprefix("+")
            firsts = ASSIMILATION.get(bare[0], {bare[0]: after})
            for first, letters in firsts.items():
                for spelling, vowels in _sung(first + bare[1:]):
                    found[spelling].append(
                        _Ending(
                            kind,
                            frozenset(letters),
                            frozenset(vowels),
                            "only" not in kinds,
                            kinds - {"only"},
                        )
                    )
    return dict(found)


def _sung(pattern: str) -> Iterator[tuple[str, str]]:
    """The spellings of a pattern in harmony with itself, and the vowels that each follows."""
    at = next((at for at, letter in enumerate(pattern) if letter in HARMONY), None)
    if at is None:
        yield pattern.lower(), _VOWELS
        return
    for vowel, follows in HARMONY[pattern[at]].items():
        for rest, needed in _sung(pattern[at + 1 :]):
            if vowel in needed:
                yield pattern[:at] + vowel + rest, follows


def _words(table: str) -> dict[str, str]:
    """The first form for each form in a line."""
    lines = [line.split() for line in table.strip().replace("\n", ";").split(";")]
    return {_changing(form): _changing(line[0]) for line in lines for form in line}


def _changing(stem: str) -> str:
    """With its last letter as a capital where that is another in other forms."""
    return stem[:-1] + stem[-1:].translate(_CHANGING)


SPELLINGS = _spellings()
LONGEST = max(map(len, SPELLINGS))
STEMS = _words(_STEMS)
PRONOUNS = _words(_PRONOUNS)


def stem(form: str) -> str:
    """What the grammatical forms of a Kyrgyz word share; the form is in small letters."""
    word = form.translate(_PLAIN)
    if _changing(word) in PRONOUNS:
        return PRONOUNS[_changing(word)]
    rest = _shorter(word)
    if len(rest) > _SHORT and rest.endswith("оо"):  # баштоо, of башта
        return f"{rest[:-2]}А"
    if len(rest) > _SHORT and rest[-1] in "аео":
        return f"{rest[:-1]}А"
    return _changing(rest) or form


def _shorter(word: str) -> str:
    """The shortest stem that the table leaves, or a known one that is met on the way."""
    shortest = len(word)
    for end in (shortest, *_ends(word, _vowels_before(word), shortest, _LAST)):
        known = STEMS.get(_changing(word[:end]))
        if known:
            return known
        if end < shortest and (end > _SHORT or word[0] in _VOWELS):
            shortest = end
    return word[:shortest]


def _vowels_before(word: str) -> list[str]:
    """For each letter of a word, the vowels on its left."""
    before, vowels = [], ""
    for letter in word:
        before.append(vowels)
        if letter in _VOWELS:
            vowels += letter
    return before


def _ends(word: str, vowels: list[str], end: int, kinds: frozenset[str]) -> Iterator[int]:
    """Where the stem may end when the word is read up to an end, with endings of those kinds."""
    for start in range(end - 1, max(1, end - LONGEST - 1), -1):
        if not vowels[start]:
            return
        for one in SPELLINGS.get(word[start:end], ()):
            if one.kind in kinds and _fits(one, word[:start], vowels[start]):
                if one.bare:
                    yield start
                yield from _ends(word, vowels, start, one.before)


def _fits(ending: _Ending, rest: str, vowels: str) -> bool:
    if rest[-1] not in ending.letters or vowels[-1] not in ending.vowels:
        return False
    if ending.kind != "own":
        return True
    return len(vowels) >= _SYLLABLES or rest[-1] in "бг" or _changing(rest) in STEMS
