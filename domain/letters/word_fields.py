"""Fields in Word documents: `{ MERGEFIELD Name \\* Upper }` as Word stores it, read as a tree.

A complex field is a chain of runs: begin, pieces of code, separate, the result shown, end; fields may stand in the code
or in the result of others. `w:fldSimple` is rewritten to this form first.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass, field

from lxml import etree

from domain.letters.ooxml import XML_SPACE, in_story, w

CODE_TAGS = (w("instrText"), w("delInstrText"))
QUOTES = '"\u201c\u201d\u201e'


@dataclass
class Field:
    """A field: its runs from `begin` to `end`, the pieces of its code and of its result, each a run or a field."""

    begin: etree._Element
    end: etree._Element | None = None
    separator: etree._Element | None = None
    code: list[etree._Element | Field] = field(default_factory=list)
    result: list[etree._Element | Field] = field(default_factory=list)
    own_runs: list[etree._Element] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The code as one text, nested fields included."""
        return "".join(piece.text if isinstance(piece, Field) else run_text(piece) for piece in self.code)

    @property
    def keyword(self) -> str:
        """`MERGEFIELD`, `IF`, `PAGE` …: the first word of the code in capitals."""
        words = "".join(" " if isinstance(piece, Field) else run_text(piece) for piece in self.code).split()
        return words[0].upper() if words else ""

    def runs(self) -> list[etree._Element]:
        """All runs of the field and of the fields inside it."""
        inside = [piece for piece in (*self.code, *self.result) if isinstance(piece, Field)]
        return [*self.own_runs, *(run for one in inside for run in one.runs())]


@dataclass(frozen=True)
class Atom:
    """One character of a field's code, or a field inside it, with the run it stands in."""

    value: str | Field
    run: etree._Element


@dataclass(frozen=True)
class Token:
    """A word of a field's code; `quoted` when it stood in quotation marks."""

    atoms: tuple[Atom, ...]
    quoted: bool = False

    @property
    def text(self) -> str:
        """The word as text; fields inside count as nothing."""
        return "".join(atom.value for atom in self.atoms if isinstance(atom.value, str))

    @property
    def is_switch(self) -> bool:
        """Whether it is a switch such as `\\*`."""
        return not self.quoted and self.text.startswith("\\")


def run_text(run: etree._Element) -> str:
    """The text or code in a run; tabs and line breaks as characters."""
    pieces = []
    for child in run:
        if child.tag == w("t") or child.tag in CODE_TAGS:
            pieces.append(child.text or "")
        elif child.tag == w("tab"):
            pieces.append("\t")
        elif child.tag in (w("br"), w("cr")):
            pieces.append("\n")
    return "".join(pieces)


def text_run(text: str, properties: etree._Element | None = None, tag: str = "t") -> etree._Element:
    """A new run with this text (or, with `tag="instrText"`, this code) and a copy of the run properties."""
    run = etree.Element(w("r"))
    if properties is not None:
        run.append(copy.deepcopy(properties))
    piece = etree.SubElement(run, w(tag))
    piece.text = text
    piece.set(XML_SPACE, "preserve")
    return run


def find_fields(story: etree._Element) -> list[Field]:
    """The outermost complete fields of a story, in order. Rewrites simple fields and runs that mix code and text."""
    _separate_runs(story)
    _rewrite_simple_fields(story)
    found: list[Field] = []
    open_fields: list[Field] = []
    for run in list(in_story(story, w("r"))):
        mark = run.find(w("fldChar"))
        kind = mark.get(w("fldCharType")) if mark is not None else ""
        if kind == "begin":
            new = Field(run, own_runs=[run])
            if open_fields:
                _place(open_fields[-1]).append(new)
            open_fields.append(new)
        elif open_fields:
            current = open_fields[-1]
            current.own_runs.append(run)
            if kind == "separate":
                current.separator = run
            elif kind == "end":
                current.end = run
                open_fields.pop()
                if not open_fields:
                    found.append(current)
            else:
                _place(current).append(run)
    return found


def _place(current: Field) -> list[etree._Element | Field]:
    return current.code if current.separator is None else current.result


def _separate_runs(story: etree._Element) -> None:
    """One field mark or piece of code per run, so that a field begins and ends between runs."""
    special = (w("fldChar"), *CODE_TAGS)
    for run in list(in_story(story, w("r"))):
        children = [child for child in run if child.tag != w("rPr")]
        if len(children) < 2 or not any(child.tag in special for child in children):
            continue
        properties = run.find(w("rPr"))
        last = run
        for child in children[1:]:
            new = etree.Element(w("r"))
            if properties is not None:
                new.append(copy.deepcopy(properties))
            new.append(child)
            last.addnext(new)
            last = new


def _rewrite_simple_fields(story: etree._Element) -> None:
    """`w:fldSimple` in its long form; a field inside another one comes first."""
    for simple in reversed(list(in_story(story, w("fldSimple")))):
        parent = simple.getparent()
        if parent is None:
            continue
        first = next(in_story(simple, w("r")), None)
        properties = first.find(w("rPr")) if first is not None else None
        code = text_run(simple.get(w("instr"), ""), properties, "instrText")
        content = [child for child in simple if child.tag != w("fldData")]
        at = parent.index(simple)
        parent[at : at + 1] = [
            _mark("begin", properties),
            code,
            _mark("separate", properties),
            *content,
            _mark("end", properties),
        ]


def _mark(kind: str, properties: etree._Element | None) -> etree._Element:
    run = etree.Element(w("r"))
    if properties is not None:
        run.append(copy.deepcopy(properties))
    etree.SubElement(run, w("fldChar")).set(w("fldCharType"), kind)
    return run


def tokens(one: Field) -> list[Token]:
    """The words of a field's code as Word reads them: blanks part them, quotation marks hold them together."""
    atoms = []
    for piece in one.code:
        if isinstance(piece, Field):
            atoms.append(Atom(piece, piece.begin))
        else:
            atoms.extend(Atom(char, piece) for char in run_text(piece))
    found: list[Token] = []
    word: list[Atom] = []
    quoted = False
    at = 0
    while at < len(atoms):
        value = atoms[at].value
        escaped = quoted and value == "\\" and at + 1 < len(atoms) and atoms[at + 1].value in ('"', "\\")
        if escaped:
            at += 1
            word.append(atoms[at])
        elif isinstance(value, str) and value in QUOTES:
            if quoted or word:
                found.append(Token(tuple(word), quoted))
            word = []
            quoted = not quoted
        elif not quoted and isinstance(value, str) and value.isspace():
            if word:
                found.append(Token(tuple(word)))
            word = []
        else:
            word.append(atoms[at])
        at += 1
    if word:
        found.append(Token(tuple(word), quoted))
    return found
