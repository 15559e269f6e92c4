"""Search or go to: pages and actions, segments, logged segments, contacts, campaigns, templates by what is typed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from flask import Blueprint, request, url_for
from flask_babel import get_locale, gettext, ngettext
from sqlalchemy.orm import Session

from blueprints.home.places import find_places
from blueprints.web.actor import actor
from blueprints.web.database import reading
from blueprints.web.fragments import Answer, page, wants_fragment
from domain.campaigns.queries import look_up_campaigns
from domain.contacts.models import PERSON
from domain.contacts.queries import look_up
from domain.errors import NotFound
from domain.interaction_templates.queries import look_up_templates
from domain.interactions.entries import get_entry
from domain.interactions.queries import logged_segment_page
from domain.segments.list_pages import look_up_segments
from domain.types import code

bp = Blueprint("search", __name__, url_prefix="/search")
LONGEST = 100
IN_LIST, OF_EACH, ON_PAGE = 8, 4, 12


@dataclass
class Group:
    """What was found of one kind. `more`: where the rest is."""

    title: str
    kind: str
    icon: str
    found: list[dict[str, str]] = field(default_factory=list)
    more: str = ""


@bp.get("/")
def index() -> Answer:
    """For HTMX the list under the field of the top bar, for a plain browser a page with groups."""
    text = " ".join(request.args.get("q", "").replace("\x00", "").split())[:LONGEST]
    groups = _groups(reading(), text, most=IN_LIST if wants_fragment() else ON_PAGE)
    if not wants_fragment():
        return page("home/search.html", q=text, groups=groups)
    each = OF_EACH if len(groups) > 1 else IN_LIST
    options = _exact_first([{**one, "side2": group.kind} for group in groups for one in group.found[:each]], text)
    n = len(options)
    count = ngettext("%(num)d suggestion", "%(num)d suggestions", n) if n else gettext("Nothing found.")
    if any(group.more or len(group.found) > each for group in groups):
        options.append({"label": gettext("Show all results"), "url": url_for("search.index", q=text)})
    return page("shared/_lookup_options.html", options=options, count=count)


def _groups(session: Session, text: str, *, most: int) -> list[Group]:
    """Everything that was found, in groups; the group with the number that was typed comes first."""
    pages = Group(gettext("Pages and actions"), gettext("Page"), "layout-list", list(find_places(text, by=actor())))
    if not text:
        return [pages]
    pages.found = pages.found[:most]
    groups = [pages, *(make(session, text, most) for make in (_segments, _logged, _contacts, _campaigns, _templates))]
    if text.isascii() and text.isdecimal() and len(text) < 19:
        groups.append(_entry(session, int(text)))
    groups = [group for group in groups if group.found]
    for group in groups:
        group.found = _exact_first(group.found, text)
    return sorted(groups, key=lambda group: group.found[0].get("side") != code(text))


def _exact_first(found: list[dict[str, str]], text: str) -> list[dict[str, str]]:
    return sorted(found, key=lambda one: one.get("side") != code(text))


def _segments(session: Session, text: str, most: int) -> Group:
    found = [
        {
            "label": row.description or gettext("(no description)"),
            "text": ngettext("%(num)d line", "%(num)d lines", row.lines),
            "side": row.no,
            "url": url_for("segments.show", segment_no=row.no),
        }
        for row in look_up_segments(session, text, limit=most + 1)
    ]
    more = url_for("segments.index", q=text) if len(found) > most else ""
    return Group(gettext("Segments"), gettext("Segment"), "layout-list", found[:most], more)


def _logged(session: Session, text: str, most: int) -> Group:
    found = [
        {
            "label": row.description or gettext("(no description)"),
            "text": ngettext("%(num)d interaction", "%(num)d interactions", row.interactions),
            "side": row.segment_no,
            "url": url_for("logged_segments.show", segment_no=row.segment_no),
        }
        for row in logged_segment_page(session, search=text, limit=most + 1).rows
    ]
    more = url_for("logged_segments.index", q=text) if len(found) > most else ""
    return Group(gettext("Logged segments"), gettext("Logged segment"), "archive", found[:most], more)


def _contacts(session: Session, text: str, most: int) -> Group:
    matches = look_up(session, text, limit=most, swedish=str(get_locale() or "").startswith("sv"))
    found = [_contact(row) for row in matches.rows]
    more = url_for("contacts.index", q=text) if matches.total > most else ""
    return Group(gettext("Contacts"), gettext("Contact"), "users", found, more)


def _contact(row: Any) -> dict[str, str]:
    return {
        "label": row.name or row.no,
        "text": row.company_name if row.type == PERSON and row.company_name else row.city,
        "side": row.no,
        "url": url_for("contacts.show", no=row.no),
    }


def _campaigns(session: Session, text: str, most: int) -> Group:
    found = [
        {"label": one.description or one.no, "side": one.no, "url": url_for("campaigns.show", key=one.no)}
        for one in look_up_campaigns(session, text, limit=most)
    ]
    return Group(gettext("Campaigns"), gettext("Campaign"), "megaphone", found)


def _templates(session: Session, text: str, most: int) -> Group:
    found = [
        {
            "label": one.description or one.code,
            "side": one.code,
            "url": url_for("interaction_templates.show", code=one.code),
        }
        for one in look_up_templates(session, text, limit=most)
    ]
    return Group(gettext("Interaction templates"), gettext("Interaction template"), "file-text", found)


def _entry(session: Session, entry_no: int) -> Group:
    """The interaction with the number that was typed."""
    group = Group(gettext("Interaction log"), gettext("Interaction"), "history")
    try:
        entry = get_entry(session, entry_no)
    except NotFound:
        return group
    group.found.append(
        {
            "label": entry.contact_name or entry.company_name or gettext("(deleted contact)"),
            "text": entry.description,
            "side": str(entry.entry_no),
            "url": url_for("interaction_log.show", entry_no=entry.entry_no),
        }
    )
    return group
