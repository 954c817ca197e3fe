"""One function for each command that needs nothing but the core: opens the desk, acts, prints, gives the exit code."""

from __future__ import annotations

from typing import Any

import click

from core.console import acts, show
from core.console.database import Database
from core.console.opening import created, opened
from core.console.raising import raising
from core.console.spoken import Trouble, note, tell


async def init(path: Database, name: str, url: str, vapid: str) -> int:
    """A new desk with its first admin; the sign-in link on standard output."""
    async with created(path, acts.keys_for(path, vapid)) as at:
        await acts.install(at, name)
        link = await acts.invite(at.desk, acts.ADMIN, acts.INVITE_HOURS, url)
    acts.greet(path)
    click.echo(link)
    return 0


async def token(path: Database, person: str, days: int, label: str) -> int:
    """The token alone on standard output."""
    async with opened(path) as at:
        click.echo(await acts.token(at.desk, person, days, label))
    return 0


async def invite(path: Database, person: str, hours: int, url: str) -> int:
    """The link on standard output, its QR code beside it."""
    async with opened(path) as at:
        name = await acts.name_of(at.desk, person)
        link = await acts.invite(at.desk, person, hours, url)
    note(tell("invite.link", name=name, hours=hours))
    click.echo(link)
    for line in show.qr_lines(link):
        note(line)
    return 0


async def new_ticket(path: Database, given: dict[str, Any]) -> int:
    """The number on standard output."""
    async with opened(path) as at:
        click.echo(await acts.new_ticket(at.desk, given, await acts.whoever(at.desk)))
    return 0


async def raise_up(path: Database, number: int, given: dict[str, Any]) -> int:
    """Trouble, after recording, when nobody is there to call."""
    async with opened(path) as at:
        by = await acts.whoever(at.desk)
        called = await acts.raise_up(at.desk, await raising(at.desk, number, given), by)
    click.echo(tell("raise.done", ticket=number))
    if not called:
        raise Trouble("stopped")
    return 0
