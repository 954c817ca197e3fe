"""A standing alarm: it keeps calling, with the ladder resolved anew, until somebody accepts."""

from __future__ import annotations

from core.escalation.commands import AcceptEscalation, RaiseEscalation, ReassignEscalation
from core.escalation.queries.questions import PhoneTasks
from core.tickets.commands import ClaimTicket, RestrictTicket
from tests.stories.desks import rung, with_policy
from tests.stories.floor import Floor

EVERY = '{ via = "push", wait = "2m" }, { via = "mail", wait = "2m" }, { via = "phone" }'
ROTAS = with_policy("rotas", rung(2, "person:takahashi") + rung(3, "rota:l2", via=EVERY), 'repeat = 0\nrecall = "10m"')
GAP = '\n[[rota]]\nid = "gap"\nshifts = [{ days = "mon-sun", from = "14:00", to = "15:00", people = ["hayashi"] }]\n'
TOP = with_policy("top", rung(2, "person:suzuki") + rung(3, "rota:gap"), "repeat = 0") + GAP
EMPTY = with_policy("empty", rung(2, "person:ito", via='{ via = "phone" }'), 'recall = "10m"')


async def standing(stage: Floor, policy: str, time: str) -> tuple[int, int]:
    number, id_ = await stage.raised(policy=policy)
    await stage.until(time)
    assert (await stage.escalation(id_)).state == "standing"
    return number, id_


async def test_every_recall_uses_every_means(stage: Floor) -> None:
    """The top rung was just called: the first recall ten minutes later, by push, mail and phone at once."""
    await stage.apply(ROTAS)
    await standing(stage, "rotas", "14:52")
    stage.push.sent.clear()
    stage.mail.sent.clear()
    await stage.until("15:01")
    assert (stage.push.calls(), stage.mail.calls()) == ([], [])
    await stage.until("15:13")
    assert stage.push.calls() == [("15:02", "suzuki"), ("15:12", "suzuki")]
    assert stage.mail.calls() == [("15:02", "suzuki"), ("15:12", "suzuki")]
    tasks = (await stage.ask("sato", PhoneTasks())).items
    assert [(task.person, task.state) for task in tasks] == [("suzuki", "offered")]


async def test_the_ladder_is_resolved_anew(stage: Floor) -> None:
    """Whoever is on duty at the recall is called, not who was when the alarm began."""
    await stage.apply(ROTAS)
    await stage.until("17:30")
    await standing(stage, "rotas", "17:50")
    await stage.until("18:10")
    assert stage.push.calls()[-2:] == [("18:00", "takahashi"), ("18:10", "takahashi")]


async def test_the_top_rung_that_has_anybody_is_called_at_once(stage: Floor) -> None:
    """The highest rung has nobody any more when the alarm begins: the one below is called, having waited."""
    await stage.apply(TOP)
    await stage.until("14:45")
    await standing(stage, "top", "15:05")
    assert stage.push.calls() == [("14:45", "suzuki"), ("14:55", "hayashi")]
    await stage.until("15:20")
    assert stage.push.calls()[2:] == [("15:20", "suzuki")]


async def test_with_an_empty_ladder_the_supervisors_are_called_on_what_they_have(stage: Floor) -> None:
    """Nobody on the ladder can be called, and its only means is the phone: push and mail all the same."""
    await stage.apply(EMPTY)
    _, id_ = await stage.raised(policy="empty")
    team = {"suzuki", "takahashi", "hayashi", "kobayashi"}
    assert {person for _, person in stage.push.calls()} == team
    assert {person for _, person in stage.mail.calls()} == team
    await stage.until("14:42")
    assert stage.push.calls().count(("14:42", "hayashi")) == 1
    await stage.does("hayashi", AcceptEscalation(id_, await stage.call(id_, "hayashi")))
    assert (await stage.escalation(id_)).held_by == "hayashi"


async def test_a_team_without_supervisors_has_those_of_the_desk(stage: Floor) -> None:
    """Nobody leads the shop: every supervisor of the desk is called."""
    alone = EMPTY.replace('name = "店舗"\nparent = "company"', 'name = "店舗"\ndefault_policy = "empty"')
    await stage.apply(alone)
    await stage.raised("mori")
    assert {person for _, person in stage.push.calls()} == {"suzuki", "takahashi", "hayashi", "kobayashi"}


async def test_admins_are_told_once_and_may_reassign(stage: Floor) -> None:
    """One mail to the admin however often it calls again; they pass it on, and the ladder's alarm is over then."""
    await stage.apply(ROTAS)
    _, id_ = await standing(stage, "rotas", "15:30")
    assert stage.mail.told("standing") == [("14:52", "boss")]
    await stage.does("boss", ReassignEscalation(id_, "hayashi"))
    assert await stage.calling(id_) == ["hayashi"]
    await stage.does("hayashi", AcceptEscalation(id_))
    assert (await stage.escalation(id_)).held_by == "hayashi"


async def test_a_restricted_alarm_tells_admins_no_more_than_that(stage: Floor) -> None:
    """Nobody who may see it can be reached: admins read that a restricted call is unanswered, and no number."""
    number = await stage.ticket()
    await stage.does("sato", ClaimTicket(number))
    await stage.does("sato", RestrictTicket(number, ("sato",)))
    await stage.does("sato", RaiseEscalation(number))
    assert (stage.push.calls(), stage.mail.calls()) == ([], [])
    (told,) = [message for _, message in stage.mail.sent if message.kind == "standing"]
    assert told.recipient == "boss"
    assert str(number) not in told.subject + told.text.replace("https://desk.tsubame.example", "")
