"""Line breaks and tabs in values become Word's: docxtpl's rule, applied to the paragraphs that have some."""

from __future__ import annotations

import io

from docxtpl import DocxTemplate

PARAGRAPH_END = "</w:p>"
BOX = "w:txbxContent"
_language = DocxTemplate(io.BytesIO())


def has_breaks(text: str) -> bool:
    """Whether a text holds line breaks or tabs that Word would not show."""
    return "\n" in text or "\t" in text


def resolve_everywhere(xml: str) -> str:
    """docxtpl's rule for a whole part."""
    return str(_language.resolve_listing(xml))


def resolve(xml: str) -> str:
    """docxtpl's rule for a part without paragraphs inside paragraphs: the others need not be read."""
    at = _next_break(xml, 0)
    if at < 0:
        return xml
    pieces = []
    done = 0
    while at >= 0:
        start = max(xml.rfind("<w:p>", done, at), xml.rfind("<w:p ", done, at))
        end = xml.find(PARAGRAPH_END, max(start, done))
        if start < 0 or end < at:
            at = _next_break(xml, at + 1)
            continue
        end += len(PARAGRAPH_END)
        pieces.append(xml[done:start])
        pieces.append(resolve_everywhere(xml[start:end]))
        done = end
        at = _next_break(xml, end)
    pieces.append(xml[done:])
    return "".join(pieces)


def _next_break(xml: str, start: int) -> int:
    line, tab = xml.find("\n", start), xml.find("\t", start)
    return max(line, tab) if line < 0 or tab < 0 else min(line, tab)
