"""Headers that keep pages to themselves."""

from __future__ import annotations

from flask import Flask, Response

POLICY = "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'self'"


def init_security(app: Flask) -> None:
    """Adds the headers to every answer; HTML is never cached."""

    @app.after_request
    def add_headers(answer: Response) -> Response:
        answer.headers.setdefault("Content-Security-Policy", POLICY)
        answer.headers.setdefault("X-Content-Type-Options", "nosniff")
        answer.headers.setdefault("Referrer-Policy", "same-origin")
        if answer.mimetype == "text/html":
            answer.headers["Cache-Control"] = "no-store"
            answer.vary.add("HX-Request")
        return answer
