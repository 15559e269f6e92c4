"""The interface in the user's language: gettext through Flask-Babel, and the messages of the domain."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flask import Flask, current_app, g, has_request_context, request
from flask_babel import Babel, force_locale, get_locale, get_translations, gettext, ngettext
from flask_login import current_user
from markupsafe import Markup

from blueprints.web.catalogues import bring_up_to_date
from domain.accounts.actor import Translate
from domain.accounts.models import INTERFACE_LOCALES
from domain.messages import Message

LOCALE_NAMES = {
    "en_GB": "English (United Kingdom)",
    "fr_CA": "Français (Canada)",
    "fr_CH": "Français (Suisse)",
    "sv_SE": "Svenska",
}


def init_languages(app: Flask) -> None:
    """Prepares gettext. Catalogues: translations/build, made from translations/*.po when these are newer."""
    bring_up_to_date(Path(app.config["TRANSLATIONS"]), Path(app.config["CATALOGUES"]))
    app.config.setdefault("BABEL_DEFAULT_LOCALE", "en_GB")
    app.config.setdefault("BABEL_TRANSLATION_DIRECTORIES", str(app.config["CATALOGUES"]))
    # one for each application: it keeps the catalogues it has read
    Babel().init_app(app, locale_selector=choose_locale, timezone_selector=office_time_zone)
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.newstyle_gettext = True  # type: ignore[attr-defined]
    app.jinja_env.globals["_"] = in_template
    app.jinja_env.filters["translate"] = translate
    app.jinja_env.globals["locale_names"] = LOCALE_NAMES


def in_template(text: str, /, **values: Any) -> Markup:
    """`_("…")` of templates, which pages call a hundred times: each sentence is looked up once for each language."""
    locale = get_locale()
    known: dict[Any, Markup] = current_app.extensions.setdefault("sentences", {})
    found = known.get((locale, text))
    if found is None:
        found = known[locale, text] = Markup(get_translations().ugettext(text))  # noqa: S704  (ours, as Jinja does)
    return found % values


def choose_locale() -> str:
    """The signed-in user's language; else what the browser prefers among ours."""
    if not has_request_context():
        return "en_GB"
    if "locale" in g:
        return str(g.locale)
    user = current_user._get_current_object()  # asked several times for each sentence
    if user.is_authenticated:
        return str(user.locale)
    wanted = [tag.replace("-", "_") for tag in request.accept_languages.values()]
    for tag in wanted:
        for ours in INTERFACE_LOCALES:
            if tag.lower() == ours.lower():
                return ours
        for ours in ("en_GB", "fr_CH", "sv_SE"):
            if tag.lower().split("_")[0] == ours.split("_")[0]:
                return ours
    return "en_GB"


def office_time_zone() -> str:
    """The time zone of the office (B22), read once per request."""
    return str(g.get("time_zone", "UTC")) if has_request_context() else "UTC"


def translate(message: Message | str) -> str:
    """A message of the domain in the language of the reader. Values that are messages are translated too."""
    if isinstance(message, str):
        return message
    values = {key: translate(value) if isinstance(value, Message) else value for key, value in message.values.items()}
    if message.plural:
        values.pop("num", None)
        return str(ngettext(message.msgid, message.plural, message.n or 0, **values))
    return str(gettext(message.msgid, **values)) if values else str(gettext(message.msgid)).replace("%%", "%")


class TranslateInto(Translate):
    """Writes messages in one of the interface languages, whoever reads the page."""

    def __init__(self, locale: str) -> None:
        self.locale = locale

    def __call__(self, message: Message) -> str:
        """The text of `message`."""
        with force_locale(self.locale):
            return translate(message)

    def into(self, locale: str) -> Translate:
        """The same for another interface language."""
        return TranslateInto(locale)


def html_lang() -> str:
    """The `lang` attribute of the page."""
    return choose_locale().replace("_", "-")


def context() -> dict[str, Any]:
    """What templates get."""
    return {"html_lang": html_lang()}
