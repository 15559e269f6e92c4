"""The vocabulary of all pages (templates/_macros.html): what other templates rely on."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, render_template_string
from flask_wtf import FlaskForm
from lxml import html
from wtforms import BooleanField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

ROOT = Path(__file__).parent.parent.parent


def rendered(application: Flask, source: str, posted: dict[str, str] | None = None, **values: Any) -> Any:
    """What a template with `ui` gives, as an element that holds it all."""
    with application.test_request_context("/", method="POST" if posted else "GET", data=posted or {}):
        text = render_template_string('{% import "_macros.html" as ui %}' + source, **values)
    return html.fragment_fromstring(text, create_parent=True)


def attribute(page: Any, path: str) -> str:
    """The one value of an XPath to an attribute."""
    found = page.xpath(path)
    assert len(found) == 1, f"{path}: {found}"
    return str(found[0])


KINDS = [
    'ui.text("x", "Name", "a", error="Wrong.", hint="Help.")',
    'ui.textarea("x", "Name", "a", error="Wrong.", hint="Help.")',
    'ui.number("x", "Name", "a", error="Wrong.", hint="Help.")',
    'ui.money_field("x", "Name", "a", error="Wrong.", hint="Help.")',
    'ui.date("x", "Name", "a", error="Wrong.", hint="Help.")',
    'ui.select("x", "Name", [("a", "A")], "a", error="Wrong.", hint="Help.")',
    'ui.checkbox("x", "Name", true, error="Wrong.", hint="Help.", value="a")',
    'ui.switch("x", "Name", true, error="Wrong.", hint="Help.", value="a")',
    'ui.lookup("x", "Name", "a", "/look-up", error="Wrong.", hint="Help.")',
]


@pytest.mark.parametrize("source", KINDS, ids=lambda source: source.split("(")[0])
def test_a_field_has_a_label_and_its_error_and_hint_are_tied_to_it(application: Flask, source: str) -> None:
    page = rendered(application, "{{ " + source + " }}")
    control = page.xpath("//*[@name='x']")[0]
    assert page.xpath(f"//label[@for='{control.get('id')}']")
    assert control.get("aria-invalid") == "true"
    said = [page.get_element_by_id(i).text_content() for i in control.get("aria-describedby").split()]
    assert said == ["Wrong.", "Help."]


@pytest.mark.parametrize("source", KINDS, ids=lambda source: source.split("(")[0])
def test_a_field_posts_the_value_it_was_shown_with(application: Flask, source: str) -> None:
    """B26."""
    page = rendered(application, "{{ " + source.replace(', error="Wrong."', "") + " }}")
    assert attribute(page, "//input[@name='was-x']/@value") == "a"


def test_a_refused_field_keeps_the_value_it_was_first_shown_with(application: Flask) -> None:
    """B26: what was typed is not what was shown."""
    source = '{{ ui.text("x", "Name", "typed", error="Wrong.") }}'
    page = rendered(application, source, {"x": "typed", "was-x": "shown"})
    assert attribute(page, "//input[@name='x']/@value") == "typed"
    assert attribute(page, "//input[@name='was-x']/@value") == "shown"


def test_after_a_conflict_a_field_may_say_what_is_stored_now(application: Flask) -> None:
    page = rendered(application, '{{ ui.text("x", "Name", "mine", error="E", was="theirs") }}', {"was-x": "shown"})
    assert attribute(page, "//input[@name='was-x']/@value") == "theirs"


def test_an_unticked_box_was_shown_blank(application: Flask) -> None:
    page = rendered(application, '{{ ui.checkbox("x", "Box", false) }}')
    assert attribute(page, "//input[@name='was-x']/@value") == ""


def test_an_attribute_that_is_false_or_none_is_left_out(application: Flask) -> None:
    source = (
        '{{ ui.text("x", "X", attrs={"autofocus": false, "maxlength": none, "spellcheck": "false", "data-on": true}) }}'
    )
    control = rendered(application, source).xpath("//input[@name='x']")[0]
    assert "autofocus" not in control.attrib
    assert "maxlength" not in control.attrib
    assert (control.get("spellcheck"), control.get("data-on")) == ("false", "")


def test_what_people_type_is_escaped_everywhere(application: Flask) -> None:
    bad = "<script>alert('x')</script>\""
    source = """{{ ui.text(bad, bad, bad, error=bad, hint=bad, placeholder=bad) }}{{ ui.lookup("l", bad, bad, bad) }}
        {{ ui.select("s", bad, [(bad, bad)], bad) }}{{ ui.textarea("t", bad, bad) }}{{ ui.option_card("o", bad, bad) }}
        {{ ui.cell("r", "c", bad, bad, bad, error=bad) }}{{ ui.badge(bad) }}{{ ui.drill(bad, bad) }}{{ ui.mail(bad) }}
        {{ ui.toast(bad) }}{{ ui.notice(bad) }}{{ ui.empty(bad, bad) }}{{ ui.link(bad, bad) }}
        {{ ui.bars([(bad, 1)], bad) }}
        {{ ui.action_bar([{"label": bad, "url": bad, "off": bad}, {"label": bad, "url": bad, "post": true}], bad) }}
        {{ ui.page_header(bad, [(bad, bad), (bad, none)], bad, sub=bad) }}{{ ui.fact_list([(bad, bad)]) }}
        {{ ui.chips([{"label": bad, "url": bad, "count": 1}], bad) }}"""
    assert not rendered(application, source, bad=bad).xpath("//script")


class SampleForm(FlaskForm):
    """One field of each usual kind."""

    name = StringField("Name", [InputRequired(), Length(max=30)], description="As on letters.")
    note = TextAreaField("Note")
    colour = SelectField("Colour", choices={"r": "Red", "Others": {"g": "Green"}})
    wanted = BooleanField("Wanted")


def test_form_field_renders_a_form_by_the_types_of_its_fields(application: Flask) -> None:
    source = "{% for f in form if f.name != 'csrf_token' %}{{ ui.form_field(f, was=true) }}{% endfor %}"
    posted = {"name": "", "note": "n", "colour": "g", "was-name": "Anna"}
    with application.test_request_context("/", method="POST", data=posted):
        form = SampleForm(meta={"csrf": False})
        assert not form.validate()
        text = render_template_string('{% import "_macros.html" as ui %}' + source, form=form)
    page = html.fragment_fromstring(text, create_parent=True)
    assert page.get_element_by_id("name-error").text_content() == "This field is required."
    assert page.get_element_by_id("name-hint").text_content() == "As on letters."
    assert attribute(page, "//input[@name='name']/@maxlength") == "30"
    assert attribute(page, "//input[@name='was-name']/@value") == "Anna"
    assert attribute(page, "//textarea[@name='note']/text()").strip() == "n"
    assert attribute(page, "//select[@name='colour']/optgroup[@label='Others']/option[@selected]/@value") == "g"
    assert attribute(page, "//select[@name='colour']/option/@value") == "r"
    assert not page.xpath("//input[@name='wanted']/@checked")


ACTIONS = [
    {"label": "Log…", "url": "/log", "kind": "primary", "key": "F9", "dialog": True},
    {"label": "Add", "url": "/add"},
    "-",
    {"label": "Refine", "url": "/refine"},
    {"label": "Export", "url": "/export", "low": 1},
    {"label": "Copy", "url": "/copy", "low": "menu", "post": True, "fields": {"kind": "all"}},
    {"label": "Hidden", "url": "/hidden", "show": False},
    {"label": "Go back", "url": "/back", "off": "Nothing to go back to."},
    {"label": "Letters", "items": [{"label": "Print file", "url": "/print"}]},
]


def test_what_an_action_bar_hides_stands_in_its_menu(application: Flask) -> None:
    page = rendered(application, '{{ ui.action_bar(actions, "Actions") }}', actions=ACTIONS)
    menu = page.xpath("//details[contains(@class, 'more')]")[0]
    entries = menu.xpath(".//a | .//button")
    listed = {entry.text_content().split(" – ")[0] for entry in entries}
    assert {"Refine", "Export", "Copy", "Go back", "Print file"} <= listed
    assert not {"Log…", "Add"} & listed
    assert "Hidden" not in page.text_content()
    assert "hide-66" in attribute(page, "//a[@href='/export'][not(ancestor::details)]/@class")
    assert page.xpath("//form[@action='/copy']//input[@name='kind'][@value='all']")
    assert page.xpath("//form[@action='/copy']//input[@name='csrf_token']")
    assert not page.xpath("//*[@href='/back']"), "what is not available leads nowhere"
    assert "Nothing to go back to." in page.text_content()
    assert attribute(page, "//a[@href='/log'][@aria-keyshortcuts='F9']/@hx-target") == "#dialog"


def test_a_list_says_how_it_is_sorted_and_why_it_is_empty(application: Flask) -> None:
    source = """{% call(r) ui.data_table("t", "Contacts", [{"label": "No.", "sort": "desc", "url": "?sort=no"}], rows,
        select="no", empty_title="Nothing.", target="#t") %}<td role="cell">{{ r.no }}</td>{% endcall %}"""
    page = rendered(application, source, rows=[{"no": "C1"}, {"no": "C2"}])
    assert attribute(page, "//th[@aria-sort]/@aria-sort") == "descending"
    assert attribute(page, "//th/a/@hx-get") == attribute(page, "//th/a/@href") == "?sort=no"
    assert page.xpath("//input[@data-select]/@value") == ["C1", "C2"]
    empty = rendered(application, source, rows=[])
    assert "Nothing." in empty.text_content()
    assert attribute(empty, "//tbody//td/@colspan") == "2"


def test_the_bulk_bar_offers_all_that_match(application: Flask) -> None:
    source = '{% call ui.bulk_bar(total=1240) %}{{ ui.bulk_button("Remove", "/remove", target="#lines") }}{% endcall %}'
    page = rendered(application, source)
    assert page.xpath("//form[@data-bulk][@data-total='1240']//input[@name='all_matching'][@value='']")
    assert attribute(page, "//button[@formaction='/remove']/@hx-post") == "/remove"
    assert "1240" in page.xpath("//button[@data-select-matching]")[0].text_content()


def test_a_lookup_answers_with_options_and_their_count(application: Flask) -> None:
    options = [{"value": "C1", "label": "Anna", "text": "Acme", "side": "C1", "note": "in segment"}]
    source = '{% include "shared/_lookup_options.html" %}'
    page = rendered(application, source, options=options, count="1 of 1 contact")
    option = page.xpath("//li[@role='option']")[0]
    assert (option.get("data-value"), option.get("data-label")) == ("C1", "Anna")
    assert page.xpath("//template/p[@id='lookup-count'][@hx-swap-oob='true']")[0].text_content() == "1 of 1 contact"


def test_a_cell_is_marked_own_or_refused(application: Flask) -> None:
    source = '{{ ui.cell("line-1", "date", "Date", "zz", "22/11/2026", kind="date", error="Not a date.") }}'
    page = rendered(application, source)
    assert attribute(page, "//td/@class") == "c-date over bad"
    assert page.xpath("//td/input[@name='date' or @name='was-date']/@form") == ["line-1-form", "line-1-form"]
    assert page.get_element_by_id("line-1-date-error").text_content() == "Not a date."
    inherited = rendered(application, '{{ ui.cell("line-1", "date", "Date", "", "22/11/2026", kind="date") }}')
    assert attribute(inherited, "//td/@class") == "c-date"
    assert attribute(inherited, "//td/input[@name='date']/@placeholder") == "22/11/2026"


def test_every_icon_that_is_named_is_in_the_sprite() -> None:
    have = set(re.findall(r'<symbol id="([^"]+)"', (ROOT / "static/icons.svg").read_text(encoding="utf-8")))
    named = re.compile(
        r"""(?:\bicon\(|\b(?:icon|icon_name|empty_icon|submit_icon|problem_icon)=|["']icon["']:\s*)["']([a-z][a-z0-9-]*)["']"""
        r"""|\bui\.(?:link|button|post_button|bulk_button|menu)\((?:[^(){}]|\([^()]*\))*?,\s*["']([a-z]+-[a-z0-9-]+)["']"""
    )
    missing = set()
    for path in [*(ROOT / "templates").rglob("*.html"), *(ROOT / "blueprints").rglob("*.py")]:
        for match in named.finditer(path.read_text(encoding="utf-8")):
            name = match[1] or match[2]
            if name not in have:
                missing.add(f"{path.relative_to(ROOT)}: {name}")
    assert not missing
    assert len(have) > 60
