"""Languages by whatever name a file or a person uses for them (B20)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.core import get_global

from domain.setup.models import Language
from domain.types import code, find_key

NAMED_IN = ("en", "fr", "sv", "de")


@lru_cache(maxsize=200)
def parse_locale(tag: str) -> Locale | None:
    """The CLDR locale of a tag ("sv-SE", "sv_SE"), None when there is none."""
    try:
        return Locale.parse(tag.strip().replace("_", "-"), sep="-")
    except (ValueError, UnknownLocaleError, TypeError):
        return None


def canonical_locale(tag: str) -> str | None:
    """The tag as it is stored ("sv-SE"), None when CLDR does not know it."""
    locale = parse_locale(tag)
    return str(locale).replace("_", "-") if locale else None


@lru_cache(maxsize=200)
def names_of(tag: str) -> frozenset[str]:
    """The names of a locale and of its language, folded, in English, French, Swedish, German and its own language."""
    locale = parse_locale(tag)
    if locale is None:
        return frozenset()
    names = {locale.get_display_name(other) for other in (*NAMED_IN, locale)}
    names |= {locale.get_language_name(other) for other in (*NAMED_IN, locale)}
    return frozenset(find_key(name) for name in names if name)


class LanguageFinder:
    """Finds among the languages of the office. `default_id` decides where a name fits several ("English", "fr")."""

    def __init__(self, languages: Sequence[Language], *, default_id: int | None) -> None:
        self.languages = sorted(languages, key=lambda one: (one.id != default_id, one.code))
        self._found: dict[str, Language | None] = {}

    def find(self, text: str) -> Language | None:
        """The language with this code, else locale tag, else name; of several the office's default counts first."""
        if text not in self._found:
            self._found[text] = self._find(text)
        return self._found[text]

    def _find(self, text: str) -> Language | None:
        if not text.strip() or len(text) > 100:
            return None
        for one in self.languages:
            if one.code == code(text):
                return one
        tag = text.strip().lower().replace("_", "-")
        for one in self.languages:
            if one.locale.lower() == tag:
                return one
        key = find_key(text)
        for one in self.languages:
            if find_key(one.name) == key:
                return one
        return self._preferred([one for one in self.languages if one.locale.lower().split("-")[0] == tag]) or (
            self._preferred([one for one in self.languages if key in names_of(one.locale)])
        )

    def _preferred(self, fitting: list[Language]) -> Language | None:
        """The first of several languages, unless one is written as at home ("fr" is fr-FR before fr-CA)."""
        if not fitting:
            return None
        if len(fitting) == 1 or fitting[0] is self.languages[0]:
            return fitting[0]
        base = fitting[0].locale.split("-")[0]
        home = str(get_global("likely_subtags").get(base, "")).split("_")[-1]
        return next((one for one in fitting if one.locale == f"{base}-{home}"), fitting[0])
