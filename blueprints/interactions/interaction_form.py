"""What the form of an interaction posts: its starting point, what was typed, a document of one's own."""

from __future__ import annotations

import secrets
from typing import Any

from flask import current_app, request, url_for
from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage

from blueprints.web.actor import actor
from blueprints.web.database import reading, transaction
from blueprints.web.same_site import same_site
from blueprints.web.typed import head, meaning, own_meaning
from domain.contacts.queries import find_contact
from domain.errors import RuleViolation
from domain.interactions.beginning import FIELDS, LONGEST, blank_draft, change_draft
from domain.interactions.draft_models import InteractionDraft
from domain.interactions.postpone import fixed_when_resumed, get_draft, resumed
from domain.letters.upload import check_upload, store_upload
from domain.messages import Message, say
from domain.types import code

# where an interaction begins stands in the form, signed: nobody can make it another contact's
STARTING_POINT = (
    "form_key", "kind", "fixed", "contact_id", "company_id", "salesperson_id", "template_id", "campaign_id",
    "campaign_target", "campaign_response", "segment_no", "segment_line_id", "task_id",
)  # fmt: skip
INHERITED = frozenset(
    {
        "correspondence_type", "information_flow", "initiated_by", "cost", "duration", "campaign", "campaign_target",
        "campaign_response", "language",
    }
)  # fmt: skip


def new_key() -> str:
    """A name for a form, so that sending it twice makes one entry."""
    return secrets.token_hex(16)


def signed(what: str, value: Any) -> str:
    """A value for a hidden field that nobody can change."""
    return str(URLSafeSerializer(current_app.secret_key or "", salt=what).dumps(value))


def unsigned(what: str, text: str) -> Any:
    """What `signed` wrote. Raises `RuleViolation` for anything else."""
    try:
        return URLSafeSerializer(current_app.secret_key or "", salt=what).loads(text)
    except BadSignature as forged:
        raise RuleViolation(say("This form cannot be used any more. Open it again.")) from forged


def starting_point(draft: InteractionDraft) -> str:
    """Where an interaction begins, for the hidden field "start"."""
    return signed("start", {name: getattr(draft, name) for name in STARTING_POINT if getattr(draft, name) is not None})


class Posted:
    """The form that was posted. `entry_no` and `version` are those of a postponed interaction that is taken up again."""

    def __init__(self) -> None:
        form = request.form
        self.entry_no = int(form["draft"]) if form.get("draft", "").isdecimal() else None
        self.version = int(form["version"]) if form.get("version", "")[:9].isdecimal() else 0
        self.start: dict[str, Any] = {} if self.entry_no else unsigned("start", form.get("start", ""))
        self.document_id: int | None = unsigned("document", form["own_document"]) if form.get("own_document") else None
        self.refused: dict[str, Message] = {}
        self.uploaded = False

    @property
    def form_key(self) -> str:
        """The name of a new form."""
        return str(self.start.get("form_key", ""))

    @property
    def another_template(self) -> bool:
        """Whether a template stands in place of another one that the page showed."""
        before = request.form.get("was-template", "")
        return bool(before) and code(head(request.form.get("template", ""))) != before

    def take_upload(self) -> None:
        """Checks and stores the file that was chosen, so that it stays when the form is shown again (A4)."""
        file = request.files.get("document")
        if not isinstance(file, FileStorage) or not file.filename:
            return
        with file.stream as stream:
            data = stream.read()
        try:
            upload = check_upload(data, file.filename)
        except RuleViolation as refusal:
            self.refused["document"] = refusal.message
            return
        by = actor()
        by.must_be_allowed("create interactions")
        with transaction() as session:
            self.document_id = store_upload(session, upload, by=by).id
        self.uploaded = True

    def stored(self, session: Session) -> InteractionDraft:
        """The interaction to be written, inside the transaction: a new one, or the postponed one. Raises `Conflict`."""
        if self.entry_no is None:
            return blank_draft(**self.start)
        draft = get_draft(session, self.entry_no, version=self.version, by=actor())
        draft.fixed = fixed_when_resumed(draft)
        return draft

    def shown(self) -> InteractionDraft:
        """The interaction for showing the form again; nothing is written."""
        if self.entry_no is None:
            return blank_draft(**self.start)
        by = actor()
        draft = resumed(reading(), get_draft(reading(), self.entry_no, by=by), by=by)
        return draft

    def fill(self, session: Session, draft: InteractionDraft, *, shortened: bool = False) -> dict[str, Message]:
        """Writes what was typed into the interaction, too long a text `shortened` or not at all.

        Returns what cannot be understood: field → sentence.
        """
        refused = dict(self.refused)
        typed: dict[str, Any] = {}
        for name in FIELDS:
            if name == "document" or (name not in request.form and name != "attempt_failed"):
                continue
            try:
                text = request.form.get(name, "") or (
                    request.form.get("other_number", "") if name == "contact_via" else ""
                )
                typed[name] = self._meaning(session, name, text[: LONGEST.get(name)] if shortened else text)
            except RuleViolation as refusal:
                refused[name] = refusal.message
        if self.document_id is not None:
            typed["document"] = self.document_id
            if self.uploaded:
                typed["document_choice"] = "own"
        return refused | change_draft(session, draft, typed)

    def _meaning(self, session: Session, name: str, text: str) -> Any:
        if name == "contact":
            return self._contact(session, text)
        if name == "template":
            return head(text) or None
        if name == "salesperson":
            return head(text) or None
        if name in INHERITED:
            return own_meaning(name, head(text) if name == "campaign" else text)
        return meaning(name, text)

    def _contact(self, session: Session, text: str) -> Any:
        """A name that is still the one the page showed means the contact that was shown."""
        no = request.form.get("contact_no", "")
        known = find_contact(session, no) if no else None
        return known if known is not None and (known.no, known.name) == (no, text) else text.replace("\x00", "")


def back_to() -> str:
    """Where the form was opened."""
    return same_site(request.values.get("back"), url_for("interaction_log.index"))
