"""What an address or a form says, before anything is made of it."""


def is_number(said: str, *, digits: int) -> bool:
    """A whole number of ASCII digits, and of no more than so many: what `int` takes besides, no id and no moment is."""
    return said.isascii() and said.isdigit() and len(said) <= digits
