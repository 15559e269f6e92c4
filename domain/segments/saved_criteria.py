"""Saved criteria: the steps of a segment under a code (R-SC01…R-SC03), renamed, deleted, and who uses them."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import Row, Select, func, insert, literal, or_, select
from sqlalchemy.orm import Session

from domain.accounts.actor import Actor
from domain.database import folded
from domain.errors import Conflict, NotFound, RuleViolation
from domain.messages import say
from domain.references import delete_row
from domain.segments.criteria import one_contact
from domain.segments.models import Segment, SegmentLine
from domain.segments.saved_criteria_models import (
    SavedCriteria,
    SavedCriteriaContact,
    SavedCriteriaStep,
    SavedCriteriaUse,
)
from domain.segments.step_models import SegmentStep
from domain.segments.steps import step_list, switched_off
from domain.types import code, fold

TAKING_BACK = ("without", "bring_back")


def save_criteria(session: Session, segment: Segment, code_text: str, description: str, *, by: Actor) -> SavedCriteria:
    """Keeps the steps of a segment under a new code, with filters as typed (R-SC01, R-SC02).

    Steps that were switched off, or whose removal was brought back, are left out. Lists that were pasted, picked or
    removed line by line are kept as the contacts they were. Raises `RuleViolation` on the field "code" or
    "description", and when there are no steps (E-K01).
    """
    by.must_be_allowed("edit segments")
    wanted = read_code(session, code_text)
    if len(description.strip()) > 100:
        raise RuleViolation(say("The description is longer than 100 characters."), field="description")
    steps = steps_to_save(session, segment)
    if not steps:
        raise RuleViolation(say("Segment %(no)s has no steps that could be saved.", no=segment.no))
    saved = SavedCriteria(
        code=wanted,
        description=description.strip(),
        user_id=by.user_id,
        user_name=by.user_name,
        created_at=by.now,
    )
    session.add(saved)
    session.flush()
    for seq, step in enumerate(steps, 1):
        _save_step(session, saved, seq, step)
    session.flush()
    return saved


def read_code(session: Session, text: str) -> str:
    """A code for new criteria. Raises `RuleViolation` on the field "code" (E-K02, E-K03)."""
    wanted = code(text)
    if not wanted:
        raise RuleViolation(say("Enter a code."), field="code")
    if len(wanted) > 10:
        raise RuleViolation(say("A code has up to 10 characters."), field="code")
    if find_saved_criteria(session, wanted) is not None:
        raise RuleViolation(say("There are saved criteria %(code)s already.", code=wanted), field="code")
    return wanted


def steps_to_save(session: Session, segment: Segment) -> list[SegmentStep]:
    """The steps that made the list what it is: without those switched off and those taken back."""
    steps = list(session.scalars(step_list(segment)))
    gone = switched_off(session, segment)
    gone |= {json.loads(step.options)["step"] for step in steps if step.kind == "bring_back"}
    return [step for step in steps if step.seq not in gone and step.kind not in TAKING_BACK]


def _save_step(session: Session, saved: SavedCriteria, seq: int, step: SegmentStep) -> None:
    filters, options = json.loads(step.filters), json.loads(step.options)
    kind, kept, contacts = step.kind, dict[str, Any](), None
    if "criteria" in filters:
        kept = {"criteria": filters["criteria"]}
    elif step.kind == "pin":
        kept = {"contact": filters["contact"]}
    elif step.kind == "reuse":
        pass
    elif (no := filters.get("contact", {}).get("no")) and step.kind in ("add", "remove"):
        kind, kept = ("reduce" if step.kind == "remove" else "add"), {"criteria": one_contact(no).as_json()}
    else:
        removing = step.kind in ("remove", "kept_back", "reduce")
        kind = "reduce" if removing else "add"
        of = SegmentLine.removed_step_id if removing else SegmentLine.added_step_id
        contacts = select(SegmentLine.contact_id).where(of == step.id, SegmentLine.contact_id.is_not(None))
        options = {} if removing else {name: on for name, on in options.items() if on is True}
    row = SavedCriteriaStep(
        criteria_id=saved.id, seq=seq, kind=kind, filters=json.dumps(kept), options=json.dumps(options)
    )
    session.add(row)
    session.flush()
    if contacts is not None:
        in_order = contacts.add_columns(literal(row.id)).order_by(SegmentLine.line_no)
        session.execute(insert(SavedCriteriaContact).from_select(["contact_id", "step_id"], in_order))


def find_saved_criteria(session: Session, code_text: str) -> SavedCriteria | None:
    """The saved criteria with this code."""
    wanted = code(code_text.replace("\x00", ""))
    return session.scalar(select(SavedCriteria).where(SavedCriteria.code == wanted))


def get_saved_criteria(session: Session, code_text: str) -> SavedCriteria:
    """The saved criteria with this code. Raises `NotFound`."""
    saved = find_saved_criteria(session, code_text)
    if saved is None:
        raise NotFound(say("There are no saved criteria %(code)s.", code=code(code_text)))
    return saved


def saved_criteria_list() -> Select[*tuple[Any, ...]]:
    """code, description, user name, moment, number of steps and of segments that use them, by code."""
    steps = (
        select(func.count())
        .where(SavedCriteriaStep.criteria_id == SavedCriteria.id)
        .correlate(SavedCriteria)
        .scalar_subquery()
    )
    uses = (
        select(func.count())
        .where(SavedCriteriaUse.criteria_id == SavedCriteria.id)
        .correlate(SavedCriteria)
        .scalar_subquery()
    )
    return select(
        SavedCriteria.code,
        SavedCriteria.description,
        SavedCriteria.user_name,
        SavedCriteria.created_at,
        steps.label("steps"),
        uses.label("uses"),
    ).order_by(SavedCriteria.code)


def look_up_saved_criteria(session: Session, text: str, limit: int = 20) -> list[Row[Any]]:
    """Saved criteria whose code begins with the text or whose description contains it; rows of `saved_criteria_list`."""
    typed = text.replace("\x00", "").strip()[:100]
    fitting = or_(
        SavedCriteria.code.startswith(code(typed), autoescape=True),
        folded(SavedCriteria.description).contains(fold(typed), autoescape=True),
    )
    return list(session.execute(saved_criteria_list().where(fitting).limit(limit)))


def named_contacts(session: Session, saved: SavedCriteria) -> dict[int, int]:
    """How many contacts the steps of saved criteria name one by one: id of the step → number."""
    counted = (
        select(SavedCriteriaContact.step_id, func.count())
        .join(SavedCriteriaStep, SavedCriteriaStep.id == SavedCriteriaContact.step_id)
        .where(SavedCriteriaStep.criteria_id == saved.id)
        .group_by(SavedCriteriaContact.step_id)
    )
    return {row[0]: row[1] for row in session.execute(counted)}


def saved_steps(saved: SavedCriteria) -> Select[Any]:
    """The steps of saved criteria, in order."""
    return select(SavedCriteriaStep).where(SavedCriteriaStep.criteria_id == saved.id).order_by(SavedCriteriaStep.seq)


def segments_using(session: Session, saved: SavedCriteria) -> list[Row[Any]]:
    """no, description, whether it is logged, user name and moment of the segments the criteria were reused on."""
    return list(
        session.execute(
            select(
                Segment.no,
                Segment.description,
                Segment.logged_segment_id.is_not(None).label("is_logged"),
                SavedCriteriaUse.user_name,
                SavedCriteriaUse.at,
            )
            .join(Segment, Segment.id == SavedCriteriaUse.segment_id)
            .where(SavedCriteriaUse.criteria_id == saved.id)
            .order_by(SavedCriteriaUse.at.desc())
        )
    )


def edit_saved_criteria(
    session: Session, saved: SavedCriteria, changes: dict[str, str], *, was: dict[str, str], by: Actor
) -> None:
    """Gives saved criteria another code or description (B26). Raises `Conflict`, and `RuleViolation` on a field."""
    by.must_be_allowed("edit segments")
    for name, typed in changes.items():
        mine = code(typed) if name == "code" else typed.strip()
        stored, shown = getattr(saved, name), was.get(name, getattr(saved, name))
        if mine in (shown, stored):
            continue
        if stored != shown:
            raise Conflict(field=name, mine=mine, theirs=stored, who=saved.user_name)
        if name == "description" and len(mine) > 100:
            raise RuleViolation(say("The description is longer than 100 characters."), field="description")
        setattr(saved, name, read_code(session, mine) if name == "code" else mine)
    session.flush()


def delete_saved_criteria(session: Session, saved: SavedCriteria, *, by: Actor) -> None:
    """Deletes saved criteria with their steps. Segments they were used on keep their lists."""
    by.must_be_allowed("edit segments")
    delete_row(session, SavedCriteria.__table__, [saved.id], name=saved.code)  # type: ignore[arg-type]
