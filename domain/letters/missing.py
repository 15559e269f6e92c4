"""Names a letter asks for and that have no value: printed as a blank text, and recorded where somebody asked for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from jinja2 import Undefined

SHOWN = 20
# what to do with a tag without value, and whose letter it is
_record: ContextVar[Callable[[str, str], None] | None] = ContextVar("missing", default=None)


@dataclass
class Blanks:
    """Letters with fields that are printed blank: whose they are, and for the first of them the tags."""

    whose: set[str] = field(default_factory=set)
    first: dict[str, list[str]] = field(default_factory=dict)

    def add(self, tag: str, whose: str) -> None:
        """A field was printed blank in somebody's letter. Names that are no field are told at upload and not noted."""
        if not whose:
            return
        self.whose.add(whose)
        if whose in self.first or len(self.first) < SHOWN:
            tags = self.first.setdefault(whose, [])
            if tag not in tags:
                tags.append(tag)


@contextmanager
def _recording(record: Callable[[str, str], None]) -> Iterator[None]:
    token = _record.set(record)
    try:
        yield
    finally:
        _record.reset(token)


@contextmanager
def recording_missing() -> Iterator[set[str]]:
    """Inside, every name a letter prints or compares and that has no value, or a blank one, is added to the set."""
    names: set[str] = set()
    with _recording(lambda tag, whose: names.add(tag)):
        yield names


@contextmanager
def recording_blanks() -> Iterator[Blanks]:
    """Inside, every field that is printed blank is noted under the contact whose letter it is, in whatever order letters
    are made.
    """
    blanks = Blanks()
    with _recording(blanks.add):
        yield blanks


def is_recording() -> bool:
    """Whether somebody wants to know what is missing."""
    return _record.get() is not None


class BlankText(str):
    """A blank value that says so when it is printed. Letters are made with it only while missing names are recorded."""

    __slots__ = ("tag", "whose")

    tag: str
    whose: str

    def __new__(cls, tag: str, text: str = "", whose: str = "") -> BlankText:
        """The value `text`, nothing or blanks, of the field `tag` in somebody's letter."""
        self = super().__new__(cls, text)
        self.tag = tag
        self.whose = whose
        return self

    def __str__(self) -> str:
        record = _record.get()
        if record is not None:
            record(self.tag, self.whose)
        return super().__str__()


class MissingValue(Undefined):
    """A name without value: printed and compared as a blank text, and recorded."""

    def _record(self) -> None:
        record = _record.get()
        if record is not None:
            group = getattr(self._undefined_obj, "_group", "")
            record(f"{group}.{self._undefined_name}" if group else str(self._undefined_name), "")

    def __str__(self) -> str:
        self._record()
        return ""

    def __iter__(self) -> Iterator[Any]:
        self._record()
        return iter(())

    def __len__(self) -> int:
        self._record()
        return 0

    def __bool__(self) -> bool:
        self._record()
        return False

    def __eq__(self, other: object) -> bool:
        self._record()
        return isinstance(other, Undefined) or other in ("", None)

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return hash("")

    def __lt__(self, other: object) -> bool:  # type: ignore[override]
        self._record()
        return str(other) > ""

    def __le__(self, other: object) -> bool:  # type: ignore[override]
        self._record()
        return True

    def __gt__(self, other: object) -> bool:  # type: ignore[override]
        self._record()
        return False

    def __ge__(self, other: object) -> bool:  # type: ignore[override]
        self._record()
        return not str(other)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return MissingValue(name=f"{self._undefined_name}.{name}")

    def __getitem__(self, key: object) -> Any:
        return MissingValue(name=f"{self._undefined_name}.{key}")
