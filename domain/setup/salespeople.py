"""Salespeople: create, edit, delete (contacts.md 1.6)."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from domain.accounts.actor import Actor
from domain.messages import Message, say
from domain.references import delete_row
from domain.setup.fields import refuse_blank_code, refuse_used_code, refuse_wrong_email, save, set_fields
from domain.setup.models import Salesperson

FIELDS = ("code", "name", "job_title", "phone", "email", "blocked", "privacy_blocked")


def create_salesperson(session: Session, *, by: Actor, **values: Any) -> Salesperson:
    """A new salesperson. `values`: `FIELDS`, and `is_demo`. Raises `Forbidden`, `RuleViolation` on the field."""
    by.must_be_allowed("change setup")
    salesperson = Salesperson()
    _change(session, salesperson, {"code": "", **values})
    session.add(salesperson)
    save(session, _taken(salesperson))
    return salesperson


def edit_salesperson(session: Session, salesperson: Salesperson, *, changes: dict[str, Any], by: Actor) -> Salesperson:
    """Changes fields of a salesperson. Raises as `create_salesperson`."""
    by.must_be_allowed("change setup")
    _change(session, salesperson, changes)
    save(session, _taken(salesperson))
    return salesperson


def delete_salesperson(session: Session, salesperson: Salesperson, *, by: Actor) -> None:
    """Deletes a salesperson nobody refers to. Users and Marketing setup lose the reference; everything else refuses."""
    by.must_be_allowed("change setup")
    delete_row(session, Salesperson.metadata.tables["salesperson"], [salesperson.id], name=salesperson.code)


def _change(session: Session, salesperson: Salesperson, changes: dict[str, Any]) -> None:
    with session.no_autoflush:
        set_fields(salesperson, changes)
        refuse_blank_code(salesperson.code)
        refuse_wrong_email(salesperson.email or "")
        refuse_used_code(session, Salesperson, salesperson, _taken(salesperson))


def _taken(salesperson: Salesperson) -> Message:
    return say("There is already a salesperson %(code)s.", code=salesperson.code)
