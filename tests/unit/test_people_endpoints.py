"""What a browser may hand in as its push address."""

from __future__ import annotations

from base64 import urlsafe_b64encode

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from core.people.endpoints import fault_of, is_push_service

GOOD = "https://fcm.googleapis.com/fcm/send/abc:def"
POINT = (
    ec.generate_private_key(ec.SECP256R1())
    .public_key()
    .public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)
)


def text(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def fault(endpoint: str = GOOD, p256dh: str = text(POINT), auth: str = text(b"a" * 16), loopback: bool = False) -> str:
    found = fault_of(endpoint, p256dh, auth, loopback=loopback)
    return "" if found is None else f"{found.code} {found.field} {found.detail}"


@pytest.mark.parametrize(
    "endpoint",
    [
        GOOD,
        "https://fcm.googleapis.com:443/fcm/send/abc",
        "https://updates.push.services.mozilla.com/wpush/v2/gAAAA",
        "https://web.push.apple.com/QGw",
        "https://wns2-par02p.notify.windows.com/w/?token=BQYAA%3d",
    ],
)
def test_the_push_services_of_the_browsers_are_known(endpoint: str) -> None:
    """A subscription of a common browser is taken."""
    assert fault(endpoint) == ""
    assert is_push_service(endpoint)


@pytest.mark.parametrize(
    ("endpoint", "detail"),
    [
        ("http://fcm.googleapis.com/fcm/send/abc", "device_https"),
        ("ftp://fcm.googleapis.com/abc", "device_https"),
        ("//fcm.googleapis.com/abc", "device_https"),
        ("https://10.0.0.7/push", "device_private"),
        ("https://192.168.1.1/push", "device_private"),
        ("https://169.254.169.254/latest", "device_private"),
        ("https://127.0.0.1/push", "device_private"),
        ("https://127.1/push", "device_private"),
        ("https://0x7f000001/push", "device_private"),
        ("https://2130706433/push", "device_private"),
        ("https://[::1]/push", "device_private"),
        ("https://[fd00::1]/push", "device_private"),
        ("https://8.8.8.8/push", "device_private"),
        ("https://localhost/push", "device_private"),
        ("https://printer.local/push", "device_private"),
        ("https://push.evil.example/push", "device_service"),
        ("https://fcm.googleapis.com.evil.example/push", "device_service"),
        ("https://evilfcm.googleapis.com/push", "device_service"),
        ("https://fcm.googleapis.com./push", "device_service"),
        ("https://fcm.googleapis.com:8443/push", "device_service"),
        ("https://user@fcm.googleapis.com/push", "device_endpoint"),
        ("https://user:word@fcm.googleapis.com/push", "device_endpoint"),
        ("https://fcm.googleapis.com@evil.example/push", "device_endpoint"),
        ("https://fcm.googleapis.com\\@evil.example/push", "device_endpoint"),
        ("https://fcm.googleapis.com/push#part", "device_endpoint"),
        ("https://fcm.googleapis.com", "device_endpoint"),
        ("https://fcm.googleapis.com/", "device_endpoint"),
        ("https://fcm.googleapis.com:x/push", "device_endpoint"),
        ("https://[fcm/push", "device_endpoint"),
        ("https://fcm.googleapis.com/pu sh", "device_endpoint"),
        ("https://fcm.googleapis.com/push\n", "device_endpoint"),
        ("https://fcm.goo\tgleapis.com/push", "device_endpoint"),
        ("https://fcm。googleapis.com/push", "device_endpoint"),
        ("https:///push", "device_endpoint"),
        ("", "device_endpoint"),
        (f"{GOOD}{'a' * 1_000}", "device_endpoint"),
    ],
)
def test_any_other_address_is_refused_and_named(endpoint: str, detail: str) -> None:
    """Whatever is not https to a known push service is refused, naming the field and what was expected."""
    assert fault(endpoint) == f"invalid endpoint {detail}"
    assert not is_push_service(endpoint)


@pytest.mark.parametrize(
    "p256dh",
    [
        text(POINT[:-1]),
        text(POINT + b"\0"),
        text(b"\x02" + POINT[1:]),
        text(b"\x04" + b"\1" * 64),
        text(b"\x04" + b"\0" * 64),
        text(POINT)[:-1] + "!",
        text(POINT) + "\n",
        text(POINT) + "===",
        "",
    ],
    ids=["short", "long", "compressed", "off-curve", "zero", "letters", "line", "padding", "none"],
)
def test_a_key_that_is_no_point_is_refused(p256dh: str) -> None:
    """p256dh is 65 bytes, uncompressed, and a point of P-256."""
    assert fault(p256dh=p256dh) == "invalid keys.p256dh device_p256dh"


@pytest.mark.parametrize("auth", [text(b"a" * 15), text(b"a" * 17), "", "ä" * 22, "a" * 100])
def test_a_secret_of_another_length_is_refused(auth: str) -> None:
    """The auth secret is 16 bytes."""
    assert fault(auth=auth) == "invalid keys.auth device_auth"


def test_padding_is_forgiven() -> None:
    """Libraries that pad base64url are understood."""
    assert fault(p256dh=urlsafe_b64encode(POINT).decode(), auth=urlsafe_b64encode(b"a" * 16).decode()) == ""


@pytest.mark.parametrize(
    "endpoint", ["http://127.0.0.1:20431/send/1", "http://[::1]:20431/send/1", "https://localhost:20431/send/1"]
)
def test_this_machine_only_with_the_switch(endpoint: str) -> None:
    """Loopback, plain http and an odd port are taken only in tests and trials."""
    assert fault(endpoint) != ""
    assert fault(endpoint, loopback=True) == ""


@pytest.mark.parametrize(
    "endpoint",
    ["http://10.0.0.7/push", "https://10.0.0.7/push", "http://fcm.googleapis.com/x", "ftp://127.0.0.1/x", "http:///x"],
)
def test_the_switch_opens_nothing_else(endpoint: str) -> None:
    """Other private addresses and plain http outside stay refused with the switch."""
    assert fault(endpoint, loopback=True) != ""
