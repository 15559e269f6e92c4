"""Letters of lines that are not logged yet: a preview says what the letter will say (R-M05)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from domain.accounts.actor import Actor
from domain.campaigns.models import Campaign
from domain.documents.models import Document
from domain.documents.store import read_document
from domain.errors import NotFound, RuleViolation
from domain.interactions.delivery import ON_PAPER
from domain.interactions.letter_values import LetterSources
from domain.interactions.letters import Letter, LetterRow, country_facts, shared_values, texts_of
from domain.letters.letter_files import letter_name, safe_name
from domain.letters.upload import letter_of
from domain.messages import say
from domain.segments.effective import (
    LIVE,
    alt_address,
    campaign,
    contact,
    document,
    effective,
    language,
    line,
    salesperson,
    segment,
    value,
)
from domain.segments.models import Segment, SegmentLine

ROWS_AT_ONCE = 500


def raw_values_of_lines(worksheet: Segment, lines: Sequence[int] | Select[int] | None = None) -> Select[Any]:
    """The raw values of the letters of lines, named as those of logged entries (`letter_values`), in line order.

    `lines` are ids (None: the whole list). Lines without contact have none.
    """
    company, company_alt = LetterSources.companies()
    sources = LetterSources(
        contact=contact,
        alt_address=alt_address,
        salesperson=salesperson,
        language_id=value("language_id"),
        locale=language.locale,
        correspondence_type=value("correspondence_type"),
        date=value("date"),
        comment=line.comment,
        company=company,
        company_alt=company_alt,
    )
    columns: dict[str, Any] = {
        **sources.columns(),
        "entry_no": line.line_no,
        "document_date": value("date"),
        "segment_no": segment.no,
        "description": value("description"),
        "subject": value("subject"),
        "evaluation": line.evaluation,
        "campaign_no": func.coalesce(campaign.no, ""),
        "document_id": value("document_id"),
        "is_word": document.is_word,
        "blocked": contact.privacy_blocked,
    }
    using = ("contact", "alt_address", "salesperson", "language", "campaign", "document", "correspondence_type")
    statement: Select[Any] = effective(using=(*using, "date", "description", "subject")).add_columns(
        *(expression.label(name) for name, expression in columns.items())
    )
    statement = sources.join_company(statement).where(
        line.segment_id == worksheet.id, LIVE, line.contact_id.is_not(None)
    )
    if lines is not None:
        statement = statement.where(line.id.in_(lines))
    return statement.order_by(line.line_no)


def letter_of_line(session: Session, worksheet: Segment, worksheet_line: SegmentLine, *, by: Actor) -> Letter:
    """The letter of a line as it would be logged now; nothing is changed (R-M05).

    A document that is no Word file is given as it is. Raises `NotFound` when the line has no contact or no document,
    `RuleViolation` when its contact is blocked for privacy (B2).
    """
    by.must_be_allowed("view")
    session.flush()
    row = session.execute(raw_values_of_lines(worksheet, [worksheet_line.id])).one_or_none()
    if row is None:
        raise NotFound(say("Line %(no)s has no contact.", no=worksheet_line.line_no))
    if row.blocked:
        raise RuleViolation(say("Contact %(no)s is blocked for privacy. No letter is made.", no=row.contact_no))
    if row.document_id is None:
        raise NotFound(say("There is no document for contact %(no)s in the language of the line.", no=row.contact_no))
    name = letter_name(company=row.company_name, name=row.name, no=row.contact_no)
    stored = session.get_one(Document, row.document_id)
    if not stored.is_word:
        extension = f".{stored.extension}" if stored.extension else ""
        return Letter(safe_name(name, extension), read_document(session, stored))
    texts = texts_of(row._asdict(), _shared(session, by=by), country_facts(session))
    return Letter(safe_name(name), letter_of(session, stored).letter(texts))


def print_rows_of_lines(
    session: Session, worksheet: Segment, lines: Sequence[int] | Select[int] | None = None, *, by: Actor
) -> Iterator[LetterRow]:
    """The letters on paper of an open segment in line order, a few at a time, with their texts.

    Lines whose document is no Word file and lines whose contact is blocked for privacy are left out (B2).
    """
    by.must_be_allowed("print letters")
    session.flush()
    shared, countries = _shared(session, by=by), country_facts(session)
    statement = raw_values_of_lines(worksheet, lines).where(
        value("correspondence_type").in_(ON_PAPER), document.is_word.is_(True), contact.privacy_blocked.is_(False)
    )
    for row in session.execute(statement, execution_options={"yield_per": ROWS_AT_ONCE}):
        yield LetterRow(
            no=row.entry_no,
            contact_no=row.contact_no,
            contact_name=row.name,
            company_name=row.company_name,
            document_id=row.document_id,
            values=texts_of(row._asdict(), shared, countries),
        )


def count_letters_on_paper(session: Session, worksheet: Segment) -> int:
    """How many letters a print file of an open segment would have."""
    return _of_letters_on_paper(session, worksheet, func.count())


def size_of_letters_on_paper(session: Session, worksheet: Segment) -> int:
    """How many bytes the documents of those letters have together; one that is used twice counts twice."""
    return _of_letters_on_paper(session, worksheet, func.sum(document.size))


def _of_letters_on_paper(session: Session, worksheet: Segment, figure: ColumnElement[int]) -> int:
    session.flush()
    lines = effective(using=("correspondence_type", "document", "contact")).add_columns(figure)
    return int(
        session.scalar(
            lines.where(
                line.segment_id == worksheet.id,
                LIVE,
                line.contact_id.is_not(None),
                value("correspondence_type").in_(ON_PAPER),
                document.is_word.is_(True),
                contact.privacy_blocked.is_(False),
            )
        )
        or 0
    )


def _shared(session: Session, *, by: Actor) -> dict[str, Any]:
    campaigns = session.execute(select(Campaign.no, Campaign.description))
    return shared_values(session, today=by.today) | {"campaigns": dict(campaigns.all())}
