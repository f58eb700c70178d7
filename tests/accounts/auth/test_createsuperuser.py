"""`manage.py createsuperuser` makes an admin who can sign in."""

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from tests.conftest import PASSWORD


def test_createsuperuser_reads_environment(client, db, monkeypatch, submit_login):
    for name, said in {"NAME": "Olga", "EMAIL": "Olga@Example.org", "PASSWORD": PASSWORD}.items():
        monkeypatch.setenv(f"DJANGO_SUPERUSER_{name}", said)
    call_command("createsuperuser", interactive=False, verbosity=0)
    olga = User.objects.get()
    assert (olga.name, olga.email, olga.role) == ("Olga", "olga@example.org", "admin")
    assert submit_login("olga").url == "/"
    with pytest.raises(CommandError, match="already"):
        call_command("createsuperuser", interactive=False, verbosity=0)


def test_createsuperuser_reads_prompts(client, db, monkeypatch, submit_login):
    said = {"Name": "Olga", "Email": "olga@example.org", "Password": PASSWORD}
    monkeypatch.setattr("builtins.input", lambda asked: said[asked.split()[0].strip(":")])
    monkeypatch.setattr("getpass.getpass", lambda asked="": PASSWORD)

    class Terminal:
        def isatty(self) -> bool:
            return True

    call_command("createsuperuser", stdin=Terminal(), verbosity=0)
    assert submit_login("olga@example.org").url == "/"
