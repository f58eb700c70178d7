"""Domains of mail addresses, as mail servers know them: IDNA 2008 (RFC 5890 to 5893) in its strict form.

Django and Python know IDNA 2003 alone, which makes another domain of some: `große.example` becomes `grosse.example`,
and a joiner goes. What stands here either means the very domain that was typed or is refused; whoever has one of the
few that RFC 5892 lets join after an Arabic letter writes it as `xn--...`.
"""

import re
import unicodedata

LONGEST, LONGEST_LABEL = 253, 63
_DOTS = {".", "。", "．", "｡"}
# RFC 5892, 2.6: what stands although its category would not let it, and what does not although it would.
_ALLOWED = set("ßς\u06fd\u06fe\u0f0b\u3007")
_REFUSED = set("\u0640\u07fa\u302e\u302f\u3031\u3032\u3033\u3034\u3035\u303b")
# What shows nothing, or is a part of a letter alone. The variation selectors are among the marks.
_SILENT = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef"
    "\u1100-\u11ff\ua960-\ua97c\ud7b0-\ud7fb]"
)
_JOINERS = "\u200c\u200d"
_VIRAMA = 9
_PLAIN = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?")


def ascii_domain(domain: str) -> str:
    """`xn--groe-xna.example` for `große.example`; ValueError for what is no domain."""
    labels = unicodedata.normalize("NFC", "".join(map(_lowered, domain))).split(".")
    made = ".".join(map(_ascii_label, labels))
    if len(made) > LONGEST:
        raise ValueError(domain)
    return made


def readable_domain(domain: str) -> str:
    """The other way round, for people; as it is where it does not lead back."""
    try:
        readable = ".".join(map(_readable_label, domain.split(".")))
        return readable if ascii_domain(readable) == domain else domain
    except ValueError:
        return domain


def _lowered(letter: str) -> str:
    """Small, and of ordinary width; nothing that is another letter becomes one."""
    if letter in _DOTS:
        return "."
    lowered = unicodedata.normalize("NFKC", letter.lower())
    if "." in lowered:  # such as one letter that shows "a.m."
        raise ValueError(letter)
    return lowered


def _ascii_label(label: str) -> str:
    if label.isascii():
        if not _PLAIN.fullmatch(label) or len(label) > LONGEST_LABEL:
            raise ValueError(label)
        if label.startswith("xn--") and _coded(_readable_label(label)) != label:
            raise ValueError(label)
        return label
    return _encoded(label)


def _readable_label(label: str) -> str:
    return label[4:].encode().decode("punycode") if label.startswith("xn--") else label


def _encoded(label: str) -> str:
    if label.isascii() or label[0] == "-" or label[-1] == "-" or label[2:4] == "--":
        raise ValueError(label)
    if unicodedata.category(label[0])[0] == "M" or unicodedata.normalize("NFC", label) != label:
        raise ValueError(label)
    if not all(_may_stand(label, place) for place in range(len(label))) or not _is_one_direction(label):
        raise ValueError(label)
    return _coded(label)


def _coded(label: str) -> str:
    made = f"xn--{label.encode('punycode').decode()}"
    if label.isascii() or len(made) > LONGEST_LABEL:
        raise ValueError(label)
    return made


def _may_stand(label: str, place: int) -> bool:
    letter = label[place]
    if letter in _ALLOWED or letter == "-":
        return True
    if letter in _JOINERS:  # they join what a virama has ended, and nothing else
        return place > 0 and unicodedata.combining(label[place - 1]) == _VIRAMA
    if letter == "·":
        return label[place - 1 : place + 2] == "l·l"
    if letter == "・":
        return any(
            unicodedata.name(other, "").startswith(("CJK", "HIRAGANA", "KATAKANA LETTER")) for other in label
        )
    if letter in _REFUSED or _SILENT.match(letter):
        return False
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", letter).casefold())
    return folded == letter and unicodedata.category(letter) in ("Ll", "Lo", "Lm", "Mn", "Mc", "Nd")


def _is_one_direction(label: str) -> bool:
    """What is written from the right begins with such a letter and has none of the other kind (RFC 5893)."""
    kinds = [unicodedata.bidirectional(letter) for letter in label]
    if not {"R", "AL", "AN"} & set(kinds):
        return True
    return kinds[0] in ("R", "AL") and "L" not in kinds and not {"AN", "EN"} <= set(kinds)
