"""Who may set up an empty database: somebody at the same machine, or whoever has the one-time code."""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import os
import secrets
from pathlib import Path

from flask import Flask, current_app, request, session

LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
ENTERED = "first_run"
LOCAL_NAMES = frozenset({"localhost", "127.0.0.1", "[::1]"})
_FORWARDED = ("Forwarded", "Via", "X-Real-Ip", "X-Client-Ip")


def new_code(app: Flask) -> str:
    """Makes the one-time code, keeps it in the instance folder (readable by the owner only) and returns it."""
    code = "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(3))
    path = _path(app)
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o600), "w") as file:
        file.write(code)
    return code


def forget_code(app: Flask) -> None:
    """The code is used up."""
    _path(app).unlink(missing_ok=True)


def is_code(app: Flask, typed: str) -> bool:
    """Whether this is the code, compared in constant time; case and separators do not matter."""
    path = _path(app)
    code = _plain(path.read_text()) if path.exists() else b""
    return bool(code) and hmac.compare_digest(_plain(typed), code)


def remember_code() -> None:
    """This visitor has entered the code."""
    session[ENTERED] = _fingerprint(current_app)


def may_set_up() -> bool:
    """Whether the first-run page answers this visitor."""
    entered = session.get(ENTERED)
    return is_same_machine() or bool(entered and hmac.compare_digest(str(entered), _fingerprint(current_app)))


def is_same_machine() -> bool:
    """Whether the browser runs on the server's machine: a loopback address, its own name, and no proxy in between."""
    forwarded = any(name in request.headers for name in _FORWARDED) or any(
        name.lower().startswith("x-forwarded") for name, _ in request.headers
    )
    name = request.host.rsplit(":", 1)[0] if not request.host.endswith("]") else request.host
    try:
        address = ipaddress.ip_address(request.remote_addr or "")
    except ValueError:
        return False
    return address.is_loopback and name.lower() in LOCAL_NAMES and not forwarded


def _path(app: Flask) -> Path:
    return Path(app.instance_path) / "first_run_code"


def _plain(code: str) -> bytes:
    return "".join(c for c in code.upper() if c.isalnum()).encode()


def _fingerprint(app: Flask) -> str:
    path = _path(app)
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else secrets.token_hex()
