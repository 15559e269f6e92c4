"""A text file as a table: encoding, delimiter, headings, rows. All guesses can be overruled by the user.

Lines end with LF, CR LF or CR. A cell in quotation marks may hold line ends; where a quotation mark is opened and not
closed as it should be, the rows it swallows are not lost silently: the row says so.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, field

from domain.errors import RuleViolation
from domain.messages import say

ENCODINGS = ("utf-8", "utf-16", "cp1252")
UTF_16_MARKS = (b"\xff\xfe", b"\xfe\xff")
DELIMITERS = (",", ";", "\t")
LARGEST = 50 * 1024 * 1024
MOST_COLUMNS = 200
# stands behind the last line: a record that holds it was still open when the file ended
END = "\ue000end of the file\ue000"
LONGEST_QUOTE = 40
csv.field_size_limit(1_000_000)


@dataclass(frozen=True)
class Row:
    """A row of the file. `no` counts from 1 below the headings; `cells` may be more or fewer than the headings.

    `open_quote`: how the text begins that stands behind a quotation mark which is never closed, or not before other
    text; the cells then hold the rows that follow as well.
    """

    no: int
    cells: list[str]
    open_quote: str = ""


@dataclass
class Sheet:
    """A file as it was read. `plain_quotes`: quotation marks are signs like others, they do not hold cells together."""

    encoding: str
    delimiter: str
    plain_quotes: bool
    headings: list[str]
    rows: list[Row] = field(default_factory=list)


def read_sheet(data: bytes, *, encoding: str = "", delimiter: str = "", plain_quotes: bool = False) -> Sheet:
    """The table in `data`. Blank `encoding` or `delimiter` are guessed; quotation marks are read as plain signs where
    one in the headings would swallow the file. Raises `RuleViolation` when it is no table.
    """
    if len(data) > LARGEST:
        raise RuleViolation(say("The file is larger than 50 MB. Split it."), field="file")
    if data[:4] in (b"PK\x03\x04", b"\xd0\xcf\x11\xe0"):
        raise RuleViolation(
            say("This is a workbook, not a text file. In your spreadsheet choose “Save as” and the format CSV UTF-8."),
            field="file",
        )
    encoding = encoding if encoding in ENCODINGS else guess_encoding(data)
    text = data.decode("utf-8-sig" if encoding == "utf-8" else encoding, errors="replace")
    if "\x00" in text:
        raise RuleViolation(say("This is not a text file. Save the contacts as CSV."), field="file")
    delimiter = delimiter if delimiter in DELIMITERS else guess_delimiter(text)
    lines = io.StringIO(text, newline=None).readlines()
    records = _records(lines, delimiter, plain_quotes)
    if not plain_quotes and records and records[0].open_quote:
        plain_quotes, records = True, _records(lines, delimiter, True)
    if len(records) < 2:
        raise RuleViolation(say("The file has no rows below the headings."), field="file")
    headings = [cell.strip() for cell in records[0].cells]
    if len(headings) > MOST_COLUMNS:
        raise RuleViolation(say("The file has more than 200 columns."), field="file")
    return Sheet(encoding, delimiter, plain_quotes, headings, records[1:])


def _records(lines: Sequence[str], delimiter: str, plain_quotes: bool) -> list[Row]:
    """The rows that are not blank, the headings as row 0. Raises `RuleViolation` when a line is no row of a table."""
    ended = [*(line.rstrip("\n") + "\n" for line in lines), END]
    reader = csv.reader(ended, delimiter=delimiter, quoting=csv.QUOTE_NONE if plain_quotes else csv.QUOTE_MINIMAL)
    records: list[Row] = []
    begins = 0
    try:
        for cells in reader:
            lasts = reader.line_num - begins
            open_quote = ""
            if reader.line_num > len(lines):
                if cells == [END]:
                    break
                cells[-1] = cells[-1].removesuffix(END).rstrip("\n")
                open_quote = cells[-1]
            elif lasts > 1 and not _is_strict(lines[begins : reader.line_num], delimiter):
                open_quote = next(cell for cell in cells if "\n" in cell)
            begins = reader.line_num
            if any(cell.strip() for cell in cells):
                records.append(Row(len(records), cells, _beginning(open_quote)))
    except csv.Error as error:
        if plain_quotes or reader.line_num - begins < 2:
            raise RuleViolation(say("The file cannot be read as a table. Is it complete?"), field="file") from error
        # a cell that grew beyond all measure: the quotation mark that opened it is in the line where it began
        cells = _records(lines[begins : begins + 1], delimiter, True)[0].cells
        records.append(Row(len(records), cells, _beginning(next((c for c in cells if '"' in c), ""))))
    return records


def _is_strict(lines: Sequence[str], delimiter: str) -> bool:
    """Whether closing quotation marks are followed by the end of their cell."""
    try:
        list(csv.reader(lines, delimiter=delimiter, strict=True))
    except csv.Error:
        return False
    return True


def _beginning(text: str) -> str:
    return text.strip(' "\n').split("\n")[0][:LONGEST_QUOTE]


def guess_encoding(data: bytes) -> str:
    """UTF-16 by its byte order mark; UTF-8 if the bytes are valid UTF-8, else Windows-1252.

    Nothing else is guessed: short files would be misread.
    """
    if data.startswith(UTF_16_MARKS):
        return "utf-16"
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def guess_delimiter(text: str) -> str:
    """The character that splits the headings into most columns; the comma when none does."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    counts = {delimiter: len(next(csv.reader([first], delimiter=delimiter), [])) for delimiter in DELIMITERS}
    return max(DELIMITERS, key=lambda d: counts[d])


def join_surplus(row: Row, width: int, into: int) -> Row:
    """A row with more cells than headings, its surplus joined into column `into` with ", " as it was before the split."""
    surplus = len(row.cells) - width
    if surplus <= 0 or not 0 <= into < width:
        return row
    joined = ", ".join(cell.strip() for cell in row.cells[into : into + surplus + 1])
    return Row(row.no, [*row.cells[:into], joined, *row.cells[into + surplus + 1 :]])
