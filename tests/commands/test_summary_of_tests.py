"""What the tests say about themselves."""

from tests.conftest import skipped_line


def test_one_line_says_what_was_skipped_and_why():
    skips = [
        ("a.py", 1, "Skipped: no Chromium on this machine"),
        ("a.py", 9, "Skipped: LibreOffice is not installed"),
        ("b.py", 2, "Skipped: no Chromium on this machine"),
    ]
    assert skipped_line(skips) == "Skipped: 2 (no Chromium on this machine), 1 (LibreOffice is not installed)"
    assert skipped_line([]) == ""
