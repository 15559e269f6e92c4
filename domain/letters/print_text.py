"""Print files at the level of text: places in a letter that get their numbers late, its first and last paragraph."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable

# what stands in a document until each letter gets its own number; no letter's values can contain it by chance
MARK = f"x{secrets.token_hex(8)}x"
END = ";"
PARAGRAPH = re.compile(r"<w:p(?=[ />])[^>]*?(?P<alone>/?)>|</w:p>")
OWN_PROPERTIES = re.compile(r"\s*<w:pPr(?P<alone>/?)>")
CLOSING = "</w:p>"
NO_HEIGHT = '<w:spacing w:before="0" w:after="0" w:line="20" w:lineRule="exact"/>'


def place(name: str) -> str:
    """What stands in the document for the number called `name`."""
    return f"{MARK}{name}{END}"


def kinds_of_places(text: str) -> set[str]:
    """The first letters of the names of all places in a text."""
    return {piece[0] for piece in text.split(MARK)[1:]}


def filled(text: str, number: Callable[[str], str]) -> str:
    """The text with each place replaced by `number(name)`."""
    first, *pieces = text.split(MARK)
    if not pieces:
        return text
    result = [first]
    for piece in pieces:
        name, _, rest = piece.partition(END)
        result += (number(name), rest)
    return "".join(result)


def last_paragraph(text: str) -> int | None:
    """Where the paragraph begins with which the text ends; None when it ends with something else."""
    if not text.endswith(CLOSING):
        at = text.rfind("<")
        return at if text.startswith(("<w:p/>", "<w:p "), at) and text.endswith("/>") else None
    start = max(text.rfind("<w:p>"), text.rfind("<w:p "))
    if text.find(CLOSING, start) == len(text) - len(CLOSING) and text[text.index(">", start) - 1] != "/":
        return start
    depth = 0
    for match in reversed(list(PARAGRAPH.finditer(text))):
        if match.group() == CLOSING:
            depth += 1
        elif not match.group("alone"):
            depth -= 1
            if not depth:
                return match.start()
    return None


def with_end(body: str, mark: str, section: str) -> str:
    """The body of a letter with `mark` at its end and, in its last paragraph, the section that ends there ('': none)."""
    body = body.rstrip()
    start = last_paragraph(body)
    if start is not None:
        paragraph = body[start:]
        head = paragraph.index(">") + 1
        if paragraph[head - 2] == "/":
            paragraph = f"{paragraph[: head - 2]}>{CLOSING}"
            head -= 1
        ended = _in_properties(paragraph, head, section)
        if ended is not None:
            at = len(ended) - len(CLOSING) if section else _place_of_end(ended)
            return f"{body[:start]}{ended[:at]}{mark}{ended[at:]}"
    return f"{body}<w:p><w:pPr>{NO_HEIGHT}{section}</w:pPr>{mark}{CLOSING}"


def _place_of_end(paragraph: str) -> int:
    """Where the mark goes into the last paragraph of a file: at its end, or before its last run when another bookmark ends there:
    LibreOffice loses one of two that end with the document.
    """
    end = len(paragraph) - len(CLOSING)
    last = paragraph.rfind("<", 0, end)
    run = max(paragraph.rfind("<w:r>"), paragraph.rfind("<w:r "))
    is_taken = paragraph.startswith("<w:bookmarkEnd ", last) and run > 0 and "<w:txbxContent" not in paragraph
    return run if is_taken else end


def _in_properties(paragraph: str, head: int, section: str) -> str | None:
    """The paragraph with the section in its properties; None when a section ends in it already."""
    own = OWN_PROPERTIES.match(paragraph, head)
    if not section:
        return paragraph
    if own is None:
        return f"{paragraph[:head]}<w:pPr>{section}</w:pPr>{paragraph[head:]}"
    if own.group("alone"):
        return f"{paragraph[: own.start()]}<w:pPr>{section}</w:pPr>{paragraph[own.end() :]}"
    end = paragraph.index("</w:pPr>", own.end())
    change = paragraph.find("<w:pPrChange", own.end(), end)
    end = end if change < 0 else change
    if "<w:sectPr" in paragraph[own.end() : end]:
        return None
    return paragraph[:end] + section + paragraph[end:]


def with_beginning(body: str, mark: str) -> str:
    """The body of a letter with `mark` in its first paragraph."""
    first = PARAGRAPH.search(body)
    if first is None:
        return f"<w:p><w:pPr>{NO_HEIGHT}</w:pPr>{mark}{CLOSING}{body}"
    if first.group("alone"):
        return f"{body[: first.end() - 2]}>{mark}{CLOSING}{body[first.end() :]}"
    own = OWN_PROPERTIES.match(body, first.end())
    at = first.end() if own is None else own.end()
    if own is not None and not own.group("alone"):
        at = body.index("</w:pPr>", at)
        if body.find("<w:pPrChange", own.end(), at) >= 0:
            at = body.index("</w:pPrChange>", at) + len("</w:pPrChange>")
        at += len("</w:pPr>")
    return body[:at] + mark + body[at:]


def bookmark(number: str, name: str) -> str:
    """An empty bookmark."""
    return f'<w:bookmarkStart w:id="{number}" w:name="{name}"/><w:bookmarkEnd w:id="{number}"/>'
