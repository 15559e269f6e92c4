"""A visitor of the application who checks every page seen and takes forms from pages."""

from __future__ import annotations

import json
import re
from typing import Any

from flask import Flask
from lxml import html
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from domain.accounts.models import User


class Page:
    """An answer of the application, parsed."""

    def __init__(self, answer: TestResponse, visitor: Visitor) -> None:
        self.answer = answer
        self.visitor = visitor
        self.status = answer.status_code
        self.data = answer.get_data()
        answer.close()
        self.location = answer.headers.get("HX-Redirect") or answer.headers.get("Location") or ""
        is_html = answer.mimetype == "text/html" and answer.data.strip()
        self.source = answer.get_data(as_text=True) if is_html else ""
        self.tree = html.document_fromstring(_unpacked(self.source)) if is_html else None
        self.is_page = "<html" in self.source
        if self.is_page and self.status < 500:
            self.check()

    def one(self, selector: str) -> Any:
        """The element for "#id" or an XPath."""
        assert self.tree is not None, f"no page: {self.status} {self.location}"
        path = f"//*[@id='{selector[1:]}']" if selector.startswith("#") else selector
        found = self.tree.xpath(path)
        assert found, f"{selector} is not on the page:\n{self.plain()[:3000]}"
        return found[0]

    def has(self, selector: str) -> bool:
        """Whether the element for "#id" or an XPath is there."""
        path = f"//*[@id='{selector[1:]}']" if selector.startswith("#") else selector
        return self.tree is not None and bool(self.tree.xpath(path))

    def text(self, selector: str) -> str:
        """The text of an element, blanks squeezed."""
        return " ".join(self.one(selector).text_content().split())

    def plain(self) -> str:
        """The text of the whole page, blanks squeezed."""
        return " ".join(self.tree.text_content().split()) if self.tree is not None else ""

    def form(self, selector: str) -> dict[str, Any]:
        """The values a browser would post for the form "#id" (or XPath), inputs that say form="id" included."""
        form = self.one(selector)
        identity = form.get("id")
        controls = form.xpath(".//input|.//select|.//textarea")
        if identity:
            controls += [c for c in self.tree.xpath(f"//*[@form='{identity}']") if c not in controls]
        values: dict[str, Any] = {}
        for control in controls:
            name, kind = control.get("name"), control.get("type", "text")
            if not name or control.get("disabled") is not None or kind in ("submit", "button", "file", "image"):
                continue
            if control.get("form") not in (None, identity):
                continue
            if control.tag == "select":
                options = control.xpath(".//option")
                chosen = [o for o in options if o.get("selected") is not None] or options[:1]
                for option in chosen:
                    _add(values, name, option.get("value", option.text or ""))
            elif control.tag == "textarea":
                _add(values, name, (control.text or "").removeprefix("\n"))
            elif kind in ("checkbox", "radio"):
                if control.get("checked") is not None:
                    _add(values, name, control.get("value", "on"))
            else:
                _add(values, name, control.get("value", ""))
        return values

    def action(self, selector: str) -> str:
        """Where a form posts to."""
        return self.one(selector).get("action")

    def json(self) -> Any:
        """A JSON answer."""
        return json.loads(self.data)

    def check(self) -> None:
        """What every page must keep."""
        tree = self.tree
        ids = tree.xpath("//@id")
        assert len(ids) == len(set(ids)), f"ids twice: {sorted({i for i in ids if ids.count(i) > 1})}"
        assert len(tree.xpath("//h1")) == 1, "a page has one h1"
        labels = set(tree.xpath("//label/@for"))
        for control in tree.xpath("//input[not(@type='hidden') and not(@type='submit')]|//select|//textarea"):
            labelled = (
                control.get("id") in labels
                or control.get("aria-label")
                or control.get("aria-labelledby")
                or control.xpath("ancestor::label")
            )
            assert labelled, f"no label: {html.tostring(control)[:300]!r}"
        for form in tree.xpath("//form[translate(@method,'POST','post')='post']"):
            assert form.get("action"), f"a form without action: {html.tostring(form)[:200]!r}"
            identity = form.get("id")
            tokens = form.xpath(".//input[@name='csrf_token']")
            if identity:
                tokens += tree.xpath(f"//input[@name='csrf_token' and @form='{identity}']")
            assert tokens, f"a form without token: {form.get('action')}"
        for element in tree.xpath("//*[@hx-get]"):
            if element.tag == "a":
                assert element.get("href"), f"hx-get without href: {element.get('hx-get')}"
        for element in tree.xpath("//*[starts-with(@hx-target,'#')]"):
            assert element.get("hx-target")[1:] in ids, f"target is missing: {element.get('hx-target')}"
        for attribute in ("style", "onclick", "onchange", "onsubmit"):
            assert not tree.xpath(f"//*[@{attribute}]"), f"inline {attribute}"
        for script in tree.xpath("//script[not(@src)]"):
            assert script.get("type") in ("application/json", "text/template"), "inline script"


class Visitor:
    """Somebody with a browser: plain, or with HTMX."""

    def __init__(self, application: Flask, session: Session, *, htmx: bool) -> None:
        self.client = application.test_client()
        self.session = session
        self.htmx = htmx
        self.last: Page | None = None

    def sign_in(self, user: User) -> Visitor:
        """Signs in without the sign-in page."""
        self.session.flush()
        with self.client.session_transaction() as cookie:
            cookie["_user_id"] = f"{user.id}.{user.session_no}"
            cookie["_fresh"] = True
        return self

    def get(self, url: str, *, fragment: bool = False, headers: dict[str, str] | None = None) -> Page:
        """Opens a page; `fragment` asks for it as HTMX does."""
        self.session.commit()
        extra = {"HX-Request": "true"} if fragment else {}
        self.last = Page(self.client.get(url, headers={**extra, **(headers or {})}), self)
        self.session.expire_all()
        return self.last

    def post(
        self, url: str, data: dict[str, Any], *, headers: dict[str, str] | None = None, files: bool = False
    ) -> Page:
        """Posts a form, as a plain browser or as HTMX does."""
        self.session.commit()
        extra = {"HX-Request": "true"} if self.htmx else {}
        kind = {"content_type": "multipart/form-data"} if files else {}
        self.last = Page(self.client.post(url, data=data, headers={**extra, **(headers or {})}, **kind), self)
        self.session.expire_all()
        return self.last

    def submit(self, page: Page, selector: str, **changes: Any) -> Page:
        """Posts a form of a page with some values changed (None leaves a value out)."""
        values = page.form(selector) | changes
        return self.post(page.action(selector), {k: v for k, v in values.items() if v is not None})

    def follow(self, page: Page) -> Page:
        """Goes where the answer leads."""
        assert page.location, f"the answer leads nowhere: {page.status}"
        return self.get(page.location)


def _add(values: dict[str, Any], name: str, value: str) -> None:
    if name in values:
        values[name] = [*values[name], value] if isinstance(values[name], list) else [values[name], value]
    else:
        values[name] = value


def _unpacked(source: str) -> str:
    """A fragment as a document: out-of-band pieces taken out of their <template>, rows kept in a table."""
    source = re.sub(r"<template [^>]*>.*?</template>", "", source, flags=re.S)  # inert: the client fills them in
    source = source.replace("<template>", "").replace("</template>", "")
    if "<html" not in source and source.lstrip().startswith(("<tr", "<tbody")):
        return f"<table>{source}</table>"
    return source
