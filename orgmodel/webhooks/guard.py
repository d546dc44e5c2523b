"""Where a webhook may go: to public addresses only, and to the very address that was checked.

A name is resolved once. Hosts that `WEBHOOK_ALLOWED_HOSTS` names may be inside the network.
"""

from __future__ import annotations

import re
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import TypeAlias
from urllib.parse import urlsplit

from django.conf import settings

from orgmodel.core.phrases import say

LIMIT = 500  # characters
WEB_PORTS = (80, 443)
PORTS = range(1024, 65536)  # below are mail, shells and name servers
NAT64 = IPv6Network("64:ff9b::/96")

Resolver: TypeAlias = Callable[[str, int], Sequence[str]]


class Forbidden(Exception):
    """An address to which no webhook goes, and why."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


@dataclass(frozen=True, slots=True)
class Target:
    """What an address says, taken apart."""

    scheme: str
    host: str
    port: int
    path: str  # with its query

    @property
    def is_allowed_inside(self) -> bool:
        return self.host in settings.WEBHOOK_ALLOWED_HOSTS


def target_of(url: str) -> Target:
    """Return the parts of an address. Raises Forbidden where it is not one that a webhook may have."""
    if len(url) > LIMIT or not re.fullmatch(r"[!-~]+", url) or "\\" in url:
        raise Forbidden(
            say(
                "Must be an address of {n} plain characters at most, such as https://example.com/hook.",
                n=LIMIT,
            )
        )
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise Forbidden(say("Must be an address such as https://example.com/hook.")) from None
    if parts.scheme not in ("http", "https"):
        raise Forbidden(say("Must begin with https:// or http://."))
    if not host:
        raise Forbidden(say("Must name a host, such as https://example.com/hook."))
    if "@" in parts.netloc:
        raise Forbidden(say("Must not hold a name or password; signatures say who sends."))
    if parts.fragment:
        raise Forbidden(say("Must not have a part after “#”; it would not be sent."))
    port = port if port is not None else (443 if parts.scheme == "https" else 80)
    if port not in WEB_PORTS and port not in PORTS:
        raise Forbidden(
            say(
                "Port {port} is not for webhooks; take 443, 80, or one from {first} on.",
                port=port,
                first=PORTS.start,
            )
        )
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(parts.scheme, host, port, path)


def resolve(host: str, port: int) -> list[str]:
    """Return the addresses of a host. Raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(entry[4][0]) for entry in found]


def as_written(host: str, port: int) -> list[str]:
    """Return the address that a host is, in any way of writing it. Raises OSError for a name; nobody is asked."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST)
    return [str(entry[4][0]) for entry in found]


def checked_address(target: Target, resolver: Resolver = resolve) -> str:
    """Return the address to connect to, asking the resolver once.

    Raises Forbidden where any of the host's addresses is none of the public ones, OSError where it has none.
    """
    addresses = list(resolver(target.host, target.port))
    if not addresses:
        raise OSError(f"{target.host} has no address")
    if not target.is_allowed_inside:
        for address in addresses:
            if not is_public(address):
                raise Forbidden(
                    say(
                        "{host} is at {address}, inside a network. Webhooks go outside only.",
                        host=target.host,
                        address=address,
                    )
                )
    return addresses[0]


def is_public(text: str) -> bool:
    """Whether an address is of the public internet, also where it wraps another one."""
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return False
    wrapped = _wrapped(address) if isinstance(address, IPv6Address) else ()
    return all(_is_public(each) for each in (address, *wrapped))


def _wrapped(address: IPv6Address) -> Sequence[IPv4Address]:
    """Return the addresses of version 4 that traffic to this one may end at."""
    found = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
    if address in NAT64 or address.packed[:12] == bytes(12):
        found.append(IPv4Address(address.packed[12:]))
    return [each for each in found if each is not None]


def _is_public(address: IPv4Address | IPv6Address) -> bool:
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        return True  # what it wraps decides
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)
