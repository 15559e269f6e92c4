"""The fields of a table that can be filtered: one declaration for lists, dialogs and saved criteria."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from sqlalchemy import ColumnElement, Select, select

from domain.messages import Message


class Kind(Enum):
    """What the values of a field are, and so how a filter on it is read."""

    TEXT = "text"
    CODE = "code"
    NUMBER = "number"
    AMOUNT = "amount"
    DATE = "date"
    MOMENT = "date and time"
    OPTION = "option"
    BOOLEAN = "yes or no"


@dataclass(frozen=True)
class Reference:
    """A field that holds an id while people know a code: `key` and `code` are columns of the other table.

    `name` is what pick lists show beside the code.
    """

    key: Any
    code: Any
    name: Any = None

    def choices(self) -> Select[*tuple[Any, ...]]:
        """Code and name of everything that can be picked, in code order."""
        return select(self.code, self.name if self.name is not None else self.code).order_by(self.code)


@dataclass(frozen=True)
class Field:
    """A field: its key in addresses and saved criteria, its label, its kind, and the column (or SQL expression).

    `reference`: the column holds an id, filtered by a code. `options`: stored value and caption of each choice, in
    their order; `blank` is the stored value of the blank one. `is_me`: `%me` stands for the
    user's salesperson. `occurring` gives a condition that an index answers and that holds wherever the texts, folded for
    a text field, occur in the field; None when it knows none.
    """

    key: str
    label: Message
    kind: Kind
    column: Any
    reference: Reference | None = None
    options: Mapping[str, Message] | None = None
    is_me: bool = False
    blank: str = ""
    occurring: Callable[[list[str]], ColumnElement[bool] | None] | None = None

    @property
    def is_nullable(self) -> bool:
        """Whether the column may hold no value at all."""
        table_column = getattr(self.column, "property", None)
        if table_column is None:
            return True
        return bool(table_column.columns[0].nullable)


@dataclass(frozen=True)
class FilterTable:
    """The fields of one table; `shown` are the keys offered at first.

    `row_id` is the table's key. `contact_ids` are the columns that link a row to contacts: a contact has a row when one
    of them holds its id (contacts.md 3.1).
    """

    key: str
    label: Message
    fields: Mapping[str, Field]
    shown: tuple[str, ...]
    row_id: Any
    contact_ids: tuple[Any, ...]

    @classmethod
    def of(
        cls,
        key: str,
        label: Message,
        fields: Iterable[Field],
        *,
        shown: Iterable[str],
        row_id: Any,
        contact_ids: Iterable[Any],
    ) -> FilterTable:
        """A table with these fields, in this order."""
        return cls(key, label, {field.key: field for field in fields}, tuple(shown), row_id, tuple(contact_ids))

    def plus(self, fields: Iterable[Field], *, shown: Iterable[str] = ()) -> FilterTable:
        """The table with more fields, which rooms further down know how to answer."""
        more = {field.key: field for field in fields}
        return FilterTable(
            self.key, self.label, {**self.fields, **more}, (*self.shown, *shown), self.row_id, self.contact_ids
        )

    def __iter__(self) -> Iterator[Field]:
        return iter(self.fields.values())
