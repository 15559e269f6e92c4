"""Addresses of pages that belong to other resources, and small things the pages of contacts share."""

from __future__ import annotations

from typing import Any

from flask import current_app, render_template, url_for
from flask_babel import get_locale

from blueprints.web.fragments import Answer, page_or_fragment


def place(endpoint: str, **values: Any) -> str:
    """The address of a page of another resource; '' where there is no such page."""
    return url_for(endpoint, **values) if endpoint in current_app.view_functions else ""


def swedish() -> bool:
    """Whether the reader expects å, ä, ö after z."""
    return str(get_locale() or "").startswith("sv")


def dialog(partial: str, title: str, status: int = 200, **values: Any) -> Answer:
    """A dialog for HTMX, the same as a page for a plain browser."""
    return page_or_fragment("shared/dialog_page.html", partial, status, partial=partial, title=title, **values)


def piece(template: str, **values: Any) -> str:
    """A partial that goes out of band beside another one."""
    return f"<template>{render_template(template, **{**values, 'oob': True})}</template>"
