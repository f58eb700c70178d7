"""A directory of the test's own for attachments: import the fixtures `attachment_dir` and `attach` to use them."""

from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings as all_settings

from accounts.models import User
from forum.attachments import upload as attachments_upload
from forum.models import Attachment
from tests.support.pictures import picture, uploaded_file

Attach = Callable[..., Attachment]


@pytest.fixture
def attachment_dir(settings, tmp_path) -> Path:
    """The directory of stored files during the test."""
    place = tmp_path / "attachments"
    kept = {"BACKEND": "core.storage.files.PrivateFileStorage", "OPTIONS": {"location": place}}
    settings.STORAGES = {**all_settings.STORAGES, "attachments": kept}
    return place


@pytest.fixture
def attach(attachment_dir) -> Attach:
    def attach(by: User, name: str = "bell.png", content: bytes | None = None, **options) -> Attachment:
        upload = uploaded_file(name, picture() if content is None else content)
        return attachments_upload.attach(by=by, upload=upload, **{"submission_key": uuid4(), **options})

    return attach


def files_in(place: Path) -> list[str]:
    """Returns all files that are stored there, including unfinished ones."""
    return sorted(str(path.relative_to(place)) for path in place.rglob("*") if path.is_file())
