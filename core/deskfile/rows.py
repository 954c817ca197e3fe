"""A document as the rows of its file: what `export` writes and what `diff` compares, key by key."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct, field

from core.deskfile.document import Document
from core.deskfile.table import LANGUAGES
from core.people.model import ChannelSetting, Hours, Person, Quiet, Settings, Team
from core.policy.durations import written
from core.policy.model import Policy, Rule, Rung, Target, Text, When
from core.roster.model import Rota, Rotation, Shift


class Day(str):
    """A date: written without quotes."""

    __slots__ = ()


class Row(Struct, frozen=True):
    """One table of the file. What is at its default is not in `values`."""

    section: str
    id: str
    values: Mapping[str, Any]
    below: tuple[Mapping[str, Any], ...] = field(default=())
    """The rungs of a policy."""


def rows(document: Document) -> Iterator[Row]:
    """Every row, in the order of the file."""
    yield Row("desk", "", _desk(document.settings))
    yield Row("levels", "", {str(level.number): _words(level.names) for level in document.levels})
    yield from (Row("team", team.id, _team(team)) for team in document.teams)
    yield from (Row("person", person.id, _person(person)) for person in document.persons)
    yield from (Row("rota", rota.id, _rota(rota)) for rota in document.rotas)
    for policy in document.policies:
        yield Row("policy", policy.id, _policy(policy), tuple(_rung(rung) for rung in policy.rungs))
    yield from (Row("rule", rule.id, _rule(rule)) for rule in document.rules)
    yield from (Row("channel", channel.id, _channel(channel)) for channel in document.channels)


def _desk(settings: Settings) -> dict[str, Any]:
    return _given(
        name=settings.name, timezone=settings.timezone, language=settings.language, holidays=settings.holidays,
        hours=[_hours(hours) for hours in settings.hours], quiet=_quiet(settings.quiet),
        watchdog=settings.watchdog,
    )  # fmt: skip


def _hours(hours: Hours) -> dict[str, Any]:
    return {"days": hours.days, "from": hours.start, "to": hours.end}


def _team(team: Team) -> dict[str, Any]:
    return _given(id=team.id, name=team.name, parent=team.parent, default_policy=team.default_policy)


def _person(person: Person) -> dict[str, Any]:
    return _given(
        id=person.id,
        name=person.name,
        teams=list(person.teams),
        level=person.level,
        roles=sorted(person.roles),
        language=person.language,
        email=person.email,
        phone=person.phone,
        place=_unless(person.place, "site"),
        clearance=sorted(person.clearance),
        certificates={name: Day(day) for name, day in sorted(person.certificates.items())},
        chat=person.chat,
        quiet=_quiet(person.quiet),
    )


def _quiet(quiet: Quiet | None) -> dict[str, str] | None:
    return {"from": quiet.start, "to": quiet.end} if quiet else None


def _rota(rota: Rota) -> dict[str, Any]:
    return _given(
        id=rota.id,
        on_holidays=_unless(rota.on_holidays, True),
        replaces=rota.replaces,
        mode=rota.mode,
        shifts=[_shift(shift) for shift in rota.shifts],
        rotation=_rotation(rota.rotation) if rota.rotation else None,
    )


def _shift(shift: Shift) -> dict[str, Any]:
    span = {"days": shift.days, "from": shift.start, "to": shift.end, "people": list(shift.people)}
    return span | _given(place=shift.place)


def _rotation(rotation: Rotation) -> dict[str, Any]:
    return {
        "people": list(rotation.people), "every": rotation.every, "handover": rotation.handover,
        "starts": Day(rotation.starts),
    }  # fmt: skip


def _policy(policy: Policy) -> dict[str, Any]:
    return _given(
        id=policy.id,
        name=_words(policy.name),
        hours=policy.hours,
        authority=policy.authority,
        repeat=policy.repeat,
        hold="none" if policy.hold is None else written(policy.hold),
        recall=written(policy.recall),
        seen_within=written(policy.seen_within),
        record=list(policy.record),
        review_by=Day(policy.review_by) if policy.review_by else None,
        owner=policy.owner,
    )


def _rung(rung: Rung) -> dict[str, Any]:
    return _given(
        level=rung.level,
        call=_targets(rung.call),
        backup=_targets(rung.backup),
        channels=[_given(via=step.via, wait=_written(step.wait)) for step in rung.channels],
        backup_after=_written(rung.backup_after),
        accept_within=written(rung.accept_within),
    )


def _rule(rule: Rule) -> dict[str, Any]:
    return _given(
        id=rule.id,
        when=_when(rule.when),
        then=_given(kind=rule.then.kind, policy=rule.then.policy, level=rule.then.level),
        says=_words(rule.says),
        guidance=_words(rule.guidance),
        review_by=Day(rule.review_by) if rule.review_by else None,
        owner=rule.owner,
    )


def _when(when: When) -> dict[str, Any]:
    return _given(
        category=list(when.category),
        severity=list(when.severity),
        source=list(when.source),
        tags=list(when.tags),
        words=list(when.words),
        hours=_unless(when.hours, "any"),
    )


def _channel(channel: ChannelSetting) -> dict[str, Any]:
    whole = {"kind": channel.kind, "url": channel.url, "password": channel.password, "from": channel.sender}
    return {"id": channel.id} | {key: value for key, value in whole.items() if value is not None}


def _words(text: Text) -> dict[str, str]:
    return {language: text[language] for language in LANGUAGES if language in text}


def _targets(targets: tuple[Target, ...]) -> list[str]:
    return [str(target) for target in targets]


def _written(milliseconds: int | None) -> str | None:
    return None if milliseconds is None else written(milliseconds)


def _unless(value: Any, usual: Any) -> Any:
    return None if value == usual else value


def _given(**values: Any) -> dict[str, Any]:
    """Without what is not there. An empty list of roles is not the default one, so it stays."""
    return {
        key: value for key, value in values.items() if key == "roles" or (value is not None and value not in ([], {}))
    }
