"""The form of a task."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask_babel import lazy_gettext as lazy
from sqlalchemy.orm import Session
from wtforms import StringField
from wtforms.validators import Length

from blueprints.web.database import reading
from blueprints.web.fields import ChoiceField, CodeField, LookupInput, MeaningField, ReferenceField, TypedDateField
from blueprints.web.forms import Form
from blueprints.web.typed import head, named
from blueprints.web.words import TASK_PRIORITY_NAMES, TASK_TYPE_NAMES
from domain.campaigns.models import Campaign
from domain.campaigns.queries import find_campaign
from domain.contacts.models import Contact
from domain.contacts.queries import find_contact
from domain.errors import RuleViolation
from domain.messages import say
from domain.segments.models import Segment
from domain.segments.queries import find_segment

Find = Callable[[Session, str], Any]


class ThingField(MeaningField):
    """Text that names a contact, campaign or segment, shown as number and name; `meaning` is its id, None for blank."""

    widget = LookupInput()

    def __init__(self, *args: Any, model: Any, find: Find, name_of: Callable[[Any], str], **options: Any) -> None:
        self.model, self.find, self.name_of = model, find, name_of
        super().__init__(*args, **options)

    def shown(self, value: Any) -> str:
        """Number and name."""
        thing = reading().get(self.model, value) if value is not None else None
        return named(thing.no, self.name_of(thing)) if thing is not None else ""

    def understood(self, text: str) -> int | None:
        """The id of what is named."""
        if not text.strip():
            return None
        thing = None if "\x00" in text else self.find(reading(), head(text)) or self.find(reading(), text.strip())
        if thing is None:
            raise RuleViolation(say("There is no %(text)s.", text=text.strip()[:100]))
        return int(thing.id)


class TaskForm(Form):
    """A task."""

    no = CodeField(lazy("No."))
    type = ChoiceField(lazy("Type"), choices=list(TASK_TYPE_NAMES.items()))
    description = StringField(lazy("Description"), [Length(max=100)])
    date = TypedDateField(lazy("Date"))
    status = ChoiceField(lazy("Status"))
    priority = ChoiceField(lazy("Priority"), choices=list(TASK_PRIORITY_NAMES.items()))
    contact_id = ThingField(lazy("Contact"), model=Contact, find=find_contact, name_of=lambda one: one.name)
    salesperson_id = ReferenceField(lazy("Salesperson"))
    campaign_id = ThingField(lazy("Campaign"), model=Campaign, find=find_campaign, name_of=lambda one: one.description)
    segment_id = ThingField(lazy("Segment"), model=Segment, find=find_segment, name_of=lambda one: one.description)
