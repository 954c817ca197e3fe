"""What the roster tells: you come on duty, you go off, your duty was changed, a shift is offered. Information only.

A rota is named by its id, nobody else by name. What is true no more is not sent.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

from core.engine.catalogue import NoticeRow, Outgoing
from core.engine.ports import Message, Millis, Reader
from core.people.devices import reports
from core.people.model import People, Person
from core.people.notice import Wording, message
from core.people.records import people_of
from core.roster.acts import change_of
from core.roster.duty import DAY
from core.roster.handover import rota_of
from core.roster.model import Change, Override, Swap
from core.roster.records import CHANGES, roster_of
from core.roster.swaps import swap_of
from core.words import date_line, say

Badge = Callable[[Reader, str], int]
Said = tuple[str, str, str]
"""Title, body, tag."""
WITHOUT_END: Final = 28 * DAY
"""A duty that runs longer is not told to end."""


def rows(public_url: str, badge: Badge) -> list[NoticeRow]:
    """The part's kinds of notice."""
    kinds = {"duty": _duty, "roster": _change, "swap": _swap}
    return [
        NoticeRow(kind, partial(_compose, said=said, public_url=public_url, badge=badge), reports, information=True)
        for kind, said in kinds.items()
    ]


def _compose(
    tx: Reader,
    row: Outgoing,
    now: Millis,
    *,
    said: Callable[[Reader, Outgoing, People, Person, Millis], Said | None],
    public_url: str,
    badge: Badge,
) -> Message | None:
    people = people_of(tx)
    person = people.persons.get(row.recipient)
    found = said(tx, row, people, person, now) if person is not None else None
    if person is None or found is None:
        return None
    title, body, tag = found
    words = Wording(title=title, body=body, path="/desk/me", tag=tag, urgency="low", badge=badge(tx, person.id))
    return message(people, row, words, public_url)


def _duty(tx: Reader, row: Outgoing, people: People, person: Person, now: Millis) -> Said | None:
    """On or off duty, if that is so, and nothing newer of this rota is on its way to the same place."""
    rota, language, zone = rota_of(tx, row.stream_id), person.language, people.settings.timezone
    at = {"number": row.stream_id, "recipient": row.recipient, "channel": row.channel, "address": row.address}
    if rota is None or tx.one(CHANGES["newer_notice"], {**at, "id": row.id}):
        return None
    duty = next((duty for duty in roster_of(tx).on_duty(rota, now) if duty.person == person.id), None)
    if (duty is not None) != (row.data == "on"):
        return None
    tag = f"duty-{row.stream_id}"
    if duty is None:
        return say(language, "notice.duty.off.title", rota=rota), say(language, "notice.duty.off.body"), tag
    title = say(language, "notice.duty.on.title", rota=rota)
    if duty.end - now >= WITHOUT_END:
        return title, say(language, "notice.duty.on.body_open"), tag
    return title, say(language, "notice.duty.on.body", until=date_line(duty.end, zone, language)), tag


def _change(tx: Reader, row: Outgoing, people: People, person: Person, now: Millis) -> Said | None:
    """Somebody else changed when this person is on duty."""
    kind, _, id_ = row.data.partition(":")
    found = change_of(tx, kind, int(id_))
    if found is None or found[0].until <= now:
        return None
    change, ended_at = found
    language, zone = person.language, people.settings.timezone
    title = say(language, "notice.roster.title", rota=change.rota)
    since, until = (date_line(at, zone, language) for at in (change.since, change.until))
    key = "cancelled" if ended_at is not None else _effect(change, person.id)
    return title, say(language, f"notice.roster.{key}", since=since, until=until), f"roster-{change.id}"


def _effect(change: Change, person: str) -> str:
    if isinstance(change, Override):
        return "on" if change.adds == person else "off"
    return "plan"


def _swap(tx: Reader, row: Outgoing, people: People, person: Person, now: Millis) -> Said | None:
    """An offer, and what came of it: as long as it is so, and the shift is not over."""
    id_, _, state = row.data.partition(":")
    swap = swap_of(tx, int(id_))
    if swap is None or swap.state != state or swap.until <= now:
        return None
    language = person.language
    return (
        say(language, f"notice.swap.{state}.title", rota=swap.rota),
        say(language, f"notice.swap.{state}.body", **_span(swap, people.settings.timezone, language)),
        f"swap-{swap.id}",
    )


def _span(swap: Swap, zone: str, language: str) -> dict[str, str]:
    return {"since": date_line(swap.since, zone, language), "until": date_line(swap.until, zone, language)}
