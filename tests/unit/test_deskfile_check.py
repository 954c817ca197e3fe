"""The checker: nobody falls into a hole that it has not named before."""

from __future__ import annotations

from datetime import datetime
from time import process_time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from core.deskfile.check import check
from core.deskfile.document import Document
from core.deskfile.findings import ORDER, Finding
from core.deskfile.places import with_lines
from core.deskfile.subject import Recorded
from core.people.model import Device, Hours, Leave, People, Settings
from core.policy.model import Rule, Target, Then, When
from core.policy.rules import Facts, covers, match
from core.roster.duty import Roster
from core.roster.model import Override
from core.sample.furnish import document as sample
from tests.unit.documents import documents, read

NOW = int(datetime(2026, 11, 20, 12, tzinfo=ZoneInfo("Asia/Tokyo")).timestamp()) * 1_000

DESK = """
[desk]
holidays = "JP"
[levels]
1 = { ja = "現場" }
2 = { ja = "係長" }
3 = { ja = "課長" }
[[team]]
id = "t"
name = "T"
default_policy = "p"
[[person]]
id = "a"
name = "A"
teams = ["t"]
level = 2
phone = "+81-3-0000-0001"
email = "a@b.example"
certificates = { security = 2027-03-31 }
[[person]]
id = "b"
name = "B"
teams = ["t"]
level = 3
email = "b@b.example"
phone = "+81-3-0000-0002"
[[rota]]
id = "week"
shifts = [{ days = "daily", from = "09:00", to = "09:00", people = ["a"] }]
[[policy]]
id = "p"
name = { ja = "P" }
[[policy.rung]]
level = 2
call = ["rota:week"]
backup = ["person:b"]
channels = [{ via = "push", wait = "5m" }, { via = "mail", wait = "5m" }, { via = "phone" }]
backup_after = "15m"
accept_within = "30m"
[[policy.rung]]
level = 3
call = ["person:b"]
channels = [{ via = "push", wait = "5m" }, { via = "mail" }]
accept_within = "20m"
[[rule]]
id = "r"
when = { words = ["責任者"] }
then = { policy = "p", level = 2 }
review_by = 2027-03-31
[[channel]]
id = "m"
kind = "smtp"
url = "smtps://mail.b.example"
from = "a@b.example"
"""


def found(right: str = "", wrong: str = "", now: int = NOW) -> dict[str, Finding]:
    assert right in DESK
    return {
        finding.key.removeprefix("finding."): finding for finding in check(read(DESK.replace(right, wrong, 1)), now)
    }


def test_a_desk_in_order() -> None:
    """Only the longest time to the last level is told; it counts every rung before it."""
    findings = found()
    assert list(findings) == ["longest"]
    assert findings["longest"].values == {"longest_for": 30 * 60_000}
    assert findings["longest"].text("en") == "policy:p: the last level is called after 30 min at the latest"


def test_a_gap_is_told_with_its_times() -> None:
    """When nobody of a rung can be called: from, until, how often, and how long in all."""
    text = DESK.replace(
        'days = "daily", from = "09:00", to = "09:00"', 'days = "mon-fri", from = "09:00", to = "18:00"'
    )
    findings = [f for f in check(read(text.replace('backup = ["person:b"]\n', "")), NOW) if f.key == "finding.gap"]
    assert [finding.where for finding in findings] == ["policy:p rung 1"]
    assert findings[0].severity == "warning"
    assert "from Fri, Nov 20, 18:00 until Mon, Nov 23, 09:00" in findings[0].text("en")
    assert 255 <= findings[0].values["n"] <= 265


def test_public_holidays_are_gaps() -> None:
    """A rota that rests on holidays leaves its rung alone on each of them, and on no other day."""
    text = DESK.replace("[[policy]]\n", "", 1).replace('id = "p"\nname', '[[policy]]\nid = "p"\nname')
    text = text.replace('id = "week"', 'id = "week"\non_holidays = false').replace('backup = ["person:b"]\n', "")
    gap = next(f for f in check(read(text), NOW) if f.key == "finding.gap")
    assert gap.text("en").split("from ")[1].startswith("Mon, Nov 23, 09:00 until Tue, Nov 24, 09:00")
    assert 14 <= gap.values["n"] <= 18


def test_a_dead_end_is_an_error() -> None:
    """A time at which no rung of the ladder has anybody is an error, and always so is one."""
    text = DESK.replace('"daily", from = "09:00", to = "09:00"', '"mon-fri", from = "09:00", to = "18:00"')
    text = text.replace('backup = ["person:b"]\n', "").replace('call = ["person:b"]', 'call = ["rota:week"]')
    keys = {f.key: f.severity for f in check(read(text), NOW)}
    assert keys["finding.dead_end"] == "error"
    empty = text.replace('people = ["a"]', "people = []")
    keys = {f.key: f.severity for f in check(read(empty), NOW)}
    assert keys["finding.dead_always"] == "error"
    assert keys["finding.rung_never"] == "warning"
    assert keys["finding.empty_rota"] == "warning"


def test_gaps_of_a_duty_policy_are_meant() -> None:
    """Under hours = "duty" a rung waits for its first shift: no gap is told, but a rung with nobody at all is."""
    text = DESK.replace('"daily", from = "09:00", to = "09:00"', '"mon-fri", from = "09:00", to = "18:00"')
    text = text.replace('backup = ["person:b"]\n', "").replace(
        'name = { ja = "P" }', 'name = { ja = "P" }\nhours = "duty"'
    )
    assert [f.key for f in check(read(text), NOW) if f.severity != "note"] == ["finding.time_without_backup"]
    keys = {f.key for f in check(read(text.replace('people = ["a"]', "people = []")), NOW)}
    assert "finding.rung_never" in keys


def test_every_mode_is_walked() -> None:
    """A stand-in rota with holes is told for its mode."""
    text = DESK.replace('backup = ["person:b"]\n', "") + (
        '[[rota]]\nid = "home"\nreplaces = "week"\nmode = "remote"\n'
        'shifts = [{ days = "sat", from = "09:00", to = "12:00", people = ["a"] }]\n'
    )
    where = [f.where for f in check(read(text), NOW) if f.key == "finding.gap"]
    assert where == ["policy:p rung 1 remote"]


def test_a_level_is_looked_for_in_every_team_of_the_policy() -> None:
    """`level:N` looks in the ticket's team and its parents: a team without such a person is told by name."""
    text = DESK.replace('call = ["rota:week"]\nbackup = ["person:b"]', 'call = ["level:2"]')
    assert "finding.rung_never" not in {f.key for f in check(read(text), NOW)}
    other = text.replace("[[person]]", '[[team]]\nid = "u"\nname = "U"\ndefault_policy = "p"\n[[person]]', 1)
    where = [f.where for f in check(read(other), NOW) if f.key == "finding.rung_never"]
    assert where == ["policy:p rung 1 team:u"]


@pytest.mark.parametrize(
    ("right", "wrong", "keys", "severity"),
    [
        ('backup_after = "15m"\n', "", "backup_without_time", "warning"),
        ('backup = ["person:b"]\n', "", "time_without_backup", "warning"),
        ('backup_after = "15m"', 'backup_after = "30m"', "backup_too_late", "warning"),
        ('"5m" }, { via = "phone"', '"25m" }, { via = "phone"', "wait_never_duty wait_never_backup", "warning"),
        ('backup_after = "15m"', 'backup_after = "21m"', "wait_never_backup", "warning"),
        ('name = { ja = "P" }', 'name = { ja = "P" }\nauthority = "passes"', "", ""),
        ('phone = "+81-3-0000-0001"', 'roles = ["admin"]', "takes_no_calls", "error"),
        ("2027-03-31 }", "2026-11-19 }", "expired", "warning"),
        ("2027-03-31 }", "2026-12-01 }", "expires", "note"),
        ('review_by = 2027-03-31', "review_by = 2026-11-19", "review_due", "warning"),
        ('default_policy = "p"\n', "", "no_policy", "warning"),
        ('policy = "p", level = 2', 'policy = "p", level = 3', "", ""),
        ('policy = "p", level = 2', 'kind = "consult"', "", ""),
        ('1 = { ja = "現場" }', '4 = { ja = "部長" }', "", ""),
        ('kind = "smtp"', 'kind = "webhook"', "not_served no_wire", "warning"),
        ('via = "mail" }]', 'via = "chat" }]', "no_wire", "warning"),
        ('name = { ja = "P" }', 'name = { ja = "P" }\nrecord = ["mail"]', "", ""),
    ],
)  # fmt: skip
def test_what_does_not_do_what_it_says(right: str, wrong: str, keys: str, severity: str) -> None:
    """Waits that never come, people whom nothing reaches, what has ended: each with its weight."""
    findings = found(right, wrong)
    assert set(findings) - {"longest"} == set(keys.split())
    for key in keys.split():
        assert findings[key].severity == severity
        assert findings[key].text("ja") != findings[key].text("en")


def test_under_passes_the_duty_has_only_its_own_turn() -> None:
    """When authority passes to the backup, what the duty would be tried by later is never used."""
    text = DESK.replace('name = { ja = "P" }', 'name = { ja = "P" }\nauthority = "passes"')
    late = text.replace('backup_after = "15m"', 'backup_after = "10m"')
    findings = [f for f in check(read(late), NOW) if f.key == "finding.wait_never_duty"]
    assert [(f.values["via"], f.values["turn_for"]) for f in findings] == [("phone", 600_000)]


def test_a_person_nothing_leads_to() -> None:
    """Without an address on any means of a rung that calls them, and no device, a person is an error."""
    document = read(DESK)
    without = replace(document, persons=tuple(replace(person, phone=None, email=None) for person in document.persons))
    bare = {f.key for f in check(without, NOW)}
    known = [f.where for f in check(without, NOW, Recorded()) if f.key == "finding.no_channel"]
    assert "finding.no_channel" not in bare
    assert known == ["person:a", "person:b"]


def test_rules_that_lead_nowhere() -> None:
    """A level above the policy's last rung is an error; a rule behind one that always matches never speaks."""
    more = '[[rule]]\nid = "s"\nthen = { policy = "q", level = 3 }\n[[rule]]\nid = "z"\nthen = { level = 4 }\n'
    low = '[[policy]]\nid = "q"\nname = { ja = "Q" }\n[[policy.rung]]\nlevel = 2\ncall = ["person:a"]\n'
    low += 'channels = [{ via = "phone" }]\naccept_within = "5m"\n'
    high = DESK.replace("[[team]]", '4 = { ja = "部長" }\n[[team]]', 1)
    findings = {(f.where, f.key, f.severity) for f in check(read(high + more + low), NOW)}
    assert ("rule:z", "finding.no_rung", "error") in findings
    assert ("rule:s", "finding.no_rung", "error") in findings
    assert ("rule:z", "finding.never_speaks", "warning") in findings


def test_the_sample_desk_has_no_error() -> None:
    """The pattern that people copy leads everywhere to somebody."""
    assert [f.text("en") for f in check(sample(), NOW) if f.severity == "error"] == []


@given(documents())
@settings(max_examples=20)
def test_any_desk_can_be_checked(document: Document) -> None:
    """Whatever a file says, the checker answers, worst first, with a line in both languages."""
    findings = check(document, NOW, Recorded())
    assert [ORDER[f.severity] for f in findings] == sorted(ORDER[f.severity] for f in findings)
    assert all(f.text(language) for f in findings for language in ("ja", "en"))


def keys(text: str, recorded: Recorded | None = None) -> dict[str, str]:
    return {f.key.removeprefix("finding."): f.where for f in check(read(text), NOW, recorded)}


SECOND = '[[rule]]\nid = "later"\nthen = {{ policy = "p" }}\nwhen = {{ {when} }}\n'


@pytest.mark.parametrize(
    ("before", "later", "shadowed"),
    [
        ('words = ["責任者"]', 'words = ["責任者"]', True),
        ('words = ["責任者"]', 'words = ["責任者を出せ"]', True),
        ('words = ["責任者を出せ"]', 'words = ["責任者"]', False),
        ('words = ["クレーム"]', 'words = ["ｸﾚｰﾑ処理"], severity = "high"', True),
        ('words = ["責任者"]', 'category = "refund"', False),
        ('category = ["refund", "claim"]', 'category = "claim", hours = "outside"', True),
        ('category = "claim"', 'category = ["refund", "claim"]', False),
        ('tags = ["vip", "big"]', 'tags = ["vip"]', True),
        ('severity = ["critical", "high", "normal", "low"]', 'words = ["x"]', True),
        ('hours = "business"', 'hours = "business", words = ["x"]', True),
        ('hours = "business"', 'words = ["x"]', False),
    ],
)
def test_a_rule_behind_a_wider_one_never_speaks(before: str, later: str, shadowed: bool) -> None:
    """Whatever fits it fits an earlier one: told, by the name of that one; where one case is left it may speak."""
    hours = 'holidays = "JP"\nhours = [{ days = "mon-fri", from = "09:00", to = "18:00" }]'
    text = DESK.replace('holidays = "JP"', hours).replace('words = ["責任者"]', before)
    found = [f for f in check(read(text + SECOND.format(when=later)), NOW) if f.key == "finding.never_speaks"]
    assert [(f.where, f.values["rule"]) for f in found] == ([("rule:later", "r")] if shadowed else [])


few = st.lists(st.sampled_from("ab"), max_size=2).map(tuple)
whens = st.builds(
    When, few, st.lists(st.sampled_from(("critical", "high", "low")), max_size=2).map(tuple), few, few,
    st.lists(st.text("xyz", min_size=1, max_size=2), max_size=2).map(tuple),
    st.sampled_from(("any", "business", "outside")),
)  # fmt: skip
OPEN = Settings(hours=(Hours("mon-fri", "09:00", "18:00"),))


@st.composite
def widened(draw: st.DrawFn) -> tuple[When, When]:
    """A rule's conditions, and others that are mostly wider: lists grown or left out, words cut short."""
    narrow = draw(whens)

    def lists(values: tuple[str, ...]) -> tuple[str, ...]:
        return draw(st.sampled_from(((), values, (*values, "b"))))

    wide = When(
        lists(narrow.category), lists(narrow.severity), lists(narrow.source), lists(narrow.tags),
        draw(st.sampled_from(((), tuple(word[:1] for word in narrow.words)))),
        "any" if draw(st.booleans()) else narrow.hours,
    )  # fmt: skip
    return wide, narrow


@st.composite
def fitting(draw: st.DrawFn, when: When) -> Facts:
    """A ticket that mostly fits: each of its facts is one of those that are asked for."""
    category, source, tag = (draw(st.sampled_from((*asked, "a"))) for asked in (when.category, when.source, when.tags))
    severity = draw(st.sampled_from((*when.severity, "high")))
    word = draw(st.sampled_from((*when.words, "z")))
    return Facts(category, severity, source, (tag, "c"), f"x{word}", draw(st.text("xyz", max_size=3)))


@given(st.data())
@settings(max_examples=300)
def test_what_is_said_to_be_shadowed_is(data: st.DataObject) -> None:
    """No ticket and no time reaches a rule that is said to be behind a wider one."""
    wide, narrow = data.draw(widened())
    ticket, at = data.draw(fitting(narrow)), data.draw(st.sampled_from((NOW, NOW + 10 * 3_600_000)))
    if covers(wide, narrow) and match([Rule("narrow", narrow)], ticket, OPEN, at):
        assert match([Rule("wide", wide)], ticket, OPEN, at)


def test_outside_hours_that_nobody_wrote() -> None:
    """A desk without hours is always in business: a rule for the rest of the day never speaks."""
    assert keys(DESK + SECOND.format(when='hours = "outside"'))["never_outside"] == "rule:later"


def test_a_policy_nothing_leads_to() -> None:
    """No team's own and no rule's: good to know."""
    more = DESK[DESK.index("[[policy]]") : DESK.index("[[rule]]")].replace('id = "p"', 'id = "spare"')
    assert keys(DESK + more)["unused"] == "policy:spare"


def test_a_rung_nobody_may_see() -> None:
    """Everybody who would be called may look at no ticket: told as that, and not as an empty rota."""
    text = DESK.replace('id = "b"\nname = "B"', 'id = "b"\nname = "B"\nroles = ["auditor"]')
    found = keys(text)
    assert found["rung_blind"] == "policy:p rung 2"
    assert "rung_never" not in found


def test_every_wait_that_never_comes_is_named() -> None:
    """Not the first alone."""
    text = DESK.replace('"5m" }, { via = "mail", wait = "5m" }', '"40m" }, { via = "mail", wait = "5m" }')
    vias = [f.values["via"] for f in check(read(text), NOW) if f.key == "finding.wait_never_duty"]
    assert vias == ["mail", "phone"]


def test_a_means_nobody_of_the_rung_has() -> None:
    """A step that is served, and leads to none of its people."""
    text = DESK.replace('phone = "+81-3-0000-0001"\n', "").replace('phone = "+81-3-0000-0002"\n', "")
    found = [f for f in check(read(text), NOW) if f.key == "finding.means_of_nobody"]
    assert [(f.where, f.values["via"], f.severity) for f in found] == [("policy:p rung 1", "phone", "warning")]


def test_the_longest_time_of_a_duty_policy_counts_the_waits_for_shifts() -> None:
    """On a Friday evening the first level is called on Monday, and the last after its time."""
    text = DESK.replace('"daily", from = "09:00", to = "09:00"', '"mon-fri", from = "09:00", to = "18:00"')
    text = text.replace('backup = ["person:b"]\nchannels', "channels").replace('backup_after = "15m"\n', "")
    text = text.replace('name = { ja = "P" }', 'name = { ja = "P" }\nhours = "duty"')
    longest = next(f for f in check(read(text), NOW) if f.key == "finding.longest_duty")
    assert longest.values["longest_for"] == 30 * 60_000 + (24 - 18 + 48 + 9) * 3_600_000


def test_leave_is_a_gap() -> None:
    """A person who is called by name and is away, and a shift whose only person is: named with its times."""
    days = [int(datetime(2026, 12, day, tzinfo=ZoneInfo("Asia/Tokyo")).timestamp()) * 1_000 for day in (1, 3)]
    leaves = {who: (Leave(number, who, days[0], days[1]),) for number, who in enumerate("ab", 1)}
    text = DESK.replace('backup = ["person:b"]\nchannels', "channels").replace('backup_after = "15m"\n', "")
    devices = {who: (Device(who, who, "", "", "", ""),) for who in "ab"}
    recorded = Recorded(People(devices=devices, leaves=leaves), Roster(leaves=leaves))
    found = {f.where: f for f in check(read(text), NOW, recorded) if f.key in ("finding.gap", "finding.dead_end")}
    assert set(found) == {"policy:p rung 1", "policy:p rung 2", "policy:p"}
    assert {(f.values["first_at"], f.values["until_at"]) for f in found.values()} == {(days[0], days[1])}
    assert found["policy:p"].severity == "error"


def test_an_override_closes_a_gap_or_opens_one() -> None:
    """What the running desk has changed in its roster counts over the file."""
    start = int(datetime(2026, 12, 1, 9, tzinfo=ZoneInfo("Asia/Tokyo")).timestamp()) * 1_000
    away = Override(1, "week", start, start + 3_600_000, removes="a")
    text = DESK.replace('backup = ["person:b"]\nchannels', "channels").replace('backup_after = "15m"\n', "")
    devices = {who: (Device(who, who, "", "", "", ""),) for who in "ab"}
    opened = Recorded(People(devices=devices), Roster(changes={"week": (away,)}))
    gap = next(f for f in check(read(text), NOW, opened) if f.key == "finding.gap")
    assert (gap.values["first_at"], gap.values["until_at"], gap.values["n"]) == (start, start + 3_600_000, 1)
    closed = Recorded(
        People(devices=devices), Roster(changes={"week": (away, replace(away, id=2, removes=None, adds="b"))})
    )
    assert "gap" not in {f.key.removeprefix("finding.") for f in check(read(text), NOW, closed)}


def test_a_device_that_fell_silent() -> None:
    """No push has reached any device of somebody on a ladder for sixty days: a test is asked for."""
    devices = {"a": (Device("1", "a", "", "", "", ""), Device("2", "a", "", "", "", ""))}
    day = 86_400_000
    old, new = {"1": NOW - 61 * day, "2": NOW - 90 * day}, {"1": NOW - 61 * day, "2": NOW - day}
    assert keys(DESK, Recorded(People(devices=devices), heard=old))["silent"] == "person:a"
    assert "silent" not in keys(DESK, Recorded(People(devices=devices), heard=new))


def test_a_finding_knows_its_line() -> None:
    """Of a file: where its table begins, also for one rung of a policy."""
    text = DESK.replace('backup_after = "15m"', 'backup_after = "30m"').replace("2027-03-31 }", "2026-11-19 }")
    document = read(text)
    lines = text.split("\n")
    found = with_lines(check(document, NOW), document, text, "desk.toml")
    for key, begins in (("backup_too_late", "[[policy.rung]]"), ("expired", "[[person]]")):
        one = next(f for f in found if f.key == f"finding.{key}")
        assert lines[one.line - 1] == begins
        assert one.text("en").startswith(f"desk.toml:{one.line}: {one.where}: ")


def test_a_year_of_a_large_desk_takes_seconds() -> None:
    """Forty policies, thirty rotas, twenty teams, three modes: the same seats are walked once."""
    base = sample()
    teams = tuple(replace(base.teams[1], id=f"t{n}", name=f"T{n}") for n in range(20))
    rotas = tuple(replace(base.rotas[n % len(base.rotas)], id=f"r{n}") for n in range(30))
    policies = tuple(
        replace(
            base.policies[0],
            id=f"p{n}",
            rungs=tuple(
                replace(rung, call=(Target("rota", f"r{(n + at) % 30}"), Target("level", str(rung.level))))
                for at, rung in enumerate(base.policies[0].rungs)
            ),
        )
        for n in range(40)
    )
    large = replace(
        base, teams=base.teams + teams, rotas=base.rotas + rotas, policies=base.policies + policies,
        rules=(*base.rules, *(Rule(f"x{n}", then=Then(policy=f"p{n}")) for n in range(40))),
    )  # fmt: skip
    begun = process_time()
    assert check(large, NOW)
    assert process_time() - begun < 10
