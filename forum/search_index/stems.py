"""The stem of a word in the language of its section, so that “batteries” finds “battery”."""

from functools import lru_cache
from threading import local
from typing import Any

import snowballstemmer

# ISO 639-1 codes, and the algorithm for each. Words of other languages are compared as they are.
ALGORITHMS = {
    "ar": "arabic", "hy": "armenian", "eu": "basque", "ca": "catalan", "cs": "czech", "da": "danish",
    "nl": "dutch", "en": "english", "eo": "esperanto", "et": "estonian", "fi": "finnish", "fr": "french",
    "de": "german", "el": "greek", "hi": "hindi", "hu": "hungarian", "id": "indonesian", "ga": "irish",
    "it": "italian", "lt": "lithuanian", "ne": "nepali", "no": "norwegian", "fa": "persian", "pl": "polish",
    "pt": "portuguese", "ro": "romanian", "ru": "russian", "sr": "serbian", "es": "spanish", "sv": "swedish",
    "ta": "tamil", "tr": "turkish",
}  # fmt: skip

_stemmers = local()  # a stemmer holds the word that it works on


@lru_cache(maxsize=100_000)
def stem_of(word: str, language: str) -> str:
    """Returns the stem of a normalized word, or the word itself if the language has no algorithm."""
    if language not in ALGORITHMS:
        return word
    return _stemmer(language).stemWord(word)


def _stemmer(language: str) -> Any:
    if not hasattr(_stemmers, language):
        setattr(_stemmers, language, snowballstemmer.stemmer(ALGORITHMS[language]))
    return getattr(_stemmers, language)
