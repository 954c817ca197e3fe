"""Values that enter: what is a time, what is an id, what is refused; and cursors, sealed."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Annotated, Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import UNSET, Meta, Struct, UnsetType

from core.engine.wire import iso, outside
from web.cursor import CursorError, Cursors
from web.edge import edge_type, entering, within
from web.settings import WebSettings

YEARS = st.integers(min_value=0, max_value=4_102_444_800_000)
ZONES = st.integers(min_value=-14 * 60, max_value=14 * 60)


class Inner(Struct, frozen=True):
    since: int
    name: str = ""


class Wish(Struct, frozen=True):
    """Everything that may stand in a command."""

    ticket: int
    until: int
    call: int | None = None
    level: int | None = None
    note: str | UnsetType = UNSET
    inner: Inner | None = None
    inners: tuple[Inner, ...] = ()
    for_me: bool = False
    size: Annotated[int, Meta(le=9)] = 1


EDGE = entering(Wish, frozenset({"ticket"}), {"for": "for_me"})


def entered(**fields: Any) -> dict[str, Any]:
    """The core's fields of this body."""
    body = msgspec.json.encode({"until": "1970-01-01T00:00:00Z", **fields})
    return within(msgspec.json.decode(body, type=EDGE))


@given(ms=YEARS, offset=ZONES)
def test_a_time_is_the_same_instant_in_every_zone(ms: int, offset: int) -> None:
    """ISO 8601 with any offset becomes the same milliseconds, and goes out again as they are."""
    moment = datetime.fromisoformat(iso(ms)).astimezone(timezone(timedelta(minutes=offset)))
    assert entered(until=moment.isoformat(timespec="milliseconds"))["until"] == ms
    assert outside(Inner(ms)) == {"since": iso(ms), "name": ""}


def test_ids_are_strings_outside_and_numbers_inside() -> None:
    """Calls are named as the API names them; a plain number is understood too."""
    assert [entered(call=value)["call"] for value in ("12", 12, None)] == [12, 12, None]
    for wrong in ("", "x", "-1", "1.5", "9" * 19, 1.5, True):
        with pytest.raises(msgspec.ValidationError):
            entered(call=wrong)


def test_times_stand_wherever_a_struct_stands() -> None:
    """Also inside other structs and lists of them, which become the core's own structs again."""
    given_ = entered(inner={"since": iso(5)}, inners=[{"since": iso(6), "name": "x"}])
    assert given_["inner"] == Inner(5)
    assert given_["inners"] == (Inner(6, "x"),)


def test_what_is_not_given_stays_not_given() -> None:
    """An unset field does not enter; a default does."""
    assert "note" not in entered()
    assert entered(note="x")["note"] == "x"
    assert (entered()["level"], entered()["inners"]) == (None, ())


def test_a_flag_is_written_out() -> None:
    """`for=me` sets for_me; other words are refused."""
    assert entered(**{"for": "me"})["for_me"] is True
    assert "for_me" not in entered()
    with pytest.raises(msgspec.ValidationError):
        entered(**{"for": "you"})


@pytest.mark.parametrize(
    "wrong",
    [{"ticket": 1}, {"other": 1}, {"for_me": True}, {"inner": {"since": iso(1), "other": 1}}, {"level": 2**60},
     {"size": 10}, {"until": "1970-01-01T00:00:00"}, {"until": 0}],
)  # fmt: skip
def test_nothing_else_enters(wrong: dict[str, Any]) -> None:
    """Path fields, unknown fields, giant numbers and naive times are refused."""
    with pytest.raises(msgspec.ValidationError):
        entered(**wrong)


def test_an_answer_without_times_is_described_as_it_is() -> None:
    """Only structs with times in them need an edge of their own."""
    assert edge_type(WebSettings, "", False) is WebSettings
    assert edge_type(Inner, "", False) is not Inner


@given(cursor=st.text(st.characters(min_codepoint=1, exclude_categories=["Cs"]), max_size=200))
def test_a_cursor_opens_for_whom_it_was_sealed(cursor: str) -> None:
    """And for nobody else, not about anything else, not changed in one place."""
    cursors = Cursors(b"k" * 32)
    sealed = cursors.seal(cursor, "sato", "list")
    assert cursors.open(sealed, "sato", "list") == cursor
    changed = ("B" if sealed[0] == "A" else "A") + sealed[1:]
    for text, person, about in ((sealed, "mori", "list"), (sealed, "sato", "other"), (changed, "sato", "list")):
        with pytest.raises(CursorError):
            cursors.open(text, person, about)


def test_cursors_of_like_length_cannot_be_told_apart() -> None:
    """Early and late places in the journal seal to the same length, and never to the same text."""
    cursors = Cursors(b"k" * 32)
    sealed = [cursors.seal(place, "sato", "live") for place in ("1", "1", "999999999999")]
    assert len(set(map(len, sealed))) == 1
    assert len(set(sealed)) == 3


@pytest.mark.parametrize(
    ("url", "secure", "secret"),
    [("http://desk.example", False, b"s" * 32), ("https://desk.example", False, b"s" * 32),
     ("http://127.0.0.1:8000", True, b"s" * 32), ("https://desk.example", True, b"short"),
     ("desk.example", True, b"s" * 32), ("ftp://desk.example", False, b"s" * 32)],
)  # fmt: skip
def test_unsafe_settings_are_refused(url: str, secure: bool, secret: bytes) -> None:
    """Plain http beyond loopback, a wrong idea of https, a short secret: none of them starts."""
    with pytest.raises(ValueError, match=r"\w"):
        WebSettings(public_url=url, vapid_public_key="k", secret=secret, secure=secure)


def test_settings_do_not_show_their_secret() -> None:
    """Neither repr nor text holds it."""
    settings = WebSettings(public_url="https://desk.example", vapid_public_key="k", secret=b"s3cret" * 8, secure=True)
    assert "s3cret" not in f"{settings!r}{settings}"
