"""What a desk.toml must hold as a whole: every name means something, once, and nothing goes in circles."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Final, Protocol

from core.deskfile.locate import Path
from core.deskfile.problems import Trouble
from core.people.model import ChannelSetting, Level, Person, Settings, Team
from core.policy.model import Policy, Rule, Target
from core.roster.model import Rota

MANY: Final = 8


class Named(Protocol):
    """Whatever has an id."""

    @property
    def id(self) -> str: ...


@dataclass
class Draft:
    """A file as read, every row with its place; not yet known to hold together."""

    settings: Settings
    levels: Mapping[Path, Level] = field(default_factory=dict)
    teams: Mapping[Path, Team] = field(default_factory=dict)
    persons: Mapping[Path, Person] = field(default_factory=dict)
    rotas: Mapping[Path, Rota] = field(default_factory=dict)
    policies: Mapping[Path, Policy] = field(default_factory=dict)
    rules: Mapping[Path, Rule] = field(default_factory=dict)
    channels: Mapping[Path, ChannelSetting] = field(default_factory=dict)


def check_references(draft: Draft, trouble: Trouble) -> None:
    """Note every name that is used twice, or means nothing, or leads back to itself."""
    _References(draft, trouble).check()


class _References:
    def __init__(self, draft: Draft, trouble: Trouble) -> None:
        self.draft = draft
        self.trouble = trouble
        self.known: dict[str, set[str]] = {
            "level": {str(level.number) for level in draft.levels.values()},
            "team": {team.id for team in draft.teams.values()},
            "person": {person.id for person in draft.persons.values()},
            "rota": {rota.id for rota in draft.rotas.values()},
            "policy": {policy.id for policy in draft.policies.values()},
            "chat": {channel.id for channel in draft.channels.values() if channel.kind == "chat"},
        }

    def check(self) -> None:
        draft = self.draft
        for rows in (draft.teams, draft.persons, draft.rotas, draft.policies, draft.rules, draft.channels):
            self._once(rows)
        for path, team in draft.teams.items():
            self._team(path, team)
        self._no_circles()
        for path, person in draft.persons.items():
            self._means((*path, "level"), "level", str(person.level))
            self._each((*path, "teams"), "team", person.teams)
        self._chats()
        for path, rota in draft.rotas.items():
            self._rota(path, rota)
        for path, policy in draft.policies.items():
            self._policy(path, policy)
        for path, rule in draft.rules.items():
            self._owner(path, rule.owner)
            if rule.then.policy is not None:
                self._means((*path, "then", "policy"), "policy", rule.then.policy)
            if rule.then.level is not None:
                self._means((*path, "then", "level"), "level", str(rule.then.level))

    def _chats(self) -> None:
        """Each address in chat is one person's: in a room others would learn of calls they may not see."""
        first: dict[str, Path] = {}
        for path, person in self.draft.persons.items():
            if person.chat is None:
                continue
            self._means((*path, "chat"), "chat", person.chat.partition(":")[0])
            before = first.setdefault(person.chat, path)
            if before != path:
                line = self.trouble.line((*before, "chat"))
                self.trouble.note((*path, "chat"), "chat_twice", line=line)

    def _once(self, rows: Mapping[Path, Named]) -> None:
        first: dict[str, Path] = {}
        for path, row in rows.items():
            before = first.setdefault(row.id, path)
            if before != path:
                self.trouble.note((*path, "id"), "duplicate", id=row.id, line=self.trouble.line((*before, "id")))

    def _team(self, path: Path, team: Team) -> None:
        if team.parent is not None:
            self._means((*path, "parent"), "team", team.parent)
        if team.default_policy is not None:
            self._means((*path, "default_policy"), "policy", team.default_policy)

    def _no_circles(self) -> None:
        parents = {team.id: team.parent for team in self.draft.teams.values()}
        seen: set[str] = set()
        for path, team in self.draft.teams.items():
            way, at = list[str](), parents.get(team.id)
            while at is not None and at not in way and team.id not in seen:
                way.append(at)
                at = parents.get(at)
            if team.id in way:
                circle = [team.id, *way[: way.index(team.id) + 1]]
                seen.update(circle)
                self.trouble.note((*path, "parent"), "cyclic_teams", circle=" → ".join(circle))

    def _rota(self, path: Path, rota: Rota) -> None:
        for index, shift in enumerate(rota.shifts):
            self._each((*path, "shifts", index, "people"), "person", shift.people)
        if rota.rotation is not None:
            people = (*path, "rotation", "people")
            self._each(people, "person", rota.rotation.people, once=False)
        if rota.replaces is not None:
            self._stand_in(path, rota)

    def _stand_in(self, path: Path, rota: Rota) -> None:
        place = (*path, "replaces")
        self._means(place, "rota", str(rota.replaces))
        for other in self.draft.rotas.values():
            if other.id == rota.replaces and other.replaces is not None:
                self.trouble.note(place, "replaces_stand_in", rota=other.id)
            if other is not rota and (other.replaces, other.mode) == (rota.replaces, rota.mode):
                self.trouble.note(place, "replaced_twice", rota=str(rota.replaces), mode=str(rota.mode), other=other.id)

    def _policy(self, path: Path, policy: Policy) -> None:
        self._owner(path, policy.owner)
        for index, rung in enumerate(policy.rungs):
            place = (*path, "rung", index)
            self._means((*place, "level"), "level", str(rung.level))
            for seat, targets in (("call", rung.call), ("backup", rung.backup)):
                for position, target in enumerate(targets):
                    self._target((*place, seat, position), target)

    def _target(self, path: Path, target: Target) -> None:
        self._means(path, target.kind, target.id)

    def _owner(self, path: Path, owner: str | None) -> None:
        if owner is not None:
            self._means((*path, "owner"), "person", owner)

    def _each(self, path: Path, kind: str, ids: Iterable[str], *, once: bool = True) -> None:
        seen: set[str] = set()
        for index, id_ in enumerate(ids):
            if once and id_ in seen:
                self.trouble.note((*path, index), "twice", id=id_)
            seen.add(id_)
            self._means((*path, index), kind, id_)

    def _means(self, path: Path, kind: str, id_: str) -> None:
        if id_ not in self.known[kind]:
            self.trouble.note(path, f"unknown_{kind}", id=id_, known=_nearest(id_, self.known[kind]))


def _nearest(id_: str, known: Iterable[str]) -> str:
    """All known ids, or of many those that look most alike."""
    names = sorted(known)
    if len(names) > MANY:
        names = [*(get_close_matches(id_, names, MANY) or names[:MANY]), "…"]
    return ", ".join(names) or "–"
