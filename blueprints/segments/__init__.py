"""The worksheet."""
