"""desk.toml in and out, what is wrong with it, and who would be called: the commands that plan."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click
import msgspec

from core.console.acts import act, granted
from core.console.clock import SystemClock
from core.console.database import Database
from core.console.opening import opened
from core.console.show import preview_json, preview_lines
from core.console.spoken import Trouble, language, note, tell
from core.deskfile.check import check as check_document
from core.deskfile.commands import ApplyDeskFile
from core.deskfile.diff import diff
from core.deskfile.document import Document
from core.deskfile.export import export as text_of
from core.deskfile.findings import Finding
from core.deskfile.parse import parse
from core.deskfile.places import with_lines
from core.deskfile.queries import CheckDesk, CurrentDesk
from core.engine.desk import Desk
from core.engine.ports import Millis
from core.engine.wire import millis
from core.escalation.queries.cards import DirectoryView
from core.escalation.queries.questions import Directory, Preview
from core.people.access import scopes
from core.people.model import CONSOLE, Actor
from core.people.records import people_of

STANDARD = "-"


async def apply(database: Database, file: Path, *, dry_run: bool) -> int:
    """Show what differs and what to think of, then do it; with a mistake in the file nothing happens."""
    document = document_in(file)
    if document is None:
        return 1
    async with opened(database) as at:
        naming = tuple(person.id for person in document.persons)
        changes = diff(granted(await at.desk.ask(CurrentDesk(naming), CONSOLE)), document)
        for change in changes:
            _say(change.lines(language()))
        _tell(granted(await at.desk.ask(CheckDesk(document), CONSOLE)).items)
        if changes and not dry_run:
            await act(at.desk, ApplyDeskFile(document), CONSOLE)
    click.echo(tell("apply.same") if not changes else tell("apply.dry") if dry_run else tell("apply.done"))
    return 0


async def export(database: Database, file: Path | None) -> int:
    """The desk as a file, to standard output or to a place."""
    async with opened(database) as at:
        text = text_of(granted(await at.desk.ask(CurrentDesk(), CONSOLE)))
    if file is None or str(file) == STANDARD:
        click.echo(text, nl=False)
    else:
        _write(file, text)
        note(tell("export.done", path=file))
    return 0


async def check(database: Database | None, file: Path | None) -> int:
    """What may leave somebody waiting: of the file, or of the desk. 1 when something is an error."""
    if database is None:
        findings = _of_file(file) if file else None
        if findings is None:
            return 1
    else:
        async with opened(database) as at:
            findings = granted(await at.desk.ask(CheckDesk(), CONSOLE)).items
    found = list(findings)
    for finding in found:
        click.echo(_finding(finding))
    grave = Counter(finding.severity for finding in found)
    click.echo(
        tell("check.sum", errors=grave["error"], warnings=grave["warning"])
        if grave["error"] or grave["warning"]
        else tell("check.fine")
    )
    return 1 if grave["error"] else 0


async def preview(database: Database, *, as_json: bool, at: str | None, **asked: Any) -> int:
    """Who is called when, if nobody answers; as `by` raises it, else somebody of the lowest level."""
    async with opened(database) as desk:
        by = await _raiser(desk.desk, asked.pop("by"))
        names: DirectoryView = granted(await desk.desk.ask(Directory(), by))
        start = moment(at, names.timezone) if at else desk.desk.clock.now()
        policies = [policy.id for policy in names.policies]
        if asked["policy"] not in policies:
            raise Trouble("no_policy", code=2, known=", ".join(policies) or "-")
        view = granted(await desk.desk.ask(Preview(at=start, **asked), by))
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(preview_json(view))).decode())
    else:
        _say(preview_lines(view, names, start))
    return 0


def _of_file(file: Path) -> Iterable[Finding] | None:
    """What is found in a file, each with its line; None when it has mistakes."""
    source = _read(file)
    document = _document(source, file)
    if document is None:
        return None
    return with_lines(check_document(document, SystemClock().now()), document, source.decode("utf-8-sig"), str(file))


def document_in(file: Path) -> Document | None:
    """The document of a file; None after saying what is wrong with it, line by line, on standard error."""
    return _document(_read(file), file)


def _document(source: bytes, file: Path) -> Document | None:
    found = parse(source, str(file))
    if isinstance(found, Document):
        return found
    for problem in found:
        note(problem.text(language()))
    note(tell("apply.errors", n=len(found)))
    return None


def moment(text: str, zone: str) -> Millis:
    """ISO 8601; without an offset it is the desk's own time."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise Trouble("bad_time", code=2, text=text) from None
    return millis(at if at.tzinfo else at.replace(tzinfo=ZoneInfo(zone)))


async def _raiser(desk: Desk, named: str | None) -> Actor:
    people = await desk.store.read(people_of)
    working = [person for person in people.persons.values() if scopes(person, "work")]
    if named is None and working:
        return Actor("person", min(working, key=lambda person: person.level).id)
    if named is None or named not in people.persons:
        raise Trouble("nobody", id=named or "-")
    return Actor("person", named)


def _tell(findings: Iterable[Finding]) -> None:
    for finding in findings:
        if finding.severity != "note":
            note(_finding(finding))


def _finding(finding: Finding) -> str:
    return f"{tell(f'check.{finding.severity}')}: {finding.text(language())}"


def _say(lines: Iterable[str]) -> None:
    for line in lines:
        click.echo(line)


def _read(file: Path) -> bytes:
    if str(file) == STANDARD:
        return sys.stdin.buffer.read()
    try:
        return file.read_bytes()
    except OSError as error:
        raise Trouble("unreadable", path=file, why=error.strerror) from None


def _write(file: Path, text: str) -> None:
    """Whole or not at all: a full disk must not leave half a desk behind."""
    half = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        half.write_text(text, encoding="utf-8")
        half.replace(file)
    except OSError as error:
        half.unlink(missing_ok=True)
        raise Trouble("unwritable", path=file, why=error.strerror) from None
