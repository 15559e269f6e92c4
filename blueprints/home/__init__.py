"""Home and search: where work begins."""
