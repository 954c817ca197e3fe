"""The demonstration: a sample desk in a folder of its own, its sign-in links, what it prints."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, NamedTuple

import click
import msgspec

from core.console import acts, addresses, keyfile, logs, opening
from core.console.clock import SystemClock
from core.console.database import Database
from core.console.disk import space_of
from core.console.opening import Opened, created, opened, there
from core.console.running import asked_to_stop, running
from core.console.show import cells, qr_lines
from core.console.spoken import Trouble, note, tell
from core.engine.desk import Desk
from core.engine.ports import SECOND, Reader
from core.escalation.queries.questions import Preview
from core.people.model import Actor
from core.people.records import people_of
from core.sample.bulk import Filler
from core.sample.cast import RAISER, Cast
from core.sample.furnish import document, furnish, live_through
from core.sample.letterbox import Letterbox
from core.tickets.records import load

ROLES: Final = {1: "operator", 2: "chief", 3: "manager", 4: "director"}
MAIL: Final = "mail"
LINK_HOURS: Final = 24
DAYS: Final = 30
EVERYWHERE: Final = "0.0.0.0"
GAP: Final = "   "
ADMIN_NAME: Final = "Admin"


class Stage(NamedTuple):
    """Where and how a demo plays."""

    host: str
    port: int
    url: str
    vapid: str
    fast: bool
    headless: bool

    @property
    def terminal(self) -> bool:
        """Whether somebody sits at a terminal and wants it."""
        return not self.headless and sys.stdin.isatty() and sys.stdout.isatty()

    @property
    def lan(self) -> bool:
        """Whether other machines may come in."""
        return self.host == EVERYWHERE


async def play(stage: Stage, wires: Any, web: Any, terminal: Any) -> int:
    """Desk, engine, web server, and the floor terminal where there is one. The three faces come from the wiring."""
    stop, loopback = asked_to_stop(), addresses.loopback()
    with TemporaryDirectory(prefix="noroshi-demo-") as name:
        folder = Path(name)
        if stage.terminal:
            logs.to_file(folder / "noroshi.log")
        async with (
            sample_desk(folder, stage, loopback=loopback) as (at, letters),
            wires(at, stage.url, loopback=loopback, mail=letters) as channels,
            running(at.desk, channels, stop, space=space_of(at.path)),
        ):
            for line in await greeting(at, stage, folder):
                click.echo(line)
            serving = asyncio.create_task(web(at, stage.host, stage.port, stage.url, stop))
            playing = asyncio.create_task(narrate(at.desk, aloud=not stage.terminal)) if stage.fast else None
            if stage.terminal and await pressed_enter(stop):
                await terminal(at, Actor("person", RAISER))
                stop.set()
            await serving
            if playing is not None:
                playing.cancel()
    return 0


@asynccontextmanager
async def sample_desk(folder: Path, stage: Stage, *, loopback: bool) -> AsyncIterator[tuple[Opened, Letterbox]]:
    """A furnished desk in this folder, and where its mail goes. Its keys are never written down."""
    letterbox, now = Letterbox(folder / MAIL), SystemClock().now()
    keys = keyfile.make(stage.vapid)
    async with created(folder / "demo.db", keys, public_url=stage.url, loopback=loopback) as at:
        store, catalogue, key = at.desk.store, at.desk.catalogue, at.keys.chain_key
        await store.write(lambda tx: opening.sign(tx, at.keys))
        await furnish(store, catalogue, key, now, fast=stage.fast)
        await live_through(store, catalogue, key, {MAIL: letterbox}, now, fast=stage.fast)
        await at.desk.start()
        yield at, letterbox


async def greeting(at: Opened, stage: Stage, folder: Path) -> list[str]:
    """What the demo prints: the address, a sign-in link and a QR code for each role."""
    people = await at.desk.store.read(people_of)
    cast = await roles(at.desk)
    links = {level: await acts.invite(at.desk, person, LINK_HOURS, stage.url) for level, person in cast.items()}
    lines = ["", tell("demo.title", name=people.settings.name), tell("demo.address", url=f"{stage.url}/desk/")]
    lines += [] if stage.lan else [tell("demo.lan_only")]
    lines += [tell("demo.mail", path=folder / MAIL), tell("demo.gone"), "", tell("demo.links")]
    for level, link in links.items():
        lines.append(f"  {tell(f'demo.role.{ROLES[level]}')} {people.persons[cast[level]].name}")
        lines.append(f"    {link}")
    titles = [tell(f"demo.role.{ROLES[level]}") for level in links]
    lines += ["", *_side_by_side(titles, [qr_lines(link) for link in links.values()])]
    if stage.fast:
        lines.append(tell("demo.fast"))
    return [*lines, tell("demo.enter") if stage.terminal else tell("demo.end")]


async def roles(desk: Desk) -> dict[int, str]:
    """By level, who stands there now: the operator of the story, and whoever is on duty above."""
    raiser = Actor("person", RAISER)
    view = acts.granted(await desk.ask(Preview(policy="complaint"), raiser))
    on_duty = {step.level: step.people[0] for step in reversed(view.ladder) if step.people and step.seat == "duty"}
    return {1: RAISER} | dict(sorted(on_duty.items()))


async def narrate(desk: Desk, *, aloud: bool) -> None:
    """Let the cast play; `aloud` says each act as it happens."""
    people = await desk.store.read(people_of)

    def tell_it(key: str, person: str, ticket: int) -> None:
        if aloud:
            click.echo(tell(f"cast.{key}", name=people.persons[person].name, ticket=ticket))

    await Cast(desk, tell_it).run()


async def fill(path: Database, count: int, vapid: str) -> int:
    """A desk for measuring: the sample's people and so many tickets. The last line is JSON {person id: token}."""
    async with fillable(path, vapid) as at:
        tokens = await filled(at, count)
    click.echo(tokens)
    return 0


@asynccontextmanager
async def fillable(path: Database, vapid: str) -> AsyncIterator[Opened]:
    """The desk to fill: the one that is there, else a new one with key file and admin."""
    if await there(path):
        async with opened(path) as at:
            yield at
    else:
        async with created(path, acts.keys_for(path, vapid)) as at:
            await acts.install(at, ADMIN_NAME)
            yield at


async def filled(at: Opened, count: int) -> str:
    """The sample's people and `count` tickets; JSON {person id: token}, an operator first."""
    if await at.desk.store.read(_used):
        raise Trouble("fill_used")
    now, store, catalogue, key = at.desk.clock.now(), at.desk.store, at.desk.catalogue, at.keys.chain_key
    await furnish(store, catalogue, key, now)
    with click.progressbar(length=count, label=tell("demo.filling"), file=sys.stderr) as bar:
        await Filler(store, catalogue, key).fill(count, now, bar.update)
    await at.desk.start()
    note(tell("demo.filled", n=count, seconds=(at.desk.clock.now() - now) // SECOND))
    people = await store.read(people_of)
    persons = [RAISER, *(person for person in people.persons if person != RAISER)]
    tokens = {person: await acts.token(at.desk, person, DAYS, "demo") for person in persons}
    return msgspec.json.encode(tokens).decode()


async def pressed_enter(stop: asyncio.Event) -> bool:
    """Wait for Enter before the screen is taken over; False when asked to stop instead."""
    pressed = asyncio.Event()
    loop = asyncio.get_running_loop()

    def read() -> None:
        sys.stdin.readline()
        pressed.set()

    loop.add_reader(sys.stdin, read)
    waits = [asyncio.ensure_future(event.wait()) for event in (pressed, stop)]
    try:
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    finally:
        loop.remove_reader(sys.stdin)
        for wait in waits:
            wait.cancel()
    return pressed.is_set()


def _used(tx: Reader) -> bool:
    """Whether somebody's work is here: a ticket, or persons that the sample would put out."""
    ours = {person.id for person in document().persons}
    others = (person.id for person in people_of(tx).persons.values() if not person.installed)
    return load(tx, 1) is not None or not ours.issuperset(others)


def _side_by_side(titles: list[str], codes: list[list[str]]) -> Iterator[str]:
    """Two codes to a row, so that four fit on a screen."""
    for start in range(0, len(codes), 2):
        pair = codes[start : start + 2]
        width = max(len(line) for line in pair[0])
        first, *rest = titles[start : start + 2]
        yield first + " " * (width - cells(first)) + GAP + "".join(rest)
        height = max(map(len, pair))
        blocks = [[*code, *[" " * len(code[0])] * (height - len(code))] for code in pair]
        for row in zip(*blocks, strict=True):
            yield GAP.join(row)
        yield ""
