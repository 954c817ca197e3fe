"""/healthz, /readyz and /metrics: for machines that watch the machine. Nobody's name is in a number."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import httpx
import pytest
from prometheus_client.openmetrics.parser import text_string_to_metric_families as read_open
from prometheus_client.parser import text_string_to_metric_families as read

from core.engine.ports import MINUTE, NotStored
from core.engine.store.sql import Statement
from core.engine.timers import Timers
from core.people.records import save_persons
from tests.rules.source import ROOT
from tests.web.floor import Floor
from tests.web.house import House, person, problem


@pytest.fixture
async def office(tsubame: House) -> AsyncIterator[Floor]:
    """A desk in the middle of its day, and an auditor called watch."""
    async with AsyncExitStack() as opened:
        floor = await Floor(tsubame, opened).furnish()
        await tsubame.desk.store.write(lambda tx: save_persons(tx, [WATCH, person("sato", "support")]))
        yield floor


WATCH = person("watch", "support", "auditor")


async def scrape(house: House, who: str = "watch", **headers: str) -> httpx.Response:
    async with house.visitor(**await house.token(who), **headers) as program:
        return await program.get("/metrics")


def numbers(answer: httpx.Response) -> dict[tuple[str, str], float]:
    """By name and the values of its labels."""
    assert answer.status_code == 200, answer.text
    return {
        (sample.name, ",".join(sample.labels.values())): sample.value
        for family in read(answer.text)
        for sample in family.samples
    }


async def ready(house: House) -> tuple[int, str]:
    async with house.visitor() as anybody:
        answer = await anybody.get("/readyz")
    return answer.status_code, answer.json()["status"]


async def test_the_numbers_of_a_desk(office: Floor) -> None:
    """What is open by state, what waits for a channel, how long ago an engine beat, how much was recorded."""
    await Timers(office.house.desk, "test").step()
    found = numbers(await scrape(office.house))
    assert found["noroshi_open_escalations", "calling"] == 1
    assert found["noroshi_open_escalations", "accepted"] == 1
    assert found["noroshi_standing_alarms", ""] == 0
    assert found["noroshi_outbox_messages", "push"] >= 1
    assert found["noroshi_engine_heartbeat_age_seconds", ""] == 0
    assert found["noroshi_journal_events_total", ""] > 10
    assert found["noroshi_commit_duration_seconds_count", ""] > 0
    assert found["noroshi_commit_batch_commands_bucket", "+Inf"] == found["noroshi_commit_batch_commands_count", ""]


async def test_what_is_late_shows(office: Floor) -> None:
    """A deadline that nobody does, messages that nobody sends, an engine that stopped."""
    office.house.clock.time += 60 * MINUTE
    found = numbers(await scrape(office.house))
    assert found["noroshi_deadline_overdue_seconds", ""] > 60
    assert found["noroshi_outbox_age_seconds", "push"] >= 60 * 60
    assert found["noroshi_engine_heartbeat_age_seconds", ""] == float("inf")


async def test_what_the_process_counted_shows(office: Floor) -> None:
    """Outcomes by channel, what was begun again or set going, and the disk."""
    counts = office.house.desk.counts
    counts.outcomes.update({("push", "sent"): 3, ("mail", "failed"): 1})
    counts.restarts["timers"], counts.healed["deadline"], counts.disk = 2, 1, (10, 100)
    counts.late([5, 400, -3])
    found = numbers(await scrape(office.house))
    assert found["noroshi_channel_outcomes_total", "push,sent"] == 3
    assert found["noroshi_task_restarts_total", "timers"] == 2
    assert found["noroshi_audit_healed_total", "deadline"] == 1
    assert found["noroshi_disk_free_bytes", ""] == 10
    assert (
        found["noroshi_deadline_lateness_seconds_bucket", "0.01"],
        found["noroshi_deadline_lateness_seconds_count", ""],
    ) == (2, 3)


async def test_no_number_is_about_a_person_or_a_ticket(office: Floor) -> None:
    """Labels are channels, outcomes, states and parts of the machine; no name of anybody stands in the answer."""
    answer = await scrape(office.house)
    labels = {label for family in read(answer.text) for sample in family.samples for label in sample.labels}
    assert labels <= {"channel", "outcome", "state", "task", "kind", "le"}
    assert not any(name in answer.text for name in ("suzuki", "sato", "山田", "ticket"))


async def test_names_keep_the_conventions(office: Floor) -> None:
    """Also as OpenMetrics, whose reader is strict about units, counters and buckets."""
    answer = await scrape(office.house, accept="application/openmetrics-text; version=1.0.0")
    assert answer.headers["content-type"].startswith("application/openmetrics-text")
    families = list(read_open(answer.text))  # type: ignore[no-untyped-call]
    assert len(families) > 10
    assert {family.name.split("_")[0] for family in families} == {"noroshi"}


async def test_what_alerts_and_docs_name_is_there(office: Floor) -> None:
    """No alert waits for a number that nobody gives, and no number goes untold."""
    office.house.desk.counts.disk = (1, 1)
    given = {family.name for family in read((await scrape(office.house)).text)}
    rules, page = (
        (ROOT / name).read_text(encoding="utf-8") for name in ("deploy/prometheus-rules.yml", "docs/operate.md")
    )
    for text, least in ((rules, 9), (page, len(given))):
        named = {re.sub(r"_(total|bucket)$", "", name) for name in re.findall(r"noroshi_[a-z_]+", text)}
        assert named <= given
        assert len(named) >= least


async def test_numbers_want_a_token_of_who_may(office: Floor) -> None:
    """Without a token 401, with that of an operator 403, and a session's cookie is none."""
    async with office.house.visitor() as anybody:
        assert problem(await anybody.get("/metrics")) == (401, "unauthenticated")
    assert problem(await scrape(office.house, "sato")) == (403, "not_allowed")
    async with await office.house.browser("watch") as browser:
        assert (await browser.get("/metrics", headers={"accept": "*/*"})).status_code == 401


async def test_ready_while_an_engine_beats(tsubame: House) -> None:
    """Without a heartbeat, or with an old one, the desk is not ready, and says why."""
    assert await ready(tsubame) == (503, "engine_stopped")
    await Timers(tsubame.desk, "test").step()
    assert await ready(tsubame) == (200, "ready")
    tsubame.clock.time += MINUTE
    assert await ready(tsubame) == (503, "engine_stopped")


async def test_a_database_of_a_newer_program_is_not_ready(tsubame: House) -> None:
    """Somebody has migrated it while we run: whoever balances the load sends nobody here any more."""
    await Timers(tsubame.desk, "test").step()
    newer = Statement("newer", "INSERT INTO migration (number, name) VALUES (999, 'later')")
    await tsubame.desk.store.write(lambda tx: tx.run(newer))
    assert await ready(tsubame) == (503, "schema_changed")


async def test_without_its_database_the_process_lives_and_is_not_ready(
    tsubame: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """/healthz asks nobody; /readyz says that there is no database."""

    async def gone(work: object) -> object:
        raise NotStored("unable to open database file")

    monkeypatch.setattr(tsubame.desk.store, "read", gone)
    async with tsubame.visitor() as anybody:
        assert (await anybody.get("/healthz")).status_code == 200
    assert await ready(tsubame) == (503, "no_database")
