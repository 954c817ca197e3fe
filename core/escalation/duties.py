"""How running escalations hear of the roster: a change of duty is looked at while they call, and planned for."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial

from core.engine.catalogue import Catalogue
from core.engine.work import Work
from core.escalation.acts import act
from core.escalation.decide import time
from core.escalation.records import SQL
from core.people.events import LeaveBegan, LeaveEnded, LeaveTaken
from core.people.model import People
from core.people.records import people_of
from core.policy.model import Rung, Target
from core.policy.records import policy_of
from core.roster.duty import Roster
from core.roster.events import OverrideCancelled, OverrideMade, PlanCancelled, PlanMade
from core.roster.records import roster_of

Means = Callable[[Target], bool]


def register(catalogue: Catalogue) -> None:
    """Overrides, plans and leave reach the escalations that are calling."""
    for changed in (OverrideMade, OverrideCancelled, PlanMade, PlanCancelled):
        catalogue.subscribe(changed, _rota_changed)
    for planned in (LeaveTaken, LeaveEnded):
        catalogue.subscribe(planned, _leave_changed)
    catalogue.subscribe(LeaveBegan, _leave_began)


def rostered(work: Work, touched: Means) -> None:
    """Whatever calls on a rung that names something touched looks again who is on duty, now and next."""
    for id_, policy, version, rung in work.tx.all(SQL["calling"]):
        known = policy_of(work.tx, policy, version)
        if known is not None and any(touched(target) for target in _targets(known.rungs[rung])):
            act(work, id_, partial(time.rostered, now=work.now), reaction=True)


def lost(work: Work, persons: Iterable[str]) -> None:
    """Open calls of people who cannot be called any more end."""
    found = {id_ for person in persons for (id_,) in work.tx.all(SQL["calling_person"], {"person": person})}
    for id_ in sorted(found):
        act(work, id_, partial(time.lost, now=work.now), reaction=True)


def _rota_changed(work: Work, event: OverrideMade | OverrideCancelled | PlanMade | PlanCancelled) -> None:
    rotas = roster_of(work.tx).beside(event.rota)
    rostered(work, lambda target: target.kind == "rota" and target.id in rotas)


def _leave_changed(work: Work, event: LeaveTaken | LeaveEnded) -> None:
    rostered(work, partial(_names, people_of(work.tx), roster_of(work.tx), event.person))


def _leave_began(work: Work, event: LeaveBegan) -> None:
    lost(work, (event.person,))
    rostered(work, partial(_names, people_of(work.tx), roster_of(work.tx), event.person))


def _names(people: People, roster: Roster, person: str, target: Target) -> bool:
    """Whether a target can mean this person."""
    known = people.persons[person]
    match target.kind:
        case "person":
            return target.id == person
        case "team":
            return target.id in known.teams
        case "level":
            return target.id == str(known.level)
        case "rota":
            return any(person in roster.members(rota) for rota in roster.beside(target.id))


def _targets(rung: Rung) -> tuple[Target, ...]:
    return (*rung.call, *rung.backup)
