"""Files for download: names every system takes, one file per contact, numbered parts of a print file."""

from __future__ import annotations

import io
import unicodedata
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.letters.compiled_letter import compile
from domain.letters.letter_files import letter_name, safe_name, write_letters_zip, write_print_file_parts
from tests.letters.documents import letter_of, opened, texts


@pytest.mark.parametrize(
    ("company", "name", "no", "file_name"),
    [
        ("Nordlys AS", "Anna Berg", "CT000007", "Nordlys AS - Anna Berg CT000007.docx"),
        ("", "Anna Berg", "CT000007", "Anna Berg CT000007.docx"),
        ("Nordlys AS", "Nordlys AS", "CT000007", "Nordlys AS CT000007.docx"),
        ("A/B: <C>", 'D"E|F?*', "CT1", "A B C - D E F CT1.docx"),
        ("", "../../etc/passwd", "CT1", "etc passwd CT1.docx"),
        ("Cafe\u0301", "李小龍", "CT1", "Café - 李小龍 CT1.docx"),
        ("", "", "", "_.docx"),
    ],
)
def test_the_name_of_a_contacts_file(company, name, no, file_name):
    """R-DL03: the number of the contact keeps namesakes apart."""
    assert safe_name(letter_name(company=company, name=name, no=no)) == file_name


@pytest.mark.parametrize("name", ["CON", "nul", "Aux.x", "COM1", "lpt9", ".", "..", "  "])
def test_names_windows_keeps_for_itself(name):
    assert safe_name(name).startswith("_")


def test_a_long_name_is_cut_and_the_number_stays():
    name = safe_name(letter_name(company="Å" * 100, name="Ö" * 100, no="CT000007"))
    assert len(name.encode()) <= 120
    assert name.endswith("CT000007.docx")


@given(st.text(max_size=150))
def test_any_name_is_safe(text):
    name = safe_name(text)
    assert len(name.encode()) <= 120
    assert name.endswith(".docx")
    assert name == unicodedata.normalize("NFC", name)
    assert not set(name) & set('/\\:*?"<>|\0\n\r\t')
    assert not name.startswith((".", " "))
    assert not name[: -len(".docx")].endswith((".", " "))


def archive(data: bytes) -> zipfile.ZipFile:
    opened_archive = zipfile.ZipFile(io.BytesIO(data))
    assert opened_archive.testzip() is None
    return opened_archive


def test_one_file_per_contact_and_namesakes_stay_apart():
    target = io.BytesIO()
    assert write_letters_zip([("Anna", b"1"), ("ANNA", b"2"), ("Anna", b"3"), ("Åsa", b"4")], target) == 4
    with archive(target.getvalue()) as files:
        assert {name: files.read(name) for name in files.namelist()} == {
            "Anna.docx": b"1",
            "ANNA (2).docx": b"2",
            "Anna (3).docx": b"3",
            "Åsa.docx": b"4",
        }


@pytest.mark.parametrize(
    ("count", "names"),
    [
        (1, ["001 1-1.docx"]),
        (3, ["001 1-3.docx"]),
        (4, ["001 1-3.docx", "002 4-4.docx"]),
        (7, ["001 1-3.docx", "002 4-6.docx", "003 7-7.docx"]),
    ],
)
def test_a_print_file_in_numbered_parts(count, names):
    compiled = compile(letter_of("Dear {{ contact.name }}"))
    target = io.BytesIO()
    letters = (compiled.letter({"contact.name": str(number)}) for number in range(count))
    assert write_print_file_parts(letters, target, letters_per_file=3) == count
    with archive(target.getvalue()) as files:
        assert files.namelist() == names
        assert [text for name in names for text in texts(files.read(name))] == [
            f"Dear {number}" for number in range(count)
        ]
        assert [len(opened(files.read(name)).sections) for name in names] == [
            min(3, count - at) for at in range(0, count, 3)
        ]


def test_parts_can_be_named_in_the_language_of_the_user():
    target = io.BytesIO()
    write_print_file_parts([letter_of("x")], target, name=lambda part, first, last: f"Lettres {first}–{last}")
    with archive(target.getvalue()) as files:
        assert files.namelist() == ["Lettres 1 1.docx"]


def test_a_part_holds_at_least_one_letter():
    with pytest.raises(ValueError, match="at least one"):
        write_print_file_parts([letter_of("x")], io.BytesIO(), letters_per_file=0)
