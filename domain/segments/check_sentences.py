"""What the check says about each kind of problem."""

from __future__ import annotations

from domain.letters.merge_fields import BY_TAG
from domain.messages import Message, say_n
from domain.segments.check_facts import EMPTY_FIELD, DocumentFacts


def problem_sentence(code: str, n: int, documents: DocumentFacts) -> Message:
    """What a problem says about its lines."""
    if code.startswith(EMPTY_FIELD):
        field = BY_TAG[code.removeprefix(EMPTY_FIELD)].english
        return say_n(
            "On %(num)s line the field “%(field)s” is empty in the letter.",
            "On %(num)s lines the field “%(field)s” is empty in the letter.",
            n,
            field=field,
        )
    if code == "unknown_field":
        names = ", ".join(sorted({name for names in documents.unknown.values() for name in names}))
        return say_n(
            "The document of %(num)s line has unknown fields: %(names)s.",
            "The documents of %(num)s lines have unknown fields: %(names)s.",
            n,
            names=names,
        )
    sentences = {
        "no_template": say_n(
            "%(num)s line has no interaction template.", "%(num)s lines have no interaction template.", n
        ),
        "no_salesperson": say_n("%(num)s line has no salesperson.", "%(num)s lines have no salesperson.", n),
        "blocked": say_n(
            "%(num)s line has a contact that is blocked for privacy.",
            "%(num)s lines have contacts that are blocked for privacy.",
            n,
        ),
        "no_email": say_n(
            "%(num)s line is an e-mail, but the contact has no e-mail address.",
            "%(num)s lines are e-mails, but the contacts have no e-mail address.",
            n,
        ),
        "no_document": say_n(
            "There is no document in the language of %(num)s line.",
            "There is no document in the language of %(num)s lines.",
            n,
        ),
        "unreadable": say_n(
            "The document of %(num)s line cannot be read. Upload it again.",
            "The documents of %(num)s lines cannot be read. Upload them again.",
            n,
        ),
        "no_subject": say_n("%(num)s e-mail has no subject.", "%(num)s e-mails have no subject.", n),
        "salutation": say_n(
            "The salutation of %(num)s contact is not its own in the language of the letter.",
            "The salutations of %(num)s contacts are not their own in the language of the letter.",
            n,
        ),
        "comment": say_n(
            "The personal comment of %(num)s line is not printed: its document has no field for it.",
            "The personal comments of %(num)s lines are not printed: their documents have no field for it.",
            n,
        ),
        "duplicate": say_n(
            "%(num)s line has a contact that is on the list more than once.",
            "%(num)s lines have contacts that are on the list more than once.",
            n,
        ),
        "excluded": say_n(
            "%(num)s line has a contact that is excluded from segments.",
            "%(num)s lines have contacts that are excluded from segments.",
            n,
        ),
        "not_word": say_n(
            "%(num)s letter is not a Word document. Print it yourself.",
            "%(num)s letters are not Word documents. Print them yourself.",
            n,
        ),
    }
    return sentences[code]
