"""Campaigns: list, new, card with figures, delete."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as lazy
from sqlalchemy.orm import joinedload

from blueprints.campaigns.forms import CampaignForm
from blueprints.web.actor import actor
from blueprints.web.cards import Card, Words
from blueprints.web.database import reading
from blueprints.web.forms import Form
from blueprints.web.fragments import Answer, page_or_fragment
from blueprints.web.listing import Column, listing
from domain.campaigns.campaigns import FIELDS, create_campaign, delete_campaign, edit_campaign
from domain.campaigns.models import Campaign
from domain.campaigns.queries import campaign_list, get_campaign
from domain.interactions.campaign_figures import campaign_figures
from domain.setup.numbers import number_warning
from domain.setup.queries import salesperson_list
from domain.tasks.queries import TaskFilters, count_tasks

bp = Blueprint("campaigns", __name__, url_prefix="/campaigns")
RIGHT = "edit campaigns"


@bp.get("/")
def index() -> Answer:
    """Every campaign."""
    by = actor()
    by.must_be_allowed("view")
    columns = [
        Column(gettext("No."), lambda one: one.no, "no"),
        Column(gettext("Description"), lambda one: one.description, "description"),
        Column(gettext("Salesperson"), lambda one: one.salesperson.code if one.salesperson else "", "salesperson"),
        Column(gettext("Starting date"), lambda one: one.starting_date, "starting-date"),
        Column(gettext("Ending date"), lambda one: one.ending_date, "ending-date"),
        Column(gettext("Status")),
    ]
    rows = reading().scalars(campaign_list().options(joinedload(Campaign.salesperson)))
    found = listing(
        rows,
        columns,
        search=lambda one: (one.no, one.description, *names_of(one)),
    )
    return page_or_fragment(
        "campaigns/index.html", "campaigns/_list.html", list=found, day=by.work_date, may_edit=by.may(RIGHT)
    )


def names_of(campaign: Campaign) -> list[str]:
    """How the salesperson of a campaign is called."""
    return [campaign.salesperson.code, campaign.salesperson.name] if campaign.salesperson else []


def set_choices(form: Form, campaign: Campaign | None) -> None:
    """Salespeople who are not blocked, the one of the campaign, and the one proposed for a new campaign."""
    session, by = reading(), actor()
    people = {one.id: one for one in session.scalars(salesperson_list(include_blocked=True))}
    kept = {campaign.salesperson_id if campaign is not None else by.salesperson_id}
    offered = [one for one in people.values() if not one.blocked or one.id in kept]
    form["salesperson_id"].choices = [
        ("", gettext("(none)")),
        *((one.id, f"{one.code} {one.name}".strip()) for one in offered),
    ]


def more(campaign: Campaign) -> dict[str, Any]:
    """Figures of a campaign, and where what is behind them is shown."""
    log_url = ""
    if "interaction_log.index" in current_app.view_functions:
        log_url = url_for("interaction_log.index", campaign=campaign.no, canceled="no")
    return {
        "campaign": campaign,
        "figures": campaign_figures(reading(), campaign),
        "log_url": log_url,
        "statistics_url": url_for("statistics.index", campaign=campaign.no),
        "create_url": url_for(
            "new_interaction.new", campaign=campaign.no, back=url_for("campaigns.show", key=campaign.no)
        )
        if actor().may("create interactions")
        else "",
        "entries_url": url_for("campaign_entries.index", no=campaign.no),
        "open_tasks": count_tasks(reading(), TaskFilters(campaign_id=campaign.id, closed=False), by=actor()),
        "tasks_url": url_for("tasks.index", campaign=campaign.no),
    }


Card(
    bp=bp,
    words=Words(
        things=lazy("Campaigns"),
        new=lazy("New campaign"),
        create=lazy("Create campaign"),
        created=lazy("The campaign %(name)s was created."),
        changed=lazy("The campaign %(name)s was changed."),
        deleted=lazy("The campaign %(name)s was deleted."),
        delete=lazy("Delete the campaign %(name)s?"),
        consequence=lazy("A campaign with segments, interactions or campaign entries cannot be deleted."),
    ),
    form=CampaignForm,
    fields=FIELDS,
    fields_template="campaigns/_fields.html",
    template="campaigns/show.html",
    get=get_campaign,
    create=create_campaign,
    edit=edit_campaign,
    delete=delete_campaign,
    right=RIGHT,
    key=lambda one: str(one.no),
    title=lambda one: f"{one.no} {one.description}".strip(),
    new_values=lambda: {"salesperson_id": actor().salesperson_id},
    prepare=set_choices,
    more=more,
    warning=lambda session, one: number_warning(session, one.number_series_id, one.no),
    stay=True,
    crumbs=lambda: [(gettext("Campaigns"), url_for("campaigns.index"))],
).register()
