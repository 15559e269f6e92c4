"""Filters typed on the pages of lists: read from the address, shown in the filter panel, told back in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext, pgettext
from sqlalchemy.orm import Session

from blueprints.web.actor import actor
from blueprints.web.languages import LOCALE_NAMES, TranslateInto, choose_locale, translate
from domain.filters.fields import Field, FilterTable, Kind
from domain.filters.notes import all_notes
from domain.filters.read import LANGUAGE, TypedFilters, read_filters, typed_texts
from domain.filters.reader import Reader, reader_of
from domain.filters.sentences import sentence
from domain.filters.tree import quoted

MOST_CHOICES = 200
ADD = "add"


@dataclass(frozen=True)
class FilterPanel:
    """What `shared/_typed_filters.html` shows.

    `rows`: name, id, label, text, error, hint, example, choices of each field. `others`: key and label of the fields
    that can be added. `sentence`: the filters in words. `language`: whose language they are typed in, when it is not the
    reader's. `examples`: what can be typed.
    """

    rows: list[dict[str, Any]]
    others: list[tuple[str, str]]
    sentence: str
    locale: str
    language: str
    refused: bool
    examples: list[tuple[str, list[tuple[str, str]]]]


def read_typed_filters(session: Session, table: FilterTable, values: Mapping[str, str]) -> TypedFilters:
    """The filters in the parameters of an address, read in the language they were typed in (docs/decisions/0013)."""
    texts = typed_texts(values)
    if not any(texts.values()):
        return TypedFilters(table, choose_locale(), texts, (), {})
    return read_filters(table, texts, _reader(session, values.get(LANGUAGE, "")))


def _reader(session: Session, locale: str = "") -> Reader:
    if locale in LOCALE_NAMES and locale != choose_locale():
        return reader_of(session, actor(), locale=locale, write=TranslateInto(locale))
    return reader_of(session, actor())


def filter_panel(
    session: Session, typed: TypedFilters, values: Mapping[str, str], *, shown: Iterable[str]
) -> FilterPanel:
    """The panel of a list: the fields `shown` by the page, those that are filtered, and the one just added."""
    fields = typed.table.fields
    keys = list(dict.fromkeys((*shown, *typed.texts, *((added,) if (added := values.get(ADD, "")) in fields else ()))))
    notes = all_notes(session, typed.filters)
    rows = []
    for key in keys:
        field = fields.get(key)
        refusal = typed.refused.get(key)
        rows.append(
            {
                "name": f"f.{key}",
                "id": f"typed-{key.replace('_', '-')}" if field else f"typed-{len(rows)}",
                "label": translate(field.label) if field else key[:40],
                "text": typed.texts.get(key, ""),
                "error": translate(refusal) if refusal else None,
                "hint": " ".join(translate(note) for note in notes.get(key, [])),
                "example": filter_example(field) if field else "",
                "choices": filter_choices(session, field) if field else [],
                "added": key == added,
            }
        )
    others = sorted(
        ((field.key, translate(field.label)) for field in typed.table if field.key not in keys),
        key=lambda pair: pair[1].casefold(),
    )
    own = choose_locale()
    language = LOCALE_NAMES[typed.locale] if typed.locale != own and typed.texts else ""
    return FilterPanel(
        rows, others, filters_said(session, typed), typed.locale, language, bool(typed.refused), filter_examples()
    )


def filters_said(session: Session, typed: TypedFilters) -> str:
    """Typed filters in words; '' when there are none or one makes no sense."""
    return sentence(typed.filters, _reader(session)) if typed.filters and not typed.refused else ""


def filter_choices(session: Session, field: Field) -> list[tuple[str, str]]:
    """What can be picked instead of typed: text to type, and what it means."""
    if field.kind is Kind.BOOLEAN:
        return [(gettext("Yes"), ""), (gettext("No"), "")]
    if field.options is not None:
        captions = [translate(caption) for stored, caption in field.options.items() if stored != field.blank]
        return [(quoted(caption), "") for caption in captions]
    if field.reference is None or field.reference.name is None:
        return []
    rows = session.execute(field.reference.choices().limit(MOST_CHOICES))
    return [(quoted(row[0]), row[1]) for row in rows]


def filter_example(field: Field) -> str:
    """What is typed for instance, in the reader's language."""
    examples = {
        Kind.TEXT: pgettext("filter example", "Co*"),
        Kind.CODE: pgettext("filter example", "A*|B*"),
        Kind.NUMBER: pgettext("filter example", "10..20"),
        Kind.AMOUNT: pgettext("filter example", ">=12.50"),
        Kind.DATE: pgettext("filter example", "-1M..t"),
        Kind.MOMENT: pgettext("filter example", "-1M..t"),
        Kind.OPTION: pgettext("filter example", "<>''"),
        Kind.BOOLEAN: gettext("Yes"),
    }
    return examples[field.kind]


def filter_examples() -> list[tuple[str, list[tuple[str, str]]]]:
    """What can be typed: under each heading examples and what they mean."""
    return [
        (
            gettext("Texts and codes"),
            [
                (pgettext("filter example", "Co*"), gettext("starts with “co”; upper and lower case are the same")),
                (pgettext("filter example", "*co*"), gettext("contains “co”")),
                (pgettext("filter example", "Hans?n"), gettext("one unknown character")),
                (pgettext("filter example", "HR|BC"), gettext("either")),
                (pgettext("filter example", "<>A*"), gettext("does not start with “A”")),
                (pgettext("filter example", "(A*|B*)&<>*Ltd"), gettext("“&” is and, “|” is or")),
                (pgettext("filter example", "'J & V'*"), gettext("in quotation marks signs are just signs")),
                ("''", gettext("blank")),
                ("<>''", gettext("not blank")),
                ("%me", gettext("you, where a salesperson stands")),
            ],
        ),
        (
            gettext("Numbers and amounts"),
            [
                ("10..20", gettext("from 10 to 20")),
                (pgettext("filter example", ">=12.50"), gettext("at least")),
                (">10&<20", gettext("more than 10 and less than 20")),
            ],
        ),
        (
            gettext("Dates"),
            [
                (pgettext("filter example", "01/01..30/06"), gettext("from 1 January to 30 June")),
                (pgettext("filter example", "t"), gettext("today")),
                (pgettext("filter example", "w"), gettext("work date")),
                (pgettext("filter example", "week"), gettext("this week; also month, quarter, year")),
                (pgettext("filter example", "month-1M"), gettext("last month")),
                (pgettext("filter example", "-1M.."), gettext("since a month ago")),
                (pgettext("filter example", "..t-1Y|''"), gettext("a year ago or before, or never")),
                (pgettext("filter example", "-CM..CM"), gettext("from the first to the last day of this month")),
                (pgettext("filter example", "mo25"), gettext("Monday of week 25")),
            ],
        ),
        (
            gettext("Choices"),
            [
                (pgettext("filter example", "Positive|Very positive"), gettext("either")),
                (pgettext("filter example", "yes"), gettext("yes or no")),
            ],
        ),
    ]
