"""Contacts: inheritance, addresses, salutations, import."""
