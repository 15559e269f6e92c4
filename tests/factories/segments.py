"""Segments for tests, made of plain rows: nothing is checked, no step is written unless asked for."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import count
from typing import Any

from sqlalchemy.orm import Session

from domain.contacts.models import Contact
from domain.documents.models import Document
from domain.interaction_templates.models import InteractionTemplate
from domain.segments.models import Segment, SegmentInteraction, SegmentInteractionLanguage, SegmentLine
from domain.segments.step_models import SegmentStep
from tests.factories.setup import NOW, TODAY, make_language, make_office, make_salesperson

LINE_STEP = 10_000
_numbers = count(1)
_COPIED = (
    "description",
    "group_id",
    "correspondence_type",
    "ignore_contact_type",
    "language_id",
    "campaign_id",
    "unit_cost",
    "unit_duration",
    "information_flow",
    "initiated_by",
    "campaign_target",
    "campaign_response",
)


def make_segment(
    session: Session,
    no: str = "",
    *,
    contacts: Iterable[Contact] = (),
    template: InteractionTemplate | None = None,
    interaction: dict[str, Any] | None = None,
    **values: Any,
) -> Segment:
    """An open segment with a line for each contact, in order.

    `template` is copied into the segment's interaction as choosing it does (without its campaign on the header);
    `interaction` are further columns of that interaction. Other values are columns of the segment; without
    `salesperson_id` one is made (give None for none).
    """
    make_office(session)
    facts: dict[str, Any] = {
        "no": no or f"SEG{next(_numbers):04}",
        "description": "A segment",
        "date": TODAY,
        "created_at": NOW,
        "modified_at": NOW,
    }
    if "salesperson_id" not in values and "salesperson" not in values:
        facts["salesperson_id"] = make_salesperson(session).id
    own = make_segment_interaction(session, None, template, **(interaction or {}))
    segment = Segment(**(facts | values), interaction_id=own.id)
    session.add(segment)
    session.flush()
    own.segment_id = segment.id
    for contact in contacts:
        make_line(session, segment, contact)
    session.flush()
    session.refresh(segment)
    return segment


def make_segment_interaction(
    session: Session,
    segment: Segment | None,
    template: InteractionTemplate | None = None,
    *,
    languages: dict[str, Document | tuple[str, Document | None] | None] | None = None,
    **values: Any,
) -> SegmentInteraction:
    """An interaction of a segment, copied from a template if one is given.

    `languages` adds rows: code → document, or (subject, document).
    """
    facts = {name: getattr(template, name) for name in _COPIED} if template is not None else {}
    interaction = SegmentInteraction(
        segment_id=segment.id if segment else None,
        template_id=template.id if template is not None else None,
        **(facts | values),
    )
    for row in template.languages if template is not None else []:
        interaction.languages.append(
            SegmentInteractionLanguage(
                language_id=row.language_id,
                description=row.description,
                subject=row.subject,
                document_id=row.document_id,
            )
        )
    for code, given in (languages or {}).items():
        subject, document = given if isinstance(given, tuple) else ("", given)
        interaction.languages.append(
            SegmentInteractionLanguage(
                language_id=make_language(session, code).id,
                subject=subject,
                document_id=document.id if document else None,
            )
        )
    session.add(interaction)
    session.flush()
    return interaction


def make_line(session: Session, segment: Segment, contact: Contact | None = None, **values: Any) -> SegmentLine:
    """A line at the end of the list; `values` are its columns (own values, comment, steps …)."""
    number = values.pop("line_no", None) or segment.last_line_no + LINE_STEP
    line = SegmentLine(segment_id=segment.id, line_no=number, contact_id=contact.id if contact else None, **values)
    segment.last_line_no = max(segment.last_line_no, number)
    session.add(line)
    session.flush()
    return line


def make_step(session: Session, segment: Segment, kind: str = "add", **values: Any) -> SegmentStep:
    """A step; its number is given with `seq`."""
    step = SegmentStep(segment_id=segment.id, kind=kind, **({"seq": 1, "at": NOW, "user_name": "Tester"} | values))
    session.add(step)
    session.flush()
    return step
