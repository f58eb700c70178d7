"""A request that names a charset other than UTF-8 is rejected before Django decodes anything with it."""

from email.message import Message
from io import BytesIO
from tempfile import TemporaryFile

import pytest
from hypothesis import example, given, strategies as st

from config.server.charsets import is_utf8, utf8_alone, utf8_parts

FORM_TYPE = "application/x-www-form-urlencoded"
UPLOAD_TYPE = "multipart/form-data; boundary=x"
UNSAFE_CODECS = ["punycode", "idna", "rot13", "hex", "base64", "zlib", "bz2", "quopri", "uu", "undefined"]
OTHER_CHARSETS = [*UNSAFE_CODECS, "unicode_escape", "utf-7", "utf-16", "latin-1", "us-ascii", "nonsense", ""]
CHARSET_PARAMETERS = [
    "; charset={}",
    ";charset={}",
    "; CharSet={}",
    '; charset="{}"',
    "; charset = {}",
    "; charset=utf-8; charset={}",
    "; charset={}; charset=utf-8",
    "; charset*=utf-8''{}",
    "; charset*0={}",
    "; a=b; charset={}; c=d",
    "; a*={}''%61",
    "; a*0*={}''%61",
    "; a*1={}",
    '; a="b; charset={}',
    '; a=b\\"; charset={}; c=\\"d"',
]


def response_status(content_type: str, body: bytes = b"", spooled: bool = False) -> int:
    """Returns the status of the response to this request; 200 if it reached the application, with its whole body."""
    said: list[str] = []

    def app(environ, start_response):
        assert environ["wsgi.input"].read() == body
        start_response("200 OK", [])
        return []

    with TemporaryFile() if spooled else BytesIO() as source:
        source.write(body)
        source.flush()
        source.seek(0)
        environ = {"CONTENT_TYPE": content_type, "wsgi.input": source}
        utf8_alone(utf8_parts(app))(environ, lambda response_status, headers: said.append(response_status))
    return int(said[0].split()[0])


@pytest.mark.parametrize("form", CHARSET_PARAMETERS)
def test_other_charset_in_header_is_rejected(form):
    for content_type in (FORM_TYPE, UPLOAD_TYPE, "text/plain", "a/b"):
        for charset in OTHER_CHARSETS:
            assert response_status(content_type + form.format(charset)) == 400, charset


@pytest.mark.parametrize(
    "content_type",
    [
        "",
        FORM_TYPE,
        UPLOAD_TYPE,
        f"{FORM_TYPE}; charset=utf-8",
        f"{FORM_TYPE};charset=UTF-8",
        f'{FORM_TYPE}; charset="utf8"',
    ]
    + [
        f"{FORM_TYPE}; Charset = Utf-8 ",
        "application/json",
        "text/plain; a=b",
        "multipart/form-data",
        "nonsense",
    ],
)
def test_utf8_or_no_charset_is_accepted(content_type):
    assert response_status(content_type) == 200


@pytest.mark.parametrize(
    "content_type",
    [f"a/b{';' * 1_000}", f"a/b; {'a=b;' * 400}", f"multipart/form-data; boundary={'x' * 300}"]
    + ["multipart/form-data; boundary=<x>", "multipart/form-data; boundary*=utf-8''x"]
    + ['multipart/form-data; boundary="x\\y"', 'multipart/form-data; boundary=x; a="', "multipart/a; b\\"],
)
def test_ambiguous_content_type_is_rejected(content_type):
    assert response_status(content_type) == 400


def part(*headers: str) -> bytes:
    head = "\r\n".join(['Content-Disposition: form-data; name="body"', *headers])
    return f"--x\r\n{head}\r\n\r\nwords\r\n--x--\r\n".encode()


@pytest.mark.parametrize("spooled", [False, True], ids=["memory", "disk"])
@pytest.mark.parametrize("charset", ["punycode", "rot13", "latin-1", ""])
def test_other_charset_in_part_is_rejected(charset, spooled):
    for form in CHARSET_PARAMETERS:
        assert (
            response_status(UPLOAD_TYPE, part("Content-Type: text/plain" + form.format(charset)), spooled)
            == 400
        )
    named = f"Content-Disposition: form-data; name=body; filename*={charset}''a.txt"
    for body in (part(named), part("X-More: a", named), part() + part(named), named.encode() + b"\r\n\r\n"):
        assert response_status(UPLOAD_TYPE, body, spooled) == 400


@pytest.mark.parametrize("spooled", [False, True], ids=["memory", "disk"])
@pytest.mark.parametrize(
    "header",
    [
        "Content-Type: text/plain; charset=utf-8",
        "Content-Type: image/png",
        "Content-Disposition: form-data; name=\"attachment\"; filename*=UTF-8''%e2%82%ac.txt",
        'Content-Disposition: form-data; name="attachment"; filename="a*=b; charset=latin-1.txt"',
        'Content-Disposition: form-data; name="attachment"; filename="a \\"*good*\\" one.txt"',
    ],
)
def test_usual_part_headers_are_accepted(header, spooled):
    assert response_status(UPLOAD_TYPE, part(header), spooled) == 200


def test_charset_inside_file_content_is_ignored():
    content = b"\r\n\r\n<meta charset=latin-1> *bold*"
    assert (
        response_status(
            UPLOAD_TYPE, b'--x\r\nContent-Disposition: form-data; name="f"; filename="a"' + content
        )
        == 200
    )


HEADER_PIECES = st.sampled_from(
    [
        "a/b",
        ";",
        "; ",
        '"',
        "\\",
        "=",
        "*",
        "*0",
        "*0*",
        "charset",
        "filename",
        "a",
        "'",
        "rot13''x",
        "utf-8''x",
        " ",
    ]
)


@given(header=st.lists(HEADER_PIECES, max_size=25).map("".join))
@example(header='a/b; filename="a\\\\"; y="; x*=rot13\'\'z; w=\\\\"')
@example(header="a/b; filename=\\\"a; x*=rot13''b; y=\\\"")
def test_accepted_header_names_no_other_charset_to_django(header):
    if not is_utf8(header):
        return
    read = Message()
    read["content-type"] = header
    for name, value in (read.get_params() or [])[1:]:  # the first is the type itself
        assert name.lower() != "charset" or value.strip().lower() in ("utf-8", "utf8", "")
        assert not isinstance(value, tuple) or (value[0] or "utf-8").lower() in ("utf-8", "utf8")
