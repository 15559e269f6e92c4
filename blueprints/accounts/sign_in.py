"""Signing in and out. Refusals give no reason; both the address and the sign-in name are throttled."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, request, session, url_for
from flask_babel import gettext
from flask_limiter.util import get_remote_address
from flask_login import current_user, login_user, logout_user

from blueprints.accounts.forms import SignInForm
from blueprints.web.actor import now
from blueprints.web.database import reading, transaction
from blueprints.web.fragments import Answer, go_to, page
from blueprints.web.same_site import same_site
from blueprints.web.sign_in import SignedIn, limiter, sign_in_name_key
from domain.accounts.sign_in import check_password, record_sign_in, renewed_hash

bp = Blueprint("accounts", __name__)


def _failed(answer: Response) -> bool:
    return answer.status_code == 422


def _unthrottled() -> bool:
    return not current_app.config["RATELIMIT_ENABLED"]


@bp.route("/sign-in", methods=["GET", "POST"])
@limiter.limit(
    "30 per minute; 200 per hour",
    key_func=get_remote_address,
    methods=["POST"],
    deduct_when=_failed,
    exempt_when=_unthrottled,
)
@limiter.limit(
    "10 per minute; 50 per hour",
    key_func=sign_in_name_key,
    methods=["POST"],
    deduct_when=_failed,
    exempt_when=_unthrottled,
)
def sign_in() -> Answer:
    """The sign-in page; goes on to `next` when that is a page of this site."""
    if current_user.is_authenticated:
        return go_to(same_site(request.args.get("next")))
    form = SignInForm(next=request.args.get("next"))
    if request.method == "GET":
        return page("accounts/sign_in.html", form=form)
    if form.validate():
        user = signed_in_user(form.login.data, form.password.data)
        if user is not None:
            session.clear()  # nothing of who was here before, and a token of its own
            login_user(user)
            return go_to(same_site(form.next.data))
        form.form_errors.append(gettext("The sign-in name or the password is wrong."))
    return page("accounts/sign_in.html", 422, form=form)


@bp.get("/signed-in")
def signed_in() -> Answer:
    """What somebody sees who signed in again beside a page whose session had ended."""
    return page("accounts/signed_in.html")


@bp.post("/sign-out")
def sign_out() -> Answer:
    """Ends the session."""
    logout_user()
    session.clear()
    return go_to(url_for("accounts.sign_in"), gettext("You are signed out."))


def signed_in_user(login: str, password: str) -> SignedIn | None:
    """The user whom name and password belong to, their sign-in noted; None otherwise. Hashes before it writes."""
    user = check_password(reading(), login=login, password=password)
    if user is None:
        return None
    checked, new = user.password_hash, renewed_hash(user, password)
    with transaction() as db_session:
        user = record_sign_in(db_session, user.id, checked_hash=checked, new_hash=new, now=now())
    return SignedIn(user) if user else None
