"""BELFRY_DEADLINE_FACTOR multiplies every time limit of a request. The limits of pictures, buckets, bodies and lanes
are tested with their code; here are the others."""

from types import SimpleNamespace

from django.conf import settings

from core.storage import files


def test_deadline_factor_multiplies_mail_timeout():
    assert settings.DEADLINE_FACTOR > 1
    assert settings.EMAIL_TIMEOUT == 10 * settings.DEADLINE_FACTOR


def test_deadline_factor_multiplies_file_deletion_timeout(settings, monkeypatch):
    settings.DEADLINE_FACTOR = 3
    now, asked = [0], []

    class Hanging:
        def delete(self, name: str) -> None:
            asked.append(name)
            now[0] += files.DELETE_TIMEOUT
            raise OSError

    monkeypatch.setattr(files, "time", SimpleNamespace(monotonic=lambda: now[0]))
    monkeypatch.setattr(files, "_storage", Hanging)
    files.delete_files(*"abcdef")
    assert "".join(asked) == "abcd"
