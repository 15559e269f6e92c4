"""The Jinja expression for the code of a merge field: `MERGEFIELD City \\* Upper` → `contact.city|word_upper`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from domain.letters.merge_fields import find_field
from domain.letters.ooxml import around, paragraph_text, w
from domain.letters.template_check import UNKNOWN
from domain.letters.word_fields import Field, Token, tokens
from domain.messages import Message, say

FORMATS = {"upper": "word_upper", "lower": "word_lower", "caps": "word_caps", "firstcap": "word_first_cap"}
PLAIN_FORMATS = {"mergeformat", "charformat", "mergeformatinet", ""}
WITH_ARGUMENT = ("\\*", "\\@", "\\#", "\\b", "\\f")


@dataclass(frozen=True)
class FieldInWord:
    """A merge field as the document names it and the text around it."""

    name: str
    around: str


@dataclass
class Conversion:
    """What the rewriting of a document found: how many fields, names that are no field, sentences for the user."""

    mapping: Mapping[str, str] = field(default_factory=dict)
    count: int = 0
    tags: set[str] = field(default_factory=set)
    unknown: list[FieldInWord] = field(default_factory=list)
    notes: list[Message] = field(default_factory=list)

    def note(self, message: Message) -> None:
        """Adds a sentence once."""
        if message not in self.notes:
            self.notes.append(message)


class NotOursError(Exception):
    """A field whose value only Word knows (PAGE, DATE) stands where ours is needed."""


def literal(text: str) -> str:
    """A Jinja string that needs no XML escaping and cannot close a tag."""
    return "'" + "".join(c if (c.isascii() and c.isalnum()) or c in " .,:;-_/" else _escaped(c) for c in text) + "'"


def _escaped(char: str) -> str:
    code = ord(char)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def value(one: Field, conversion: Conversion) -> str | None:
    """The expression for a field that stands for a value; None for other fields."""
    words = tokens(one)
    keyword = one.keyword
    if keyword == "ADDRESSBLOCK":
        return _known("contact.mail_address", conversion)
    if keyword == "GREETINGLINE":
        return _known("salutation.formal", conversion)
    if keyword == "QUOTE" and len(words) > 1:
        return _switches(operand(words[1], conversion), words[2:], conversion)
    if keyword != "MERGEFIELD":
        return None
    end = next((at for at, word in enumerate(words) if at and word.is_switch), len(words))
    name = " ".join(word.text for word in words[1:end]).strip()
    return _switches(_name(name, one, conversion), words[end:], conversion)


def _known(tag: str, conversion: Conversion) -> str:
    conversion.count += 1
    conversion.tags.add(tag)
    return tag


def _name(name: str, one: Field, conversion: Conversion) -> str:
    found = find_field(name, conversion.mapping)
    if found is None:
        conversion.count += 1
        paragraph = next(one.begin.iterancestors(w("p")), None)
        text = paragraph_text(paragraph) if paragraph is not None else ""
        conversion.unknown.append(FieldInWord(name, around(text, f"«{name}»")))
        return f"{UNKNOWN}[{literal(name)}]"
    if found.tag == "contact.courtesy_title":
        conversion.note(
            say(
                "Contacts have no courtesy title: the field %(name)s stays empty. Use the formal salutation instead.",
                name=name,
            )
        )
    return _known(found.tag, conversion)


def _switches(expression: str, words: list[Token], conversion: Conversion) -> str:
    at = 0
    while at < len(words):
        text = words[at].text
        switch = text[:2].lower()
        at += 1
        if not text.startswith("\\"):
            continue
        argument = text[2:]
        if not argument and switch in WITH_ARGUMENT and at < len(words):
            argument = words[at].text
            at += 1
        if switch == "\\*":
            if argument.lower() in FORMATS:
                expression += f"|{FORMATS[argument.lower()]}"
            elif argument.lower() not in PLAIN_FORMATS:
                conversion.note(say("The format %(name)s of a merge field is not supported.", name=argument))
        elif switch in ("\\@", "\\#", "\\b", "\\f"):
            name = {"\\@": "word_date", "\\#": "word_number", "\\b": "word_before", "\\f": "word_after"}[switch]
            expression += f"|{name}({literal(argument)})"
        elif switch not in ("\\m", "\\v", "\\p"):
            conversion.note(say("The format %(name)s of a merge field is not supported.", name=text))
    return expression


def operand(word: Token | None, conversion: Conversion) -> str:
    """A word of a code as an expression: text, fields, or both. Raises `NotOursError` for a field of Word's own."""
    parts: list[str] = []
    text = ""
    for atom in word.atoms if word else ():
        if isinstance(atom.value, str):
            text += atom.value
            continue
        if text:
            parts.append(literal(text))
            text = ""
        expression = value(atom.value, conversion)
        if expression is None:
            raise NotOursError
        parts.append(f"({expression})")
    if text or not parts:
        parts.append(literal(text))
    return " ~ ".join(parts)
