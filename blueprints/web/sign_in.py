"""Who is signed in (Flask-Login), the throttle of the sign-in page, and CSRF."""

from __future__ import annotations

import hashlib
from typing import Any

from flask import Flask, g, request, url_for
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_login import LoginManager, UserMixin
from flask_wtf import CSRFProtect
from sqlalchemy import Row

from blueprints.web.actor import user_id_of
from blueprints.web.database import reading
from blueprints.web.fragments import Answer, go_to, wants_fragment
from blueprints.web.same_site import page_of_request
from domain.accounts.models import User
from domain.accounts.queries import login_key

login_manager = LoginManager()
csrf = CSRFProtect()
limiter = Limiter(get_remote_address, default_limits=[])


class SignedIn(UserMixin):
    """The signed-in user as Flask-Login and the templates know them."""

    def __init__(self, user: User | Row[Any]) -> None:
        self.id = user.id
        self.login = user.login
        self.name = user.name or user.login
        self.role = user.role
        self.salesperson_id = user.salesperson_id
        self.locale = user.locale
        self.theme = user.theme
        self.session_no = user.session_no

    def get_id(self) -> str:
        """The id with the session number: raising the number ends every session of the user."""
        return f"{self.id}.{self.session_no}"

    @property
    def initials(self) -> str:
        """Two letters for the avatar."""
        parts = self.name.split()
        return ((parts[0][:1] + parts[-1][:1]) if len(parts) > 1 else self.name[:2]).upper()


@login_manager.user_loader
def load_user(token: str) -> SignedIn | None:
    """The user of a session, unless they were deactivated or signed out everywhere."""
    user_id = user_id_of(token)
    user = g.get("office_user")  # read with the office
    if user is None or user.id != user_id:
        user = reading().get(User, user_id) if user_id is not None else None
    if user is None or not user.active or str(user.session_no) != token.partition(".")[2]:
        return None
    return SignedIn(user)


@login_manager.unauthorized_handler
def ask_to_sign_in() -> Answer:
    """Leads to the sign-in page and from there back.

    HTMX gets 401 with a redirect: nothing is swapped into a cell, and a page on which something was typed stays (app.js).
    """
    back = page_of_request()
    answer = go_to(url_for("accounts.sign_in", next=None if back in ("", "/") else back))
    if wants_fragment():
        answer.status_code = 401
    return answer


def sign_in_name_key() -> str:
    """The throttle's key for the sign-in name that was typed. Keys may be logged, so it is not the name itself."""
    return hashlib.sha256(login_key(request.form.get("login", "")[:200]).encode()).hexdigest()


def init_sign_in(app: Flask) -> None:
    """Connects Flask-Login, the limiter and CSRF protection."""
    login_manager.init_app(app)
    csrf.init_app(app)
    limiter.init_app(app)
