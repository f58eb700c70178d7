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


def _kill_if_requested(point: str) -> None:
    if _point.get() == point:
        os.kill(os.getpid(), signal.SIGKILL)


def _write(*given, **named):
    _kill_if_requested("locked")
    post = write(*given, **named)
    _kill_if_requested("written")
    return post


def _reply(**named):
    post = reply(**named)
    _kill_if_requested("committed")
    return post


write, reply = posts_create._create_post, posts_create.create_reply
posts_create._create_post = _write
reply_views.create_reply = _reply


def killable_application(environ, start_response):
    _point.set(environ.get("HTTP_X_DIE_AT", ""))
    _kill_if_requested("asked")
    answer = belfry(environ, start_response)
    _kill_if_requested("answered")
    return answer


application = over_rsgi(killable_application)
