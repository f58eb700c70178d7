"""Where attachments are stored, according to the settings."""

import sys
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from config.environment import upload_settings
from config.server import request_limits

S3_VARIABLES = [
    "BELFRY_ATTACHMENTS_S3_BUCKET",
    "BELFRY_ATTACHMENTS_S3_ENDPOINT",
    "BELFRY_ATTACHMENTS_S3_REGION",
]


def test_attachments_are_stored_on_disk_by_default(monkeypatch):
    monkeypatch.delenv("BELFRY_ATTACHMENTS_S3_BUCKET", raising=False)
    kept = upload_settings.storage(Path("/data"))
    assert kept == {
        "BACKEND": "core.storage.files.PrivateFileStorage",
        "OPTIONS": {"location": Path("/data/attachments")},
    }


def test_s3_bucket_requires_s3_packages(monkeypatch):
    monkeypatch.setenv("BELFRY_ATTACHMENTS_S3_BUCKET", "belfry")
    monkeypatch.setattr(upload_settings, "find_spec", lambda name: None)
    with pytest.raises(ImproperlyConfigured, match="requirements/s3.txt"):
        upload_settings.storage(Path("/data"))


def test_s3_storage_is_private_with_short_timeouts(monkeypatch):
    for name in S3_VARIABLES:
        monkeypatch.setenv(name, f"https://{name.lower()}.example")
    monkeypatch.setattr(upload_settings, "find_spec", lambda name: sys)
    told: dict = {}
    monkeypatch.setitem(sys.modules, "botocore", ModuleType("botocore"))
    for name in ("boto3", "boto3.s3", "boto3.s3.transfer"):
        monkeypatch.setitem(sys.modules, name, ModuleType(name))
    sys.modules["boto3.s3.transfer"].TransferConfig = lambda **options: options
    config = ModuleType("botocore.config")
    config.Config = lambda **options: told.update(options)
    monkeypatch.setitem(sys.modules, "botocore.config", config)
    kept = upload_settings.storage(Path("/data"))
    assert kept["BACKEND"] == "storages.backends.s3.S3Storage"
    assert kept["OPTIONS"]["default_acl"] is None
    longest = (told["connect_timeout"] + told["read_timeout"]) * told["retries"]["total_max_attempts"]
    assert longest <= 6  # seconds: it does not block a thread for long
    upload_settings.storage(Path("/data"), stretch=3)
    assert (told["connect_timeout"], told["read_timeout"]) == (3, 6)
    assert kept["OPTIONS"]["transfer_config"]["num_download_attempts"] == 1
    assert kept["OPTIONS"]["endpoint_url"] == "https://belfry_attachments_s3_endpoint.example"
    assert kept["OPTIONS"]["access_key"] is None


@pytest.mark.skipif(not find_spec("storages"), reason="requirements/s3.txt is not installed")
def test_s3_library_accepts_the_options(monkeypatch):
    from storages.backends.s3 import S3Storage

    monkeypatch.setenv("BELFRY_ATTACHMENTS_S3_BUCKET", "belfry")
    assert S3Storage(**upload_settings.storage(Path("/data"))["OPTIONS"]).bucket_name == "belfry"


@pytest.mark.parametrize(
    ("name", "said", "read_setting"),
    [
        ("BELFRY_ATTACHMENT_TYPES", "pdf exe", upload_settings.types),
        ("BELFRY_ATTACHMENT_MB", "0", upload_settings.megabytes),
        ("BELFRY_ATTACHMENTS_MB_A_DAY", "much", upload_settings.megabytes_a_day),
    ],
)
def test_invalid_upload_setting_is_rejected(monkeypatch, name, said, read_setting):
    monkeypatch.setenv(name, said)
    with pytest.raises(ImproperlyConfigured, match=name):
        read_setting()


@pytest.mark.parametrize(
    ("path", "cookie", "length", "status"),
    [
        ("/attachments/", "session=x", settings.UPLOAD_BYTES, "200"),
        ("/attachments/", "session=x", settings.UPLOAD_BYTES + 1, "413"),
        ("/attachments/", "", request_limits.LONGEST_BODY + 1, "413"),
        ("/account/picture/", "session=x", request_limits.LONGEST_BODY + 1, "200"),
        ("/s/talk/new/", "session=x", request_limits.LONGEST_BODY + 1, "413"),
    ],
)
def test_long_body_is_accepted_only_for_signed_in_upload(path, cookie, length, status):
    said = []

    def app(environ, start_response):
        start_response("200 OK", [])
        return []

    places = request_limits.Uploads(settings.UPLOAD_BYTES, ("/attachments/", "/account/picture/"), "session")
    environ = {"PATH_INFO": path, "HTTP_COOKIE": cookie, "CONTENT_LENGTH": str(length)}
    request_limits.limit_bodies(app, uploads=places)(environ, lambda status, headers: said.append(status))
    assert said[0].startswith(status)
