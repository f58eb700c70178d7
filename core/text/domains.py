"""Domains of mail addresses, as mail servers know them: IDNA 2008 with the mapping of UTS 46, not the transitional one.

Django and Python know IDNA 2003 alone, which makes another domain of some: `große.example` becomes `grosse.example`.
"""

import idna


def ascii_domain(domain: str) -> str:
    """`xn--groe-xna.example` for `große.example`; ValueError for what is no domain."""
    # A letter that the mapping drops shows nothing: who typed or pasted it did not mean the domain without it.
    if not all(idna.uts46_remap(letter, std3_rules=True) for letter in domain):
        raise ValueError(domain)
    made = idna.encode(domain, uts46=True, std3_rules=True).decode()
    if made.endswith("."):  # the root, which no mail address names
        raise ValueError(domain)
    return made


def readable_domain(domain: str) -> str:
    """The other way round, for people; as it is where it does not lead back."""
    try:
        readable = idna.decode(domain)
        return readable if ascii_domain(readable) == domain else domain
    except ValueError:
        return domain
