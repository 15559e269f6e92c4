"""Reuse criteria, reuse a logged segment: choose, the question when there are steps already, the result step by step."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, request, url_for
from flask_babel import gettext, ngettext
from sqlalchemy.orm import Session

from blueprints.segments.reuse_words import very_many
from blueprints.segments.saved_step_words import action_word
from blueprints.web.actor import actor
from blueprints.web.cards import ask
from blueprints.web.database import reading, transaction
from blueprints.web.formats import format_date
from blueprints.web.fragments import Answer, go_to, page, page_or_fragment
from blueprints.web.jobs import go_to_job
from blueprints.web.languages import translate
from blueprints.web.typed import head, named, shown_version
from domain.errors import Conflict, NotFound, RuleViolation
from domain.interactions.logged_segments import get_logged_segment
from domain.interactions.models import LoggedSegment
from domain.interactions.queries import logged_segment_page
from domain.segments import list_job
from domain.segments.editing import begin_change_of
from domain.segments.expected import Expected, expected_of_criteria, expected_of_logged
from domain.segments.list_job import queue_reuse_criteria, queue_reuse_logged
from domain.segments.models import Segment
from domain.segments.of_contacts import latest_open_segments
from domain.segments.queries import get_open_segment
from domain.segments.reuse import reuse_criteria, reuse_logged_segment
from domain.segments.saved_criteria import get_saved_criteria, look_up_saved_criteria
from domain.segments.saved_criteria_models import SavedCriteria
from domain.segments.steps import may_reset, step_count, steps_between

bp = Blueprint("segment_reuse", __name__)
CRITERIA, LOGGED = "criteria", "logged"


@bp.get("/segments/<known:segment_no>/reuse/<what>")
def choose(segment_no: str, what: str) -> Answer:
    """Which saved criteria, or which logged segment, to reuse."""
    segment = get_open_segment(reading(), segment_no)
    actor().must_be_allowed("edit segments")
    return _dialog(segment, what, typed=request.args.get("key", ""))


@bp.post("/segments/<known:segment_no>/reuse/<what>")
def create(segment_no: str, what: str) -> Answer:
    """Reuses it as further steps. When the segment has steps, asks first (R-RC01)."""
    return _reuse(segment_no, what, request.form.get("key", ""))


@bp.get("/logged-segments/<known:segment_no>/reuse")
def choose_segment(segment_no: str) -> Answer:
    """On which open segment a logged segment shall be reused."""
    logged = get_logged_segment(reading(), segment_no)
    actor().must_be_allowed("edit segments")
    return _segment_dialog(logged)


@bp.post("/logged-segments/<known:segment_no>/reuse")
def create_on_segment(segment_no: str) -> Answer:
    """As `create`, from the page of the logged segment."""
    logged = get_logged_segment(reading(), segment_no)
    chosen = request.form.get("segment", "")
    if not chosen:
        return _segment_dialog(logged, status=422, error=gettext("Choose a segment."))
    return _reuse(chosen, LOGGED, logged.segment_no)


def _segment_dialog(logged: LoggedSegment, *, status: int = 200, **values: Any) -> Answer:
    partial = "segments/_reuse_on_dialog.html"
    choices = [(row.no, named(row.no, row.description)) for row in reading().execute(latest_open_segments())]
    title = gettext("Reuse logged segment %(no)s", no=logged.segment_no)
    values = {"title": title, "logged": logged, "choices": choices, "partial": partial} | values
    return page_or_fragment("shared/dialog_page.html", partial, status, **values)


@dataclass(frozen=True)
class Chosen:
    """What shall be reused on which segment, as it was typed; `list_version`: the list it was chosen in view of."""

    segment_no: str
    what: str
    typed: str
    with_canceled: bool
    list_version: int | None

    def get(self, session: Session) -> SavedCriteria | LoggedSegment:
        """The saved criteria or the logged segment. Raises `NotFound`."""
        key = head(self.typed)
        return get_saved_criteria(session, key) if self.what == CRITERIA else get_logged_segment(session, key)

    def expected(self, session: Session, segment: Segment, chosen: SavedCriteria | LoggedSegment) -> Expected:
        """How much it would do."""
        if isinstance(chosen, SavedCriteria):
            return expected_of_criteria(session, segment, chosen, by=actor())
        return expected_of_logged(session, chosen, with_canceled=self.with_canceled)

    def run(self, session: Session, segment: Segment) -> None:
        """Does it, if the list is the one that was seen."""
        if self.list_version is not None:
            begin_change_of(session, segment, self.list_version, by=actor())
        chosen = self.get(session)
        if isinstance(chosen, SavedCriteria):
            reuse_criteria(session, segment, chosen, by=actor())
        else:
            reuse_logged_segment(session, segment, chosen, with_canceled=self.with_canceled, by=actor())

    def queue(self, session: Session, segment: Segment, lines: int) -> int:
        """Gives it to the worker. The id of the job."""
        version = segment.list_version if self.list_version is None else self.list_version
        chosen = self.get(session)
        if isinstance(chosen, SavedCriteria):
            job = queue_reuse_criteria(session, segment, chosen, list_version=version, lines=lines, by=actor())
        else:
            job = queue_reuse_logged(
                session,
                segment,
                chosen,
                with_canceled=self.with_canceled,
                list_version=version,
                lines=lines,
                by=actor(),
            )
        return job.id

    def dialog(self, segment: Segment, error: str, status: int = 422) -> Answer:
        """The dialog again, with what was typed and a sentence on its field."""
        return _dialog(
            segment, self.what, typed=self.typed, with_canceled=self.with_canceled, error=error, status=status
        )


def _reuse(segment_no: str, what: str, typed: str) -> Answer:
    asked = Chosen(segment_no, what, typed, not request.form.get("without_canceled"), shown_version())
    session = reading()
    segment = get_open_segment(session, segment_no)
    actor().must_be_allowed("edit segments")
    if not head(typed):
        return asked.dialog(
            segment, gettext("Choose saved criteria.") if what == CRITERIA else gettext("Choose a logged segment.")
        )
    try:
        chosen = asked.get(session)
        expected = asked.expected(session, segment, chosen)
        steps = step_count(session, segment)
        if not request.form.get("confirmed") and (answer := _question(segment, asked, steps, expected)):
            return answer
        with transaction() as changing:
            segment = get_open_segment(changing, segment_no)
            key = chosen.code if isinstance(chosen, SavedCriteria) else chosen.segment_no
            first = step_count(changing, segment) + 1
            waits = expected.lines > list_job.IN_BACKGROUND
            if waits:
                job_id = asked.queue(changing, segment, expected.lines)
            else:
                asked.run(changing, segment)
            last = step_count(changing, segment)
    except (NotFound, RuleViolation) as refusal:
        return asked.dialog(get_open_segment(reading(), segment_no), translate(refusal.message))
    except Conflict as moved:
        return asked.dialog(get_open_segment(reading(), segment_no), translate(moved.message), 409)
    if waits:
        return go_to_job(job_id)
    return go_to(url_for("segment_reuse.report", segment_no=segment_no, first=first, last=last, key=key))


def _question(segment: Segment, asked: Chosen, steps: int, expected: Expected) -> Answer | None:
    """The question before steps are added to others, or before everybody or very many come (R-RC01).

    It is answered with No by default: only its own button goes on.
    """
    lead = ""
    if steps:
        lead = ngettext(
            "This segment has %(num)d step already. Reuse all the same?",
            "This segment has %(num)d steps already. Reuse all the same?",
            steps,
        )
    points = very_many(expected)
    if not lead and not points:
        return None
    if steps:
        points.append(("info", gettext("The reused steps are added behind them. Go back undoes each of them.")))
    fields = {"key": asked.typed, "confirmed": "1"} | ({} if asked.with_canceled else {"without_canceled": "1"})
    if asked.list_version is not None:
        fields["list_version"] = str(asked.list_version)
    return ask(
        gettext("Reuse on segment %(no)s", no=segment.no),
        lead,
        points=points,
        fields=fields,
        submit=gettext("Reuse all the same"),
        action=url_for("segment_reuse.create", segment_no=segment.no, what=asked.what),
        cancel=url_for("segments.show", segment_no=segment.no),
    )


def _dialog(segment: Segment, what: str, *, status: int = 200, **values: Any) -> Answer:
    if what not in (CRITERIA, LOGGED):
        abort(404)
    title = gettext("Reuse criteria") if what == CRITERIA else gettext("Reuse logged segment")
    partial = "segments/_reuse_dialog.html"
    values = {"title": title, "segment": segment, "what": what, "partial": partial} | values
    return page_or_fragment("shared/dialog_page.html", partial, status, **values)


@bp.get("/segments/<known:segment_no>/reuse/look-up/<what>")
def look_up(segment_no: str, what: str) -> Answer:
    """Saved criteria or logged segments while typing."""
    text, session = head(request.args.get("q", "")[:100]), reading()
    options: list[dict[str, Any]]
    if what == CRITERIA:
        options = [
            {
                "value": one.code,
                "label": one.code,
                "text": one.description,
                "shown": named(one.code, one.description),
                "side": ngettext("%(num)d step", "%(num)d steps", one.steps),
            }
            for one in look_up_saved_criteria(session, text)
        ]
    else:
        options = [
            {
                "value": one.segment_no,
                "label": one.segment_no,
                "text": one.description,
                "shown": named(one.segment_no, one.description),
                "side": format_date(one.created_on),
            }
            for one in logged_segment_page(session, search=text, limit=20).rows
        ]
    count = ngettext("%(num)d choice", "%(num)d choices", len(options)) if options else gettext("No choices")
    return page("shared/_lookup_options.html", options=options, count=count)


@bp.get("/segments/<known:segment_no>/reuse/result")
def report(segment_no: str) -> Answer:
    """What the reused steps have done: found, added or removed, skipped."""
    session = reading()
    segment = get_open_segment(session, segment_no)
    first, last = _seq("first"), _seq("last")
    rows = []
    for step in steps_between(session, segment, first, last):
        adds = step.kind in ("add", "reuse", "pin")
        rows.append(
            {
                "seq": step.seq,
                "action": action_word(step.kind),
                "found": step.found,
                "added": step.changed if adds else 0,
                "removed": 0 if adds else step.changed,
                "skipped": step.skipped,
            }
        )
    return page(
        "segments/reuse_result.html",
        segment=segment,
        rows=rows,
        key=request.args.get("key", "")[:20],
        emptied=may_reset(session, segment) and actor().may("edit segments"),
    )


def _seq(name: str) -> int:
    text = request.args.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0
