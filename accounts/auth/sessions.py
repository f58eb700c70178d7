"""The session and its member in one query (the SESSION_ENGINE)."""

from functools import cache
from typing import Any, cast

from django.conf import settings
from django.contrib import auth
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.db import connection
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from accounts.models import Session, User
from core.web.prepared_statements import prepared


@cache
def _session_and_member() -> str:
    """By hand: every page of every member begins with it, and composing it takes Django longer than asking it."""
    columns = ", ".join(f"member.{field.column}" for field in User._meta.concrete_fields)
    return f"""
        SELECT session.session_data, {columns}
          FROM accounts_session AS session LEFT JOIN accounts_user AS member ON member.id = session.member_id
         WHERE session.session_key = %s AND session.expire_date > %s
    """  # noqa: S608 - our own names


class SessionStore(DatabaseStore):
    # Who the row says it belongs to, once it has been read; member_of() decides whether that is still so.
    member: User | None = None

    def _validate_session_key(self, key: str | None) -> bool:
        """Django takes whatever a cookie says for a key, a NUL too, which the database does not."""
        return bool(key and len(key) >= 8 and key.isascii() and key.isalnum())

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def load(self) -> dict[str, Any]:
        with prepared(), connection.cursor() as cursor:
            cursor.execute(_session_and_member(), [self.session_key, timezone.now()])
            row = cursor.fetchone()
        if row is None:
            self._session_key = None
            return {}
        if row[1] is not None:
            names = [field.attname for field in User._meta.concrete_fields]
            self.member = User.from_db(connection.alias, names, row[1:])
        return self.decode(row[0])

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        session = cast(Session, super().create_model_instance(data))
        session.member_id = data.get(auth.SESSION_KEY)
        return session


def member_of(request: HttpRequest) -> User | AnonymousUser:
    """Who asks. Where anything is unusual (another password since, an old key), Django itself decides."""
    said = request.session.get(auth.SESSION_KEY)
    member = getattr(request.session, "member", None)
    if (
        member is not None
        and str(member.pk) == said
        and member.is_active
        and request.session.get(auth.BACKEND_SESSION_KEY) in settings.AUTHENTICATION_BACKENDS
        and constant_time_compare(
            request.session.get(auth.HASH_SESSION_KEY, ""), member.get_session_auth_hash()
        )
    ):
        return member
    if getattr(connection, "is_read_only", False):
        return AnonymousUser()  # Django would end the session, which is writing
    return auth.get_user(request)
