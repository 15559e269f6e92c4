"""The demo company: make it, remove it with one button."""

from __future__ import annotations

from flask import Blueprint, url_for
from flask_babel import gettext

from blueprints.web.actor import actor
from blueprints.web.database import reading, transaction
from blueprints.web.fragments import Answer, go_to, page
from domain.demo.company import RIGHT, create_demo_company
from domain.demo.remove import DemoRemoved, remove_demo_company
from domain.demo.sign_ins import make_sign_ins, renew_sign_ins
from domain.demo.start import forget_letters, prepare_letters
from domain.setup.queries import company_information

bp = Blueprint("demo", __name__, url_prefix="/setup/demo")


@bp.get("/")
def show() -> Answer:
    """What removing or making the demo means."""
    actor().must_be_allowed(RIGHT)
    return page("setup/demo.html", there=company_information(reading()).demo)


@bp.post("/")
def create() -> Answer:
    """Makes the demo and shows the passwords of its sign-ins, once."""
    by = actor()
    by.must_be_allowed(RIGHT)
    sign_ins = make_sign_ins()
    prepare_letters()
    with transaction() as session:
        create_demo_company(session, sign_ins=sign_ins, by=by)
    forget_letters()
    return page("setup/demo_sign_ins.html", sign_ins=sign_ins)


@bp.post("/sign-ins")
def renew() -> Answer:
    """Gives the demo's people new passwords and shows them: the former ones were lost, or never seen."""
    by = actor()
    by.must_be_allowed("manage users")
    made = make_sign_ins()
    with transaction() as session:
        sign_ins = renew_sign_ins(session, made, by=by)
    return page("setup/demo_sign_ins.html", sign_ins=sign_ins)


@bp.post("/delete")
def delete() -> Answer:
    """Removes the demo; says what stays because something of one's own refers to it."""
    by = actor()
    with transaction() as session:
        removed = remove_demo_company(session, by=by)
    return go_to(url_for("setup.index"), sentence(removed), "warn" if removed.kept else "ok")


def sentence(removed: DemoRemoved) -> str:
    """What went and what stays."""
    if not removed.kept:
        return gettext("The demo company was removed.")
    shown = ", ".join(removed.kept[:12]) + (" …" if len(removed.kept) > 12 else "")
    return gettext(
        "The demo company was removed. These stay because something of yours refers to them: %(names)s.", names=shown
    )
