import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.away.forum import Forum


@pytest.fixture(scope="package")
def forum() -> Iterator[Forum]:
    """One forum for all faults: each test must leave it working."""
    forum = Forum(Path(tempfile.mkdtemp(prefix="belfry-away-")))
    try:
        forum.serve()
        yield forum
    finally:
        forum.shut_down()
