"""A mail server that stores the mail it receives."""

import re
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.smtp import SMTP, Envelope, Session


class PostOffice:
    """Accepts mail by SMTP."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        assert isinstance(envelope.content, bytes)
        self.letters.append(message_from_bytes(envelope.content, policy=policy.default))  # type: ignore[arg-type]
        return "250 OK"

    def code_for(self, address: str) -> str:
        """Returns the code in the one mail to this address: the code is on a line of its own."""
        [letter] = [letter for letter in self.letters if letter["To"] == address]
        [code] = re.findall(r"^ {4}(\S+)\s*$", letter.get_content(), re.MULTILINE)
        return code
