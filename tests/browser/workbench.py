"""A worksheet kept in memory, made of the product's templates: the ground on which the client layer is tested."""

from __future__ import annotations

import datetime as dt
import threading
from typing import Any

from flask import Flask, render_template, request, url_for
from flask_wtf import CSRFProtect
from jinja2 import ChoiceLoader, DictLoader, FileSystemLoader
from waitress.server import create_server

from blueprints.web.icons import init_icons
from blueprints.web.kept import init_kept
from tests.conftest import ROOT

TEMPLATES = {
    "sheet.html": """{% extends "base.html" %}{% block title %}Sheet{% endblock %}
{% block main %}<div class="page" id="page">
{{ ui.page_header("Sheet", save_state=true) }}
{{ ui.action_bar([{"label": "Log", "url": "/dialog", "dialog": true, "kind": "primary", "key": "F9"},
{"label": "Add contacts", "url": "/"}, {"label": "Send them all a letter by post", "url": "/", "low": 1},
{"label": "Read everything that was typed since yesterday once again", "url": "/", "low": 2}],
"Actions", details=true) }}
{% include "header.html" %}
<section class="card lines-card" aria-labelledby="lines-title">{% call ui.list_bar("Lines", id="lines-title") %}
{{ ui.search_box("/", "", "Search lines") }}
{% call ui.bulk_bar(total=1240) %}
{{ ui.bulk_button("Remove", "/remove", target="#lines", swap="outerHTML") }}{% endcall %}
{% endcall %}{% include "lines.html" %}</section></div>
<aside id="factbox" class="factbox" aria-label="Details"></aside>{% endblock %}""",
    "header.html": """{% import "_macros.html" as ui %}
<form id="header" class="cards" data-dirty-only method="post" action="/header" hx-post="/header" hx-trigger="change"
hx-target="this" hx-swap="morph:outerHTML" hx-sync="this:queue all">
<input type="hidden" name="csrf_token" value="{{ csrf_token() }}">
{% call ui.card("General", peek="peek", id="general") %}<div class="fields">
{{ ui.text("caption", "Caption", header.caption) }}
{{ ui.lookup("person", "Person", header.person, "/look-up") }}{{ ui.checkbox("wanted", "Wanted", header.wanted) }}</div>
{% endcall %}</form>""",
    "lines.html": """{% import "_macros.html" as ui %}<div id="lines" class="scroller" tabindex="-1">
<table class="grid" data-grid role="table" aria-label="Lines">
{{ ui.table_head([{"label": "Name", "id": "th-name"}, {"label": "Text", "id": "th-text"},
{"label": "Kind", "id": "th-kind"}, {"label": "Date", "id": "th-date"}], select=true) }}
<tbody role="rowgroup">{% for line in lines %}{% include "line.html" %}{% endfor %}</tbody>
<tfoot role="rowgroup"><tr id="newline" class="newline" role="row" data-line hx-post="/lines" hx-target="#lines"
hx-trigger="change target:.cell" hx-swap="outerHTML" hx-include="find .cell"><td class="c-sel" role="cell"></td>
<td class="c-name" role="cell"><input type="text" class="cell combo" name="contact" id="new-contact" aria-label="Add"
autocomplete="off" role="combobox" aria-expanded="false" aria-controls="lookup-list" aria-keyshortcuts="Alt+N"
hx-get="/look-up" hx-target="#lookup-list" hx-trigger="input changed delay:120ms, lookup" hx-sync="this:replace"
data-paste-url="/paste"></td></tr></tfoot></table></div>""",
    "line.html": """{% import "_macros.html" as ui %}{% set id = "line-" ~ line.no %}
<tr id="{{ id }}" role="row" class="line" data-line data-dirty-only data-factbox="/details/{{ line.no }}"
hx-post="/lines/{{ line.no }}" hx-trigger="change target:.cell" hx-target="this" hx-swap="morph:outerHTML"
hx-sync="this:queue all" hx-include="this"><td class="c-sel" role="cell">{{ ui.check_cell(line.no, "Select") }}
{{ ui.row_form(id ~ "-form", "/lines/" ~ line.no) }}</td>
<td class="c-name" role="cell" id="{{ id }}-name"><a href="/dialog?line={{ line.no }}" data-open>{{ line.name }}</a></td>
{{ ui.cell(id, "text", "Text", line.text, "inherited", head="th-text") }}
{{ ui.cell(id, "kind", "Kind", line.kind, "Letter", kind="select", options=[("m", "E-mail")], head="th-kind") }}
{{ ui.cell(id, "date", "Date", line.date, "22/11/2026", kind="date", head="th-date", error=line.error) }}</tr>""",
    "dialog.html": """{% import "_macros.html" as ui %}{% call ui.dialog("Log", "/dialog", "Log 6") %}
{{ ui.text("reason", "Reason", typed, error=error, was=false, attrs={"autofocus": true}) }}
{{ ui.lookup("campaign", "Campaign", "", "/look-up", was=false) }}{% endcall %}""",
}


def new_line(no: int, name: str) -> dict[str, Any]:
    """A line that inherits everything."""
    return {"no": no, "name": name, "text": "", "kind": "", "date": "", "error": ""}


class Workbench:
    """The server; what was posted stands in `posted`, in order."""

    def __init__(self) -> None:
        self.hold = threading.Event()
        self.reset()
        app = Flask("workbench", static_folder=str(ROOT / "static"), static_url_path="/static")
        app.secret_key = "secret of the workbench"
        app.jinja_loader = ChoiceLoader([DictLoader(TEMPLATES), FileSystemLoader(ROOT / "templates")])
        app.jinja_env.add_extension("jinja2.ext.i18n")
        app.jinja_env.install_null_translations(newstyle=True)  # type: ignore[attr-defined]
        init_icons(app)
        app.jinja_env.globals.update(
            static_url=lambda name: url_for("static", filename=name),
            format_date=lambda day: day.strftime("%d/%m/%Y"),
            format_number=str,
            _=app.jinja_env.globals["gettext"],
        )
        CSRFProtect(app)
        app.jinja_env.auto_reload = True  # nothing is kept: no languages here
        init_kept(app)
        app.context_processor(self.context)
        app.after_request(self.answered)
        for rule, view in (
            ("/", self.sheet),
            ("/header", self.save_header),
            ("/lines/<int:no>", self.save_line),
            ("/lines", self.add_line),
            ("/remove", self.remove),
            ("/undo", self.lines_again),
            ("/paste", self.dialog),
            ("/dialog", self.dialog),
            ("/look-up", self.look_up),
            ("/details/<int:no>", self.details),
        ):
            app.add_url_rule(rule, rule, view, methods=["GET", "POST"])
        self.server = create_server(app, host="127.0.0.1", port=0, threads=8)
        self.url = f"http://127.0.0.1:{self.server.effective_port}"
        self.thread = threading.Thread(target=self.server.run, daemon=True)
        self.thread.start()

    def reset(self) -> None:
        """As it was at first: six lines, nothing posted."""
        self.lines = [new_line(no, f"Contact {no}") for no in range(1, 7)]
        self.header: dict[str, Any] = {"caption": "Fair", "person": "JR · John", "wanted": True}
        self.posted: list[tuple[str, dict[str, Any]]] = []
        self.hold.set()

    def stop(self) -> None:
        """Ends the server."""
        self.hold.set()
        self.server.close()
        self.server.task_dispatcher.shutdown()
        self.thread.join(timeout=10)

    def posts(self, path: str) -> list[dict[str, Any]]:
        """What was posted to an address, in order."""
        return [values for where, values in self.posted if where == path]

    def context(self) -> dict[str, Any]:
        day = dt.date(2026, 11, 22)
        user = type("User", (), {"is_authenticated": True, "name": "John Roberts", "login": "john", "initials": "JR"})
        return {
            "current_user": user,
            "work_date": day,
            "today": day,
            "nav": [],
            "theme": "",
            "html_lang": "en-GB",
            "lines": self.lines,
            "header": self.header,
        }

    def answered(self, answer: Any) -> Any:
        answer.headers["Content-Security-Policy"] = "default-src 'self'"
        if request.method == "POST":
            self.hold.wait(10)
        return answer

    def note(self) -> dict[str, Any]:
        values = request.form.to_dict(flat=False)
        self.posted.append((request.path, {name: v[0] if len(v) == 1 else v for name, v in values.items()}))
        return request.form.to_dict()

    def sheet(self) -> str:
        return render_template("sheet.html")

    def save_header(self) -> str:
        values = self.note()
        self.header |= {name: value for name, value in values.items() if name in ("caption", "person")}
        if "was-wanted" in values:
            self.header["wanted"] = "wanted" in values
        return render_template("header.html")

    def save_line(self, no: int) -> tuple[str, int]:
        values = self.note()
        line = next(line for line in self.lines if line["no"] == no)
        shown = line | {name: value for name, value in values.items() if name in line}
        shown["error"] = "Not a date." if "?" in str(shown["date"]) else ""
        line |= shown | {"error": "", "date": line["date"] if shown["error"] else shown["date"]}
        return render_template("line.html", line=shown), 422 if shown["error"] else 200

    def add_line(self) -> str:
        self.lines.append(new_line(len(self.lines) + 1, self.note()["contact"]))
        return render_template("lines.html")

    def remove(self) -> str:
        chosen = request.form.getlist("sel")
        self.note()
        self.lines = [line for line in self.lines if str(line["no"]) not in chosen]
        toast = render_template("shared/_toast.html", text="Removed", undo_url="/undo", undo_target="#lines")
        return render_template("lines.html", lines=self.lines) + f"<template>{toast}</template>"

    def lines_again(self) -> str:
        self.note()
        return render_template("lines.html")

    def dialog(self) -> Any:
        if request.method == "GET" or request.path == "/paste":
            self.note()
            return render_template("dialog.html")
        values = self.note()
        if not values.get("reason"):
            return render_template("dialog.html", error="Say why."), 422
        return "", 200, {"HX-Trigger": "dialog:close"}

    def look_up(self) -> str:
        q = request.args.get("q", "").lower()
        self.posted.append(("/look-up", request.args.to_dict()))
        people = [("P1", "Anna Ek"), ("P2", "Bo Lind"), ("P3", "Annika Berg")]
        options = [{"value": no, "label": name} for no, name in people if q in name.lower()]
        return render_template("shared/_lookup_options.html", options=options, count=f"{len(options)} found")

    def details(self, no: int) -> str:
        return f'<aside id="factbox" class="factbox" aria-label="Details">Details of {no}</aside>'
