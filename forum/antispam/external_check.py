"""An external check of what new members post, if a community has one. `BELFRY_TEXT_CHECK` names a function
`check(text, member)` that returns a Verdict. It is called before anything is locked. If it fails or takes too long, it
is ignored, and only the community's own rules apply."""

import logging
from concurrent.futures import ThreadPoolExecutor
from functools import cache

from django.conf import settings
from django.db import connection
from django.utils.module_loading import import_string

from accounts.models import User
from forum.antispam.verdict import PASSED, Verdict

TIMEOUT = 3  # seconds
MAX_THREADS = 8

log = logging.getLogger(__name__)


def verdict_on(text: str, member: User) -> Verdict:
    if not settings.TEXT_CHECK:
        return PASSED
    try:
        call = _threads().submit(_call_check, settings.TEXT_CHECK, text, member)
        verdict = call.result(timeout=TIMEOUT * settings.DEADLINE_FACTOR)
    except Exception:  # noqa: BLE001 - it may raise anything, and TimeoutError comes from us
        log.exception("The external check failed or took too long, and is ignored")
        return PASSED
    return verdict if isinstance(verdict, Verdict) else PASSED


def _call_check(name: str, text: str, member: User) -> Verdict:
    try:
        return import_string(name)(text, member)
    finally:
        connection.close()  # the check may have used the database, in its thread


@cache
def _threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(MAX_THREADS, thread_name_prefix="text check")
