"""Keys and tokens."""

from __future__ import annotations

from base64 import urlsafe_b64decode

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from core.engine.ports import HOUR, SECOND
from push.vapid import Signer, VapidKey, checked_subject
from tests.clock import HandClock
from tests.push.messages import START

CONTACT = "mailto:desk@tsubame.example"
ONE, TWO = "https://updates.push.example", "https://push.other.example"


def claims(header: str) -> dict[str, object]:
    token = header.removeprefix("vapid t=").partition(",")[0]
    part = token.split(".")[1]
    decoded: dict[str, object] = msgspec.json.decode(urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    return decoded


@pytest.fixture
def signer(key: VapidKey, clock: HandClock) -> Signer:
    return Signer(key, CONTACT, clock)


def test_public_key_is_the_whole_point(key: VapidKey) -> None:
    """Browsers get 65 bytes that begin with 4, in base64url without padding."""
    assert "=" not in key.public
    point = urlsafe_b64decode(key.public + "=")
    assert (len(point), point[0]) == (65, 4)


def test_key_comes_back_from_both_forms(key: VapidKey) -> None:
    """A key written as PEM or as raw base64url is the same key when it is loaded."""
    assert VapidKey.load(key.pem()).public == VapidKey.load(key.raw()).public == key.public


def other_curve() -> str:
    private = ec.generate_private_key(ec.SECP384R1())
    return private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


@pytest.mark.parametrize("text", ["", "abc", "A" * 43, "!" * 43, other_curve()], ids=range(5))
def test_what_is_no_key_is_refused(text: str) -> None:
    """A text that is no P-256 key raises ValueError, and never makes a new key."""
    with pytest.raises(ValueError, match=r"key|private"):
        VapidKey.load(text)


def test_private_half_is_not_shown(key: VapidKey) -> None:
    """repr shows the public half alone."""
    assert key.public in repr(key)
    assert key.raw() not in repr(key)


def test_token_is_kept_until_half_of_its_life(signer: Signer, clock: HandClock) -> None:
    """One signature serves an origin for six hours, then a new one is made with a full life."""
    first = signer.header(ONE)
    clock.time += 6 * HOUR - 1
    assert signer.header(ONE) == first
    clock.time += 1
    second = signer.header(ONE)
    assert second != first
    assert claims(second)["exp"] == (START + 18 * HOUR) // SECOND


def test_token_is_made_anew_when_the_clock_jumps_back(signer: Signer, clock: HandClock) -> None:
    """A token from the future would live too long for a push service."""
    first = signer.header(ONE)
    clock.time -= HOUR
    assert claims(signer.header(ONE))["exp"] != claims(first)["exp"]


def test_origins_do_not_share_a_token(signer: Signer) -> None:
    """Each origin reads its own name in aud, also when they are asked in turns."""
    headers = [signer.header(origin) for origin in (ONE, TWO, ONE, TWO)]
    assert [claims(header)["aud"] for header in headers] == [ONE, TWO, ONE, TWO]


def test_many_origins_do_not_fill_the_memory(signer: Signer) -> None:
    """The cache is bounded: names under a wildcard host are without number."""
    for number in range(1_000):
        signer.header(f"https://n{number}.push.example")
    assert len(signer._headers) <= 256


@pytest.mark.parametrize(
    "subject",
    [
        "desk@tsubame.example",
        "mailto:",
        "mailto:desk",
        "mailto:desk@localhost",
        "mailto:desk@desk.local",
        "mailto:desk@tsubame",
        "mailto:desk@10.0.0.1",
        "mailto:a@tsubame.example\r\nX: y",
        "http://tsubame.example",
        "https://localhost/desk",
        "https://desk.localhost",
        "https://127.0.0.1",
        "https://[::1]",
        "https://",
        "",
    ],
)
def test_contact_that_push_services_refuse_is_refused_at_start(subject: str, key: VapidKey, clock: HandClock) -> None:
    """A contact without scheme, or at a name that is not public, would be answered by 403 on every push."""
    with pytest.raises(ValueError, match="push contact"):
        Signer(key, subject, clock)


@pytest.mark.parametrize("subject", [CONTACT, "https://tsubame.example/desk?a=b", "mailto:a.b+c@xn--q9jyb4c.jp"])
def test_good_contact_is_taken_as_it_is(subject: str) -> None:
    """mailto: and https: at a public name pass unchanged."""
    assert checked_subject(subject) == subject


def test_blinded_text_is_a_topic(key: VapidKey) -> None:
    """The same text gives the same 32 base64url characters, another text or key gives others."""
    topic = key.blind("e7-suzuki")
    assert topic == key.blind("e7-suzuki")
    assert len({topic, key.blind("e7-hayashi"), VapidKey.make().blind("e7-suzuki")}) == 3
    assert len(topic) == 32
    assert topic.replace("-", "").replace("_", "").isalnum()
