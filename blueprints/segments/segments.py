"""Segments: the list of active ones, the worksheet with its header, new, delete, look-ups."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext, ngettext

from blueprints.segments.line_answers import lines_changed
from blueprints.segments.worksheet import figures_context, header_context, lines_context, page_context
from blueprints.web.actor import actor
from blueprints.web.database import reading, transaction
from blueprints.web.fragments import Answer, fragments, go_to, page, page_or_fragment, wants_fragment
from blueprints.web.jobs import go_to_job
from blueprints.web.languages import translate
from blueprints.web.typed import FLAGS, meaning, named, shown_meaning
from domain.campaigns.queries import look_up_campaigns
from domain.errors import Conflict, RuleViolation
from domain.interaction_templates.queries import look_up_templates
from domain.segments.create import create_segment
from domain.segments.delete import delete_segment
from domain.segments.header import HeaderChange, edit_header, find_header_change
from domain.segments.header_answers import keep_lines, replace_lines
from domain.segments.header_fields import HEADER_FIELDS
from domain.segments.header_job import KEEP, REPLACE, is_long_work, kept_sentences, queue_answer, replaced_sentence
from domain.segments.interactions import choose_template, read_template_again
from domain.segments.list_pages import segment_page
from domain.segments.page_queries import open_worksheet
from domain.segments.queries import get_open_segment
from domain.setup.queries import look_up_salespeople

bp = Blueprint("segments", __name__, url_prefix="/segments")
EVERYTHING = (
    "segments/_title.html",
    "segments/_notice.html",
    "segments/_lines.html",
    "segments/_chips.html",
    "segments/_statusbar.html",
)
FIELDS = (*HEADER_FIELDS, "template")


@bp.get("/")
def index() -> Answer:
    """Active segments."""
    args = request.args
    q, sort = args.get("q", "").strip()[:100], args.get("sort", "")
    found = segment_page(
        reading(),
        search=q,
        sort=sort,
        salesperson=args.get("salesperson", ""),
        after=args.get("after", ""),
        before=args.get("before", ""),
    )
    kept = {k: v for k, v in (("q", q), ("sort", sort), ("salesperson", args.get("salesperson", ""))) if v}
    return page_or_fragment(
        "segments/index.html",
        "segments/_list.html",
        rows=found.rows,
        q=q,
        sort=sort,
        salesperson=args.get("salesperson", ""),
        columns=_list_columns(sort, kept),
        previous_page=url_for("segments.index", **kept, before=found.before) if found.before else None,
        next_page=url_for("segments.index", **kept, after=found.after) if found.after else None,
        actions=[
            {
                "label": gettext("New segment"),
                "url": url_for("segments.create"),
                "icon": "plus",
                "kind": "primary",
                "post": True,
                "key": "Alt+N",
                "show": actor().may("edit segments"),
            },
            {
                "label": gettext("Saved segmentation criteria"),
                "url": url_for("saved_criteria.index"),
                "icon": "list-checks",
            },
        ],
    )


def _list_columns(sort: str, kept: dict[str, str]) -> list[dict[str, Any]]:
    columns = (
        ("no", gettext("No."), False),
        ("description", gettext("Description"), False),
        ("campaign", gettext("Campaign No."), False),
        ("salesperson", gettext("Salesperson"), False),
        ("lines", gettext("No. of lines"), True),
        ("date", gettext("Date"), False),
    )
    shown = []
    for name, label, number in columns:
        current = {name: "asc", f"-{name}": "desc"}.get(sort or "no")
        url = url_for("segments.index", **{**kept, "sort": f"-{name}" if current == "asc" else name})
        shown.append({"label": label, "num": number, "sort": current, "url": url if name != "lines" else None})
    return shown


@bp.post("/")
def create() -> Answer:
    """A new segment, opened at once; its number comes from the series."""
    with transaction() as session:
        made = create_segment(session, no=request.form.get("no", ""), by=actor())
    return go_to(url_for("segments.show", segment_no=made.no))


@bp.get("/<known:segment_no>")
def show(segment_no: str) -> Answer:
    """The worksheet; for HTMX the part of the lines that is asked for."""
    session = reading()
    worksheet = open_worksheet(session, segment_no)
    segment = worksheet.segment
    if wants_fragment():
        return fragments("segments/_lines.html", "segments/_chips.html", **lines_context(session, segment))
    context = page_context(session, segment, differs=worksheet.differs)
    if token := request.args.get("notice"):
        context |= header_context(session, segment, change=find_header_change(session, segment, token))
    answer = page("segments/show.html", **context)
    if request.args.get("whole"):
        answer.delete_cookie("lines")  # who had to ask has no JavaScript now
    return answer


@bp.get("/<known:segment_no>/figures")
def figures(segment_no: str) -> Answer:
    """Counts of the chips and totals of a large segment, after its page; for a plain browser the page with them."""
    session = reading()
    worksheet = open_worksheet(session, segment_no)
    if wants_fragment():
        context = figures_context(session, worksheet.segment, everything=True)
        return fragments("segments/_statusbar.html", "segments/_chips.html", "segments/_overview.html", **context)
    return page(
        "segments/show.html", **page_context(session, worksheet.segment, everything=True, differs=worksheet.differs)
    )


@bp.post("/<known:segment_no>")
def update(segment_no: str) -> Answer:
    """Saves the fields of the header that were changed; the lines follow (A2)."""
    errors: dict[str, str] = {}
    changes: dict[str, Any] = {}
    was: dict[str, Any] = {}
    for name in FIELDS:
        if name not in request.form and f"was-{name}" not in request.form:
            continue
        if name not in request.form and name not in FLAGS:
            continue
        try:
            changes[name] = meaning(name, request.form.get(name, ""))
        except RuleViolation as refusal:
            errors[name] = translate(refusal.message)
        if f"was-{name}" in request.form:
            was[name] = shown_meaning(name, request.form[f"was-{name}"])
    change: HeaderChange | None = None
    if not errors:
        try:
            with transaction() as session:
                change = _save(session, segment_no, changes, was)
        except RuleViolation as refusal:
            if refusal.field not in FIELDS:
                raise
            errors[refusal.field] = translate(refusal.message)
        except Conflict as conflict:
            return _conflict(segment_no, conflict)
    session = reading()
    segment = get_open_segment(session, segment_no)
    if errors:
        if wants_fragment():
            context = header_context(session, segment, errors=errors)
            return fragments(
                "segments/_header.html", status=422, counts=figures_context(session, segment)["counts"], **context
            )
        return page(
            "segments/show.html",
            422,
            **{**page_context(session, segment), **header_context(session, segment, errors=errors)},
        )
    if wants_fragment():
        context = {**page_context(session, segment), **header_context(session, segment, change=change)}
        return fragments("segments/_header.html", *EVERYTHING, **context)
    return go_to(url_for("segments.show", segment_no=segment_no, notice=change.token if change else None))


def _save(session: Any, segment_no: str, changes: dict[str, Any], was: dict[str, Any]) -> HeaderChange | None:
    """Writes the changes; gives the one whose consequences for the lines are told."""
    segment = get_open_segment(session, segment_no)
    made = []
    if "template" in changes:
        shown = {"template": was["template"]} if "template" in was else None
        chosen = choose_template(session, segment, changes.pop("template"), was=shown, by=actor())
        if chosen is not None:
            made.append(chosen)
            # fields shown with the former template's values are not changes of the new one's
            changes = {name: value for name, value in changes.items() if was.get(name) != value}
    if changes:
        made += edit_header(session, segment, changes, was=was, by=actor())
    return next((one for one in made if one.follow or one.own or one.other), None)


def _conflict(segment_no: str, conflict: Conflict) -> Answer:
    """Somebody else changed the same field: both values, and the choice (B26)."""
    session = reading()
    segment = get_open_segment(session, segment_no)
    name = conflict.field or ""
    context = {**page_context(session, segment), **header_context(session, segment)}
    theirs = context["header"][name]["value"]
    toast = {
        "title": gettext("Changed by someone else"),
        "rows": [{"field": name, "theirs": theirs, "mine": request.form.get(name, "")}],
        "url": url_for("segments.update", segment_no=segment_no),
        "target": "#header",
        "mine": {name: request.form.get(name, ""), f"was-{name}": theirs},
    }
    if wants_fragment():
        answer = fragments("segments/_header.html", status=409, **context)
        answer.set_data(answer.get_data(as_text=True) + f"<template>{_toast(toast)}</template>")
        return answer
    said = gettext("Someone else changed this to “%(theirs)s”. Save again to use yours.", theirs=theirs)
    context |= header_context(session, segment, errors={name: said}, was={name: theirs})  # with all that was typed
    return page("segments/show.html", 409, conflict=toast, **context)


def _toast(values: dict[str, Any]) -> str:
    return render_template("shared/_conflict_toast.html", **values)


@bp.post("/<known:segment_no>/lines-keep", endpoint="keep", defaults={"answer": KEEP})
@bp.post("/<known:segment_no>/lines-replace", endpoint="replace", defaults={"answer": REPLACE})
def answer_change(segment_no: str, answer: str) -> Answer:
    """*Lines keep the value they had*, *Replace the n own values* (A2): at once, or in the background."""
    token = request.form.get("token", "")
    if is_long_work(reading(), get_open_segment(reading(), segment_no)):
        with transaction() as session:
            job = queue_answer(session, get_open_segment(session, segment_no), token, answer, by=actor())
        return go_to_job(job.id)
    with transaction() as session:
        segment = get_open_segment(session, segment_no)
        if answer == KEEP:
            sentences = kept_sentences(keep_lines(session, segment, token, by=actor()))
        else:
            sentences = [replaced_sentence(replace_lines(session, segment, token, by=actor()))]
    return lines_changed(segment_no, " ".join(translate(one) for one in sentences), notice=True)


@bp.post("/<known:segment_no>/read-again")
def read_again(segment_no: str) -> Answer:
    """*Read template again*: copies the interaction template once more."""
    with transaction() as session:
        done = read_template_again(session, get_open_segment(session, segment_no), by=actor())
    text = gettext("The interaction template %(code)s was read again.", code=done.template)
    return go_to(url_for("segments.show", segment_no=segment_no), text, "ok")


@bp.get("/<known:segment_no>/delete")
def confirm_delete(segment_no: str) -> Answer:
    """What deleting would do."""
    session = reading()
    segment = get_open_segment(session, segment_no)
    actor().must_be_allowed("edit segments")
    context = figures_context(session, segment)
    return page_or_fragment(
        "segments/delete.html", "segments/_delete_dialog.html", segment=segment, counts=context["counts"]
    )


@bp.post("/<known:segment_no>/delete")
def delete(segment_no: str) -> Answer:
    """Deletes an open segment (R-H03)."""
    with transaction() as session:
        delete_segment(session, get_open_segment(session, segment_no), by=actor())
    return go_to(url_for("segments.index"), gettext("Segment %(no)s was deleted.", no=segment_no), "ok")


@bp.get("/look-up/<kind>")
def look_up(kind: str) -> Answer:
    """Choices while typing a template, salesperson or campaign."""
    text = request.args.get("q", "").split(" · ")[0][:100]
    session = reading()
    if kind == "template":
        found = [(one.code, one.description) for one in look_up_templates(session, text)]
    elif kind == "salesperson":
        found = [(one.code, one.name) for one in look_up_salespeople(session, text)]
    else:
        found = [(one.no, one.description) for one in look_up_campaigns(session, text)]
    options = [
        {"value": code, "label": code, "text": name, "shown": code if kind == "campaign" else named(code, name)}
        for code, name in found
    ]
    count = ngettext("%(num)d choice", "%(num)d choices", len(options)) if options else gettext("No choices")
    return page("shared/_lookup_options.html", options=options, count=count)
