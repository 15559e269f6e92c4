"""Segments that can be logged and delivered, for the tests of logging."""

from __future__ import annotations

from domain.segments.log import log_segment
from domain.segments.models import SegmentLine
from tests.factories.contacts import make_contact
from tests.factories.documents import make_letter
from tests.factories.interaction_templates import make_template
from tests.factories.segments import make_line, make_segment, make_segment_interaction
from tests.factories.setup import make_actor, make_language


def make_ready_segment(
    session,
    no="",
    *contacts,
    document=None,
    correspondence_type="hard_copy",
    subject="Hello",
    interaction=None,
    **values,
):
    """A segment with the given contacts (else one), a template, and a document in English as default language."""
    template = make_template(session, correspondence_type=correspondence_type, ignore_contact_type=True)
    document = document if document is not None else make_letter(session, "Dear reader")
    segment = make_segment(session, no, template=template, **values)
    row = make_segment_interaction(
        session, segment, template, languages={"ENG": (subject, document)}, **(interaction or {})
    )
    row.language_id = make_language(session, "ENG").id
    segment.interaction_id = row.id
    session.flush()
    session.refresh(segment)
    for contact in contacts or (make_contact(session, email="a@example.com"),):
        make_line(session, segment, contact)
    return segment


def log(session, segment, **options):
    """Logs with delivery by an administrator, unless said otherwise."""
    by = options.pop("by", None) or make_actor()
    return log_segment(session, segment, **({"deliver": True} | options), by=by)


def lines_of(session, segment):
    """Every line of a worksheet, removed ones too, in order."""
    session.expire_all()
    return list(session.query(SegmentLine).filter_by(segment_id=segment.id).order_by(SegmentLine.line_no))
