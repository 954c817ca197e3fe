"""Page everyone: every seat of every rung at once, phone included."""

from __future__ import annotations

import pytest

from core.engine.ports import Gone
from core.escalation.commands import (
    AcceptEscalation,
    ClimbEscalation,
    PageEveryone,
    ReassignEscalation,
    RefuseEscalation,
    Undo,
)
from core.escalation.queries.questions import PhoneTasks
from core.tickets.commands import ClaimTicket
from tests.stories.desks import rung, with_policy
from tests.stories.floor import Floor, at

ALL = ["hayashi", "kobayashi", "suzuki", "takahashi"]


async def paged(stage: Floor, time: str = "14:40", by: str = "sato") -> tuple[int, int]:
    """A call that is paged to everyone: (ticket, escalation)."""
    number, id_ = await stage.raised()
    await stage.until(time)
    stage.push.sent.clear()
    await stage.does(by, PageEveryone(id_))
    return number, id_


async def test_every_seat_of_every_rung(stage: Floor) -> None:
    """Duty, backup and every level above, each over every means: push, mail and a phone task."""
    _, id_ = await paged(stage)
    assert sorted(await stage.calling(id_)) == ALL
    assert sorted(person for _, person in stage.push.calls()) == ALL
    assert sorted({person for _, person in stage.mail.calls()}) == ALL
    rung_by = [task.person for task in (await stage.ask("ito", PhoneTasks())).items]
    assert sorted(rung_by) == ["suzuki", "takahashi"]


async def test_anyone_may_accept(stage: Floor) -> None:
    """The first to accept holds it; the others hear so; what follows is asked at that level."""
    number, id_ = await paged(stage)
    await stage.until("14:41")
    await stage.does("kobayashi", AcceptEscalation(id_))
    assert (await stage.holders(number))[-1] == ("kobayashi", "14:41")
    assert {"suzuki", "takahashi", "hayashi"} <= {person for _, person in stage.push.told("ended")}
    assert (await stage.escalation(id_)).level == 4
    assert (await stage.ask("ito", PhoneTasks())).items == ()


async def test_nobody_answers(stage: Floor) -> None:
    """When the longest turn is over, the ladder is walked again from its start, and then the alarm stands."""
    _, id_ = await paged(stage)
    view = await stage.escalation(id_)
    assert (view.state, view.accept_by) == ("calling", at("15:10"))
    await stage.until("15:10")
    view = await stage.escalation(id_)
    assert (view.state, view.level) == ("calling", 2)
    await stage.until("16:40")
    assert (await stage.escalation(id_)).state == "standing"


async def test_everybody_refuses(stage: Floor) -> None:
    """Nobody is left to wait for: on it goes at once."""
    _, id_ = await paged(stage)
    for person in ALL[:-1]:
        await stage.does(person, RefuseEscalation(id_))
    assert await stage.calling(id_) == ["takahashi"]
    await stage.does("takahashi", RefuseEscalation(id_))
    view = await stage.escalation(id_)
    assert view.state == "calling"
    assert await stage.calling(id_) != []


async def test_who_refused_before_is_asked_again(stage: Floor) -> None:
    """Everyone is everyone."""
    _, id_ = await stage.raised()
    await stage.does("suzuki", RefuseEscalation(id_))
    await stage.does("sato", PageEveryone(id_))
    assert "suzuki" in await stage.calling(id_)


async def test_twice_pages_once(stage: Floor) -> None:
    """A second press, also by somebody else, calls nobody again."""
    _, id_ = await paged(stage)
    calls = len(stage.push.calls())
    assert (await stage.does("sato", PageEveryone(id_))).again
    assert (await stage.does("hayashi", PageEveryone(id_))).again
    assert len(stage.push.calls()) == calls


async def test_the_holder_stays(stage: Floor) -> None:
    """Paged by who holds it: nothing moves until somebody accepts."""
    number, id_ = await stage.raised()
    await stage.until("14:35")
    await stage.does("suzuki", AcceptEscalation(id_))
    await stage.does("suzuki", PageEveryone(id_))
    view = await stage.escalation(id_)
    assert (view.state, view.holder, sorted(await stage.calling(id_))) == (
        "calling",
        "suzuki",
        ["hayashi", "kobayashi", "takahashi"],
    )
    await stage.does("hayashi", AcceptEscalation(id_))
    assert (await stage.holders(number))[-1] == ("hayashi", "14:35")


async def test_a_standing_alarm_stands_on(stage: Floor) -> None:
    """Everyone is called, the alarm stays until somebody accepts, and it recalls from here; once per recall."""
    _, id_ = await stage.raised(policy="outage")
    await stage.until("14:55")
    assert (await stage.escalation(id_)).state == "standing"
    stage.push.sent.clear()
    await stage.does("sato", PageEveryone(id_))
    view = await stage.escalation(id_)
    assert (view.state, view.next and view.next.at) == ("standing", at("15:10"))
    assert sorted(person for _, person in stage.push.calls()) == ["hayashi", "suzuki", "takahashi"]
    assert (await stage.does("sato", PageEveryone(id_))).again
    await stage.until("15:11")
    assert not (await stage.does("sato", PageEveryone(id_))).again


async def test_a_side_call_is_over(stage: Floor) -> None:
    """Everyone is called instead of the one who was asked."""
    _, id_ = await stage.raised()
    await stage.does("suzuki", ReassignEscalation(id_, "takahashi"))
    await stage.does("sato", PageEveryone(id_))
    assert sorted(await stage.calling(id_)) == ALL


async def test_passed_aside_and_refused_everyone_is_paged_again(stage: Floor) -> None:
    """Somebody paged asks another person, who declines: the others are called again, with the time that was left."""
    _, id_ = await paged(stage)
    await stage.until("14:45")
    await stage.does("suzuki", ReassignEscalation(id_, "takahashi"))
    await stage.until("14:50")
    await stage.does("takahashi", RefuseEscalation(id_))
    view = await stage.escalation(id_)
    assert sorted(await stage.calling(id_)) == ["hayashi", "kobayashi"]
    assert view.accept_by == at("15:15")


async def test_undone_everyone_is_called_again(stage: Floor) -> None:
    """Who accepted by mistake takes it back: the page goes on."""
    _, id_ = await paged(stage)
    await stage.does("suzuki", AcceptEscalation(id_))
    await stage.does("suzuki", Undo(id_))
    view = await stage.escalation(id_)
    assert (sorted(await stage.calling(id_)), view.accept_by) == (ALL, at("15:10"))


async def test_every_means_of_everyone_fails(stage: Floor) -> None:
    """On it goes without waiting for the end of the turn."""
    _, id_ = await stage.raised(policy="outage")
    await stage.does("suzuki", AcceptEscalation(id_))
    for person in ("takahashi", "hayashi"):
        stage.push.answers[person] = stage.mail.answers[person] = Gone("410")
    await stage.does("suzuki", PageEveryone(id_))
    await stage.until("14:33")
    assert (await stage.escalation(id_)).state == "standing"


async def test_under_passes_everyone_may_accept(stage: Floor) -> None:
    """Authority that had passed comes back with the new call."""
    _, id_ = await stage.raised(policy="outage")
    await stage.until("14:38")
    await stage.does("sato", PageEveryone(id_))
    await stage.does("suzuki", AcceptEscalation(id_))
    assert (await stage.escalation(id_)).held_by == "suzuki"


async def test_a_supervisor_still_steps_in(stage: Floor) -> None:
    """Whoever could accept before without a call still can."""
    _, id_ = await paged(stage, by="hayashi")
    assert "hayashi" not in await stage.calling(id_)
    await stage.does("hayashi", AcceptEscalation(id_))


async def test_after_the_climb_there_is_no_higher_rung(stage: Floor) -> None:
    """The top is called already."""
    _, id_ = await paged(stage)
    assert (await stage.refused("sato", ClimbEscalation(id_))).detail == "no_higher_rung"


@pytest.mark.parametrize(
    ("person", "code"),
    [("mori", "unknown"), ("ito", "not_allowed"), ("boss", "not_allowed"), ("kansa", "not_allowed")],
)
async def test_who_may_not(stage: Floor, person: str, code: str) -> None:
    """The raiser, the holder or a supervisor of the team, nobody else."""
    _, id_ = await stage.raised()
    assert (await stage.refused(person, PageEveryone(id_))).code == code


async def test_what_has_it_and_what_has_ended(stage: Floor) -> None:
    """Somebody else's is taken; what has ended is over."""
    number, id_ = await stage.raised()
    await stage.does("suzuki", AcceptEscalation(id_))
    assert (await stage.refused("ito", PageEveryone(id_))).code == "taken"
    assert (await stage.refused("ito", ClaimTicket(number))).code == "taken"
    assert (await stage.refused("suzuki", PageEveryone(99))).code == "unknown"


async def test_who_comes_on_duty_at_the_top_is_paged_too(stage: Floor) -> None:
    """The roster of the highest rung changes while everyone is paged: who comes on is called over every means."""
    rota = '[[rota]]\nid = "top"\nshifts = [{ days = "mon-sun", from = "14:50", to = "20:00", people = ["hayashi"] }]\n'
    await stage.apply(with_policy("tall", rung(2, "person:suzuki") + rung(3, "rota:top, person:kobayashi") + rota))
    _, id_ = await stage.raised(policy="tall")
    await stage.until("14:45")
    await stage.does("sato", PageEveryone(id_))
    assert sorted(await stage.calling(id_)) == ["kobayashi", "suzuki"]
    await stage.until("14:50")
    assert sorted(await stage.calling(id_)) == ["hayashi", "kobayashi", "suzuki"]
    assert ("14:50", "hayashi") in stage.push.calls()
    assert ("14:50", "hayashi") in stage.mail.calls()
