"""Saving the card of a contact as a visitor's browser does."""

from __future__ import annotations

CARD = "#contact"


def save(visitor, known_no, /, **changes):
    """Changes fields as the visitor's browser does: HTMX posts what changed, a plain browser the whole form."""
    page = visitor.get(f"/contacts/{known_no}/")
    values = page.form(CARD)
    if visitor.htmx:
        return visitor.post(
            page.action(CARD),
            {"csrf_token": values["csrf_token"]}
            | {f"was-{name}": values[f"was-{name}"] for name in changes if f"was-{name}" in values}
            | {name: value for name, value in changes.items() if value is not None},
        )
    return visitor.submit(page, CARD, **changes)


def saved(visitor, answer, no):
    """The card after saving: what HTMX got, or the page a plain browser is sent to."""
    return answer if answer.status == 200 else visitor.follow(answer)
