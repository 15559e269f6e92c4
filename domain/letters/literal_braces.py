"""Braces that are text: in a document with merge fields `{{ 7*7 }}` is printed as it stands."""

from __future__ import annotations

import re

from lxml import etree

from domain.letters.ooxml import around, in_story, w

LITERAL_OPEN, LITERAL_CLOSE = "\ufdd0", "\ufdd1"
LOOKS_LIKE_A_TAG = re.compile(
    r"\{\{\s*[A-Za-z]\w*(?:\.\w+)*\s*(?:\|[^{}]*)?\}\}"
    r"|\{%-?(?:p|tr|tc|r)?\s*(?:if|elif|else|endif|for|endfor)\b[^{}]*%\}",
    re.A,
)


def keep_literal_braces(story: etree._Element) -> list[str]:
    """Makes braces in a document with merge fields text, unless they are written like a tag. Gives the texts kept."""
    kept = []
    for paragraph in in_story(story, w("p")):
        pieces = [piece for run in in_story(paragraph, w("r")) for piece in run if piece.tag == w("t")]
        text = "".join(piece.text or "" for piece in pieces)
        if not re.search(r"\{[{%#]", text):
            continue
        spans = [match.span() for match in LOOKS_LIKE_A_TAG.finditer(text)]
        literal_text = literal_braces(text, spans)
        if literal_text == text:
            continue
        kept.append(around(text, "{"))
        at = 0
        for piece in pieces:
            length = len(piece.text or "")
            piece.text = literal_text[at : at + length]
            at += length
    return kept


def literal_braces(text: str, tags: list[tuple[int, int]]) -> str:
    """The text with every brace outside of `tags` (spans) as one that stands for itself."""
    inside = [False] * len(text)
    for start, end in tags:
        inside[start:end] = [True] * (end - start)
    return "".join(
        char if inside[at] else {"{": LITERAL_OPEN, "}": LITERAL_CLOSE}.get(char, char) for at, char in enumerate(text)
    )
