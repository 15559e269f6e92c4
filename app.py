"""The application: configuration, extensions, blueprints, commands. Nothing else."""

from __future__ import annotations

from typing import Any

from flask import Flask

from blueprints import register_blueprints
from blueprints.web import init_web
from blueprints.web.configuration import configure
from commands import register_commands


def create_app(settings: dict[str, Any] | None = None) -> Flask:
    """Makes the application. `settings` overrides what configuration files and the environment say."""
    app = Flask("app", instance_relative_config=True, instance_path=configure.instance_path())
    configure(app, settings or {})
    init_web(app)
    register_blueprints(app)
    register_commands(app)
    return app
