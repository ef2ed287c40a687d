"""What happened, as a shop's programs follow it: in order, by a cursor, nothing left out.

It begins with the shop's first key or webhook and is kept for `FEED_KEPT`. Made from the audit log
(`storage.feeding`), so what is recorded is in it.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple, Self

from core.acting import acting
from core.ports import Store
from core.programs.errors import CursorForgotten, CursorUnknown
from core.programs.facts import Fed
from core.programs.published import PUBLISHED
from core.values import Actor, Door

FEED_KEPT: Final = timedelta(days=30)
MOST_EVENTS: Final = 500


class Happened(NamedTuple):
    """One event: what kind, when, by which door, of which order and assignment."""

    id: int
    type: str
    at: datetime
    door: Door
    order_id: int
    assignment_id: int | None

    @classmethod
    def of(cls, fed: Fed) -> Self:
        """Return it by the name it has for programs."""
        return cls(fed.id, PUBLISHED[fed.act], *fed[2:])


class Followed(NamedTuple):
    """Events of a shop behind cursor `start`, the oldest first; `head` is behind everything."""

    shop_id: int
    head: int
    start: int
    found: Sequence[Happened]


class Feed:
    """The events of a shop."""

    def after(self, store: Store, actor: Actor, after: int | None, limit: int) -> Followed:
        """Return at most `limit` (≤ `MOST_EVENTS`) events behind a cursor; None: from now on.

        Behind 0 stands all that is kept. Raises `CursorUnknown` for one this house has not given
        yet, `CursorForgotten` for one older than what is kept: read the lists anew.
        """
        acting(store, actor)
        last = known(store, after or 0)
        if after is None:
            return Followed(actor.shop_id, last, last, ())
        found = store.programs.feed(actor.shop_id, after, min(limit, MOST_EVENTS))
        return Followed(actor.shop_id, last, after, [Happened.of(one) for one in found])

    def forget(self, store: Store) -> int:
        """Delete what is older than it is kept, but never the newest; returns how many."""
        return store.programs.forget_feed(FEED_KEPT)


def known(store: Store, cursor: int) -> int:
    """Return the newest cursor; 0 is behind nothing. Raises `CursorUnknown`, `CursorForgotten`."""
    first, last = store.programs.kept()
    if cursor > last:
        raise CursorUnknown
    if 0 < cursor < first - 1:
        raise CursorForgotten(first - 1)
    return last
