"""Shared terminals: the terminal has a key that shows nothing by itself; whoever sits down adds their PIN."""

from __future__ import annotations

from typing import Final

from core.engine.outcome import Done, Refusal
from core.engine.ports import HOUR, MINUTE
from core.engine.work import Ask, Work
from core.people.answers import login
from core.people.model import NOBODY
from core.people.records import ACCOUNTS, number_of, people_of
from core.people.signing import STREAM, is_active
from core.people.terminals.commands import LockTerminal, RemoveTerminal, SetPin, SwitchPerson, TryPin
from core.people.terminals.events import PinSet, TerminalRemoved, TerminalTaken
from core.people.terminals.questions import PinOf, PinView, TerminalPage, Terminals, TerminalView
from core.people.terminals.sign_in import SQL, may_share
from core.people.throttle import Patience

SITS: Final = 12 * HOUR
"""A shift, at the longest; who locks the terminal or gives it up ends it at once."""
PATIENCE: Final = Patience(free=5, longest=15 * MINUTE)
UNKNOWN: Final = Refusal("unauthenticated", "terminal")
WRONG: Final = Refusal("unauthenticated", "pin")


def set_pin(work: Work, command: SetPin) -> Done | Refusal:
    """Mine. Whoever sits at a shared terminal under my name stays until it is locked."""
    person = work.by.person
    if person is None or not is_active(work, person):
        return Refusal("not_allowed", "self")
    if command.encoded is None:
        work.tx.run(ACCOUNTS["pin_end"], {"person": person})
    elif not command.encoded.startswith("$argon2id$"):
        return Refusal("invalid", "password_hash", "encoded")
    else:
        work.tx.run(SQL["pin_set"], {"person": person, "encoded": command.encoded, "now": work.now})
    work.record(work.lock(STREAM, number_of(work.tx, person)), PinSet(person, command.encoded is not None))
    return Done(person)


def try_pin(work: Work, command: TryPin) -> Done | Refusal:
    """Before the edge looks at a PIN: counted here, so that no other process or restart forgets it."""
    if _terminal(work, command.terminal) is None:
        return UNKNOWN
    row = work.tx.one(SQL["pin_get"], {"person": command.person})
    if row is None:
        return Done()
    wait = row[2] + PATIENCE.wait(row[1]) - work.now
    if wait > 0:
        return Refusal("too_many", "pin_wait", values={"wait": wait})
    work.tx.run(SQL["pin_tried"], {"person": command.person, "now": work.now})
    return Done()


def switch(work: Work, command: SwitchPerson) -> Done | Refusal:
    """The edge has checked the PIN. One person at a time: whoever sat there before is out."""
    terminal = _terminal(work, command.terminal)
    if terminal is None:
        return UNKNOWN
    if not is_active(work, command.person) or work.tx.one(SQL["pin_get"], {"person": command.person}) is None:
        return WRONG
    work.tx.run(SQL["pin_fitted"], {"person": command.person})
    work.tx.run(SQL["terminal_tokens_end"], {"id": terminal})
    id_, ends = work.tx.new_ids("secret"), work.now + SITS
    work.tx.run(
        SQL["terminal_token_add"],
        {
            "id": id_, "hash": command.hash, "person": command.person, "label": "", "now": work.now,
            "expires_at": ends, "terminal": terminal,
        },
    )  # fmt: skip
    stream = work.lock(STREAM, number_of(work.tx, command.person))
    work.record(stream, TerminalTaken(command.person, terminal, id_, ends))
    return Done(ends)


def lock(work: Work, command: LockTerminal) -> Done | Refusal:
    """Whoever sat there is out; twice is once."""
    terminal = _terminal(work, command.terminal)
    if terminal is None:
        return UNKNOWN
    again = work.tx.run(SQL["terminal_tokens_end"], {"id": terminal}) == 0
    return Done(terminal, again=again)


def remove(work: Work, command: RemoveTerminal) -> Done | Refusal:
    """By who orders the shifts, or who had it registered."""
    row = work.tx.one(SQL["terminal_by_id"], {"id": command.terminal})
    person = work.by.person
    if row is None or person is None:
        return Refusal("unknown", "terminal_unknown")
    if person != row[1] and not may_share(people_of(work.tx), work.by):
        return Refusal("unknown", "terminal_unknown")
    work.tx.run(SQL["terminal_tokens_end"], {"id": command.terminal})
    work.tx.run(SQL["terminal_remove"], {"id": command.terminal})
    work.record(work.lock(STREAM, number_of(work.tx, person)), TerminalRemoved(person, command.terminal))
    return Done(command.terminal)


def pin_of(ask: Ask, query: PinOf) -> PinView | Refusal:
    """By id, or by an email that only one active person has."""
    if ask.by != NOBODY:
        return Refusal("not_allowed", "system")
    person = login(people_of(ask.tx), query.login.strip())
    row = None if person is None else ask.tx.one(SQL["pin_get"], {"person": person.id})
    return PinView(person.id if person else None, row[0] if row else None)


def terminals(ask: Ask, query: Terminals) -> TerminalPage | Refusal:
    """For who may remove one."""
    if not may_share(people_of(ask.tx), ask.by) or ask.by.kind != "person":
        return Refusal("not_allowed", "roster")
    return TerminalPage(tuple(TerminalView(*row) for row in ask.tx.all(SQL["terminals"])))


def _terminal(work: Work, hash_: bytes) -> int | None:
    row = work.tx.one(SQL["terminal_by_hash"], {"hash": hash_})
    return None if row is None else int(row[0])
