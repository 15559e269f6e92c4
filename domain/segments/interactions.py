"""The interactions of a segment: choosing a template copies it (R-H21), a line's other template shares one row (A1)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, exists, func, or_, select, update
from sqlalchemy.orm import Session

from domain.accounts.actor import Actor
from domain.errors import RuleViolation
from domain.interaction_templates.models import InteractionTemplate, InteractionTemplateLanguage
from domain.interactions import values
from domain.messages import say
from domain.segments.editing import SILENTLY, begin_change, is_changed
from domain.segments.header import HeaderChange, forget_changes, remember_change
from domain.segments.models import Segment, SegmentInteraction, SegmentInteractionLanguage, SegmentLine

# what choosing a template copies (R-H21); the wizard action has no effect on a segment (R-W01)
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


def choose_template(
    session: Session, segment: Segment, template: Any, *, was: dict[str, Any] | None = None, by: Actor
) -> HeaderChange | None:
    """Gives the header another interaction template, or none (R-H21, R-H24); the lines follow. None: nothing changed.

    If the segment has an interaction of this template, that one is taken up again with its edits, else fields,
    languages, subjects and documents are copied. The template's campaign replaces the header's; with no template the
    former template's campaign leaves the header. Lines that had this template as their own now have the header's.
    `template` may be an id, the template, or its code; None or '' for none; `was` = {"template": what the field was
    shown with}. Raises `Conflict`, and `RuleViolation` on the field "template".
    """
    begin_change(session, segment, by=by)
    mine = read_template(session, template)
    former = segment.interaction
    if not is_changed(
        "template", mine, former.template_id, was, lambda given: read_template(session, given), who=segment.modified_by
    ):
        return None
    former_campaign = former.campaign_id
    chosen, taken_up_again = find_or_copy(session, segment, mine)
    before = former.id
    segment.interaction_id = chosen.id
    if chosen.campaign_id is not None:
        segment.campaign_id = chosen.campaign_id
    elif mine is None and former_campaign is not None and segment.campaign_id == former_campaign:
        segment.campaign_id = None
    session.flush()
    session.execute(
        update(SegmentLine)
        .where(SegmentLine.segment_id == segment.id, SegmentLine.interaction_id == chosen.id)
        .values(interaction_id=None, version=SegmentLine.version + 1),
        execution_options=SILENTLY,
    )
    chosen_id = chosen.id
    session.expire_all()
    forget_changes(session, segment)
    forget_changes(session, segment, ["campaign"])
    return remember_change(session, segment, "template", before, chosen_id, by=by, taken_up_again=taken_up_again)


def read_template(session: Session, given: Any) -> int | None:
    """The id of an interaction template given as id, object or code; None for none."""
    return None if given in (None, "") else values.template(session, "template", given)


def find_or_copy(session: Session, segment: Segment, template_id: int | None) -> tuple[SegmentInteraction, bool]:
    """The segment's interaction of a template, copied from it if there is none; and whether it was there."""
    present = session.scalar(
        select(SegmentInteraction)
        .where(
            SegmentInteraction.segment_id == segment.id,
            SegmentInteraction.template_id.is_not_distinct_from(template_id),
        )
        .order_by(SegmentInteraction.id)
        .limit(1)
    )
    if present is not None:
        return present, template_id is not None
    made = SegmentInteraction(segment_id=segment.id, template_id=template_id)
    if template_id is not None:
        _copy_from(session.get_one(InteractionTemplate, template_id), made)
    session.add(made)
    session.flush()
    return made, False


def _copy_from(template: InteractionTemplate, made: SegmentInteraction) -> None:
    for name in _COPIED:
        setattr(made, name, getattr(template, name))
    for row in sorted(template.languages, key=lambda one: one.id):
        made.languages.append(
            SegmentInteractionLanguage(
                language_id=row.language_id,
                description=row.description,
                subject=row.subject,
                document_id=row.document_id,
            )
        )


@dataclass(frozen=True)
class ReadAgain:
    """*Read template again*: how many lines follow the interaction that was read."""

    template: str
    lines: int


def read_template_again(session: Session, segment: Segment, *, by: Actor) -> ReadAgain:
    """Copies the header's interaction template once more: fields, languages, subjects, documents; edits are lost (A1).

    The lines follow; own values and own documents stay. The template's campaign replaces the header's, if it has one.
    Raises `RuleViolation` when the header has no template.
    """
    begin_change(session, segment, by=by)
    mine = segment.interaction
    if mine.template_id is None:
        raise RuleViolation(say("Choose an interaction template first."), field="template")
    template = session.get_one(InteractionTemplate, mine.template_id)
    session.execute(
        delete(SegmentInteractionLanguage).where(SegmentInteractionLanguage.interaction_id == mine.id),
        execution_options=SILENTLY,
    )
    session.expire_all()
    _copy_from(template, mine)
    if mine.campaign_id is not None:
        segment.campaign_id = mine.campaign_id
        forget_changes(session, segment, ["campaign"])
    session.flush()
    forget_changes(session, segment)
    lines = session.scalar(
        select(func.count()).where(
            SegmentLine.segment_id == segment.id,
            SegmentLine.removed_step_id.is_(None),
            SegmentLine.interaction_id.is_(None),
        )
    )
    return ReadAgain(template.code, lines or 0)


def differs_from_template(session: Session, segment: Segment) -> bool:
    """Whether the header's interaction is not (or no longer) what its template says."""
    mine = select(difference_to_template()).where(SegmentInteraction.id == segment.interaction_id)
    return bool(session.scalar(mine))


def difference_to_template() -> ColumnElement[bool]:
    """The same as a condition on `SegmentInteraction`; false without a template."""
    here, there = SegmentInteractionLanguage, InteractionTemplateLanguage
    alike = and_(
        here.language_id == there.language_id,
        here.subject == there.subject,
        here.document_id.is_not_distinct_from(there.document_id),
    )
    in_mine = here.interaction_id == SegmentInteraction.id
    in_template = there.template_id == SegmentInteraction.template_id
    changed = (
        getattr(SegmentInteraction, name).is_distinct_from(getattr(InteractionTemplate, name)) for name in _COPIED
    )
    unlike = exists().where(InteractionTemplate.id == SegmentInteraction.template_id, or_(*changed))
    more = exists().where(in_mine, ~exists().where(in_template, alike).correlate(SegmentInteraction, here))
    fewer = exists().where(in_template, ~exists().where(in_mine, alike).correlate(SegmentInteraction, there))
    return and_(
        SegmentInteraction.template_id.is_not(None),
        or_(*(one.correlate(SegmentInteraction) for one in (unlike, more, fewer))),
    )
