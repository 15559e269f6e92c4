"""Add to segment: the chosen contacts, or all that match the filter of the list, go to an open or a new segment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, request, url_for
from flask_babel import gettext, ngettext
from sqlalchemy import Select
from sqlalchemy.orm import Session

from blueprints.contacts.forms import AddToSegmentForm
from blueprints.contacts.list_view import read_contact_filters
from blueprints.contacts.places import dialog, place
from blueprints.web.actor import actor
from blueprints.web.database import reading, transaction
from blueprints.web.fragments import Answer, go_to
from domain.contacts.listing import ContactFilters, chosen_ids, count_contacts, matching_ids
from domain.errors import RuleViolation
from domain.messages import say
from domain.segments.add_contacts import Added, AddOptions, add_contacts
from domain.segments.create import create_segment
from domain.segments.of_contacts import latest_open_segments
from domain.segments.queries import get_open_segment

bp = Blueprint("contact_segments", __name__, url_prefix="/contacts/add-to-segment")

MOST_TICKED = 1_000


@dataclass(frozen=True)
class Selection:
    """What was ticked: contacts by number, or all that match the filter."""

    numbers: list[str]
    filters: ContactFilters | None

    @classmethod
    def of_request(cls) -> Selection:
        """From the form of the list, the dialog, or the address (a single contact)."""
        values = request.values
        if values.get("all_matching"):
            return cls([], read_contact_filters(reading(), values))
        return cls(list(dict.fromkeys(values.getlist("sel")))[:MOST_TICKED], None)

    def ids(self, session: Session) -> Select[int]:
        """A select of the ids."""
        return chosen_ids(session, self.numbers) if self.filters is None else matching_ids(session, self.filters)

    def count(self, session: Session) -> int:
        """How many contacts these are."""
        return len(self.numbers) if self.filters is None else count_contacts(session, self.filters)

    def fields(self) -> list[tuple[str, str]]:
        """The selection as hidden inputs."""
        if self.filters is None:
            return [("sel", no) for no in self.numbers]
        return [("all_matching", "1"), *self.filters.as_query().items()]


@bp.route("/", methods=["GET", "POST"])
def choose() -> Answer:
    """The dialog that asks for the segment. It changes nothing; the list posts to it because many may be ticked."""
    actor().must_be_allowed("edit segments")
    selection = Selection.of_request()
    if not selection.count(reading()):
        raise RuleViolation(say("No contact is selected. Tick some first."))
    return show(selection, AddToSegmentForm(formdata=None))


@bp.post("/add")
def add() -> Answer:
    """Adds the contacts, as one step, and opens the segment."""
    by = actor()
    by.must_be_allowed("edit segments")
    selection, form = Selection.of_request(), AddToSegmentForm()
    if form.validate():
        with form.reporting():
            with transaction() as session:
                if form.segment.data:
                    segment = get_open_segment(session, form.segment.data)
                else:
                    segment = create_segment(session, description=form.description.data, by=by)
                added = add_contacts(
                    session,
                    segment,
                    selection.ids(session),
                    options=AddOptions(form.allow_existing.data, form.include_excluded.data),
                    filters=selection.filters.as_query() if selection.filters is not None else None,
                    by=by,
                )
                no = segment.no
            url = place("segments.show", segment_no=no) or url_for("contacts.index")
            return go_to(url, said(no, added), "ok" if added.added else "warn")
    return show(selection, form, 422)


def said(no: str, added: Added) -> str:
    """What came of it, as one text."""
    sentences = [
        ngettext(
            "%(num)d contact was added to segment %(no)s.",
            "%(num)d contacts were added to segment %(no)s.",
            added.added,
            no=no,
        )
    ]
    blocked, excluded, present = (added.skipped.get(reason, 0) for reason in ("blocked", "excluded", "present"))
    if present:
        sentences.append(ngettext("%(num)d was on it already.", "%(num)d were on it already.", present))
    if excluded:
        sentences.append(
            ngettext("%(num)d is excluded from segments.", "%(num)d are excluded from segments.", excluded)
        )
    if blocked:
        sentences.append(ngettext("%(num)d is privacy blocked.", "%(num)d are privacy blocked.", blocked))
    return " ".join(sentences)


def show(selection: Selection, form: AddToSegmentForm, status: int = 200) -> Answer:
    """The dialog."""
    rows: Any = reading().execute(latest_open_segments())
    form.segment.choices = [
        ("", gettext("(a new segment)")),
        *((row.no, f"{row.no} {row.description}".strip()) for row in rows),
    ]
    number = selection.count(reading())
    return dialog(
        "contacts/_segment_dialog.html",
        ngettext("Add %(num)d contact to a segment", "Add %(num)d contacts to a segment", number),
        status,
        form=form,
        fields=selection.fields(),
        number=number,
    )
