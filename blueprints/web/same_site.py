"""Addresses to go back to: only pages of this site, never what somebody else put into a link."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import request


def same_site(target: str | None, otherwise: str = "/") -> str:
    """`target` when it is a relative address of this site ("/segments/?q=x"), else `otherwise`."""
    target = (target or "").removesuffix("?")
    printable = all(character > " " and character != "\x7f" for character in target)
    if not target.startswith("/") or target.startswith("//") or "\\" in target or not printable:
        return otherwise
    parts = urlsplit(target)
    return otherwise if parts.scheme or parts.netloc else target


def page_of_request() -> str:
    """The page the visitor looks at: the present one for a GET, else the one the request came from; or blank."""
    if request.method == "GET" and request.headers.get("HX-Request") != "true":
        return same_site(request.full_path, "")
    came_from = urlsplit(request.headers.get("HX-Current-URL") or request.referrer or "")
    if came_from.netloc != request.host:
        return ""
    return same_site(came_from.path + (f"?{came_from.query}" if came_from.query else ""), "")
