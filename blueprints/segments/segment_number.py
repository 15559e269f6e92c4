"""Another number for a segment (R-H01)."""

from __future__ import annotations

from flask import Blueprint, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as lazy

from blueprints.web.actor import actor
from blueprints.web.database import reading, transaction
from blueprints.web.fields import CodeField
from blueprints.web.forms import Form
from blueprints.web.fragments import Answer, go_to, page_or_fragment
from domain.segments.queries import get_open_segment
from domain.segments.rename import rename_segment

bp = Blueprint("segment_number", __name__, url_prefix="/segments/<known:segment_no>/number")


class NumberForm(Form):
    """The number of a segment."""

    no = CodeField(lazy("No."), required=True)


@bp.get("/")
def show(segment_no: str) -> Answer:
    """The dialog."""
    actor().must_be_allowed("edit segments")
    segment = get_open_segment(reading(), segment_no)
    return _dialog(segment.no, NumberForm(formdata=None, data={"no": segment.no}))


@bp.post("/")
def update(segment_no: str) -> Answer:
    """Changes the number; the page goes on under the new one."""
    form = NumberForm()
    if form.validate():
        with form.reporting():
            with transaction() as session:
                segment = get_open_segment(session, segment_no)
                number = rename_segment(session, segment, form.no.data, was=form.was("no"), by=actor())
            text = gettext("The segment has the number %(no)s now.", no=number)
            return go_to(url_for("segments.show", segment_no=number), text, "ok")
    return _dialog(get_open_segment(reading(), segment_no).no, form, 422)


def _dialog(segment_no: str, form: NumberForm, status: int = 200) -> Answer:
    partial = "segments/_number_dialog.html"
    title = gettext("Change the number of segment %(no)s", no=segment_no)
    values = {"title": title, "segment_no": segment_no, "form": form}
    return page_or_fragment("shared/dialog_page.html", partial, status, partial=partial, **values)
