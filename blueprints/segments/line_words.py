"""The words for what is wrong with a line."""

from __future__ import annotations

from typing import Any

from blueprints.web.languages import translate
from domain.messages import Message, say
from domain.segments.problems import PROBLEMS, problems_of

# code: what is short enough for the column, and the sentence
PROBLEM_WORDS: dict[str, tuple[Message, Message]] = {
    "no_contact": (say("No contact"), say("The line has no contact.")),
    "blocked": (say("Blocked"), say("The contact is blocked for privacy and cannot be logged.")),
    "no_template": (say("No template"), say("The line has no interaction template.")),
    "no_salesperson": (say("No salesperson"), say("The line has no salesperson.")),
    "no_email": (say("No e-mail"), say("The contact has no e-mail address.")),
    "no_document": (say("No letter"), say("There is no document in this language.")),
    "excluded": (say("Excluded"), say("The contact is excluded from segments.")),
    "duplicate": (say("Twice"), say("The contact is on the list more than once.")),
}
# a cell whose value was refused, in the order of the columns: what the column Status says
REFUSED_WORDS: dict[str, Message] = {
    "contact": say("Check contact"),
    "template": say("Check template"),
    "description": say("Check description"),
    "correspondence_type": say("Check corr. type"),
    "language": say("Check language"),
    "date": say("Check date"),
}
SERIOUS = {"no_contact", "blocked", "no_template", "no_salesperson"}


def problem_texts(row: Any) -> list[str]:
    """The sentences about a line."""
    return [translate(PROBLEM_WORDS[code][1]) for code in problems_of(row)]


assert set(PROBLEM_WORDS) == set(PROBLEMS)
