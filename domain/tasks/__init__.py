"""Tasks: what somebody is to do with a contact, and by when (contacts.md 1.8, 2.15)."""
