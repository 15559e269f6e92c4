"""The worksheet page with a hundred lines, of a small and of a large segment, and saving a cell, against a bare page.

The browser is one that puts bare lines together (decisions 0006), as from the second page of a session on.
"""

from __future__ import annotations

import itertools
import re
from typing import Any

from flask import Flask
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from app import create_app
from bench.data import ACTOR, NOW
from bench.measure import Figures, clock, interleaved
from bench.segments import Statements
from blueprints.web.database import db
from blueprints.web.kept import Keep
from domain.accounts.models import User
from domain.segments.create import create_segment
from domain.segments.interactions import choose_template
from domain.segments.paste import add_pasted


def bench_pages(url: str, engine: Engine, facts: dict[str, Any], n: int, figures: Figures) -> None:
    """Shows a page of a hundred lines of `n` and of a hundred lines in all."""
    timed = clock(engine)
    with Session(engine) as session:
        user = User(login="bench", login_key="bench", name="Bench", role="administrator", created_at=NOW)
        session.add(user)
        nos = []
        for size in (100, n):
            segment = create_segment(session, description=f"Page {size}", by=ACTOR)
            choose_template(session, segment, facts["template_id"], by=ACTOR)
            add_pasted(session, segment, "\n".join(f"CT{i:06}" for i in range(1, size + 1)), by=ACTOR)
            nos.append(segment.no)
        session.commit()
        cookie = f"{user.id}.{user.session_no}"
    if engine.dialect.name == "postgresql":  # as its own upkeep does within a minute of so many new rows
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("ANALYZE"))
    app = create_app(
        {"SQLALCHEMY_DATABASE_URI": url, "SECRET_KEY": "bench", "WORKER": False, "RATELIMIT_ENABLED": False}
    )
    client = app.test_client()
    with client.session_transaction() as signed_in:
        signed_in["_user_id"], signed_in["_fresh"] = cookie, True
    client.set_cookie("lines", "bare")
    bare = Flask("bare")
    bare.add_url_rule("/", "hello", lambda: "hello")
    hello_client = bare.test_client()

    def hello() -> float:
        return timed(lambda: [hello_client.get("/") for _ in range(20)]) / 20

    def page(no: str, **headers: str) -> float:
        def work() -> None:
            answer = client.get(f"/segments/{no}", headers=headers)
            assert answer.status_code == 200
            client.set_cookie("lines", "bare")

        return timed(work)

    def first_view() -> float:
        before, app.extensions["kept"] = app.extensions["kept"], Keep()
        seconds = page(f"{small}?whole=1")
        app.extensions["kept"] = before
        return seconds

    token = str(re.search(r'name="csrf-token" content="([^"]+)"', client.get("/").text)[1])  # type: ignore[index]
    saved = itertools.count()

    def save() -> float:
        values = {"description": f"Mine {next(saved)}"}

        def work() -> None:
            headers = {"HX-Request": "true", "X-CSRFToken": token}
            answer = client.post(f"/segments/{small}/lines/10000/", data=values, headers=headers)
            assert answer.status_code == 200

        return timed(work)

    small, large = nos
    for no in nos:
        page(no)
    floor, of_small, of_large, saving, first = interleaved(
        15, hello, lambda: page(small), lambda: page(large), save, first_view
    )
    figures.ratio(f"worksheet page, 100 of {n:,} lines / 100 of 100", of_large, of_small, 2)
    figures.ratio("worksheet page, 100 lines / bare hello", of_small, floor, 25)
    figures.seen("… of 100 whole lines, nothing kept / bare hello", first, floor)
    figures.ratio("save one cell / bare hello", saving, floor, 19)
    with app.app_context():
        statements = Statements(db.engine)
    page(large)
    statements.close()
    figures.amount("worksheet page, statements", statements.number, "", 8)
    figures.amount(f"worksheet page of {n:,} lines, database time", statements.seconds, "s", 0.5)
    with app.app_context():
        db.engine.dispose()
