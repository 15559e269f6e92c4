"""Word's own mail-merge fields become tags: `{ MERGEFIELD City \\* Upper }` → `{{ contact.city|word_upper }}`.

Field names are found in every language (domain.letters.merge_fields). What looks like a tag but is none stays text.
"""

from __future__ import annotations

import copy
import re

from lxml import etree

from domain.letters.field_expressions import Conversion, NotOursError, literal, operand, value
from domain.letters.literal_braces import literal_braces
from domain.letters.ooxml import drop, w
from domain.letters.word_fields import Atom, Field, Token, find_fields, run_text, text_run, tokens
from domain.messages import say

VALUE_FIELDS = {"MERGEFIELD", "ADDRESSBLOCK", "GREETINGLINE"}
UNSUPPORTED = {"NEXT", "NEXTIF", "SKIPIF", "ASK", "FILLIN", "SET", "MERGEREC", "MERGESEQ", "COMPARE"}
OPERATOR = re.compile(r"<>|<=|>=|=|<|>")


def rewrite_story(story: etree._Element, conversion: Conversion) -> None:
    """Rewrites the fields of one story in place."""
    for one in find_fields(story):
        _rewrite(one, conversion)


def has_merge_fields(story: etree._Element) -> bool:
    """Whether a story holds mail-merge fields."""
    pending = find_fields(story)
    while pending:
        one = pending.pop()
        if one.keyword in VALUE_FIELDS | UNSUPPORTED:
            return True
        pending.extend(piece for piece in (*one.code, *one.result) if isinstance(piece, Field))
    return False


def _rewrite(one: Field, conversion: Conversion) -> None:
    keyword = one.keyword
    if keyword in VALUE_FIELDS or (keyword == "QUOTE" and any(isinstance(piece, Field) for piece in one.code)):
        expression = value(one, conversion)
        if expression is not None:
            one.begin.addprevious(text_run(f"{{{{ {expression} }}}}", _formatting(one)))
            _remove(one)
            return
    elif keyword == "IF" and _rewrite_if(one, conversion):
        return
    elif keyword in UNSUPPORTED:
        conversion.note(say("The field %(name)s is not supported and was removed.", name=keyword))
        _remove(one)
        return
    _rewrite_inside(one, conversion)


def _rewrite_inside(one: Field, conversion: Conversion) -> None:
    """A field of Word's own stays; merge fields in its code become tags, those in its result are rewritten."""
    for piece in one.code:
        if isinstance(piece, Field):
            expression = value(piece, conversion)
            if expression is None:
                _rewrite_inside(piece, conversion)
            else:
                piece.begin.addprevious(text_run(f"{{{{ ({expression})|field_code }}}}", None, "instrText"))
                _remove(piece)
    for piece in one.result:
        if isinstance(piece, Field):
            _rewrite(piece, conversion)


def _rewrite_if(one: Field, conversion: Conversion) -> bool:
    """`{ IF «City» = "Bern" "near" "far" }` → `{% if … %}near{% else %}far{% endif %}`; False when it stays Word's."""
    words = _part_operators(tokens(one)[1:])
    if len(words) < 3 or not OPERATOR.fullmatch(words[1].text):
        return False
    try:
        left, right = operand(words[0], conversion), operand(words[2], conversion)
    except NotOursError:
        return False
    branches = [word for word in words[3:] if not word.is_switch][:2]
    one.begin.addprevious(text_run(f"{{% if ({left})|word_compare({literal(words[1].text)}, {right}) %}}"))
    kept: set[etree._Element] = set()
    for number, branch in enumerate(branches):
        if number == 1 and branch.atoms:
            branch.atoms[0].run.addprevious(text_run("{% else %}"))
        _write_branch(branch, conversion, kept)
    if one.end is not None:
        one.end.addprevious(text_run("{% endif %}"))
    _remove(one, kept)
    return True


def _part_operators(words: list[Token]) -> list[Token]:
    """`«A»="B"` as three words; an empty left side counts."""
    parted: list[Token] = []
    for word in words:
        match = None if word.quoted else OPERATOR.search(word.text)
        if len(parted) > 2 or match is None or any(one.text == match.group() for one in parted[1:2]):
            parted.append(word)
            continue
        flat = list(word.atoms)
        start = next(at for at in range(len(flat)) if _spells(flat, at, match.group()))
        end = start + len(match.group())
        if start:
            parted.append(Token(tuple(flat[:start])))
        elif not parted:
            parted.append(Token((), True))
        parted.append(Token(tuple(flat[start:end])))
        if end < len(flat):
            parted.append(Token(tuple(flat[end:])))
    return parted


def _spells(atoms: list[Atom], at: int, text: str) -> bool:
    return [atom.value for atom in atoms[at : at + len(text)]] == list(text)


def _write_branch(branch: Token, conversion: Conversion, kept: set[etree._Element]) -> None:
    """The text of a branch becomes text of the letter, run by run with its formatting; fields in it are rewritten."""
    text, source = "", None
    for atom in branch.atoms:
        if isinstance(atom.value, Field):
            _flush(text, source)
            text, source = "", None
            runs_before = set(atom.value.runs())
            _rewrite(atom.value, conversion)
            kept.update(run for run in runs_before if run.getparent() is not None)
            continue
        if atom.run is not source:
            _flush(text, source)
            text, source = "", atom.run
        text += atom.value
    _flush(text, source)


def _flush(text: str, source: etree._Element | None) -> None:
    if source is None:
        return
    for piece in re.split(r"(\n|\t)", text):
        if piece in ("\n", "\t"):
            run = text_run("", source.find(w("rPr")))
            run.remove(run[-1])
            etree.SubElement(run, w("br" if piece == "\n" else "tab"))
            source.addprevious(run)
        elif piece:
            source.addprevious(text_run(literal_braces(piece, []), source.find(w("rPr"))))


def _formatting(one: Field) -> etree._Element | None:
    """`\\* CHARFORMAT` prints like the code's first letter, else like the result shown, else like the code."""
    code = [piece for piece in one.code if not isinstance(piece, Field)]
    shown = [piece for piece in one.result if not isinstance(piece, Field) and run_text(piece)]
    source = code[0] if code and ("charformat" in one.text.lower() or not shown) else shown[0] if shown else one.begin
    properties = source.find(w("rPr"))
    if properties is None:
        return None
    properties = copy.deepcopy(properties)
    for tag in ("noProof", "webHidden", "vanish"):
        for element in properties.findall(w(tag)):
            properties.remove(element)
    return properties


def _remove(one: Field, kept: set[etree._Element] | None = None) -> None:
    """Takes a field's runs out of the document, and the paragraphs that held nothing but pieces of its result."""
    home = next(one.begin.iterancestors(w("p")), None)
    for run in one.runs():
        parent = run.getparent()
        if parent is None or (kept and run in kept):
            continue
        paragraph = next(run.iterancestors(w("p")), None)
        parent.remove(run)
        if parent.tag in (w("hyperlink"), w("smartTag"), w("ins")) and len(parent) == 0:
            drop(parent)
        if paragraph is not None and paragraph is not home:
            _remove_if_empty(paragraph)


def _remove_if_empty(paragraph: etree._Element) -> None:
    parent = paragraph.getparent()
    has_section = paragraph.find(f"{w('pPr')}/{w('sectPr')}") is not None
    if (
        parent is not None
        and not has_section
        and next(paragraph.iter(w("r")), None) is None
        and len(parent.findall(w("p"))) > 1
    ):
        parent.remove(paragraph)
