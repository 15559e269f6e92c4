"""The log: entries, logged segments, delivery."""
