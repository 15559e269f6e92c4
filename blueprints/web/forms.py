"""Forms: what the user typed, checked for shape; rules of the domain become errors on their fields."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from flask import request
from flask_babel import gettext
from flask_wtf import FlaskForm
from wtforms import BooleanField, Field, StringField

from blueprints.web.formats import format_date
from blueprints.web.languages import translate
from domain.errors import Conflict, RuleViolation


class Form(FlaskForm):
    """A form that can report what the domain refuses, and knows the values it was shown with (`was-…`, B26)."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.stored_now: dict[str, str] = {}
        for field in self:
            if isinstance(field, StringField) and field.data is None:
                field.data = ""  # left out of the request

    def validate(self, extra_validators: Any = None) -> bool:
        """Checks shape. Also refuses text the database cannot hold (NUL)."""
        good = super().validate(extra_validators)
        for field in self:
            if isinstance(field.data, str) and "\x00" in field.data:
                field.errors = [*field.errors, gettext("This text contains a character that cannot be stored.")]
                good = False
        return good

    def submitted(self) -> bool:
        """Whether the request posts this form and its shape is right."""
        return request.method == "POST" and self.validate()

    @contextmanager
    def reporting(self) -> Iterator[None]:
        """A refusal inside becomes an error of the form."""
        try:
            yield
        except RuleViolation as refusal:
            self.report(refusal)

    def report(self, refusal: RuleViolation) -> None:
        """Puts the sentence on the field it names, or above the form."""
        field = self._fields.get(refusal.field or "")
        if field is None:
            self.form_errors.append(translate(refusal.message))
        else:
            field.errors = [*field.errors, translate(refusal.message)]

    def was(self, name: str) -> str | None:
        """The value the field was shown with; None when the page did not say."""
        return request.form.get(f"{self._prefix}was-{name}")

    def changes(self, stored: Mapping[str, Any]) -> dict[str, Any]:
        """The values of the fields the user changed, of those named in `stored` (name: value as the domain has it).

        Fields that somebody else changed meanwhile to something else get an error that shows it, and `stored_now` holds
        what to post as `was-…` next time (`ui.form_field(…, was=form.stored_now.get(name, true))`); then raises
        `Conflict`. Answer it with the same form and status 409: saving again uses what was typed.
        """
        changed, conflicts = {}, []
        for name, value in stored.items():
            field = self._fields[name]
            theirs = shown_in(field, value)
            if not field.raw_data and self.was(name) is None:
                continue  # left out of the request
            try:
                if changed_since_shown(name, raw_value(field), theirs, self.was(name)):
                    changed[name] = value_of(field)
            except Conflict as conflict:
                conflicts.append(conflict)
                self.stored_now[name] = theirs
                field.errors = [
                    *field.errors,
                    gettext(
                        "Someone else changed this to “%(theirs)s”. Save again to use yours.",
                        theirs=_choice(field, theirs) or gettext("(blank)"),
                    ),
                ]
        if conflicts:
            raise conflicts[0]
        return changed


def raw_value(field: Field) -> str:
    """A field's value as the form shows it, for `was-…`."""
    if isinstance(field, BooleanField) or hasattr(field, "choices"):
        return raw(field.data)
    meaning = value_of(field)
    if meaning is not None and not isinstance(meaning, str):
        return shown_in(field, meaning)
    return raw(field._value() if hasattr(field, "_value") else field.data)


def value_of(field: Field) -> Any:
    """What a field says: the meaning of its text where it has one, else its data."""
    return next((getattr(field, name) for name in ("date", "meaning") if hasattr(field, name)), field.data)


def shown_in(field: Field, value: Any) -> str:
    """A stored value as this field shows it."""
    return str(field.shown(value)) if hasattr(field, "shown") else raw(value)


def raw(value: Any) -> str:
    """A stored value as a form shows it."""
    if isinstance(value, bool):
        return "1" if value else ""
    if isinstance(value, dt.date):
        return format_date(value)
    return "" if value is None else str(value)


def _choice(field: Field, value: str) -> str:
    """What a reader sees for a stored value: the text of the choice, or the value itself."""
    for key, text, *_ in field.iter_choices() if hasattr(field, "iter_choices") else []:
        if raw(key) == value:
            return str(text)
    return gettext("Yes") if isinstance(field, BooleanField) and value else value


def changed_since_shown(name: str, mine: str, stored: str, was: str | None) -> bool:
    """Whether the user changed the field; raises `Conflict` when the stored value differs from both (B26)."""
    if was is None:
        return mine != stored
    if mine in (was, stored):
        return mine not in (was, stored)
    if stored != was:
        raise Conflict(field=name, mine=mine, theirs=stored)
    return True
