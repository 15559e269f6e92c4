"""Forms of interaction groups, templates and their languages."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as lazy
from flask_wtf.file import FileField
from wtforms import BooleanField, SelectField, StringField
from wtforms.validators import Length

from blueprints.web.fields import CodeField, MinutesField, MoneyField, ReferenceField
from blueprints.web.forms import Form


def _id(value: Any) -> int | None:
    text = str(value or "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None


def _choice(label: Any, **options: Any) -> SelectField:
    """A select whose choices the route gives; the domain checks the value."""
    return SelectField(label, validate_choice=False, choices=[], **options)


class GroupForm(Form):
    """An interaction group."""

    code = CodeField(lazy("Code"), length=10, required=True)
    description = StringField(lazy("Description"), [Length(max=100)])


class TemplateForm(Form):
    """An interaction template (segments.md 1.9)."""

    code = CodeField(lazy("Code"), length=10, required=True)
    description = StringField(lazy("Description"), [Length(max=100)])
    group_id = _choice(lazy("Interaction group"), coerce=_id)
    correspondence_type = _choice(lazy("Correspondence type (default)"), default="")
    ignore_contact_type = BooleanField(
        lazy("Ignore contact corr. type"),
        description=lazy("Everybody gets the type above, whatever their contact card says."),
    )
    language_id = _choice(
        lazy("Language code (default)"),
        coerce=_id,
        description=lazy("For contacts whose own language has no row below."),
    )
    wizard_action = _choice(
        lazy("Wizard action"),
        default="",
        description=lazy("What happens with the document when a single interaction is created."),
    )
    information_flow = _choice(lazy("Information flow"), default="")
    initiated_by = _choice(lazy("Initiated by"), default="")
    unit_cost = MoneyField(lazy("Unit cost"))
    unit_duration = MinutesField(lazy("Unit duration (min.)"))
    campaign_id = _choice(lazy("Campaign"), coerce=_id)
    campaign_target = BooleanField(lazy("Campaign target"))
    campaign_response = BooleanField(lazy("Campaign response"))


class LanguageForm(Form):
    """A language of a template: which, and its subject."""

    language_id = _choice(lazy("Language"), coerce=_id)
    subject = StringField(
        lazy("Subject"), [Length(max=100)], description=lazy("Of e-mails, and for letters that print it.")
    )


class NewLanguageForm(LanguageForm):
    """One more language, with its document if there is one already."""

    document = FileField(lazy("Document"))


class DocumentForm(Form):
    """The document of a language."""

    document = FileField(lazy("Document"))


class MappingForm(Form):
    """Which field each unknown name means; the names are those of the document, so the inputs are made by the route."""


class TemplateSetupForm(Form):
    """Which template an interaction gets that makes itself."""

    outgoing_calls_id = ReferenceField(lazy("Outgoing calls"), description=lazy("For Make phone call."))
    emails_id = ReferenceField(lazy("E-mails"))
    cover_sheets_id = ReferenceField(lazy("Cover sheets"))
