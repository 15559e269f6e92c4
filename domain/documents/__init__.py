"""Immutable files, stored once by content."""
