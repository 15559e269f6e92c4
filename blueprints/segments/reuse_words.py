"""What is said before steps are reused that find everybody, or very many."""

from __future__ import annotations

from flask_babel import gettext, ngettext

from blueprints.web.formats import format_number
from domain.segments import list_job
from domain.segments.expected import Expected

MANY = 20_000
"""More contacts than this are only added when somebody has said so."""


def very_many(expected: Expected) -> list[tuple[str, str]]:
    """Tone and text of each warning; none when it is an ordinary number."""
    points = [("warn", gettext("Step %(seq)s finds every contact there is.", seq=seq)) for seq in expected.everybody]
    if points or expected.lines > MANY:
        n = expected.lines
        points.append(
            (
                "warn",
                ngettext(
                    "%(n)s contact or line is gone through.",
                    "%(n)s contacts or lines are gone through.",
                    n,
                    n=format_number(n),
                ),
            )
        )
    if expected.lines > list_job.IN_BACKGROUND:
        points.append(("info", gettext("It goes on in the background; a page shows how far it is.")))
    return points
