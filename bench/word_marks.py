"""A document as Word writes it: its namespaces, marks of editing sessions and of the spell checker, tags parted over runs."""

from __future__ import annotations

import io
import random
import re
import zipfile

from docx.document import Document
from docx.oxml.ns import qn

KEPT_STYLES = {
    "Normal", "header", "footer", "heading 1", "heading 2", "List Number", "Intense Quote", "Table Grid",
    "Normal Table", "No List", "Default Paragraph Font",
}  # fmt: skip
WORD_NAMESPACES = {
    "wpc": "http://schemas.microsoft.com/office/word/2010/wordprocessingCanvas",
    "cx": "http://schemas.microsoft.com/office/drawing/2014/chartex",
    "cx1": "http://schemas.microsoft.com/office/drawing/2015/9/8/chartex",
    "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
    "aink": "http://schemas.microsoft.com/office/drawing/2016/ink",
    "am3d": "http://schemas.microsoft.com/office/drawing/2017/model3d",
    "o": "urn:schemas-microsoft-com:office:office",
    "oel": "http://schemas.microsoft.com/office/2019/extlst",
    "m": "http://schemas.openxmlformats.org/officeDocument/2006/math",
    "v": "urn:schemas-microsoft-com:vml",
    "wp14": "http://schemas.microsoft.com/office/word/2010/wordprocessingDrawing",
    "w10": "urn:schemas-microsoft-com:office:word",
    "w14": "http://schemas.microsoft.com/office/word/2010/wordml",
    "w15": "http://schemas.microsoft.com/office/word/2012/wordml",
    "w16cex": "http://schemas.microsoft.com/office/word/2018/wordml/cex",
    "w16cid": "http://schemas.microsoft.com/office/word/2016/wordml/cid",
    "w16": "http://schemas.microsoft.com/office/word/2018/wordml",
    "w16se": "http://schemas.microsoft.com/office/word/2015/wordml/symex",
    "wpg": "http://schemas.microsoft.com/office/word/2010/wordprocessingGroup",
    "wpi": "http://schemas.microsoft.com/office/word/2010/wordprocessingInk",
    "wne": "http://schemas.microsoft.com/office/word/2006/wordml",
    "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
}


def as_word_saves(document: Document, *, parts_tags: bool) -> bytes:
    """The file as Word writes it: a dozen more namespaces, marks of editing sessions, with `parts_tags` tags parted over runs."""
    styles = document.styles.element
    for style in list(styles.findall(qn("w:style"))):
        if style.get(qn("w:type")) == "table" and style.find(qn("w:name")).get(qn("w:val")) not in KEPT_STYLES:
            styles.remove(style)
    for relationships in (document.part.rels, document.part.package.rels):
        for key, relationship in list(relationships.items()):
            if relationship.reltype.endswith(("/stylesWithEffects", "/thumbnail")):
                del relationships[key]
    buffer = io.BytesIO()
    document.save(buffer)
    target = io.BytesIO()
    with zipfile.ZipFile(buffer) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as file:
        for name in source.namelist():
            content = source.read(name)
            file.writestr(
                name,
                _edited(content.decode(), parts_tags=parts_tags).encode() if name == "word/document.xml" else content,
            )
    return target.getvalue()


def _edited(xml: str, *, parts_tags: bool) -> str:
    sessions = random.Random(11)
    marks = [f"00{sessions.randrange(1 << 24):06X}" for _ in range(6)]
    root = re.search(r"<w:document[^>]*>", xml)
    assert root is not None
    known = set(re.findall(r"xmlns:(\w+)=", root.group()))
    added = "".join(f' xmlns:{prefix}="{uri}"' for prefix, uri in WORD_NAMESPACES.items() if prefix not in known)
    ignorable = "" if "Ignorable" in root.group() else ' mc:Ignorable="w14 w15 w16se w16cid w16 w16cex wp14"'
    xml = xml.replace(root.group(), root.group()[:-1] + added + ignorable + ">")
    numbers = iter(range(1, 1 << 20))

    def paragraph(match: re.Match[str]) -> str:
        number = 0x10000000 + next(numbers) * 7919
        rsids = "".join(f' w:{name}="{sessions.choice(marks)}"' for name in ("rsidR", "rsidRDefault", "rsidP"))
        return f'<w:p w14:paraId="{number:08X}" w14:textId="77777777"{rsids}{match.group(1)}'

    xml = re.sub(r"<w:p([ >])", paragraph, xml)
    xml = re.sub(
        "<w:r>", lambda m: f'<w:r w:rsidRPr="{sessions.choice(marks)}">' if sessions.random() < 0.5 else m.group(), xml
    )
    return _part_tags(xml) if parts_tags else xml


def _part_tags(xml: str) -> str:
    """Every third tag over three runs, the middle one marked by the spell checker."""
    run = re.compile(
        r"(<w:r(?: [^>]*)?>)(<w:rPr>(?:(?!</w:rPr>).)*</w:rPr>)?<w:t(?: [^>]*)?>(\{\{? ?)(\w[\w.]*)( ?\}\}?)</w:t></w:r>"
    )
    count = iter(range(1, 1 << 20))

    def part(match: re.Match[str]) -> str:
        if next(count) % 3:
            return match.group()
        start, properties, opening, name, closing = match.groups()

        def piece(text: str) -> str:
            return f'{start}{properties or ""}<w:t xml:space="preserve">{text}</w:t></w:r>'

        spelling = '<w:proofErr w:type="spellStart"/>{}<w:proofErr w:type="spellEnd"/>'
        return piece(opening) + spelling.format(piece(name)) + piece(closing)

    return run.sub(part, xml)
