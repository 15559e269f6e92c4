"""The evaluation of an interaction as a letter says it, in the letter's language."""

from __future__ import annotations

WORDS = {
    "en": ("Very positive", "Positive", "Neutral", "Negative", "Very negative"),
    "fr": ("Très positif", "Positif", "Neutre", "Négatif", "Très négatif"),
    "sv": ("Mycket positiv", "Positiv", "Neutral", "Negativ", "Mycket negativ"),
    "de": ("Sehr positiv", "Positiv", "Neutral", "Negativ", "Sehr negativ"),
}
_CODES = ("very_positive", "positive", "neutral", "negative", "very_negative")


def evaluation_word(evaluation: str, locale: str) -> str:
    """The word for an evaluation ('' for none); English in languages the product has no words for."""
    if evaluation not in _CODES:
        return ""
    return WORDS.get(locale.split("-")[0], WORDS["en"])[_CODES.index(evaluation)]
