"""The parts of a person's name (contacts.md 2.2)."""

from __future__ import annotations

PART_LENGTH = 30
NAME_LENGTH = 100


def split_name(name: str) -> tuple[str, str, str]:
    """First name, middle name and surname of a typed name (contacts.md 2.2).

    The last word is the surname if there are two or more, the last but one the middle name if there are three or
    more, all others are the first name. Each is cut at 30 characters.
    """
    words = name.split()
    surname = words.pop() if len(words) >= 2 else ""
    middle_name = words.pop() if len(words) >= 2 else ""
    return " ".join(words)[:PART_LENGTH].rstrip(), middle_name[:PART_LENGTH], surname[:PART_LENGTH]


def join_name(first_name: str, middle_name: str, surname: str) -> str:
    """The name made of its parts: blanks skipped, single spaces (contacts.md 1.1)."""
    return " ".join(" ".join((first_name, middle_name, surname)).split())[:NAME_LENGTH]
