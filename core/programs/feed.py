"""What happened, as a shop's programs follow it: in order, by a cursor, nothing left out.

It begins with the shop's first key or webhook and is kept for `FEED_KEPT`. Made from the audit log
(`storage.feeding`), so what is recorded is in it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from core.acting import acting
from core.ids import key
from core.ports import Store
from core.programs.errors import CursorForgotten, CursorUnknown
from core.programs.published import PUBLISHED
from core.values import Actor, Door

FEED_KEPT: Final = timedelta(days=30)
MOST_EVENTS: Final = 500


@dataclass(frozen=True, slots=True)
class Happened:
    """One event: what kind, when, by which door, of which order and assignment."""

    id: int
    type: str
    at: datetime
    door: Door
    order_id: int
    assignment_id: int | None


class Feed:
    """The events of a shop."""

    def after(self, store: Store, actor: Actor, after: int, limit: int) -> Sequence[Happened]:
        """Return at most `limit` (≤ `MOST_EVENTS`) events behind a cursor, the oldest first.

        Behind 0 stands all that is kept. Raises `CursorUnknown` for one this house has not given
        yet, `CursorForgotten` for one older than what is kept: read the lists anew.
        """
        acting(store, actor)
        first, last = store.programs.kept()
        if after > last:
            raise CursorUnknown
        if 0 < after < first - 1:
            raise CursorForgotten(first - 1)
        found = store.programs.feed(actor.shop_id, after, min(limit, MOST_EVENTS))
        return [
            Happened(
                key(item), PUBLISHED[row.act], item.at, row.door, item.order_id, item.assignment_id
            )
            for item, row in found
        ]

    def head(self, store: Store, actor: Actor) -> int:
        """Return the cursor behind which only what is still to happen stands."""
        acting(store, actor)
        return store.programs.kept()[1]

    def forget(self, store: Store) -> int:
        """Delete what is older than it is kept, but never the newest; returns how many."""
        return store.programs.forget_feed(FEED_KEPT)
