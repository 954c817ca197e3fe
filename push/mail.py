"""Mail out over SMTP: one short plain text per message, threaded by matter.

A few connections are kept and used again; one is only used again after it answered RSET, so a connection that
died while it lay idle costs a new one and never a mail.
"""

from __future__ import annotations

import asyncio
import re
import ssl
from contextlib import suppress
from types import TracebackType

import aiosmtplib
from aiosmtplib import SMTP

from core.engine.ports import SECOND, Clock, Failed, Message, Millis, Outcome, Retry, Sent
from push.letter import Letterhead, letter
from push.mail_server import MailServer

TIMEOUT = 10.0
"""Seconds for one mail, all in all."""

_CONNECTIONS = 8
_IDLE: Millis = 20 * SECOND
_PATIENCE = 2.0
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,252}[A-Za-z0-9])?")
_OURS = (
    aiosmtplib.SMTPConnectResponseError,
    aiosmtplib.SMTPHeloError,
    aiosmtplib.SMTPAuthenticationError,
    aiosmtplib.SMTPSenderRefused,
)


class Mail:
    """The channel `mail`. Use it as an async context manager: it owns the connections.

    Reasons it gives: `smtp_<code>`, `timeout`, `network`, `certificate`, `not_offered` (no STARTTLS or no AUTH),
    `bad_address`. Addresses and texts stand in none of them.
    """

    name = "mail"
    room = 2 * _CONNECTIONS

    def __init__(self, server: MailServer, sender: str, *, clock: Clock, timeout: float = TIMEOUT) -> None:
        """`sender` is the address in From and in the envelope; ValueError when it is none."""
        if not _ADDRESS.fullmatch(sender):
            raise ValueError("the sender of mails is an address like desk@mail.example")
        self._server = server
        self._letterhead = Letterhead(sender)
        self._clock = clock
        self._timeout = timeout
        self._turns = asyncio.Semaphore(_CONNECTIONS)
        self._idle: list[tuple[Millis, SMTP]] = []

    async def __aenter__(self) -> Mail:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        while self._idle:
            await _leave(self._idle.pop()[1])

    async def send(self, message: Message) -> Outcome:
        """Deliver one mail to `message.to["address"]`."""
        address = message.to.get("address", "")
        if not _ADDRESS.fullmatch(address):
            return Failed("bad_address")
        try:
            async with asyncio.timeout(self._timeout), self._turns:
                return await self._deliver(message, address)
        except aiosmtplib.SMTPRecipientsRefused as error:
            return _refused(error.recipients[0].code)
        except _OURS as error:
            return _refused(error.code, ours=True)
        except aiosmtplib.SMTPResponseException as error:
            return _refused(error.code)
        except (aiosmtplib.SMTPException, OSError) as error:
            return _broken(error)

    async def _deliver(self, message: Message, address: str) -> Outcome:
        connection = await self._connection()
        try:
            text = letter(self._letterhead, message, address, self._clock.now())
            await connection.sendmail(self._letterhead.sender, address, text)
        except BaseException:
            # Whatever interrupted the talk, nobody knows where it stands: this connection is not used again.
            connection.close()
            raise
        self._idle.append((self._clock.steady(), connection))
        return Sent("smtp_250")

    async def _connection(self) -> SMTP:
        """One that is known to listen: an idle one that answers, or a new one."""
        while self._idle:
            since, connection = self._idle.pop()
            if self._clock.steady() - since < _IDLE and await _listens(connection):
                return connection
            connection.close()
        connection = self._server.client(self._letterhead.domain, self._timeout)
        await connection.connect()
        return connection


async def _listens(connection: SMTP) -> bool:
    try:
        await connection.rset(timeout=_PATIENCE)
    except (aiosmtplib.SMTPException, OSError):
        return False
    except BaseException:
        connection.close()
        raise
    return True


async def _leave(connection: SMTP) -> None:
    with suppress(aiosmtplib.SMTPException, OSError):
        await connection.quit(timeout=_PATIENCE)
    connection.close()


def _refused(code: int, ours: bool = False) -> Outcome:
    """5yz is for good, 4yz passes; `ours` when it is our account or our sender that was refused."""
    reason = f"smtp_{code}"
    return Failed(reason, alarm=ours) if 500 <= code < 600 else Retry(reason=reason)


def _broken(error: Exception) -> Outcome:
    if isinstance(error, ssl.SSLCertVerificationError) or isinstance(error.__cause__, ssl.SSLCertVerificationError):
        return Failed("certificate", alarm=True)
    if isinstance(error, TimeoutError):
        return Retry(reason="timeout")
    if isinstance(error, OSError):
        return Retry(reason="network")
    return Failed("not_offered", alarm=True)
