"""What the relatives of UNIMARC share: codes of roles, and of what a text is."""

# Our relators by UNIMARC's codes, $4 of the fields 70X and 71X.
ROLES = {
    "070": "aut",
    "080": "aui",
    "180": "ctg",
    "220": "com",
    "230": "cmp",
    "300": "fmd",
    "340": "edt",
    "440": "ill",
    "555": "opn",
    "570": "ctb",
    "590": "prf",
    "595": "res",
    "600": "pht",
    "650": "isb",
    "675": "rev",
    "727": "ths",
    "730": "trl",
}
CODES = {relator: code for code, relator in ROLES.items()}
OTHER = "570"
# Kinds of works by what a text is, 105 $a places 4 to 7; IRBIS has the same in 900^c.
CONTENTS = {
    "j": "textbook",
    "m": "doctoral-thesis",
    "p": "report",
    "v": "doctoral-thesis",
}
