"""Converts international domains of email addresses with IDNA 2008 and the non-transitional mapping of UTS 46.

Django and Python have only IDNA 2003, which changes some domains: `große.example` becomes `grosse.example`.
"""

import idna


def ascii_domain(domain: str) -> str:
    """Returns `xn--groe-xna.example` for `große.example`; raises ValueError for an invalid domain."""
    # The mapping drops invisible characters. Reject them: the domain without them may not be the one meant.
    if not all(idna.uts46_remap(letter, std3_rules=True) for letter in domain):
        raise ValueError(domain)
    encoded = idna.encode(domain, uts46=True, std3_rules=True).decode()
    if encoded.endswith("."):  # the root, which email addresses do not name
        raise ValueError(domain)
    return encoded


def readable_domain(domain: str) -> str:
    """Returns the readable form of an ASCII domain, or the domain itself if the conversion is not reversible."""
    try:
        readable = idna.decode(domain)
        return readable if ascii_domain(readable) == domain else domain
    except ValueError:
        return domain
