"""*Add contacts…*, *Reduce contacts…*, *Refine contacts…*: criteria, what they would do, and doing it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, request, url_for
from flask_babel import gettext, ngettext
from sqlalchemy.orm import Session

from blueprints.segments.criteria_form import CriteriaForm, read_form
from blueprints.segments.criteria_view import form_context, person, preview_context, told
from blueprints.segments.criteria_words import criteria_sentence
from blueprints.segments.line_answers import LISTED, lines_changed
from blueprints.segments.step_words import step_url
from blueprints.segments.worksheet import page_context
from blueprints.web.actor import actor
from blueprints.web.database import reading, transaction
from blueprints.web.filters import filter_examples
from blueprints.web.formats import format_number
from blueprints.web.fragments import Answer, fragments, go_to, page_or_fragment, wants_fragment
from blueprints.web.jobs import go_to_job
from blueprints.web.languages import translate
from blueprints.web.typed import shown_version
from domain.errors import Conflict, RuleViolation
from domain.segments import list_job
from domain.segments.add_contacts import AddOptions, add_by_criteria
from domain.segments.editing import begin_change_of
from domain.segments.expected import is_everybody
from domain.segments.list_job import queue_criteria
from domain.segments.models import Segment
from domain.segments.preview import GOES, NEW, Preview, preview_add, preview_reduce
from domain.segments.queries import get_open_segment
from domain.segments.reduce import reduce_contacts, refine_contacts
from domain.segments.step_models import SegmentStep
from domain.segments.steps import get_step, skip_page

bp = Blueprint(
    "segment_criteria", __name__, url_prefix="/segments/<known:segment_no>/criteria/<any(add, reduce, refine):kind>"
)
MANY = 20_000
"""More lines than this are only changed when somebody has said so."""
NAMED = 10
ADD_OPTIONS = ("allow_existing", "expand_companies", "related_companies", "include_excluded")
PAGE, DIALOG, PREVIEW = (
    "segments/criteria_dialog.html",
    "segments/_criteria_dialog.html",
    "segments/_criteria_preview.html",
)


@dataclass(frozen=True)
class Asked:
    """What the form of a request asks for."""

    kind: str
    form: CriteriaForm
    options: dict[str, bool]
    list_version: int | None

    @classmethod
    def of_request(cls, session: Session, kind: str) -> Asked:
        """From the fields posted, or the address of a link."""
        names = ADD_OPTIONS if kind == "add" else ("entire_companies",)
        return cls(
            kind,
            read_form(session, request.values),
            {name: bool(request.values.get(name)) for name in names},
            shown_version(),
        )

    def preview(self, session: Session, segment: Segment) -> Preview:
        """What would happen."""
        criteria = self.form.criteria
        if self.kind == "add":
            return preview_add(session, segment, criteria, options=AddOptions(**self.options), by=actor())
        return preview_reduce(session, segment, self.kind, criteria, **self.options, by=actor())

    def run(self, session: Session, segment: Segment) -> tuple[SegmentStep, bool]:
        """Does it. The step, and whether the segment is empty now."""
        criteria = self.form.criteria
        if self.kind == "add":
            added = add_by_criteria(session, segment, criteria, options=AddOptions(**self.options), by=actor())
            return added.step, False
        change = reduce_contacts if self.kind == "reduce" else refine_contacts
        gone = change(session, segment, criteria, **self.options, by=actor())
        return gone.step, gone.may_reset


@bp.get("/")
def show(segment_no: str, kind: str) -> Answer:
    """The empty form, or one filled in by its address."""
    actor().must_be_allowed("edit segments")
    session = reading()
    return _shown(session, get_open_segment(session, segment_no), Asked.of_request(session, kind))


@bp.post("/preview/", endpoint="preview")
def previewed(segment_no: str, kind: str) -> Answer:
    """What the criteria mean and would do, while they are typed."""
    actor().must_be_allowed("edit segments")
    session = reading()
    segment = get_open_segment(session, segment_no)
    asked = Asked.of_request(session, kind)
    asked.form.check(session)
    if not wants_fragment():
        return _shown(session, segment, asked)
    return fragments(
        PREVIEW,
        "segments/_criteria_said.html",
        **_preview(session, segment, asked),
        **form_context(session, asked.form),
        kind=kind,
    )


@bp.post("/")
def create(segment_no: str, kind: str) -> Answer:
    """Adds a field or an alternative to the form; shows what would happen; or does it."""
    actor().must_be_allowed("edit segments")
    session = reading()
    segment = get_open_segment(session, segment_no)
    asked = Asked.of_request(session, kind)
    do = request.form.get("do", "")
    altered = asked.form.alter(do)
    asked.form.check(session)
    if altered:
        return _shown(session, segment, asked)
    if asked.form.errors:
        return _shown(session, segment, asked, 422)
    if do == "preview":
        return _shown(session, segment, asked)
    preview = asked.preview(session, segment)
    if do != "confirmed" and (question := _question(session, asked, preview)):
        return _shown(session, segment, asked, question=question)
    lines = preview.counts.get(NEW if asked.kind == "add" else GOES, 0)
    try:
        if lines > list_job.IN_BACKGROUND:
            return _in_background(segment_no, asked, lines)
        with transaction() as writing:
            held = get_open_segment(writing, segment_no)
            if asked.list_version is not None:
                begin_change_of(writing, held, asked.list_version, by=actor())
            step, emptied = asked.run(writing, held)
            seq = step.seq
    except Conflict:
        fresh = reading()
        return _shown(fresh, get_open_segment(fresh, segment_no), asked, 409, moved=True)
    except RuleViolation as refusal:
        if not refusal.field:
            raise
        return _shown(
            reading(), get_open_segment(reading(), segment_no), asked, 422, refusal=translate(refusal.message)
        )
    return _done(segment_no, kind, seq, emptied)


def _in_background(segment_no: str, asked: Asked, lines: int) -> Answer:
    """Gives very many lines to the worker; the page of the job shows how far it is."""
    with transaction() as writing:
        segment = get_open_segment(writing, segment_no)
        job = queue_criteria(
            writing,
            segment,
            asked.kind,
            asked.form.criteria,
            asked.options,
            list_version=segment.list_version if asked.list_version is None else asked.list_version,
            lines=lines,
            by=actor(),
        )
        job_id = job.id
    return go_to_job(job_id)


def _question(session: Session, asked: Asked, preview: Preview) -> dict[str, str] | None:
    """What is asked before everybody, or very many, come or go."""
    n = preview.counts.get(NEW if asked.kind == "add" else GOES, 0)
    nothing = asked.form.criteria.asks_nothing
    everybody = asked.kind == "add" and not nothing and is_everybody(session, preview.total)
    if not (nothing or everybody) and n <= MANY:
        return None
    if asked.kind == "add":
        text = ngettext("This adds %(n)s contact.", "This adds %(n)s contacts.", n, n=format_number(n))
        button = ngettext("Add %(n)s contact", "Add %(n)s contacts", n, n=format_number(n))
    else:
        text = ngettext("This removes %(n)s line.", "This removes %(n)s lines.", n, n=format_number(n))
        button = ngettext("Remove %(n)s line", "Remove %(n)s lines", n, n=format_number(n))
    if nothing:
        title = gettext("No filter is set: every contact is meant.")
    else:
        title = gettext("Every contact meets these filters.") if everybody else gettext("These are very many.")
    if n > list_job.IN_BACKGROUND:
        text += " " + gettext("It goes on in the background; a page shows how far it is.")
    return {"title": title, "text": text, "button": button}


def _preview(session: Session, segment: Segment, asked: Asked) -> dict[str, Any]:
    """Values for the preview; without numbers while a filter cannot be read, or nothing is asked."""
    if asked.form.errors:
        n = len(asked.form.errors)
        return {"unread": ngettext("%(num)d filter cannot be read.", "%(num)d filters cannot be read.", n)}
    criteria = asked.form.criteria
    if criteria.asks_nothing:
        return {"idle": gettext("No filter is set: every contact is meant.")}
    return preview_context(asked.preview(session, segment), criteria_sentence(session, criteria, actor()))


def _shown(session: Session, segment: Segment, asked: Asked, status: int = 200, **more: Any) -> Answer:
    """The form with everything that was typed, and its preview."""
    return page_or_fragment(
        PAGE,
        DIALOG,
        status,
        segment=segment,
        kind=asked.kind,
        title=title_of(asked.kind),
        options=_options(asked),
        list_version=asked.list_version if asked.form.errors else segment.list_version,  # the preview shown with it
        examples=filter_examples(),
        **form_context(session, asked.form),
        **_preview(session, segment, asked),
        **more,
    )


def title_of(kind: str) -> str:
    """What a page is called."""
    return {
        "add": gettext("Add contacts"),
        "reduce": gettext("Reduce contacts"),
        "refine": gettext("Refine contacts"),
    }[kind]


def _options(asked: Asked) -> list[tuple[str, str, str, bool]]:
    """Name, label, explanation and state of each option."""
    words = {
        "allow_existing": (
            gettext("Allow existing contacts"),
            gettext("Contacts that are already on the list get a second line."),
        ),
        "expand_companies": (
            gettext("Expand companies"),
            gettext("Everybody of the company of a contact that is found comes too."),
        ),
        "related_companies": (
            gettext("Allow related companies"),
            gettext("The company of a person who is found comes too."),
        ),
        "include_excluded": (gettext("Include contacts excluded from segments"), ""),
        "entire_companies": (
            gettext("Entire companies"),
            gettext("One contact of a company that is found, on the list or not, stands for all of them."),
        ),
    }
    return [(name, *words[name], is_on) for name, is_on in asked.options.items()]


def _done(segment_no: str, kind: str, seq: int, emptied: bool) -> Answer:
    """The report: how many were found, changed, skipped; who was skipped and why."""
    session = reading()
    segment = get_open_segment(session, segment_no)
    step = get_step(session, segment, seq)
    text = told(kind, step.found, step.changed, step.skipped)
    if emptied:
        return lines_changed(segment_no, text, emptied=True)
    skipped = [person(row) for row in skip_page(session, step, size=NAMED).rows] if step.skipped else []
    report = {
        "text": text,
        "skipped": skipped,
        "more": step.skipped - len(skipped),
        "skipped_url": url_for("segment_steps.skipped", segment_no=segment_no, seq=seq),
        "step_url": step_url(segment_no, seq),
        "seq": seq,
    }
    if wants_fragment():
        context = page_context(session, segment)
        return fragments(
            DIALOG, *LISTED, "segments/_overview.html", **context, report=report, title=title_of(kind), kind=kind
        )
    if not step.skipped:
        return go_to(url_for("segments.show", segment_no=segment_no), text, "ok")
    return page_or_fragment(PAGE, DIALOG, segment=segment, report=report, title=title_of(kind), kind=kind)
