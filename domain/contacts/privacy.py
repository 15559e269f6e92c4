"""Minors, parental consent and the privacy block (contacts.md 2.8)."""

from __future__ import annotations

from typing import Any

from domain.accounts.actor import Actor
from domain.contacts.models import Contact
from domain.errors import RuleViolation
from domain.messages import say


def apply_privacy(contact: Contact, changes: dict[str, Any], *, by: Actor) -> None:
    """Applies changes of `minor`, `parental_consent` and `privacy_blocked` in the order the rules need.

    A minor is blocked; a change of consent blocks again, and the block is then lifted by hand, for a minor only with
    consent. Lifting needs a right of its own. Raises `RuleViolation`, `Forbidden`.
    """
    if "minor" in changes:
        contact.minor = changes["minor"]
        if contact.minor:
            contact.privacy_blocked = True
        else:
            contact.parental_consent = False
    if changes.get("parental_consent") and not contact.minor:
        raise RuleViolation(say("Parental consent is only asked for minors."), field="parental_consent")
    consent_changed = changes.get("parental_consent", contact.parental_consent) != contact.parental_consent
    if consent_changed:
        contact.parental_consent = changes["parental_consent"]
        contact.privacy_blocked = True
    elif changes.get("privacy_blocked") is True:
        contact.privacy_blocked = True
    elif changes.get("privacy_blocked") is False and not changes.get("minor") and contact.privacy_blocked:
        by.must_be_allowed("lift privacy block")
        if contact.minor and not contact.parental_consent:
            raise RuleViolation(
                say(
                    "%(name)s is a minor. The block can be lifted only when parental consent is received.",
                    name=contact.name,
                ),
                field="privacy_blocked",
            )
        contact.privacy_blocked = False
