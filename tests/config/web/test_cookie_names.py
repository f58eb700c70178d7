"""In production no other host can set a cookie of ours: each has the prefix that makes browsers enforce that."""

import subprocess
import sys

import pytest

from tests.config.environment.test_production import ROOT, SAFE_SETTINGS

PROGRAM = """
import django
django.setup()
from http.cookies import SimpleCookie
from django.conf import settings
from django.contrib import messages
from django.contrib.messages.middleware import MessageMiddleware
from django.http import HttpResponse
from django.test import RequestFactory
from config.web import theme
from config.page_cache.cache_key import requested_page, of_nobody
from forum.composer.composer import wants_to_confirm_new_replies, remember_confirm_new_replies

def say(request):
    messages.info(request, "Done.")
    return HttpResponse()

def with_session(request):
    request.session = {}
    return request

asking = RequestFactory(headers={"host": "forum.example"})
answers = [
    theme.choose(asking.post("/theme/", {"theme": "dark"})),
    MessageMiddleware(say)(with_session(asking.get("/"))),
    remember_confirm_new_replies(HttpResponse(), asking.post("/", {"look_first": "on"})),
]
for answer in answers:
    for cookie in answer.cookies.values():
        print(cookie.key, bool(cookie["secure"]), cookie["path"], repr(cookie["domain"]), cookie["httponly"])
print(settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME)

asking.cookies = SimpleCookie("__Host-theme=dark; __Host-look_first=yes")
request = asking.get("/")
print(theme.theme_of(request), wants_to_confirm_new_replies(request))
environ = {"REQUEST_METHOD": "GET", "PATH_INFO": "/", "wsgi.url_scheme": "https"}
environ["HTTP_HOST"] = settings.ALLOWED_HOSTS[0]
for cookie in ("__Host-theme=dark", "theme=dark", "__Host-messages=x"):
    asked = requested_page({**environ, "HTTP_COOKIE": cookie})
    print(asked.key.theme, asked.by_guest, of_nobody(environ, asked.key).get("HTTP_COOKIE"))
"""
EXPECTED_OUTPUT = """
__Host-theme True / '' True
__Host-messages True / '' True
__Host-look_first True / '' True
__Host-session __Host-csrf
dark True
dark True __Host-theme=dark
system True None
system False None
"""


@pytest.mark.slow
def test_production_cookies_have_host_prefix_and_are_read():
    said = subprocess.run(
        [sys.executable, "-c", PROGRAM], env=SAFE_SETTINGS | {"DJANGO_SETTINGS_MODULE": "config.settings"}, cwd=ROOT,
        capture_output=True, text=True,
    )  # fmt: skip
    assert said.stdout == EXPECTED_OUTPUT.lstrip(), said.stderr
