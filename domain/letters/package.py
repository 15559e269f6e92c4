"""The ZIP package of a Word document: read with limits, changed part by part, written the same way every time."""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import cast

from lxml import etree

from domain.errors import RuleViolation
from domain.letters.ooxml import CONTENT_TYPES, RELATIONSHIPS, parse, to_bytes
from domain.messages import Message, say

MAX_ENTRIES = 2_000
MAX_PART = 20 * 1024 * 1024
MAX_TOTAL = 50 * 1024 * 1024
MAX_RATIO = 200
RATIO_MATTERS_ABOVE = 1024 * 1024

DAMAGED = say("The file is damaged. Open it in Word, save it again and upload the new file.")
TOO_BIG_INSIDE = say(
    "The file unpacks to far more data than a letter needs. Make its pictures smaller and upload it again."
)


def refusal(message: Message) -> RuleViolation:
    """The refusal of an uploaded file."""
    return RuleViolation(message, field="document")


@dataclass(frozen=True)
class Relationship:
    """A pointer from one part to another, or (external) to something outside the package."""

    id: str
    type: str
    target: str
    external: bool = False

    @property
    def kind(self) -> str:
        """The last word of the type: `header`, `image`, `hyperlink` …"""
        return self.type.rsplit("/", 1)[-1]


@dataclass
class Package:
    """The parts of a Word document by name (`word/document.xml`), in the order of the file."""

    parts: dict[str, bytes]
    _types: dict[str, str] = field(default_factory=dict)
    _extensions: dict[str, str] = field(default_factory=dict)

    @classmethod
    def empty(cls) -> Package:
        """A package to which parts are added."""
        relationships = "application/vnd.openxmlformats-package.relationships+xml"
        return cls({"[Content_Types].xml": b""}, {}, {"rels": relationships, "xml": "application/xml"})

    @classmethod
    def read(cls, data: bytes) -> Package:
        """Unpacks `data` within the limits. Raises `RuleViolation` when it is no package, encrypted, too large inside
        or damaged.
        """
        parts = _unpack(data)
        if "[Content_Types].xml" not in parts:
            raise refusal(say("The file is not a Word document (.docx)."))
        package = cls(parts)
        package._read_types()
        return package

    def copy(self) -> Package:
        """A package of its own with the same parts."""
        return Package(dict(self.parts), dict(self._types), dict(self._extensions))

    def _read_types(self) -> None:
        try:
            root = parse(self.parts["[Content_Types].xml"])
        except etree.XMLSyntaxError as error:
            raise refusal(DAMAGED) from error
        for entry in root:
            if entry.tag == f"{{{CONTENT_TYPES}}}Default":
                self._extensions[entry.get("Extension", "").lower()] = entry.get("ContentType", "")
            elif entry.tag == f"{{{CONTENT_TYPES}}}Override":
                self._types[entry.get("PartName", "").lstrip("/")] = entry.get("ContentType", "")

    def type_of(self, name: str) -> str:
        """The content type of a part, '' when the package names none."""
        return self._types.get(name) or self._extensions.get(name.rpartition(".")[2].lower(), "")

    def set_type(self, name: str, content_type: str) -> None:
        """Names the content type of a part."""
        self._types[name] = content_type

    def declared_types(self) -> set[str]:
        """Every content type the package names, used or not."""
        return set(self._types.values()) | set(self._extensions.values())

    def add(self, name: str, data: bytes, content_type: str) -> None:
        """Adds or replaces a part."""
        self.parts[name] = data
        if self.type_of(name) != content_type:
            self.set_type(name, content_type)

    def remove(self, name: str) -> None:
        """Removes a part with its relationships."""
        for gone in (name, relationships_name(name)):
            self.parts.pop(gone, None)
            self._types.pop(gone, None)

    def xml_names(self) -> list[str]:
        """The parts that hold XML, whatever they are called."""
        return [
            name
            for name in self.parts
            if name.lower().endswith((".xml", ".rels", ".vml")) or self.type_of(name).endswith("xml")
        ]

    def relationships(self, name: str) -> list[Relationship]:
        """Where the part `name` ('' for the package itself) points to. Targets inside are part names."""
        data = self.parts.get(relationships_name(name))
        if data is None:
            return []
        found = []
        for entry in parse(data).iter(f"{{{RELATIONSHIPS}}}Relationship"):
            external = entry.get("TargetMode", "").lower() == "external"
            target = entry.get("Target", "")
            found.append(
                Relationship(
                    entry.get("Id", ""), entry.get("Type", ""), target if external else _inside(name, target), external
                )
            )
        return found

    def set_relationships(self, name: str, relationships: list[Relationship]) -> None:
        """Writes the relationships of a part; none removes the list."""
        listing = relationships_name(name)
        if not relationships:
            self.parts.pop(listing, None)
            return
        self.parts[listing] = relationships_part(name, relationships)

    def main_part(self) -> str:
        """The name of the document part. Raises `RuleViolation` when there is none."""
        for one in self.relationships(""):
            if one.kind == "officeDocument" and one.target in self.parts:
                return one.target
        raise refusal(say("The file is not a Word document (.docx)."))

    def sources(self) -> Iterator[str]:
        """The names of everything that has relationships: '' for the package itself, then the parts."""
        for name in list(self.parts):
            if name.endswith(".rels"):
                folder, base = posixpath.split(name)
                yield posixpath.join(posixpath.dirname(folder), base[: -len(".rels")])

    def to_bytes(self) -> bytes:
        """The package as a file. The same parts always give the same bytes, so that its SHA-256 identifies it."""
        self.settle_types()
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as target:
            for name in ["[Content_Types].xml", *(n for n in self.parts if n != "[Content_Types].xml")]:
                target.writestr(zip_entry(name), self.parts[name])
        return buffer.getvalue()

    def settle_types(self) -> None:
        """Writes the list of content types into its part."""
        self.parts["[Content_Types].xml"] = self.types_part()

    def types_part(self, also: Iterable[str] = ()) -> bytes:
        """The list of content types, as a part. `also`: names of parts that are kept elsewhere."""
        names = {*self.parts, *also}
        root = etree.Element(f"{{{CONTENT_TYPES}}}Types", nsmap=_plain_namespace(CONTENT_TYPES))
        for extension, content_type in self._extensions.items():
            etree.SubElement(root, f"{{{CONTENT_TYPES}}}Default", Extension=extension, ContentType=content_type)
        for name, content_type in self._types.items():
            if name in names:
                etree.SubElement(root, f"{{{CONTENT_TYPES}}}Override", PartName="/" + name, ContentType=content_type)
        return to_bytes(root)


def _plain_namespace(uri: str) -> dict[str, str]:
    """The namespace without prefix, which the stubs of lxml do not know."""
    return {cast(str, None): uri}


def relationships_name(name: str) -> str:
    """`word/_rels/document.xml.rels` for `word/document.xml`; `_rels/.rels` for the package itself ('')."""
    folder, base = posixpath.split(name)
    return posixpath.join(folder, "_rels", base + ".rels")


def relationships_part(name: str, relationships: Iterable[Relationship]) -> bytes:
    """The list of the relationships of the part `name`, as a part."""
    root = etree.Element(f"{{{RELATIONSHIPS}}}Relationships", nsmap=_plain_namespace(RELATIONSHIPS))
    folder = posixpath.dirname(name)
    for one in relationships:
        entry = etree.SubElement(root, f"{{{RELATIONSHIPS}}}Relationship", Id=one.id, Type=one.type)
        entry.set("Target", one.target if one.external else _from_folder(folder, one.target))
        if one.external:
            entry.set("TargetMode", "External")
    return to_bytes(root)


def _from_folder(folder: str, target: str) -> str:
    """How a part is called by those in a folder."""
    if folder and target.startswith(f"{folder}/"):
        return target[len(folder) + 1 :]
    return posixpath.relpath(target, folder or ".")


def zip_entry(name: str) -> zipfile.ZipInfo:
    """An entry without clock or machine in it: equal parts give equal files."""
    entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.create_system = 0
    return entry


def _inside(source: str, target: str) -> str:
    if target.startswith("/"):
        return posixpath.normpath(target).lstrip("/")
    return posixpath.normpath(posixpath.join(posixpath.dirname(source), target))


def _unpack(data: bytes) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            _check_sizes(entries)
            return _inflate(archive, entries)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, OSError) as error:
        raise refusal(DAMAGED) from error


def _check_sizes(entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > MAX_ENTRIES:
        raise refusal(TOO_BIG_INSIDE)
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise refusal(say("The file is encrypted. Remove its password in Word and upload it again."))
    for entry in entries:
        packed_too_well = entry.file_size > RATIO_MATTERS_ABOVE and entry.file_size > MAX_RATIO * max(
            entry.compress_size, 1
        )
        if entry.file_size > MAX_PART or packed_too_well:
            raise refusal(TOO_BIG_INSIDE)
    if sum(entry.file_size for entry in entries) > MAX_TOTAL:
        raise refusal(TOO_BIG_INSIDE)
    names = [entry.filename.lower() for entry in entries]
    if len(set(names)) != len(names) or any(_leaves_the_package(name) for name in names):
        raise refusal(DAMAGED)


def _leaves_the_package(name: str) -> bool:
    return name.startswith("/") or "\\" in name or ".." in name.split("/")


def _inflate(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> dict[str, bytes]:
    """Counts while it reads: what the directory of a ZIP says about sizes may be a lie."""
    parts = {}
    total = 0
    for entry in entries:
        with archive.open(entry) as stream:
            content = stream.read(MAX_PART + 1)
        total += len(content)
        if len(content) > MAX_PART or total > MAX_TOTAL:
            raise refusal(TOO_BIG_INSIDE)
        parts[entry.filename] = content
    return parts
