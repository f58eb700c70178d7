"""Short pages made without Django, for requests that never reach it. They have the same security headers."""

from collections.abc import Iterable
from http import HTTPStatus
from typing import TYPE_CHECKING

from django.conf import settings

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse

Headers = list[tuple[str, str]]

# Features that no page of Belfry uses. Passkeys keep the browser's default, which is this site only.
UNUSED_FEATURES = (
    "accelerometer",
    "camera",
    "display-capture",
    "geolocation",
    "gyroscope",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "usb",
)
PERMISSIONS_POLICY = ", ".join(f"{feature}=()" for feature in UNUSED_FEATURES)
HEADERS: Headers = [
    ("Content-Type", "text/html; charset=utf-8"),
    ("Cache-Control", "no-store"),
    (
        "Content-Security-Policy",
        "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    ),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Permissions-Policy", PERMISSIONS_POLICY),
    ("Referrer-Policy", "same-origin"),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
]


def page(
    start_response: "StartResponse",
    status: HTTPStatus,
    reason: str,
    *,
    headers: Iterable[tuple[str, str]] = (),
    retry_after: int | None = None,
) -> list[bytes]:
    """Responds with a status and one sentence that says why."""
    html = (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{status.phrase}</title>'
        f'<meta name="viewport" content="width=device-width"><h1>{status.phrase}</h1><p>{reason}</p></html>'
    ).encode()
    all_headers = [*HEADERS, *_hsts(), *headers, ("Content-Length", str(len(html)))]
    if retry_after is not None:
        all_headers.append(("Retry-After", str(retry_after)))
    start_response(f"{status.value} {status.phrase}", all_headers)
    return [html]


def _hsts() -> Headers:
    """Returns the header that Django's SecurityMiddleware would send. Browsers ignore it without HTTPS."""
    if not (settings.configured and settings.SECURE_HSTS_SECONDS):
        return []
    value = f"max-age={settings.SECURE_HSTS_SECONDS}"
    if settings.SECURE_HSTS_INCLUDE_SUBDOMAINS:
        value += "; includeSubDomains"
    if settings.SECURE_HSTS_PRELOAD:
        value += "; preload"
    return [("Strict-Transport-Security", value)]
