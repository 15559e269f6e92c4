"""The day the user works on, chosen in the top bar and kept in the sign-in session (decisions B22)."""

from __future__ import annotations

from flask import Blueprint, request, session
from flask_babel import gettext

from blueprints.accounts.forms import WorkDateForm
from blueprints.web.actor import WORK_DATE, today
from blueprints.web.formats import format_date
from blueprints.web.fragments import Answer, go_to, page
from blueprints.web.same_site import page_of_request, same_site

bp = Blueprint("work_date", __name__)


@bp.post("/work-date/")
def update() -> Answer:
    """Sets the work date. Blank, today's date and the button *Back to today* let it follow the calendar again."""
    form = WorkDateForm()
    back = same_site(form.next.data, page_of_request() or "/")
    if request.form.get("today"):
        session.pop(WORK_DATE, None)
        return go_to(back, gettext("The work date is today."))
    if not form.validate():
        return page("accounts/work_date.html", 422, form=form, back=back)
    chosen = form.work_date.date
    if chosen is None or chosen == today():
        session.pop(WORK_DATE, None)
        return go_to(back, gettext("The work date is today."))
    session[WORK_DATE] = chosen.isoformat()
    return go_to(back, gettext("The work date is now %(date)s.", date=format_date(chosen)))
