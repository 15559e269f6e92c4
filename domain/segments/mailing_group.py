"""Apply mailing group: every contact of a segment gets into a mailing group (R-MG01)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import Select, delete, func, insert, literal, select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session

from domain.accounts.actor import Actor
from domain.contacts.classification.models import ContactMailingGroup, MailingGroup
from domain.contacts.models import Contact
from domain.segments.models import Segment, SegmentLine


@dataclass(frozen=True)
class AppliedGroup:
    """How many contacts of the segment are new in the group, were in it already, were left out because they are
    blocked for privacy (B2), and how many left the group because they are not on the segment."""

    added: int
    present: int
    blocked: int
    removed: int


def apply_mailing_group(
    session: Session, segment: Segment, group: MailingGroup, *, delete_old: bool = False, by: Actor
) -> AppliedGroup:
    """Puts the contacts of a segment's list into a mailing group; who is in it already is passed over (R-MG01).

    `delete_old`: everybody else leaves the group. The segment itself stays as it is. Contacts blocked for privacy are
    left out, and leave with the others. A contact counts as changed when it enters or leaves. Raises `Forbidden`.
    """
    by.must_be_allowed("edit classification")  # contacts.md 7: a change of many contacts at once
    link = ContactMailingGroup
    holders = select(link.contact_id).where(link.code_id == group.id)
    listed = _contacts(segment)
    allowed = listed.where(Contact.privacy_blocked.is_(False))
    blocked = _count(session, listed.where(Contact.privacy_blocked.is_(True)))
    present = _count(session, allowed.where(Contact.id.in_(holders)))
    removed = 0
    if delete_old:
        leaving = (link.code_id == group.id, link.contact_id.not_in(allowed))
        _touch(session, select(link.contact_id).where(*leaving), by=by)
        gone = session.execute(delete(link).where(*leaving), execution_options={"synchronize_session": False})
        removed = cast("CursorResult[Any]", gone).rowcount
    new = allowed.where(Contact.id.not_in(holders))
    _touch(session, new, by=by)
    written = session.execute(
        insert(link).from_select(["contact_id", "code_id"], new.add_columns(literal(group.id))),
        execution_options={"preserve_rowcount": True},
    )
    added = cast("CursorResult[Any]", written).rowcount
    session.expire_all()
    return AppliedGroup(added, present, blocked, removed)


def _contacts(segment: Segment) -> Select[int]:
    """The ids of the contacts on the list, each once."""
    on_list = select(SegmentLine.contact_id).where(
        SegmentLine.segment_id == segment.id,
        SegmentLine.removed_step_id.is_(None),
        SegmentLine.contact_id.is_not(None),
    )
    return select(Contact.id).where(Contact.id.in_(on_list))


def _count(session: Session, contacts: Select[int]) -> int:
    return session.scalar(select(func.count()).select_from(contacts.subquery())) or 0


def _touch(session: Session, contacts: Select[Any], *, by: Actor) -> None:
    session.execute(
        update(Contact)
        .where(Contact.id.in_(contacts))
        .values(modified_at=by.now, modified_by=by.user_name[:50], version=Contact.version + 1),
        execution_options={"synchronize_session": False},
    )
