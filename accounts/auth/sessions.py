"""The SESSION_ENGINE: reads a session and its member in one query."""

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


@cache
def _session_and_member() -> str:
    """Returns the SQL. Written by hand: the ORM takes longer to compose it than the database to run it."""
    columns = ", ".join(f"member.{field.column}" for field in User._meta.concrete_fields)
    return f"""
        SELECT session.session_data, {columns}
          FROM accounts_session AS session LEFT JOIN accounts_user AS member ON member.id = session.member_id
         WHERE session.session_key = %s AND session.expire_date > %s
    """  # noqa: S608 - our own names


class SessionStore(DatabaseStore):
    # The member that the row names, once it is loaded; member_of_session() checks whether the session is still valid.
    member: User | None = None

    def _validate_session_key(self, key: str | None) -> bool:
        """Unlike Django, rejects characters that the database cannot store, such as NUL."""
        return bool(key and len(key) >= 8 and key.isascii() and key.isalnum())

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def load(self) -> dict[str, Any]:
        with connection.cursor() as cursor:
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


def member_of_session(request: HttpRequest) -> User | AnonymousUser:
    """Returns the member of the request. Unusual cases (a changed password, an old SECRET_KEY) are left to Django."""
    member_id = request.session.get(auth.SESSION_KEY)
    member = getattr(request.session, "member", None)
    if (
        member is not None
        and str(member.pk) == member_id
        and member.is_active
        and request.session.get(auth.BACKEND_SESSION_KEY) in settings.AUTHENTICATION_BACKENDS
        and constant_time_compare(
            request.session.get(auth.HASH_SESSION_KEY, ""), member.get_session_auth_hash()
        )
    ):
        return member
    if getattr(connection, "is_read_only", False):
        return AnonymousUser()  # Django would flush the session, which needs a write
    return auth.get_user(request)
