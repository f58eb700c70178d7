"""Which version of Belfry made a page: after an upgrade, or with another community name, pages look different."""

import hashlib
import os
from collections.abc import Iterator
from functools import cache

from django.conf import settings

FOLDERS = ("accounts", "config", "core", "forum", "moderation", "notifications", "templates", "static")


@cache
def release() -> str:
    """Returns a hash of the files that pages are made from (name, size, modification time) and the settings they
    show."""
    shown = (settings.COMMUNITY_NAME, settings.TIME_ZONE, settings.SITE_URL, settings.STATIC_URL)
    return hashlib.sha256(repr((shown, sorted(_files()))).encode()).hexdigest()[:16]


def _files() -> Iterator[tuple[str, int, int]]:
    folders = [settings.ROOT / folder for folder in FOLDERS] + [settings.STATIC_ROOT]
    for folder in folders:
        for where, _, names in os.walk(folder):
            for name in names:
                if not name.endswith(".pyc"):
                    stat = os.stat(os.path.join(where, name))
                    yield os.path.join(where, name), stat.st_size, stat.st_mtime_ns
