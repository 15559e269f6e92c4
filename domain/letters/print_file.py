"""One Word file for the printer: every letter on a new page with its own header, footer, page, list and note numbers.

Letters of different documents (languages) can follow each other: what their documents have in common stands once in the
file, what differs (styles, lists, themes) is added under names of its own. The file is written while letters come, so the
memory it takes does not grow with their number.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from contextlib import closing
from typing import IO, Any

from lxml import etree

from domain.letters.compression import deflate_well
from domain.letters.context import letter_context
from domain.letters.ooxml import HEAD, WORD_TYPE, to_bytes
from domain.letters.package import Package, Relationship, relationships_name, relationships_part
from domain.letters.print_documents import PAGE_OF_THE_END, SECTION_PAGES, PrintDocuments, content_of
from domain.letters.print_headers import FileHeaders
from domain.letters.print_letter import BEGIN_MARK, END_MARK, IGNORABLE, PREFIXES, Ids
from domain.letters.print_notes import PrintNotes
from domain.letters.print_numbers import FileNumbers, LetterLists, LetterNumbers
from domain.letters.print_parts import RelationshipList
from domain.letters.print_sections import NEXT_PAGE, ODD_PAGE, REFERENCE_TYPE
from domain.letters.print_template import Printable, PrintTemplate, print_template
from domain.letters.print_text import bookmark, filled, with_beginning, with_end
from domain.letters.zip_stream import CHUNK, Waiting, ZipStream

__all__ = [
    "NEXT_PAGE",
    "ODD_PAGE",
    "PAGE_OF_THE_END",
    "SECTION_PAGES",
    "Letter",
    "PrintFile",
    "PrintRun",
    "write_print_file",
]

DOCUMENT = "word/document.xml"
NUMBERING = "word/numbering.xml"
# the ids below are those of headers all letters share
FIRST_ID = 10_000
KEPT_TEMPLATES = 24
# a finished letter, or a compiled one with the values of a contact
Letter = bytes | tuple[Printable, Mapping[str, Any]]


class PrintRun:
    """Makes one print file or several parts of it. `pages` and `start`: see `PrintDocuments`.

    `marked`: a bookmark stands at the beginning of each letter, by which a PDF is parted.
    """

    def __init__(self, *, pages: str = SECTION_PAGES, start: str = NEXT_PAGE, marked: bool = False) -> None:
        self.documents = PrintDocuments(pages, start)
        self.marked = marked
        self._templates: OrderedDict[int, tuple[Printable, PrintTemplate | None]] = OrderedDict()

    def template(self, document: Printable) -> PrintTemplate | None:
        """The document made ready, kept for a while; None when its letters have to be taken over one by one."""
        known = self._templates.get(id(document))
        if known is None:
            known = self._templates[id(document)] = (document, print_template(document, self.documents))
            if len(self._templates) > KEPT_TEMPLATES:
                self._templates.popitem(last=False)
        else:
            self._templates.move_to_end(id(document))
        return known[1]

    def write(self, letters: Iterable[Letter], target: IO[bytes]) -> int:
        """Writes a file with these letters; gives their number. Raises `ValueError` when there is none."""
        with closing(PrintFile(self, target)) as file:
            for letter in letters:
                if isinstance(letter, bytes):
                    file.add(letter)
                else:
                    file.add_values(*letter)
            file.finish()
            return file.count


def write_print_file(
    letters: Iterable[Letter], target: IO[bytes], *, pages: str = SECTION_PAGES, **options: Any
) -> int:
    """Writes letters, of one document or of several, into one .docx; gives their number.

    Raises `ValueError` when there is none. `pages=PAGE_OF_THE_END` is for a file that LibreOffice turns into a PDF.
    """
    return PrintRun(pages=pages, **options).write(letters, target)


class PrintFile:
    """A print file being written to `target`."""

    def __init__(self, run: PrintRun, target: IO[bytes]) -> None:
        self.count = 0
        self._run = run
        self._documents = run.documents
        self._zip = ZipStream(target)
        self._ids = Ids(FIRST_ID)
        self._numbers = FileNumbers(run.documents.shared_numbers.numbers)
        self._notes = (PrintNotes("footnote"), PrintNotes("endnote"))
        self._body = Waiting()
        self._headers = FileHeaders(self._zip)
        self._pending: tuple[str, str, int] | None = None
        to_document = Relationship("rId1", REFERENCE_TYPE + "officeDocument", DOCUMENT)
        self._zip.add(relationships_name(""), relationships_part("", [to_document]))
        self._body.write(HEAD + _root_start())

    def add(self, letter: bytes) -> None:
        """Adds a finished letter (.docx)."""
        self.count += 1
        adapted = self._documents.adapt(
            Package.read(letter),
            number=str(self.count),
            ids=self._ids,
            lists=LetterLists(self._numbers, self._documents.shared_numbers.shared),
            headers=self._headers,
            notes=self._notes,
        )
        self._follow(content_of(adapted.body), adapted.section)

    def add_values(self, document: Printable, values: Mapping[str, Any]) -> None:
        """Adds the letter of a contact. `values`: tag → text."""
        template = self._run.template(document)
        if template is None:
            self.add(document.letter(values))
            return
        self.count += 1
        numbers = LetterNumbers(self.count, self._ids, self._numbers, template.lists)
        context = letter_context(values, document.wanted)
        self._headers.fill(template.headers, context, numbers)
        body = template.body_of(context)
        self._follow(filled(body, numbers), filled(template.section, numbers))

    def _follow(self, body: str, section: str) -> None:
        """Writes the letter that waits, whose section ends in its last paragraph, and lets this one wait."""
        self._write_pending(is_last=False)
        self._pending = (body, section, self.count)

    def _write_pending(self, *, is_last: bool) -> None:
        if self._pending is None:
            return
        body, section, number = self._pending
        if self._run.marked:
            body = with_beginning(body, bookmark(self._ids.next(), f"{BEGIN_MARK}{number}"))
        end = bookmark(self._ids.next(), f"{END_MARK}{number}")
        text = with_end(body, end, "" if is_last else section)
        self._body.write((text + section if is_last else text).encode())

    def finish(self) -> None:
        """Writes what all letters share and the directory. Equal letters give equal bytes."""
        if not self.count:
            raise ValueError("A print file needs at least one letter")
        self._write_pending(is_last=True)
        self._body.write(b"</w:body></w:document>")
        relationships = RelationshipList(list(self._documents.relationships.items))
        package = self._documents.parts.package.copy()
        self._finish_parts(package, relationships)
        package.set_type(DOCUMENT, f"{WORD_TYPE}document.main+xml")
        for one in self._headers.relationships:
            package.set_type(one.target, f"{WORD_TYPE}{one.kind}+xml")
        names = [DOCUMENT, NUMBERING, *(one.target for one in self._headers.relationships)]
        self._zip.add("[Content_Types].xml", package.types_part(also=names))
        all_relationships = [*relationships.items, *self._headers.relationships]
        self._zip.add(relationships_name(DOCUMENT), relationships_part(DOCUMENT, all_relationships))
        for name, data in package.parts.items():
            if name != "[Content_Types].xml":
                self._zip.add(name, data, pack=deflate_well)
        self._zip.add_waiting(DOCUMENT, self._body)
        self._zip.close()

    def _finish_parts(self, package: Package, relationships: RelationshipList) -> None:
        built: list[tuple[str, bytes, RelationshipList]] = []
        documents = self._documents
        if documents.styles.root is not None:
            styles = etree.tostring(documents.styles.root, encoding="unicode")
            built.append(("styles", HEAD + filled(styles, self._numbers.shared).encode(), RelationshipList()))
        if documents.settings is not None:
            built.append(("settings", to_bytes(documents.settings), RelationshipList()))
        for notes in self._notes:
            if notes.root is not None:
                built.append((f"{notes.tag}s", to_bytes(notes.root), notes.relationships))
        for kind, data, own in built:
            name = f"word/{kind}.xml"
            package.add(name, data, f"{WORD_TYPE}{kind}+xml")
            package.set_relationships(name, own.items)
            relationships.id_for(REFERENCE_TYPE + kind, name)
        self._write_numbering(package, relationships)

    def _write_numbering(self, package: Package, relationships: RelationshipList) -> None:
        head = self._documents.numbering.head()
        if not head:
            return
        with closing(Waiting()) as text:
            text.write(HEAD + head.encode())
            self._numbers.waiting.seek(0)
            while chunk := self._numbers.waiting.read(CHUNK):
                text.write(chunk)
            text.write(b"</w:numbering>")
            self._zip.add_waiting(NUMBERING, text)
        package.set_type(NUMBERING, f"{WORD_TYPE}numbering+xml")
        relationships.id_for(REFERENCE_TYPE + "numbering", NUMBERING)

    def close(self) -> None:
        """Gives back the space the letters took while the file was built."""
        self._body.close()
        self._numbers.waiting.close()


def _root_start() -> bytes:
    names = "".join(f' xmlns:{prefix}="{uri}"' for prefix, uri in PREFIXES.items())
    return f'<w:document{names} mc:Ignorable="{IGNORABLE}"><w:body>'.encode()
