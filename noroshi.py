"""The command line, the settings, the wiring: the only file that knows core, push, web and tui.

web, push and tui are imported where they are used: a terminal needs no web server, `--help` needs none of them.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from core.console import acts, plans, show
from core.console.opening import LOCAL, created, database, opened
from core.console.running import run
from core.console.spoken import SpokenGroup, Trouble, note, option, tell
from core.escalation.commands import RaiseEscalation
from core.tickets.model import SEVERITIES

SWITCH_INTERVAL = 0.0005
"""Seconds. At Python's own 5 ms a busy loop makes each SQL statement wait for the lock: commands take seconds."""

db = option("--db", metavar="url")


def main() -> None:
    """The command `noroshi`."""
    sys.setswitchinterval(SWITCH_INTERVAL)
    noroshi(prog_name="noroshi")


@click.group(cls=SpokenGroup)
def noroshi() -> None:
    pass


@noroshi.command()
@db
@option("--name", default="Admin", metavar="name")
@option("--url", default=LOCAL, metavar="url")
def init(db: str | None, name: str, url: str) -> int:
    async def work(path: Path) -> int:
        keys = acts.keys_for(path, _new_push_key())
        async with created(path, keys) as at:
            await acts.install(at, name)
            link = await acts.invite(at.desk, acts.ADMIN, acts.INVITE_HOURS, url)
        acts.greet(path)
        click.echo(link)
        return 0

    return run(work(database(db)))


@noroshi.command()
@click.argument("file", type=Path)
@db
@option("--dry-run", is_flag=True)
def apply(file: Path, db: str | None, dry_run: bool) -> int:
    return run(plans.apply(database(db), file, dry_run=dry_run))


@noroshi.command()
@click.argument("file", type=Path, required=False)
@db
def export(file: Path | None, db: str | None) -> int:
    return run(plans.export(database(db), file))


@noroshi.command()
@click.argument("file", type=Path, required=False)
@db
def check(file: Path | None, db: str | None) -> int:
    return run(plans.check(None if file else database(db), file))


@noroshi.command()
@db
@option("--policy", metavar="id")
@option("--level", type=int, metavar="number")
@option("--by", metavar="id")
@option("--at", metavar="time")
@option("--mode", type=click.Choice(["normal", "advisory", "remote"]))
@option("--json", "as_json", is_flag=True)
def preview(db: str | None, as_json: bool, **asked: Any) -> int:
    return run(plans.preview(database(db), as_json=as_json, **asked))


@noroshi.command()
@db
def verify(db: str | None) -> int:
    async def work(path: Path) -> int:
        async with opened(path) as at:
            found = await at.desk.verify()
        for line in show.verified_lines(found):
            click.echo(line)
        return 1 if found.broken else 0

    return run(work(database(db)))


@noroshi.group()
def token() -> None:
    pass


@token.command("create")
@click.argument("person", metavar="ID")
@db
@option("--days", default=90, type=click.IntRange(1, 3_660), metavar="number")
@option("--label", default="", metavar="text")
def token_create(person: str, db: str | None, days: int, label: str) -> int:
    async def work(path: Path) -> int:
        async with opened(path) as at:
            click.echo(await acts.token(at.desk, person, days, label))
        return 0

    return run(work(database(db)))


@noroshi.group()
def person() -> None:
    pass


@person.command("invite")
@click.argument("person", metavar="ID")
@db
@option("--hours", default=acts.INVITE_HOURS, type=click.IntRange(1, 720), metavar="number")
@option("--url", default=LOCAL, metavar="url")
def person_invite(person: str, db: str | None, hours: int, url: str) -> int:
    async def work(path: Path) -> int:
        async with opened(path) as at:
            name = await acts.name_of(at.desk, person)
            link = await acts.invite(at.desk, person, hours, url)
        note(tell("invite.link", name=name, hours=hours))
        click.echo(link)
        for line in show.qr_lines(link):
            note(line)
        return 0

    return run(work(database(db)))


@noroshi.group()
def ticket() -> None:
    pass


@ticket.command("new")
@db
@option("--subject", required=True, metavar="text")
@option("--body", metavar="text")
@option("--category", metavar="text")
@option("--severity", type=click.Choice(SEVERITIES))
@option("--source", metavar="text")
@option("--team", metavar="id")
@option("--tag", "tags", multiple=True, metavar="text")
@option("--customer", metavar="name")
@option("--email", metavar="address")
@option("--phone", metavar="phone")
@option("--personal-data", is_flag=True)
def ticket_new(db: str | None, **given: Any) -> int:
    async def work(path: Path) -> int:
        async with opened(path) as at:
            click.echo(await acts.new_ticket(at.desk, given, await acts.whoever(at.desk)))
        return 0

    return run(work(database(db)))


@noroshi.command("raise")
@click.argument("number", type=int, metavar="N")
@db
@option("--kind", type=click.Choice(["takeover"]))
@option("--policy", metavar="id")
@option("--level", type=int, metavar="number")
@option("--to", metavar="id")
@option("--reason", default="", metavar="text")
def raise_(number: int, db: str | None, **given: Any) -> int:
    async def work(path: Path) -> int:
        async with opened(path) as at:
            called = await acts.raise_up(at.desk, RaiseEscalation(number, **given), await acts.whoever(at.desk))
        click.echo(tell("raise.done", ticket=number))
        if not called:
            raise Trouble("stopped")
        return 0

    return run(work(database(db)))


if __name__ == "__main__":
    main()
