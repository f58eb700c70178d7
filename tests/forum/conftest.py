"""What is attached during a test of the forum."""

from tests.attachments import attach, kept_in  # noqa: F401 - fixtures
