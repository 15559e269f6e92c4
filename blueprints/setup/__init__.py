"""Setup pages."""
