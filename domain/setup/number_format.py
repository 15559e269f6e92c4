"""How numbers of a series count: the right-most group of digits grows (contacts.md 2.10)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

LENGTH = 20
_LAST_DIGITS = re.compile(r"^(.*?)([0-9]+)([^0-9]*)$", re.DOTALL)


@dataclass(frozen=True)
class CountingNo:
    """A number taken apart: `SM00042-X` is `SM`, 42 in 5 digits, `-X`."""

    before: str
    value: int
    width: int
    after: str

    @property
    def skeleton(self) -> tuple[str, str]:
        """What stays the same while the number grows."""
        return self.before, self.after

    def plus(self, increment: int) -> CountingNo:
        """The number `increment` further; leading zeros are kept, the number may become longer."""
        return CountingNo(self.before, self.value + increment, self.width, self.after)

    def __str__(self) -> str:
        """The number as people write it."""
        return f"{self.before}{self.value:0{self.width}d}{self.after}"


def take_apart(no: str) -> CountingNo | None:
    """The parts of a number that can be counted up; None when it has no digits."""
    found = _LAST_DIGITS.match(no)
    if not found:
        return None
    before, digits, after = found.groups()
    return CountingNo(before, int(digits), len(digits), after)


def increment_no(no: str, increment: int = 1) -> str | None:
    """The next number: CT000009 → CT000010, A99 → A100, SM99-X → SM100-X. None when it has no digits."""
    parts = take_apart(no)
    return str(parts.plus(increment)) if parts else None


def numbers_of_range(*, starting_no: str, ending_no: str, last_no: str, increment: int) -> Iterator[str]:
    """The numbers a line of a series can still give, in order (rules 4 and 5 of contacts.md 2.10).

    Ends at the ending number or, without one, when a number would become longer than the column. A last number that
    does not look like the starting number gives nothing.
    """
    start = take_apart(starting_no)
    last = take_apart(last_no) if last_no else None
    if start is None or (last_no and (last is None or last.skeleton != start.skeleton)):
        return
    end = take_apart(ending_no) if ending_no else None
    no = start if last is None else last.plus(max(increment, 1))
    while no.value >= start.value and len(str(no)) <= LENGTH:
        if end is not None and (no.value > end.value or len(str(no)) > len(str(end))):
            return
        yield str(no)
        no = no.plus(max(increment, 1))


def is_at_or_past(no: str, limit: str) -> bool:
    """Whether a number has reached another one of the same look."""
    mine, other = take_apart(no), take_apart(limit)
    return bool(mine and other and mine.skeleton == other.skeleton and mine.value >= other.value)
