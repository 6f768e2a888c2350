"""XML elements with their names spaced and their text clean: what all formats are built of."""

from collections.abc import Iterable, Mapping
from typing import Any

from lxml import etree

from schemas import text

XSI = "http://www.w3.org/2001/XMLSchema-instance"
LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"

Content = etree._Element | str | int | None


class Names:
    """Makes elements of one namespace: `dc = Names(DC); dc("title", "Манас", language="ky")`."""

    def __init__(self, namespace: str, prefixes: Mapping[Any, str] | None = None) -> None:
        self.namespace = f"{{{namespace}}}"
        self.prefixes = dict(prefixes or {})

    def __call__(self, name: str, *content: Content, **attributes: str | None) -> etree._Element:
        """An element inside others, whose prefixes it takes over.

        Attributes that are None are left out; `language` becomes xml:lang.
        """
        return _fill(etree.Element(self.namespace + name), content, attributes)

    def root(self, name: str, *content: Content, **attributes: str | None) -> etree._Element:
        """An element that can stand alone: it declares the prefixes for all that it holds."""
        made = etree.Element(self.namespace + name, nsmap=self.prefixes)
        return _fill(made, content, attributes)


def _fill(
    made: etree._Element, content: Iterable[Content], attributes: Mapping[str, str | None]
) -> etree._Element:
    for key, value in attributes.items():
        if value is not None:
            made.set(LANGUAGE if key == "language" else key, text.clean(value))
    for one in content:
        if isinstance(one, etree._Element):
            made.append(one)
        elif one is not None:
            # Characters that XML forbids would end a whole list of records; they are kept out when
            # a work is written, and once more here.
            made.text = (made.text or "") + text.clean(str(one))
    return made


def located(root: etree._Element, schema: str) -> etree._Element:
    """`root` with the xsi:schemaLocation that OAI-PMH 3.4 asks of every metadata part."""
    namespace = etree.QName(root).namespace
    root.set(f"{{{XSI}}}schemaLocation", f"{namespace} {schema}")
    return root
