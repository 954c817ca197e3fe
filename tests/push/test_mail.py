"""Mail against a real SMTP server on loopback."""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime
from pathlib import Path

import pytest

from core.engine.ports import Failed, Outcome, Retry, Sent
from push.mail import Mail
from push.mail_server import MailServer
from tests.clock import HandClock
from tests.push.messages import START, message
from tests.wire.certificates import contexts
from tests.wire.smtp_server import SmtpServer, Step

SENDER = "desk@tsubame.example"
SUZUKI = {"address": "suzuki@tsubame.example"}
ACCOUNT = ("desk", "p@ss 日本")


async def test_mail_arrives_whole(mail: Mail, smtp_server: SmtpServer) -> None:
    """Japanese subject and text are read as they were composed, by the one receiver, from the desk."""
    call = message(SUZUKI)
    assert await mail.send(call) == Sent("smtp_250")
    (got,) = await smtp_server.received()
    assert (got.sender, got.recipients) == (SENDER, [SUZUKI["address"]])
    assert (got.mail["Subject"], got.text) == (call.subject, call.text)
    assert (got.mail["From"], got.mail["To"]) == (SENDER, SUZUKI["address"])


async def test_mail_says_that_a_machine_wrote_it(mail: Mail, smtp_server: SmtpServer) -> None:
    """Out-of-office replies stay away; date and language are set; the text is plain UTF-8."""
    await mail.send(message(SUZUKI))
    (got,) = await smtp_server.received()
    assert got.mail["Auto-Submitted"] == "auto-generated"
    assert got.mail["Date"].datetime == datetime.fromtimestamp(START // 1_000, UTC)
    assert got.mail["Content-Language"] == "ja"
    assert (got.mail.get_content_type(), got.mail.get_content_charset()) == ("text/plain", "utf-8")


async def test_mails_of_one_matter_are_one_thread(mail: Mail, smtp_server: SmtpServer) -> None:
    """The same tag refers to the same mail, another tag to another; every mail has its own id."""
    for number, tag in enumerate(("e7-suzuki", "e7-suzuki", "e8-suzuki")):
        await mail.send(message(SUZUKI, id=number, tag=tag))
    mails = [got.mail for got in await smtp_server.received(3)]
    first, second, other = (each["References"] for each in mails)
    assert first == second != other
    assert len({each["Message-ID"] for each in mails}) == 3


async def test_mail_sent_twice_is_the_same_mail(mail: Mail, smtp_server: SmtpServer) -> None:
    """When a receipt was lost and the message goes again, the mailbox can tell by its id."""
    for _ in range(2):
        await mail.send(message(SUZUKI))
    one, two = await smtp_server.received(2)
    assert one.mail["Message-ID"] == two.mail["Message-ID"]


@pytest.mark.parametrize(
    "poison", ["x\r\nBcc: evil@outside.example", "x\nBcc: evil@outside.example", "x\u2028\x00\r\n\r\ny"]
)
async def test_subject_cannot_become_a_header(mail: Mail, smtp_server: SmtpServer, poison: str) -> None:
    """Line ends in a subject become spaces."""
    assert await mail.send(message(SUZUKI, subject=poison)) == Sent("smtp_250")
    (got,) = await smtp_server.received()
    assert got.mail["Bcc"] is None
    assert got.mail["Subject"].startswith("x ")
    assert got.text == message(SUZUKI).text
    assert got.recipients == [SUZUKI["address"]]


async def test_a_dot_alone_ends_nothing(mail: Mail, smtp_server: SmtpServer) -> None:
    """A line with a single dot is text, also one after which a command seems to follow."""
    text = "one\n.\nRSET\n..\nlast\n"
    await mail.send(message(SUZUKI, text=text))
    (got,) = await smtp_server.received()
    assert got.text == text


@pytest.mark.parametrize(
    "address",
    [
        "",
        "suzuki",
        "a@b@c.example",
        "a b@c.example",
        "a@c.example\r\nRCPT TO:<x@y.example>",
        "<a@c.example>",
        "鈴木@c.example",
    ],
)
async def test_bad_address_is_refused(mail: Mail, smtp_server: SmtpServer, address: str) -> None:
    """What is no plain address never reaches the server."""
    assert await mail.send(message({"address": address})) == Failed("bad_address")
    assert smtp_server.connections == 0


@pytest.mark.parametrize(
    ("step", "reply", "outcome"),
    [
        ("RCPT", "550 no such user", Failed("smtp_550")),
        ("RCPT", "451 later", Retry(reason="smtp_451")),
        ("DATA", "554 no", Failed("smtp_554")),
        ("DATA", "452 full", Retry(reason="smtp_452")),
        ("MAIL", "553 not your sender", Failed("smtp_553", alarm=True)),
        ("MAIL", "421 going down", Retry(reason="smtp_421")),
        ("RCPT", "drop", Retry(reason="network")),
        ("DATA", "drop", Retry(reason="network")),
    ],
)
async def test_reply_becomes_an_outcome(
    mail: Mail, smtp_server: SmtpServer, step: Step, reply: str, outcome: Outcome
) -> None:
    """5yz is for good, 4yz and broken lines pass, our own fault alarms; the next mail goes through."""
    smtp_server.answer(step, reply)
    assert await mail.send(message(SUZUKI)) == outcome
    smtp_server.answer(step, "")
    assert await mail.send(message(SUZUKI)) == Sent("smtp_250")


async def test_silent_server_is_given_up(smtp_server: SmtpServer, clock: HandClock) -> None:
    """A server that hangs costs its time and no more."""
    smtp_server.answer("DATA", "hang")
    async with Mail(MailServer(smtp_server.url, loopback=True), SENDER, clock=clock, timeout=0.2) as mail:
        assert await mail.send(message(SUZUKI)) == Retry(reason="timeout")


async def test_absent_server_is_tried_again(clock: HandClock) -> None:
    """Nobody listening is a passing fault."""
    async with SmtpServer() as gone:
        url = gone.url
    async with Mail(MailServer(url, loopback=True), SENDER, clock=clock) as mail:
        assert await mail.send(message(SUZUKI)) == Retry(reason="network")


async def test_connection_is_used_again(mail: Mail, smtp_server: SmtpServer, clock: HandClock) -> None:
    """Mails after each other share a connection, until it has been idle for long."""
    for pause in (0, 1_000, 25_000):
        clock.time += pause
        await mail.send(message(SUZUKI))
    assert smtp_server.connections == 2


async def test_connection_that_died_idle_costs_no_mail(mail: Mail, smtp_server: SmtpServer) -> None:
    """A server that closed the line in between is simply called again."""
    await mail.send(message(SUZUKI))
    smtp_server.drop_all()
    assert await mail.send(message(SUZUKI)) == Sent("smtp_250")
    smtp_server.answer("RSET", "drop")
    assert await mail.send(message(SUZUKI)) == Sent("smtp_250")
    assert smtp_server.connections == 3


async def test_many_at_once_are_bounded(mail: Mail, smtp_server: SmtpServer) -> None:
    """Thirty mails at once all arrive, over at most eight connections."""
    outcomes = await asyncio.gather(*(mail.send(message(SUZUKI, id=number)) for number in range(30)))
    assert set(outcomes) == {Sent("smtp_250")}
    assert len({got.mail["Message-ID"] for got in smtp_server.mails}) == 30
    assert smtp_server.connections <= 8


@pytest.mark.parametrize("from_the_start", [False, True])
async def test_sign_in_happens_only_inside_tls(tmp_path: Path, clock: HandClock, from_the_start: bool) -> None:
    """By STARTTLS and by TLS from the start the mail is encrypted and the account is ours."""
    context, trust = contexts(tmp_path)
    async with SmtpServer(account=ACCOUNT, tls=context, from_the_start=from_the_start) as server:
        async with Mail(MailServer(server.url, ACCOUNT[1], trust=trust), SENDER, clock=clock) as mail:
            assert await mail.send(message(SUZUKI)) == Sent("smtp_250")
        (got,) = await server.received()
    assert (got.encrypted, got.user) == (True, "desk")


async def test_wrong_password_raises_an_alarm(tmp_path: Path, clock: HandClock) -> None:
    """535 is our setting: admins must know, and the next channel is tried."""
    context, trust = contexts(tmp_path)
    async with (
        SmtpServer(account=ACCOUNT, tls=context) as server,
        Mail(MailServer(server.url, "wrong", trust=trust), SENDER, clock=clock) as mail,
    ):
        assert await mail.send(message(SUZUKI)) == Failed("smtp_535", alarm=True)


@pytest.mark.parametrize("from_the_start", [False, True])
async def test_unknown_certificate_is_not_believed(tmp_path: Path, clock: HandClock, from_the_start: bool) -> None:
    """Nothing is said to a server that cannot prove who it is."""
    context, _ = contexts(tmp_path)
    async with SmtpServer(tls=context, from_the_start=from_the_start) as server:
        async with Mail(MailServer(server.url), SENDER, clock=clock) as mail:
            assert await mail.send(message(SUZUKI)) == Failed("certificate", alarm=True)
        assert server.mails == []


async def test_mail_without_encryption_needs_the_loopback_switch(smtp_server: SmtpServer, clock: HandClock) -> None:
    """A server without STARTTLS gets nothing in real operation."""
    async with Mail(MailServer(smtp_server.url), SENDER, clock=clock) as mail:
        assert await mail.send(message(SUZUKI)) == Failed("not_offered", alarm=True)
    assert smtp_server.mails == []


@pytest.mark.parametrize(
    "url",
    [
        "",
        "mail.tsubame.example",
        "http://mail.tsubame.example",
        "smtp://",
        "smtp://desk:secret@mail.tsubame.example",
        "smtp://mail.tsubame.example:port",
        "smtp://mail.tsubame.example/inbox",
        "smtp://[::1",
    ],
)
def test_bad_server_is_refused_at_start(url: str) -> None:
    """A url that names no mail server, or carries its password, is refused without repeating it."""
    with pytest.raises(ValueError, match="mail server") as refused:
        MailServer(url)
    assert "secret" not in str(refused.value)


def test_bad_sender_is_refused_at_start(clock: HandClock) -> None:
    """The address in From is checked before the first mail."""
    with pytest.raises(ValueError, match="sender"):
        Mail(MailServer("smtp://mail.tsubame.example"), "desk", clock=clock)


async def test_nothing_secret_is_logged(tmp_path: Path, clock: HandClock, caplog: pytest.LogCaptureFixture) -> None:
    """Password, text and receiver stand in no log of ours and in no repr."""
    context, trust = contexts(tmp_path)
    caplog.set_level(logging.DEBUG)
    logging.getLogger("mail.log").setLevel(logging.CRITICAL)  # the fake server's own
    async with SmtpServer(account=ACCOUNT, tls=context) as server:
        place = MailServer(server.url, ACCOUNT[1], trust=trust)
        async with Mail(place, SENDER, clock=clock) as mail:
            outcome = await mail.send(message(SUZUKI))
            text = caplog.text + repr(outcome) + repr(place) + repr(mail)
    assert [secret for secret in (ACCOUNT[1], SUZUKI["address"], "4182") if secret in text] == []
