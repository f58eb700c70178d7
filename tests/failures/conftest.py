import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.failures.forum import Forum


@pytest.fixture(scope="package")
def forum() -> Iterator[Forum]:
    """One forum for all faults: each test must leave it working."""
    forum = Forum(Path(tempfile.mkdtemp(prefix="belfry-failures-")))
    try:
        forum.serve()
        yield forum
    finally:
        forum.shut_down()
