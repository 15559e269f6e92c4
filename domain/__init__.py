"""The business of Segmenta: SQLAlchemy and plain Python. It knows no Flask, no HTML, no request and no "current user"."""
