"""Things for tests, made with as little said as possible: one file per room."""
