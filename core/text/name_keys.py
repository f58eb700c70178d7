"""Which names a member may have, and which two names are one to the eye.

The tables of scripts and of look-alikes come from confusable-homoglyphs. They are loaded with the first name
that needs them, not when the site starts.
"""

import unicodedata
from collections.abc import Callable
from functools import cache

from django.core.exceptions import ValidationError

from core.text.domains import ascii_domain
from core.text.scripts import is_unspaced

SHORTEST_NAME = 2
LONGEST_NAME = 30
SIGNS = "._-"
MOST_READINGS = 12  # of what one mention may mean

# Names that would sound official, or mean nobody or everybody. Roles are not among them: a community may well
# have a member called "admin", and then nobody else can be.
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

# Scripts that are written together. Any other name keeps to one.
_SCRIPTS_TOGETHER = ({"HAN", "HIRAGANA", "KATAKANA"}, {"HAN", "BOPOMOFO"}, {"HAN", "HANGUL"})
# Letters and marks that show nothing.
_INVISIBLE = set("\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u3164\uffa0")
_COMMON_LETTERS = set("ー〆")  # the only letters without a script of their own that names need

# One shape in many typefaces: the capital of "i" is an "l". Whoever is Karl keeps Kari out, and no BeIfry can
# pose as belfry.
_SAME_SHAPE = {"0": "o", "1": "l", "i": "l"}
# Accents are marks above, below or across; marks of other classes are vowels, or make another letter of one.
ACCENTS = 200
# Letters with a stroke, or two in one, of which Unicode knows no plain letter.
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
    """Return the name as it is kept, or raise ValidationError with a sentence that says what to change."""
    name = unicodedata.normalize("NFC", name)
    if not SHORTEST_NAME <= len(name) <= LONGEST_NAME:
        raise ValidationError(f"A name has {SHORTEST_NAME} to {LONGEST_NAME} characters.", code="length")
    if any(letter.isspace() for letter in name):
        raise ValidationError("A name has no spaces. You can use a dot, “_” or “-” instead.", code="space")
    if unicodedata.normalize("NFKC", name) != name or not all(map(_may_stand_in_a_name, name)):
        raise ValidationError("A name is made of letters, digits, “.”, “_” and “-”.", code="letters")
    if name[0] in SIGNS or name[-1] in SIGNS or unicodedata.category(name[0])[0] == "M":
        raise ValidationError("A name begins and ends with a letter or a digit.", code="ends")
    if not _is_one_script(name):
        raise ValidationError("The letters of a name belong to one script, such as Latin.", code="script")
    if name_key(name) in _reserved_keys():
        raise ValidationError("This name is reserved. Please choose another.", code="reserved")
    return name


def name_key(name: str) -> str:
    """What `name` looks like, whatever its case and script: two names with the same key are one name."""
    return _settled(_shape, name)


def sort_key(name: str) -> str:
    """Where it stands in a list: as people look for it, whatever its case and its accents."""
    apart = unicodedata.normalize("NFKD", name.casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def plain_letters(name: str) -> str:
    """`name` as it is typed on a keyboard without its accents: Ólafur is olafur, Đỗ is do, Große is grosse."""
    letters = unicodedata.normalize("NFKD", name.casefold())
    plain = (_PLAIN.get(letter, letter) for letter in letters if unicodedata.combining(letter) < ACCENTS)
    return unicodedata.normalize("NFC", "".join(plain))


def names_beginning(text: str) -> list[str]:
    """The names that `text` may begin with, the longest first: names hold signs, and sentences end with them. Where
    words have no spaces between them, a name may end after any letter. Of very many, the short ones."""
    length = 0
    while length <= LONGEST_NAME and length < len(text) and _may_stand_in_a_name(text[length]):
        length += 1
    names = [text[:end] for end in range(length, 0, -1) if end == length or _may_end(text, end)]
    found = [name for name in names if name[-1] not in SIGNS and SHORTEST_NAME <= len(name) <= LONGEST_NAME]
    return found[-MOST_READINGS:]


def _may_end(text: str, end: int) -> bool:
    """May a name end before this letter, although the letter may stand in a name?"""
    if unicodedata.category(text[end])[0] == "M":
        return False
    return text[end] in SIGNS or is_unspaced(text[end]) or is_unspaced(text[end - 1])


def email_key(address: str) -> str:
    """What is compared where somebody types a mail address: one mailbox, one member. Nothing is ever mailed to it
    (accounts/models/email_address.py)."""
    return _settled(_mailbox, address)


def _settled(step: Callable[[str], str], text: str) -> str:
    """Apply `step` until nothing changes any more: Unicode's foldings now and then uncover one another."""
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
    """The plain letter that `letter` looks like, small or else large; or the first of its look-alikes."""
    if letter.isascii():
        return _SAME_SHAPE.get(letter, letter)
    small, large = _look_alike(letter), _look_alike(letter.upper()).casefold()
    found = large if large.isascii() and not small.isascii() else small
    return _SAME_SHAPE.get(found, found)


def _look_alike(letter: str) -> str:
    from confusable_homoglyphs.confusables import confusables_data  # noqa: PLC0415 - 1 MB, see above

    found = [entry["c"] for entry in confusables_data.get(letter, [])]
    if len(found) != 1 or len(found[0]) != 1:  # many: the others look like this one
        return letter
    return min(letter, found[0])


@cache
def _reserved_keys() -> frozenset[str]:
    return frozenset(map(name_key, RESERVED_NAMES))


def _may_stand_in_a_name(letter: str) -> bool:
    if letter in SIGNS or letter in _COMMON_LETTERS or (letter.isascii() and letter.isalnum()):
        return True
    if letter in _INVISIBLE:
        return False
    # Marks of a script of its own are the vowels of many; the marks common to all have become part of their
    # letters.
    is_letter = unicodedata.category(letter) in ("Ll", "Lu", "Lo", "Lm", "Lt", "Nd", "Mn", "Mc")
    return is_letter and _script(letter) not in ("COMMON", "INHERITED", "Unknown")


def _is_one_script(name: str) -> bool:
    scripts = {_script(letter) for letter in name} - {"COMMON"}
    return len(scripts) <= 1 or any(scripts <= together for together in _SCRIPTS_TOGETHER)


def _script(letter: str) -> str:
    from confusable_homoglyphs.categories import alias  # noqa: PLC0415

    return alias(letter)
