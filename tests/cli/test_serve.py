from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.request import urlopen

import pytest

from tests.cli.conftest import SAMPLE, Run
from tests.wire.smtp_server import SmtpServer

ROOT = Path(__file__).parents[2]
GRACE = 20


@contextmanager
def served(*words: str, **settings: str) -> Iterator[tuple[subprocess.Popen[str], str, list[str]]]:
    """`noroshi serve` as a process of its own, once it takes requests: process, address, what it said before."""
    process = subprocess.Popen(
        [sys.executable, "-c", "import noroshi; noroshi.main()", "serve", "--port", "0", *words],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT, env=os.environ | settings,
    )  # fmt: skip
    assert process.stderr is not None
    said: list[str] = []
    try:
        for line in process.stderr:
            said.append(line)
            if "The desk is open: " in line:
                yield process, line.split("open: ")[1].split()[0], said
                break
        else:
            pytest.fail("".join(said))
    finally:
        process.terminate()
        process.communicate(timeout=GRACE)


def test_serve_runs_the_engine_and_ends_in_order(desk: Path, run: Run, as_sato: str) -> None:
    """While it runs a raise ends with 0; SIGTERM ends it with 0, and then nobody is called any more."""
    assert run("ticket", "new", "--subject", "x").exit_code == 0
    assert run("ticket", "new", "--subject", "y").exit_code == 0
    with served() as (process, address, _):
        with urlopen(f"{address}/readyz", timeout=GRACE) as answer:
            assert answer.status == 200
        assert run("raise", "1").exit_code == 0
        process.send_signal(signal.SIGTERM)
        assert process.wait(GRACE) == 0
    after = run("raise", "2")
    assert after.exit_code == 1
    assert "nobody is called" in after.stderr
    assert run("verify").exit_code == 0


def test_the_loopback_switch_is_said_loudly(desk: Path) -> None:
    """With NOROSHI_LOOPBACK=1 the first line names the switch; without it nothing is said of it."""
    with served(NOROSHI_LOOPBACK="1") as (_, _, said):
        assert any("NOROSHI_LOOPBACK=1" in line for line in said)
    with served() as (_, _, said):
        assert not any("LOOPBACK" in line for line in said)


def test_a_taken_port_is_named(run: Run, desk: Path) -> None:
    """Exit code 1 and the number of the port, before anything starts."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        result = run("serve", "--port", port)
    assert result.exit_code == 1
    assert port in result.stderr


@pytest.mark.parametrize("named", ["proxy.example", "*", "10.0.0.1/8", "127.0.0.1;10.0.0.1"])
def test_a_proxy_is_named_by_its_address(named: str, run: Run, desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is neither an address nor a network is never trusted by mistake: exit code 2, before the desk opens."""
    monkeypatch.setenv("NOROSHI_TRUSTED_PROXIES", f"127.0.0.1, {named}")
    result = run("serve", "--port", "0")
    assert result.exit_code == 2
    assert named in result.stderr
    assert "The desk is open" not in result.stderr


@pytest.mark.parametrize(
    "words",
    [
        ["serve", "--host", "0.0.0.0"],
        ["serve", "--url", "http://desk.example"],
        ["serve", "--url", "https://desk.example/below"],
        ["demo", "--lan"],
        ["demo", "--lan", "--url", "http://desk.example"],
    ],
    ids=" ".join,
)
def test_nobody_outside_comes_in_without_https(words: list[str], run: Run, desk: Path) -> None:
    """Beyond this machine only with an https address: exit code 2, and the sentence says https."""
    result = run(*words, "--port", "0")
    assert result.exit_code == 2
    assert "https" in result.stderr


async def test_a_raise_on_the_command_line_reaches_a_mailbox(
    desk: Path, run: Run, as_sato: str, smtp_server: SmtpServer, tmp_path: Path
) -> None:
    """Desk file, ticket, raise: the server beside them mails the duty, with the number and without the customer."""
    file = tmp_path / "desk.toml"
    text = SAMPLE.read_text(encoding="utf-8").replace("smtps://desk@mail.tsubame.example", smtp_server.url)
    file.write_text(text.replace('password = "env:NOROSHI_SMTP_PASSWORD"\n', ""), encoding="utf-8")
    with ExitStack() as running:
        for words in (
            ["apply", str(file)],
            ["ticket", "new", "--subject", "返品のご相談", "--customer", "山田 花子"],
        ):
            assert (await asyncio.to_thread(run, *words)).exit_code == 0
        await asyncio.to_thread(running.enter_context, served(NOROSHI_LOOPBACK="1"))
        assert (await asyncio.to_thread(run, "raise", "1", "--policy", "complaint")).exit_code == 0
        (mailed,) = await smtp_server.received()
        await asyncio.to_thread(running.close)
    assert mailed.sender == "support@tsubame.example"
    assert "#1" in str(mailed.mail["Subject"])
    assert "/desk/" in mailed.text
    assert "山田" not in mailed.mail.as_string()
    assert "返品" not in str(mailed.mail["Subject"]) + mailed.text
