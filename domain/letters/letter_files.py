"""Letters in ZIP files: one Word file per contact, or numbered parts of a print file."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from itertools import chain, islice
from typing import IO

from domain.letters.print_file import NEXT_PAGE, Letter, PrintRun
from domain.letters.zip_stream import ZipStream, space

LETTERS_PER_FILE = 500
LONGEST_FILE_NAME = 120
ROOM_FOR_ENDING = 15
RESERVED = re.compile(r"(?:CON|PRN|AUX|NUL|COM\d|LPT\d)(?:\..*)?", re.I)


def letter_name(*, company: str, name: str, no: str) -> str:
    """The name of a contact's file without extension: "Company - Name No" (R-DL03). Long names are cut, the number
    stays.
    """
    parts = [part for part in dict.fromkeys((company.strip(), name.strip())) if part]
    who = " - ".join(parts).encode()[: LONGEST_FILE_NAME - ROOM_FOR_ENDING - len(no.encode())].decode("utf-8", "ignore")
    return " ".join(part for part in (who.strip(), no.strip()) if part)


def safe_name(name: str, extension: str = ".docx", suffix: str = "") -> str:
    """A file name that every system takes: letters, digits, blank, `.`, `-`, `_`; at most 120 bytes."""
    text = unicodedata.normalize("NFC", name)
    text = re.sub(r"[^\w .-]+", " ", text)
    text = re.sub(r"\s+", " ", text).strip(" .")
    if not text or RESERVED.fullmatch(text):
        text = f"_{text}"
    room = LONGEST_FILE_NAME - len((suffix + extension).encode())
    text = text.encode()[:room].decode("utf-8", "ignore").rstrip(" .")
    return text + suffix + extension


def write_letters_zip(letters: Iterable[tuple[str, bytes]], target: IO[bytes], *, extension: str = ".docx") -> int:
    """A ZIP with one file per letter: pairs of name (`letter_name`) and content, one at a time. Gives their number."""
    taken: set[str] = set()
    count = 0
    with ZipStream(target) as archive:
        for name, content in letters:
            archive.store(_free(name, extension, taken), content)
            count += 1
    return count


def _free(name: str, extension: str, taken: set[str]) -> str:
    safe, number = safe_name(name, extension), 1
    while safe.casefold() in taken:
        number += 1
        safe = safe_name(name, extension, f" ({number})")
    taken.add(safe.casefold())
    return safe


def part_name(part: int, first: int, last: int) -> str:
    """The name of a part of a print file: "001 1-500"."""
    return f"{part:03} {first}-{last}"


def write_print_file_parts(
    letters: Iterable[Letter],
    target: IO[bytes],
    *,
    letters_per_file: int = LETTERS_PER_FILE,
    name: Callable[[int, int, int], str] = part_name,
    start: str = NEXT_PAGE,
) -> int:
    """A ZIP with numbered print files of at most `letters_per_file` letters, in order. Gives the number of letters.

    `name(part, first, last)`: the name of a part without extension. `start`: see `PrintRun`. Only one part waits at a
    time, on disk when it is large.
    """
    run = PrintRun(start=start)
    return write_parts(letters, target, run.write, letters_per_file=letters_per_file, name=name, extension=".docx")


def write_parts(
    letters: Iterable[Letter],
    target: IO[bytes],
    write: Callable[[Iterable[Letter], IO[bytes]], int],
    *,
    letters_per_file: int,
    name: Callable[[int, int, int], str] = part_name,
    extension: str,
) -> int:
    """A ZIP with numbered files of at most `letters_per_file` letters; `write(letters, target)` writes one of them."""
    if letters_per_file < 1:
        raise ValueError("A print file holds at least one letter")
    waiting = iter(letters)
    part = done = 0
    with ZipStream(target) as archive:
        for first_letter in waiting:
            part += 1
            with space() as content:
                count = write(chain([first_letter], islice(waiting, letters_per_file - 1)), content)
                archive.store_file(safe_name(name(part, done + 1, done + count), extension), content)
            done += count
    return done
