"""The session and its member in one query (the SESSION_ENGINE)."""

from typing import Any

from django.conf import settings
from django.contrib import auth
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from accounts.models import Session, User


class SessionStore(DatabaseStore):
    # Who the row says it belongs to, once it has been read; member_of() decides whether that is still so.
    member: User | None = None

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def _get_session_from_db(self) -> Session | None:
        session = (
            Session.objects.select_related("member")
            .filter(session_key=self.session_key, expire_date__gt=timezone.now())
            .first()
        )
        if session is None:
            self._session_key = None
            return None
        self.member = session.member
        return session

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        session: Session = super().create_model_instance(data)
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
    return auth.get_user(request)  # type: ignore[return-value] # our own user model
