"""Apply mailing group: the contacts of a segment get into a mailing group (R-MG01)."""

from __future__ import annotations

from flask import Blueprint, request, url_for
from flask_babel import gettext, ngettext

from blueprints.web.actor import actor
from blueprints.web.database import reading, transaction
from blueprints.web.fragments import Answer, go_to, page, page_or_fragment
from blueprints.web.typed import head, named
from domain.contacts.classification.codes import find_code, look_up_codes
from domain.contacts.classification.kinds import MAILING_GROUPS
from domain.segments.mailing_group import AppliedGroup, apply_mailing_group
from domain.segments.queries import get_open_segment

bp = Blueprint("segment_mailing_group", __name__, url_prefix="/segments/<known:segment_no>/mailing-group")


@bp.get("/")
def new(segment_no: str) -> Answer:
    """The dialog."""
    actor().must_be_allowed("edit classification")
    return _dialog(get_open_segment(reading(), segment_no).no)


@bp.post("/")
def create(segment_no: str) -> Answer:
    """Puts the contacts into the group."""
    by = actor()
    by.must_be_allowed("edit classification")
    typed, delete_old = request.form.get("group", ""), bool(request.form.get("delete_old"))
    group = find_code(reading(), MAILING_GROUPS, head(typed))
    if group is None:
        error = gettext("Choose one mailing group.")
        number = get_open_segment(reading(), segment_no).no
        return _dialog(number, 422, typed=typed, delete_old=delete_old, error=error)
    with transaction() as session:
        segment = get_open_segment(session, segment_no)
        group = find_code(session, MAILING_GROUPS, head(typed))
        code, number = group.code, segment.no
        done = apply_mailing_group(session, segment, group, delete_old=delete_old, by=by)
    return go_to(url_for("segments.show", segment_no=number), _said(done, code, number), "ok")


def _said(done: AppliedGroup, code: str, no: str) -> str:
    parts = [
        ngettext(
            "%(num)d contact of segment %(no)s was put into the mailing group %(code)s.",
            "%(num)d contacts of segment %(no)s were put into the mailing group %(code)s.",
            done.added,
            no=no,
            code=code,
        )
    ]
    if done.present:
        parts.append(ngettext("%(num)d was in it already.", "%(num)d were in it already.", done.present))
    if done.removed:
        parts.append(ngettext("%(num)d contact left it.", "%(num)d contacts left it.", done.removed))
    if done.blocked:
        parts.append(ngettext("%(num)d is privacy blocked.", "%(num)d are privacy blocked.", done.blocked))
    return " ".join(parts)


def _dialog(segment_no: str, status: int = 200, **values: object) -> Answer:
    partial = "segments/_mailing_group_dialog.html"
    title = gettext("Apply a mailing group to segment %(no)s", no=segment_no)
    known = {"title": title, "segment_no": segment_no, "partial": partial}
    return page_or_fragment("shared/dialog_page.html", partial, status, **known, **values)


@bp.get("/look-up")
def look_up(segment_no: str) -> Answer:
    """Mailing groups while typing."""
    options = [
        {"value": one.code, "label": one.code, "text": one.description, "shown": named(one.code, one.description)}
        for one in look_up_codes(reading(), MAILING_GROUPS, head(request.args.get("q", "")[:100]))
    ]
    count = ngettext("%(num)d choice", "%(num)d choices", len(options)) if options else gettext("No choices")
    return page("shared/_lookup_options.html", options=options, count=count)
