"""Where a webhook may lead: never into the network the house itself stands in.

Two looks. `fit_url` refuses when an address is given what can be seen from its text; what a name
means is only known when it is called, and may change: whoever connects asks `is_public` of the very
address it connects to.
"""

import re
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final
from urllib.parse import SplitResult, urlsplit

from core.programs.webhook_errors import UrlFault, WebhookUrlUnfit

LONGEST_URL: Final = 500
# A public name has a dot, and its last label begins with a letter: else it is a number that some
# resolvers read as an address (`127.1`, `0x7f000001`, `2130706433`).
_PUBLIC_NAME: Final = re.compile(r"(?:[a-z0-9_](?:[a-z0-9_-]{0,62})\.)+[a-z][a-z0-9-]{1,62}\.?")
# Not on the internet, though this Python's tables do not say so: protocol assignments (RFC 6890),
# 6to4 relays (RFC 7526), site-local (RFC 3879) and documentation (RFC 9637).
_NOBODYS: Final = tuple(
    map(ip_network, ("192.0.0.0/24", "192.88.99.0/24", "fec0::/10", "3fff::/20"))
)
_NAT64: Final = IPv6Network("64:ff9b::/96")  # RFC 6052: the last 32 bits are an IPv4 address


def fit_url(given: str, *, private: bool) -> str:
    """Return the address to call. Raises `WebhookUrlUnfit`.

    With `private`, the operator's choice, also plain http and whatever stands in their network.
    """
    url = given.strip()
    fault = _fault(url, private=private)
    if fault is not None:
        raise WebhookUrlUnfit(fault, LONGEST_URL)
    return url


def _fault(url: str, *, private: bool) -> UrlFault | None:
    parts = _parted(url)
    if len(url) > LONGEST_URL:
        return "long"
    if parts is None or parts.hostname is None:
        return "unreadable"
    if parts.username is not None or parts.password is not None:
        return "userinfo"
    if "#" in url:
        return "fragment"
    return None if private else _outside_fault(parts.scheme, parts.hostname)


def _outside_fault(scheme: str, host: str) -> UrlFault | None:
    if scheme != "https":
        return "plain"
    return None if _PUBLIC_NAME.fullmatch(host) else "address"


def _parted(url: str) -> SplitResult | None:
    """Return the address in parts; None where programs may disagree on what they are."""
    if not url.isascii() or not url.isprintable() or re.search(r"[\s\\<>\"]", url):
        return None
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:  # a port that is none, a bracket left open
        return None
    return parts if parts.scheme in ("http", "https") and port != 0 else None


def is_public(address: str) -> bool:
    """Whether this IP address is on the internet, also behind every way to wrap an IPv4 one."""
    one = ip_address(address)
    inner = _wrapped(one) if isinstance(one, IPv6Address) else None
    if inner is not None:
        return is_public(str(inner))
    if any(one in net for net in _NOBODYS):
        return False
    return one.is_global and not one.is_multicast and not one.is_reserved


def _wrapped(one: IPv6Address) -> IPv4Address | None:
    if one in _NAT64:
        return IPv4Address(int(one) & 0xFFFFFFFF)
    teredo = one.teredo
    return one.ipv4_mapped or one.sixtofour or (teredo[1] if teredo else None)
