"""One row of a file as contacts: a company, a person, or a company and its person; and what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from domain.contacts.fields import LABELS, NAME_PARTS, clean
from domain.contacts.imports.codes import CodeFinder, Codes, deal_out, read_codes
from domain.contacts.imports.columns import BY_KEY, COMPANY_NAME, NAME, PERSON_NAME
from domain.contacts.imports.reading import Row, join_surplus
from domain.contacts.imports.settings import ImportSettings
from domain.contacts.models import COMPANY, PERSON
from domain.contacts.names import join_name, split_name
from domain.errors import RuleViolation
from domain.messages import Message, say, say_n
from domain.types import fold

_TYPES = {
    COMPANY: {"company", "0", "foretag", "företag", "société", "societe", "compagnie", "entreprise", "firma"},
    PERSON: {"person", "1", "personne"},
}
_CORRESPONDENCE = {
    "hard_copy": {"hard copy", "hard_copy", "1", "papperskopia", "impression", "letter", "brev", "lettre"},
    "email": {"e-mail", "email", "2", "e-post", "epost", "courriel"},
    "fax": {"fax", "3", "télécopie"},
}
_YES = {"yes", "true", "1", "ja", "oui", "x"}
_NO = {"no", "false", "0", "nej", "non", ""}
# these stay with the company when a row gives a company and its person; the person takes over the others (2.1 A)
_PERSONS_OWN = ("job_title", "initials", "mobile", *NAME_PARTS)
_COMPANYS_OWN = ("vat_no", "registration_no", "name_2")
CODES = {
    "country": "country_id",
    "language": "language_id",
    "salesperson": "salesperson_id",
    "salutation": "salutation_id",
}


@dataclass(frozen=True)
class Problem:
    """What is wrong with a row: the row's number, the heading of the column ('' for the row), the sentence.

    An error fails the row; a warning does not.
    """

    row_no: int
    heading: str
    message: Message
    error: bool = True


@dataclass
class RowContacts:
    """What a row says: values of a company and of a person (None when it has none), typed company number, problems."""

    row: Row
    company: dict[str, Any] | None = None
    person: dict[str, Any] | None = None
    problems: list[Problem] = field(default_factory=list)
    surplus: bool = False
    company_codes: Codes = field(default_factory=dict)
    person_codes: Codes = field(default_factory=dict)

    @property
    def failed(self) -> bool:
        """Whether the row cannot be imported."""
        return any(problem.error for problem in self.problems)


Find = Callable[[str], int | None]


@dataclass(frozen=True)
class Finders:
    """How codes and names become ids: each gives the id for a text, or None. `codes` finds what contacts are classified by."""

    country: Find
    language: Find
    salesperson: Find
    salutation: Find
    codes: CodeFinder


def read_row(row: Row, headings: list[str], settings: ImportSettings, finders: Finders) -> RowContacts:
    """The contacts of one row, with every problem by column."""
    read = RowContacts(row, surplus=len(row.cells) > len(headings))
    if read.surplus:
        if settings.surplus < 0:
            read.problems.append(
                Problem(
                    row.no,
                    "",
                    say_n(
                        "The row has %(cells)s cells for %(headings)s headings: %(num)s too many.",
                        "The row has %(cells)s cells for %(headings)s headings: %(num)s too many.",
                        len(row.cells) - len(headings),
                        cells=len(row.cells),
                        headings=len(headings),
                    ),
                )
            )
            return read
        row = join_surplus(row, len(headings), settings.surplus)
    values = _values(row, settings)
    heading_of = {key: headings[position] for position, key in enumerate(settings.columns) if key}

    def refuse(key: str, message: Message, *, error: bool = True) -> None:
        read.problems.append(Problem(row.no, heading_of.get(key, ""), message, error))

    for key, column in CODES.items():
        if values.get(key):
            found = getattr(finders, key)(values[key])
            if found is None:
                sentence = say("%(label)s “%(text)s” is unknown.", label=BY_KEY[key].label, text=values[key][:50])
                refuse(key, sentence, error=not settings.leave_unknown)
            values[column] = found
        values.pop(key, None)
    codes = read_codes(values, finders.codes, refuse)
    _read_options(values, refuse)
    of_persons = values.get("type") == PERSON
    _split(read, values, refuse)
    for part in (read.company, read.person):
        if part is not None:
            _clean(part, refuse)
    read.company_codes, read.person_codes = deal_out(
        codes,
        has_company=read.company is not None,
        has_person=read.person is not None,
        of_persons=of_persons,
        refuse=refuse,
    )
    return read


def _values(row: Row, settings: ImportSettings) -> dict[str, Any]:
    markers = {fold(marker) for marker in settings.blank_markers}
    values: dict[str, Any] = {}
    for key, cell in zip(settings.columns, row.cells, strict=False):
        text = " ".join(cell.split())
        if key and text and fold(text) not in markers:
            values[key] = text
    return values


def _read_options(values: dict[str, Any], refuse: Callable[..., None]) -> None:
    """Captions and numbers become option values; yes and no become switches."""
    for key, options in (("type", _TYPES), ("correspondence_type", _CORRESPONDENCE)):
        text = fold(values.pop(key, ""))
        if (text and text != "0") or (text == "0" and key == "type"):
            chosen = [option for option, words in options.items() if text in words]
            if chosen:
                values[key] = chosen[0]
            else:
                refuse(key, say("%(label)s “%(text)s” is unknown.", label=LABELS[key], text=text[:50]))
    if "exclude_from_segment" in values:
        text = fold(values.pop("exclude_from_segment"))
        if text in _YES | _NO:
            values["exclude_from_segment"] = text in _YES
        else:
            refuse("exclude_from_segment", say("Write yes or no."))


def _split(read: RowContacts, values: dict[str, Any], refuse: Callable[..., None]) -> None:
    """Deals the values of the row out to its company and its person."""
    kind = values.pop("type", "")
    company_name, person_name = values.pop(COMPANY_NAME, ""), values.pop(PERSON_NAME, "")
    name = values.pop(NAME, "")
    parts = tuple(values.get(part, "") for part in NAME_PARTS)
    if name and kind == COMPANY:
        company_name = name
    elif name and (kind == PERSON or not person_name):
        person_name = person_name or name
        if not kind and not company_name and not any(parts):
            company_name, person_name = name, ""
    if not person_name and any(parts) and kind != COMPANY:
        person_name = join_name(*parts)
    if kind == COMPANY:
        person_name = ""
    if not company_name and not person_name:
        refuse(NAME, say("The row names neither a company nor a person."))
        return
    if person_name and not any(parts):
        parts = split_name(person_name)
    if company_name:
        read.company = {"name": company_name, **{k: v for k, v in values.items() if k not in _PERSONS_OWN}}
        if not person_name and "mobile" in values:
            read.company["mobile"] = values["mobile"]
    if person_name:
        own = {k: v for k, v in values.items() if k not in _COMPANYS_OWN and k not in NAME_PARTS}
        if company_name and kind != PERSON:
            own = {k: v for k, v in values.items() if k in ("job_title", "initials", "mobile", "external_id")}
        read.person = {"name": person_name, **dict(zip(NAME_PARTS, parts, strict=True)), **own}
        if company_name and kind == PERSON:  # a list of persons: the row's data are the person's own
            read.company = {"name": company_name}
    if read.company is not None and read.person is not None:
        target = read.person if kind == PERSON else read.company
        other = read.company if kind == PERSON else read.person
        other.pop("no", None)
        if "no" in values:
            target["no"] = values["no"]


def _clean(part: dict[str, Any], refuse: Callable[..., None]) -> None:
    """Checks shapes field by field, so that every problem of the row is named."""
    for key in list(part):
        try:
            part.update(clean({key: part[key]}))
        except RuleViolation as refusal:
            refuse({"name": NAME}.get(key, key), refusal.message)
