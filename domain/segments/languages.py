"""The languages of a segment's interaction: subject and document each (segments.md 1.3, B12, B18)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from domain.accounts.actor import Actor
from domain.errors import NotFound, RuleViolation
from domain.interactions import values
from domain.messages import say
from domain.segments.editing import begin_change, is_changed
from domain.segments.header import HeaderChange, forget_changes, remember_change
from domain.segments.models import Segment, SegmentInteraction, SegmentInteractionLanguage
from domain.setup.models import Language

_subject = values.text(100)


def language_rows(segment: Segment) -> Select[SegmentInteractionLanguage]:
    """The language rows of the header's interaction in code order."""
    return (
        select(SegmentInteractionLanguage)
        .join(Language, Language.id == SegmentInteractionLanguage.language_id)
        .where(SegmentInteractionLanguage.interaction_id == segment.interaction_id)
        .order_by(Language.code)
    )


def get_language_row(session: Session, segment: Segment, language: Any) -> SegmentInteractionLanguage:
    """The row of a language (id, object, code). Raises `NotFound`."""
    language_id = values.language(session, "language", language)
    row = session.scalar(language_rows(segment).where(SegmentInteractionLanguage.language_id == language_id))
    if row is None:
        raise NotFound(say("This segment does not have this language any more."))
    return row


def add_language(
    session: Session, segment: Segment, language: Any, *, subject: str = "", document: Any = None, by: Actor
) -> SegmentInteractionLanguage:
    """Adds a language; the first one becomes the default, and so does one the default names without a row (Q-04).

    `language` and `document` may be ids or objects, the language also its code or name. Contacts of this language take
    it at once (B12). Raises `RuleViolation`.
    """
    begin_change(session, segment, by=by)
    mine = segment.interaction
    if mine.template_id is None:
        raise RuleViolation(say("Choose an interaction template first."), field="language")
    language_id = values.language(session, "language", language)
    if any(row.language_id == language_id for row in mine.languages):
        raise RuleViolation(say("This segment has this language already."), field="language")
    code = session.get_one(Language, language_id).code
    template = mine.template.code if mine.template is not None else ""
    row = SegmentInteractionLanguage(
        interaction_id=mine.id,
        language_id=language_id,
        description=f"{template} {code}"[:100],
        subject=_subject(session, "subject", subject),
        document_id=None if document in (None, "") else values.document(session, "document", document),
    )
    if not mine.languages:
        mine.language_id = language_id
    session.add(row)
    session.flush()
    session.refresh(mine)
    forget_changes(session, segment, ["language", "subject"])
    return row


def edit_language(
    session: Session,
    segment: Segment,
    row: SegmentInteractionLanguage,
    changes: dict[str, Any],
    *,
    was: dict[str, Any] | None = None,
    by: Actor,
) -> HeaderChange | None:
    """Writes `subject` and `document` (None: no document) of a language row; lines without own follow (R-A08, R-A20).

    The subject of the default language is the header's: its change is returned with the two answers of A2. Raises
    `Conflict`, `NotFound` and `RuleViolation`.
    """
    begin_change(session, segment, by=by)
    row = _still_there(session, segment, row)
    change: HeaderChange | None = None
    if "document" in changes:
        row.document_id = _changed_document(session, segment, row, changes["document"], was)
    if "subject" in changes:
        mine = _subject(session, "subject", changes["subject"])
        before = row.subject
        if is_changed(
            "subject", mine, before, was, lambda given: _subject(session, "subject", given), who=segment.modified_by
        ):
            row.subject = mine
            session.flush()
            if row.language_id == segment.interaction.language_id:
                change = remember_change(session, segment, "subject", before, mine, by=by)
    session.flush()
    return change


def _changed_document(
    session: Session, segment: Segment, row: SegmentInteractionLanguage, given: Any, was: dict[str, Any] | None
) -> int | None:
    def read(value: Any) -> int | None:
        return None if value in (None, "") else values.document(session, "document", value)

    mine = read(given)
    changed = is_changed("document", mine, row.document_id, was, read, who=segment.modified_by)
    return mine if changed else row.document_id


def remove_language(session: Session, segment: Segment, row: SegmentInteractionLanguage, *, by: Actor) -> None:
    """Removes a language. If it was the default, the next one in code order becomes default (B12, R-A12).

    Contacts of this language take the default. Raises `NotFound` when it is gone already.
    """
    begin_change(session, segment, by=by)
    row = _still_there(session, segment, row)
    rows = list(session.scalars(language_rows(segment)))
    mine: SegmentInteraction = segment.interaction
    if mine.language_id == row.language_id:
        place = rows.index(row)
        others = rows[place + 1 :] + rows[:place]
        mine.language_id = others[0].language_id if others else None
    session.delete(row)
    session.flush()
    session.refresh(mine)
    forget_changes(session, segment, ["language", "subject"])


def _still_there(session: Session, segment: Segment, row: SegmentInteractionLanguage) -> SegmentInteractionLanguage:
    found = session.scalar(language_rows(segment).where(SegmentInteractionLanguage.id == row.id))
    if found is None:
        raise NotFound(say("This segment does not have this language any more."))
    return found
