"""Which network addresses a push may reach.

An endpoint is a URL that a browser handed in, so it may name anything, and a name may resolve to something else
tomorrow. The check therefore sits where a socket is made: after every lookup, before every connection.
"""

from __future__ import annotations

import errno
import socket
from collections.abc import Callable
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Any, TypeAlias

Family: TypeAlias = "tuple[int | socket.AddressFamily, int | socket.SocketKind, int, str, tuple[Any, ...]]"

_NAT64 = IPv6Network("64:ff9b::/96")
_RELAYED = IPv6Network("2002::/16")


class PrivateAddress(OSError):
    """The host resolves to an address inside."""

    def __init__(self) -> None:
        super().__init__(errno.EACCES, "not a public address")


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the open internet; False for what is no address at all."""
    try:
        ip = _plain(ip_address(address.partition("%")[0]))
    except ValueError:
        return False
    return ip.is_global and not ip.is_multicast and ip not in _RELAYED


def is_this_machine(host: str) -> bool:
    """Whether a host is a loopback address, or the name of one."""
    try:
        return _plain(ip_address(host)).is_loopback
    except ValueError:
        return host == "localhost"


def guarded_socket(loopback: bool) -> Callable[[Family], socket.socket]:
    """A socket factory for aiohttp's connector: raises PrivateAddress instead of connecting inside.

    `loopback` also lets this machine through (tests and trials).
    """

    def make(info: Family) -> socket.socket:
        family, kind, proto, _, address = info
        host = str(address[0])
        if not is_public(host) and not (loopback and is_this_machine(host)):
            raise PrivateAddress
        return socket.socket(family, kind, proto)

    return make


def _plain(ip: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """The IPv4 address inside an IPv6 one that only carries it."""
    if isinstance(ip, IPv6Address):
        if ip.ipv4_mapped:
            return ip.ipv4_mapped
        if ip in _NAT64:
            return IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip
