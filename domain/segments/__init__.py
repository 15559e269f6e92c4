"""The worksheet: header, lines, effective values, steps, check, log, take back."""
