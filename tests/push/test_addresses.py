"""Where a push may go, on the level of addresses and of answers."""

from __future__ import annotations

import socket
from email.utils import formatdate

import pytest

from core.engine.ports import HOUR, SECOND, Failed, Gone, Retry, Sent
from push.addresses import PrivateAddress, guarded_socket, is_public
from push.answers import outcome_of, wait_of
from tests.push.messages import START


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "100.64.0.1",
        "169.254.169.254",
        "0.0.0.0",
        "224.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "fe80::1%eth0",
        "fc00::1",
        "ff02::1",
        "::ffff:10.0.0.1",
        "::ffff:127.0.0.1",
        "64:ff9b::a00:1",
        "2002:a00:1::1",
        "updates.push.example",
        "",
    ],
)
def test_inside_is_not_public(address: str) -> None:
    """Private, local, shared, multicast addresses are inside, whatever IPv6 form carries them."""
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"])
def test_outside_is_public(address: str) -> None:
    """Ordinary addresses pass, also those of an IPv6-only network's translator."""
    assert is_public(address)


@pytest.mark.parametrize(
    ("address", "loopback", "made"),
    [("127.0.0.1", False, False), ("127.0.0.1", True, True), ("10.0.0.1", True, False), ("8.8.8.8", False, True)],
)
def test_socket_is_made_only_for_what_is_allowed(address: str, loopback: bool, made: bool) -> None:
    """The loopback switch opens this machine and nothing else inside."""
    info = (socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", (address, 443))
    if made:
        guarded_socket(loopback)(info).close()
    else:
        with pytest.raises(PrivateAddress):
            guarded_socket(loopback)(info)


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (200, Sent("http_200")),
        (201, Sent("http_201")),
        (202, Sent("http_202")),
        (204, Sent("http_204")),
        (302, Failed("http_302")),
        (307, Failed("http_307")),
        (400, Failed("http_400")),
        (401, Failed("http_401", alarm=True)),
        (403, Failed("http_403", alarm=True)),
        (404, Gone("http_404")),
        (408, Retry(None, "http_408")),
        (410, Gone("http_410")),
        (413, Failed("http_413", alarm=True)),
        (429, Retry(None, "http_429")),
        (500, Retry(None, "http_500")),
        (503, Retry(None, "http_503")),
    ],
)
def test_status_has_one_meaning(status: int, outcome: object) -> None:
    """Only 404 and 410 end a subscription; our own faults alarm; what passes is tried again."""
    assert outcome_of(status, None, START) == outcome


@pytest.mark.parametrize(
    ("header", "wait"),
    [
        ("120", 120 * SECOND),
        (" 7 ", 7 * SECOND),
        ("0", SECOND),
        ("999999999999999999999", HOUR),
        (formatdate((START + 90 * SECOND) / 1_000, usegmt=True), 90 * SECOND),
        (formatdate((START - HOUR) / 1_000, usegmt=True), SECOND),
        (formatdate((START + 48 * HOUR) / 1_000, usegmt=True), HOUR),
        ("-5", None),
        ("1.5", None),
        ("soon", None),
        ("²", None),
        ("", None),
        (None, None),
    ],
)
def test_retry_after_is_understood_and_bounded(header: str | None, wait: int | None) -> None:
    """Seconds and dates count between one second and one hour; nonsense counts as nothing said."""
    assert wait_of(header, START) == wait
