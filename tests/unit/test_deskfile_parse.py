"""desk.toml in: a whole file is read, and of a wrong one every mistake is told with its line."""

from __future__ import annotations

import pytest

from core.deskfile.document import Document
from core.deskfile.parse import LARGEST, parse
from core.deskfile.problems import Problem
from core.people.model import Hours, Level
from core.policy.model import Step, Target, Then
from core.roster.model import Rotation, Shift
from core.sample import deskfile
from tests.unit.documents import read

SAMPLE = deskfile.text()

GOOD = """[desk]
name = "つばめ商店"
holidays = "JP"
[levels]
1 = { ja = "現場", en = "Floor" }
2 = { ja = "係長" }
[[team]]
id = "support"
name = "サポート"
default_policy = "complaint"
[[person]]
id = "suzuki"
name = "鈴木 一郎"
teams = ["support"]
level = 2
roles = ["supervisor"]
email = "suzuki@tsubame.example"
[[rota]]
id = "l2"
on_holidays = false
shifts = [{ days = "mon-fri", from = "22:00", to = "06:00", people = ["suzuki"], place = "home" }]
[[policy]]
id = "complaint"
name = { ja = "クレーム" }
[[policy.rung]]
level = 2
call = ["rota:l2"]
backup = ["level:2"]
channels = [{ via = "push", wait = "90s" }, { via = "mail" }]
backup_after = "10m"
accept_within = "30m"
[[rule]]
id = "asks"
when = { words = ["責任者"], severity = "high" }
then = { policy = "complaint" }
[[channel]]
id = "mail"
kind = "smtp"
url = "smtps://desk@mail.tsubame.example"
password = "env:SMTP_PASSWORD"
from = "support@tsubame.example"
"""


def problems(text: str | bytes) -> list[Problem]:
    found = parse(text, "desk.toml")
    assert isinstance(found, list)
    return found


def test_a_whole_file_is_read() -> None:
    """Every section becomes values; what is not written has the default of the contract."""
    document = read(GOOD)
    assert document.levels == (Level(1, {"ja": "現場", "en": "Floor"}), Level(2, {"ja": "係長"}))
    assert document.persons[0].roles == {"supervisor"}
    assert document.persons[0].language == "ja"
    assert document.rotas[0].shifts == (Shift("mon-fri", "22:00", "06:00", ("suzuki",), "home"),)
    policy = document.policies[0]
    assert (policy.hours, policy.authority, policy.repeat, policy.hold) == ("always", "joint", 1, 7_200_000)
    assert (policy.recall, policy.seen_within, policy.record) == (900_000, 60_000, ())
    rung = policy.rungs[0]
    assert rung.channels == (Step("push", 90_000), Step("mail"))
    assert (rung.call, rung.backup) == ((Target("rota", "l2"),), (Target("level", "2"),))
    assert (rung.backup_after, rung.accept_within) == (600_000, 1_800_000)
    assert document.rules[0].when.severity == ("high",)
    assert document.rules[0].then == Then("takeover", "complaint")
    assert document.channels[0].password == "env:SMTP_PASSWORD"


def test_the_sample_desk_is_read() -> None:
    """The desk of `noroshi demo` is a pattern without a mistake."""
    document = read(SAMPLE)
    assert len(document.persons) >= 10
    assert document.settings.hours[0] == Hours("mon-fri", "09:00", "18:00")


def test_a_rotation_and_a_hold_of_none() -> None:
    """Turns by weeks hand over on a weekday; `hold = "none"` is never asked again."""
    rotation = 'rotation = { people = ["suzuki"], every = "2w", handover = "mon 09:00", starts = 2026-01-05 }'
    text = GOOD.replace(
        'shifts = [{ days = "mon-fri", from = "22:00", to = "06:00", people = ["suzuki"], place = "home" }]', rotation
    )
    document = read(text.replace("[[policy.rung]]", 'hold = "none"\n[[policy.rung]]'))
    assert document.rotas[0].rotation == Rotation(("suzuki",), "2w", "mon 09:00", "2026-01-05")
    assert document.policies[0].hold is None


def test_an_empty_file_is_a_desk_with_nothing_in_it() -> None:
    """Nothing is wrong with it; what it lacks is for the checker to say."""
    assert read("") == Document()


MISTAKES = [
    ("name = \"つばめ商店\"", 'nam = "x"', 2, "unknown key nam"),
    ("[levels]", "[level]", 4, "unknown key level; expected one of: desk, levels, team, person, rota"),
    ('place = "home" }', 'plaec = "home" }', 21, "unknown key plaec"),
    ('id = "suzuki"\n', "", 11, "id is missing"),
    ('name = "鈴木 一郎"', "name = 5", 13, "name = 5; expected a text in quotes"),
    ('name = "鈴木 一郎"', 'name = "  "', 13, "expected a text in quotes"),
    ("level = 2\nroles", "level = true\nroles", 15, "level = true; expected a whole number from 1 to 99"),
    ("level = 2\nroles", "level = 3\nroles", 15, "unknown level 3; expected one of: 1, 2"),
    ('["supervisor"]', '["boss"]', 16, "expected one of: operator, supervisor, admin, report_reader, auditor"),
    ('["supervisor"]', '"supervisor"', 16, 'roles = "supervisor"; expected a list such as'),
    ('teams = ["support"]', 'teams = ["suport"]', 14, "unknown team suport; expected one of: support"),
    ('teams = ["support"]', 'teams = ["support", "support"]', 14, "support stands here twice"),
    ('"suzuki@tsubame.example"', '"suzuki"', 17, "expected an address such as"),
    ('"suzuki@tsubame.example"', '"a@b.example\\nBcc: c@d.example"', 17, "on one line"),
    ('id = "suzuki"', 'id = "鈴木"', 12, "expected 1 to 64 letters, digits"),
    ('id = "suzuki"', 'id = "system"', 12, "the id system is taken by the desk itself"),
    ('holidays = "JP"', 'holidays = "ZZ"', 3, 'holidays = "ZZ"; expected a country code'),
    ('holidays = "JP"', 'timezone = "Asia/Tokio"', 3, 'timezone = "Asia/Tokio"; expected a time zone'),
    ('holidays = "JP"', 'timezone = "Asia"', 3, "expected a time zone"),
    ("2 = { ja", "two = { ja", 6, "level two; expected a number from 1 to 99"),
    ('2 = { ja = "係長" }', '2 = "係長"', 6, "expected words by language"),
    ('2 = { ja = "係長" }', '2 = { ja = "係長", fr = "chef" }', 6, "unknown key fr; expected one of: ja, en"),
    ('default_policy = "complaint"', 'default_policy = "none"', 10, "unknown policy none; expected one of: complaint"),
    ('default_policy = "complaint"', 'parent = "support"', 10, "the teams lead back to themselves (support → support)"),
    ('default_policy = "complaint"', 'parent = "company"', 10, "unknown team company"),
    ('"mon-fri"', '"monday"', 21, 'days = "monday"; expected days such as'),
    ('from = "22:00"', 'from = "24:00"', 21, 'from = "24:00"; expected a time of day'),
    ('from = "22:00"', "from = 22:00:00", 21, "from = 22:00:00; expected a text in quotes"),
    ('people = ["suzuki"]', 'people = ["suzuki", "suzuki"]', 21, "suzuki stands here twice; expected once"),
    ('people = ["suzuki"]', 'people = ["sazuki"]', 21, "unknown person sazuki; expected one of: suzuki"),
    ("on_holidays = false", 'on_holidays = "no"', 20, "expected true or false"),
    ("on_holidays = false", 'replaces = "l2"', 18, "mode is missing"),
    ("on_holidays = false", 'mode = "remote"', 18, "replaces is missing"),
    ("on_holidays = false", 'replaces = "l2"\nmode = "remote"', 20, "l2 stands in for another rota itself"),
    ("on_holidays = false", 'mode = "normal"\nreplaces = "l2"', 20, "expected one of: advisory, remote"),
    (
        "on_holidays = false",
        'rotation = { people = ["suzuki"], every = "1d", handover = "09:00", starts = 2026-01-05 }',
        20,
        "both shifts and a rotation; expected one of the two",
    ),
    ('name = { ja = "クレーム" }', "", 22, "name is missing"),
    ('name = { ja = "クレーム" }', 'name = { ja = "a" }\nhours = "day"', 25, "expected one of: always, duty"),
    ('name = { ja = "クレーム" }', 'name = { ja = "a" }\nhold = "2 h"', 25, 'hold = "2 h"; expected a duration'),
    ('name = { ja = "クレーム" }', 'name = { ja = "a" }\nrepeat = 10', 25, "expected a whole number from 0 to 9"),
    ("level = 2\ncall", "level = 9\ncall", 26, "unknown level 9"),
    ('call = ["rota:l2"]', "call = []", 27, "call = []; expected rota:ID"),
    ('call = ["rota:l2"]', 'call = ["rota:l2", "rota:l2"]', 27, "rota:l2 stands twice in call; expected once"),
    ('call = ["rota:l2"]', 'call = ["rota:l3"]', 27, "unknown rota l3; expected one of: l2"),
    ('call = ["rota:l2"]', 'call = ["suzuki"]', 27, "expected rota:ID, person:ID, level:N or team:ID"),
    ('backup = ["level:2"]', 'backup = ["person:sato"]', 28, "unknown person sato"),
    ('backup = ["level:2"]', 'backup = ["level:7"]', 28, "unknown level 7"),
    ('via = "mail"', 'via = "fax"', 29, 'via = "fax"; expected one of: push, mail, chat, phone'),
    (', wait = "90s"', "", 29, "the channel push has no wait"),
    ('"90s"', '"90"', 29, 'wait = "90"; expected a duration such as'),
    ('accept_within = "30m"', "", 25, "accept_within is missing"),
    ('accept_within = "30m"', "accept_within = 30", 31, "accept_within = 30; expected a text in quotes"),
    ('severity = "high"', 'severity = "urgent"', 34, "expected one of: critical, high, normal, low"),
    ('policy = "complaint" }', 'policy = "complain" }', 35, "unknown policy complain; expected one of: complaint"),
    ('policy = "complaint" }', "level = 5 }", 35, "unknown level 5"),
    ('then = { policy = "complaint" }', "review_by = 2027-02-30", 35, "this is not TOML"),
    ('then = { policy = "complaint" }', 'review_by = "2027-03-31"', 35, "expected a date such as 2027-03-31"),
    ('then = { policy = "complaint" }', "review_by = 2027-03-31T10:00:00", 35, "expected a date such as 2027-03-31"),
    ('"env:SMTP_PASSWORD"', '"hunter2"', 40, "password holds a secret in plain text; expected env:NAME or file:PATH"),
    ("desk@mail", "desk:hunter2@mail", 39, "url holds a secret in plain text"),
    ("smtps://desk@mail.tsubame.example", "https://mail.example", 39, "url is not the address of a mail server"),
    ('from = "support', 'form = "support', 36, "from is missing"),
    ('kind = "smtp"', 'kind = "fax"', 38, "expected one of: smtp, mailbox, chat, webhook, intake"),
    ("[[team]]", "[team]", 7, "expected a list of tables"),
]  # fmt: skip


@pytest.mark.parametrize(("right", "wrong", "line", "expected"), MISTAKES, ids=range(len(MISTAKES)))
def test_a_mistake_is_told_with_its_line(right: str, wrong: str, line: int, expected: str) -> None:
    """File, line, what was found and what was expected, in both languages; and no secret is repeated."""
    assert GOOD.count(right) >= 1
    found = problems(GOOD.replace(right, wrong, 1))
    lines = [problem.text("en") for problem in found]
    assert any(text.startswith(f"desk.toml:{line}: ") and expected in text for text in lines), lines
    assert all("hunter2" not in text and "\n" not in text for text in lines)
    assert all(problem.text("ja").startswith("desk.toml:") for problem in found)


@pytest.mark.parametrize("section", ["team", "person", "rota", "policy", "rule", "channel"])
def test_an_id_is_used_once(section: str) -> None:
    """The second row of the same id is told, and where the first one stands."""
    begin = GOOD.index(f"[[{section}]]")
    ends = [at for at in (GOOD.find("\n[[", begin + 1),) if at > 0]
    if section == "policy":
        ends = [GOOD.index("\n[[rule]]")]
    row = GOOD[begin : ends[0] + 1 if ends else len(GOOD)]
    found = [problem.text("en") for problem in problems(GOOD + row)]
    first = GOOD[: GOOD.index("id =", begin)].count("\n") + 1
    last = GOOD.count("\n") + 2
    assert any(text.startswith(f"desk.toml:{last}: the id ") and f"in line {first};" in text for text in found), found


def test_every_mistake_is_told_at_once() -> None:
    """Nobody mends a file one error at a time."""
    text = GOOD.replace('"90s"', '"9"').replace("level = 2\nroles", "level = 3\nroles").replace('"JP"', "5")
    assert [problem.line for problem in problems(text)] == [3, 15, 29]


def test_a_longer_circle_of_teams_is_told_once() -> None:
    """a under b under c under a is one mistake, not three; a team that only hangs below it is none."""
    teams = "".join(f'[[team]]\nid = "{id_}"\nname = "x"\nparent = "{up}"\n' for id_, up in ("da", "ab", "bc", "ca"))
    found = [problem.text("en") for problem in problems(teams)]
    assert found == [
        "desk.toml:8: the teams lead back to themselves (a → b → c → a); expected a parent that is not below",
    ]


def test_two_stand_ins_for_the_same_mode() -> None:
    """In a typhoon one rota stands in for another, not two."""
    more = "".join(f'[[rota]]\nid = "{id_}"\nreplaces = "l2"\nmode = "remote"\n' for id_ in "ab")
    texts = [problem.text("en") for problem in problems(GOOD + more)]
    assert "desk.toml:44: b replaces l2 in mode remote already; expected one stand-in" in texts


def test_a_handover_that_does_not_fit_its_turns() -> None:
    """Turns by weeks need a weekday, turns by days must have none."""
    shifts = GOOD[GOOD.index("shifts =") : GOOD.index("[[policy]]")]
    for every, handover, expected in (("1w", "09:00", "a weekday and a time"), ("3d", "mon 09:00", "a time such as")):
        rotation = (
            f'rotation = {{ people = ["suzuki"], every = "{every}", handover = "{handover}", starts = 2026-01-05 }}\n'
        )
        assert [expected in problem.text("en") for problem in problems(GOOD.replace(shifts, rotation))] == [True]


def test_the_wrong_encoding_has_a_line() -> None:
    """A file saved as Shift_JIS is told apart at its first foreign line; a BOM does no harm."""
    text = '[desk]\nlanguage = "ja"\nname = "つばめ"\n'
    assert [problem.text("en") for problem in problems(text.encode("shift_jis"))] == [
        "desk.toml:3: this is not UTF-8; expected a text saved as UTF-8",
    ]
    assert problems(text.encode("utf-16"))[0].line == 1
    assert isinstance(parse(text.encode("utf-8-sig"), "desk.toml"), Document)
    assert isinstance(parse("\ufeff" + text, "desk.toml"), Document)


def test_a_text_that_is_no_toml_has_a_line() -> None:
    """A slip of the pen is told where it is, a list that never ends at the end."""
    assert [problem.line for problem in problems("[desk]\nname =\n")] == [2]
    assert [problem.line for problem in problems("[desk]\nhours = [\n\n")] == [4]
    assert [problem.line for problem in problems('[desk]\nname = "a"\nname = "b"\n')] == [3]
    assert problems("a = " + "[" * 100_000)[0].key == "deskfile.syntax"
    assert problems("#" * (LARGEST + 1))[0].key == "deskfile.too_large"


def test_a_long_value_is_not_repeated_in_full() -> None:
    """A message stays one line of bearable length."""
    text = problems(GOOD.replace('"90s"', '"' + "9" * 5_000 + '"'))[0].text("en")
    assert len(text) < 200


def test_of_many_names_the_nearest_are_shown() -> None:
    """With a thousand persons, a slip is answered with who was probably meant."""
    many = "".join(f'[[person]]\nid = "person{number}"\nname = "x"\n' for number in range(1_000))
    text = problems(GOOD.replace('people = ["suzuki"]', 'people = ["suzuk"]') + many)[0].text("en")
    assert "suzuki" in text
    assert len(text) < 300
