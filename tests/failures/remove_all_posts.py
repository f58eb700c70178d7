"""Run as a process of its own: a moderator removes all posts by a member, and the worker does all of it."""

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
    from forum.posts import create as posts_create
    from moderation.members import remove_all_posts

    member = User.objects.create_user("spammer", "spammer@example.org")
    for topic in Topic.objects.all():
        posts_create.create_reply(topic=topic, by=member, body="Buy bells.", submission_key=uuid4())
    remove_all_posts.MAX_IMMEDIATE = 0
    entry = remove_all_posts.remove_all_posts(
        member=member, by=User.objects.get(name="person0"), reason="Spam."
    )
    json.dump({"posts": entry.facts["after"]["posts"]}, sys.stdout)


if __name__ == "__main__":
    main()
