"""Who may ask the platform to open a recipient it conceals: the link the order came in by."""

from datetime import datetime
from typing import NamedTuple

from core.errors import RecipientConcealed
from core.ids import key
from core.ports import Store


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

    Raises `RecipientConcealed` where the platform shop was disconnected meanwhile.
    """
    link = store.platforms.link_of(order_id)
    if link is None or link.token_until is None:
        raise RecipientConcealed
    access, refresh = store.platforms.tokens(link)
    order_no = store.orders.of(order_id).order_no
    return Opener(link.platform, order_no, key(link), access, refresh, link.token_until)
