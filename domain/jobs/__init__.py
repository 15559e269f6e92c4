"""Background work: a table with leases, progress and retry. It knows no kind of work by name."""
