"""What is attached during a race."""

from tests.attachments import attach, kept_in  # noqa: F401 - fixtures
