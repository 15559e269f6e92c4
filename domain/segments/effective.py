"""THE select of effective line values (decisions A1, B12, B17-B19, section E).

A line stores only what differs from its header; what counts for it is worked out here and nowhere else: the worksheet,
the check, the letters and the log all read this one select. There is one FROM and one expression per value. Callers
name the values they need and get only the joins these need (SQLite does not drop unused LEFT JOINs):

    effective("description", "language_id", using=("contact",)).add_columns(contact.name).where(line.segment_id == 7)

The aliases below are the only ones of their tables in such a statement; a second alias of a joined table would be a
silent cartesian product. Sorting and filtering by an effective value finds ids first, then the rows (performance.md 1).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, null, or_, select
from sqlalchemy.orm import aliased

from domain.campaigns.models import Campaign
from domain.contacts.alt_addresses import active_alt_address
from domain.contacts.models import AltAddress, Contact
from domain.documents.models import Document
from domain.interaction_templates.models import InteractionGroup, InteractionTemplate
from domain.segments.models import Segment, SegmentInteraction, SegmentInteractionLanguage, SegmentLine
from domain.setup.models import Country, Language, Salesperson

line = aliased(SegmentLine, name="line")
segment = aliased(Segment, name="seg")
header = aliased(SegmentInteraction, name="header")  # the header's interaction
interaction = aliased(SegmentInteraction, name="inter")  # the one that counts for the line
contact = aliased(Contact, name="con")
contact_row = aliased(SegmentInteractionLanguage, name="contact_row")  # in the contact's language
language_row = aliased(SegmentInteractionLanguage, name="language_row")  # in the effective language
alt_address = aliased(AltAddress, name="alt")

# what effective references point to, for their codes and names
template = aliased(InteractionTemplate, name="template")
group = aliased(InteractionGroup, name="grp")
salesperson = aliased(Salesperson, name="salesperson")
language = aliased(Language, name="lang")
campaign = aliased(Campaign, name="camp")
document = aliased(Document, name="doc")
company = aliased(Contact, name="company")
country = aliased(Country, name="country")
alt_country = aliased(Country, name="alt_country")

_any_row = aliased(SegmentInteractionLanguage, name="any_row")


@dataclass(frozen=True)
class _Value:
    """An effective value: its one expression and the joins this needs."""

    expression: ColumnElement[Any]
    needs: frozenset[str]


@dataclass(frozen=True)
class _Join:
    """A table beside the line: on what, and which joins that condition needs first."""

    target: Any
    on: ColumnElement[bool]
    needs: frozenset[str] = frozenset()
    outer: bool = True


def _value(expression: Any, *needs: str) -> _Value:
    return _Value(expression, frozenset(needs))


interaction_has_languages = exists(
    select(_any_row.id).where(_any_row.interaction_id == interaction.id).correlate_except(_any_row)
)
"""Whether the interaction of the line has any language row (needs the join "interaction")."""

_date = func.coalesce(line.date, segment.date)
_campaign = case(
    (line.no_campaign, null()),
    else_=func.coalesce(
        line.campaign_id, segment.campaign_id, case((line.interaction_id.is_not(None), interaction.campaign_id))
    ),
)
_correspondence_type = func.coalesce(
    line.correspondence_type,
    case(
        (and_(header.ignore_contact_type, header.correspondence_type != ""), header.correspondence_type),
        (
            and_(
                interaction.template_id.is_not(None),
                or_(interaction.ignore_contact_type, func.coalesce(contact.correspondence_type, "") == ""),
            ),
            interaction.correspondence_type,
        ),
        else_=func.coalesce(contact.correspondence_type, ""),
    ),
)
_language = func.coalesce(
    line.language_id,
    contact_row.language_id,
    interaction.language_id,
    case((~interaction_has_languages, contact.language_id)),
)
_salesperson = func.coalesce(line.salesperson_id, segment.salesperson_id, contact.salesperson_id)
_document = case((line.no_document, null()), else_=func.coalesce(line.document_id, language_row.document_id))

VALUES: dict[str, _Value] = {
    "description": _value(
        func.coalesce(
            line.description, case((line.interaction_id.is_(None), segment.description), else_=interaction.description)
        ),
        "segment",
        "interaction",
    ),
    "salesperson_id": _value(_salesperson, "segment", "contact"),
    "date": _value(_date, "segment"),
    "send_as_attachment": _value(func.coalesce(line.send_as_attachment, segment.send_as_attachment), "segment"),
    "campaign_id": _value(_campaign, "segment", "interaction"),
    "alt_address_id": _value(alt_address.id, "alt_address"),
    "correspondence_type": _value(_correspondence_type, "header", "interaction", "contact"),
    "language_id": _value(_language, "interaction", "contact", "contact_row"),
    "subject": _value(func.coalesce(line.subject, language_row.subject, ""), "language_row"),
    "document_id": _value(_document, "language_row"),
    "cost": _value(func.coalesce(line.cost, interaction.unit_cost), "interaction"),
    "duration": _value(func.coalesce(line.duration, interaction.unit_duration), "interaction"),
    "information_flow": _value(func.coalesce(line.information_flow, interaction.information_flow), "interaction"),
    "initiated_by": _value(func.coalesce(line.initiated_by, interaction.initiated_by), "interaction"),
    "campaign_target": _value(func.coalesce(line.campaign_target, interaction.campaign_target), "interaction"),
    "campaign_response": _value(func.coalesce(line.campaign_response, interaction.campaign_response), "interaction"),
    "template_id": _value(interaction.template_id, "interaction"),
    "group_id": _value(interaction.group_id, "interaction"),
    # recipient of an e-mail (R-DL01): the alternative address's, else the contact's
    "mail_to": _value(func.coalesce(func.nullif(alt_address.email, ""), contact.email, ""), "contact", "alt_address"),
}

_JOINS: dict[str, _Join] = {
    "segment": _Join(segment, segment.id == line.segment_id, outer=False),
    "header": _Join(header, header.id == segment.interaction_id, frozenset({"segment"}), outer=False),
    "interaction": _Join(
        interaction,
        interaction.id == func.coalesce(line.interaction_id, segment.interaction_id),
        frozenset({"segment"}),
        outer=False,
    ),
    "contact": _Join(contact, contact.id == line.contact_id),
    "contact_row": _Join(
        contact_row,
        and_(contact_row.interaction_id == interaction.id, contact_row.language_id == contact.language_id),
        frozenset({"interaction", "contact"}),
    ),
    "language_row": _Join(
        language_row,
        and_(language_row.interaction_id == interaction.id, language_row.language_id == _language),
        frozenset({"interaction", "contact", "contact_row"}),
    ),
    # the range of days stands here and nowhere else (R-L05)
    "alt_address": _Join(
        alt_address,
        alt_address.id
        == case(
            (line.no_alt_address, null()),
            else_=func.coalesce(line.alt_address_id, active_alt_address(line.contact_id, _date)),
        ),
        frozenset({"segment"}),
    ),
    "template": _Join(template, template.id == interaction.template_id, frozenset({"interaction"})),
    "group": _Join(group, group.id == interaction.group_id, frozenset({"interaction"})),
    "salesperson": _Join(salesperson, salesperson.id == _salesperson, VALUES["salesperson_id"].needs),
    "language": _Join(language, language.id == _language, VALUES["language_id"].needs),
    "campaign": _Join(campaign, campaign.id == _campaign, VALUES["campaign_id"].needs),
    "document": _Join(document, document.id == _document, VALUES["document_id"].needs),
    "company": _Join(company, company.id == contact.company_id, frozenset({"contact"})),
    "country": _Join(country, country.id == contact.country_id, frozenset({"contact"})),
    "alt_country": _Join(alt_country, alt_country.id == alt_address.country_id, frozenset({"alt_address"})),
}

LIVE = line.removed_step_id.is_(None)
"""The line is on the list (not removed by a step)."""


def value(name: str) -> ColumnElement[Any]:
    """The expression of an effective value, for conditions and orders of a statement made with `using=(name,)`."""
    return VALUES[name].expression


def joins_of(names: Iterable[str]) -> list[str]:
    """The joins that values or joins of these names need, in the order they are made."""
    wanted: set[str] = set()
    left = list(names)
    while left:
        name = left.pop()
        if name in VALUES:
            left.extend(VALUES[name].needs)
        elif name not in wanted:
            wanted.add(name)
            left.extend(_JOINS[name].needs)
    return [name for name in _JOINS if name in wanted]


def effective(*names: str, using: Iterable[str] = ()) -> Select[Any]:
    """A select of lines with the named effective values, labelled with their names.

    `names` are keys of `VALUES`. `using` names values or joined tables ("contact", "salesperson", "document" …) that
    conditions, orders or added columns refer to. Callers add `where(line.segment_id == …, LIVE)` themselves. Raises
    `KeyError` for unknown names.
    """
    statement = select(*(VALUES[name].expression.label(name) for name in names)).select_from(line)
    for name in joins_of([*names, *using]):
        join = _JOINS[name]
        statement = statement.join(join.target, join.on, isouter=join.outer)
    return statement


def line_ids(segment_id: int, *conditions: ColumnElement[bool], using: Iterable[str] = ()) -> Select[Any]:
    """The ids of the lines on the list of a segment that meet conditions on effective values or joined tables."""
    statement = effective(using=using).add_columns(line.id)
    return statement.where(line.segment_id == segment_id, LIVE, *conditions)
