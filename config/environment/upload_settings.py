"""Settings of attachments: where they are stored, which types are accepted, and how much."""

from importlib.util import find_spec
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from config.environment import variables as env

KNOWN_TYPES = ("pdf", "txt", "csv", "md", "log", "zip", "docx", "odt", "xlsx", "ods")


def storage(data_dir: Path, *, stretch: float = 1) -> dict[str, Any]:
    """Returns a value for STORAGES: the disk or, with BELFRY_ATTACHMENTS_S3_BUCKET, a bucket, whose time limits are
    multiplied by `stretch`."""
    bucket = env.text("BELFRY_ATTACHMENTS_S3_BUCKET")
    if not bucket:
        return {
            "BACKEND": "core.storage.files.PrivateFileStorage",
            "OPTIONS": {"location": data_dir / "attachments"},
        }
    if not (find_spec("storages") and find_spec("boto3")):
        raise ImproperlyConfigured(
            "BELFRY_ATTACHMENTS_S3_BUCKET is set, but the S3 packages are not installed; run"
            " .venv/bin/python -m pip install --require-hashes -r requirements/s3.txt"
        )
    from boto3.s3.transfer import TransferConfig  # installed, as checked above
    from botocore.config import Config

    return {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": bucket,
            "endpoint_url": env.text("BELFRY_ATTACHMENTS_S3_ENDPOINT") or None,
            "region_name": env.text("BELFRY_ATTACHMENTS_S3_REGION") or None,
            "access_key": env.text("BELFRY_ATTACHMENTS_S3_KEY") or None,
            "secret_key": env.text("BELFRY_ATTACHMENTS_S3_SECRET") or None,
            "location": "attachments",
            # Give up soon if the bucket does not respond: few requests may wait for it
            # (config/server/django_threads.py).
            "client_config": Config(
                connect_timeout=1 * stretch, read_timeout=2 * stretch, retries={"total_max_attempts": 2}
            ),
            # Otherwise it would also try downloads five times, in its own threads.
            "transfer_config": TransferConfig(num_download_attempts=1, use_threads=False),
            "max_memory_size": 2_000_000,  # bytes of a file; the rest is on disk while it is sent
            "default_acl": None,  # the bucket's default, private: only Belfry downloads
            "file_overwrite": True,  # names are random, so there is no need to check whether one exists
        },
    }


def megabytes() -> int:
    return env.number("BELFRY_ATTACHMENT_MB", 10, minimum=1, maximum=100)


def megabytes_a_day() -> int:
    return env.number("BELFRY_ATTACHMENTS_MB_A_DAY", 100, minimum=1, maximum=100_000)


def types() -> tuple[str, ...]:
    extensions = env.words("BELFRY_ATTACHMENT_TYPES", "pdf txt csv zip")
    if unknown := sorted(set(extensions) - set(KNOWN_TYPES)):
        raise ImproperlyConfigured(
            f"BELFRY_ATTACHMENT_TYPES has unknown types: {', '.join(unknown)}; use some of {', '.join(KNOWN_TYPES)}"
        )
    return tuple(extensions)
