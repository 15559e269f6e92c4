"""`flask translations` compiles the catalogues; with `--extract` it first brings translations/*.po up to date.

Existing translations stay, messages that are gone go. No line numbers, dates or names: the files change when texts do.
"""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import click
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import write_po
from flask import Flask, current_app
from flask.cli import with_appcontext

from blueprints.web.catalogues import (
    SOURCES,
    as_in_canada,
    compile_catalogues,
    is_translated,
    read_catalogue,
    set_plural_forms,
)
from domain.messages import Counted
from domain.references import Rule
from domain.tables import metadata

KEYWORDS = {
    "_": None,
    "gettext": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "lazy_gettext": None,
    "lazy_pgettext": ((1, "c"), 2),
    "lazy_in": ((1, "c"), 2),
    "lazy": None,
    "say": None,
    "say_in": ((1, "c"), 2),
    "say_n": (1, 2),
}
TREE = ("app.py", "domain", "blueprints", "commands", "templates")


def extracted(root: Path) -> Catalog:
    """Every translatable text of the sources, and the sentences that tables give as reasons (domain/references.py)."""
    with (root / "translations" / "babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file, filename="babel.cfg")
    catalogue = Catalog()
    for filename, line, message, _, context in extract_from_dir(
        root, methods, options, KEYWORDS, directory_filter=lambda folder: _is_source(root, Path(folder))
    ):
        catalogue.add(message, None, [(filename, line)], context=context)
    for table in metadata.tables.values():
        for column in table.columns:
            rule = column.info.get("reference")
            if isinstance(rule, Rule) and rule.sentence:
                said = rule.sentence
                text = (said.singular, said.plural) if isinstance(said, Counted) else said
                catalogue.add(text, None, [("domain/references.py", 0)])
    return catalogue


def _is_source(root: Path, folder: Path) -> bool:
    return folder.name != "__pycache__" and folder.relative_to(root).parts[0] in TREE


def merged(old: Catalog, template: Catalog, locale: str, like: Catalog | None = None) -> Catalog:
    """The template's messages with the translations there are.

    `like` (fr, for fr_CA): only messages whose translation there is a different one are kept.
    """
    result = Catalog(locale=locale)
    set_plural_forms(result)
    for message in template:
        if not message.id:
            continue
        known = old.get(message.id, message.context)
        string = known.string if known is not None and bool(known.pluralizable) == bool(message.pluralizable) else None
        if like is not None:
            base = like.get(message.id, message.context)
            if known is None or not is_translated(known) or (base is not None and same_in_canada(base.string, string)):
                continue
        flags = {"fuzzy"} if known is not None and known.fuzzy else set()
        comments = known.user_comments if known is not None else ()
        result.add(message.id, string, message.locations, flags, user_comments=comments, context=message.context)
    return result


def same_in_canada(swiss: str | tuple[str, ...], canadian: str | tuple[str, ...] | None) -> bool:
    """Whether the spacing rule alone makes the Canadian text of the Swiss one."""
    if isinstance(swiss, str) or canadian is None:
        return isinstance(swiss, str) and as_in_canada(swiss) == canadian
    return tuple(map(as_in_canada, swiss)) == tuple(canadian)


def as_text(catalogue: Catalog) -> bytes:
    """The catalogue as it stands in git: messages by source file, the shortest header gettext accepts."""
    buffer = BytesIO()
    write_po(
        buffer, catalogue, width=0, omit_header=True, sort_by_file=True, include_lineno=False, ignore_obsolete=True
    )
    header = (
        'msgid ""\nmsgstr ""\n'
        '"Content-Type: text/plain; charset=utf-8\\n"\n'
        '"Content-Transfer-Encoding: 8bit\\n"\n'
        f'"Language: {catalogue.locale}\\n"\n'
        f'"Plural-Forms: {catalogue.plural_forms}\\n"\n\n'
    )
    return header.encode() + buffer.getvalue().strip() + b"\n"


def update_sources(root: Path) -> dict[str, int]:
    """Brings the .po files up to date. Returns how many messages of each have no translation yet."""
    folder, template = root / "translations", extracted(root)
    missing = {}
    french = Catalog(locale="fr")
    for locale in SOURCES:
        like = french if locale == "fr_CA" else None
        catalogue = merged(read_catalogue(folder, locale), template, locale, like)
        french = catalogue if locale == "fr" else french
        (folder / f"{locale}.po").write_bytes(as_text(catalogue))
        missing[locale] = sum(1 for message in catalogue if message.id and not is_translated(message))
    return missing


@click.command("translations")
@click.option("--extract", is_flag=True, help="First bring translations/*.po up to date with the sources.")
@with_appcontext
def translations(extract: bool) -> None:
    """Compile the translations."""
    folder = Path(current_app.config["TRANSLATIONS"])
    if extract:
        for locale, missing in update_sources(folder.parent).items():
            click.echo(f"{locale}.po: {missing} to translate")
    compile_catalogues(folder, Path(current_app.config["CATALOGUES"]))


def register(app: Flask) -> None:
    """Adds `flask translations`."""
    app.cli.add_command(translations)
