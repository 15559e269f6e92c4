"""The fields of a line: which columns hold the own value, what may stand in it, what a blank means (A1).

For every field that is inherited, None means *back to inherited* and '' means *deliberately blank* where that can be
an own value; elsewhere '' is the same as None.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, or_
from sqlalchemy.orm import Session

from domain.interactions import values
from domain.segments.effective import line
from domain.segments.models import ABSENT_COLUMNS, OWN_COLUMNS, SegmentLine

MOST_COMMENT = 2_000


@dataclass(frozen=True)
class LineField:
    """A field of a line that is inherited as long as its column is NULL.

    `blank`: '' is an own value. `absent`: the flag that stands for a deliberately absent reference.
    """

    name: str
    column: str
    read: values.Reader
    template_dependent: bool = True
    blank: bool = False
    absent: str = ""


_FIELDS = (
    LineField("template", "interaction_id", values.template, False),
    LineField("description", "description", values.text(100), blank=True),
    LineField("subject", "subject", values.text(100), blank=True),
    LineField("salesperson", "salesperson_id", values.salesperson, False),
    LineField("correspondence_type", "correspondence_type", values.correspondence_type, blank=True),
    LineField("language", "language_id", values.language),
    LineField("date", "date", values.day, False),
    LineField("cost", "cost", values.whole(values.MOST_COST)),
    LineField("duration", "duration", values.whole(values.MOST_MINUTES)),
    LineField("information_flow", "information_flow", values.information_flow, blank=True),
    LineField("initiated_by", "initiated_by", values.initiated_by, blank=True),
    LineField("campaign", "campaign_id", values.campaign, False, absent="no_campaign"),
    LineField("campaign_target", "campaign_target", values.flag),
    LineField("campaign_response", "campaign_response", values.flag),
    LineField("send_as_attachment", "send_as_attachment", values.flag, False),
    LineField("alt_address", "alt_address_id", values.flag, False, absent="no_alt_address"),
    LineField("document", "document_id", values.document, absent="no_document"),
)
LINE_FIELDS = {field.name: field for field in _FIELDS}

PLAIN_FIELDS: dict[str, values.Reader] = {
    "comment": values.text(MOST_COMMENT, lines=True),
    "evaluation": values.evaluation,
    "time": values.clock,
    "attempt_failed": values.flag,
    "contact_via": values.text(80),
}
"""Fields of the line alone: nothing is inherited."""


def stored_values(session: Session, field: LineField, given: Any, contact_id: int | None) -> dict[str, Any]:
    """The columns that hold what was given: the own value, NULL, and the flag of a deliberate blank.

    For the template the id of the interaction template stands in its place. `contact_id` is whose alternative addresses
    may be chosen. Raises `RuleViolation` on the field.
    """
    flags = {field.absent: False} if field.absent else {}
    if given is None or (given == "" and not field.blank and not field.absent):
        return {field.column: None} | flags
    if given == "" and field.absent:
        return {field.column: None, field.absent: True}
    if field.name == "alt_address":
        return {field.column: values.alt_address_of(session, contact_id, field.name, given)} | flags
    return {field.column: field.read(session, field.name, given)} | flags


def shown_values(session: Session, field: LineField, given: Any, contact_id: int | None) -> dict[str, Any]:
    """As `stored_values`, for the value a field was shown with: what was shown may no longer be chosen."""
    if field.name == "salesperson" and given not in (None, ""):
        return {field.column: values.known_salesperson(session, field.name, given)}
    return stored_values(session, field, given, contact_id)


def columns_of(field: LineField) -> list[str]:
    """The columns that hold the field."""
    return [field.column, field.absent] if field.absent else [field.column]


def inherited(names: list[str] | None = None) -> dict[str, Any]:
    """The columns of fields (all when None) as they are when everything is inherited."""
    fields = [LINE_FIELDS[name] for name in names] if names is not None else list(_FIELDS)
    return {column: False if column in ABSENT_COLUMNS else None for field in fields for column in columns_of(field)}


TEMPLATE_DEPENDENT = [field.name for field in _FIELDS if field.template_dependent]
"""What entering another template on a line clears (A1, R-L10)."""


def is_own(field: LineField, of: Any = SegmentLine) -> ColumnElement[bool]:
    """The condition that a line has an own value, a deliberate blank included. `of` is the line's table or alias."""
    own: ColumnElement[bool] = getattr(of, field.column).is_not(None)
    return or_(own, getattr(of, field.absent)) if field.absent else own


def has_own_values(of: Any = line) -> ColumnElement[bool]:
    """The condition that a line differs from its header in anything; as the index `ix_segment_line_own` says it."""
    own = [getattr(of, column).is_not(None) for column in OWN_COLUMNS]
    return or_(*own, *(getattr(of, column) for column in ABSENT_COLUMNS))
