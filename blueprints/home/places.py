"""Pages and actions people can go to by typing what they are called."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask import current_app, url_for
from flask_babel import lazy_gettext as lazy
from flask_babel import lazy_pgettext as lazy_in

from domain.accounts.actor import Actor
from domain.types import find_key


@dataclass(frozen=True)
class Place:
    """A page: its name, other words it is found by, and the right somebody needs to use it."""

    endpoint: str
    icon: str
    title: Any
    words: Any = ""
    right: str = "view"

    def answers(self, words: list[str]) -> bool:
        """Whether every typed word (folded) begins a word of the name or of the other words."""
        known = find_key(f"{self.title} {self.words}").replace(",", " ").replace("-", " ").split()
        return all(any(one.startswith(word) for one in known) for word in words)


PLACES: tuple[Place, ...] = (
    Place("home.index", "house", lazy("Home"), lazy_in("search words", "start, overview, role centre")),
    Place("segments.index", "layout-list", lazy("Segments"), lazy_in("search words", "active, open, mailing, list")),
    Place(
        "segments.index",
        "plus",
        lazy("New segment"),
        lazy_in("search words", "create, add, make"),
        right="edit segments",
    ),
    Place(
        "logged_segments.index",
        "archive",
        lazy("Logged segments"),
        lazy_in("search words", "history, take back, follow-up, print letters"),
    ),
    Place(
        "interaction_log.index",
        "history",
        lazy("Interaction log"),
        lazy_in("search words", "entries, history, letters"),
    ),
    Place(
        "new_interaction.new",
        "message-square",
        lazy("Create interaction"),
        lazy_in("search words", "new, add, letter, e-mail, meeting"),
        right="create interactions",
    ),
    Place("postponed.index", "clock", lazy("Postponed interactions"), lazy_in("search words", "resume, later, drafts")),
    Place(
        "tasks.index", "clipboard-list", lazy("Tasks"), lazy_in("search words", "to-do, today, late, calls, meetings")
    ),
    Place(
        "tasks.new",
        "plus",
        lazy("New task"),
        lazy_in("search words", "create, add, to-do"),
        right="create tasks",
    ),
    Place(
        "contacts.index", "users", lazy("Contacts"), lazy_in("search words", "companies, persons, people, addresses")
    ),
    Place(
        "contacts.new",
        "user-plus",
        lazy("New contact"),
        lazy_in("search words", "create, add, company, person"),
        right="edit contacts",
    ),
    Place(
        "contact_imports.new",
        "upload",
        lazy("Import contacts"),
        lazy_in("search words", "csv, file, upload, excel"),
        right="import contacts",
    ),
    Place(
        "contact_imports.index",
        "clipboard-list",
        lazy("Earlier imports"),
        lazy_in("search words", "csv, undo import"),
        right="import contacts",
    ),
    Place("campaigns.index", "megaphone", lazy("Campaigns")),
    Place(
        "campaigns.new",
        "plus",
        lazy("New campaign"),
        lazy_in("search words", "create, add"),
        right="edit campaigns",
    ),
    Place(
        "interaction_templates.index",
        "file-text",
        lazy("Interaction templates"),
        lazy_in("search words", "letters, word, documents, e-mails"),
    ),
    Place(
        "interaction_templates.new",
        "file-plus",
        lazy("New interaction template"),
        lazy_in("search words", "create, add, letter"),
        right="edit interaction templates",
    ),
    Place("interaction_templates.fields", "tag", lazy("Merge fields"), lazy_in("search words", "letter, word, tags")),
    Place("interaction_groups.index", "folder-open", lazy("Interaction groups")),
    Place("jobs.index", "bell", lazy("Background work"), lazy_in("search words", "jobs, progress, running")),
    Place("setup.index", "settings", lazy("Setup"), lazy_in("search words", "settings, configuration")),
    Place(
        "company_information.show",
        "building-2",
        lazy("Company information"),
        lazy_in("search words", "sender, address"),
    ),
    Place(
        "marketing_setup.show",
        "sliders-horizontal",
        lazy("Marketing setup"),
        lazy_in("search words", "settings, defaults"),
    ),
    Place(
        "template_setup.show",
        "file-check",
        lazy("Interaction template setup"),
        lazy_in("search words", "phone calls, e-mails, cover sheets"),
    ),
    Place("number_series.index", "list-ordered", lazy("Number series")),
    Place("salespeople.index", "handshake", lazy("Salespeople")),
    Place("salutations.index", "message-square-text", lazy("Salutations"), lazy_in("search words", "formulas, dear")),
    Place("languages.index", "languages", lazy("Languages")),
    Place("countries.index", "globe", lazy("Countries/regions"), lazy_in("search words", "address format")),
    Place(
        "users.index", "users", lazy("Users"), lazy_in("search words", "roles, rights, sign-in"), right="manage users"
    ),
    Place(
        "demo.show",
        "star",
        lazy("Demo company"),
        lazy_in("search words", "explore, examples, remove"),
        right="change setup",
    ),
    Place(
        "own_settings.show",
        "user-cog",
        lazy("My settings"),
        lazy_in("search words", "password, language, theme, dark, profile, account"),
    ),
)


def find_places(text: str, *, by: Actor) -> Iterator[dict[str, str]]:
    """The places the typed text means, as far as the role may use them; all for blank. Names that begin so first."""
    words = find_key(text).replace("-", " ").split()
    start = find_key(text).strip()
    fitting = [
        place
        for place in PLACES
        if place.endpoint in current_app.view_functions and by.may(place.right) and place.answers(words)
    ]
    for place in sorted(fitting, key=lambda one: not find_key(str(one.title)).startswith(start)):
        yield {"label": str(place.title), "icon": place.icon, "url": url_for(place.endpoint)}
