"""Cards: the pages that plain things of the setup share (new, edit, delete), each thing with its own form and rules."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from flask import Blueprint, flash, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session

from blueprints.web.actor import actor
from blueprints.web.database import reading, transaction
from blueprints.web.forms import Form, value_of
from blueprints.web.fragments import Answer, go_to, page_or_fragment
from blueprints.web.languages import translate
from domain.errors import Conflict
from domain.messages import Message
from domain.references import uses

NOTHING: Callable[..., Any] = lambda *_, **__: None  # noqa: E731


def ask(title: str, lead: str, *, cancel: str, status: int = 200, **values: Any) -> Answer:
    """A question in the dialog, or as a page without JavaScript; without `submit` only a statement.

    `values`: submit, action, danger, points, fields, as templates/shared/_confirm.html takes them.
    """
    question = {"title": title, "lead": lead, "cancel": cancel, "action": None, "submit": None} | values
    partial = "shared/_confirm.html"
    return page_or_fragment("shared/dialog_page.html", partial, status, partial=partial, **question)


@dataclass(frozen=True)
class Words:
    """The sentences of a card, lazily translated; those about one thing hold `%(name)s`."""

    things: Any
    new: Any
    create: Any
    created: Any
    changed: Any
    deleted: Any
    delete: Any
    consequence: Any


@dataclass
class Card:
    """One kind of thing. `register` adds its routes to a blueprint that has an `index`.

    `get(session, key)`, `create(session, by=…, **values)`, `edit(session, thing, changes=…, by=…)` and
    `delete(session, thing, by=…)` are verbs of the domain; `right` is who may do so, everybody else only looks.
    `own(thing)`: whether it is the user's own, where the right depends on that; `editable(thing)`: whether it can be
    changed at all; `new_right` and `delete_right` where they differ. `after(thing)`: where saving leads.
    `fields` are the names of the form's fields that are columns of the thing. `prepare(form, thing)` sets choices;
    `more(thing)` gives further values to the page `template`. `fields_template` shows the fields. `warning` may have a
    sentence for what was created. With `stay` the page of the thing is shown after saving, else the list.
    """

    bp: Blueprint
    words: Words
    form: type[Form]
    fields: tuple[str, ...]
    fields_template: str
    get: Callable[[Session, str], Any]
    create: Callable[..., Any]
    edit: Callable[..., Any]
    delete: Callable[..., Any]
    right: str = "change setup"
    new_right: str = ""
    delete_right: str = ""
    own: Callable[[Any], bool] = lambda thing: False
    editable: Callable[[Any], bool] = lambda thing: True
    after: Callable[[Any], str] | None = None
    template: str = "setup/card.html"
    key: Callable[[Any], str] = lambda thing: str(thing.code)
    title: Callable[[Any], str] | None = None
    new_values: Callable[[], dict[str, Any]] = dict
    prepare: Callable[[Form, Any], None] = NOTHING
    more: Callable[[Any], dict[str, Any]] = field(default=lambda thing: {})
    warning: Callable[[Session, Any], Message | None] = NOTHING
    stay: bool = False
    crumbs: Callable[[], list[tuple[Any, str | None]]] = list

    def register(self) -> None:
        """Adds the routes."""
        rules: tuple[tuple[str, str, Callable[..., Answer], str], ...] = (
            ("/new", "new", self.show_new, "GET"),
            ("/", "create", self.create_one, "POST"),
            ("/<known:key>/", "show", self.show_one, "GET"),
            ("/<known:key>/", "update", self.update_one, "POST"),
            ("/<known:key>/delete", "ask_delete", self.ask_delete, "GET"),
            ("/<known:key>/delete", "delete", self.delete_one, "POST"),
        )
        for rule, name, view, method in rules:
            self.bp.add_url_rule(rule, name, view, methods=[method])

    def url(self, action: str, thing: Any = None) -> str:
        """The address of one of the card's routes."""
        return url_for(f"{self.bp.name}.{action}", **({"key": self.key(thing)} if thing is not None else {}))

    def values_of(self, thing: Any) -> dict[str, Any]:
        """What the form shows of a thing."""
        return {name: getattr(thing, name) for name in self.fields}

    def show_new(self) -> Answer:
        """The page of a new thing."""
        actor().must_be_allowed(self.new_right or self.right)
        return self._new(self.form(formdata=None, data=self.new_values()))

    def create_one(self) -> Answer:
        """Makes a thing."""
        by = actor()
        by.must_be_allowed(self.new_right or self.right)
        form = self.form()
        self.prepare(form, None)
        if form.validate():
            with form.reporting():
                with transaction() as session:
                    thing = self.create(session, by=by, **{name: value_of(form[name]) for name in self.fields})
                    message = str(self.words.created) % {"name": self.key(thing)}
                    warning = self.warning(session, thing)
                if warning is not None:
                    flash(translate(warning), "warn")
                return go_to(self._next(thing), message, "ok")
        return self._new(form, 422)

    def _next(self, thing: Any) -> str:
        """Where saving leads."""
        if self.after is not None:
            return self.after(thing)
        return self.url("show", thing) if self.stay else self.url("index")

    def show_one(self, key: str) -> Answer:
        """The page of a thing."""
        thing = self.get(reading(), key)
        return self.page_of(thing, self.form(formdata=None, data=self.values_of(thing)))

    def update_one(self, key: str) -> Answer:
        """Changes what the user changed (B26)."""
        by, thing = actor(), self.get(reading(), key)
        by.must_be_allowed(self.right, own=self.own(thing))
        form, status = self.form(), 422
        self.prepare(form, thing)
        if form.validate():
            try:
                with form.reporting():
                    with transaction() as session:
                        thing = self.get(session, key)
                        self.edit(session, thing, changes=form.changes(self.values_of(thing)), by=by)
                        message = str(self.words.changed) % {"name": self.key(thing)}
                    return go_to(self._next(thing), message, "ok")
            except Conflict:
                if not form.stored_now:
                    raise
                status = 409
        return self.page_of(self.get(reading(), key), form, status)

    def ask_delete(self, key: str) -> Answer:
        """What deleting means; or everything for which it is refused."""
        actor().must_be_allowed(self.delete_right or self.right)
        thing = self.get(reading(), key)
        name = self.key(thing)
        title = str(self.words.delete) % {"name": name}
        found = uses(reading(), type(thing).__table__, [thing.id], name=name)
        if why := list(dict.fromkeys(("bad", translate(one.sentence)) for one in found)):
            return ask(title, str(self.words.consequence), points=why, cancel=self.url("show", thing))
        return ask(
            title,
            str(self.words.consequence),
            submit=gettext("Delete"),
            danger=True,
            action=self.url("delete", thing),
            cancel=self.url("show", thing),
        )

    def delete_one(self, key: str) -> Answer:
        """Deletes a thing nothing refers to."""
        by = actor()
        by.must_be_allowed(self.delete_right or self.right)
        with transaction() as session:
            thing = self.get(session, key)
            message = str(self.words.deleted) % {"name": self.key(thing)}
            self.delete(session, thing, by=by)
        return go_to(self.url("index"), message, "ok")

    def page_of(self, thing: Any, form: Form, status: int = 200) -> Answer:
        """The page of a thing, or for HTMX the form that was posted."""
        self.prepare(form, thing)
        values = self._values(form) | {
            "thing": thing,
            "name": self.key(thing),
            "title": self.title(thing) if self.title else self.key(thing),
            "action": self.url("update", thing),
            "delete_url": self.url("ask_delete", thing),
            "may_edit": self.editable(thing) and actor().may(self.right, own=self.own(thing)),
        }
        return page_or_fragment(self.template, "setup/_card_edit.html", status, **values, **self.more(thing))

    def _new(self, form: Form, status: int = 200) -> Answer:
        self.prepare(form, None)
        values = self._values(form) | {"title": self.words.new, "action": self.url("create")}
        return page_or_fragment("setup/card_new.html", "setup/_card_new.html", status, **values)

    def _values(self, form: Form) -> dict[str, Any]:
        return {
            "form": form,
            "words": self.words,
            "fields_template": self.fields_template,
            "index_url": self.url("index"),
            "crumbs": self.crumbs(),
        }
