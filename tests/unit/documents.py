"""Documents out of texts, and random ones that hold together: every name means something."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from core.deskfile.document import Document
from core.deskfile.parse import parse
from core.people.model import ChannelSetting, Hours, Level, Person, Quiet, Role, Settings, Team
from core.policy.durations import LONGEST
from core.policy.model import Policy, Rule, Rung, Step, Target, Text, Then, Via, When
from core.roster.model import Rota, Rotation, Shift

LEVELS = ("1", "2", "3")
words = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp")), min_size=1, max_size=12
).filter(lambda text: bool(text.strip()))
ids = st.from_regex(r"[a-z][a-z0-9_.-]{0,6}", fullmatch=True)
clocks = st.builds("{:02}:{:02}".format, st.integers(0, 23), st.integers(0, 59))
days = st.sampled_from(("daily", "mon-fri", "sat,sun", "fri-mon", "wed"))
dates = st.dates().map(lambda day: day.isoformat())
durations = st.integers(1, LONGEST // 1_000).map(lambda seconds: seconds * 1_000)
texts: SearchStrategy[Text] = st.fixed_dictionaries({"ja": words}, optional={"en": words})
vias: SearchStrategy[Via] = st.sampled_from(("push", "mail", "phone", "chat"))
quiets = st.one_of(st.none(), st.builds(Quiet, clocks, clocks))
roles: SearchStrategy[Role] = st.sampled_from(("operator", "supervisor", "admin", "auditor", "report_reader"))


def read(text: str | bytes) -> Document:
    """The document of a file without mistakes."""
    found = parse(text, "desk.toml")
    assert isinstance(found, Document), [problem.text("en") for problem in found]
    return found


def some(known: tuple[str, ...]) -> SearchStrategy[tuple[str, ...]]:
    """A few different ones of these ids."""
    return st.permutations(known).flatmap(lambda all_: st.integers(0, len(all_)).map(lambda count: tuple(all_[:count])))


@st.composite
def documents(draw: DrawFn) -> Document:
    """A whole desk."""
    teams, persons, rotas, policies, rules, wires = (
        tuple(draw(st.lists(ids, min_size=least, max_size=3, unique=True))) for least in (1, 1, 1, 1, 0, 0)
    )
    whom = tuple(
        Target(kind, id_)  # type: ignore[arg-type]
        for kind, known in (("rota", rotas), ("person", persons), ("team", teams), ("level", LEVELS))
        for id_ in known
    )
    return Document(
        draw(_settings()),
        tuple(Level(int(number), draw(texts)) for number in LEVELS),
        tuple(
            Team(id_, draw(words), teams[index - 1] if index else None, draw(st.sampled_from((None, *policies))))
            for index, id_ in enumerate(teams)
        ),
        tuple(draw(_person(id_, teams)) for id_ in persons),
        tuple(draw(_rota(id_, persons)) for id_ in rotas),
        tuple(draw(_policy(id_, whom)) for id_ in policies),
        tuple(draw(_rule(id_, policies)) for id_ in rules),
        tuple(draw(_wire(id_)) for id_ in wires),
    )


def _settings() -> SearchStrategy[Settings]:
    return st.builds(
        Settings, words, st.sampled_from(("Asia/Tokyo", "Europe/London")), st.sampled_from(("ja", "en")),
        st.sampled_from((None, "JP")), st.lists(st.builds(Hours, days, clocks, clocks), max_size=3).map(tuple),
        st.just("normal"), quiets,
    )  # fmt: skip


def _person(id_: str, teams: tuple[str, ...]) -> SearchStrategy[Person]:
    return st.builds(
        Person, st.just(id_), words, st.sampled_from((1, 2, 3)), some(teams), st.frozensets(roles),
        st.sampled_from(("ja", "en")), st.sampled_from((None, "a@b.example")), st.sampled_from((None, "090-0000-0000")),
        st.sampled_from(("site", "home")), st.sampled_from((frozenset(), frozenset({"personal_data"}))),
        st.dictionaries(words, dates, max_size=2), quiet=quiets,
    )  # fmt: skip


def _rota(id_: str, persons: tuple[str, ...]) -> SearchStrategy[Rota]:
    shift = st.builds(Shift, days, clocks, clocks, some(persons), st.sampled_from((None, "site", "home")))
    weekly = st.builds(Rotation, some(persons), st.sampled_from(("1w", "3w")), clocks.map("mon {}".format), dates)
    daily = st.builds(Rotation, some(persons), st.sampled_from(("1d", "10d")), clocks, dates)
    return st.one_of(
        st.builds(Rota, st.just(id_), st.lists(shift, max_size=3).map(tuple), st.none(), st.booleans()),
        st.builds(Rota, st.just(id_), st.just(()), st.one_of(weekly, daily), st.booleans()),
    )


def _policy(id_: str, whom: tuple[Target, ...]) -> SearchStrategy[Policy]:
    duty = st.permutations(whom).map(lambda all_: tuple(all_[:2]))
    backup = st.one_of(st.just(()), duty)
    steps = st.builds(
        lambda first, last: (*first, last), st.lists(st.builds(Step, vias, durations), max_size=2),
        st.builds(Step, vias, st.one_of(st.none(), durations)),
    )  # fmt: skip
    rung = st.builds(
        Rung, st.sampled_from((1, 2, 3)), duty, steps, durations, backup, st.one_of(st.none(), durations)
    )  # fmt: skip
    return st.builds(
        Policy, st.just(id_), st.just(0), texts, st.lists(rung, min_size=1, max_size=3).map(tuple),
        st.sampled_from(("always", "duty")), st.sampled_from(("joint", "passes")), st.integers(0, 9),
        st.one_of(st.none(), durations), durations, durations, st.sampled_from(((), ("mail",))),
        st.one_of(st.none(), dates),
    )  # fmt: skip


def _rule(id_: str, policies: tuple[str, ...]) -> SearchStrategy[Rule]:
    listed = st.lists(words, max_size=2).map(tuple)
    when = st.builds(
        When, listed, st.sampled_from(((), ("critical", "low"))), listed, listed, listed,
        st.sampled_from(("any", "business", "outside")),
    )  # fmt: skip
    then = st.builds(
        Then, st.sampled_from(("takeover", "consult", "notify")), st.sampled_from((None, *policies)),
        st.sampled_from((None, 1, 2, 3)),
    )  # fmt: skip
    return st.builds(
        Rule, st.just(id_), when, then, st.one_of(st.just({}), texts), st.one_of(st.just({}), texts),
        st.one_of(st.none(), dates),
    )  # fmt: skip


def _wire(id_: str) -> SearchStrategy[ChannelSetting]:
    return st.builds(
        ChannelSetting, st.just(id_), st.just("smtp"),
        st.sampled_from(("smtps://desk@mail.example", "smtp://127.0.0.1:2525", "env:MAIL_URL", "file:mail/url")),
        st.sampled_from((None, "env:PASSWORD", "file:secret")), st.just("desk@b.example"),
    )  # fmt: skip
