"""Where interaction templates and groups are used that cannot be deleted for it, with the pages that show it."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from flask import url_for
from flask_babel import gettext, ngettext
from sqlalchemy.orm import Session

from blueprints.interaction_templates.forms import TemplateSetupForm
from blueprints.interaction_templates.places import interaction_log_url
from blueprints.web.actor import actor
from blueprints.web.formats import format_number
from blueprints.web.languages import translate
from domain.interaction_templates.groups import group_uses
from domain.interaction_templates.models import InteractionGroup, InteractionTemplate
from domain.interaction_templates.queries import template_list
from domain.interaction_templates.template_setup import FIELDS, template_setup
from domain.interaction_templates.templates import template_uses
from domain.interactions.filters import EntryFilters
from domain.interactions.postpone import DraftFilters, count_drafts
from domain.interactions.queries import count_entries
from domain.references import Use
from domain.segments.where_used import SegmentUse, segments_with_group, segments_with_template

MOST = 5
Point = tuple[str, str, str]
"""Tone, text, and the address of the page, as templates/shared/_confirm.html takes them."""
Places = dict[str, Callable[[], list[tuple[str, str]]]]
"""Table → texts and addresses of the places in it."""


def template_places(session: Session, template: InteractionTemplate) -> list[Point]:
    """The segments with their lines, the template setup, the log, postponed interactions; empty when it can go."""
    places: Places = {
        "segment_interaction": lambda: _segments(*segments_with_template(session, template, limit=MOST)),
        "interaction_template_setup": lambda: [_setup(session, template)],
        "interaction_log_entry": lambda: [_log(session, EntryFilters(template_id=template.id), template=template.code)],
        "interaction_draft": lambda: [_postponed(session, template)],
    }
    return _points(template_uses(session, template), places)


def group_places(session: Session, group: InteractionGroup) -> list[Point]:
    """Its templates, the segments with their lines and the log; empty when it can go."""
    places: Places = {
        "interaction_template": lambda: _templates(session, group),
        "segment_interaction": lambda: _segments(*segments_with_group(session, group, limit=MOST)),
        "interaction_log_entry": lambda: [_log(session, EntryFilters(group_id=group.id), group=group.code)],
    }
    return _points(group_uses(session, group), places)


def _points(found: Iterable[Use], places: Places) -> list[Point]:
    """What is known of each table that refuses; of others the sentence that refuses."""
    by_table = {use.table: use for use in found}
    points: list[Point] = []
    for table in sorted(by_table, key=lambda one: [*places, one].index(one)):
        named = places[table]() if table in places else [(translate(by_table[table].sentence), "")]
        points += [("bad", text, url) for text, url in named]
    return points


def _segments(found: list[SegmentUse], number: int) -> list[tuple[str, str]]:
    named = []
    for one in found:
        name = f"{one.no} {one.description}".strip()
        text = ngettext(
            "Segment %(name)s: %(number)s line",
            "Segment %(name)s: %(number)s lines",
            one.lines,
            name=name,
            number=format_number(one.lines),
        )
        page = "logged_segments.show" if one.logged else "segments.show"
        named.append((text, url_for(page, segment_no=one.no)))
    return named + _more(number - len(found), url_for("segments.index"))


def _templates(session: Session, group: InteractionGroup) -> list[tuple[str, str]]:
    found = list(session.scalars(template_list(group=group)).unique())
    named = []
    for one in found[:MOST]:
        name = f"{one.code} {one.description}".strip()
        page = url_for("interaction_templates.show", code=one.code)
        named.append((gettext("Interaction template %(name)s", name=name), page))
    return named + _more(len(found) - len(named), url_for("interaction_templates.index", group=group.code))


def _more(number: int, url: str) -> list[tuple[str, str]]:
    text = ngettext("and %(number)s more", "and %(number)s more", number, number=format_number(number))
    return [(text, url)] if number > 0 else []


def _setup(session: Session, template: InteractionTemplate) -> tuple[str, str]:
    setup, form = template_setup(session), TemplateSetupForm(formdata=None)
    fields = ", ".join(str(form[name].label.text) for name in FIELDS if getattr(setup, name) == template.id)
    return gettext("Interaction template setup: %(fields)s", fields=fields), url_for("template_setup.show")


def _log(session: Session, filters: EntryFilters, **asked: str) -> tuple[str, str]:
    number = count_entries(session, filters)
    text = ngettext(
        "%(number)s interaction, cancelled ones included",
        "%(number)s interactions, cancelled ones included",
        number,
        number=format_number(number),
    )
    return text, interaction_log_url(**asked)


def _postponed(session: Session, template: InteractionTemplate) -> tuple[str, str]:
    number = count_drafts(session, DraftFilters(template=template), by=actor())
    text = ngettext(
        "%(number)s postponed interaction", "%(number)s postponed interactions", number, number=format_number(number)
    )
    return text, url_for("postponed.index", whose="all", template=template.code)
