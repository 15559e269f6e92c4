"""The setup page: what there is to set up, and how much of it is there."""

from __future__ import annotations

from flask import Blueprint, current_app, url_for
from flask_babel import gettext, ngettext

from blueprints.setup.classification import PAGES
from blueprints.web.actor import actor
from blueprints.web.database import reading
from blueprints.web.fragments import Answer, page
from domain.accounts.queries import user_list
from domain.contacts.classification.codes import code_list
from domain.contacts.classification.questionnaires import questionnaire_list
from domain.contacts.salutation_setup import salutation_list
from domain.setup.queries import (
    company_information,
    count_of,
    country_list,
    language_list,
    number_series_list,
    salesperson_list,
)

bp = Blueprint("setup", __name__, url_prefix="/setup")


@bp.get("/")
def index() -> Answer:
    """Cards with what is there."""
    session, by = reading(), actor()
    by.must_be_allowed("view")
    counts = {
        "salespeople": count_of(session, salesperson_list(include_blocked=True)),
        "languages": count_of(session, language_list()),
        "countries": count_of(session, country_list()),
        "series": count_of(session, number_series_list()),
        "salutations": count_of(session, salutation_list()),
    }
    people = [
        {
            "endpoint": "salespeople.index",
            "icon": "handshake",
            "title": gettext("Salespeople"),
            "text": ngettext("%(num)d salesperson", "%(num)d salespeople", counts["salespeople"]),
        },
    ]
    if by.may("manage users"):
        number = count_of(session, user_list())
        text = ngettext("%(num)d user", "%(num)d users", number)
        people.append({"endpoint": "users.index", "icon": "users", "title": gettext("Users"), "text": text})
    demo = []
    if by.may("change setup"):
        text = gettext("Remove it with one button") if company_information(session).demo else gettext("To explore with")
        demo.append({"endpoint": "demo.show", "icon": "star", "title": gettext("Demo company"), "text": text})
    codes = [
        {
            "endpoint": one.endpoint,
            "icon": one.icon,
            "title": str(one.title),
            "text": ngettext("%(num)d code", "%(num)d codes", count_of(session, code_list(one.kind))),
        }
        for one in PAGES
    ]
    questionnaires = {
        "endpoint": "questionnaires.index",
        "icon": "list-checks",
        "title": gettext("Profile questionnaires"),
        "text": ngettext("%(num)d questionnaire", "%(num)d questionnaires", count_of(session, questionnaire_list())),
    }
    groups = [
        (
            gettext("Office"),
            [
                {
                    "endpoint": "company_information.show",
                    "icon": "building-2",
                    "title": gettext("Company information"),
                    "text": company_information(session).name,
                },
                {
                    "endpoint": "marketing_setup.show",
                    "icon": "sliders-horizontal",
                    "title": gettext("Marketing setup"),
                    "text": gettext("Number series, inheritance, defaults"),
                },
                {
                    "endpoint": "template_setup.show",
                    "icon": "file-check",
                    "title": gettext("Interaction template setup"),
                    "text": gettext("Templates of phone calls, e-mails, cover sheets"),
                },
                {
                    "endpoint": "number_series.index",
                    "icon": "list-ordered",
                    "title": gettext("Number series"),
                    "text": ngettext("%(num)d series", "%(num)d series", counts["series"]),
                },
                *demo,
            ],
        ),
        (gettext("People"), people),
        (gettext("Classification of contacts"), [*codes, questionnaires]),
        (
            gettext("Letters and addresses"),
            [
                {
                    "endpoint": "salutations.index",
                    "icon": "message-square-text",
                    "title": gettext("Salutations"),
                    "text": ngettext("%(num)d salutation", "%(num)d salutations", counts["salutations"]),
                },
                {
                    "endpoint": "languages.index",
                    "icon": "languages",
                    "title": gettext("Languages"),
                    "text": ngettext("%(num)d language", "%(num)d languages", counts["languages"]),
                },
                {
                    "endpoint": "countries.index",
                    "icon": "globe",
                    "title": gettext("Countries/regions"),
                    "text": ngettext("%(num)d country/region", "%(num)d countries/regions", counts["countries"]),
                },
            ],
        ),
    ]
    shown = [
        (
            title,
            [
                {**one, "url": url_for(one["endpoint"])}
                for one in links
                if one["endpoint"] in current_app.view_functions
            ],
        )
        for title, links in groups
    ]
    return page("setup/index.html", groups=shown)
