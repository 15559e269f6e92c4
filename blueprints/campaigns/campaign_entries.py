"""The entries logging wrote for a campaign (segments.md 4.5)."""

from __future__ import annotations

from flask import Blueprint, current_app, request, url_for
from flask_babel import gettext, ngettext

from blueprints.web.actor import actor
from blueprints.web.cards import ask
from blueprints.web.database import reading, transaction
from blueprints.web.fragments import Answer, go_to, page
from domain.campaigns.models import CampaignEntry
from domain.campaigns.queries import get_campaign
from domain.errors import NotFound
from domain.interactions.campaign_entries import (
    delete_canceled_campaign_entries,
    get_campaign_entry,
    set_campaign_entry_canceled,
)
from domain.interactions.campaign_figures import campaign_entries
from domain.messages import say

bp = Blueprint("campaign_entries", __name__, url_prefix="/campaigns/<known:no>/entries")


@bp.get("/")
def index(no: str) -> Answer:
    """The entries of a campaign with their figures."""
    by = actor()
    by.must_be_allowed("view")
    session = reading()
    campaign = get_campaign(session, no)
    rows = [
        {
            "row": row,
            "entry": row.entry,
            "class": "canceled" if row.entry.canceled else "",
            "log_url": log_url(row.entry, campaign.no),
        }
        for row in campaign_entries(session, campaign)
    ]
    return page(
        "campaigns/entries.html",
        campaign=campaign,
        rows=rows,
        canceled=sum(1 for row in rows if row["class"]),
        may_edit=by.may("edit campaigns"),
        may_delete=by.may("delete canceled entries"),
    )


def log_url(entry: CampaignEntry, no: str) -> str:
    """The interactions of an entry that are as cancelled as it is; blank while there is no such page."""
    if "interaction_log.index" not in current_app.view_functions:
        return ""
    canceled = "yes" if entry.canceled else "no"
    return url_for("interaction_log.index", campaign=no, campaign_entry=entry.entry_no, canceled=canceled)


@bp.get("/<int:entry_no>/canceled")
def ask_cancel(no: str, entry_no: int) -> Answer:
    """What switching the mark means."""
    actor().must_be_allowed("edit campaigns")
    session = reading()
    entry = entry_of(get_campaign_entry(session, entry_no), no)
    row = next(row for row in campaign_entries(session, entry.campaign) if row.entry is entry)
    if entry.canceled:
        title = gettext("Remove the mark Cancelled from campaign entry %(no)s?", no=entry_no)
        lead = gettext("Its interactions count in the statistics again.")
    else:
        title = gettext("Cancel campaign entry %(no)s?", no=entry_no)
        lead = ngettext(
            "Its %(num)d interaction is cancelled with it and no longer counts in the statistics.",
            "Its %(num)d interactions are cancelled with it and no longer count in the statistics.",
            row.interactions,
        )
    return ask(
        title,
        lead,
        submit=gettext("Remove the mark") if entry.canceled else gettext("Cancel entry"),
        action=url_for("campaign_entries.set_canceled", no=no, entry_no=entry_no),
        cancel=url_for("campaign_entries.index", no=no),
        fields={"canceled": "" if entry.canceled else "1"},
    )


@bp.post("/<int:entry_no>/canceled")
def set_canceled(no: str, entry_no: int) -> Answer:
    """Switches the mark of an entry and of all its interactions."""
    wanted = request.form.get("canceled") == "1"
    with transaction() as session:
        entry = entry_of(get_campaign_entry(session, entry_no), no)
        set_campaign_entry_canceled(session, entry, canceled=wanted, by=actor())
    return go_to(url_for("campaign_entries.index", no=no))


@bp.get("/canceled/delete")
def ask_delete(no: str) -> Answer:
    """What deleting cancelled entries means."""
    actor().must_be_allowed("delete canceled entries")
    get_campaign(reading(), no)
    return ask(
        gettext("Delete the cancelled campaign entries of %(no)s?", no=no),
        gettext("Their interactions are deleted with them, comments included. This cannot be undone."),
        submit=gettext("Delete"),
        danger=True,
        action=url_for("campaign_entries.delete_canceled", no=no),
        cancel=url_for("campaign_entries.index", no=no),
    )


@bp.post("/canceled/delete")
def delete_canceled(no: str) -> Answer:
    """Deletes the cancelled entries of a campaign with their interactions."""
    with transaction() as session:
        rows = campaign_entries(session, get_campaign(session, no))
        number = delete_canceled_campaign_entries(session, [row.entry for row in rows], by=actor())
    message = ngettext("%(num)d campaign entry was deleted.", "%(num)d campaign entries were deleted.", number)
    return go_to(url_for("campaign_entries.index", no=no), message, "ok")


def entry_of(entry: CampaignEntry, no: str) -> CampaignEntry:
    """The entry, if it is one of this campaign. Raises `NotFound`."""
    if entry.campaign.no != no.upper():
        raise NotFound(say("There is no campaign entry %(no)s.", no=entry.entry_no))
    return entry
