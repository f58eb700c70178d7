"""Where messages to a visitor wait for the next page: in a cookie, and what is too long for one in the session."""

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.messages.storage.session import SessionStorage


class OwnCookie(CookieStorage):
    cookie_name = settings.MESSAGES_COOKIE_NAME


class Told(FallbackStorage):
    storage_classes = (OwnCookie, SessionStorage)
