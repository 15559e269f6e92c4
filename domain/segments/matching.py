"""The contacts that meet criteria, as one select of ids (R-F01…R-F03, contacts.md 3.1)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, not_, or_, select, true
from sqlalchemy.orm import Session

from domain.accounts.actor import Actor
from domain.contacts.models import Contact
from domain.errors import RuleViolation
from domain.filters.read import Filter, read_filters
from domain.filters.reader import Reader, reader_of
from domain.filters.sql import IdsOf, conditions_of, contacts_with, has_row
from domain.messages import say
from domain.segments.criteria import Criteria, GroupFilter
from domain.segments.criteria_groups import GROUPS, THROUGH_COMPANY

MOST_IDS = 100
"""So many ids are written into a question; more are left to it."""


def reader_for(session: Session, criteria: Criteria, *, by: Actor) -> Reader:
    """Who reads the criteria: the actor's day and salesperson, the language they were typed in."""
    if not criteria.locale or criteria.locale == by.locale or by.translate is None:
        return reader_of(session, by)
    return reader_of(session, by, locale=criteria.locale, write=by.translate.into(criteria.locale))


def matching_contacts(session: Session, criteria: Criteria, *, by: Actor) -> Select[Any]:
    """A select of the ids of the contacts that meet the criteria, some perhaps twice; of all without filters (R-F03).

    Raises `RuleViolation` when a filter cannot be read or its field no longer exists.
    """
    match criteria.alternatives:
        case ((GroupFilter(absent=False) as one,),) if one.group != "contact" and one.group not in THROUGH_COMPANY:
            filters = read_group(one, reader_for(session, criteria, by=by))
            return contacts_with(GROUPS[one.group], filters, ids_known(session))  # no need to look at contacts
    return select(Contact.id).where(matching(session, criteria, by=by))


def matching(session: Session, criteria: Criteria, *, one_by_one: bool = False, by: Actor) -> ColumnElement[bool]:
    """Whether a contact meets the criteria, as a condition on `Contact` (R-F01). Raises as `matching_contacts`.

    `one_by_one`: asked of contact after contact, for the first few of very many.
    """
    reader, known = reader_for(session, criteria, by=by), ids_known(session)
    alternatives = [
        and_(*(group_condition(one, read_group(one, reader), known, one_by_one=one_by_one) for one in groups))
        for groups in criteria.alternatives
    ]
    return or_(*alternatives) if alternatives else true()


def ids_known(session: Session) -> IdsOf:
    """Looks up which rows codes mean, as far as they are few: the planner then knows whether a group is small."""

    def ids_of(rows: Select[Any]) -> list[Any] | None:
        found = list(session.scalars(rows.limit(MOST_IDS + 1)))
        return found if len(found) <= MOST_IDS else None

    return ids_of


def read_group(one: GroupFilter, reader: Reader) -> tuple[Filter, ...]:
    """The filters of a group, understood. Raises `RuleViolation` with the first one that makes no sense."""
    table = GROUPS.get(one.group)
    if table is None:
        raise RuleViolation(say("There are no contacts by “%(group)s” any more.", group=one.group))
    typed = read_filters(table, dict(one.filters), reader)
    for key, message in typed.refused.items():
        raise RuleViolation(message, field=f"{one.group}-{key}")
    return typed.filters


def group_condition(
    one: GroupFilter, filters: tuple[Filter, ...], ids_of: IdsOf | None = None, *, one_by_one: bool = False
) -> ColumnElement[bool]:
    """Whether a contact passes a group: a row of it passes all filters, or none does with `absent`.

    Industry groups and business relations count through the company (segments.md 3.2).
    """
    if one.group == "contact":
        if one_by_one:  # an index over everybody says nothing about the next contact
            filters = tuple(replace(each, field=replace(each.field, occurring=None)) for each in filters)
        own = and_(*conditions_of(filters, ids_of))
        return own.is_not(true()) if one.absent else own
    table = GROUPS[one.group]
    ids: tuple[Any, ...] = (Contact.id, Contact.company_id) if one.group in THROUGH_COMPANY else (Contact.id,)
    if one.absent or one_by_one:
        found = or_(*(has_row(table, filters, contact_id, ids_of) for contact_id in ids))
        return not_(found) if one.absent else found
    rows = contacts_with(table, filters, ids_of)
    return or_(*(contact_id.in_(rows) for contact_id in ids))
