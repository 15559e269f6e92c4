"""Parts of pages that are made once and kept: the same for the same values and language, and nobody's secrets in them."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest
from jinja2 import DictLoader, nodes
from jinja2.meta import find_undeclared_variables

from blueprints.web import kept
from blueprints.web.kept import Keep, kept_part
from tests.factories.setup import make_user
from tests.pages.visitor import Visitor

TEMPLATES = Path(__file__).parent.parent.parent / "templates"
# what a kept template may use besides its values: these depend on nothing but the language, currency and mount point
FREE = {"_", "ngettext", "pgettext", "url_for", "icon", "slot", "csrf_token", "static_url", "loop", "caller"} | {
    f"format_{what}" for what in ("number", "money", "amount", "date")
}
# macros of fields ask the request for what was typed, after a refusal only, and then nothing is kept
OF_MACROS = FREE | {"request"}


@pytest.fixture
def parts(application, monkeypatch):
    """A request in which templates of the test are made; gives how often."""
    made = []
    environment = application.jinja_env.overlay(
        loader=DictLoader(
            {
                "name.html": "{{ note() }}{{ _('Name') }}: {{ name }} {{ slot('more') }}",
                "form.html": "{{ note() }}<input name=csrf_token value={{ csrf_token() }}>",
            }
        )
    )
    environment.globals = {**application.jinja_env.globals, "note": lambda: made.append(1) or ""}
    monkeypatch.setattr(application, "jinja_env", environment)
    monkeypatch.setitem(application.extensions, "kept", Keep())
    return made


def test_the_same_values_are_made_once(application, parts):
    with application.test_request_context():
        for more in ("<1>", "<2>"):
            assert kept_part("name.html", name="Bo & Co", slots={"more": more}) == (
                f"Name: Bo &amp; Co &lt;{more[1]}&gt;"
            )
        assert kept_part("name.html", name="Ann", slots={"more": ""}) == "Name: Ann "
        assert len(parts) == 2
        assert kept_part("name.html", keep=False, name="Ann", slots={"more": ""}) == "Name: Ann "
        assert len(parts) == 3


def test_each_language_has_its_own(application, parts):
    for language, word in (("en-GB", "Name"), ("sv", "Namn")):
        with application.test_request_context(headers={"Accept-Language": language}):
            assert kept_part("name.html", name="x", slots={"more": ""}) == f"{word}: x "


def test_a_token_is_never_kept(application, parts):
    seen = set()
    for _ in range(2):
        with application.test_request_context():
            seen.add(kept_part("form.html"))
    assert (len(parts), len(seen)) == (1, 2)
    assert not any("slot-" in html for html in seen)


def test_only_plain_data_is_a_value(application, parts):
    with application.test_request_context(), pytest.raises(ValueError, match="unmarshallable"):
        kept_part("name.html", name=dt.date(2026, 1, 1))


def test_what_was_used_longest_ago_goes_first(monkeypatch):
    monkeypatch.setattr(kept, "MOST_CHARACTERS", 10)
    keep = Keep()
    keep.put("a", ["aaaa"])
    keep.put("b", ["bbbb"])
    assert keep.find("a") == ["aaaa"]
    keep.put("c", ["cccc"])
    assert (keep.find("a"), keep.find("b"), keep.find("c"), len(keep)) == (["aaaa"], None, ["cccc"], 2)


def test_two_people_see_their_own_name_and_token(session, application):
    """The shell is kept; what is in it is not somebody else's."""
    seen = []
    for name in ("Ada Ek", "Bo Ek"):
        somebody = Visitor(application, session, htmx=False)
        page = somebody.sign_in(make_user(session, role="marketing", name=name)).get("/segments/")
        seen.append(page.one("//input[@name='csrf_token']").get("value"))
        assert name in page.text("//details[contains(@class, 'account')]")
    assert seen[0] != seen[1]


def calls(environment):
    """Every `kept_part("template", name=…)` in a template: the template and the names it is given."""
    for path in sorted(TEMPLATES.rglob("*.html")):
        tree = environment.parse(path.read_text(encoding="utf-8"))
        for call in tree.find_all(nodes.Call):
            if isinstance(call.node, nodes.Name) and call.node.name == "kept_part":
                given = {one.key: one.value for one in call.kwargs}
                yield call.args[0].value, set(given) - {"keep", "make", "slots"}, given.get("make")


MADE = {"actions": {"actions"}, "chips": {"chips"}, "columns": {"columns"}, "totals": {"totals"}}


def test_kept_templates_know_nothing_but_their_values(application):
    environment = application.jinja_env
    found = list(calls(environment))
    assert len(found) > 10
    for template, given, make in found:
        known = given | FREE | (MADE[make.attr] if make else set())
        for source in with_includes(template):
            strange = find_undeclared_variables(environment.parse(source)) - known
            assert not strange, f"{template} uses {strange}"


@pytest.mark.parametrize("path", sorted(TEMPLATES.glob("macros/*.html")), ids=lambda path: path.stem)
def test_macros_know_nothing_but_what_they_are_given(application, path):
    tree = application.jinja_env.parse(path.read_text(encoding="utf-8"))
    own = {name.name for name in tree.find_all(nodes.Name) if name.ctx == "store"}
    assert not find_undeclared_variables(tree) - OF_MACROS - own - {"attributes"}


def with_includes(template):
    """The source of a template and of those it includes."""
    source = (TEMPLATES / template).read_text(encoding="utf-8")
    yield source
    for other in re.findall(r'{% include "([^"]+)"', source):
        yield from with_includes(other)
