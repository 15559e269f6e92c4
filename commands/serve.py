"""`flask serve`: the product as an office runs it, in one process: migrations, pages, background work."""

from __future__ import annotations

import signal
import socket
import threading
from types import FrameType
from typing import Any

import click
from flask import Flask, current_app
from flask.cli import with_appcontext
from flask_migrate import upgrade
from waitress.server import create_server

from blueprints.accounts.first_run_access import forget_code, new_code
from blueprints.web.database import db, reading
from blueprints.web.logs import log_to_console
from blueprints.web.worker import start_worker
from domain.demo.start import prepare_letters
from domain.setup.models import CompanyInformation

THREADS = 8
FORWARDED = {"x-forwarded-for", "x-forwarded-host", "x-forwarded-proto"}


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to answer on; 0.0.0.0 for all.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535))
@with_appcontext
def serve(host: str, port: int) -> None:
    """Bring the database up to date and serve the application."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    log_to_console()
    upgrade()
    code = first_run_code(app)
    server = listening(app, host, port)
    worker = None
    signal.signal(signal.SIGTERM, _stop)
    try:
        worker = start_worker(app) if app.config["WORKER"] else None
        click.echo(f"Segmenta answers at {address(host, server.effective_port)} (Ctrl+C stops it)")
        if code:
            click.echo(f"The database is empty. Setting it up from another machine asks for this one-time code: {code}")
            # while the first administrator fills in the page, so that they wait less afterwards
            threading.Thread(target=prepare_letters, name="start letters", daemon=True).start()
        server.run()
    except KeyboardInterrupt:  # Ctrl+C before the first request
        pass
    finally:
        server.close()
        if worker:
            worker.stop()
        click.echo("Stopped.")


def first_run_code(app: Flask) -> str:
    """A new one-time code when the database is empty, else blank."""
    empty = reading().get(CompanyInformation, 1) is None
    db.session.remove()
    if empty:
        return new_code(app)
    forget_code(app)
    return ""


def listening(app: Flask, host: str, port: int) -> Any:
    """The server, bound to its address. Raises `ClickException` when somebody else is."""
    proxy = app.config["TRUSTED_PROXY"] or None
    believed = {"trusted_proxy": proxy, "trusted_proxy_headers": FORWARDED} if proxy else {}
    try:
        # headers of proxies nobody told us about are left in place: they show that a visitor is not at this machine
        return create_server(
            app, host=host, port=port, threads=THREADS, ident="", clear_untrusted_proxy_headers=bool(proxy), **believed
        )
    except OSError as reason:
        raise click.ClickException(
            f"Port {port} cannot be used ({reason.strerror}). Choose another, for example: make run PORT=8001"
        ) from reason


def address(host: str, port: int) -> str:
    """Where browsers find the application."""
    everywhere = host in ("0.0.0.0", "::")  # noqa: S104  (a comparison)
    name = socket.gethostname() if everywhere else f"[{host}]" if ":" in host else host
    return f"http://{name}:{port}"


def _stop(number: int, frame: FrameType | None) -> None:
    raise SystemExit(0)


def register(app: Flask) -> None:
    """Adds `flask serve`."""
    app.cli.add_command(serve)
