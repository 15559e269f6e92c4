"""The criteria of Add, Reduce and Refine as a form: alternatives of groups of fields, read and shown again.

A field is called `a<alternative>-<group>-<field>`, the switch of a group `a<alternative>-<group>-absent`, a ticked answer
of a questionnaire `a<alternative>-answer`. `alternative` lists the alternatives that are there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from flask import request
from sqlalchemy.orm import Session

from blueprints.web.actor import actor
from blueprints.web.languages import choose_locale, translate
from domain.contacts.classification.profiles import offered_answers
from domain.filters.notes import notes
from domain.filters.read import read_filters
from domain.filters.reader import reader_of
from domain.filters.tree import quoted
from domain.messages import say
from domain.segments.criteria import Criteria, GroupFilter, criteria_of
from domain.segments.criteria_groups import GROUPS

MOST_ALTERNATIVES = 5
ADD_ALTERNATIVE, ADD_FIELD, REMOVE_ALTERNATIVE = "add-alternative", "add-field:", "remove-alternative:"
_NAME = re.compile(r"a(\d{1,2})-([a-z_]+)-([a-z_0-9]+)")


@dataclass
class Block:
    """One alternative: the texts by group and field, the groups that are turned round, the answers that are ticked.

    `added` is the field that was added last, as (group, field).
    """

    number: int
    texts: dict[str, dict[str, str]] = field(default_factory=dict)
    absent: set[str] = field(default_factory=set)
    answers: set[str] = field(default_factory=set)
    added: tuple[str, str] | None = None
    is_new: bool = False

    def name(self, group: str, key: str) -> str:
        """What a field of the form is called."""
        return f"a{self.number}-{group}-{key}"

    def shown(self, group: str) -> list[str]:
        """The fields of a group that are offered: those of the table, and what was added."""
        table = GROUPS[group]
        more = ["canceled"] if group == "interaction" else []
        return list(dict.fromkeys((*table.shown, *more, *(k for k in self.texts.get(group, {}) if k in table.fields))))

    def text(self, group: str, key: str) -> str:
        """What is typed in a field; interactions that were cancelled are left out unless said otherwise."""
        texts = self.texts.get(group)
        if texts is None or key not in texts:
            return translate(say("No")) if (group, key) == ("interaction", "canceled") else ""
        return texts[key]

    def groups(self, offered: list[tuple[str, str, int, str]]) -> Iterator[GroupFilter]:
        """The groups as criteria; answers to one question are alternatives, to several questions all asked for."""
        for group in GROUPS:
            absent = group in self.absent
            if group == "profile_answer" and self.answers:
                yield from self._ticked(offered, absent)
                if not any(text.strip() for text in self.texts.get(group, {}).values()):
                    continue
            filters = tuple((key, self.text(group, key)) for key in self.shown(group))
            typed = any(text.strip() for key, text in filters if key != "canceled")
            if group == "interaction" and not typed and not absent and self.is_default(group, "canceled"):
                continue
            yield GroupFilter(group, filters, absent)

    def is_default(self, group: str, key: str) -> bool:
        """Whether a field says what it says by itself."""
        return self.text(group, key).strip() == Block(0).text(group, key)

    def _ticked(self, offered: list[tuple[str, str, int, str]], absent: bool) -> Iterator[GroupFilter]:
        lines: dict[tuple[str, str], list[str]] = {}
        for code, question, line_no, _ in offered:
            if f"{code}:{line_no}" in self.answers:
                lines.setdefault((code, question), []).append(str(line_no))
        for (code, _), numbers in lines.items():
            filters = (("questionnaire", quoted(code)), ("line_no", "|".join(numbers)))
            yield GroupFilter("profile_answer", filters, absent)


@dataclass
class CriteriaForm:
    """The form as posted: its alternatives, `errors` and `notes` by name of field, and the criteria when there are no
    errors."""

    blocks: list[Block]
    offered: list[tuple[str, str, int, str]]
    errors: dict[str, str] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)

    @property
    def criteria(self) -> Criteria:
        """What is asked for, in the user's language."""
        return criteria_of([list(block.groups(self.offered)) for block in self.blocks], locale=choose_locale())

    def alter(self, do: str) -> bool:
        """Adds a field or an alternative, or takes one away, as the button says. False: another button."""
        if do == ADD_ALTERNATIVE:
            if len(self.blocks) < MOST_ALTERNATIVES:
                self.blocks.append(Block(max(block.number for block in self.blocks) + 1, is_new=True))
            return True
        if do.startswith(REMOVE_ALTERNATIVE):
            kept = [block for block in self.blocks if str(block.number) != do.removeprefix(REMOVE_ALTERNATIVE)]
            self.blocks = kept or [Block(1)]
            return True
        if do.startswith(ADD_FIELD):
            prefix = do.removeprefix(ADD_FIELD)
            for block in self.blocks:
                for group, table in GROUPS.items():
                    key = request.form.get(f"{prefix}-more", "")
                    if prefix == f"a{block.number}-{group}" and key in table.fields:
                        block.texts.setdefault(group, {}).setdefault(key, "")
                        block.added = (group, key)
            return True
        return False

    def check(self, session: Session) -> None:
        """Reads every filter: refusals and warnings by name of field."""
        reader = reader_of(session, actor())
        for block in self.blocks:
            for group, texts in block.texts.items():
                typed = read_filters(GROUPS[group], texts, reader)
                for key, refusal in typed.refused.items():
                    self.errors[block.name(group, key)] = translate(refusal)
                for one in typed.filters:
                    if said := notes(session, one):
                        self.notes[block.name(group, one.field.key)] = " ".join(translate(note) for note in said)

    def group_is_used(self, block: Block, group: str) -> bool:
        """Whether something is asked of a group, so that it is shown open."""
        texts = block.texts.get(group, {})
        filled = any(
            text.strip() and not (key == "canceled" and block.is_default(group, key)) for key, text in texts.items()
        )
        picked = group == "profile_answer" and bool(block.answers)
        return filled or picked or group in block.absent or bool(block.added and block.added[0] == group)


def read_form(session: Session, values: Any) -> CriteriaForm:
    """The form of a request; without one, a single empty alternative."""
    numbers = [int(text) for text in values.getlist("alternative") if text.isdecimal() and len(text) < 3]
    blocks = {number: Block(number) for number in dict.fromkeys(numbers[:MOST_ALTERNATIVES] or [1])}
    for name, text in values.items():
        found = _NAME.fullmatch(name)
        if found is None or int(found[1]) not in blocks or found[2] not in GROUPS:
            continue
        block, group, key = blocks[int(found[1])], found[2], found[3]
        if key == "absent":
            block.absent.add(group)
        elif key != "more":
            block.texts.setdefault(group, {})[key] = text.replace("\x00", "�")
    for number, block in blocks.items():
        block.answers = set(values.getlist(f"a{number}-answer"))
    return CriteriaForm(list(blocks.values()), offered_answers(session))
