"""The form of an interaction as its template shows it: own values as typed, what applies otherwise in grey."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from flask import request, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session

from blueprints.interactions.interaction_form import back_to, signed, starting_point
from blueprints.web.actor import actor
from blueprints.web.database import reading
from blueprints.web.formats import format_amount, format_date, format_time
from blueprints.web.fragments import Answer, page_or_fragment
from blueprints.web.languages import translate
from blueprints.web.typed import BLANK, as_typed, named
from blueprints.web.words import (
    CORRESPONDENCE_TYPE_NAMES,
    EVALUATION_NAMES,
    INFORMATION_FLOW_NAMES,
    INITIATED_BY_NAMES,
    choices,
)
from domain.documents.models import Document
from domain.interaction_templates.queries import correspondence_types, template_languages
from domain.interactions.calls import numbers_of, tel_link
from domain.interactions.delivery import ON_PAPER
from domain.interactions.draft_models import CALL, InteractionDraft
from domain.interactions.postpone import DraftFilters, count_drafts
from domain.interactions.worked_out import WorkedOut, work_out
from domain.messages import Message
from domain.tasks.models import Task

CARDS = {
    "interaction": ("contact", "contact_via", "template", "description", "salesperson", "date", "time", "language", "correspondence_type", "information_flow", "initiated_by"),
    "content": ("subject", "document_choice", "document", "personal_comment"),
    "related": ("task", "campaign", "campaign_target", "campaign_response"),
    "result": ("evaluation", "cost", "duration", "attempt_failed", "comment"),
}  # fmt: skip
NOT_IN_A_CALL = frozenset({"template", "language", "correspondence_type", "information_flow", "subject", "document_choice", "document", "personal_comment"})  # fmt: skip
REFRESHING = frozenset(
    {"contact", "template", "language", "date", "correspondence_type", "document_choice", "campaign"}
)


def show_form(
    draft: InteractionDraft,
    *,
    status: int = 200,
    refused: Mapping[str, Message] | None = None,
    unusual: dt.date | None = None,
    conflict: Message | None = None,
    touched: bool = False,
    told: bool = False,
    back: str = "",
) -> Answer:
    """The page with the form, or for HTMX the form alone.

    `refused`: field → sentence; `unusual`: the date that must be said to be right; `touched`: it is not as it began;
    `told`: what is missing has been named, and goes on being named until it is there.
    """
    session = reading()
    values = work_out(session, draft)
    errors = {name: translate(message) for name, message in (refused or {}).items()}
    fields = fields_of(session, draft, values, errors)
    shown = {name for names in CARDS.values() for name in names if name in fields}
    title = gettext("Make phone call") if draft.kind == CALL else gettext("Create interaction")
    if draft.entry_no:
        title = gettext("Postponed interaction %(no)s", no=draft.entry_no)
    return page_or_fragment(
        "interactions/new.html",
        "interactions/_interaction_form.html",
        status,
        title=title,
        draft=draft,
        values=values,
        fields=fields,
        cards={key: [fields[name] for name in names if name in fields] for key, names in CARDS.items()},
        call=draft.kind == CALL,
        loose_errors=[text for name, text in errors.items() if name not in shown or fields[name]["kind"] == "fixed"],
        unusual=unusual.isoformat() if unusual is not None else "",
        conflict=translate(conflict) if conflict is not None else "",
        touched=touched,
        told=told,
        begins_in="" if touched else _first_blank(fields),
        start="" if draft.entry_no else starting_point(draft),
        own_document=signed("document", draft.document_id) if draft.document_id else "",
        waiting=_waiting(session, draft),
        action_note=_action_note(values),
        back=back or back_to(),
    )


def _waiting(session: Session, draft: InteractionDraft) -> int:
    """How many interactions with this contact somebody has postponed."""
    contact = draft.contact_id if not draft.entry_no else None
    values = work_out(session, draft) if contact is not None else None
    if values is None or values.contact is None:
        return 0
    return count_drafts(session, DraftFilters(contact=values.contact), by=actor())


def _action_note(values: WorkedOut) -> str:
    """What the template's wizard action asks for (R-W02…R-W05)."""
    action = values.template.wizard_action if values.template is not None else ""
    notes = {
        "open": gettext(
            "Read the letter before you finish. To change it for this contact, save the file, change it and upload it."
        ),
        "import": gettext("Choose the file that belongs to this interaction. Without one it has no document."),
        "merge": gettext("The letter is merged for the contact when you finish."),
    }
    return notes.get(action, "")


def fields_of(
    session: Session, draft: InteractionDraft, values: WorkedOut, errors: Mapping[str, str]
) -> dict[str, dict[str, Any]]:
    """Every field of the form: name, label, kind, value, and what is shown when nothing is typed."""
    fields = {
        "contact": _contact_field(draft, values),
        "contact_via": _numbers_field(session, draft, values),
        "template": _lookup(
            gettext("Interaction template"),
            "template",
            values.template.code if values.template else "",
            hint=values.template.description if values.template else "",
            required=True,
        ),
        "description": _text(gettext("Description"), draft.description, values.description, required=True),
        "salesperson": _salesperson_field(draft, values),
        "date": _text(gettext("Date"), format_date(draft.date), kind="date", required=True),
        "time": _text(gettext("Time of interaction"), format_time(draft.time), kind="time"),
        "language": _language_field(draft, values),
        "correspondence_type": _options(
            gettext("Correspondence type"),
            draft.correspondence_type,
            CORRESPONDENCE_TYPE_NAMES,
            values.correspondence_type,
            correspondence_types(session, kept=values.correspondence_type),
        ),
        "information_flow": _options(
            gettext("Information flow"), draft.information_flow, INFORMATION_FLOW_NAMES, values.information_flow
        ),
        "initiated_by": _options(
            gettext("Initiated by"), draft.initiated_by, INITIATED_BY_NAMES, values.initiated_by
        ),
        "subject": _text(gettext("Subject"), draft.subject, values.subject),
        "document_choice": _document_choice(draft, values),
        "document": {
            "label": gettext("Upload a document"),
            "kind": "file",
            "value": "",
            "hint": _own_document(session, draft),
        },
        "personal_comment": {
            "label": gettext("Personal comment"),
            "kind": "textarea",
            "value": draft.personal_comment,
            "hint": gettext("Printed where the letter says {{ comment }} or has the merge field Personal_Comment."),
        },
        "task": _task_field(session, draft),
        "campaign": _campaign_field(draft, values),
        "campaign_target": _flag(gettext("Campaign target"), draft.campaign_target, values.campaign_target),
        "campaign_response": _flag(gettext("Campaign response"), draft.campaign_response, values.campaign_response),
        "evaluation": {
            "label": gettext("Evaluation"),
            "kind": "select",
            "value": draft.evaluation,
            "options": [("", gettext("Not evaluated yet")), *choices(EVALUATION_NAMES)[1:]],
        },
        "attempt_failed": {
            "label": gettext("Attempt failed"),
            "kind": "checkbox",
            "value": draft.attempt_failed,
            "hint": gettext("Nobody was reached, or it came to nothing."),
        },
        "cost": _text(gettext("Cost"), format_amount(draft.cost), format_amount(values.cost), kind="number"),
        "duration": _text(
            gettext("Duration (min.)"), as_typed("duration", draft.duration), str(values.duration), kind="number"
        ),
        "comment": {
            "label": gettext("Comment"),
            "kind": "textarea",
            "value": draft.comment,
            "hint": gettext("Internal; never printed."),
        },
    }  # fmt: skip
    left_out = {*(NOT_IN_A_CALL if draft.kind == CALL else {"contact_via"}), *(() if draft.task_id else ("task",))}
    fields = {name: field for name, field in fields.items() if name not in left_out}
    for name, field in fields.items():
        if name in errors and name in request.form and field["kind"] not in ("checkbox", "fixed", "numbers"):
            field["value"] = request.form[name]
        field |= {
            "name": name,
            "error": errors.get(name),
            "hint": field.get("hint") or None,
            "refreshes": name in REFRESHING,
        }
    return fields


def _first_blank(fields: Mapping[str, Mapping[str, Any]]) -> str:
    """What has to be chosen first: there the cursor stands when the form is opened."""
    first = ("contact", "template")
    open_ones = (name for name in first if name in fields and fields[name]["kind"] == "lookup")
    return next((name for name in open_ones if not fields[name]["value"]), "")


def _text(label: str, value: str, shown: str = "", *, kind: str = "text", required: bool = False) -> dict[str, Any]:
    return {"label": label, "kind": kind, "value": value or "", "shown": shown, "required": required}


def _lookup(
    label: str, kind: str, value: str, *, shown: str = "", hint: str = "", required: bool = False
) -> dict[str, Any]:
    url = url_for("contacts.lookup") if kind == "contact" else url_for("segments.look_up", kind=kind)
    return {"label": label, "kind": "lookup", "value": value, "shown": shown, "hint": hint, "url": url, "required": required}  # fmt: skip


def _inherited(text: Any) -> tuple[str, str]:
    return "", gettext("Inherited: %(value)s", value=text or gettext("(blank)"))


def _options(label: str, own: str | None, names: Mapping[str, Any], shown: str, only: Any = None) -> dict[str, Any]:
    listed = [pair for pair in choices(names, only) if pair[0]]
    value = BLANK if own == "" else own or ""
    return {
        "label": label,
        "kind": "select",
        "value": value,
        "options": [_inherited(str(names[shown])), *listed, (BLANK, gettext("(blank)"))],
    }


def _flag(label: str, own: bool | None, shown: bool) -> dict[str, Any]:
    words = {True: gettext("Yes"), False: gettext("No")}
    return {
        "label": label,
        "kind": "select",
        "value": "" if own is None else "yes" if own else "no",
        "options": [_inherited(words[shown]), ("yes", words[True]), ("no", words[False])],
    }


def _fixed(label: str, text: str, url: str = "") -> dict[str, Any]:
    return {"label": label, "kind": "fixed", "value": text, "url": url}


def _contact_field(draft: InteractionDraft, values: WorkedOut) -> dict[str, Any]:
    contact, label = values.contact, gettext("Contact")
    place = ""
    if contact is not None:
        company = contact.company_name if not contact.is_company else ""
        place = " · ".join(part for part in (contact.no, company, contact.city) if part)
    if draft.is_fixed("contact") and contact is not None:
        return _fixed(label, contact.name, url_for("contacts.show", no=contact.no)) | {"hint": place}
    field = _lookup(label, "contact", contact.name if contact else "", hint=place, required=True)
    if draft.is_fixed("company") and values.company is not None and contact is None:
        field["hint"] = gettext("%(name)s, or one of its persons", name=values.company.name)
    return field | {"contact_no": contact.no if contact is not None else ""}


def _numbers_field(session: Session, draft: InteractionDraft, values: WorkedOut) -> dict[str, Any]:
    """The numbers to call, each with whose it is; another one is typed."""
    numbers = numbers_of(session, values.contact) if values.contact is not None and draft.kind == CALL else []
    other = draft.contact_via if draft.contact_via not in {one.number for one in numbers} else ""
    return {
        "label": gettext("Phone number"),
        "kind": "numbers",
        "value": draft.contact_via,
        "numbers": [(one.number, translate(one.label), one.link) for one in numbers],
        "other": other,
        "other_link": tel_link(other),
    }


def _salesperson_field(draft: InteractionDraft, values: WorkedOut) -> dict[str, Any]:
    person, label = values.salesperson, gettext("Salesperson")
    text = named(person.code, person.name) if person is not None else ""
    if draft.is_fixed("salesperson"):
        return _fixed(label, text)
    own = draft.salesperson_id is not None
    return _lookup(label, "salesperson", text if own else "", shown="" if own else text, required=True)


def _campaign_field(draft: InteractionDraft, values: WorkedOut) -> dict[str, Any]:
    campaign, label = values.campaign, gettext("Campaign No.")
    text = named(campaign.no, campaign.description) if campaign is not None else ""
    if draft.is_fixed("campaign"):
        return _fixed(label, text)
    own = BLANK if draft.no_campaign else text if draft.campaign_id is not None else ""
    hint = ""
    if values.template is not None and values.template.campaign_id is not None:
        hint = gettext("Type (blank) for no campaign.")
    return _lookup(label, "campaign", own, shown="" if own else text, hint=hint)


def _task_field(session: Session, draft: InteractionDraft) -> dict[str, Any]:
    """The task the interaction began from; finishing closes it."""
    task = session.get(Task, draft.task_id) if draft.task_id is not None else None
    if task is None:
        return _fixed(gettext("Task"), gettext("(deleted)"))
    hint = "" if task.closed else gettext("It is closed when the interaction is finished.")
    return _fixed(gettext("Task"), named(task.no, task.description), url_for("tasks.show", key=task.no)) | {
        "hint": hint
    }


def _language_field(draft: InteractionDraft, values: WorkedOut) -> dict[str, Any]:
    rows = template_languages(values.template) if values.template is not None else []
    offered = [(row.language.code, named(row.language.code, row.language.name)) for row in rows]
    own = values.language.code if draft.language_id is not None and values.language is not None else ""
    if own and own not in dict(offered):
        offered.append((own, own))
    return {
        "label": gettext("Language code"),
        "kind": "select",
        "value": own,
        "options": [_inherited(values.language.code if values.language is not None else ""), *offered],
    }


def _document_choice(draft: InteractionDraft, values: WorkedOut) -> dict[str, Any]:
    names = {
        "template": gettext("The document of the template"),
        "own": gettext("The uploaded document"),
        "none": gettext("No document"),
    }
    usual = "own" if values.template is not None and values.template.wizard_action == "import" else "template"
    in_template = values.row.document if values.row is not None else None
    said = names[usual] if usual != "template" or in_template is not None else names["none"]
    return {
        "label": gettext("Document"),
        "kind": "select",
        "value": draft.document_choice,
        "options": [_inherited(said), *((key, text) for key, text in names.items())],
        "hint": _document_hint(values),
    }


def _document_hint(values: WorkedOut) -> str:
    """The file that goes with it; a warning when it should be printed and cannot be merged (E-T03, R-I08)."""
    document = values.document
    if document is None:
        return ""
    if values.correspondence_type in ON_PAPER and not document.is_word:
        return gettext("%(name)s is not a Word document. Print it yourself.", name=document.file_name)
    return document.file_name


def _own_document(session: Session, draft: InteractionDraft) -> str:
    document = session.get(Document, draft.document_id) if draft.document_id is not None else None
    return gettext("Uploaded: %(name)s", name=document.file_name) if document is not None else ""
