"""Interaction groups and templates."""
