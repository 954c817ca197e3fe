"""Quiet tellings: on the person's devices, or by mail where they have none; and faults of the machine itself."""

from __future__ import annotations

from functools import partial
from typing import Any, Final

from msgspec import Struct

from core.engine.catalogue import Catalogue, CommandRow, NoticeRow, Outgoing
from core.engine.outcome import Done, Refusal
from core.engine.ports import DAY, Message, Millis, Reader
from core.engine.work import Notice, Work
from core.people.commands import NoteCopy, NoteRestore
from core.people.devices import reports
from core.people.events import DeskCopied, DeskRestored
from core.people.model import CONSOLE, People
from core.people.notice import Wording, message
from core.people.records import people_of
from core.words import say

TELL_FOR: Final = DAY
"""A quiet telling is worth nothing after a day."""


class EngineFault(Struct, frozen=True):
    """Something of the machine is wrong, or was. `value` is a number of faults where it says nothing else.

    `deadline_throws`, `notice_throws`, `channel_refused`, `task_died`; `clock_jumped` (ms); found by the auditor:
    `deadline_overdue`, `outgoing_stuck` (ms late, done meanwhile), `disk_low` (megabytes left).
    """

    what: str
    about: str
    id: int
    value: int = 0


def quietly(people: People, person: str, kind: str, now: Millis, **more: Any) -> tuple[Notice, ...]:
    """One telling on every device of the person; where they have none by mail, or else in chat."""
    common = {"kind": kind, "recipient": person, "expires_at": now + TELL_FOR, **more}
    if people.addresses(person, "push"):
        return tuple(Notice(channel="push", address=device.id, **common) for device in people.devices[person])
    other = next((via for via in ("mail", "chat") if people.addresses(person, via)), None)
    return (Notice(channel=other, **common),) if other else ()


def everywhere(people: People, person: str, kind: str, now: Millis, **more: Any) -> tuple[Notice, ...]:
    """One telling over every means of contact that carries a message: what one device alone may not be trusted with."""
    common = {"kind": kind, "recipient": person, "expires_at": now + TELL_FOR, **more}
    devices = people.devices.get(person, ()) if people.addresses(person, "push") else ()
    others = (via for via in ("mail", "chat") if people.addresses(person, via))
    return (
        *(Notice(channel="push", address=device.id, **common) for device in devices),
        *(Notice(channel=via, **common) for via in others),
    )


def register(catalogue: Catalogue, *, public_url: str) -> None:
    """Faults of the machine are journalled and told to who runs the desk."""
    catalogue.alarm = _alarm
    catalogue.add(CommandRow(NoteRestore, _note_restore), CommandRow(NoteCopy, _note_copy))
    catalogue.add(NoticeRow("fault", partial(_compose, public_url=public_url), reports))


def _note_copy(work: Work, command: NoteCopy) -> Done | Refusal:
    if work.by != CONSOLE:
        return Refusal("not_allowed", "administer")
    work.record(work.lock("desk", 1), DeskCopied(command.head, command.events))
    return Done()


def _note_restore(work: Work, command: NoteRestore) -> Done | Refusal:
    if work.by != CONSOLE:
        return Refusal("not_allowed", "administer")
    work.record(work.lock("desk", 1), DeskRestored(command.head, command.events))
    return Done()


def _alarm(work: Work, what: str, stream: str, stream_id: int, value: int) -> None:
    people, log = people_of(work.tx), work.lock("desk", 1)
    work.record(log, EngineFault(what, stream, stream_id, value))
    for person in people.persons.values():
        if person.active and "admin" in person.roles:
            work.notify(log, *quietly(people, person.id, "fault", work.now, data=f"{what} {value}"))


def _compose(tx: Reader, row: Outgoing, now: Millis, *, public_url: str) -> Message | None:
    people = people_of(tx)
    person = people.persons.get(row.recipient)
    if person is None or "admin" not in person.roles:
        return None
    language = person.language
    what, _, value = row.data.partition(" ")
    words = Wording(
        title=say(language, "notice.fault.title"),
        body=say(language, f"notice.fault.{what}", n=int(value or 1)),
        path="/desk/",
        tag=f"fault-{what}",
    )
    return message(people, row, words, public_url)
