"""Save criteria: the steps of a segment under a code, for other segments (R-SC01…R-SC03)."""

from __future__ import annotations

from flask import Blueprint, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as lazy
from wtforms import StringField

from blueprints.web.actor import actor
from blueprints.web.database import reading, transaction
from blueprints.web.fields import CodeField
from blueprints.web.forms import Form
from blueprints.web.fragments import Answer, go_to, page_or_fragment
from domain.segments.queries import get_open_segment
from domain.segments.saved_criteria import save_criteria

bp = Blueprint("save_criteria", __name__, url_prefix="/segments/<known:segment_no>/save-criteria")


class SavedCriteriaForm(Form):
    """Code and description of saved criteria; the domain says what is wrong with them."""

    code = CodeField(lazy("Code"), length=200)
    description = StringField(lazy("Description"))


@bp.get("/")
def new(segment_no: str) -> Answer:
    """The dialog."""
    segment = get_open_segment(reading(), segment_no)
    actor().must_be_allowed("edit segments")
    return _dialog(segment.no, SavedCriteriaForm(formdata=None, data={"description": segment.description}))


@bp.post("/")
def create(segment_no: str) -> Answer:
    """Saves the criteria and opens them."""
    form = SavedCriteriaForm()
    if form.validate():
        with form.reporting():
            with transaction() as session:
                segment = get_open_segment(session, segment_no)
                saved = save_criteria(session, segment, form.code.data, form.description.data, by=actor())
                key = saved.code
            text = gettext("The criteria were saved as %(code)s.", code=key)
            return go_to(url_for("saved_criteria.show", key=key), text, "ok")
    return _dialog(get_open_segment(reading(), segment_no).no, form, 422)


def _dialog(segment_no: str, form: SavedCriteriaForm, status: int = 200) -> Answer:
    partial = "segments/_save_criteria_dialog.html"
    title = gettext("Save the criteria of segment %(no)s", no=segment_no)
    values = {"title": title, "segment_no": segment_no, "form": form}
    return page_or_fragment("shared/dialog_page.html", partial, status, partial=partial, **values)
