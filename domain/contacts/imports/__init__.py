"""Contacts from files: read, map the columns, dry run, import, take it back."""
