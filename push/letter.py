"""A message as a mail (RFC 5322): plain text, marked as automatic, one thread per matter."""

from __future__ import annotations

from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from hashlib import sha256

from msgspec import Struct

from core.engine.ports import SECOND, Message, Millis

_POLICY = SMTP.clone(cte_type="7bit")
_SUBJECT = 200


class Letterhead(Struct, frozen=True):
    """Who writes."""

    sender: str

    @property
    def domain(self) -> str:
        return self.sender.rpartition("@")[2]


def letter(head: Letterhead, message: Message, address: str, now: Millis) -> bytes:
    """The mail as bytes, with CRLF.

    The same message always has the same Message-ID: when a mail is sent twice because its receipt was lost,
    the receiver's mailbox can tell. Mails with the same tag refer to the same first mail.
    """
    mail = EmailMessage(policy=_POLICY)
    mail["From"] = Address(addr_spec=head.sender)
    mail["To"] = Address(addr_spec=address)
    mail["Subject"] = one_line(message.subject)
    mail["Date"] = format_datetime(datetime.fromtimestamp(now // SECOND, UTC))
    mail["Message-ID"] = _id(head, f"{message.id} {message.tag} {message.expires}")
    if message.tag:
        mail["In-Reply-To"] = mail["References"] = _id(head, message.tag)
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"
    mail.set_content(message.text, charset="utf-8")
    mail["Content-Language"] = message.language  # after the content, which clears all headers about it
    return mail.as_bytes()


def one_line(text: str) -> str:
    """Without anything that could end a header line, or hide in one."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())[:_SUBJECT]


def _id(head: Letterhead, of: str) -> str:
    return f"<{sha256(of.encode()).hexdigest()[:32]}@{head.domain}>"
