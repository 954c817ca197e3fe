"""A mail server on loopback, on the test's own event loop: keeps what it takes, refuses what it is told to."""

from __future__ import annotations

import asyncio
import ssl
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from types import TracebackType
from typing import Any, Literal, TypeAlias

import msgspec
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.wire.waiting import Arrivals

Step: TypeAlias = Literal["MAIL", "RCPT", "DATA", "RSET"]


class Mailed(msgspec.Struct, frozen=True):
    """One mail that was taken."""

    sender: str
    recipients: list[str]
    mail: EmailMessage
    encrypted: bool
    user: str

    @property
    def text(self) -> str:
        body = self.mail.get_body(("plain",))
        return body.get_content().replace("\r\n", "\n") if body else ""


class SmtpServer:
    """`async with SmtpServer() as server`; it listens at `server.url`.

    `account` (user, password) makes it ask for a sign-in; `tls` offers STARTTLS, or speaks TLS from the start.
    """

    def __init__(
        self,
        *,
        account: tuple[str, str] | None = None,
        tls: ssl.SSLContext | None = None,
        from_the_start: bool = False,
    ) -> None:
        self._account = account
        self._tls = tls
        self._from_the_start = from_the_start
        self._answers: dict[str, str] = {}
        self._connections: list[_Connection] = []
        self._closing = asyncio.Event()
        self._mails: Arrivals[Mailed] = Arrivals()
        self.busiest = 0
        """The most connections that were open at once."""
        self.port = 0

    @property
    def url(self) -> str:
        user = f"{self._account[0]}@" if self._account else ""
        return f"{'smtps' if self._from_the_start else 'smtp'}://{user}127.0.0.1:{self.port}"

    @property
    def connections(self) -> int:
        """How many were made so far."""
        return len(self._connections)

    @property
    def mails(self) -> list[Mailed]:
        return self._mails.all

    def answer(self, step: Step, reply: str) -> None:
        """From now on reply so to a step: `550 no such user`, `451 later`, `hang`, `drop`; "" is normal again."""
        self._answers[step] = reply

    def drop_all(self) -> None:
        """Close every open connection, as a server does with idle ones."""
        for connection in self._connections:
            connection.drop()

    async def received(self, count: int = 1) -> list[Mailed]:
        """The first `count` mails, waiting for them."""
        return await self._mails.wait(count)

    async def __aenter__(self) -> SmtpServer:
        loop = asyncio.get_running_loop()
        context = self._tls if self._from_the_start else None
        self._server = await loop.create_server(self._connection, "127.0.0.1", 0, ssl=context)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closing.set()
        self._server.close()
        self.drop_all()
        await asyncio.gather(*(connection.ended() for connection in self._connections))
        await self._server.wait_closed()

    def _connection(self) -> _Connection:
        connection = _Connection(
            self,
            hostname="mail.test",
            tls_context=None if self._from_the_start else self._tls,
            auth_require_tls=not self._from_the_start,
            authenticator=self._authenticate,
            loop=asyncio.get_running_loop(),
        )
        self._connections.append(connection)
        self.busiest = max(self.busiest, sum(each.transport is not None for each in self._connections) + 1)
        return connection

    def _authenticate(self, server: SMTP, session: Session, envelope: Envelope, method: str, data: Any) -> AuthResult:
        given = (data.login.decode(), data.password.decode()) if isinstance(data, LoginPassword) else None
        return AuthResult(success=given == self._account, handled=False, auth_data=data)

    async def handle_MAIL(
        self, server: _Connection, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self._account and not session.authenticated:
            return "530 sign in first"
        envelope.mail_from = address
        return await self._reply("MAIL", server)

    async def handle_RCPT(
        self, server: _Connection, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        reply = await self._reply("RCPT", server)
        if reply.startswith("250"):
            envelope.rcpt_tos.append(address)
        return reply

    async def handle_RSET(self, server: _Connection, session: Session, envelope: Envelope) -> str:
        return await self._reply("RSET", server)

    async def handle_DATA(self, server: _Connection, session: Session, envelope: Envelope) -> str:
        reply = await self._reply("DATA", server)
        if reply.startswith("250"):
            await self._mails.add(_mailed(server, session, envelope))
        return reply

    async def _reply(self, step: Step, server: _Connection) -> str:
        reply = self._answers.get(step) or "250 ok"
        if reply == "hang":
            await self._closing.wait()
        if reply == "drop":
            server.drop()
        return reply if reply[:3].isdigit() else "421 closing"


class _Connection(SMTP):
    """One talk, which can be cut off and awaited to its end."""

    def drop(self) -> None:
        # After a failed handshake aiosmtpd forgets the connection below the encrypted one.
        for transport in (self.transport, self._original_transport):
            if isinstance(transport, asyncio.WriteTransport):
                transport.abort()

    async def ended(self) -> None:
        if self._timeout_handle is not None:
            self._timeout_handle.cancel()
        if self._handler_coroutine is not None:
            self._handler_coroutine.cancel()
            await asyncio.gather(self._handler_coroutine, return_exceptions=True)


def _mailed(server: _Connection, session: Session, envelope: Envelope) -> Mailed:
    login = session.auth_data.login.decode() if session.auth_data else ""
    content = envelope.content
    assert isinstance(content, bytes)
    mail = message_from_bytes(content, policy=default)
    assert isinstance(mail, EmailMessage)
    encrypted = server.transport is not None and server.transport.get_extra_info("sslcontext") is not None
    return Mailed(envelope.mail_from or "", envelope.rcpt_tos, mail, encrypted, login)
