"""What the check of a segment looks at (B1): the facts of every line, and the conditions that make a problem of them.

The facts are worked out once, in one select over the effective values; the conditions are written over its columns. So
the counts, the lines that are shown, the bulk mends and "keep in a new segment" all mean the same lines.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import CTE, ColumnElement, Integer, Select, and_, bindparam, false, func, literal, not_, or_, select
from sqlalchemy.orm import Session, aliased

from domain.contacts.salutations import FORMAL, INFORMAL, fell_back
from domain.documents.models import Document
from domain.documents.store import read_document
from domain.errors import RuleViolation
from domain.interactions.delivery import ON_PAPER
from domain.letters.merge_fields import BY_TAG
from domain.messages import say
from domain.segments.effective import LIVE, campaign, contact, effective, line, salesperson, value
from domain.segments.models import Segment, SegmentInteraction, SegmentInteractionLanguage, SegmentLine

CANNOT_BE_LOGGED = "cannot be logged"
CANNOT_BE_DELIVERED = "cannot be delivered"
ONLY_SHOWN = "only shown"
GROUPS = (CANNOT_BE_LOGGED, CANNOT_BE_DELIVERED, ONLY_SHOWN)

EMPTY_FIELD = "empty field: "
# printed by few letters for few contacts; being blank says nothing
OFTEN_BLANK = frozenset(
    {"contact.name_2", "contact.address_2", "contact.middle_name", "contact.county", "contact.courtesy_title"}
)


@dataclass(frozen=True)
class DocumentFacts:
    """What is known of the documents a segment may use, by id: read once, not per line."""

    fields: dict[int, frozenset[str]]
    unknown: dict[int, tuple[str, ...]]
    not_word: frozenset[int]
    unreadable: frozenset[int]
    digest: tuple[Any, ...]

    def using(self, tag: str) -> frozenset[int]:
        """The documents that print a field."""
        return frozenset(one for one, fields in self.fields.items() if tag in fields)

    def tags(self) -> list[str]:
        """Every field some document prints, in a stable order."""
        return sorted(frozenset().union(*self.fields.values()))


def document_facts(session: Session, segment: Segment) -> DocumentFacts:
    """The facts of all documents of a segment: of its interactions in every language, and lines' own ones."""
    of_rows = (
        select(SegmentInteractionLanguage.document_id)
        .join(SegmentInteraction, SegmentInteraction.id == SegmentInteractionLanguage.interaction_id)
        .where(SegmentInteraction.segment_id == segment.id)
    )
    own = select(SegmentLine.document_id).where(
        SegmentLine.segment_id == segment.id,
        SegmentLine.document_id.is_not(None),
        SegmentLine.removed_step_id.is_(None),
    )
    documents = session.scalars(
        select(Document).where(or_(Document.id.in_(of_rows), Document.id.in_(own))).order_by(Document.id)
    ).all()
    fields, unknown, not_word, unreadable = {}, {}, set(), set()
    for document in documents:
        facts = json.loads(document.facts or "{}")
        if document.is_word:
            fields[document.id] = frozenset(facts.get("fields", ()))
            if facts.get("unknown"):
                unknown[document.id] = tuple(one["name"] for one in facts["unknown"])
        else:
            not_word.add(document.id)
        try:
            read_document(session, document)
        except RuleViolation:
            unreadable.add(document.id)
    digest = tuple((document.id, document.facts) for document in documents)
    return DocumentFacts(fields, unknown, frozenset(not_word), frozenset(unreadable), digest)


def line_facts(segment: Segment, documents: DocumentFacts, *, nesting: bool = False) -> CTE:
    """The facts of every line of the list that has a contact, evaluated once per statement.

    `nesting` keeps them inside a sub-select, so that a statement around it begins with its own verb (rows of a statement
    that begins with WITH are not counted on SQLite).
    """
    names = ["salesperson_id", "template_id", "correspondence_type", "document_id", "subject", "mail_to"]
    tags = [tag for tag in documents.tags() if tag in BLANK]
    using = {"contact", *(join for tag in tags for join in BLANK[tag].using)}
    columns: list[ColumnElement[Any]] = [
        line.id.label("id"),
        line.line_no.label("line_no"),
        line.version.label("line_version"),
        line.contact_id.label("contact_id"),
        (line.comment != "").label("has_comment"),
        contact.no.label("contact_no"),
        contact.name.label("contact_name"),
        contact.version.label("contact_version"),
        contact.privacy_blocked.label("blocked"),
        contact.exclude_from_segment.label("excluded"),
    ]
    for kind in (FORMAL, INFORMAL):
        printed = bool(documents.using(f"salutation.{kind}"))
        fallen = fell_back(contact, value("language_id"), kind) if printed else false()
        columns.append(fallen.label(f"{kind}_fell_back"))
        using |= {"language_id"} if printed else set()
    columns += [BLANK[tag].condition.label(_blank_label(tag)) for tag in tags]
    statement = effective(*names, using=using).add_columns(*columns)
    statement = statement.where(line.segment_id == segment.id, LIVE, line.contact_id.is_not(None))
    return statement.cte("facts", nesting=nesting).prefix_with("MATERIALIZED")


@dataclass(frozen=True)
class Kind:
    """A kind of problem: its code, its group, and its lines (a condition over columns of `line_facts`)."""

    code: str
    group: str
    condition: ColumnElement[bool]


def problem_kinds(segment: Segment, facts: CTE, documents: DocumentFacts) -> list[Kind]:
    """Every kind of problem lines can have, in the order they are shown.

    A line always has a date (the header's), and a campaign that is used cannot be deleted; so neither can be missing.
    """
    f = facts.c
    delivered = f.correspondence_type != ""
    is_email = f.correspondence_type == "email"
    kinds = [
        Kind("no_template", CANNOT_BE_LOGGED, f.template_id.is_(None)),
        Kind("no_salesperson", CANNOT_BE_LOGGED, f.salesperson_id.is_(None)),
        Kind("blocked", CANNOT_BE_LOGGED, f.blocked.is_(True)),
        Kind("no_email", CANNOT_BE_DELIVERED, and_(is_email, f.mail_to == "")),
        Kind("no_document", CANNOT_BE_DELIVERED, and_(delivered, f.document_id.is_(None))),
        Kind("unreadable", CANNOT_BE_DELIVERED, and_(delivered, _one_of(f.document_id, documents.unreadable))),
        Kind("unknown_field", CANNOT_BE_DELIVERED, and_(delivered, _one_of(f.document_id, documents.unknown))),
        Kind("no_subject", CANNOT_BE_DELIVERED, and_(is_email, f.subject == "")),
        Kind(
            "salutation",
            ONLY_SHOWN,
            or_(
                *(
                    and_(
                        f[f"{kind}_fell_back"].is_(True), _one_of(f.document_id, documents.using(f"salutation.{kind}"))
                    )
                    for kind in (FORMAL, INFORMAL)
                )
            ),
        ),
        Kind(
            "comment",
            ONLY_SHOWN,
            and_(
                f.has_comment.is_(True),
                or_(f.document_id.is_(None), not_(_one_of(f.document_id, documents.using("comment")))),
            ),
        ),
        Kind("duplicate", ONLY_SHOWN, f.contact_id.in_(_several_times(segment))),
        Kind("excluded", ONLY_SHOWN, f.excluded.is_(True)),
        Kind(
            "not_word",
            ONLY_SHOWN,
            and_(f.correspondence_type.in_(ON_PAPER), _one_of(f.document_id, documents.not_word)),
        ),
    ]
    kinds += [
        Kind(
            EMPTY_FIELD + tag,
            ONLY_SHOWN,
            and_(f[_blank_label(tag)].is_(True), _one_of(f.document_id, documents.using(tag))),
        )
        for tag in documents.tags()
        if tag in BLANK
    ]
    return kinds


def lines_with(session: Session, segment: Segment, codes: Iterable[str]) -> Select[int]:
    """The ids of the lines that have one of these problems, for bulk mends and for keeping them back (B1).

    Raises `RuleViolation` for a code that no line of this segment can have.
    """
    documents = document_facts(session, segment)
    facts = line_facts(segment, documents, nesting=True)
    known = {kind.code: kind.condition for kind in problem_kinds(segment, facts, documents)}
    wanted = list(codes)
    if not known.keys() >= set(wanted):
        raise RuleViolation(say("This problem is not known. Reload the page."))
    return select(facts.c.id).where(or_(false(), *(known[code] for code in wanted)))


def _one_of(column: Any, ids: Iterable[int]) -> ColumnElement[bool]:
    wanted = sorted(ids)
    if not wanted:
        return false()
    # written into the statement: databases take only so many bound values
    found: ColumnElement[bool] = column.in_(bindparam(None, wanted, Integer, expanding=True, literal_execute=True))
    return found


def _several_times(segment: Segment) -> Select[Any]:
    """The contacts that stand on the list more than once (B4)."""
    other = aliased(SegmentLine)
    return (
        select(other.contact_id)
        .where(other.segment_id == segment.id, other.removed_step_id.is_(None), other.contact_id.is_not(None))
        .group_by(other.contact_id)
        .having(func.count() > literal(1))
    )


@dataclass(frozen=True)
class _Blank:
    condition: ColumnElement[bool]
    using: tuple[str, ...]


def _blank_label(tag: str) -> str:
    return "blank_" + tag.replace(".", "_")


def _blank_fields() -> dict[str, _Blank]:
    """Field → when it is blank on a line. Fields that are never blank, or blank as a rule, are not here."""
    found: dict[str, _Blank] = {}
    for tag in BY_TAG:
        group, _, name = tag.partition(".")
        if tag in OFTEN_BLANK:
            continue
        if group == "contact" and hasattr(contact, name) and name != "country":
            found[tag] = _Blank(getattr(contact, name) == "", ("contact",))
        elif group == "salesperson":
            found[tag] = _Blank(func.coalesce(getattr(salesperson, name), "") == "", ("salesperson",))
    found["contact.country"] = _Blank(contact.country_id.is_(None), ("contact",))
    found["document.campaign_no"] = _Blank(value("campaign_id").is_(None), ("campaign_id",))
    found["campaign.description"] = _Blank(func.coalesce(campaign.description, "") == "", ("campaign",))
    found["document.subject"] = _Blank(value("subject") == "", ("subject",))
    found["document.description"] = _Blank(value("description") == "", ("description",))
    return found


BLANK = _blank_fields()
