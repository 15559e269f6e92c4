"""The interaction log and logged segments."""
