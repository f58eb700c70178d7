"""Requests as bytes, to a server of the test's own."""

import socket

Exchanged = tuple[int, dict[str, str], bytes]


def exchange(port: int, request: bytes, *, timeout: float = 60) -> Exchanged | None:
    """Returns the status, headers (names in lower case) and body of the response; None where the connection ends
    without one."""
    with socket.create_connection(("127.0.0.1", port), timeout=timeout) as talk:
        try:
            talk.sendall(request)
            return read_answer(talk)
        except (BrokenPipeError, ConnectionResetError):
            return None


def read_answer(talk: socket.socket) -> Exchanged | None:
    answer = b""
    while b"\r\n\r\n" not in answer:
        got = talk.recv(65_536)
        if not got:
            return None
        answer += got
    head, _, body = answer.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
    while len(body) < int(headers.get("content-length", 0)):
        got = talk.recv(65_536)
        if not got:
            break
        body += got
    return int(first.split()[1]), headers, body
