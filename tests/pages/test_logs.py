"""Nothing personal in logs."""

from __future__ import annotations

import logging

from sqlalchemy import text

from blueprints.web.database import reading
from tests.factories.setup import make_user


def test_request_lines_lose_their_query(application, caplog):
    with caplog.at_level(logging.INFO, logger="werkzeug"):
        logging.getLogger("werkzeug").info('"%s" %s %s', "GET /contacts/?q=Katarina&page=2 HTTP/1.1", "200", "-")
    assert caplog.messages == ['"GET /contacts/ HTTP/1.1" 200 -']


def test_a_defect_is_logged_without_the_values_of_statements(application, session, browser, monkeypatch, caplog):
    browser.sign_in(make_user(session))

    name = "".join(["Kata", "rina"])  # the log shows lines of source

    def fail(*_):
        reading().execute(text("SELECT * FROM nowhere WHERE name = :name"), {"name": name})

    monkeypatch.setitem(application.view_functions, "health.show", fail)
    assert browser.get("/health?q=Pettersson").status == 500
    assert "nowhere" in caplog.text
    assert "Katarina" not in caplog.text
    assert "Pettersson" not in caplog.text
