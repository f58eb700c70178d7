"""Forms are UTF-8. A request that names another charset is rejected before Django sees it.

Django decodes a form with the charset that its sender names. Some of Python's codecs need minutes for a megabyte
(punycode); others are no charsets at all (rot13, zlib) and raise errors in unexpected places. The name may be in the
request's Content-Type or in the headers of a multipart part, as `charset=`, or as `filename*=charset''...` (RFC 2231).
"""

import mmap
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from io import BytesIO
from typing import IO, TYPE_CHECKING

from config.server import plain_pages

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

LONGEST_HEADER = 1_000  # characters; a boundary has at most 200, and reading thousands of parameters is slow
PART_HEADERS_MOST = 2_048  # bytes of a part that are searched for headers; Django reads 1,024
UTF8 = {"utf-8", "utf8"}
# Quoted values with a backslash before a backslash, or at the end, are not accepted: parsers disagree about these.
PARAMETER = re.compile(r';\s*([^\s;="\\]+)\s*=\s*("(?:[^"\\]|\\[^\\])*"|[^\s;"\\]*)\s*')
BOUNDARY = re.compile(r"[0-9A-Za-z'()+_,./:=? -]{1,200}")  # RFC 2046, section 5.1.1
MAY_NAME_A_CHARSET = re.compile(r"\*|charset", re.IGNORECASE)


def utf8_alone(app: "WSGIApplication") -> "WSGIApplication":
    """Rejects (400) a request whose Content-Type names another charset, before its body is read."""

    def checked(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        content_type = environ.get("CONTENT_TYPE")
        if content_type and not _is_readable(content_type):
            return _rejected(start_response, headers=[("Connection", "close")])
        return app(environ, start_response)

    return checked


def utf8_parts(app: "WSGIApplication") -> "WSGIApplication":
    """Rejects (400) a form with a part that names another charset. The body has been read."""

    def checked(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        boundary = _boundary(environ.get("CONTENT_TYPE") or "")
        if boundary:
            lines = part_headers(environ["wsgi.input"], f"--{boundary}".encode())
            if not all(is_utf8(line) for line in lines):
                return _rejected(start_response)
        return app(environ, start_response)

    return checked


def is_utf8(header: str) -> bool:
    """Whether a header with parameters names no charset but UTF-8. False for anything that might name one and is not
    written as browsers write it."""
    if not MAY_NAME_A_CHARSET.search(header):
        return True
    found = _parameters(header)
    return found is not None and all(_parameter_is_utf8(name, value) for name, value in found)


def _is_readable(content_type: str) -> bool:
    """Whether it names no other charset, and its boundary, if any, is one that Django finds as well."""
    if len(content_type) > LONGEST_HEADER or not is_utf8(content_type):
        return False
    if not _is_multipart(content_type):
        return True
    if _parameters(content_type) is None:
        return False
    boundary = _boundary(content_type)  # without one, Django reports the error
    return not boundary or BOUNDARY.fullmatch(boundary) is not None


def _is_multipart(content_type: str) -> bool:
    return content_type.lower().lstrip().startswith("multipart/")


def _boundary(content_type: str) -> str:
    parameters = _parameters(content_type) if _is_multipart(content_type) else None
    return dict(parameters or []).get("boundary", "")


def _rejected(start_response: "StartResponse", headers: Iterable[tuple[str, str]] = ()) -> list[bytes]:
    return plain_pages.page(
        start_response, HTTPStatus.BAD_REQUEST, "Forms must be sent in UTF-8.", headers=headers
    )


def part_headers(body: IO[bytes], boundary: bytes) -> Iterator[str]:
    """Yields each line that Django might take for a header of a part, including those before the first boundary."""
    with _as_bytes(body) as content:
        start = 0
        while True:
            head = content[start : start + PART_HEADERS_MOST].partition(b"\r\n\r\n")[0]
            yield from head.decode(errors="replace").split("\r\n")
            at = content.find(boundary, start)
            if at < 0:
                return
            start = at + len(boundary)


@contextmanager
def _as_bytes(body: IO[bytes]) -> Iterator["bytes | mmap.mmap"]:
    """Yields the whole body and rewinds it. A body on disk is not read into memory."""
    if isinstance(body, BytesIO):
        yield body.getvalue()
    else:
        with mmap.mmap(body.fileno(), 0, access=mmap.ACCESS_READ) as content:
            yield content


def _parameters(header: str) -> list[tuple[str, str]] | None:
    """Returns names in lower case with values, or None if the header is not written as browsers write it."""
    found: list[tuple[str, str]] = []
    at = header.find(";")
    while 0 <= at < len(header):
        parameter = PARAMETER.match(header, at)
        if parameter is None:
            return None
        found.append((parameter[1].lower(), parameter[2].strip('"')))
        at = parameter.end()
    return found


def _parameter_is_utf8(name: str, value: str) -> bool:
    if name == "charset":
        return value.strip().lower() in UTF8
    if name == "filename*":  # filename*=charset'language'name
        return value.partition("'")[0].lower() in UTF8
    return "*" not in name
