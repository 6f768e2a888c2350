"""Which long passwords are easy to guess all the same."""

import re
from collections.abc import Iterable

# Rows of keyboards and alphabets, along which fingers and minds run; read backwards too.
_RUNS = (
    "01234567890123456789012345678901234567890",
    "qwertyuiopasdfghjklzxcvbnmqwertyuiop",
    "qwertyuiop[]asdfghjkl;'zxcvbnm,./",
    "йцукенгшщзхъфывапролджэячсмитьбюйцукенгшщз",
    "abcdefghijklmnopqrstuvwxyzabcdefghij",
    "абвгдеёжзийклмнопрстуфхцчшщъыьэюяабвгд",
    "абвгдежзийклмнопрстуфхцчшщъыьэюя",
    "абвгдеёжзийклмнңоөпрстуүфхцчшщъыьэюя",
    "1q2w3e4r5t6y7u8i9o0p",
    "q1w2e3r4t5y6u7i8o9p0",
    "1й2ц3у4к5е6н7г8ш9щ0з",
    "й1ц2у3к4е5н6г7ш8щ9з0",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p",
    "qazwsxedcrfvtgbyhnujmikolp",
    "zaq1xsw2cde3vfr4bgt5nhy6mju7",
    "йфяцычувскамепинртгоьшлбщдю",
)
# Words that are made long enough by digits, signs, or by being said twice.
_WORDS = frozenset(
    """password passwort passw0rd p@ssw0rd pass passwd qwerty qwertyuiop asdf asdfgh zxcvbn zxcvbnm
    admin administrator root superuser user username guest login letmein welcome changeme secret
    default master access test testing testtest demo example system server manager support service
    iloveyou loveyou lovely princess sunshine dragon monkey football baseball superman batman
    starwars pokemon michael jennifer jordan killer hunter shadow freedom whatever trustno mustang
    abc abcd abcdef aaa qaz qazwsx computer internet samsung google facebook instagram whatsapp
    university institute library librarian archive openarchive repository student teacher professor
    kyrgyzstan kyrgyz bishkek osh manas issykkul alatoo alatau tengri sayakbay aitmatov ordo
    kitep kitepkana universitet arhiv arxiv parol privet lubov ljubov marina natasha nastya
    пароль парольпароль пароли привет любовь люблю любимая любимый наташа настя марина сергей
    андрей дмитрий александр йцукен фыва фывап админ администратор логин секрет тест спартак
    солнышко бишкек кыргызстан кыргыз ош манас иссыккуль ысыккөл алатоо айтматов университет
    институт библиотека архив китеп китепкана студент учитель мугалим сыймык тенгри эркиндик
    сезам доступ компьютер""".split()
)
_TWICE = re.compile(r"(.+?)\1+")


def easy(password: str, about: Iterable[str] = ()) -> bool:
    """Whether a stranger who knows what `about` says of its owner would soon try this password."""
    folded = password.casefold()
    known = {_squeezed(one) for text in about for one in (text, *re.split(r"\W+", text))}
    return (
        len(set(folded)) < 4
        or any(folded in run or folded in run[::-1] for run in _RUNS)
        or _core(folded) in _WORDS | known
        or _squeezed(folded) in known
    )


def _core(folded: str) -> str:
    """The word that is left without the digits and signs around it and without repetitions."""
    word = folded.strip("0123456789 !@#$%^&*()_+-=.,;:?/\\|~`'\"<>[]{}№")
    whole = _TWICE.fullmatch(word)
    return whole[1].strip("0123456789_- ") if whole else word


def _squeezed(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.casefold())
