"""The lines of a page as HTML, a hundred in a millisecond (decisions 0006).

templates/segments/_line.html is rendered once for a language, with places instead of values. Lines that differ only in
their contact share what is made of the rest; each line then fills in its number and its contact. A browser whose app.js
fills in itself (`fills_in`) gets what lines share once, and of each line only its number and its contact.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote_plus
from weakref import WeakKeyDictionary

from flask import current_app, request
from flask_babel import gettext
from flask_wtf.csrf import generate_csrf
from jinja2 import Template
from markupsafe import Markup, escape
from sqlalchemy.orm import Session

from blueprints.segments.line_words import PROBLEM_WORDS, REFUSED_WORDS, SERIOUS
from blueprints.web.converters import known_as
from blueprints.web.formats import format_date
from blueprints.web.icons import icon
from blueprints.web.kept import Keep
from blueprints.web.languages import choose_locale, translate
from blueprints.web.shell import address
from blueprints.web.typed import BLANK
from blueprints.web.words import CORRESPONDENCE_TYPE_NAMES, choices
from domain.contacts.models import PERSON
from domain.interaction_templates.queries import correspondence_types
from domain.segments.line_queries import SHARED
from domain.segments.models import Segment
from domain.segments.pin_queries import pins_on
from domain.segments.problems import problems_of

CELLS = ("template", "description", "correspondence_type", "language", "date")
# places of _line.html that every line fills in for itself; the others are shared by lines that are alike
OF_THE_LINE = {"no", "who", "contact", "contact_link", "company", "was", "pin"}
_PLACE = re.compile("\ue000(.*?)\ue001")
_patterns: WeakKeyDictionary[Template, dict[tuple[str, bool, str], str]] = WeakKeyDictionary()


def fills_in() -> bool:
    """Whether the browser has said that it puts bare rows together (app.js sets the cookie)."""
    return request.cookies.get("lines") == "bare" and not request.args.get("whole")


class _Places:
    """Stands for a line while the template is rendered: every attribute is a place of that name."""

    def __getitem__(self, name: str) -> Markup:
        return Markup(f"\ue000{name}\ue001")  # noqa: S704 (a name of ours)


class _Escaped(dict[str, str]):
    """Texts as HTML, each escaped once."""

    def __missing__(self, text: str) -> str:
        self[text] = html = str(escape(text))
        return html


def _escaped_each(texts: list[str]) -> list[str]:
    """Every text as HTML, escaped in one go."""
    escaped = str(escape("\0".join(texts))).split("\0")
    return escaped if len(escaped) == len(texts) else [str(escape(text)) for text in texts]


class LineRows:
    """The rows of a page. `errors` and `typed` are those of the only row, when what was typed into it was refused.

    `pinned`: whether anybody is pinned on the segment; without pins they are not asked for. `script`: the browser fills
    in bare rows, so nothing is needed for one without JavaScript.
    """

    def __init__(
        self,
        session: Session,
        segment: Segment,
        rows: Iterable[Any],
        *,
        frozen: bool = False,
        errors: Mapping[str, str] | None = None,
        typed: Mapping[str, str] | None = None,
        flash: bool = False,
        pinned: bool = True,
        script: bool = False,
    ) -> None:
        self._script = script
        self.rows = list(rows)
        ids = [row.contact_id for row in self.rows if row.contact_id is not None] if pinned else []
        self._pins = pins_on(session, segment, ids) if ids else {}
        self.errors = errors or {}
        self.typed = (typed or {}) if errors else {}
        self.flash = flash
        self._frozen = frozen
        self._lines_url = f"{address('segments.index')}{known_as(segment.no)}/lines/"
        types = correspondence_types(session, fax=getattr(segment, "fax", None))
        codes = sorted(row.language.code for row in segment.interaction.languages)
        self._types = [*choices(CORRESPONDENCE_TYPE_NAMES, [t for t in types if t]), (BLANK, gettext("(blank)"))]
        self._languages = [(code, code) for code in codes]
        self._text = _Escaped()
        self._nobody = gettext("(no contact)")

    def html(self) -> Markup:
        """All rows, whole."""
        patterns: dict[Any, str] = {}
        made = []
        for row in self.rows:
            shared = row[SHARED]
            pattern = patterns.get(shared)
            if pattern is None:
                pattern = patterns[shared] = self._shared(row)
            made.append(self._whole(row, pattern))
        return Markup("".join(made))  # noqa: S704 (every text in it went through _Escaped)

    def bare(self) -> tuple[Markup, Markup]:
        """All rows, and what they share, for app.js to put together (section 12). A row that is like no other is whole."""
        rows, pins = self.rows, self._pins
        kinds: dict[Any, int] = {}
        kind_of = [kinds.setdefault(row[SHARED], len(kinds)) for row in rows]
        number = Counter(kind_of)
        patterns: dict[int, str] = {}
        texts: list[str] = []
        for _, _, _, no, name, type_, company, *_ in rows:  # the order of `page_rows`
            texts += (no or "", name or "", (company or "") if type_ == PERSON else "")
        escaped = _escaped_each(texts)
        link = self._contact_link()
        made = []
        for row, kind, at in zip(rows, kind_of, range(0, len(texts), 3), strict=True):
            if number[kind] == 1:
                made.append(self._whole(row, self._shared(row)))
                continue
            if kind not in patterns:
                patterns[kind] = self._shared(row)
            no = escaped[at]
            contact = link % (known_as(texts[at]), no) if no else ""
            pin = self._pin(row[2]) if pins else ""
            made.append(
                f'<tr id="line-{row[1]}" class="line" data-like="{kind}"><td></td><td class="ro">{contact}</td>'
                f'<td class="ro">{escaped[at + 1]}</td><td class="ro c-co">{escaped[at + 2]}</td><td>{pin}</td></tr>'
            )
        places = self._places()
        shared_by = [
            f'<template data-like="{kind}">{pattern % places}</template>' for kind, pattern in patterns.items()
        ]
        return Markup("".join(made)), Markup("".join(shared_by))  # noqa: S704 (as above)

    def _whole(self, row: Any, pattern: str) -> str:
        text, name, no = self._text, row.contact_name or "", row.contact_no
        company = text[row.contact_company_name or ""] if row.contact_type == PERSON else ""
        return pattern % {
            "no": row.line_no,
            "who": text[name or self._nobody],
            "contact": text[self.typed.get("contact", name)],
            "contact_link": self._contact_link() % (known_as(no), text[no]) if no else "",
            "company": company,
            "was": quote_plus(name),
            "pin": self._pin(row.contact_id) if self._pins else "",
        }

    @staticmethod
    def _places() -> dict[str, str]:
        """Places that app.js fills in."""
        return {name: f"\ue000{name}\ue001" for name in OF_THE_LINE}

    @staticmethod
    def _contact_link() -> str:
        return f'<a href="{address("contacts.index")}%s/" class="quiet">%s</a>'

    def _pin(self, contact_id: int | None) -> str:
        """The sign of a contact that is pinned to the list, with the reason."""
        pin = self._pins.get(contact_id) if contact_id is not None else None
        if pin is None:
            return ""
        said = gettext("%(what)s: %(reason)s", what=gettext("Pinned to the list"), reason=pin.reason)
        return str(
            Markup('<span class="pin-sign" title="{}">{}<span class="sr">{}</span></span>').format(
                said, icon("pin"), said
            )
        )

    def letter(self, row: Any) -> tuple[str, str, Markup]:
        """The letter of a line: class of its symbol, in words, the symbol."""
        if row.own_document_id is not None:
            return "custom", gettext("Customised"), icon("file-pen")
        if row.document_id is not None:
            return "", gettext("Inherited"), icon("paperclip")
        return "none", gettext("No letter"), icon("minus", "sm")

    def _pattern(self) -> str:
        """The template with %(shared)s and %%(own)s places."""
        template = current_app.jinja_env.get_template("segments/_line.html")
        known = _patterns.setdefault(template, {})
        key = (choose_locale(), self._frozen, self._script, icon("trash-2"))
        if key not in known:
            html = template.render(line=_Places(), frozen=self._frozen, script=self._script).replace("%", "%%%%")
            known[key] = _PLACE.sub(lambda m: f"%%({m[1]})s" if m[1] in OF_THE_LINE else f"%({m[1]})s", html)
        return known[key]

    def _shared(self, row: Any) -> str:
        """The pattern of all lines that are like this one but for the contact; kept, unless something was refused."""
        if self.errors or self.flash or not self._script:
            return self._made(row)
        key = (
            self._lines_url,
            choose_locale(),
            self._frozen,
            icon("trash-2"),
            row[SHARED],
            *self._types,
            *self._languages,
        )
        store: Keep = current_app.extensions["kept"]
        found = store.find(key)
        if found is None:
            found = [self._made(row)]
            store.put(key, found)
        return found[0]

    def _made(self, row: Any) -> str:
        own = self._own(row)
        places: dict[str, str] = {
            "flash": " flash" if self.flash else "",
            "url": f"{self._lines_url}%(no)s/",
            "token": generate_csrf(),
            "remove_url": self._lines_url + "delete",
            "letter": self._letter_link(row),
            "status": self._status_link(row),
        }
        shown = {
            "template": row.template_code or "",
            "description": row.description or "",
            "correspondence_type": self._type_name(row.correspondence_type),
            "language": row.language_code or "",
            "date": format_date(row.date),
        }
        for name in ("contact", *CELLS):
            error, was = self.errors.get(name), own.get(name)
            value = self.typed.get(name, was or "")
            over = " over" if was is not None and name != "contact" else ""
            places[f"{name}_cls"] = over + (" bad" if error else "")
            places[f"{name}_wrong"] = places[f"{name}_error"] = ""
            if error:
                shown_with = (row.contact_name or "") if name == "contact" else was or ""
                identity = f"line-%(no)s-{name}-error"
                places[f"{name}_wrong"] = f' aria-invalid="true" aria-describedby="{identity}"'
                places[f"{name}_error"] = (
                    f'<input type="hidden" name="was-{name}" form="line-%(no)s-form" value="{self._html(shown_with)}">'
                    f'<span class="err" id="{identity}">{self._html(error)}</span>'
                )
            places[f"{name}_value"] = self._html(value)
            places[f"{name}_shown"] = self._html(shown.get(name, ""))
        for name, options in (("correspondence_type", self._types), ("language", self._languages)):
            chosen = self.typed.get(name, own[name] or "")
            places[f"{name}_options"] = self._options(chosen, shown[name], options)
        own_values = "".join(f"&amp;{name}={quote_plus(value)}" for name, value in own.items() if value)
        places["own_values"] = own_values.replace("%", "%%")
        return self._pattern() % places

    def _own(self, row: Any) -> dict[str, str | None]:
        """The own values of a line as its cells show them; None: inherited."""
        blank = {name: BLANK if value == "" else value for name, value in self._texts(row).items()}
        return {
            "template": row.template_code if row.own_interaction_id is not None else None,
            **blank,
            "language": row.language_code if row.own_language_id is not None else None,
            "date": format_date(row.own_date) if row.own_date is not None else None,
        }

    @staticmethod
    def _texts(row: Any) -> dict[str, str | None]:
        return {"description": row.own_description, "correspondence_type": row.own_correspondence_type}

    def _html(self, text: str) -> str:
        """A text as HTML that stands in a pattern."""
        return self._text[text].replace("%", "%%")

    def _type_name(self, kind: str) -> str:
        return dict(self._types).get(kind, str(CORRESPONDENCE_TYPE_NAMES.get(kind, kind)))

    def _options(self, chosen: str, inherited: str, options: list[tuple[str, str]]) -> str:
        known = options if chosen in ("", *(value for value, _ in options)) else [*options, (chosen, chosen)]
        parts = [f'<option value="">{self._html(inherited)}']
        for value, name in known:
            given = "" if value == name and " " not in name else f' value="{self._html(value)}"'
            parts.append(f"<option{given}{' selected' if value == chosen else ''}>{self._html(name)}")
        return "".join(parts)

    def _letter_link(self, row: Any) -> str:
        cls, name, symbol = self.letter(row)
        url = f"{self._lines_url}%(no)s/"
        html = Markup('<a href="{url}letter" class="letter {}" title="{}">{}</a>').format(cls, name, symbol, url=url)
        if row.has_comment:
            html += Markup('<a href="{url}" class="letter custom" title="{}">{}</a>').format(
                gettext("Personal comment"), icon("message-square"), url=url
            )
        return str(html)

    def _status_link(self, row: Any) -> str:
        codes = problems_of(row)
        tone, short, said, symbol = "ok", gettext("Ready"), "", "check"
        if codes:
            tone, symbol = ("error", "circle-alert") if SERIOUS & set(codes) else ("warn", "triangle-alert")
            short = translate(PROBLEM_WORDS[codes[0]][0])
            said = " ".join(translate(PROBLEM_WORDS[code][1]) for code in codes)
        refused = next((name for name in REFUSED_WORDS if name in self.errors), None)
        if refused:
            tone, symbol = "error", "circle-alert"
            short, said = translate(REFUSED_WORDS[refused]), self.errors[refused]
        title = f' title="{self._html(said)}"' if said else ""
        return f'<a href="{self._lines_url}%(no)s/" class="quiet st {tone}"{title}>{icon(symbol)}<span>{self._html(short)}</span></a>'
