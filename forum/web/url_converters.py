"""URL converters."""

from django.urls import register_converter


class IdConverter:
    """An id that fits the database’s bigint, without leading zeros: each object has one URL."""

    regex = "[1-9][0-9]{0,17}"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return str(value)


class SlugConverter:
    """A slug in any script. The slug of a topic does not matter; the view redirects to the right one."""

    regex = "[^/]+"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return str(value)


class KeyConverter(SlugConverter):
    """128 random bits as hexadecimal digits, for URLs that nobody can guess."""

    regex = "[0-9a-f]{32}"


def register() -> None:
    register_converter(IdConverter, "id")
    register_converter(SlugConverter, "title")
    register_converter(KeyConverter, "key")


register()
