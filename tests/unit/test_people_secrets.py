"""Secrets, passwords, and the patience with who guesses them."""

from __future__ import annotations

import pytest

from core.people.passwords import check_password, hash_password, verify_password
from core.people.secrets import hash_secret, make_secret
from core.people.throttle import ADDRESS, LOGIN, PAIR, LoginThrottle

NOW = 1_000_000


def test_secrets_are_fresh_and_fit_a_cookie() -> None:
    """Two secrets differ, have 256 bits, and need no quoting in a cookie, header or link."""
    first, second = make_secret(), make_secret()
    assert first != second
    assert len(first) == 43
    assert first.replace("-", "").replace("_", "").isalnum()


def test_the_hash_of_a_secret_is_stable_and_takes_any_text() -> None:
    """What a client sends is hashed whatever it is, without an error."""
    assert hash_secret("a") == hash_secret("a") != hash_secret("b")
    assert len(hash_secret("\ud800")) == 32


@pytest.mark.parametrize(
    ("password", "detail"), [("", "password_short"), ("あ" * 9, "password_short"), ("a" * 201, "password_long")]
)
def test_too_short_and_too_long_passwords_are_refused(password: str, detail: str) -> None:
    """A new password has 10 to 200 characters."""
    refused = check_password(password)
    assert refused is not None
    assert (refused.code, refused.field, refused.detail) == ("invalid", "password", detail)
    with pytest.raises(ValueError, match="10 to 200"):
        hash_password(password)


def test_a_password_fits_itself_only() -> None:
    """The right password verifies, a wrong one does not, and the stored text is argon2id."""
    encoded = hash_password("つばめが飛ぶ空は高い")
    assert encoded.startswith("$argon2id$")
    assert verify_password(encoded, "つばめが飛ぶ空は高い")
    assert not verify_password(encoded, "つばめが飛ぶ空は低い")


def test_keyboards_that_write_the_same_differently_agree() -> None:
    """Full-width and composed letters are the same password."""
    assert verify_password(hash_password("Ｔｓｕｂａｍｅ ガ 2026"), "Tsubame ｶﾞ 2026")


@pytest.mark.parametrize("encoded", [None, "", "plain", "$argon2id$broken"])
def test_no_password_and_a_broken_one_verify_as_false(encoded: str | None) -> None:
    """Where no password is set, nothing fits, and nothing raises."""
    assert not verify_password(encoded, "a" * 5_000)


def guess(throttle: LoginThrottle, times: int, login: str = "suzuki", address: str = "far", now: int = NOW) -> int:
    """Try without success; the wait that the next try meets."""
    for _ in range(times):
        assert throttle.admit(login, address, now) == 0
    return throttle.admit(login, address, now)


def test_guessing_meets_longer_and_longer_waits() -> None:
    """After the free tries each wait doubles, up to a quarter of an hour."""
    throttle = LoginThrottle()
    assert guess(throttle, PAIR.free) == 1_000
    now, waits = NOW + 1_000, []
    for _ in range(14):
        wait = guess(throttle, 1, now=now)
        waits.append(wait)
        now += wait
    assert waits[:4] == [2_000, 4_000, 8_000, 16_000]
    assert waits[-1] == PAIR.longest


def test_a_refused_try_counts_nothing() -> None:
    """Pressing again while waiting makes the wait no longer."""
    throttle = LoginThrottle()
    wait = guess(throttle, PAIR.free)
    assert [throttle.admit("suzuki", "far", NOW) for _ in range(50)] == [wait] * 50


def test_strangers_do_not_lock_out_the_owner() -> None:
    """Guesses from many addresses never make the owner wait where they signed in before."""
    throttle = LoginThrottle()
    throttle.succeeded("suzuki", "desk")
    for number in range(LOGIN.free * 5):
        throttle.admit("suzuki", f"far-{number}", NOW)
    assert throttle.admit("suzuki", "new", NOW) > 0
    assert throttle.admit("suzuki", "desk", NOW) == 0


def test_the_desk_behind_one_address_signs_in_without_waiting() -> None:
    """A hundred people who begin their shift behind one address are no attack."""
    throttle = LoginThrottle()
    for number in range(100):
        assert throttle.admit(f"p{number}", "desk", NOW) == 0
        throttle.succeeded(f"p{number}", "desk")


def test_one_address_that_tries_many_logins_waits() -> None:
    """Spraying one password over many logins is slowed, but never beyond half a minute."""
    throttle = LoginThrottle()
    waits = [throttle.admit(f"p{number}", "far", NOW + number * 31_000) for number in range(ADDRESS.free * 3)]
    assert max(waits) == 0
    assert 0 < throttle.admit("another", "far", NOW + (ADDRESS.free * 3 - 1) * 31_000) <= ADDRESS.longest


def test_success_and_an_hour_forgive() -> None:
    """After a success, or an hour of quiet, the tries are free again."""
    throttle = LoginThrottle()
    wait = guess(throttle, PAIR.free)
    assert throttle.admit(" Suzuki", "far", NOW + wait) == 0
    throttle.succeeded("suzuki ", "far")
    assert guess(throttle, PAIR.free, now=NOW + wait) > 0
    assert throttle.admit("suzuki", "far", NOW + wait + 3_600_001) == 0


def test_a_flood_of_logins_takes_no_memory() -> None:
    """However many names are tried, the throttle stays bounded."""
    throttle = LoginThrottle()
    for number in range(15_000):
        throttle.admit(f"p{number}", f"a{number}", NOW)
        throttle.succeeded(f"q{number}", f"a{number}")
    assert len(throttle._buckets) <= 10_000
    assert len(throttle._known) <= 10_000
