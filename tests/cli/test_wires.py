from __future__ import annotations

import asyncio
import io
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

import pytest
from structlog.testing import capture_logs

from core.console import wires
from core.console.addresses import contact, public, usual
from core.console.clock import SystemClock
from core.console.opening import opened
from core.console.signin import forgetting, secret_for
from core.console.spoken import Trouble
from core.console.wires import SecretMissing, secret_of
from core.deskfile.commands import ApplyDeskFile
from core.deskfile.document import Document
from core.deskfile.parse import parse
from core.engine.ports import Message, Outcome, Sent
from core.people.model import CONSOLE, ChannelSetting
from core.sample import deskfile
from push.chat import Chat

PATIENCE = 10


class Post:
    """A channel that tells when it is taken up and when it is let go."""

    name = "mail"
    room = 8

    def __init__(self, setting: ChannelSetting, secret: str | None) -> None:
        self.setting, self.secret = setting, secret
        self.begun, self.ended = asyncio.Event(), asyncio.Event()

    async def __aenter__(self) -> Post:
        self.begun.set()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.ended.set()

    async def send(self, message: Message) -> Outcome:
        return Sent()


def no_chat(addresses: object, wrong: object) -> Any:
    raise AssertionError("no chat is set")


async def test_mail_is_there_from_the_start_and_follows_an_applied_file(
    desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first channel stands before anything is sent; a new setting replaces it, and the old one is let go."""
    monkeypatch.setenv("NOROSHI_SMTP_PASSWORD", "open sesame")
    monkeypatch.setattr(wires, "LOOK_EVERY", 0.01)
    made: list[Post] = []
    arrived = asyncio.Event()

    def make(setting: ChannelSetting, secret: str | None) -> Post:
        made.append(Post(setting, secret))
        if len(made) == 2:
            arrived.set()
        return made[-1]

    changed = parse(deskfile.text().replace("desk@mail.tsubame.example", "post@mail.tsubame.example"), "desk.toml")
    assert isinstance(changed, Document)
    async with opened(desk) as at, wires.wires(at.desk, {}, make, no_chat) as channels:
        assert channels["mail"] is made[0]
        assert made[0].secret == "open sesame"
        await at.desk.handle(ApplyDeskFile(changed), CONSOLE)
        async with asyncio.timeout(PATIENCE):
            await arrived.wait()
            await made[0].ended.wait()
        assert channels["mail"] is made[1]
        assert made[1].setting.url == "smtps://post@mail.tsubame.example"
    assert made[1].ended.is_set()


async def test_a_missing_secret_leaves_mail_out_and_is_said(desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The log names the secret that is missing; the other channels work on."""
    monkeypatch.delenv("NOROSHI_SMTP_PASSWORD", raising=False)

    def never(setting: ChannelSetting, secret: str | None) -> Any:
        raise AssertionError("without its secret nothing is made")

    push = Post(ChannelSetting("p", "smtp", ""), None)
    with capture_logs() as logs:
        async with opened(desk) as at, wires.wires(at.desk, {"push": push}, never, no_chat) as channels:
            assert list(channels) == ["push"]
    assert [line["secret"] for line in logs if line["log_level"] == "error"] == ["env:NOROSHI_SMTP_PASSWORD"]


CHATS = """
[[channel]]
id = "line"
kind = "chat"
url = "env:LINE_URL"
[[channel]]
id = "slack"
kind = "chat"
url = "env:SLACK_URL"
[[channel]]
id = "odd"
kind = "chat"
url = "env:ODD_URL"
"""


async def test_chat_has_every_address_whose_secret_is_there(desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A missing secret or a wrong address leaves out that channel alone; the log names it, and no address."""
    monkeypatch.setenv("LINE_URL", "line://token-of-the-channel/{to}")
    monkeypatch.delenv("SLACK_URL", raising=False)
    monkeypatch.setenv("ODD_URL", "gopher://secret@inside")
    monkeypatch.setenv("NOROSHI_SMTP_PASSWORD", "open sesame")
    known = parse(deskfile.text() + CHATS, "desk.toml")
    assert isinstance(known, Document)

    def make_mail(setting: ChannelSetting, secret: str | None) -> Post:
        return Post(setting, secret)

    def make_chat(urls: Mapping[str, str], wrong: Callable[[str, ValueError], None]) -> Chat:
        return Chat.of(urls, wrong, clock=SystemClock())

    with capture_logs() as logs:
        async with opened(desk) as at:
            await at.desk.handle(ApplyDeskFile(known), CONSOLE)
            async with wires.wires(at.desk, {}, make_mail, make_chat) as channels:
                assert sorted(channels) == ["chat", "mail"]
    errors = [line for line in logs if line["log_level"] == "error"]
    assert [line["channel"] for line in errors] == ["slack", "odd"]
    assert "secret@inside" not in str(errors)


def test_secrets_come_from_the_environment_or_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The end of a line is no part of a secret; what is missing is named, never guessed."""
    kept = tmp_path / "secret"
    kept.write_text("from a file\n", encoding="utf-8")
    monkeypatch.setenv("A_SECRET", "from outside")
    monkeypatch.delenv("NO_SECRET", raising=False)
    assert secret_of("env:A_SECRET") == "from outside"
    assert secret_of(f"file:{kept}") == "from a file"
    assert secret_of(None) is None
    for written in ("env:NO_SECRET", f"file:{tmp_path / 'gone'}"):
        with pytest.raises(SecretMissing, match=written):
            secret_of(written)


@pytest.mark.parametrize(
    ("url", "host", "expected"),
    [
        (None, "127.0.0.1", "http://127.0.0.1:8000"),
        (None, "::1", "http://[::1]:8000"),
        ("https://desk.example/", "0.0.0.0", "https://desk.example"),
        ("https://desk.example:8443", "127.0.0.1", "https://desk.example:8443"),
        ("http://localhost:9000", "127.0.0.1", "http://localhost:9000"),
    ],
)
def test_the_address_people_use(url: str | None, host: str, expected: str) -> None:
    """The given one without a path, or this machine's own."""
    assert public(url, host, 8000) == expected


@pytest.mark.parametrize(
    "url", ["http://desk.example", "ftp://desk.example", "desk.example", "https://", "https://a/b"]
)
def test_an_address_that_phones_cannot_trust_is_refused(url: str) -> None:
    """Anything but https, or http on this machine, is a usage error."""
    with pytest.raises(Trouble) as caught:
        public(url, "127.0.0.1", 8000)
    assert caught.value.code == 2


def test_push_services_get_a_contact_they_accept() -> None:
    """The https address where there is one; never a name of this machine."""
    assert contact("https://desk.example") == "https://desk.example"
    assert contact("http://127.0.0.1:8000").startswith("mailto:")
    assert 0 < usual("127.0.0.1") < 65_536


def test_a_refused_sign_in_is_forgotten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A saved token is used; once it is refused it is kept no longer, and without a keyboard nobody is asked."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.delenv("NOROSHI_TOKEN", raising=False)
    folder = tmp_path / "noroshi"
    folder.mkdir()
    (folder / "sign-in.json").write_text('{"https://desk.example": "kept"}', encoding="utf-8")
    assert secret_for("https://desk.example") == "kept"
    with pytest.raises(Trouble), forgetting("https://desk.example"):
        raise Trouble("token_bad")
    monkeypatch.setattr("sys.stdin", io.StringIO())
    with pytest.raises(Trouble):
        secret_for("https://desk.example")
