#!/usr/bin/env python3
"""Belfry's command line: `manage.py help` lists what it can do."""

import os
import sys

# Commands that read files alone; every other one gets a running database.
NEED_NO_DATABASE = {"check", "collectstatic", "diffsettings", "help", "version"}


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from django.core.management import execute_from_command_line

    command = next((word for word in sys.argv[1:] if not word.startswith("-")), "help")
    if command in NEED_NO_DATABASE:
        execute_from_command_line(sys.argv)
        return
    from config.server.prestart import database

    with database():
        execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
