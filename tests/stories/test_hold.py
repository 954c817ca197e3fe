"""After an acceptance: "still on it?", and what follows when nobody says so."""

from __future__ import annotations

from core.escalation.commands import AcceptEscalation, ConfirmEscalation
from core.tickets.commands import PutOnWait
from tests.stories.desks import rung, with_policy
from tests.stories.floor import Floor, at, clock_of

NEXT_DAY = "2026-11-21"
TWO = rung(2, "person:suzuki", backup="person:takahashi", within="30m") + rung(3, "person:hayashi")
NEVER = with_policy("never", TWO, 'hold = "none"')
SHORT = with_policy("short", TWO, 'hold = "20m"\nrepeat = 0')
ALONE = with_policy("alone", rung(2, "person:suzuki", within="30m") + rung(3, "person:hayashi"), 'hold = "20m"')
OFFICE = with_policy("office", rung(2, "rota:days", within="30m"), 'hold = "2h"\nhours = "duty"')
DAYS = '\n[[rota]]\nid = "days"\nshifts = [{ days = "mon-sun", from = "09:00", to = "15:30", people = ["suzuki"] }]\n'


async def test_holder_and_duty_are_asked_after_the_hold(stage: Floor) -> None:
    """Two hours after the acceptance the holder and whoever is on duty now are asked, once, and nobody is called."""
    _, id_ = await stage.raised()
    await stage.until("14:45")
    await stage.does("takahashi", AcceptEscalation(id_))
    count = len(stage.push.calls())
    await stage.until("16:50")
    assert sorted(stage.push.told("still_on_it")) == [("16:45", "suzuki"), ("16:45", "takahashi")]
    assert stage.push.calls()[count:] == []
    assert (await stage.escalation(id_)).asked


async def test_a_confirmation_begins_the_hold_anew(stage: Floor) -> None:
    """ "Still on it": the next question comes two hours after the answer."""
    _, id_ = await stage.raised()
    await stage.does("suzuki", AcceptEscalation(id_))
    await stage.until("16:40")
    await stage.does("suzuki", ConfirmEscalation(id_))
    view = await stage.escalation(id_)
    assert (view.state, view.asked) == ("accepted", False)
    assert view.next is not None
    assert (view.next.does, clock_of(view.next.at)) == ("hold", "18:40")


async def test_not_confirmed_the_rung_is_called_again_and_the_holder_stays(stage: Floor) -> None:
    """No answer within the rung's accept-by: the backup at once, the holder is not called, and holds it still."""
    await stage.apply(SHORT)
    number, id_ = await stage.raised(policy="short")
    await stage.does("suzuki", AcceptEscalation(id_))
    await stage.until("15:22")
    assert stage.push.calls() == [("14:32", "suzuki"), ("15:22", "takahashi")]
    case = await stage.case(number)
    assert (case.ticket.holder, case.escalations[0].state) == ("suzuki", "calling")
    assert "hold_passed" in [line.kind for line in case.timeline]


async def test_the_holder_can_still_confirm(stage: Floor) -> None:
    """While it calls again the holder says so: the calls end, who was called hears it, the hold begins anew."""
    await stage.apply(SHORT)
    number, id_ = await stage.raised(policy="short")
    await stage.does("suzuki", AcceptEscalation(id_))
    await stage.until("15:30")
    await stage.does("suzuki", ConfirmEscalation(id_))
    case = await stage.case(number)
    assert (case.ticket.holder, case.escalations[0].state) == ("suzuki", "accepted")
    assert await stage.calling(id_) == []
    assert ("15:30", "takahashi") in stage.push.told("ended")


async def test_somebody_else_may_take_it_then(stage: Floor) -> None:
    """The backup accepts: responsibility moves, and the former holder hears it."""
    await stage.apply(SHORT)
    number, id_ = await stage.raised(policy="short")
    await stage.does("suzuki", AcceptEscalation(id_))
    await stage.until("15:30")
    await stage.does("takahashi", AcceptEscalation(id_))
    assert await stage.holders(number) == [("sato", "14:32"), ("suzuki", "14:32"), ("takahashi", "15:30")]
    assert ("15:30", "suzuki") in stage.push.told("ended")


async def test_with_nobody_else_at_that_rung_the_next_is_called(stage: Floor) -> None:
    """The rung has only its holder: the manager is called at once."""
    await stage.apply(ALONE)
    _, id_ = await stage.raised(policy="alone")
    await stage.does("suzuki", AcceptEscalation(id_))
    await stage.until("15:22")
    assert stage.push.calls()[-1] == ("15:22", "hayashi")


async def test_when_nobody_answers_then_either_the_alarm_stands_and_the_holder_holds(stage: Floor) -> None:
    """Above an unconfirmed holder the ladder goes to its end; a confirmation ends the alarm."""
    await stage.apply(SHORT)
    number, id_ = await stage.raised(policy="short")
    await stage.does("suzuki", AcceptEscalation(id_))
    await stage.until("16:05")
    case = await stage.case(number)
    assert (case.ticket.holder, case.escalations[0].state) == ("suzuki", "standing")
    await stage.does("suzuki", ConfirmEscalation(id_))
    assert (await stage.escalation(id_)).state == "accepted"


async def test_hold_none_never_asks(stage: Floor) -> None:
    """Written `none`: accepted is accepted."""
    await stage.apply(NEVER)
    _, id_ = await stage.raised(policy="never")
    await stage.does("suzuki", AcceptEscalation(id_))
    await stage.until("14:32", "2026-11-23")
    assert stage.push.told("still_on_it") == []
    assert (await stage.escalation(id_)).next is None


async def test_the_hold_waits_while_the_ticket_does(stage: Floor) -> None:
    """Half an hour in it waits for the customer: back at work, an hour and a half is left."""
    number, id_ = await stage.raised()
    await stage.does("suzuki", AcceptEscalation(id_))
    await stage.until("15:02")
    await stage.does("suzuki", PutOnWait(number, at("20:00")))
    await stage.until("19:59")
    assert stage.push.told("still_on_it") == []
    await stage.until("21:30")
    assert [time for time, _ in stage.push.told("still_on_it")] == ["21:30", "21:30"]


async def test_accepted_while_the_ticket_waits_the_hold_begins_when_it_wakes(stage: Floor) -> None:
    """Whoever accepts what waits for a customer is not asked about it before it is back."""
    number, id_ = await stage.raised()
    await stage.does("sato", PutOnWait(number, at("20:00")))
    await stage.does("suzuki", AcceptEscalation(id_))
    await stage.until("20:00")
    assert stage.push.told("still_on_it") == []
    assert (await stage.escalation(id_)).state == "accepted"
    await stage.until("22:00")
    assert {time for time, _ in stage.push.told("still_on_it")} == {"22:00"}


async def test_outside_the_hours_of_a_duty_policy_nobody_is_asked(stage: Floor) -> None:
    """Accepted at 14:32, the hold ends after the last shift: the question comes with the next one."""
    await stage.apply(OFFICE + DAYS)
    _, id_ = await stage.raised(policy="office")
    await stage.does("suzuki", AcceptEscalation(id_))
    await stage.until("08:59", NEXT_DAY)
    assert stage.push.told("still_on_it") == []
    await stage.until("09:00", NEXT_DAY)
    assert stage.push.told("still_on_it") == [("09:00", "suzuki")]
