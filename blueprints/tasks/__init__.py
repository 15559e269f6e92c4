"""Tasks: the list, the card, closing with or without an interaction, one per contact of a segment."""
