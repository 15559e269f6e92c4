"""Interaction groups, templates, and one document per language."""
