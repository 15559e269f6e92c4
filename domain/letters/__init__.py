"""Letters: merge fields, the check of an uploaded Word document, letters, print files (segments.md 7, decisions B21).

`compile(document)` gives a `CompiledLetter`; `.letter(values)` is one contact's document, `.print_file(rows)` one file
for the printer. Nothing here knows the database.
"""
