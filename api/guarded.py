"""Connections to addresses that shops gave: only to the internet, looked at when connecting.

A name is looked up anew for each connection and may mean something else each time, so the address
itself is refused, where the socket for it is made: also for addresses written as numbers, which no
resolver sees. Redirects are never followed, so they lead nowhere either.
"""

import socket
from typing import Any

from aiohttp import ClientSession, DummyCookieJar, TCPConnector
from aiohttp.abc import AbstractResolver

from core.programs.targets import is_public


class PrivateAddress(OSError):
    """The address stands in this house's own network, or in none."""


def _public_socket(info: tuple[Any, ...]) -> socket.socket:
    """Return a socket for one address that was found. Raises `PrivateAddress`."""
    family, kind, protocol, _, where = info
    if not is_public(where[0]):
        raise PrivateAddress("not on the internet")
    return socket.socket(family=family, type=kind, proto=protocol)


def guarded_session(*, private: bool, resolver: AbstractResolver | None = None) -> ClientSession:
    """Return a client that keeps no cookies, knows no proxy, and unpacks nothing it is sent.

    With `private`, the operator's choice, it connects anywhere.
    """
    connector = TCPConnector(
        resolver=resolver, limit=0, socket_factory=None if private else _public_socket
    )
    return ClientSession(
        connector=connector, cookie_jar=DummyCookieJar(),
        headers={"User-Agent": "daifa"}, auto_decompress=False,
    )  # fmt: skip
