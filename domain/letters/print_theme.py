"""A print file has one theme: letters with another one get its fonts and colours written out."""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree

from domain.letters.ooxml import A, parse, w

FONT_ATTRIBUTES = {"asciiTheme": "ascii", "hAnsiTheme": "hAnsi", "eastAsiaTheme": "eastAsia", "cstheme": "cs"}
COLOUR_ATTRIBUTES = ("themeColor", "themeTint", "themeShade", "themeFill", "themeFillTint", "themeFillShade")
SCHEME = {"bg1": "lt1", "tx1": "dk1", "bg2": "lt2", "tx2": "dk2"}
SCRIPTS = {"Ascii": "latin", "HAnsi": "latin", "EastAsia": "ea", "Bidi": "cs"}


@dataclass(frozen=True)
class Theme:
    """The fonts (`minorHAnsi` → `Calibri`) and colours (`accent1` → `4472C4`) a document's theme names."""

    fonts: dict[str, str]
    colours: dict[str, str]

    @classmethod
    def read(cls, data: bytes | None) -> Theme:
        """From the theme part; an absent theme names nothing."""
        fonts: dict[str, str] = {}
        colours: dict[str, str] = {}
        if data is None:
            return cls(fonts, colours)
        root = parse(data)
        for size in ("major", "minor"):
            for word, script in SCRIPTS.items():
                font = root.find(f".//{{{A}}}{size}Font/{{{A}}}{script}")
                if font is not None and font.get("typeface"):
                    fonts[size + word] = font.get("typeface", "")
        for scheme in root.iter(f"{{{A}}}clrScheme"):
            for entry in scheme:
                if len(entry):
                    colours[etree.QName(entry).localname] = entry[0].get("lastClr") or entry[0].get("val") or "000000"
        return cls(fonts, colours)

    def write_out(self, root: etree._Element) -> None:
        """Replaces what refers to the theme by what it stands for."""
        for fonts in root.iter(w("rFonts")):
            for themed, plain in FONT_ATTRIBUTES.items():
                name = str(fonts.attrib.pop(w(themed), ""))
                if name in self.fonts:
                    fonts.set(w(plain), self.fonts[name])
        for element in root.iter(etree.Element):
            for attribute in COLOUR_ATTRIBUTES:
                element.attrib.pop(w(attribute), "")
        for colour in list(root.iter(f"{{{A}}}schemeClr")):
            value = colour.get("val", "")
            known = self.colours.get(SCHEME.get(value, value))
            if known is not None:
                colour.tag = f"{{{A}}}srgbClr"
                colour.set("val", known)
