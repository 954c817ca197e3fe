"""Policies and rules in the database. A version of a policy, once written, is never changed."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Final, NamedTuple

import msgspec
from msgspec.structs import replace

from core.engine.ports import Millis, Reader, Transaction
from core.engine.shapes import decode
from core.engine.store.sql import SqlFile
from core.people.model import People
from core.people.records import changed, people_of
from core.policy.model import Policy, Rule, Text, Then, When

SQL: Final = SqlFile("core.policy", "policy.sql")
KEPT: Final = 4
_stable: Final = msgspec.json.Encoder(order="deterministic").encode


class _Book(NamedTuple):
    policies: dict[str, Policy]
    rules: tuple[Rule, ...]


class _Snapshots:
    """The newest few policies and rules of this process, each with the directory they were read under.

    Every change of them writes a new revision of the directory, so the same directory means the same book.
    """

    def __init__(self) -> None:
        self._kept: tuple[tuple[People, _Book], ...] = ()

    def get(self, people: People) -> _Book | None:
        return next((book for known, book in self._kept if known is people), None)

    def put(self, people: People, book: _Book) -> _Book:
        self._kept = ((people, book), *self._kept[: KEPT - 1])
        return book


_snapshots: Final = _Snapshots()


def policy_of(tx: Reader, id_: str, version: int | None = None) -> Policy | None:
    """This version of a policy, in force or not; without a version the one in force, if it is."""
    known = _book(tx).policies.get(id_)
    if version is None or (known is not None and known.version == version):
        return known
    row = tx.one(SQL["policy_version"], {"id": id_, "version": version})
    return None if row is None else _policy(row[0])


def policies_of(tx: Reader) -> tuple[Policy, ...]:
    """Every policy in force, by id. One select when they are known."""
    return tuple(_book(tx).policies.values())


def rules_of(tx: Reader) -> tuple[Rule, ...]:
    """Every rule, in file order. One select when they are known."""
    return _book(tx).rules


def save_policies(tx: Transaction, policies: Sequence[Policy], now: Millis) -> None:
    """Exactly these are in force from now on. A policy gets a new version only where it says something new."""
    tx.run(SQL["policies_clear"])
    for policy in policies:
        looked_after = {"review_by": policy.review_by, "owner": policy.owner}
        version = _version(tx, replace(policy, review_by=None, owner=None), now)
        tx.run(SQL["policy_in_force"], {"id": policy.id, "version": version, **looked_after})
    changed(tx, "policies", policies, now)


def save_rules(tx: Transaction, rules: Sequence[Rule]) -> None:
    """Exactly these, in this order."""
    tx.run(SQL["rules_clear"])
    tx.many(SQL["rule_add"], [_rule_row(position, rule) for position, rule in enumerate(rules)])
    changed(tx, "rules", rules)


def _version(tx: Transaction, policy: Policy, now: Millis) -> int:
    row = tx.one(SQL["policy_last"], {"id": policy.id})
    last = None if row is None else _policy(row[0])
    if last is not None and last == replace(policy, version=last.version):
        return last.version
    new = replace(policy, version=1 if last is None else last.version + 1)
    tx.run(
        SQL["policy_version_add"],
        {"id": new.id, "version": new.version, "document": _stable(new).decode(), "at": now},
    )
    return new.version


def _book(tx: Reader) -> _Book:
    people = people_of(tx)
    known = _snapshots.get(people)
    return known if known is not None else _snapshots.put(people, _load(tx))


def _load(tx: Reader) -> _Book:
    policies = (_in_force(*row) for row in tx.all(SQL["policies"]))
    return _Book({policy.id: policy for policy in policies}, tuple(_rule(row) for row in tx.all(SQL["rules"])))


def _in_force(document: str, review_by: str | None, owner: str | None) -> Policy:
    return replace(_policy(document), review_by=review_by, owner=owner)


@lru_cache(maxsize=512)
def _policy(document: str) -> Policy:
    return decode(document, Policy)


def _rule(row: tuple[Any, ...]) -> Rule:
    id_, conditions, kind, policy, level, says, guidance, review_by, owner = row
    then = Then(kind, policy, level)
    return Rule(id_, _value(conditions, When), then, _value(says, Text), _value(guidance, Text), review_by, owner)


def _rule_row(position: int, rule: Rule) -> dict[str, Any]:
    return {
        "position": position, "id": rule.id, "conditions": _stable(rule.when).decode(), "kind": rule.then.kind,
        "policy": rule.then.policy, "level": rule.then.level, "says": _stable(rule.says).decode(),
        "guidance": _stable(rule.guidance).decode(), "review_by": rule.review_by,
        "owner": rule.owner,
    }  # fmt: skip


def _value(text: str, shape: Any) -> Any:
    return decode(text, shape)
