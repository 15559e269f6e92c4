"""Every text in English (UK), French (Switzerland), French (Canada) and Swedish; spacing as each country writes it."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from flask_babel import force_locale, gettext

from app import create_app
from blueprints.web.catalogues import (
    BUILT,
    are_outdated,
    as_in_canada,
    bring_up_to_date,
    compile_catalogues,
    is_translated,
    read_catalogue,
)
from commands.translations import as_text, extracted, merged, same_in_canada
from domain.messages import Counted
from domain.references import reference
from domain.tables import metadata

ROOT = Path(__file__).parent.parent.parent
FOLDER = ROOT / "translations"
NARROW, NBSP = "\u202f", "\u00a0"


@pytest.fixture(scope="module")
def template():
    return extracted(ROOT)


@pytest.fixture(scope="module", params=["fr", "fr_CA", "sv"])
def catalogue(request):
    return read_catalogue(FOLDER, request.param)


def key(message):
    return message.id if isinstance(message.id, str) else message.id[0], message.context


def texts(message):
    return [text for text in (message.string if isinstance(message.string, tuple) else (message.string,)) if text]


# --- what is in git --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("locale", ["fr", "sv"])
def test_every_text_of_the_sources_is_in_the_catalogue_and_nothing_else(template, locale):
    known = {key(m) for m in read_catalogue(FOLDER, locale) if m.id}
    wanted = {key(m) for m in template if m.id}
    again = "run: flask --app app translations --extract"
    assert sorted(wanted - known, key=str) == [], again
    assert sorted(known - wanted, key=str) == [], again


@pytest.mark.parametrize("locale", ["fr", "sv"])
def test_every_text_is_translated(locale):
    assert [m.id for m in read_catalogue(FOLDER, locale) if m.id and not is_translated(m)] == []


def test_canadian_french_holds_only_what_differs():
    swiss, canadian = read_catalogue(FOLDER, "fr"), read_catalogue(FOLDER, "fr_CA")
    needless = []
    for message in canadian:
        if message.id:
            base = swiss.get(message.id, message.context)
            if base is None or not is_translated(message) or same_in_canada(base.string, message.string):
                needless.append(message.id)
    assert needless == []


PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%%|\{\w+\}")


def test_placeholders_are_the_same_in_every_language(catalogue):
    wrong = []
    for message in catalogue:
        if not message.id:
            continue
        ids = message.id if isinstance(message.id, tuple) else (message.id,)
        allowed = [sorted(PLACEHOLDER.findall(one)) for one in ids]
        for number, text in enumerate(texts(message)):
            found = sorted(PLACEHOLDER.findall(text))
            # a singular may do without the number ("one line")
            fits = found in allowed or (number == 0 and len(ids) > 1 and [*found, "%(num)s"] in map(sorted, allowed))
            if not fits:
                wrong.append((message.id, text))
    assert wrong == []


def test_blanks_and_full_stops_at_the_ends_are_kept(catalogue):
    wrong = []
    for message in catalogue:
        ids = message.id if isinstance(message.id, tuple) else (message.id,)
        for text in texts(message) if message.id else []:
            if text != text.strip() and ids[0] == ids[0].strip():
                wrong.append((ids[0], "blank"))
            if ids[0].endswith(".") != text.endswith(".") and ids[0][-1:] not in ".…":
                wrong.append((ids[0], "full stop"))
    assert wrong == []


# --- French punctuation (glossary section 1) -------------------------------------------------------------------------

# a sign that ends a word or a placeholder and is followed by a blank, a closing sign or the end
AFTER = r"(?=[\s»”)]|$)"


def french_mistakes(text: str, *, canadian: bool) -> list[str]:
    """What is wrong with the spacing and the quotation marks of a French text."""
    found = []
    for match in re.finditer(rf"([^;!?])([;!?]+){AFTER}", text):
        before = match[1]
        if canadian and before in (NARROW, NBSP, " "):
            found.append(f"space before {match[2]}")
        if not canadian and before != NARROW:
            found.append(f"no narrow space before {match[2]}")
    for match in re.finditer(rf"(.):{AFTER}", text):
        if match[1] != NBSP:
            found.append("no nbsp before :")
    if re.search(rf"«(?!{NBSP})", text):
        found.append("no nbsp after «")
    if re.search(rf"(?<!{NBSP})»", text):
        found.append("no nbsp before »")
    if re.search(r"[“”]", text):
        found.append("English quotation marks")
    if re.search(r"\w'\w", text):
        found.append("straight apostrophe")
    return found


@pytest.mark.parametrize(
    ("text", "swiss", "canadian"),
    [
        (f"Vraiment{NARROW}?", 0, 1),
        ("Vraiment?", 1, 0),
        ("Vraiment ?", 1, 1),
        (f"Nom{NBSP}: Anne", 0, 0),
        ("Nom : Anne", 1, 1),
        (f"«{NBSP}oui{NBSP}»", 0, 0),
        ("« oui »", 2, 2),
        ("“oui”", 1, 1),
        ("l'heure 12:30, http://x.ch/?q=1", 1, 1),
        (f"Quoi{NARROW}?!", 0, 1),
    ],
)
def test_the_rules_of_french_spacing_find_what_is_wrong(text, swiss, canadian):
    assert (len(french_mistakes(text, canadian=False)), len(french_mistakes(text, canadian=True))) == (swiss, canadian)


@pytest.mark.parametrize("locale", ["fr", "fr_CA"])
def test_french_is_spaced_and_quoted_as_its_country_does(locale):
    wrong = {
        text: mistakes
        for message in read_catalogue(FOLDER, locale)
        if message.id
        for text in texts(message)
        if (mistakes := french_mistakes(text, canadian=locale == "fr_CA"))
    }
    assert wrong == {}


def test_swiss_spacing_becomes_canadian_spacing():
    text = f"Vraiment{NARROW}? Oui{NARROW}! Nom{NBSP}: 1{NARROW}000"
    assert as_in_canada(text) == f"Vraiment? Oui! Nom{NBSP}: 1{NARROW}000"
    assert french_mistakes(as_in_canada(text), canadian=True) == []


# --- the pipeline ----------------------------------------------------------------------------------------------------


def made(locale, *messages):
    catalogue = Catalog(locale=locale)
    for message in messages:
        catalogue.add(*message[:2], **(message[2] if len(message) > 2 else {}))
    return catalogue


def test_extraction_finds_every_marker(tmp_path):
    (tmp_path / "translations").mkdir()
    (tmp_path / "translations" / "babel.cfg").write_text((FOLDER / "babel.cfg").read_text())
    (tmp_path / "domain").mkdir()
    (tmp_path / "domain" / "x.py").write_text(
        'say("one")\nsay_n("two", "twos", 2)\nlazy("three")\ngettext("four")\nngettext("five", "fives", 5)\n'
        'pgettext("user", "six")\nnpgettext("user", "seven", "sevens", 7)\nlazy_gettext("eight")\nsay(variable)\n'
    )
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "x.html").write_text(
        '{{ _("nine") }}{{ pgettext("a", "ten") }}{{ ngettext("eleven", "elevens", 2) }}{% trans %}twelve{% endtrans %}'
    )
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "y.py").write_text('say("not ours")')
    found = {key(m) for m in extracted(tmp_path) if m.id}
    expected = {(word, None) for word in ["one", "two", "three", "four", "five", "eight", "nine", "eleven", "twelve"]}
    assert expected | {("six", "user"), ("seven", "user"), ("ten", "a")} <= found
    assert ("not ours", None) not in found
    assert any("Marketing setup" in text for text, _ in found), "the sentences of references are texts too"


def test_declared_reasons_that_count_have_a_plural_in_every_language():
    """Sentences of references (domain/references.py): "stands in 1 interaction", "stands in 2 interactions"."""
    declared = {
        rule.sentence
        for table in metadata.tables.values()
        for column in table.columns
        if (rule := column.info.get("reference")) is not None and rule.sentence
    }
    counted = [one for one in declared if isinstance(one, Counted)]
    assert len(counted) > 20
    assert not [one for one in declared if isinstance(one, str) and "%(num)s" in one]
    for one in counted:
        assert str(one.of(1, name="X")) == one.singular % {"num": 1, "name": "X"}
        assert str(one.of(2, name="X")) == one.plural % {"num": 2, "name": "X"}
    for locale in ("fr", "sv"):
        catalogue = read_catalogue(FOLDER, locale)
        assert not [one for one in counted if catalogue.get((one.singular, one.plural)) is None]
    french = read_catalogue(FOLDER, "fr")
    assert not [one for one in counted if len(set(french.get((one.singular, one.plural)).string)) < 2]
    with pytest.raises(ValueError, match="without a plural"):
        reference("contact.id", "refuse", "%(name)s has %(num)s contacts.")


def test_merging_keeps_translations_and_drops_what_is_gone(tmp_path):
    template = made("en", ("kept", None), ("new", None), (("line", "lines"), None), ("kept", None, {"context": "b"}))
    old = made("fr", ("kept", "gardé"), ("gone", "parti"), (("line", "lines"), ("ligne", "lignes")))
    result = merged(old, template, "fr")
    assert {key(m): m.string for m in result if m.id} == {
        ("kept", None): "gardé",
        ("new", None): None,
        ("line", None): ("ligne", "lignes"),
        ("kept", "b"): None,
    }
    (tmp_path / "fr.po").write_bytes(as_text(result))
    again = read_catalogue(tmp_path, "fr")
    assert {key(m): m.string or None for m in again if m.id} == {key(m): m.string for m in result if m.id}
    assert as_text(merged(again, template, "fr")) == as_text(result)


def test_the_files_tell_no_dates_names_or_line_numbers():
    template = made("en", ("kept", None, {"locations": [("domain/x.py", 17)]}))
    text = as_text(merged(made("fr", ("kept", "gardé")), template, "fr")).decode()
    assert "#: domain/x.py\n" in text
    for word in ("17", "Date", "Translator", "Babel", "Copyright", "PROJECT"):
        assert word not in text


def test_canadian_french_drops_what_the_rule_already_gives():
    template = made("en", ("Really?", None), ("E-mail", None), ("Name", None))
    swiss = made("fr", ("Really?", f"Vraiment{NARROW}?"), ("E-mail", "E-mail"), ("Name", "Nom"))
    canadian = made("fr_CA", ("Really?", "Vraiment?"), ("E-mail", "Courriel"), ("Name", "Nom"))
    assert [m.id for m in merged(canadian, template, "fr_CA", like=swiss) if m.id] == ["E-mail"]


@pytest.fixture
def sources(tmp_path):
    folder = tmp_path / "translations"
    folder.mkdir()
    words = (("Really?", f"Vraiment{NARROW}?"), ("E-mail", "E-mail"), ("untranslated", ""))
    (folder / "fr.po").write_bytes(as_text(made("fr", *words)))
    (folder / "fr_CA.po").write_bytes(as_text(made("fr_CA", ("E-mail", "Courriel"))))
    (folder / "sv.po").write_bytes(as_text(made("sv", ("E-mail", "E-post"))))
    return folder


def test_every_interface_language_gets_a_whole_catalogue(sources, tmp_path):
    compile_catalogues(sources, tmp_path / "build")
    app = create_app(
        {
            "SQLALCHEMY_DATABASE_URI": "sqlite://",
            "SECRET_KEY": "x",
            "CATALOGUES": tmp_path / "build",
            "TRANSLATIONS": sources,
        }
    )
    said = {}
    for locale in ("en_GB", "fr_CH", "fr_CA", "sv_SE"):
        with app.test_request_context():
            said[locale] = [_in(locale, text) for text in ("Really?", "E-mail", "untranslated")]
    assert said == {
        "en_GB": ["Really?", "E-mail", "untranslated"],
        "fr_CH": [f"Vraiment{NARROW}?", "E-mail", "untranslated"],
        "fr_CA": ["Vraiment?", "Courriel", "untranslated"],
        "sv_SE": ["Really?", "E-post", "untranslated"],
    }


def _in(locale, text):
    with force_locale(locale):
        return gettext(text)


def test_a_program_that_starts_compiles_what_is_older_than_its_source(sources, tmp_path):
    build = tmp_path / "build"
    assert are_outdated(sources, build)
    bring_up_to_date(sources, build)
    assert not are_outdated(sources, build)
    built = build / "sv_SE" / "LC_MESSAGES" / "messages.mo"
    assert len(list(build.rglob("*"))) == 3 * len(BUILT), "no drafts are left behind"
    before = built.stat().st_mtime
    os.utime(sources / "sv.po", (before + 5, before + 5))
    assert are_outdated(sources, build)


def test_a_program_that_may_not_write_says_so_and_goes_on(sources, tmp_path, caplog):
    (tmp_path / "build").write_text("a file where the folder should be")
    bring_up_to_date(sources, tmp_path / "build")
    assert "could not be compiled" in caplog.text


def test_every_interface_language_has_a_catalogue():
    assert set(BUILT) >= {"fr_CA", "fr_CH", "sv_SE"}
