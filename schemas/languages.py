"""ISO 639: the two-letter codes, their three-letter partners, and a few more that a library meets.

A language is stored as its two-letter code where there is one, else as its three-letter code.
"""

# ISO 639-1 followed by ISO 639-3, from the code tables of the registration authorities.
_PAIRS = """
aa aar ab abk ae ave af afr ak aka am amh an arg ar ara as asm av ava ay aym az aze ba bak be bel
bg bul bi bis bm bam bn ben bo bod br bre bs bos ca cat ce che ch cha co cos cr cre cs ces cu chu
cv chv cy cym da dan de deu dv div dz dzo ee ewe el ell en eng eo epo es spa et est eu eus fa fas
ff ful fi fin fj fij fo fao fr fra fy fry ga gle gd gla gl glg gn grn gu guj gv glv ha hau he heb
hi hin ho hmo hr hrv ht hat hu hun hy hye hz her ia ina id ind ie ile ig ibo ii iii ik ipk io ido
is isl it ita iu iku ja jpn jv jav ka kat kg kon ki kik kj kua kk kaz kl kal km khm kn kan ko kor
kr kau ks kas ku kur kv kom kw cor ky kir la lat lb ltz lg lug li lim ln lin lo lao lt lit lu lub
lv lav mg mlg mh mah mi mri mk mkd ml mal mn mon mr mar ms msa mt mlt my mya na nau nb nob nd nde
ne nep ng ndo nl nld nn nno no nor nr nbl nv nav ny nya oc oci oj oji om orm or ori os oss pa pan
pi pli pl pol ps pus pt por qu que rm roh rn run ro ron ru rus rw kin sa san sc srd sd snd se sme
sg sag si sin sk slk sl slv sm smo sn sna so som sq sqi sr srp ss ssw st sot su sun sv swe sw swa
ta tam te tel tg tgk th tha ti tir tk tuk tl tgl tn tsn to ton tr tur ts tso tt tat tw twi ty tah
ug uig uk ukr ur urd uz uzb ve ven vi vie vo vol wa wln wo wol xh xho yi yid yo yor za zha zh zho
zu zul
""".split()

ALPHA3 = dict(zip(_PAIRS[::2], _PAIRS[1::2], strict=True))
_ALPHA2 = {long: short for short, long in ALPHA3.items()}
# ISO 639-2/B codes that catalogues (MARC, IRBIS) use, where they differ from ISO 639-3.
_OLD = """
alb sqi arm hye baq eus bur mya chi zho cze ces dut nld fre fra geo kat ger deu gre ell ice isl
mac mkd mao mri may msa per fas rum ron slo slk tib bod wel cym
""".split()
_BIBLIOGRAPHIC = dict(zip(_OLD[::2], _OLD[1::2], strict=True))
# Without a two-letter code: the Turkic and other peoples of the region, old scripts and states,
# and the special codes for undetermined, several, none and not listed.
_MORE = frozenset(
    """alt ady kaa sah tyv krc kum nog gag cjs kjh chg otk ota dng crh khk bua xal tab lez dar inh
    kbd lbe udm mhr mrj mdf myv koi evn nio yrk chk ckb kmr pnt grc ang enm fro gmh non peo pal
    sux akk egy cop syc und mul zxx mis""".split()
)
CODES = frozenset(ALPHA3) | _MORE
_TO_BIBLIOGRAPHIC = {new: old for old, new in _BIBLIOGRAPHIC.items()}
# Those of _MORE that ISO 639-2 does not have.
_ONLY_ISO639_3 = frozenset(
    "gag cjs kjh otk dng khk tab lbe mhr mrj koi evn nio yrk ckb kmr pnt".split()
)


def normalise(code: str) -> str | None:
    """The code as we store it ("kir", "KY" and "ky" give "ky"), or None when it is unknown.

    Region and script are dropped: "en-GB" gives "en".
    """
    base = code.strip().lower().replace("_", "-").split("-")[0]
    base = _BIBLIOGRAPHIC.get(base, base)
    base = _ALPHA2.get(base, base)
    return base if base in CODES else None


def alpha3(code: str) -> str:
    """The ISO 639-3 code of a stored code, as OpenAIRE and BASE want it."""
    return ALPHA3.get(code, code)


def bibliographic(code: str) -> str | None:
    """The ISO 639-2/B code of a stored code, as MARC and MODS want it; None where it has none."""
    long = alpha3(code)
    return None if long in _ONLY_ISO639_3 else _TO_BIBLIOGRAPHIC.get(long, long)
