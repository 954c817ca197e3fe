from __future__ import annotations

import asyncio
import json
import sqlite3
from collections import Counter
from pathlib import Path

import msgspec
import pytest

from core.console.demo import Stage, greeting, roles, sample_desk
from core.console.opening import Opened, opened
from core.deskfile.document import Document
from core.deskfile.parse import parse
from core.escalation.queries.questions import Escalations, MyCalls
from core.people.model import Actor
from core.people.queries import Authenticate, Identity
from core.people.secrets import hash_secret
from core.sample import deskfile, history
from core.words import say
from push.vapid import VapidKey
from tests.cli.conftest import Run

OWN = """
[levels]
1 = { en = "Floor" }

[[team]]
id = "t"
name = "T"

[[person]]
id = "me"
name = "Me"
teams = ["t"]
"""
WEEK_BEGINS = 1_763_910_000_000


def stage(*, fast: bool) -> Stage:
    """A demo that nobody sits at."""
    return Stage("127.0.0.1", 20_000, "http://127.0.0.1:20000", VapidKey.make().raw(), fast=fast, headless=True)


@pytest.mark.parametrize("fast", [False, True])
def test_the_sample_is_a_desk_file(fast: bool) -> None:
    """It parses without a mistake; in a hurry a half-hour rung takes half a minute and nothing else differs."""
    document = parse(deskfile.text(fast=fast), deskfile.NAME)
    assert isinstance(document, Document), [problem.text("en") for problem in document]
    rung = document.policies[0].rungs[0]
    assert rung.accept_within == (30_000 if fast else 1_800_000)
    assert rung.backup_after == rung.accept_within // 3


def test_history_is_told_in_order_and_ends_now() -> None:
    """Forty matters; no step before the one that happened earlier, none after now."""
    steps = history.read(WEEK_BEGINS)
    assert len({step.matter for step in steps}) == 40
    assert [step.at for step in steps] == sorted(step.at for step in steps)
    assert steps[-1].at <= WEEK_BEGINS


@pytest.mark.parametrize("fast", [False, True])
async def test_a_demo_opens_in_the_middle_of_work(tmp_path: Path, fast: bool) -> None:
    """Two chiefs are called, one matter is held, one is about to stand, a question is answered, a customer was told."""
    async with sample_desk(tmp_path, stage(fast=fast), loopback=False) as (at, _):
        director = Actor("person", "kimura")
        page = await at.desk.ask(Escalations(), director)
        kinds = Counter((one.kind, one.state) for one in page.items)
        assert kinds == {
            ("takeover", "calling"): 3, ("takeover", "accepted"): 1, ("consult", "answered"): 1,
            ("notify", "accepted"): 1,
        }  # fmt: skip
        called = await at.desk.ask(MyCalls(), director)
        assert len(called.calls) == 1
        assert (await at.desk.verify()).broken == ()
        assert list((tmp_path / "mail").iterdir())


async def test_every_role_gets_a_link_and_a_code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Operator, section chief, manager and director each have a link of their own; nothing is wider than a screen."""
    monkeypatch.setenv("NOROSHI_LANG", "en")
    async with sample_desk(tmp_path, stage(fast=False), loopback=False) as (at, _):
        assert list(await roles(at.desk)) == [1, 2, 3, 4]
        lines = await greeting(at, stage(fast=False), tmp_path)
    links = [line.strip() for line in lines if "/desk/invite/" in line]
    assert len(set(links)) == 4
    for role in ("operator", "chief", "manager", "director"):
        assert any(say("en", f"cli.demo.role.{role}") in line for line in lines)
    assert max(len(line) for line in lines if "█" in line) <= 80


@pytest.mark.parametrize("hour", range(0, 7 * 24, 5))
def test_the_sample_ladder_works_at_every_hour_of_the_week(hour: int, desk: Path, run: Run) -> None:
    """Whatever the time, the first rung of the complaint policy has a duty and a backup."""
    from_midnight = f"2026-11-{23 + hour // 24:02}T{hour % 24:02}:30"
    ladder = json.loads(run("preview", "--policy", "complaint", "--at", from_midnight, "--json").stdout)["ladder"]
    first = [step for step in ladder if step["level"] == 2 and step["people"]]
    assert {"duty", "backup"} <= {step["seat"] for step in first}


def test_fill_gives_a_desk_that_verifies(run: Run, nothing: Path) -> None:
    """So many tickets, a token for each person, an operator first; a second fill is refused."""
    result = run("demo", "--fill", "300")
    assert result.exit_code == 0, result.output
    tokens = msgspec.json.decode(result.stdout.splitlines()[-1], type=dict[str, str])
    assert next(iter(tokens)) == "sato"
    assert len(tokens) == 16
    assert run("verify").exit_code == 0
    with sqlite3.connect(nothing) as raw:
        counts = dict(raw.execute("SELECT status, COUNT(*) FROM ticket GROUP BY status").fetchall())
    raw.close()
    assert sum(counts.values()) == 300
    assert counts["new"] > 25
    assert run("demo", "--fill", "10").exit_code == 1


def test_fill_never_touches_somebody_s_own_desk(run: Run, nothing: Path, tmp_path: Path) -> None:
    """A desk with other people than the sample's is refused as it is; a bare one is filled."""
    own = tmp_path / "own.toml"
    own.write_text(OWN, encoding="utf-8")
    for words in (["init"], ["apply", str(own)]):
        assert run(*words).exit_code == 0
    before = run("export").stdout
    refused = run("demo", "--fill", "10")
    assert refused.exit_code == 1
    assert "in use" in refused.stderr
    assert run("export").stdout == before
    bare = f"sqlite:///{tmp_path / 'bare.db'}"
    assert run("init", "--db", bare).exit_code == 0
    assert run("demo", "--fill", "10", "--db", bare).exit_code == 0


async def test_tokens_of_fill_open_the_door(run: Run, nothing: Path) -> None:
    """Each token belongs to the person it is listed under."""
    result = await asyncio.to_thread(run, "demo", "--fill", "5")
    tokens = msgspec.json.decode(result.stdout.splitlines()[-1], type=dict[str, str])
    async with opened(nothing) as at:
        await _belong(at, tokens)


async def _belong(at: Opened, tokens: dict[str, str]) -> None:
    for person, token in tokens.items():
        identity = await at.desk.ask(Authenticate(hash_secret(token), "token"), Actor("nobody"))
        assert isinstance(identity, Identity)
        assert identity.person == person
