"""Django behind the page cache and the limits, as WSGI applications. `config/rsgi.py` serves them."""

import os
from typing import TYPE_CHECKING

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django = get_wsgi_application()

from django.conf import settings  # noqa: E402 - readable only now

from config.availability import outage  # noqa: E402
from config.page_cache.wsgi import keep_pages  # noqa: E402
from config.server import request_limits  # noqa: E402
from config.server.charsets import utf8_alone, utf8_parts  # noqa: E402
from config.server.django_threads import in_own_threads  # noqa: E402
from config.server.wsgi_in_threads import accept  # noqa: E402
from config.web import system_checks  # noqa: E402

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

system_checks.refuse_unsafe_production()


def directly(app: "WSGIApplication") -> "WSGIApplication":
    """Returns the application for requests that come without a proxy, or through trusted ones."""
    return request_limits.believe_only_proxies(app, trusted=settings.ALLAUTH_TRUSTED_PROXY_COUNT)


uncached = in_own_threads(outage.limit_waiting(django))
front = None if settings.DEBUG else keep_pages(uncached)  # in debug mode templates change
# Sees each request before its body is read, on the event loop.
before_body = request_limits.limit_bodies(
    utf8_alone(directly(front.or_from_memory(accept)) if front else accept),
    uploads=request_limits.Uploads(
        longest=settings.UPLOAD_BYTES,
        paths=("/attachments/", "/account/picture/"),
        cookie=settings.SESSION_COOKIE_NAME,
    ),
)
application = utf8_parts(directly(front or uncached))
