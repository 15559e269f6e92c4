"""What page tests of the log and of logged segments share."""

from __future__ import annotations

import pytest

from tests.domain.segments.ready import log, make_ready_segment
from tests.factories.contacts import make_contact
from tests.factories.setup import make_actor, make_salesperson, make_user


@pytest.fixture
def people(session):
    """Three contacts."""
    names = {"C1": "Nordlys AS", "C2": "Café du Lac", "C3": "Björk & Söner"}
    return [make_contact(session, no, name=name, email=f"{no}@example.com") for no, name in names.items()]


@pytest.fixture
def anna(session):
    """A salesperson, whose interactions the logged ones are."""
    return make_salesperson(session, "AB", name="Anna Berg")


@pytest.fixture
def logged(session, people, anna):
    """A logged segment with three letters to print, its worksheet frozen."""
    segment = make_ready_segment(session, "S1", *people, description="Autumn letter", salesperson_id=anna.id)
    return log(session, segment, by=make_actor(salesperson_id=anna.id)).logged


@pytest.fixture
def signed_in(session, visitor):
    """A function: signs in somebody with a role."""

    def sign_in(role="administrator", **values):
        return visitor.sign_in(make_user(session, role=role, **values))

    return sign_in
