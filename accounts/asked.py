"""What an address, a form or a header says, before anything is made of it."""

from django.http import HttpRequest


def is_number(said: str, *, digits: int) -> bool:
    """A whole number of ASCII digits, and of no more than so many: what `int` takes besides, no id and no moment is."""
    return said.isascii() and said.isdigit() and len(said) <= digits


def wants_json(request: HttpRequest) -> bool:
    """A script asks, which shows the answer itself."""
    return request.headers.get("Accept") == "application/json"
