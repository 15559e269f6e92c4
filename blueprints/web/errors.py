"""The one table from refusals to HTTP, and the pages people see when something is refused or fails."""

from __future__ import annotations

import logging

from flask import Flask, make_response, render_template, request
from flask_babel import gettext
from flask_login import current_user
from flask_wtf.csrf import CSRFError, generate_csrf
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from blueprints.web.database import db
from blueprints.web.fragments import Answer, wants_fragment
from blueprints.web.languages import translate
from domain.errors import Conflict, DomainError, Forbidden, NotFound, RuleViolation

STATUS: dict[type[DomainError], int] = {NotFound: 404, RuleViolation: 422, Conflict: 409, Forbidden: 403}
log = logging.getLogger("segmenta")


def init_errors(app: Flask) -> None:
    """Registers the handlers."""
    app.register_error_handler(DomainError, refused)
    app.register_error_handler(CSRFError, expired)
    app.register_error_handler(RequestEntityTooLarge, too_large)
    app.register_error_handler(HTTPException, http_problem)
    app.register_error_handler(Exception, failed)


def problem(status: int, title: str, text: str) -> Answer:
    """A problem as a page, or as a toast for HTMX (into the toast region, without touching the page)."""
    if wants_fragment():
        answer = make_response(render_template("shared/_problem.html", title=title, text=text, status=status), status)
        answer.headers["HX-Retarget"] = "#toasts"
        answer.headers["HX-Reswap"] = "beforeend"
        return answer
    return make_response(render_template("shared/problem.html", title=title, text=text, status=status), status)


def refused(error: DomainError) -> Answer:
    """A refusal of the domain that no form took up."""
    db.session.rollback()
    status = next(code for kind, code in STATUS.items() if isinstance(error, kind))
    titles = {
        404: gettext("Not found"),
        422: gettext("This is not possible"),
        409: gettext("Changed by someone else"),
        403: gettext("Not allowed"),
    }
    return problem(status, titles[status], translate(error.message))


def expired(error: CSRFError) -> Answer:
    """The form's token is missing or too old.

    A page that outlived its session gets the token of the new one, and whose that is, so that it can send again what was
    typed; other sites cannot read the answer.
    """
    answer = problem(
        400, gettext("The page has expired"), gettext("Reload the page and try again. What you typed is still here.")
    )
    if wants_fragment() and current_user.is_authenticated:
        answer.headers["X-CSRFToken"] = generate_csrf()
        answer.headers["X-User"] = str(current_user.id)
    return answer


def too_large(error: RequestEntityTooLarge) -> Answer:
    """An upload beyond the limit."""
    return problem(413, gettext("Too large"), gettext("The file is too large."))


def http_problem(error: HTTPException) -> Answer:
    """Every other HTTP answer that is not a page."""
    if error.code is None or error.code < 400:
        return error.get_response(request.environ)  # type: ignore[return-value]
    if error.code == 404:
        return problem(404, gettext("Not found"), gettext("There is no such page. It may have been moved or deleted."))
    if error.code == 405:
        return problem(405, gettext("Not found"), gettext("This address only answers to a form."))
    if error.code == 429:
        return problem(429, gettext("Too many attempts"), gettext("Wait a minute, then try again."))
    return problem(error.code, gettext("This is not possible"), gettext("The request could not be read."))


def failed(error: Exception) -> Answer:
    """A defect of ours: logged without personal data, shown as an apology."""
    db.session.rollback()
    log.exception("Unexpected error at %s %s", request.method, request.endpoint)
    return problem(
        500,
        gettext("Something went wrong"),
        gettext("The change was not saved. Try again; if it happens again, tell your administrator what you did."),
    )
