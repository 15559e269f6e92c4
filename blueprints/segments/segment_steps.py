"""The steps of a segment: the page Criteria, Go back, switching a step off, bringing lines back, resetting."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request, url_for
from flask_babel import gettext, ngettext

from blueprints.segments.line_answers import lines_changed
from blueprints.segments.segment_pins import pin_rows
from blueprints.segments.step_words import StepWords, step_url
from blueprints.segments.why_words import skip_reasons
from blueprints.segments.worksheet import frozen
from blueprints.segments.worksheet_actions import criteria_items, rights
from blueprints.web.actor import actor
from blueprints.web.database import reading, transaction
from blueprints.web.formats import format_number
from blueprints.web.fragments import Answer, go_to, page, page_or_fragment
from blueprints.web.typed import shown_version
from domain.segments.editing import begin_change_of
from domain.segments.models import Segment
from domain.segments.queries import get_open_segment, get_worksheet
from domain.segments.step_models import SegmentStep
from domain.segments.step_queries import SIDES, step_people
from domain.segments.steps import (
    MOST_SKIPS,
    bring_back,
    get_step,
    go_back,
    may_reset,
    reset_steps,
    skip_page,
    step_count,
    step_list,
    steps_between,
)
from domain.segments.switch_off import switch_off
from domain.segments.switch_off_preview import preview_switch_off

MOST_LATEST = 8
STEPS_ON_A_PAGE = 50
bp = Blueprint("segment_steps", __name__, url_prefix="/segments/<known:segment_no>/steps")


@bp.get("/")
def index(segment_no: str) -> Answer:
    """The changes of the list, oldest first; who is pinned; the question why somebody is on the list.

    Of many steps the page with the one asked for (`?step=`) is shown, else the last page.
    """
    session = reading()
    segment = get_worksheet(session, segment_no)
    count = step_count(session, segment)
    asked = request.args.get("step", "")
    shown = int(asked) if asked.isdecimal() and len(asked) < 10 else count
    first = (max(min(shown, count), 1) - 1) // STEPS_ON_A_PAGE * STEPS_ON_A_PAGE + 1
    last = min(first + STEPS_ON_A_PAGE - 1, count)
    steps = steps_between(session, segment, first, last)
    pages = {
        "previous": step_url(segment_no, first - 1, anchor=False) if first > 1 else None,
        "next": step_url(segment_no, last + 1, anchor=False) if last < count else None,
        "text": gettext(
            "Steps %(first)s–%(last)s of %(count)s",
            first=format_number(first),
            last=format_number(last),
            count=format_number(count),
        ),
    }
    return page(
        "segments/criteria.html",
        segment=segment,
        crumbs=crumbs(segment),
        steps=StepWords(session, segment, steps).all(),
        count=count,
        pages=pages if count > STEPS_ON_A_PAGE else None,
        pins=pin_rows(session, segment),
        frozen=frozen(segment),
        criteria_actions=criteria_items(segment.no, count, rights())[1:-1],
    )


@bp.get("/latest")
def latest(segment_no: str) -> Answer:
    """The last steps, for the pane beside the lines."""
    session = reading()
    segment = get_open_segment(session, segment_no)
    count = step_count(session, segment)
    steps = list(session.scalars(step_list(segment).where(SegmentStep.seq > count - MOST_LATEST)))
    words = StepWords(session, segment, steps).all()[::-1]
    partial = "segments/_latest_steps.html"
    title = gettext("Criteria")
    return page_or_fragment(
        "shared/dialog_page.html", partial, partial=partial, title=title, segment=segment, steps=words, count=count
    )


@bp.get("/<int:seq>/<any(added, removed, returned):side>")
def people(segment_no: str, seq: int, side: str) -> Answer:
    """The people a step added, removed or brought back, a hundred at a time."""
    session = reading()
    segment = get_worksheet(session, segment_no)
    step = get_step(session, segment, seq)
    found = {one: step_people(session, step, one, after=after() if one == side else 0) for one in SIDES}
    names = {
        "added": gettext("Added"),
        "removed": gettext("Removed"),
        "returned": gettext("Brought back"),
    }

    def address(one: str, **more: Any) -> str:
        return url_for("segment_steps.people", segment_no=segment_no, seq=seq, side=one, **more)

    shown = found[side]
    return page(
        "segments/step_people.html",
        segment=segment,
        crumbs=crumbs(segment, criteria=True),
        step=StepWords(session, segment, [step]).one(step),
        title=names[side],
        rows=[_person(segment, row) for row in shown.rows],
        chips=[
            {"label": names[one], "count": found[one].total, "current": one == side, "url": address(one)}
            for one in SIDES
            if found[one].total or one == side
        ],
        next_page=address(side, after=shown.next) if shown.next else None,
    )


def _person(segment: Segment, row: Any) -> dict[str, Any]:
    return {
        "no": row.no or "",
        "name": row.name or gettext("(no contact)"),
        "company": row.company_name if row.company_name != row.name else "",
        "url": url_for("segment_why.show", segment_no=segment.no, contact=row.no) if row.no else "",
        "listed": row.listed,
    }


@bp.get("/<int:seq>/skipped")
def skipped(segment_no: str, seq: int) -> Answer:
    """Who a step passed over, and why (A3)."""
    session = reading()
    segment = get_worksheet(session, segment_no)
    step = get_step(session, segment, seq)
    found = skip_page(session, step, after=after())
    reasons = skip_reasons()
    rows = [
        {
            "no": one.no,
            "name": one.name,
            "company": one.company_name if one.company_name != one.name else "",
            "url": url_for("contacts.show", no=one.no),
            "reason": reasons.get(one.reason, one.reason),
        }
        for one in found.rows
    ]
    following = url_for("segment_steps.skipped", segment_no=segment_no, seq=seq, after=found.next)
    return page(
        "segments/skipped.html",
        segment=segment,
        crumbs=crumbs(segment, criteria=True),
        step=StepWords(session, segment, [step]).one(step),
        rows=rows,
        more=step.skipped - found.kept if found.kept >= MOST_SKIPS else 0,
        gone=step.skipped - found.kept if found.kept < MOST_SKIPS else 0,
        next_page=following if found.next else None,
    )


def after() -> int:
    """Where the page begins."""
    given = request.args.get("after", "")
    return int(given) if given.isdecimal() and len(given) < 19 else 0


def crumbs(segment: Segment, *, criteria: bool = False) -> list[tuple[str, str | None]]:
    """The way to a page of the criteria, for open and for logged segments; `criteria`: for pages below the first."""
    no = segment.no
    if segment.logged_segment_id is None:
        way = [(gettext("Segments"), url_for("segments.index")), (no, url_for("segments.show", segment_no=no))]
    else:
        way = [
            (gettext("Logged segments"), url_for("logged_segments.index")),
            (no, url_for("logged_segments.show", segment_no=no)),
        ]
    own = url_for("segment_steps.index", segment_no=no) if criteria else None
    return [*way, (gettext("Criteria"), own)]


@bp.get("/<int:seq>/off")
def ask_off(segment_no: str, seq: int) -> Answer:
    """What the list would be without a step (A3)."""
    by = actor()
    by.must_be_allowed("edit segments")
    session = reading()
    segment = get_open_segment(session, segment_no)
    without = preview_switch_off(session, segment, seq, by=by)
    step = get_step(session, segment, seq)
    words = StepWords(session, segment, [step]).one(step)
    partial = "segments/_switch_off_dialog.html"
    return page_or_fragment(
        "shared/dialog_page.html",
        partial,
        partial=partial,
        title=gettext("Switch off step %(seq)s?", seq=seq),
        segment=segment,
        step=words,
        without=without,
        groups=[
            (ngettext("%(num)d line goes", "%(num)d lines go", without.went), without.going, without.went),
            (
                ngettext("%(num)d line comes back", "%(num)d lines come back", without.returned),
                without.returning,
                without.returned,
            ),
            (
                ngettext(
                    "%(num)d line comes in by a later step", "%(num)d lines come in by later steps", without.came_in
                ),
                without.coming,
                without.came_in,
            ),
        ],
    )


@bp.post("/<int:seq>/off")
def off(segment_no: str, seq: int) -> Answer:
    """Switches a step off; a step of its own (A3)."""
    by = actor()
    with transaction() as session:
        segment = get_open_segment(session, segment_no)
        begin_change_of(session, segment, shown_version() or 0, by=by)
        done = switch_off(session, segment, seq, by=by)
    parts = [gettext("Step %(seq)s is switched off.", seq=seq)]
    if done.went:
        parts.append(ngettext("%(num)d line went.", "%(num)d lines went.", done.went))
    if done.returned:
        parts.append(ngettext("%(num)d line came back.", "%(num)d lines came back.", done.returned))
    if done.came_in:
        parts.append(ngettext("%(num)d line came in.", "%(num)d lines came in.", done.came_in))
    return go_to(url_for("segment_steps.index", segment_no=segment_no), " ".join(parts), "ok")


@bp.post("/last/delete", endpoint="go_back")
def back(segment_no: str) -> Answer:
    """Undoes the last step, losing nothing (A3)."""
    seq = request.form.get("seq", "")
    with transaction() as session:
        segment = get_open_segment(session, segment_no)
        if (version := shown_version()) is not None:
            begin_change_of(session, segment, version, by=actor())
        done = go_back(
            session,
            segment,
            seq=int(seq) if seq.isdecimal() and len(seq) < 10 else None,
            by=actor(),
        )
    parts = [gettext("Step %(seq)s was undone.", seq=done.seq)]
    if done.returned:
        parts.append(ngettext("%(num)d line came back.", "%(num)d lines came back.", done.returned))
    if done.removed:
        parts.append(ngettext("%(num)d line went.", "%(num)d lines went.", done.removed))
    if "list_version" in request.form:  # from the page Criteria, back to it
        return go_to(url_for("segment_steps.index", segment_no=segment_no), " ".join(parts), "ok")
    return lines_changed(segment_no, " ".join(parts))


@bp.post("/<int:seq>/bring-back")
def restore(segment_no: str, seq: int) -> Answer:
    """Brings back the lines a step removed (B27)."""
    with transaction() as session:
        segment = get_open_segment(session, segment_no)
        done = bring_back(session, segment, get_step(session, segment, seq), by=actor())
    return lines_changed(segment_no, ngettext("%(num)d line came back.", "%(num)d lines came back.", done.returned))


@bp.get("/reset")
def ask_reset(segment_no: str) -> Answer:
    """Asks whether the steps of an emptied segment shall go too (Q-05)."""
    session = reading()
    segment = get_open_segment(session, segment_no)
    actor().must_be_allowed("edit segments")
    if not may_reset(session, segment):
        return go_to(url_for("segments.show", segment_no=segment_no))
    partial = "segments/_reset_dialog.html"
    title = gettext("The segment is empty now")
    return page_or_fragment("shared/dialog_page.html", partial, partial=partial, title=title, segment=segment)


@bp.post("/reset")
def reset(segment_no: str) -> Answer:
    """Steps and removed lines of an empty segment go for good (Q-05)."""
    with transaction() as session:
        reset_steps(session, get_open_segment(session, segment_no), by=actor())
    text = gettext("Steps and removed lines were deleted. The segment is as new.")
    return go_to(url_for("segments.show", segment_no=segment_no), text, "ok")
