"""The form of a campaign."""

from __future__ import annotations

from flask_babel import lazy_gettext as lazy
from wtforms import StringField
from wtforms.validators import Length

from blueprints.web.fields import CodeField, ReferenceField, TypedDateField
from blueprints.web.forms import Form


class CampaignForm(Form):
    """A campaign."""

    no = CodeField(lazy("No."))
    description = StringField(lazy("Description"), [Length(max=100)])
    starting_date = TypedDateField(lazy("Starting date"))
    ending_date = TypedDateField(lazy("Ending date"))
    salesperson_id = ReferenceField(lazy("Salesperson"))
