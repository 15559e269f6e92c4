"""The fields of the header: where each is stored, what may stand in it, which field of lines follows (A1)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from domain.errors import RuleViolation
from domain.interactions import values
from domain.messages import Message, say
from domain.segments.editing import SILENTLY
from domain.segments.models import Segment, SegmentInteraction, SegmentInteractionLanguage

SEGMENT, INTERACTION, SUBJECT = "segment", "interaction", "subject"


@dataclass(frozen=True)
class HeaderField:
    """A field of the header.

    `place`: a column of the segment or of its interaction, or the subject of the default language. `line_field` is the
    field of the lines that follows. `template_dependent`: only lines with the header's template follow. `may_be_none`:
    the field can be empty. `fixed`: every line that follows had the same former value.
    """

    name: str
    place: str
    column: str
    line_field: str
    read: values.Reader
    template_dependent: bool = True
    may_be_none: bool = False
    fixed: bool = True


_FIELDS = (
    HeaderField("description", SEGMENT, "description", "description", values.text(100)),
    HeaderField("salesperson", SEGMENT, "salesperson_id", "salesperson", values.salesperson, False, True, False),
    HeaderField("date", SEGMENT, "date", "date", values.day, False),
    HeaderField("campaign", SEGMENT, "campaign_id", "campaign", values.campaign, False, True, False),
    HeaderField("send_as_attachment", SEGMENT, "send_as_attachment", "send_as_attachment", values.flag, False),
    HeaderField("unit_cost", INTERACTION, "unit_cost", "cost", values.whole(values.MOST_COST)),
    HeaderField("unit_duration", INTERACTION, "unit_duration", "duration", values.whole(values.MOST_MINUTES)),
    HeaderField("information_flow", INTERACTION, "information_flow", "information_flow", values.information_flow),
    HeaderField("initiated_by", INTERACTION, "initiated_by", "initiated_by", values.initiated_by),
    HeaderField("campaign_target", INTERACTION, "campaign_target", "campaign_target", values.flag),
    HeaderField("campaign_response", INTERACTION, "campaign_response", "campaign_response", values.flag),
    HeaderField(
        "ignore_contact_type", INTERACTION, "ignore_contact_type", "correspondence_type", values.flag, fixed=False
    ),
    HeaderField(
        "correspondence_type",
        INTERACTION,
        "correspondence_type",
        "correspondence_type",
        values.correspondence_type,
        fixed=False,
    ),
    HeaderField("language", INTERACTION, "language_id", "language", values.language, may_be_none=True, fixed=False),
    HeaderField("subject", SUBJECT, "subject", "subject", values.text(100)),
)
HEADER_FIELDS = {field.name: field for field in _FIELDS}
"""In the order in which several changes at once are made."""

_NEEDS_TEMPLATE = {
    "unit_cost",
    "unit_duration",
    "information_flow",
    "initiated_by",
    "ignore_contact_type",
    "language",
}


def read_header_value(session: Session, field: HeaderField, given: Any, *, as_shown: bool = False) -> Any:
    """The value as it is stored. Raises `RuleViolation` on the field. `as_shown`: a value the page was shown with."""
    if field.may_be_none and (given is None or given == ""):
        return None
    if as_shown and field.name == "salesperson":
        return values.known_salesperson(session, field.name, given)
    return field.read(session, field.name, given)


def default_row_id(session: Session, segment: Segment) -> int | None:
    """The language row of the header's default language, if there is one."""
    return session.scalar(
        select(SegmentInteractionLanguage.id)
        .join(SegmentInteraction, SegmentInteraction.id == SegmentInteractionLanguage.interaction_id)
        .where(
            SegmentInteraction.id == segment.interaction_id,
            SegmentInteractionLanguage.language_id == SegmentInteraction.language_id,
        )
    )


def header_value(session: Session, segment: Segment, field: HeaderField) -> Any:
    """What stands in the field now."""
    if field.place == SEGMENT:
        return getattr(segment, field.column)
    if field.place == INTERACTION:
        return getattr(segment.interaction, field.column)
    row = default_row_id(session, segment)
    return session.get_one(SegmentInteractionLanguage, row).subject if row is not None else ""


def put_header_value(session: Session, segment: Segment, field: HeaderField, value: Any) -> None:
    """Writes a value that has been read and checked. Objects in the session are expired."""
    table: Any
    row_id: int | None
    if field.place == SEGMENT:
        table, row_id = Segment, segment.id
    elif field.place == INTERACTION:
        table, row_id = SegmentInteraction, segment.interaction_id
    else:
        table, row_id = SegmentInteractionLanguage, default_row_id(session, segment)
    session.flush()
    statement = update(table).where(table.id == row_id).values({field.column: value})
    session.execute(statement, execution_options=SILENTLY)
    session.expire_all()


def refuse_unless_enabled(session: Session, segment: Segment, field: HeaderField) -> None:
    """Raises `RuleViolation` when the field cannot be changed as the header stands (R-H26, R-H33, R-H11, 1.1)."""
    sentence: Message | None = None
    if field.name in _NEEDS_TEMPLATE and segment.interaction.template_id is None:
        sentence = say("Choose an interaction template first.")
    elif field.name == "correspondence_type" and not segment.interaction.ignore_contact_type:
        sentence = say("Switch on “Ignore contact corr. type” first.")
    elif field.name in ("campaign_target", "campaign_response") and segment.campaign_id is None:
        sentence = say("Choose a campaign first.")
    elif field.name == "subject" and default_row_id(session, segment) is None:
        sentence = say("Choose a default language first: the subject belongs to it.")
    if sentence is not None:
        raise RuleViolation(sentence, field=field.name)


def refuse_without_row(session: Session, segment: Segment, language_id: int | None) -> None:
    """Raises `RuleViolation` when the segment has no row for its new default language (R-H31)."""
    if language_id is None:
        return
    row = select(SegmentInteractionLanguage.id).where(
        SegmentInteractionLanguage.interaction_id == segment.interaction_id,
        SegmentInteractionLanguage.language_id == language_id,
    )
    if session.scalar(row) is None:
        raise RuleViolation(
            say("This segment has no subject and document in this language. Add the language first."), field="language"
        )
