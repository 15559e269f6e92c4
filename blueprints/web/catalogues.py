"""From translations/*.po to the catalogues gettext reads, in translations/build (git-ignored).

Kept in git: `fr` (Swiss wording, complete), `fr_CA` (only what differs), `sv`. Built: one catalogue per locale. A
locale with a catalogue of its own does not fall back to its base language, so fr_CA is completed from fr here.
"""

from __future__ import annotations

import logging
import os
import re
import secrets
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

SOURCES = ("fr", "fr_CA", "sv")
# built catalogue: the sources it is made of, the first that has a message wins
BUILT = {"fr": ("fr",), "fr_CH": ("fr",), "fr_CA": ("fr_CA", "fr"), "sv": ("sv",), "sv_SE": ("sv",)}
PLURAL_FORMS = {"fr": "nplurals=2; plural=(n > 1);", "sv": "nplurals=2; plural=(n != 1);"}
NARROW_SPACE = "\u202f"
log = logging.getLogger("segmenta")


def read_catalogue(folder: Path, locale: str) -> Catalog:
    """The catalogue in git; an empty one when there is none yet."""
    path = folder / f"{locale}.po"
    if not path.exists():
        return Catalog(locale=locale)
    with path.open("rb") as file:
        return read_po(file, locale=locale, abort_invalid=True)


def as_in_canada(text: str) -> str:
    """Swiss French with Canadian spacing: no space before `; ! ?` (glossary section 1)."""
    return re.sub(f"{NARROW_SPACE}(?=[;!?])", "", text)


def completed(catalogues: list[Catalog], locale: str) -> Catalog:
    """One catalogue of several: each message from the first one that has it."""
    result = Catalog(locale=locale)
    set_plural_forms(result)
    for catalogue in catalogues:
        for message in catalogue:
            if message.id and is_translated(message) and result.get(message.id, message.context) is None:
                string = message.string
                if locale == "fr_CA":
                    string = as_in_canada(string) if isinstance(string, str) else tuple(map(as_in_canada, string))
                result.add(message.id, string, context=message.context)
    return result


def set_plural_forms(catalogue: Catalog) -> None:
    """Gives a catalogue our plural forms; CLDR's, which are the default, change with its releases."""
    catalogue.mime_headers = [("Plural-Forms", PLURAL_FORMS[str(catalogue.locale).partition("_")[0]])]


def is_translated(message: Message) -> bool:
    """Whether every form of a message has a text that somebody has looked at."""
    strings = message.string if isinstance(message.string, tuple | list) else (message.string,)
    return all(strings) and not message.fuzzy


def compile_catalogues(folder: Path, build: Path) -> None:
    """Writes every built catalogue, each in one step, so that a running program never sees half a file."""
    sources = {locale: read_catalogue(folder, locale) for locale in SOURCES}
    for locale, made_of in BUILT.items():
        buffer = BytesIO()
        write_mo(buffer, completed([sources[one] for one in made_of], locale))
        target = build / locale / "LC_MESSAGES" / "messages.mo"
        target.parent.mkdir(parents=True, exist_ok=True)
        draft = target.with_name(f"{target.name}.{secrets.token_hex(6)}")
        draft.write_bytes(buffer.getvalue())
        os.replace(draft, target)


def are_outdated(folder: Path, build: Path) -> bool:
    """Whether a source is newer than what was built from it."""
    sources = [path.stat().st_mtime for path in folder.glob("*.po")]
    built = [build / locale / "LC_MESSAGES" / "messages.mo" for locale in BUILT]
    if not sources:
        return False
    return any(not path.exists() or path.stat().st_mtime < max(sources) for path in built)


def bring_up_to_date(folder: Path, build: Path) -> None:
    """Compiles when a source is newer. A program that may not write there goes on with what it has."""
    if are_outdated(folder, build):
        try:
            compile_catalogues(folder, build)
        except OSError as reason:
            log.warning("The translations could not be compiled: %s", reason.strerror)
