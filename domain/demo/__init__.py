"""The demo company and its letters."""
