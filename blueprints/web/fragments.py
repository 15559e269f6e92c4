"""Two dialects of one answer: HTMX fragments and whole pages (architecture.md section 4)."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, make_response, redirect, render_template, request
from markupsafe import Markup
from werkzeug.wrappers import Response as BaseResponse

Answer = Response | BaseResponse


def wants_fragment() -> bool:
    """Whether HTMX asks, and not to restore a page from its history."""
    return request.headers.get("HX-Request") == "true" and request.headers.get("HX-History-Restore-Request") != "true"


def in_dialog() -> bool:
    """Whether the answer goes into the dialog of the page."""
    return wants_fragment() and request.headers.get("HX-Target") == "dialog"


def page(template: str, status: int = 200, **values: Any) -> Answer:
    """A whole page."""
    return make_response(render_template(template, **values), status)


def fragments(first: str | Markup, *others: str, status: int = 200, trigger: str = "", **values: Any) -> Answer:
    """The first partial (or its HTML), then the others out of band: with `oob=True`, each in its own <template>.

    A row answer must come first and bare; out-of-band pieces in <template> keep the parser from dropping rows.
    """
    pieces = [first if isinstance(first, Markup) else render_template(first, **values)]
    pieces += [f"<template>{render_template(other, **{**values, 'oob': True})}</template>" for other in others]
    answer = make_response("\n".join(pieces), status)
    if trigger:
        answer.headers["HX-Trigger"] = trigger
    return answer


def close_dialog(*templates: str, **values: Any) -> Answer:
    """Empties and closes the dialog; the changed regions come out of band."""
    pieces = [f"<template>{render_template(other, **{**values, 'oob': True})}</template>" for other in templates]
    answer = make_response("\n".join(pieces), 200)
    answer.headers["HX-Trigger"] = "dialog:close"
    return answer


def page_or_fragment(page_template: str, fragment_template: str, status: int = 200, **values: Any) -> Answer:
    """The partial for HTMX, the page that includes the same file for a plain browser."""
    return make_response(render_template(fragment_template if wants_fragment() else page_template, **values), status)


def go_to(url: str, message: str = "", kind: str = "info") -> Answer:
    """Ends the page: 303 for a plain browser, 204 with HX-Redirect for HTMX. `message` is shown on the next page."""
    if message:
        flash(message, kind)
    if wants_fragment():
        answer = make_response("", 204)
        answer.headers["HX-Redirect"] = url
        return answer
    return redirect(url, code=303)
