"""A worker that is killed in the middle of removing all posts: two of its topics are done, the others are not."""

import os
import signal


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    from django.core.management import call_command

    from moderation.members import remove_all_posts_sql

    remove_all_posts_sql.BATCH = 1
    remove, left = remove_all_posts_sql.remove, [2]

    def remove_and_die(entry, batch):  # type: ignore[no-untyped-def]
        if not left[0]:
            os.kill(os.getpid(), signal.SIGKILL)
        left[0] -= 1
        return remove(entry, batch)

    remove_all_posts_sql.remove = remove_and_die
    call_command("worker")


if __name__ == "__main__":
    main()
