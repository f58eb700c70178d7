"""Belfry as it is served, in a worker that dies (as by kill -9) in the middle of a request that asks for it."""

import os
import signal
from contextvars import ContextVar

from config.rsgi import over_rsgi
from config.wsgi import application as belfry
from forum.composer import reply_views
from forum.posts import create as posts_create

POINTS = ("asked", "locked", "written", "committed", "answered")
_point: ContextVar[str] = ContextVar("point", default="")


def _here(point: str) -> None:
    if _point.get() == point:
        os.kill(os.getpid(), signal.SIGKILL)


def _write(*given, **named):
    _here("locked")
    post = write(*given, **named)
    _here("written")
    return post


def _reply(**named):
    post = reply(**named)
    _here("committed")
    return post


write, reply = posts_create._create_post, posts_create.create_reply
posts_create._create_post = _write
reply_views.create_reply = _reply


def mortal(environ, start_response):
    _point.set(environ.get("HTTP_X_DIE_AT", ""))
    _here("asked")
    answer = belfry(environ, start_response)
    _here("answered")
    return answer


application = over_rsgi(mortal)
