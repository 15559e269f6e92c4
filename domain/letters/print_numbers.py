"""The numbers of a print file that are given while it is written: of letters, lists, bookmarks and drawings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import IO

from domain.letters.print_letter import Ids
from domain.letters.print_numbering import ListNumber
from domain.letters.print_text import filled
from domain.letters.zip_stream import space


@dataclass
class FileNumbers:
    """The list numbers of a file. `shared_lists`: those its documents share."""

    shared_lists: list[ListNumber]
    count: int = 0
    waiting: IO[bytes] = field(default_factory=space)
    _shared: dict[str, str] = field(default_factory=dict)

    def add(self, number: ListNumber) -> str:
        """A number of its own for a list."""
        self.count += 1
        self.waiting.write(number.xml(str(self.count)).encode())
        return str(self.count)

    def shared(self, name: str) -> str:
        """The number of the shared list at the place `s3`."""
        if name not in self._shared:
            self._shared[name] = self.add(self.shared_lists[int(name[1:])])
        return self._shared[name]


@dataclass
class LetterNumbers:
    """The numbers of one letter: what its places are filled with."""

    number: int
    ids: Ids
    numbers: FileNumbers
    lists: tuple[ListNumber, ...] = ()
    known: dict[str, str] = field(default_factory=dict)

    def __call__(self, name: str) -> str:
        """The number at a place."""
        kind = name[0]
        if kind == "i":
            return self.ids.next()
        if kind == "s":
            return self.numbers.shared(name)
        if name not in self.known:
            self.known[name] = self._new(kind, name)
        return self.known[name]

    def _new(self, kind: str, name: str) -> str:
        if kind == "n":
            return str(self.number)
        return self.numbers.add(self.lists[int(name[1:])]) if kind == "l" else self.ids.next()


@dataclass
class LetterLists:
    """The lists of a finished letter."""

    file: FileNumbers
    places: Callable[[ListNumber], str]
    _own: dict[str, str] = field(default_factory=dict)

    def own(self, key: str, number: ListNumber) -> str:
        """The number of this list in the letter."""
        if key not in self._own:
            self._own[key] = self.file.add(number)
        return self._own[key]

    def shared(self, number: ListNumber) -> str:
        """The number of a list all letters share."""
        return filled(self.places(number), self.file.shared)
