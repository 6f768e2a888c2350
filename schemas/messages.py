"""Messages of the border: an English sentence, which is also the msgid of its translations."""


class Message(str):
    """A filled-in sentence that remembers how it was made, so that it can be said in any language.

    `Message("“%(value)s” is not a year.", value="20x4")` is a `str`; `.sentence` and `.parameters`
    let `repository.web.words` translate it.
    """

    sentence: str
    parameters: dict[str, object]

    def __new__(cls, sentence: str, **parameters: object) -> "Message":
        message = super().__new__(cls, sentence % parameters if parameters else sentence)
        message.sentence = sentence
        message.parameters = parameters
        return message


def _(sentence: str) -> str:
    """Marks a sentence for translation."""
    return sentence


# marshmallow's own messages, said so that a depositor understands them.
REQUIRED = _("Please fill this in.")
NULL = _("Please fill this in.")
NOT_TEXT = _("This must be text.")
NOT_NUMBER = _("This must be a whole number.")
NOT_LIST = _("This must be a list.")
NOT_GROUP = _("This must be a group of fields.")
UNKNOWN = _("This archive knows no such field.")
# Said of values of a kind that no form could have sent.
SHAPELESS = frozenset({NOT_TEXT, NOT_NUMBER, NOT_LIST, NOT_GROUP})
CHOICE = _("“%(value)s” is not one of the choices.")
TOO_LONG = _("This is too long: %(length)s characters, at most %(limit)s are kept.")
TOO_MANY = _("Too many entries: %(count)s, at most %(limit)s are kept.")
FORBIDDEN = _("This holds characters that cannot be stored (control characters). Remove them.")


def short(value: object) -> str:
    """A value as it may be quoted in a message."""
    text = str(value)
    return text if len(text) <= 60 else text[:57] + "…"
