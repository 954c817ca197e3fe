"""The commands that need nothing but the core; `noroshi.py` adds those that wire push, web and terminal."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from core.console import acts, copies, indexing, keeping, plans, tasks
from core.console.database import database
from core.console.opening import LOCAL
from core.console.raising import kind_option, raise_options
from core.console.running import run
from core.console.spoken import SpokenGroup, option
from core.tickets.model import SEVERITIES

alone = SpokenGroup("alone")
db = option("--db", metavar="url")


@alone.command()
@click.argument("file", type=Path)
@db
@option("--dry-run", is_flag=True)
def apply(file: Path, db: str | None, dry_run: bool) -> int:
    return run(plans.apply(database(db), file, dry_run=dry_run))


@alone.command()
@click.argument("file", type=Path, required=False)
@db
def export(file: Path | None, db: str | None) -> int:
    return run(plans.export(database(db), file))


@alone.command()
@click.argument("file", type=Path, required=False)
@db
def check(file: Path | None, db: str | None) -> int:
    return run(plans.check(None if file else database(db), file))


@alone.command()
@db
@kind_option
@option("--policy", metavar="id")
@option("--level", type=int, metavar="number")
@option("--by", metavar="id")
@option("--at", metavar="time")
@option("--mode", type=click.Choice(["normal", "advisory", "remote"]))
@option("--json", "as_json", is_flag=True)
def preview(db: str | None, as_json: bool, **asked: Any) -> int:
    return run(plans.preview(database(db), as_json=as_json, **asked))


@alone.command()
@db
def reindex(db: str | None) -> int:
    return run(indexing.reindex(database(db)))


@alone.command()
@db
def verify(db: str | None) -> int:
    return run(keeping.verify(database(db)))


@alone.command()
@click.argument("file", type=Path)
@db
@option("--force", is_flag=True)
def backup(file: Path, db: str | None, force: bool) -> int:
    return run(copies.backup(database(db), file, force=force))


@alone.command()
@click.argument("file", type=Path)
@db
def restore(file: Path, db: str | None) -> int:
    return run(copies.restore(database(db), file))


@alone.command()
@option("--from", "source", required=True, metavar="url")
@option("--to", "target", required=True, metavar="url")
def copy(source: str, target: str) -> int:
    from core.console import moving  # noqa: PLC0415 - start-up time

    return run(moving.copy(database(source), database(target)))


@alone.group()
def token() -> None:
    pass


@token.command("create")
@click.argument("person", metavar="ID")
@db
@option("--days", default=90, type=click.IntRange(1, 3_660), metavar="number")
@option("--label", default="", metavar="text")
def token_create(person: str, db: str | None, days: int, label: str) -> int:
    return run(tasks.token(database(db), person, days, label))


@alone.group()
def person() -> None:
    pass


@person.command("invite")
@click.argument("person", metavar="ID")
@db
@option("--hours", default=acts.INVITE_HOURS, type=click.IntRange(1, 720), metavar="number")
@option("--url", default=LOCAL, metavar="url")
def person_invite(person: str, db: str | None, hours: int, url: str) -> int:
    return run(tasks.invite(database(db), person, hours, url))


@alone.group()
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
    return run(tasks.new_ticket(database(db), given))


@alone.command("raise")
@click.argument("number", type=int, metavar="N")
@db
@raise_options
def raise_(number: int, db: str | None, **given: Any) -> int:
    return run(tasks.raise_up(database(db), number, given))
