"""Quiet hours: information waits for their end, calls never do."""

from __future__ import annotations

from core.escalation.commands import AcceptEscalation, ReassignEscalation
from core.people.model import Actor
from core.tickets.commands import AddComment
from tests.stories.desks import DESK
from tests.stories.floor import Floor

QUIET = DESK.replace('language = "ja"\n', 'language = "ja"\nquiet = { from = "13:00", to = "16:00" }\n', 1)


async def test_a_mention_waits_for_the_end_of_the_quiet_hours(stage: Floor) -> None:
    """It arrives at sixteen sharp, once."""
    await stage.apply(QUIET)
    number = await stage.ticket()
    await stage.does("sato", AddComment(number, "@hayashi お願いします"))
    await stage.until("15:59")
    assert stage.push.told("mention") == []
    await stage.until("16:05")
    assert stage.push.told("mention") == [("16:00", "hayashi")]


async def test_only_the_newest_of_a_matter_is_told_afterwards(stage: Floor) -> None:
    """Three mentions on one ticket and one on another: two notices."""
    await stage.apply(QUIET)
    one, other = await stage.ticket(), await stage.ticket()
    for number in (one, one, other, one):
        await stage.does("sato", AddComment(number, "@hayashi お願いします"))
    await stage.until("16:05")
    assert sorted(message.tag for _, message in stage.push.sent) == sorted(
        f"ticket-{number}-mention" for number in (one, other)
    )


async def test_a_call_is_never_held(stage: Floor) -> None:
    """Whoever is called is called, at whatever hour."""
    await stage.apply(QUIET)
    await stage.raised()
    assert stage.push.calls() == [("14:32", "suzuki")]


async def test_whoever_is_on_duty_is_told_everything_at_once(stage: Floor) -> None:
    """鈴木 has the shift."""
    await stage.apply(QUIET)
    number = await stage.ticket()
    await stage.does("sato", AddComment(number, "@suzuki お願いします"))
    assert stage.push.told("mention") == [("14:32", "suzuki")]


async def test_whoever_is_being_called_is_told_everything_at_once(stage: Floor) -> None:
    """林 is asked aside for one ticket and mentioned on another."""
    await stage.apply(QUIET)
    _, id_ = await stage.raised()
    await stage.does("suzuki", ReassignEscalation(id_, "hayashi"))
    await stage.does("sato", AddComment(await stage.ticket(), "@hayashi お願いします"))
    assert stage.push.told("mention") == [("14:32", "hayashi")]


async def test_how_it_ended_waits_too(stage: Floor) -> None:
    """The raiser, off duty, hears of the acceptance at the end of the quiet hours; the record is not held."""
    await stage.apply(QUIET)
    _, id_ = await stage.raised(policy="outage")
    await stage.does("suzuki", AcceptEscalation(id_))
    assert (stage.push.told("ended"), [person for _, person in stage.mail.told("record")].count("sato")) == ([], 2)
    await stage.until("16:00")
    assert stage.push.told("ended") == [("16:00", "sato")]


async def test_what_is_true_no_more_at_the_end_is_not_told(stage: Floor) -> None:
    """Called again meanwhile: the old end is dropped."""
    await stage.apply(QUIET)
    _, id_ = await stage.raised()
    await stage.does("suzuki", ReassignEscalation(id_, "takahashi"))
    await stage.does("takahashi", AcceptEscalation(id_))
    await stage.desk.handle(ReassignEscalation(id_, "sato"), Actor("person", "takahashi"))
    await stage.until("14:40")
    assert [person for _, person in stage.push.told("ended")] == ["suzuki"]


async def test_a_person_may_have_hours_of_their_own(stage: Floor) -> None:
    """They count in the place of the desk's; the same time twice means never."""
    mine = QUIET.replace('id = "hayashi"\n', 'id = "hayashi"\nquiet = { from = "14:00", to = "15:00" }\n', 1)
    never = mine.replace('id = "kobayashi"\n', 'id = "kobayashi"\nquiet = { from = "00:00", to = "00:00" }\n', 1)
    await stage.apply(never)
    await stage.does("sato", AddComment(await stage.ticket(), "@hayashi @kobayashi @boss お願いします"))
    await stage.until("16:00")
    told = [*stage.push.told("mention"), *stage.mail.told("mention")]
    assert sorted(told) == [("14:32", "kobayashi"), ("15:00", "hayashi"), ("16:00", "boss")]


async def test_quiet_hours_may_last_over_midnight(stage: Floor) -> None:
    """From ten at night to seven in the morning."""
    night = DESK.replace('language = "ja"\n', 'language = "ja"\nquiet = { from = "22:00", to = "07:00" }\n', 1)
    await stage.apply(night)
    await stage.until("23:30")
    await stage.does("sato", AddComment(await stage.ticket(), "@hayashi お願いします"))
    await stage.until("02:00", "2026-11-21")
    await stage.does("sato", AddComment(await stage.ticket(), "@hayashi お願いします"))
    await stage.until("08:00", "2026-11-21")
    assert stage.push.told("mention") == [("07:00", "hayashi")] * 2
