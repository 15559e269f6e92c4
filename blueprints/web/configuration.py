"""Where the settings come from: instance/config.toml, the environment (`SEGMENTA_…`, `DATABASE_URL`), arguments."""

from __future__ import annotations

import datetime as dt
import os
import secrets
import tomllib
from pathlib import Path
from typing import Any

from flask import Flask

ROOT = Path(__file__).parent.parent.parent


class _Configure:
    """Fills the configuration of an application."""

    @staticmethod
    def instance_path() -> str:
        """The folder of this office's data: `INSTANCE_PATH`, else instance/ beside the program."""
        return str(Path(os.environ.get("INSTANCE_PATH") or ROOT / "instance").resolve())

    def __call__(self, app: Flask, settings: dict[str, Any]) -> None:
        """Sets every configuration value the product uses."""
        folder = Path(app.instance_path)
        app.config.update(
            # roomy: a file that is too large is told at its field, with what was typed beside it
            MAX_CONTENT_LENGTH=64 * 1024 * 1024,
            MAX_FORM_MEMORY_SIZE=16 * 1024 * 1024,
            MAX_FORM_PARTS=20_000,
            SESSION_COOKIE_NAME="segmenta",
            SESSION_COOKIE_HTTPONLY=True,
            SESSION_COOKIE_SAMESITE="Lax",
            # a cookie lives until the browser closes, and never longer than this
            PERMANENT_SESSION_LIFETIME=dt.timedelta(hours=12),
            SEND_FILE_MAX_AGE_DEFAULT=31_536_000,
            WTF_CSRF_TIME_LIMIT=None,
            DOCUMENTS="folder",
            MIGRATIONS=ROOT / "migrations",
            TRANSLATIONS=ROOT / "translations",
            CATALOGUES=ROOT / "translations" / "build",
            RATELIMIT_STORAGE_URI="memory://",
            RATELIMIT_ENABLED=True,
            # serve: take background work in a thread of this process; the address of a reverse proxy to believe
            WORKER=True,
            TRUSTED_PROXY="",
        )
        if (folder / "config.toml").exists():
            app.config.from_file("config.toml", load=tomllib.load, text=False)
        app.config.from_prefixed_env("SEGMENTA")
        app.config.pop("PASSWORD", None)  # for `flask init` alone
        app.config.update(settings)
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)  # contacts and letters of an office
        url = app.config.get("SQLALCHEMY_DATABASE_URI") or os.environ.get("DATABASE_URL")
        app.config["SQLALCHEMY_DATABASE_URI"] = url or f"sqlite:///{folder / 'segmenta.db'}"
        app.config.setdefault("DOCUMENTS_FOLDER", str(folder / "documents"))
        if not app.config.get("SECRET_KEY"):
            app.config["SECRET_KEY"] = _secret_key(folder / "secret_key")
        app.config["SECRET_KEY"] = str(app.config["SECRET_KEY"])


def _secret_key(path: Path) -> str:
    """The key that signs cookies: made once, readable by the owner only, also when two processes start at once."""
    if not path.exists():
        draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
        with os.fdopen(os.open(draft, os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_hex(32))
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        except OSError:  # a file system without hard links
            draft.replace(path)
        draft.unlink(missing_ok=True)
    return path.read_text().strip()


configure = _Configure()
