"""Contacts: list, cards, addresses, import."""
