"""What one page shows of several rooms, in one statement."""
