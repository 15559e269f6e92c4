"""What every page shows around its content: navigation, work date, theme; and the gate in front of every page."""

from __future__ import annotations

import hashlib
import os
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from flask import Flask, current_app, g, request, url_for
from flask_babel import lazy_gettext as lazy
from flask_login import current_user

from blueprints.web import actor as actors
from blueprints.web.fragments import Answer, go_to
from blueprints.web.languages import context as language_context
from blueprints.web.sign_in import login_manager

# endpoint, icon, label; an endpoint that is not registered is left out
NAVIGATION: tuple[tuple[str, str, Any], ...] = (
    ("home.index", "house", lazy("Home")),
    ("segments.index", "layout-list", lazy("Segments")),
    ("logged_segments.index", "archive", lazy("Logged segments")),
    ("interaction_log.index", "history", lazy("Interaction log")),
    ("tasks.index", "clipboard-list", lazy("Tasks")),
    ("contacts.index", "users", lazy("Contacts")),
    ("campaigns.index", "megaphone", lazy("Campaigns")),
    ("interaction_templates.index", "file-text", lazy("Interaction templates")),
    ("setup.index", "settings", lazy("Setup")),
)

# what the top bar of templates/base.html links to
TOP_BAR = {
    "search_url": "search.index",
    "jobs_url": "jobs.index",
    "account_url": "own_settings.show",
    "sign_out_url": "accounts.sign_out",
    "work_date_url": "work_date.update",
}

FIRST_RUN = frozenset({"first_run.show", "first_run.create", "first_run.enter_code"})
# pages that answer without a signed-in user
OPEN_ENDPOINTS = FIRST_RUN | {"accounts.sign_in"}
# answers that need nothing but themselves
BARE_ENDPOINTS = frozenset({"static", "health.show"})


def init_shell(app: Flask) -> None:
    """Adds the gate and the context of templates. Comes before CSRF: who is not signed in is led to sign in first."""
    app.before_request(gate)
    app.context_processor(language_context)
    app.context_processor(shell)
    app.jinja_env.globals["static_url"] = static_url


def gate() -> Answer | None:
    """Every page needs a signed-in user; an empty database leads to the first-run page, a full one away from it."""
    if request.endpoint in BARE_ENDPOINTS:
        return None
    actors.load_office()
    if g.first_run:
        return None if request.endpoint in FIRST_RUN else go_to(url_for("first_run.show"))
    if request.endpoint is None:
        return None
    if request.endpoint in FIRST_RUN:
        return go_to("/")
    if request.endpoint not in OPEN_ENDPOINTS and not current_user.is_authenticated:
        answer: Answer = login_manager.unauthorized()
        return answer
    return None


def shell() -> dict[str, Any]:
    """Values for templates/base.html; worked out once for the templates of an answer."""
    user = g.get("_login_user")
    known = g.get("shell_values")
    if known is None or known[0] is not user:
        known = g.shell_values = user, _shell()
    values: dict[str, Any] = known[1]
    return values


def _shell() -> dict[str, Any]:
    signed_in = bool(current_user) and current_user.is_authenticated
    links = TOP_BAR if signed_in else {}
    return {
        "nav": navigation() if signed_in else [],
        "theme": current_user.theme if signed_in else "",
        "work_date": actors.work_date() if signed_in else None,
        "today": actors.today() if "time_zone" in g else None,
        "may": may if signed_in else (lambda *_, **__: False),
        "office_name": g.get("office_name", ""),
        "demo": g.get("demo", False),
        "sign_in_again_url": _sign_in_again_url() if signed_in else "",
        **{name: address(endpoint) for name, endpoint in links.items() if endpoint in current_app.view_functions},
    }


def address(endpoint: str) -> str:
    """The address of a page without parameters, worked out once."""
    known = current_app.extensions.setdefault("addresses", {})
    key = (request.script_root, endpoint)
    if key not in known:
        known[key] = url_for(endpoint)
    return str(known[key])


def _sign_in_again_url() -> str:
    return f"{address('accounts.sign_in')}?{urlencode({'next': address('accounts.signed_in')}, safe='/')}"


def may(right: str, *, own: bool = False) -> bool:
    """Whether the signed-in user may do something; the role is found out once per request."""
    if "shell_actor" not in g:
        g.shell_actor = actors.actor()
    return bool(g.shell_actor.may(right, own=own))


def navigation() -> list[dict[str, Any]]:
    """The side navigation. The entry whose address the present page lies under is marked."""
    known = current_app.extensions.setdefault("navigation", {})
    key = (request.script_root, language_context()["html_lang"])
    if key not in known:
        known[key] = [
            {"icon": icon, "label": str(label), "url": address(endpoint), "last": endpoint == "setup.index"}
            for endpoint, icon, label in NAVIGATION
            if endpoint in current_app.view_functions
        ]
    entries = known[key]
    here = [entry for entry in entries if is_under(request.path, entry["url"])]
    longest = max(here, key=lambda entry: len(entry["url"]), default=None)
    return [{**entry, "active": entry is longest} for entry in entries]


def is_under(path: str, url: str) -> bool:
    """Whether a page lies under the page at `url`. Nothing lies under the home page but itself."""
    return path == url or (url != "/" and path.startswith(url.rstrip("/") + "/"))


@lru_cache(maxsize=200)
def _digest(path: str, modified: float) -> str:
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()[:10]


def static_url(name: str) -> str:
    """The address of a static file with a digest of its content, so that it can be cached for good."""
    known: dict[str, str] = g.setdefault("static_urls", {})
    if name not in known:
        path = f"{current_app.static_folder or 'static'}/{name}"
        modified = os.stat(path).st_mtime
        addresses = current_app.extensions.setdefault("static_addresses", {})
        key = (request.script_root if request else "", path, modified)
        if key not in addresses:
            addresses[key] = url_for("static", filename=name, v=_digest(path, modified))
        known[name] = addresses[key]
    return known[name]
