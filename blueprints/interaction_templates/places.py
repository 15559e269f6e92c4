"""Addresses of pages that belong to other resources."""

from __future__ import annotations

from flask import current_app, url_for


def interaction_log_url(**filters: str) -> str:
    """The interaction log filtered; '' while there is no such page."""
    if "interaction_log.index" not in current_app.view_functions:
        return ""
    return url_for("interaction_log.index", **filters)
