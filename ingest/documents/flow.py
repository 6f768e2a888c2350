"""The running text of an XML document, for formats whose text stands in its elements."""

from collections.abc import Callable, Collection, Iterator

from lxml import etree

Spaces = Callable[[etree._Element], str]


def local(element: etree._Element) -> str:
    """The name of an element without its namespace; "" for comments and instructions."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def pages(
    root: etree._Element,
    *,
    lines: Collection[str],
    breaks: Callable[[etree._Element], bool],
    skip: Collection[str],
    spaces: Spaces,
    only: Collection[str] = (),
) -> Iterator[str]:
    """The text, cut where `breaks` says that a page begins. Elements called as in `lines` begin a
    line, those in `skip` are left out, `spaces` gives what an element stands for. Text counts
    in elements called as in `only`, or in all."""
    page: list[str] = []
    walk = etree.iterwalk(root, events=("start", "end", "comment", "pi"))
    for event, element in walk:
        name = local(element)
        if event != "start":
            if not only and element is not root and element.tail:
                page.append(element.tail)
            continue
        if name in skip:
            walk.skip_subtree()
            continue
        if breaks(element):
            yield "".join(page)
            page = []
        page.append("\n" if name in lines else spaces(element))
        if (not only or name in only) and element.text:
            page.append(element.text)
    yield "".join(page)
