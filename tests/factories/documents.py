"""Documents for tests."""

from __future__ import annotations

import io
from itertools import count
from typing import Any

from docx import Document as WordDocument
from sqlalchemy.orm import Session

from domain.documents.models import Document
from domain.documents.store import store_document
from domain.letters.upload import accept_letter
from tests.factories.setup import make_actor

_numbers = count(1)


def word_file(*paragraphs: str) -> bytes:
    """A Word document with these paragraphs; tags are written as they are."""
    word = WordDocument()
    for paragraph in paragraphs:
        word.add_paragraph(paragraph)
    buffer = io.BytesIO()
    word.save(buffer)
    return buffer.getvalue()


def make_document(session: Session, data: bytes = b"", *, file_name: str = "notes.txt", **values: Any) -> Document:
    """A stored file that is no Word document."""
    data = data or f"file {next(_numbers)}".encode()
    return store_document(session, data, file_name=file_name, by=make_actor(), **values)


def make_letter(session: Session, *paragraphs: str, file_name: str = "letter.docx") -> Document:
    """A stored Word document with these paragraphs, checked as an upload is."""
    paragraphs = paragraphs or (f"Letter {next(_numbers)} to {{{{ contact.name }}}}",)
    return accept_letter(session, word_file(*paragraphs), file_name, by=make_actor())
