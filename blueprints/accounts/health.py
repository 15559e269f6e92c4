"""Whether the application lives: asked by monitors, without signing in."""

from __future__ import annotations

from flask import Blueprint, Response
from sqlalchemy import text

from blueprints.web.database import reading

bp = Blueprint("health", __name__)


@bp.get("/health")
def show() -> Response:
    """200 "ok" when the database answers."""
    reading().execute(text("SELECT 1"))
    return Response("ok", mimetype="text/plain", headers={"Cache-Control": "no-store"})
