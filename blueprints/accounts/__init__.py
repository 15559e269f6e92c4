"""Sign-in, first run, users and one's own settings."""
