"""The styles of a print file: those of the first letter's document, and what other documents have differently."""

from __future__ import annotations

import copy
import hashlib
from dataclasses import dataclass, field

from lxml import etree

from domain.letters.ooxml import W, drop, parse, w
from domain.letters.package import Package
from domain.letters.print_parts import part_of_kind, root_of_kind
from domain.letters.print_theme import Theme
from domain.letters.schema_order import PARAGRAPH_ORDER, RUN_ORDER, STYLE_ORDER, in_order

REFERENCES = ("basedOn", "next", "link")
USES = {"pStyle": "paragraph", "rStyle": "character", "tblStyle": "table"}
NEUTRAL = (
    f'<d xmlns:w="{W}"><w:rPr><w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" '
    'w:eastAsia="Times New Roman" w:cs="Times New Roman"/><w:sz w:val="20"/><w:szCs w:val="20"/></w:rPr>'
    '<w:pPr><w:spacing w:before="0" w:after="0" w:line="240" w:lineRule="auto"/></w:pPr></d>'
)


@dataclass
class StyleSet:
    """How the styles of one document are called in the print file, and what its letters need besides."""

    ids: dict[str, str] = field(default_factory=dict)
    paragraph_default: str | None = None
    table_default: str | None = None
    theme: Theme | None = None
    numbered: dict[str, tuple[str, str]] = field(default_factory=dict)

    def apply(self, root: etree._Element) -> None:
        """Renames the styles used in XML of a letter and writes a foreign theme out."""
        if self.theme is not None:
            self.theme.write_out(root)
        for use in USES:
            for element in root.iter(w(use)):
                name = element.get(w("val"), "")
                element.set(w("val"), self.ids.get(name, name))
        if self.paragraph_default is not None:
            for paragraph in root.iter(w("p")):
                _name_style(paragraph, "pPr", "pStyle", self.paragraph_default)
        if self.table_default is not None:
            for table in root.iter(w("tbl")):
                _name_style(table, "tblPr", "tblStyle", self.table_default)


def _name_style(element: etree._Element, holder: str, use: str, style: str) -> None:
    properties = element.find(w(holder))
    if properties is None:
        properties = etree.Element(w(holder))
        element.insert(0, properties)
    if properties.find(w(use)) is None:
        named = etree.Element(w(use))
        named.set(w("val"), style)
        properties.insert(0, named)


@dataclass
class PrintStyles:
    """The styles part being built and the sets of the documents met so far."""

    root: etree._Element | None = None
    _theme: bytes | None = None
    _sets: dict[str, StyleSet] = field(default_factory=dict)

    def key(self, package: Package, main: str) -> str:
        """What makes the styles of a document its own: styles, theme and numbering."""
        digest = hashlib.sha256()
        for kind in ("styles", "theme", "numbering"):
            name = part_of_kind(package, main, kind)
            digest.update(b"-" if name is None else hashlib.sha256(package.parts[name]).digest())
        return digest.hexdigest()

    def set_for(self, package: Package, main: str) -> tuple[str, StyleSet, bool]:
        """The key and set of a letter's document, and whether it is met for the first time."""
        key = self.key(package, main)
        if key in self._sets:
            return key, self._sets[key], False
        own = root_of_kind(package, main, "styles")
        if own is None:
            own = etree.Element(w("styles"), nsmap={"w": W})
        theme_name = part_of_kind(package, main, "theme")
        theme = package.parts[theme_name] if theme_name else None
        new = StyleSet(numbered=_numbered_styles(own))
        if self.root is None:
            self.root, self._theme = own, theme
        else:
            self._add(own, theme, new, len(self._sets) + 1)
        self._sets[key] = new
        return key, new, True

    def _add(self, own: etree._Element, theme: bytes | None, new: StyleSet, number: int) -> None:
        assert self.root is not None
        if theme is not None and theme != self._theme:
            new.theme = Theme.read(theme)
            new.theme.write_out(own)
        same_base = new.theme is None and _canonical(own.find(w("docDefaults"))) == _canonical(
            self.root.find(w("docDefaults"))
        )
        known = {style.get(w("styleId"), ""): style for style in self.root.iter(w("style"))}
        styles = {style.get(w("styleId"), ""): style for style in own.iter(w("style"))}
        shared = {
            name
            for name, style in styles.items()
            if same_base and name in known and _canonical(known[name]) == _canonical(style)
        }
        shared -= {name for name in new.numbered if name in shared}
        while lost := {
            name for name in shared if any(r in styles and r not in shared for r in _references(styles[name]))
        }:
            shared -= lost
        new.ids = {name: f"{name}_{number}" for name in styles if name not in shared}
        for name, style in styles.items():
            if name not in shared:
                self._add_style(style, own, same_base, new, number)

    def _add_style(
        self, style: etree._Element, own: etree._Element, same_base: bool, new: StyleSet, number: int
    ) -> None:
        assert self.root is not None
        added = copy.deepcopy(style)
        name = style.get(w("styleId"), "")
        is_default = added.attrib.pop(w("default"), "") in ("1", "true", "on")
        kind = style.get(w("type"), "")
        if is_default and kind == "paragraph":
            new.paragraph_default = new.ids[name]
        elif is_default and kind == "table":
            new.table_default = new.ids[name]
        added.set(w("styleId"), new.ids[name])
        added.set(w("customStyle"), "1")
        shown = added.find(w("name"))
        if shown is not None:
            shown.set(w("val"), f"{shown.get(w('val'), name)} {number}")
        for tag in ("aliases", "rsid"):
            for element in added.findall(w(tag)):
                added.remove(element)
        for reference in REFERENCES:
            for element in added.findall(w(reference)):
                target = element.get(w("val"), "")
                element.set(w("val"), new.ids.get(target, target))
        if kind == "paragraph" and not same_base and added.find(w("basedOn")) is None:
            _write_defaults(added, own, self.root)
        self.root.append(added)


def settle_first_paragraph(body: etree._Element, styles: etree._Element) -> None:
    """At the head of a document automatic spacing counts as none; the same holds for a letter inside a print file."""
    first = next(iter(body), None)
    if first is None or first.tag != w("p"):
        return
    properties = first.find(w("pPr"))
    if properties is None or _spacing(properties, "beforeAutospacing", styles) not in ("1", "true", "on"):
        return
    spacing = properties.find(w("spacing"))
    if spacing is None:
        spacing = etree.SubElement(properties, w("spacing"))
        in_order(properties, PARAGRAPH_ORDER)
    spacing.set(w("beforeAutospacing"), "0")
    spacing.set(w("before"), "0")


def _spacing(properties: etree._Element, attribute: str, styles: etree._Element) -> str:
    """The attribute of a paragraph's spacing: its own, else that of its style or of the style this is based on."""
    named = properties.find(w("pStyle"))
    at = named.get(w("val"), "") if named is not None else ""
    by_id = {style.get(w("styleId"), ""): style for style in styles.iter(w("style"))}
    holder: etree._Element | None = properties
    for _ in range(20):
        spacing = holder.find(w("spacing")) if holder is not None else None
        if spacing is not None and spacing.get(w(attribute)) is not None:
            return spacing.get(w(attribute), "")
        style = by_id.get(at)
        if style is None:
            break
        holder = style.find(w("pPr"))
        based = style.find(w("basedOn"))
        at = based.get(w("val"), "") if based is not None else ""
    return ""


def _references(style: etree._Element) -> list[str]:
    return [element.get(w("val"), "") for tag in REFERENCES for element in style.findall(w(tag))]


def _canonical(element: etree._Element | None) -> bytes:
    if element is None:
        return b""
    alone = copy.deepcopy(element)
    for mark in list(alone.iter(w("rsid"))):
        drop(mark)
    return bytes(etree.tostring(alone, method="c14n", exclusive=True))


def _numbered_styles(root: etree._Element) -> dict[str, tuple[str, str]]:
    """Paragraph styles that number their paragraphs: style → (numId, ilvl), inherited ones included."""
    styles = {style.get(w("styleId"), ""): style for style in root.iter(w("style"))}
    found = {}
    for name in styles:
        number, level, at, seen = None, None, name, 0
        while at in styles and number is None and seen < 20:
            seen += 1
            properties = styles[at].find(f"{w('pPr')}/{w('numPr')}")
            if properties is not None:
                number = _value(properties, "numId")
                level = level or _value(properties, "ilvl")
            at = next((r for r in [e.get(w("val"), "") for e in styles[at].findall(w("basedOn"))]), "")
        if number is not None and number != "0":
            found[name] = (number, level or "0")
    return found


def _value(parent: etree._Element, tag: str) -> str | None:
    element = parent.find(w(tag))
    return None if element is None else element.get(w("val"))


def _write_defaults(style: etree._Element, own: etree._Element, base: etree._Element) -> None:
    """Puts a document's defaults into its root styles, with neutral values for what only the first document sets."""
    neutral = parse(NEUTRAL.encode())
    for tag, order in (("pPr", PARAGRAPH_ORDER), ("rPr", RUN_ORDER)):
        defaults = own.find(f"{w('docDefaults')}/{w(tag + 'Default')}/{w(tag)}")
        of_base = base.find(f"{w('docDefaults')}/{w(tag + 'Default')}/{w(tag)}")
        properties = style.find(w(tag))
        if properties is None:
            properties = etree.SubElement(style, w(tag))
        for source in (defaults, _only(neutral.find(w(tag)), of_base)):
            for element in source if source is not None else ():
                _merge(properties, element)
        in_order(properties, order)
    in_order(style, STYLE_ORDER)


def _only(neutral: etree._Element | None, of_base: etree._Element | None) -> list[etree._Element]:
    if neutral is None or of_base is None:
        return []
    set_by_base = {element.tag for element in of_base}
    return [element for element in neutral if element.tag in set_by_base]


def _merge(properties: etree._Element, element: etree._Element) -> None:
    existing = properties.find(element.tag)
    if existing is None:
        properties.append(copy.deepcopy(element))
        return
    if element.tag == w("rFonts") and any(str(key).lower().endswith("theme") for key in existing.attrib):
        return
    for key, value in element.attrib.items():
        if key not in existing.attrib:
            existing.set(key, value)
