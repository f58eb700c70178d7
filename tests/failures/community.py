"""Run as a process of its own on a private database: creates a few members and topics, and prints as JSON how to sign
in as them."""

import json
import os
import sys
from uuid import uuid4

TOPICS = 6


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)

    from accounts.models import User
    from forum.models import Section
    from forum.posts.create import start_topic

    section = Section.objects.create(name="Talk", slug="talk", place=1)
    # Staff have no posting limits.
    people = [
        User.objects.create_user(f"person{n}", f"person{n}@example.org", role="moderator")
        for n in range(TOPICS)
    ]
    topics = [
        start_topic(
            section=section, by=person, title=f"Topic {n}", body="The bell rings.", submission_key=uuid4()
        )
        for n, person in enumerate(people)
    ]
    json.dump(
        {
            "topics": [topic.get_absolute_url() for topic in topics],
            "pages": ["/", section.get_absolute_url(), *(topic.get_absolute_url() for topic in topics)],
            "sessions": [_session_of(person) for person in people],
        },
        sys.stdout,
    )


def _session_of(person) -> str:  # type: ignore[no-untyped-def]
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

    from accounts.auth.sessions import SessionStore

    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = "accounts.auth.backends.NameOrEmailBackend"
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.create()
    return str(session.session_key)


if __name__ == "__main__":
    main()
