"""What can be proven of a template once, so that it need not be looked at again in each letter.

A proof speaks of every letter the template can give, whatever the values: they are escaped, and conditions and loops are
the only choices there are.
"""

from __future__ import annotations

import itertools
import re

from lxml import etree

from domain.letters.ooxml import WP, parse, w

TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.S)
KEYWORD = re.compile(r"\{%[-+]?\s*(\w+)")
STRUCTURE = re.compile(
    r"\{%(?P<keyword>\w+)%\}|<\?.*?\?>|<!--.*?-->|<(?P<closing>/?)(?P<name>[\w:.-]+)[^>]*?(?P<alone>/?)>", re.S
)
BEGINS, GOES_ON, ENDS = ("if", "for"), ("elif", "else"), ("endif", "endfor")
DRAWING_ID = re.compile(r'(<wp:docPr\b[^>]*?\bid=")[^"]*(")')
FIRST_DRAWING_ID = 1001


def masked(source: str) -> str:
    """The source with nothing left of its tags but `{%if%}`, `{%else%}` …, so that it can be read as XML."""

    def mask(match: re.Match[str]) -> str:
        keyword = KEYWORD.match(match.group())
        return f"{{%{keyword.group(1)}%}}" if keyword else ""

    return TAG.sub(mask, source)


def is_whole(mask: str) -> bool:
    """Whether every letter is a whole document: a condition or loop begins, changes and ends at the same depth of the
    XML, and one inside an attribute ends there.
    """
    opened: list[str] = []
    blocks: list[list[str]] = []
    for match in STRUCTURE.finditer(mask):
        closing, name, alone, keyword = match.group("closing", "name", "alone", "keyword")
        if name and closing:
            if not opened or opened.pop() != name:
                return False
        elif name and not alone:
            opened.append(name)
        elif keyword in BEGINS:
            blocks.append(list(opened))
        elif keyword and (not blocks or blocks[-1] != opened):
            return False
        if keyword in ENDS:
            blocks.pop()
    if opened or blocks:
        return False
    root = _parsed(mask)
    return root is not None and all(
        _blocks_end(str(value)) for element in root.iter(etree.Element) for value in element.attrib.values()
    )


def _parsed(mask: str) -> etree._Element | None:
    try:
        return parse(mask.encode())
    except etree.XMLSyntaxError:
        return None


def _keywords(text: str | None) -> list[str]:
    return KEYWORD.findall(text) if text else []


def _change(text: str | None) -> int:
    """By how much a text deepens the nesting of conditions and loops."""
    return sum(1 if word in BEGINS else -1 if word in ENDS else 0 for word in _keywords(text))


def _blocks_end(text: str) -> bool:
    depth = 0
    for word in _keywords(text):
        depth += 1 if word in BEGINS else -1 if word in ENDS else 0
        if depth < 0 or (word in GOES_ON and depth == 0):
            return False
    return depth == 0


def depths(root: etree._Element) -> dict[etree._Element, int]:
    """How many conditions and loops are open where each element begins."""
    found: dict[etree._Element, int] = {}
    depth = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if event == "start":
            found[element] = depth
            depth += _change(element.text)
        else:
            depth += _change(element.tail)
    return found


def needs_no_look(mask: str) -> bool:
    """Whether docxtpl's mending of tables changes nothing in any letter, and no drawing repeats or disappears."""
    root = parse(mask.encode())
    depth = depths(root)
    tables = all(_grid_fits(table, depth) for table in root.iter(w("tbl")))
    drawings = list(root.iter(f"{{{WP}}}docPr"))
    numbered = len(drawings) == len(DRAWING_ID.findall(mask))
    return tables and numbered and all(depth[drawing] == 0 for drawing in drawings)


def _grid_fits(table: etree._Element, depth: dict[etree._Element, int]) -> bool:
    """No row ever has more cells than the grid has columns, and a row that is always there fills it."""
    grid = table.find(w("tblGrid"))
    if grid is None or any(_keywords(element.text) or _keywords(element.tail) for element in grid):
        return False
    columns = len(grid.findall(w("gridCol")))
    filled = columns == 0
    for row in table.iter(w("tr")):
        cells = row.findall(w("tc"))
        if any(_keywords(text) for text in (row.text, *(child.tail for child in row))):
            return False
        spans = [cell.find(f"{w('tcPr')}/{w('gridSpan')}") for cell in cells]
        widths = ["1" if span is None else span.get(w("val"), "") for span in spans]
        if len(cells) > columns or not all(width.isascii() and width.isdigit() for width in widths):
            return False
        is_always_there = depth[row] == depth[table]
        filled = filled or (is_always_there and sum(map(int, widths)) >= columns)
    return filled


def number_drawings(source: str) -> str:
    """The source with the ids of its drawings as docxtpl gives them: 1001, 1002 …"""
    numbers = itertools.count(FIRST_DRAWING_ID)
    return DRAWING_ID.sub(lambda match: f"{match.group(1)}{next(numbers)}{match.group(2)}", source)
