"""What a step asks of contacts: alternatives of groups of filters, as values that a step and saved criteria keep.

Groups of one alternative are combined with AND, alternatives with OR. A group is one table: at least one of its rows
must pass all its filters together (R-F01), or, with `absent`, none may ("has no …"). The same group may stand in an
alternative more than once, so that two answers of a questionnaire can be asked for.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from domain.filters.tree import quoted


@dataclass(frozen=True)
class GroupFilter:
    """Filters of one group: (field, expression as typed), in the order of the dialog; `absent` turns it round."""

    group: str
    filters: tuple[tuple[str, str], ...]
    absent: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether it asks nothing. "Has no mailing group" asks something without any filter."""
        return not self.filters and (not self.absent or self.group == "contact")


@dataclass(frozen=True)
class Criteria:
    """Alternatives, each a tuple of groups. Without any filter every contact is meant (R-F03).

    `locale` is the language the expressions were typed in: relative dates, numbers and captions stay as typed.
    """

    alternatives: tuple[tuple[GroupFilter, ...], ...] = ()
    locale: str = ""

    @property
    def asks_nothing(self) -> bool:
        """Whether every contact is meant."""
        return not self.alternatives

    def as_json(self) -> dict[str, Any]:
        """The criteria as a step keeps them."""
        alternatives = [
            [
                {"group": one.group, "filters": [list(pair) for pair in one.filters]}
                | ({"absent": True} if one.absent else {})
                for one in alternative
            ]
            for alternative in self.alternatives
        ]
        return {"alternatives": alternatives, "locale": self.locale}


def criteria_of(alternatives: Iterable[Iterable[GroupFilter]], *, locale: str) -> Criteria:
    """Criteria without what asks nothing: blank expressions, empty groups, alternatives that are a copy."""
    kept: list[tuple[GroupFilter, ...]] = []
    for alternative in alternatives:
        groups = []
        for one in alternative:
            filters = tuple((field, text.strip()) for field, text in one.filters if text.strip())
            cleaned = GroupFilter(one.group, filters, one.absent)
            if not cleaned.is_empty:
                groups.append(cleaned)
        if groups and tuple(groups) not in kept:
            kept.append(tuple(groups))
    return Criteria(tuple(kept), locale)


def criteria_from_json(stored: dict[str, Any]) -> Criteria:
    """The criteria that `as_json` wrote."""
    return Criteria(
        tuple(
            tuple(
                GroupFilter(
                    one["group"], tuple((field, text) for field, text in one["filters"]), one.get("absent", False)
                )
                for one in alternative
            )
            for alternative in stored["alternatives"]
        ),
        stored["locale"],
    )


def one_contact(no: str) -> Criteria:
    """The criteria of a line added or removed by hand: the contact's number (R-K01, R-K02)."""
    return Criteria(((GroupFilter("contact", (("no", quoted(no)),)),),))
