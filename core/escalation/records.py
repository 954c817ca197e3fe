"""Load the escalation a decision needs inside the transaction; save what it decided."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from msgspec.structs import asdict, replace

from core.engine.ports import Millis, Reader, Transaction
from core.engine.store.sql import SqlFile
from core.escalation.agenda import Due, both, earliest
from core.escalation.kinds.records import completed, save_kind
from core.escalation.model import Call, Escalation, Side, Task
from core.policy.records import policy_of
from core.tickets.records import read_ahead as read_tickets_ahead

SQL: Final = SqlFile("core.escalation", "escalation.sql")
FAR: Final = 1 << 52
"""`next_at` of what waits for nothing: sorts last, and keeps one index for all."""


def load(tx: Reader, id_: int) -> Escalation | None:
    """The escalation with its calls and tasks; None when there is none."""
    ahead: Escalation | None = tx.memo.pop(("escalation", id_), None)
    if ahead is not None:
        return ahead
    row = tx.one(SQL["load"], {"id": id_})
    if row is None:
        return None
    return _escalation(tx, row, tx.all(SQL["calls"], {"id": id_}), tx.all(SQL["tasks"], {"id": id_}))


def ticket_of(tx: Reader, id_: int) -> int | None:
    """The number of the ticket an escalation is of."""
    ahead: Escalation | None = tx.memo.get(("escalation", id_))
    if ahead is not None:
        return ahead.ticket
    row = tx.one(SQL["ticket_of"], {"id": id_})
    return None if row is None else row[0]


def read_ahead(tx: Reader, now: Millis, limit: int) -> None:
    """What so many due steps will look at, their tickets too: a few statements for all of them."""
    due = {"now": now, "limit": limit}
    read_tickets_ahead(tx, due)
    calls, tasks = _by_escalation(tx.all(SQL["calls_ahead"], due)), _by_escalation(tx.all(SQL["tasks_ahead"], due))
    for row in tx.all(SQL["escalations_ahead"], due):
        tx.memo["escalation", row[0]] = _escalation(tx, row, calls.get(row[0], ()), tasks.get(row[0], ()))


def _by_escalation(rows: Iterable[tuple[Any, ...]]) -> dict[int, list[tuple[Any, ...]]]:
    found: dict[int, list[tuple[Any, ...]]] = {}
    for row in rows:
        found.setdefault(row[0], []).append(row[1:])
    return found


def _escalation(
    tx: Reader, row: tuple[Any, ...], calls: Iterable[tuple[Any, ...]], tasks: Iterable[tuple[Any, ...]]
) -> Escalation:
    policy = policy_of(tx, row[5], row[6])
    assert policy is not None, "a version of a policy is never deleted"
    side = Side(*(*row[23:27], bool(row[27]), *row[28:30])) if row[23] is not None else None
    called = tuple(Call(*(*call[:10], bool(call[10]), *call[11:])) for call in calls)
    rung = tuple(Task(*task) for task in tasks)
    found = Escalation(*(*row[:5], policy, *row[7:23], side, *row[30:33], bool(row[33]), called, rung))
    return found if found.kind == "takeover" else completed(tx, found)


def open_of(tx: Reader, ticket: int) -> tuple[Escalation, ...]:
    """The ticket's open escalations, oldest first."""
    found = (load(tx, id_) for (id_,) in tx.all(SQL["open_of_ticket"], {"ticket": ticket}))
    return tuple(escalation for escalation in found if escalation is not None)


def save(tx: Transaction, before: Escalation | None, after: Escalation, restricted: bool) -> int | None:
    """Write what differs: the row, new and changed calls and tasks. When the engine must look at it again."""
    due, named = both(after)
    if before is not None and replace(before, calls=after.calls, tasks=after.tasks) == after:
        tx.run(SQL["update_next"], {"id": after.id, **_next(named, restricted)})
    else:
        tx.run(SQL["insert" if before is None else "update"], _columns(after, named, restricted))
    if before is not None and before.ended_at != after.ended_at:  # apart: it would touch every index each time
        tx.run(SQL["ended"], {"id": after.id, "ended_at": after.ended_at})
    calls, tasks = (before.calls, before.tasks) if before else ((), ())
    if after.calls is not calls:
        _save_all(tx, calls, after.calls, "call", after.id)
    if after.tasks is not tasks:
        _save_all(tx, tasks, after.tasks, "task", after.id)
    if after.kind != "takeover" or (before is not None and before.kind != "takeover"):
        save_kind(tx, before, after)
    return None if due is None else due.at


def due_of(escalation: Escalation) -> int | None:
    """When the engine must look at it again."""
    next_ = earliest(escalation)
    return None if next_ is None else next_.at


def _save_all(
    tx: Transaction, before: Sequence[Call | Task], after: Sequence[Call | Task], table: str, escalation: int
) -> None:
    for index, item in enumerate(after):
        if index >= len(before):
            tx.run(SQL[f"{table}_add"], {**asdict(item), "escalation": escalation})
        elif item is not before[index] and item != before[index]:
            # a call that goes on leaves the index of open calls alone
            goes_on = table == "call" and item.ended_at == before[index].ended_at
            tx.run(SQL["call_step" if goes_on else f"{table}_save"], asdict(item))


def _columns(esc: Escalation, next_: Due | None, restricted: bool) -> Mapping[str, Any]:
    side = esc.side
    return {
        "id": esc.id, "ticket": esc.ticket, "team": esc.team, "kind": esc.kind, "state": esc.state,
        "policy": esc.policy.id, "policy_version": esc.policy.version, "because": esc.because,
        "raised_at": esc.raised_at, "raised_by": esc.raised_by, "start": esc.start, "amnesty": esc.amnesty,
        "rung": esc.rung, "round": esc.round, "base": esc.base, "accept_due": esc.accept_due,
        "backup_due": esc.backup_due, "opens_at": esc.opens_at, "duty_due": esc.duty_due,
        "recall_due": esc.recall_due, "hold_due": esc.hold_due, "hold_left": esc.hold_left,
        "confirm_due": esc.confirm_due, "side_to": side and side.to, "side_by": side and side.by,
        "side_due": side and side.due, "side_was": side and side.was,
        "side_returning": None if side is None else int(side.returning),
        "side_left_accept": side and side.left_accept, "side_left_backup": side and side.left_backup,
        "held_by": esc.held_by, "held_since": esc.held_since, "ended_at": esc.ended_at, "drill": int(esc.drill),
        "level": esc.policy.rungs[esc.rung].level if esc.policy.rungs else 0,
        **_next(next_, restricted),
    }  # fmt: skip


def _next(next_: Due | None, restricted: bool) -> dict[str, Any]:
    """What differs when time only used the next means of a call: the index of open ones, and no more."""
    return {
        "next_at": next_.at if next_ else FAR, "next_does": next_ and next_.what, "restricted": int(restricted),
    }  # fmt: skip
