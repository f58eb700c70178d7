"""What the web server serves: Django behind the page store, within limits."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django = get_wsgi_application()

from django.conf import settings  # noqa: E402 - readable only now

from config.availability import outage  # noqa: E402
from config.page_cache.wsgi import keep_pages  # noqa: E402
from config.server import request_limits as limits  # noqa: E402
from config.server.charsets import utf8_alone, utf8_parts  # noqa: E402
from config.server.django_threads import in_own_threads  # noqa: E402
from config.server.guard import answer_errors  # noqa: E402
from config.server.request_bodies import read_first  # noqa: E402
from config.web import system_checks as checks  # noqa: E402

checks.refuse_unsafe_production()

behind_limits = limits.believe_only_proxies(
    keep_pages(in_own_threads(outage.limit_waiting(django))), trusted=settings.ALLAUTH_TRUSTED_PROXY_COUNT
)
application = answer_errors(
    limits.limit_bodies(
        utf8_alone(read_first(utf8_parts(behind_limits), pace=settings.BODY_PACE)),
        uploads=limits.Uploads(
            longest=settings.UPLOAD_BYTES,
            paths=("/attachments/", "/account/picture/"),
            cookie=settings.SESSION_COOKIE_NAME,
        ),
    )
)
