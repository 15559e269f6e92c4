"""What tests of segments share."""

from tests.domain.contacts.conftest import statements

__all__ = ["statements"]
