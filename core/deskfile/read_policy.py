"""Reads `[[policy]]` with its rungs, and `[[rule]]`."""

from __future__ import annotations

import re
from typing import Final, get_args

from core.deskfile.read_people import identity
from core.deskfile.table import Table
from core.policy.durations import parse as duration
from core.policy.model import Kind, Policy, Rule, Rung, Step, Target, Then, Via, When

SEVERITIES: Final = ("critical", "high", "normal", "low")
TARGET: Final = re.compile(r"(rota|person|team):(\S+)|(level):([1-9][0-9]?)")


def policy(table: Table) -> Policy:
    """One `[[policy]]`; its version is made when it is applied."""
    usual = Policy("", 0, {}, ())
    rungs = tuple(table.rows("rung", _rung).values())
    if not rungs:
        table.missing("rung")
    return Policy(
        identity(table),
        0,
        table.names("name"),
        rungs,
        table.choice("hours", ("always", "duty"), usual.hours),
        table.choice("authority", ("joint", "passes"), usual.authority),
        table.number("repeat", 0, 9, usual.repeat),
        table.parsed("hold", _hold, "hold", usual.hold),
        table.parsed("recall", duration, "duration", usual.recall),
        table.parsed("seen_within", duration, "duration", usual.seen_within),
        table.texts("record", (), choices=("mail",)),
        table.day("review_by", None),
        table.text("owner", None),
    )


def rule(table: Table) -> Rule:
    """One `[[rule]]`."""
    return Rule(
        identity(table),
        table.table("when", _when, When()),
        table.table("then", _then, Then()),
        table.names("says", {}),
        table.names("guidance", {}, lines=True),
        table.day("review_by", None),
        table.text("owner", None),
    )


def _rung(table: Table) -> Rung:
    steps = table.rows("channels", _step)
    if not steps:
        table.missing("channels")
    for path, step in list(steps.items())[:-1]:
        if step.wait is None:
            table.trouble.note((*path, "wait"), "missing_wait", via=step.via)
    return Rung(
        table.number("level", 1, 99),
        _seat(table, "call"),
        tuple(steps.values()),
        table.parsed("accept_within", duration, "duration"),
        _seat(table, "backup"),
        table.parsed("backup_after", duration, "duration", None),
    )


def _step(table: Table) -> Step:
    return Step(table.choice("via", get_args(Via)), table.parsed("wait", duration, "duration", None))


def _seat(table: Table, key: str) -> tuple[Target, ...]:
    found: list[Target] = []
    written = table.texts(key, ())
    for index, text in enumerate(written):
        match, place = TARGET.fullmatch(text), (*table.path, key, index)
        if match is None:
            table.trouble.note(place, "wrong_value", "target", key=key, found=f'"{text}"')
            continue
        target = Target(match[1] or match[3], match[2] or match[4])  # type: ignore[arg-type]
        if target in found:
            table.trouble.note(place, "twice_in_seat", who=text, seat=key)
        found.append(target)
    if key == "call" and key not in table.values:
        table.missing(key)
    elif key == "call" and not written:
        table.trouble.note((*table.path, key), "wrong_value", "target", key=key, found="[]")
    return tuple(found)


def _hold(text: str) -> int | None:
    return None if text == "none" else duration(text)


def _when(table: Table) -> When:
    return When(
        table.texts("category", (), one=True),
        table.texts("severity", (), choices=SEVERITIES, one=True),
        table.texts("source", (), one=True),
        table.texts("tags", (), one=True),
        table.texts("words", (), one=True),
        table.choice("hours", ("any", "business", "outside"), "any"),
    )


def _then(table: Table) -> Then:
    return Then(
        table.choice("kind", get_args(Kind), "takeover"), table.text("policy", None),
        table.number("level", 1, 99, None),
    )  # fmt: skip
