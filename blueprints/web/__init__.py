"""What every blueprint shares: transaction, actor, fragments, forms, errors, languages and formats."""

from __future__ import annotations

from flask import Flask

from blueprints.web.converters import init_converters
from blueprints.web.database import init_database
from blueprints.web.errors import init_errors
from blueprints.web.formats import init_formats
from blueprints.web.icons import init_icons
from blueprints.web.kept import init_kept
from blueprints.web.kept_setup import init_kept_setup
from blueprints.web.languages import init_languages
from blueprints.web.logs import init_logs
from blueprints.web.security import init_security
from blueprints.web.shell import init_shell
from blueprints.web.sign_in import init_sign_in


def init_web(app: Flask) -> None:
    """Prepares everything the blueprints stand on."""
    init_logs(app)
    init_converters(app)
    init_database(app)
    init_languages(app)
    init_formats(app)
    init_security(app)
    init_errors(app)
    init_shell(app)
    init_icons(app)
    init_sign_in(app)
    init_kept(app)
    init_kept_setup(app)
