"""Names and the parser for the XML inside Word documents."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"
A = "http://schemas.openxmlformats.org/drawingml/2006/main"
WP = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
V = "urn:schemas-microsoft-com:vml"
W14 = "http://schemas.microsoft.com/office/word/2010/wordml"
RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships"
CONTENT_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
XML_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml."
HEAD = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def w(name: str) -> str:
    """`w("p")`: the qualified name of an element or attribute of WordprocessingML."""
    return f"{{{W}}}{name}"


def r(name: str) -> str:
    """`r("id")`: the qualified name of an attribute that points to a relationship."""
    return f"{{{R}}}{name}"


def parse(data: bytes) -> etree._Element:
    """The root element. Entities are never resolved, nothing is fetched; raises `etree.XMLSyntaxError`."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_pis=False)
    return etree.fromstring(data, parser)


def to_bytes(root: etree._Element) -> bytes:
    """The part as Word writes it: declaration, UTF-8."""
    return HEAD + etree.tostring(root, encoding="UTF-8")


def plain(text: object) -> str:
    """Text that may stand in XML: characters XML does not allow are removed, line ends are `\\n`."""
    return NOT_XML.sub("", str(text).replace("\r\n", "\n").replace("\r", "\n"))


def drop(element: etree._Element) -> None:
    """Takes an element out of its parent."""
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


def in_story(story: etree._Element, tag: str) -> Iterator[etree._Element]:
    """The elements `tag` of a story (body, header, text box …) in order, without those of text boxes inside it."""
    box = w("txbxContent")
    pending: list[etree._Element] = list(reversed(story))
    while pending:
        element = pending.pop()
        if element.tag == tag:
            yield element
        if element.tag != box and isinstance(element.tag, str):
            pending.extend(reversed(element))


def paragraph_text(paragraph: etree._Element) -> str:
    """What a person reads in the paragraph: its text, tabs and line breaks; nothing of text boxes inside it."""
    pieces = []
    for run in in_story(paragraph, w("r")):
        for child in run:
            if child.tag == w("t"):
                pieces.append(child.text or "")
            elif child.tag == w("tab"):
                pieces.append("\t")
            elif child.tag in (w("br"), w("cr")):
                pieces.append("\n")
    return "".join(pieces)


def around(text: str, name: str, width: int = 40) -> str:
    """The text of a line around `name`, shortened to `width` characters on each side."""
    text = " ".join(text.split())
    at = max(text.find(name), 0)
    start, end = max(at - width, 0), min(at + len(name) + width, len(text))
    return ("…" if start else "") + text[start:end] + ("…" if end < len(text) else "")
