"""An uploaded Word document is refused with a sentence, or made harmless and its removals listed (A4, B21)."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass

from lxml import etree

from domain.letters.ooxml import WORD_TYPE, V, parse, r, to_bytes, w
from domain.letters.package import DAMAGED, Package, Relationship, refusal
from domain.letters.word_fields import find_fields
from domain.messages import Message, say

DEFAULT_MAX_BYTES = 10 * 1024 * 1024
DOCUMENT_TYPE = WORD_TYPE + "document.main+xml"
TEMPLATE_TYPE = WORD_TYPE + "template.main+xml"
OLE_FILE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
STRICT = b"http://purl.oclc.org/ooxml/"

# every alternative begins with a plain sign, so that a search skips through long texts instead of trying each letter
PRIVATE_PATH = re.compile(
    r":(?:(?<=(?<!\w)file:)|(?<=(?<![A-Za-z])[A-Za-z]:)[\\/])|\\\\[\w.$-]+\\|/(?<![\w./-]/)(?:home|Users|Volumes)/",
    re.I,
)
REACHES_OUT = {
    "INCLUDEPICTURE",
    "INCLUDETEXT",
    "INCLUDE",
    "IMPORT",
    "DDE",
    "DDEAUTO",
    "LINK",
    "DATABASE",
    "RD",
    "AUTOTEXTLIST",
}
MACRO_FIELDS = {"MACROBUTTON"}
MAIL_MERGE = {"mailMergeSource", "mailMergeHeaderSource", "recipientData"}
FORBIDDEN_HYPERLINK = re.compile(r"\s*(?:javascript|vbscript|data):", re.I)

NOT_WORD = say("The file is not a Word document (.docx).")
MACROS = say("The document contains macros. Save it as a Word document without macros (.docx) and upload it again.")
ACTIVEX = say("The document contains ActiveX controls. Remove them in Word and upload it again.")
OLE = say("The document contains embedded objects (OLE). Replace them with pictures in Word and upload it again.")
LINKED = say(
    "The document links to pictures or contents outside of it. "
    "Embed them in Word (File, Info, Edit Links to Files) and upload it again."
)
ENTITIES = say(
    "The document contains XML entities, which Word never writes. Save it again in Word and upload the new file."
)

MAIL_MERGE_REMOVED = say("The link to a mail merge data source was removed.")
TEMPLATE_REMOVED = say("The link to an attached template was removed.")
PATHS_REMOVED = say("Private file paths were removed.")


@dataclass(frozen=True)
class Sanitised:
    """A harmless Word document and the sentences that say what was removed from it. No sentence quotes a path."""

    data: bytes
    removed: tuple[Message, ...]


def sanitise(data: bytes, *, max_bytes: int = DEFAULT_MAX_BYTES) -> Sanitised:
    """Checks an uploaded file and removes what has no place in a letter.

    Raises `RuleViolation` for anything that is no plain .docx (.dotx is taken as .docx). Equal input gives equal bytes.
    """
    if len(data) > max_bytes:
        raise refusal(say("The file is larger than %(limit)s MB.", limit=max_bytes // (1024 * 1024)))
    _refuse_other_formats(data)
    package = Package.read(data)
    _refuse_other_packages(package)
    _refuse_active_content(package)
    _refuse_bad_xml(package)
    main = package.main_part()
    _refuse_other_types(package, main)
    removed = [*_clean_relationships(package), *_clean_settings(package)]
    _refuse_fields_that_reach_out(package, main)
    if _remove_private_paths(package):
        removed.append(PATHS_REMOVED)
    return Sanitised(package.to_bytes(), tuple(_unique(removed)))


def _unique(messages: list[Message]) -> list[Message]:
    return [message for at, message in enumerate(messages) if message not in messages[:at]]


def _refuse_other_formats(data: bytes) -> None:
    if data.startswith(OLE_FILE):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise refusal(say("The file is encrypted. Remove its password in Word and upload it again."))
        raise refusal(
            say("The file has the old format of Word (.doc). Save it as a Word document (.docx) and upload it again.")
        )
    if not data.startswith(b"PK"):
        raise refusal(NOT_WORD)


def _refuse_other_packages(package: Package) -> None:
    if "mimetype" in package.parts:
        raise refusal(say("The file is an OpenDocument file. Save it as a Word document (.docx) and upload it again."))


def _refuse_active_content(package: Package) -> None:
    names = [name.lower() for name in package.parts]
    types = {content_type.lower() for content_type in package.declared_types()}
    if any("vbaproject" in name or "vbadata" in name for name in names) or any(
        "macroenabled" in one or "vba" in one for one in types
    ):
        raise refusal(MACROS)
    if any("/activex/" in name for name in names) or any("activex" in one for one in types):
        raise refusal(ACTIVEX)
    if any(
        name.endswith((".bin", ".exe", ".dll", ".js", ".vbs")) and "/printersettings/" not in name for name in names
    ):
        raise refusal(OLE)


def _refuse_bad_xml(package: Package) -> None:
    for name in package.xml_names():
        data = package.parts[name]
        if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
            raise refusal(ENTITIES)
        try:
            root = parse(data)
        except etree.XMLSyntaxError as error:
            raise refusal(DAMAGED) from error
        if root.getroottree().docinfo.internalDTD is not None:
            raise refusal(ENTITIES)


def _refuse_other_types(package: Package, main: str) -> None:
    content_type = package.type_of(main)
    if content_type == TEMPLATE_TYPE:
        package.set_type(main, DOCUMENT_TYPE)
    elif content_type != DOCUMENT_TYPE:
        raise refusal(NOT_WORD)
    root = parse(package.parts[main])
    if STRICT in package.parts[main][:2000]:
        raise refusal(
            say("The file is a Strict Open XML document. Save it as a Word document (.docx) and upload it again.")
        )
    if root.tag != w("document") or root.find(w("body")) is None:
        raise refusal(NOT_WORD)


def _clean_relationships(package: Package) -> list[Message]:
    """Refuses what reaches outside; removes data sources, attached templates and links to private paths."""
    removed: list[Message] = []
    for source in list(package.sources()):
        kept = []
        unlinked = set()
        relationships = package.relationships(source)
        for one in relationships:
            if one.kind in MAIL_MERGE:
                removed.append(MAIL_MERGE_REMOVED)
                if not one.external:
                    package.remove(one.target)
            elif one.kind == "attachedTemplate":
                removed.append(TEMPLATE_REMOVED)
            elif one.external and one.kind == "hyperlink" and PRIVATE_PATH.search(one.target):
                removed.append(PATHS_REMOVED)
                unlinked.add(one.id)
            else:
                _refuse_relationship(package, source, one)
                kept.append(one)
        if len(kept) != len(relationships):
            package.set_relationships(source, kept)
        if unlinked:
            _unlink(package, source, unlinked)
    return removed


def _refuse_relationship(package: Package, source: str, one: Relationship) -> None:
    if one.external:
        if one.kind != "hyperlink" or FORBIDDEN_HYPERLINK.match(one.target):
            raise refusal(LINKED)
    elif one.kind in ("oleObject", "aFChunk", "subDocument") or (one.kind == "package" and "/charts/" not in source):
        raise refusal(OLE)
    elif one.kind == "control":
        raise refusal(ACTIVEX)
    elif "vba" in one.kind.lower():
        raise refusal(MACROS)
    elif one.kind != "hyperlink" and one.target not in package.parts:
        raise refusal(DAMAGED)


def _unlink(package: Package, source: str, ids: set[str]) -> None:
    root = parse(package.parts[source])
    for element in root.iter(etree.Element):
        if element.get(r("id")) in ids:
            del element.attrib[r("id")]
        for child in [c for c in element if isinstance(c.tag, str) and c.tag.endswith(("}hlinkClick", "}hlinkHover"))]:
            if child.get(r("id")) in ids:
                element.remove(child)
    package.parts[source] = to_bytes(root)


def _clean_settings(package: Package) -> list[Message]:
    """The settings of the document and of its building blocks: what points to the relationships that went."""
    removed: list[Message] = []
    settings = {
        one.target for source in package.sources() for one in package.relationships(source) if one.kind == "settings"
    }
    for name in sorted(settings):
        root = parse(package.parts[name])
        found = [
            (element, message)
            for tag, message in (("mailMerge", MAIL_MERGE_REMOVED), ("attachedTemplate", TEMPLATE_REMOVED))
            for element in root.findall(w(tag))
        ]
        for element, message in found:
            root.remove(element)
            removed.append(message)
        if found:
            package.parts[name] = to_bytes(root)
    return removed


def _refuse_fields_that_reach_out(package: Package, main: str) -> None:
    """`INCLUDEPICTURE "https://…"` and its like are links in the disguise of a field."""
    for name in story_parts(package, main):
        root = parse(package.parts[name])
        for story in stories(root):
            pending = list(find_fields(story))
            while pending:
                one = pending.pop()
                if one.keyword in REACHES_OUT:
                    raise refusal(LINKED)
                if one.keyword in MACRO_FIELDS:
                    raise refusal(MACROS)
                pending.extend(piece for piece in (*one.code, *one.result) if not isinstance(piece, etree._Element))


def story_parts(package: Package, main: str) -> list[str]:
    """The parts people write text in: the document, headers, footers, footnotes and endnotes."""
    kinds = ("header", "footer", "footnotes", "endnotes")
    return [main, *dict.fromkeys(one.target for one in package.relationships(main) if one.kind in kinds)]


def stories(root: etree._Element) -> list[etree._Element]:
    """The stories of a part: the part itself and each text box in it. A field never leaves its story."""
    return [root, *root.iter(w("txbxContent"))]


def _remove_private_paths(package: Package) -> bool:
    """Paths in settings, properties and the descriptions of pictures; the file name of a picture stays."""
    found = False
    for name in package.xml_names():
        folder = posixpath.dirname(name)
        if name.endswith(".rels") or not PRIVATE_PATH.search(package.parts[name].decode("utf-8", "replace")):
            continue
        root = parse(package.parts[name])
        base = posixpath.basename(name).lower()
        if base in ("settings.xml", "websettings.xml"):
            changed = _remove_elements_with_paths(root)
        elif folder == "docProps":
            changed = _blank_texts_with_paths(root)
        else:
            changed = _shorten_descriptions(root)
        if changed:
            package.parts[name] = to_bytes(root)
            found = True
    return found


def _remove_elements_with_paths(root: etree._Element) -> bool:
    gone = [
        e for e in root if any(PRIVATE_PATH.search(str(v)) for x in e.iter(etree.Element) for v in x.attrib.values())
    ]
    for element in gone:
        root.remove(element)
    return bool(gone)


def _blank_texts_with_paths(root: etree._Element) -> bool:
    changed = False
    for element in root.iter(etree.Element):
        if element.text and PRIVATE_PATH.search(element.text):
            element.text = ""
            changed = True
    return changed


def _shorten_descriptions(root: etree._Element) -> bool:
    changed = False
    for element in root.iter(etree.Element):
        if not element.tag.endswith(("}docPr", "}cNvPr")) and not element.tag.startswith(f"{{{V}}}"):
            continue
        for key, value in element.attrib.items():
            if str(key).rsplit("}", 1)[-1] in ("name", "descr", "title", "href", "alt", "src") and PRIVATE_PATH.search(
                str(value)
            ):
                element.set(key, re.split(r"[\\/]", str(value))[-1])
                changed = True
    return changed
