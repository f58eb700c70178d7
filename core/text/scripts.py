"""Scripts without spaces between words, in which a name, an address or a star can directly follow a letter.

Korean has spaces, but attaches particles to names; Tibetan separates syllables, not words.
"""

import re

# For a regular expression; the browser's list is in static/js/mentions.js.
UNSPACED = (
    "\u3005-\u3007\u3021-\u3029\u3038-\u303b\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"  # Han
    "\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff\uff66-\uff9f"  # Hiragana, Katakana
    "\u3105-\u312f\u31a0-\u31bf"  # Bopomofo
    "\u1100-\u11ff\u3131-\u318e\ua960-\ua97c\uac00-\ud7a3\ud7b0-\ud7fb"  # Hangul
    "\u0e01-\u0e3a\u0e40-\u0e4e\u0e81-\u0ecd\u0edc-\u0edf\u0f40-\u0fbc\u1000-\u109d\ua9e0-\ua9fe\uaa60-\uaa7f"
    "\u1780-\u17d3"  # Thai, Lao, Tibetan, Burmese, Khmer
)
_UNSPACED = re.compile(f"[{UNSPACED}]")


def is_unspaced(letter: str) -> bool:
    return _UNSPACED.match(letter) is not None
