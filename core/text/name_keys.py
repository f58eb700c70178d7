"""Which names are valid, and keys by which names are compared.

The tables of scripts and look-alikes come from confusable-homoglyphs. They are loaded with the first name that needs
them, not at start-up.
"""

import unicodedata
from collections.abc import Callable
from functools import cache

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from core.text.domains import ascii_domain
from core.text.scripts import is_unspaced

NAME_MIN = 2
NAME_MAX = 30
NAME_PUNCTUATION = "._-"
MAX_NAMES = 12  # names that one mention may mean

# Names that sound official, or mean nobody or everyone. Roles such as "admin" are not among them: the admin of a
# community may well have that name.
RESERVED_NAMES = (
    *(
        "belfry",
        "system",
        "staff",
        "team",
        "official",
        "support",
        "security",
        "help",
        "root",
        "server",
        "bot",
    ),
    *("administrator", "administrators", "admins", "moderators", "moderation", "members", "guests", "guest"),
    *(
        "everyone",
        "everybody",
        "anyone",
        "nobody",
        "all",
        "here",
        "me",
        "you",
        "self",
        "anonymous",
        "unknown",
    ),
    *("deleted", "removed", "suspended", "null", "none", "undefined", "new", "edit", "search", "account"),
    *("webmaster", "postmaster", "hostmaster", "abuse", "noreply", "no-reply", "mailer-daemon"),
)

# Scripts that are written together. All other names must use a single script.
_SCRIPTS_TOGETHER = ({"HAN", "HIRAGANA", "KATAKANA"}, {"HAN", "BOPOMOFO"}, {"HAN", "HANGUL"})
# Invisible letters and marks.
_INVISIBLE = set("\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u3164\uffa0")
_COMMON_LETTERS = set("ー〆")  # the only letters without a script of their own that names need

# Same shape in many typefaces: a capital "i" looks like an "l". So Karl and Kari cannot both exist, and no BeIfry can
# pose as belfry.
_SAME_SHAPE = {"0": "o", "1": "l", "i": "l"}
# Combining classes from here on are accents; marks of lower classes are vowels or change the letter.
FIRST_ACCENT_CLASS = 200
# Letters with a stroke and ligatures, which Unicode does not decompose.
_PLAIN = {
    "ø": "o",
    "đ": "d",
    "ł": "l",
    "ħ": "h",
    "ŧ": "t",
    "ı": "i",
    "ð": "d",
    "þ": "th",
    "æ": "ae",
    "œ": "oe",
    "ŋ": "n",
    "ĸ": "k",
    "ɨ": "i",
    "ƀ": "b",
    "ɓ": "b",
    "ɗ": "d",
    "ɖ": "d",
    "ƙ": "k",
    "ƴ": "y",
    "ɉ": "j",
    "ɛ": "e",
    "ɔ": "o",
    "ə": "e",
    "ǝ": "e",
    "ƶ": "z",
    "ꞑ": "n",
    "ʼ": "",
}
SAME_SHAPE_TOGETHER = (("rn", "m"), ("vv", "w"))


def check_name(name: str) -> str:
    """Returns the name in normal form; raises ValidationError with a message for the user."""
    name = unicodedata.normalize("NFC", name)
    if not NAME_MIN <= len(name) <= NAME_MAX:
        length = _("Usernames must have %(least)d to %(most)d characters.")
        raise ValidationError(length, code="length", params={"least": NAME_MIN, "most": NAME_MAX})
    if any(letter.isspace() for letter in name):
        space = _("Usernames can’t contain spaces. Use “.”, “_” or “-” instead.")
        raise ValidationError(space, code="space")
    if unicodedata.normalize("NFKC", name) != name or not all(map(_is_allowed_letter, name)):
        letters = _("Usernames can contain letters, digits, “.”, “_” and “-” only.")
        raise ValidationError(letters, code="letters")
    if name[0] in NAME_PUNCTUATION or name[-1] in NAME_PUNCTUATION or unicodedata.category(name[0])[0] == "M":
        ends = _("Usernames must begin and end with a letter or digit.")
        raise ValidationError(ends, code="ends")
    if not _is_one_script(name):
        script = _("Usernames must use a single alphabet, such as Latin.")
        raise ValidationError(script, code="script")
    if name_key(name) in _reserved_keys():
        reserved = _("This username is reserved. Choose another one.")
        raise ValidationError(reserved, code="reserved")
    return name


def name_key(name: str) -> str:
    """Returns the key for uniqueness: names that look the same, in any case or script, have the same key."""
    return _until_stable(_shape, name)


def sort_key(name: str) -> str:
    """Returns the key for sorting, without case and accents."""
    decomposed = unicodedata.normalize("NFKD", name.casefold())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def without_accents(name: str) -> str:
    """Returns the name as typed without accents: olafur for Ólafur, do for Đỗ, grosse for Große."""
    letters = unicodedata.normalize("NFKD", name.casefold())
    plain = (
        _PLAIN.get(letter, letter) for letter in letters if unicodedata.combining(letter) < FIRST_ACCENT_CLASS
    )
    return unicodedata.normalize("NFC", "".join(plain))


def possible_names(text: str) -> list[str]:
    """Returns the names that `text` may begin with, the longest first. There are several because names can contain
    punctuation, and in scripts without spaces a name can end after any letter. At most MAX_NAMES, the shortest."""
    length = 0
    while length <= NAME_MAX and length < len(text) and _is_allowed_letter(text[length]):
        length += 1
    names = [text[:end] for end in range(length, 0, -1) if end == length or _can_end(text, end)]
    found = [name for name in names if name[-1] not in NAME_PUNCTUATION and NAME_MIN <= len(name) <= NAME_MAX]
    return found[-MAX_NAMES:]


def _can_end(text: str, end: int) -> bool:
    """Can a name end before this letter, although the letter is allowed in names?"""
    if unicodedata.category(text[end])[0] == "M":
        return False
    return text[end] in NAME_PUNCTUATION or is_unspaced(text[end]) or is_unspaced(text[end - 1])


def email_key(address: str) -> str:
    """Returns the key that compares emails: one per mailbox. Mail is never sent to it (see
    accounts/models/email_address.py)."""
    return _until_stable(_mailbox, address)


def _until_stable(step: Callable[[str], str], text: str) -> str:
    """Applies `step` until nothing changes, since one Unicode folding can enable another."""
    while (after := step(text)) != text:
        text = after
    return text


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold()).strip()


def _mailbox(address: str) -> str:
    local, at, domain = address.rpartition("@")
    try:
        return f"{_folded(local)}@{ascii_domain(domain.strip())}" if at else _folded(address)
    except ValueError:
        return _folded(address)


def _shape(name: str) -> str:
    shape = "".join(map(shape_of_letter, _folded(name)))
    for letters, letter in SAME_SHAPE_TOGETHER:
        shape = shape.replace(letters, letter)
    return shape


@cache
def shape_of_letter(letter: str) -> str:
    """Returns the ASCII letter that `letter` looks like in lower or upper case, or the first of its look-alikes."""
    if letter.isascii():
        return _SAME_SHAPE.get(letter, letter)
    small, large = _look_alike(letter), _look_alike(letter.upper()).casefold()
    found = large if large.isascii() and not small.isascii() else small
    return _SAME_SHAPE.get(found, found)


def _look_alike(letter: str) -> str:
    from confusable_homoglyphs.confusables import confusables_data  # noqa: PLC0415 - 1 MB, loaded when needed

    found = [entry["c"] for entry in confusables_data.get(letter, [])]
    if len(found) != 1 or len(found[0]) != 1:  # with several, the others look like this one
        return letter
    return min(letter, found[0])


@cache
def _reserved_keys() -> frozenset[str]:
    return frozenset(map(name_key, RESERVED_NAMES))


def _is_allowed_letter(letter: str) -> bool:
    if letter in NAME_PUNCTUATION or letter in _COMMON_LETTERS or (letter.isascii() and letter.isalnum()):
        return True
    if letter in _INVISIBLE:
        return False
    # Marks of a script are vowels in many scripts; common marks have been composed with their letters.
    is_letter = unicodedata.category(letter) in ("Ll", "Lu", "Lo", "Lm", "Lt", "Nd", "Mn", "Mc")
    return is_letter and _script(letter) not in ("COMMON", "INHERITED", "Unknown")


def _is_one_script(name: str) -> bool:
    scripts = {_script(letter) for letter in name} - {"COMMON"}
    return len(scripts) <= 1 or any(scripts <= together for together in _SCRIPTS_TOGETHER)


def _script(letter: str) -> str:
    from confusable_homoglyphs.categories import alias  # noqa: PLC0415

    return alias(letter)
