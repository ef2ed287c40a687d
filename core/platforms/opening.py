"""Who may ask the platform to open a recipient it conceals: the link the order came in by.

Platforms open so many a day, and do not say how many: what they opened today is counted.
"""

from datetime import datetime
from typing import NamedTuple

from core.entities import PlatformLink
from core.ids import key
from core.platforms.platform_errors import SellingShopGone
from core.ports import Store
from core.text.periods import CHINA


class Opener(NamedTuple):
    """What is needed to ask: the platform, the order's number there, and the shop's tokens."""

    platform: str
    order_no: str
    link_id: int
    access_token: str
    refresh_token: str
    token_until: datetime


def opener_of(store: Store, order_id: int) -> Opener:
    """Return with what the order's recipient is opened, after the look was recorded.

    Raises `SellingShopGone`.
    """
    link = store.platforms.link_of(order_id)
    if link is None or link.token_until is None:
        raise SellingShopGone
    access, refresh = store.platforms.tokens(link)
    order_no = store.orders.of(order_id).order_no
    return Opener(link.platform, order_no, key(link), access, refresh, link.token_until)


def was_opened(store: Store, link_id: int) -> None:
    """Count one the platform has opened."""
    link, today = store.platforms.link(link_id), china_day(store.now)
    if link is not None:
        link.opened = link.opened + 1 if link.opened_on == today else 1
        link.opened_on = today


def was_spent(store: Store, link_id: int) -> None:
    """Keep that the platform opens no more today."""
    link = store.platforms.link(link_id)
    if link is not None:
        link.spent_on = china_day(store.now)


class Opened(NamedTuple):
    """How many recipients a platform has opened today, and whether it opens no more."""

    today: int
    spent: bool


def opened_today(link: PlatformLink, now: datetime) -> Opened:
    """Return how it stands on the China-time day of `now`."""
    today = china_day(now)
    return Opened(link.opened if link.opened_on == today else 0, link.spent_on == today)


def china_day(now: datetime) -> str:
    """Return the day in China, `2026-11-23`."""
    return now.astimezone(CHINA).date().isoformat()
