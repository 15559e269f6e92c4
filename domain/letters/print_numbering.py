"""The lists of a print file: numbers begin again in every letter."""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from typing import Protocol

from lxml import etree

from domain.letters.ooxml import W, drop, w
from domain.letters.package import Package
from domain.letters.print_parts import root_of_kind
from domain.letters.print_styles import StyleSet
from domain.letters.print_text import MARK
from domain.letters.schema_order import PARAGRAPH_ORDER, in_order

LEVELS = range(9)


@dataclass(frozen=True)
class ListNumber:
    """A `w:num` that is still to get its number."""

    before: str
    after: str

    def xml(self, number: str) -> str:
        """The element with its number."""
        return self.before + number + self.after


class NumberIds(Protocol):
    """Where the paragraphs of a letter get the numbers of their lists from."""

    def own(self, key: str, number: ListNumber) -> str:
        """The number of the list `key` in this letter, which begins anew in every letter."""

    def shared(self, number: ListNumber) -> str:
        """The number of a list that is the same in all letters: one without numerals."""


@dataclass
class Lists:
    """The numbering of one document: its definitions and numbers by id, and their new ids in the print file."""

    abstract: dict[str, etree._Element] = field(default_factory=dict)
    numbers: dict[str, etree._Element] = field(default_factory=dict)
    new_abstract: dict[str, str] = field(default_factory=dict)
    made: dict[tuple[str, bool], ListNumber] = field(default_factory=dict)


@dataclass
class PrintNumbering:
    """The list definitions of print files."""

    _abstract: list[str] = field(default_factory=list)
    _lists: dict[str, Lists] = field(default_factory=dict)

    def take(self, key: str, package: Package, main: str, styles: StyleSet) -> None:
        """Takes over the list definitions of a document met for the first time."""
        root = root_of_kind(package, main, "numbering")
        lists = Lists()
        self._lists[key] = lists
        if root is None:
            return
        lists.numbers = {number.get(w("numId"), ""): number for number in root.findall(w("num"))}
        for definition in root.findall(w("abstractNum")):
            old = definition.get(w("abstractNumId"), "")
            lists.abstract[old] = definition
            lists.new_abstract[old] = str(len(self._abstract))
            self._abstract.append(_text(self._own_definition(definition, lists.new_abstract[old], styles)))

    def _own_definition(self, definition: etree._Element, new_id: str, styles: StyleSet) -> etree._Element:
        own = copy.deepcopy(definition)
        own.set(w("abstractNumId"), new_id)
        for tag in ("nsid", "tmpl", "name"):
            for element in own.findall(w(tag)):
                own.remove(element)
        for element in list(own.iter(w("lvlPicBulletId"))):
            drop(element)
        for tag in ("pStyle", "styleLink", "numStyleLink"):
            for element in own.iter(w(tag)):
                name = element.get(w("val"), "")
                element.set(w("val"), styles.ids.get(name, name))
        if styles.theme is not None:
            styles.theme.write_out(own)
        return own

    def number_styles(self, key: str, styles: StyleSet, root: etree._Element, ids: NumberIds) -> None:
        """Points the numbering of a document's styles to the lists of the print file."""
        names = {styles.ids.get(name, name) for name in styles.numbered}
        for style in root.iter(w("style")):
            number = style.find(f"{w('pPr')}/{w('numPr')}/{w('numId')}")
            if number is not None and style.get(w("styleId")) in names and number.get(w("val")) != "0":
                number.set(w("val"), self._shared(self._lists[key], number.get(w("val"), ""), ids))

    def apply(self, root: etree._Element, key: str, styles: StyleSet, letter: NumberIds) -> None:
        """Gives the numbered paragraphs of a letter lists of its own."""
        lists = self._lists[key]
        by_new_name = {styles.ids.get(name, name): numbering for name, numbering in styles.numbered.items()}
        for paragraph in root.iter(w("p")):
            properties = paragraph.find(w("pPr"))
            if properties is None:
                continue
            style = properties.find(w("pStyle"))
            from_style = by_new_name.get(style.get(w("val"), "")) if style is not None else None
            direct = properties.find(w("numPr"))
            number = direct.find(w("numId")) if direct is not None else None
            if number is not None:
                number.set(w("val"), self._for_letter(lists, number.get(w("val"), "0"), letter))
            elif from_style is not None and self._is_ordered(lists, from_style[0]):
                if direct is None:
                    direct = etree.SubElement(properties, w("numPr"))
                    etree.SubElement(direct, w("ilvl")).set(w("val"), self._level(lists, from_style, style))
                etree.SubElement(direct, w("numId")).set(w("val"), self._for_letter(lists, from_style[0], letter))
                in_order(properties, PARAGRAPH_ORDER)

    def _level(self, lists: Lists, from_style: tuple[str, str], style: etree._Element | None) -> str:
        definition = self._definition(lists, from_style[0])
        if definition is not None and style is not None:
            for level in definition.findall(w("lvl")):
                linked = level.find(w("pStyle"))
                if linked is not None and style.get(w("val"), "").startswith(linked.get(w("val"), "?")):
                    return level.get(w("ilvl"), "0")
        return from_style[1]

    def _definition(self, lists: Lists, number_id: str) -> etree._Element | None:
        number = lists.numbers.get(number_id)
        link = number.find(w("abstractNumId")) if number is not None else None
        return lists.abstract.get(link.get(w("val"), "")) if link is not None else None

    def _is_ordered(self, lists: Lists, number_id: str) -> bool:
        definition = self._definition(lists, number_id)
        if definition is None:
            return False
        if definition.find(w("numStyleLink")) is not None:
            return True
        formats = [element.get(w("val")) for element in definition.iter(w("numFmt"))]
        return any(one not in ("bullet", "none") for one in formats)

    def _for_letter(self, lists: Lists, number_id: str, letter: NumberIds) -> str:
        if number_id == "0" or self._definition(lists, number_id) is None:
            return "0"
        if not self._is_ordered(lists, number_id):
            return self._shared(lists, number_id, letter)
        number = lists.numbers[number_id]
        link = number.find(w("abstractNumId"))
        own_start = number.find(w("lvlOverride")) is not None
        list_key = f"number {number_id}" if own_start or link is None else f"list {link.get(w('val'))}"
        return letter.own(list_key, self._number(lists, number_id, restart=True))

    def _shared(self, lists: Lists, number_id: str, ids: NumberIds) -> str:
        if number_id not in lists.numbers or self._definition(lists, number_id) is None:
            return "0"
        return ids.shared(self._number(lists, number_id))

    def _number(self, lists: Lists, number_id: str, restart: bool = False) -> ListNumber:
        if (number_id, restart) not in lists.made:
            lists.made[number_id, restart] = self._make_number(lists, lists.numbers[number_id], restart)
        return lists.made[number_id, restart]

    def _make_number(self, lists: Lists, number: etree._Element, restart: bool) -> ListNumber:
        own = copy.deepcopy(number)
        own.set(w("numId"), MARK)
        link = own.find(w("abstractNumId"))
        old = link.get(w("val"), "") if link is not None else ""
        definition = lists.abstract[old]
        if link is not None:
            link.set(w("val"), lists.new_abstract[old])
        if restart:
            _restart(own, definition)
        before, _, after = _text(own).replace(f' xmlns:w="{W}"', "").partition(MARK)
        return ListNumber(before, after)

    def head(self) -> str:
        """The beginning of the numbering part, up to where its numbers follow; '' when no document has lists."""
        return f'<w:numbering xmlns:w="{W}">' + "".join(self._abstract) if self._abstract else ""


def _text(element: etree._Element) -> str:
    return etree.tostring(element, encoding="unicode")


def _restart(own: etree._Element, definition: etree._Element) -> None:
    """Makes every level begin again."""
    starts = {level.get(w("ilvl"), "0"): level.find(w("start")) for level in definition.findall(w("lvl"))}
    overridden = {one.get(w("ilvl"), "0"): one for one in own.findall(w("lvlOverride"))}
    for level in (str(one) for one in LEVELS):
        override = overridden.get(level)
        if override is None:
            override = etree.SubElement(own, w("lvlOverride"))
            override.set(w("ilvl"), level)
        if override.find(w("startOverride")) is None:
            start = starts.get(level)
            element = etree.Element(w("startOverride"))
            element.set(w("val"), start.get(w("val"), "1") if start is not None else "1")
            override.insert(0, element)
