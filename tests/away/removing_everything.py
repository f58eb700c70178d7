"""Run in a process of its own: a moderator removes everything by a member, of which the worker has all to do."""

import json
import os
import sys
from uuid import uuid4


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()

    from accounts.models import User
    from forum.models import Topic
    from forum.posts import create as posting
    from moderation.members import remove_all_posts as clearing

    member = User.objects.create_user("spammer", "spammer@example.org")
    for topic in Topic.objects.all():
        posting.reply(topic=topic, by=member, body="Buy bells.", submission_key=uuid4())
    clearing.MAX_IMMEDIATE = 0
    entry = clearing.remove_all_posts(member=member, by=User.objects.get(name="person0"), reason="Spam.")
    json.dump({"posts": entry.facts["after"]["posts"]}, sys.stdout)


if __name__ == "__main__":
    main()
