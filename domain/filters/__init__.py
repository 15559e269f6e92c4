"""The filter expression language: what people type, as a tree, in words, and as SQL (contacts.md 3.2, 3.3)."""
