"""The command line, the settings, the wiring: the only file that knows core, push, web and tui.

web, push and tui are imported where they are used: a terminal needs no web server, `--help` needs none of them.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from contextlib import asynccontextmanager, suppress
from functools import partial
from typing import Any

import click

from core.console import acts, addresses, doctor, logs, tasks
from core.console.commands import alone, db
from core.console.database import Database, database
from core.console.disk import space_of
from core.console.letting_in import seated
from core.console.opening import LOCAL, Opened, opened
from core.console.running import asked_to_stop, following, run, running
from core.console.signin import drafts_folder, forgetting, secret_for
from core.console.spoken import SpokenGroup, Trouble, language, note, option, tell
from core.console.watchdog import Watchdog
from core.console.wires import wires
from core.engine.crew import Crew
from core.engine.ports import Channel
from core.escalation.queries.questions import Me
from core.parts import catalogue
from core.people.endpoints import is_push_service
from core.people.model import Actor, ChannelSetting

SWITCH_INTERVAL = 0.0005
"""Seconds. At Python's own 5 ms a busy loop makes each SQL statement wait for the lock: commands take seconds."""


def main() -> None:
    """The command `noroshi`."""
    sys.setswitchinterval(SWITCH_INTERVAL)
    logs.quietly()
    noroshi(prog_name="noroshi")


@click.group(cls=SpokenGroup)
def noroshi() -> None:
    pass


@noroshi.command()
@db
@option("--name", default="Admin", metavar="name")
@option("--url", default=LOCAL, metavar="url")
def init(db: str | None, name: str, url: str) -> int:
    return run(tasks.init(database(db), name, url, _new_push_key()))


@noroshi.command("doctor")
@db
@option("--url", metavar="url")
def doctor_(db: str | None, url: str | None) -> int:
    from push.mail_server import greet  # noqa: PLC0415 - start-up time
    from push.vapid import VapidKey  # noqa: PLC0415 - start-up time

    meet = partial(greet, loopback=addresses.loopback())
    return run(doctor.doctor(database(db), url, doctor.Tools(VapidKey.load, meet)))


@noroshi.command()
@db
@option("--host", default="127.0.0.1", metavar="address")
@option("--port", default=8000, metavar="number", type=click.IntRange(0, 65_535))
@option("--url", metavar="url")
def serve(db: str | None, host: str, port: int, url: str | None) -> int:
    port = addresses.usable(host, port)
    web = partial(_web, proxies=addresses.proxies())
    return run(_serve(database(db), host, port, addresses.public(url, host, port), web))


@noroshi.command("demo")
@db
@option("--port", metavar="number", type=click.IntRange(0, 65_535))
@option("--headless", is_flag=True)
@option("--fast", is_flag=True)
@option("--lan", is_flag=True)
@option("--url", metavar="url")
@option("--fill", type=click.IntRange(1), metavar="number")
def demo_(
    db: str | None, port: int | None, headless: bool, fast: bool, lan: bool, url: str | None, fill: int | None
) -> int:
    from core.console import demo  # noqa: PLC0415 - start-up time

    if fill is not None:
        return run(demo.fill(database(db), fill, _new_push_key()))
    if lan and not (url or "").startswith("https://"):
        raise Trouble("lan", code=2)
    host = "0.0.0.0" if lan else "127.0.0.1"
    port = addresses.usable(host, port) if port is not None else addresses.usual(host)
    public = addresses.public(url if lan else None, host, port)
    stage = demo.Stage(host, port, public, _new_push_key(), fast=fast, headless=headless)
    return run(demo.play(stage, _wires, partial(_web, proxies=addresses.proxies()), _terminal))


@noroshi.command()
@db
@option("--server", metavar="url")
def tui(db: str | None, server: str | None) -> int:
    return run(_tui(database(db), server))


for command in alone.commands.values():
    noroshi.add_command(command)


async def _serve(path: Database, host: str, port: int, public: str, web: Any) -> int:
    logs.running()
    stop, loopback = asked_to_stop(), addresses.loopback()
    async with (
        opened(path, public_url=public, loopback=loopback) as at,
        _wires(at, public, loopback=loopback) as channels,
        running(at.desk, channels, stop, space=space_of(at.path), beside_it={"watchdog": _watchdog(at, loopback)}),
    ):
        await web(at, host, port, public, stop)
    note(tell("serve.bye"))
    return 0


async def _tui(path: Database, server: str | None) -> int:
    if server is not None:
        return await _remote(server)
    async with opened(path) as at, following(at.desk):
        with forgetting(str(path)):
            by = await acts.whoever(at.desk, secret_for(str(path)))
        return await _terminal(at, by, str(path))


async def _remote(server: str) -> int:
    from tui.app import run as sit  # noqa: PLC0415 - start-up time
    from tui.model.door import Unreachable  # noqa: PLC0415 - start-up time
    from tui.model.drafts import Shelf  # noqa: PLC0415 - start-up time
    from tui.remote import RemoteDoor  # noqa: PLC0415 - start-up time
    from tui.sign_in import SignIn  # noqa: PLC0415 - start-up time

    try:
        async with seated(server, SignIn(server, language())) as token:
            door = RemoteDoor(server, token, catalogue(server), language())
            with suppress(Unreachable), forgetting(server):  # the terminal itself shows a desk that does not answer
                acts.granted(await door.ask(Me()))
            return await sit(door, language(), shelf=Shelf(drafts_folder(), server))
    except Unreachable:
        raise Trouble("no_answer", server=server) from None


async def _terminal(at: Opened, by: Actor, place: str = "") -> int:
    """`place`: where drafts belong; without one they last as long as the terminal."""
    from tui.app import run as sit  # noqa: PLC0415 - start-up time
    from tui.local import LocalDoor  # noqa: PLC0415 - start-up time
    from tui.model.drafts import Shelf  # noqa: PLC0415 - start-up time

    shelf = Shelf(drafts_folder(), place) if place else None
    return await sit(LocalDoor(at.desk, by), language(), shelf=shelf)


async def _web(at: Opened, host: str, port: int, public: str, stop: asyncio.Event, *, proxies: tuple[str, ...]) -> None:
    from push.vapid import VapidKey  # noqa: PLC0415 - start-up time
    from web.app import build  # noqa: PLC0415 - start-up time
    from web.serve import serve as serve_web  # noqa: PLC0415 - start-up time
    from web.settings import WebSettings  # noqa: PLC0415 - start-up time

    settings = WebSettings(
        public_url=public,
        vapid_public_key=VapidKey.load(at.keys.vapid).public,
        secret=at.keys.web_key,
        secure=public.startswith("https:"),
        trusted_proxies=proxies,
    )
    try:
        await serve_web(
            build(at.desk, settings), host, port, stop=stop, ready=lambda *_: note(tell("serve.at", url=public))
        )
    except OSError as error:
        raise Trouble("port", port=port, why=error.strerror) from None


def _watchdog(at: Opened, loopback: bool) -> Callable[[Crew], Coroutine[Any, Any, None]]:
    from push.watchdog import call  # noqa: PLC0415 - start-up time

    return Watchdog(at.desk, partial(call, loopback=loopback)).run


@asynccontextmanager
async def _wires(
    at: Opened, public: str, *, loopback: bool, mail: Channel | None = None
) -> AsyncIterator[Mapping[str, Channel]]:
    from push.mail import Mail  # noqa: PLC0415 - start-up time
    from push.mail_server import MailServer  # noqa: PLC0415 - start-up time
    from push.vapid import VapidKey  # noqa: PLC0415 - start-up time
    from push.webpush import WebPush  # noqa: PLC0415 - start-up time

    clock = at.desk.clock

    def make_mail(setting: ChannelSetting, secret: str | None) -> Any:
        return Mail(MailServer(setting.url, secret, loopback=loopback), setting.sender or "", clock=clock)

    def make_chat(urls: Mapping[str, str], wrong: Callable[[str, ValueError], None]) -> Any:
        from push.chat import Chat  # noqa: PLC0415 - start-up time

        return Chat.of(urls, wrong, clock=clock, loopback=loopback)

    key, allowed = VapidKey.load(at.keys.vapid), partial(is_push_service, loopback=loopback)
    contact = addresses.contact(public)
    async with WebPush(key, contact, clock=clock, allowed=allowed, loopback=loopback) as push:
        if mail is not None:
            yield {"push": push, "mail": mail}
            return
        async with wires(at.desk, {"push": push}, make_mail, make_chat) as channels:
            yield channels


def _new_push_key() -> str:
    from push.vapid import VapidKey  # noqa: PLC0415 - start-up time

    return VapidKey.make().raw()


if __name__ == "__main__":
    main()
