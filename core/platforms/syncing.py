"""What comes in from a platform: orders as they are now, taken as a file or a program brings them.

The cursor moves in the transaction that takes a page, so that a crash repeats a page at most, and
a page taken twice changes nothing. Messages of the platform are only hints which order to fetch.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from core.entities import PlatformLink
from core.entities.shop import Role
from core.ids import key
from core.platforms.facts import Grant, Partner, PlatformOrder, Push, Quarantined
from core.platforms.platform_events import PlatformFailing
from core.ports import Store
from core.programs.ordering import Ordering
from core.values import Actor

EVERY: Final = timedelta(seconds=60)  # between two looks where nothing goes wrong
PARTNERS_EVERY: Final = timedelta(minutes=10)  # between two questions who is bound there
LEASE: Final = timedelta(minutes=2)  # begun again after it, should the house die meanwhile
PAUSES: Final = tuple(timedelta(minutes=one) for one in (1, 2, 5, 10, 20, 30))
TOLD_AFTER: Final = timedelta(minutes=30)  # nothing gets through: somebody is told
HINTS: Final = 50  # orders fetched one by one in a look; the rest waits for the next
ENDING: Final = frozenset({"no_grant", "grant_ended"})  # no later try can mend these
PLATFORM_KEPT: Final = timedelta(hours=72)  # marks of messages that were taken


@dataclass(frozen=True, slots=True)
class Turn:
    """One look at one platform shop: where to begin, and which orders to fetch first.

    Of a factory's only its partners are asked for; of a merchant's too, with `ask_partners`.
    """

    link_id: int
    role: Role
    platform: str
    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    token_until: datetime
    synced_to: datetime
    hints: Sequence[str]
    ask_partners: bool


class Syncing:
    """Use cases of who looks at platforms."""

    def __init__(self, ordering: Ordering) -> None:
        self._ordering = ordering

    def next_due(self, store: Store) -> datetime | None:
        """Return when the next platform shop is due."""
        return store.platforms.next_due()

    def claim(self, store: Store, busy: Sequence[int] = ()) -> Turn | None:
        """Return the shop that has waited longest, those at work left out; it is ours for `LEASE`.

        So every shop gets a turn before any gets a second, however much the others have.
        """
        link = store.platforms.due(busy)
        if link is None:
            return None
        link.due_at = store.now + LEASE
        access, refresh = store.platforms.tokens(link)
        assert link.token_until is not None  # noqa: S101 - kept with the tokens
        assert link.synced_to is not None  # noqa: S101 - set when it was linked
        asked = link.partners_at
        return Turn(
            key(link), link.role, link.platform, access, refresh, link.token_until, link.synced_to,
            store.platforms.hints(key(link), HINTS),
            asked is None or store.now - asked >= PARTNERS_EVERY,
        )  # fmt: skip

    def tokens(self, store: Store, link_id: int) -> tuple[str, str, datetime] | None:
        """Return a link's access and refresh tokens as they stand, None where it has ended."""
        link = store.platforms.link(link_id)
        if link is None or link.token_until is None:
            return None
        return (*store.platforms.tokens(link), link.token_until)

    def renewed(self, store: Store, link_id: int, grant: Grant) -> None:
        """Keep new tokens at once: the old ones may be void already."""
        link = store.platforms.link(link_id)
        if link is not None:
            store.platforms.keep(link, grant)

    def take(
        self, store: Store, link_id: int, read: Sequence[PlatformOrder | Quarantined],
        asked_at: datetime, *, synced_to: datetime | None = None, fetched: Sequence[str] = (),
    ) -> None:  # fmt: skip
        """Take orders as they were when they were `asked_at`, and move the cursor.

        What is fetched is true of that moment, whenever it changed last: two changes in one second
        of the platform's clock are no riddle. `fetched` hints are done with.

        Of a link that has ended or was paused meanwhile nothing is taken.
        """
        link = store.platforms.link(link_id)
        if link is None or link.paused_at is not None:
            return
        orders = [one for one in read if isinstance(one, PlatformOrder)]
        aside = [one for one in read if isinstance(one, Quarantined)]
        actor = Actor(link.account_id, link.shop_id, "platform")
        self._bring(store, actor, link, orders, asked_at)
        store.platforms.set_aside(link_id, aside, [one.order.order_no for one in orders])
        store.platforms.unhint(link_id, fetched)
        if not _asked(store, link):
            link.due_at = store.now + LEASE
        if synced_to is not None:
            assert link.synced_to is not None  # noqa: S101 - set when it was linked
            link.synced_to = max(link.synced_to, synced_to)

    def partnered(self, store: Store, link_id: int, partners: Sequence[Partner]) -> None:
        """Keep who is bound to the shop there."""
        link = store.platforms.link(link_id)
        if link is not None:
            link.partners_at = store.now
            store.platforms.put_partners(link_id, partners)

    def done(self, store: Store, link_id: int, synced_to: datetime, *, more: bool) -> None:
        """End a look that got through; `more`: there is more to take, at the end of the queue."""
        link = store.platforms.link(link_id)
        if link is None or link.paused_at is not None:
            return
        link.synced_to = max(link.synced_to or synced_to, synced_to)
        link.ok_at, link.failing_since, link.told_at = store.now, None, None
        link.why = link.said = ""
        more = more or _asked(store, link) or bool(store.platforms.hints(link_id, 1))
        every = EVERY if link.role == "merchant" else PARTNERS_EVERY
        link.due_at = store.now if more else store.now + every

    def failed(self, store: Store, link_id: int, why: str, said: str, pause: float = 0.0) -> bool:
        """End a look that did not get through; returns whether somebody is told.

        `pause` is how many seconds the platform asks us to wait at least. Where it no longer lets
        us in, nothing is tried until the owner authorises anew.
        """
        link = store.platforms.link(link_id)
        if link is None or link.paused_at is not None:
            return False
        link.failing_since = link.failing_since or store.now
        link.why, link.said = why, said
        since = store.now - link.failing_since
        wait = max(_pause(since), timedelta(seconds=pause))
        link.due_at = None if why in ENDING else store.now + wait
        tell = link.told_at is None and (why in ENDING or since >= TOLD_AFTER)
        if tell:
            link.told_at = store.now
            store.emit(PlatformFailing(key(link)), to=link.shop_id)
        return tell

    def pushed(self, store: Store, platform: str, pushes: Sequence[Push]) -> int:
        """Take messages that were proved; returns how many orders are to be fetched for them.

        A repeated message, or one of a shop that is not linked, is no work, nor is one to a
        factory. News that name no order are a reason to look at what has changed.
        """
        fresh = store.platforms.mark_pushes(platform, pushes)
        hinted = 0
        for one in fresh:
            link = store.platforms.linked(platform, one.shop_id)
            if link is None or link.paused_at is not None or not (one.order_no or one.news):
                continue
            if link.role == "factory":  # the orders are its merchants': they are told themselves
                continue
            if one.order_no:
                store.platforms.hint(key(link), one.order_no)
                hinted += 1
            link.due_at = min(link.due_at or store.now, store.now) if link.due_at else None
        return hinted

    def forget(self, store: Store) -> None:
        """Forget which messages were taken, after `PLATFORM_KEPT`: none is repeated that late."""
        store.platforms.forget_pushes(store.now - PLATFORM_KEPT)

    def _bring(
        self,
        store: Store,
        actor: Actor,
        link: PlatformLink,
        orders: Sequence[PlatformOrder],
        asked_at: datetime,
    ) -> None:
        if not orders:
            return
        incoming = [replace(one.order, at=asked_at) for one in orders]
        pushed = self._ordering.push(store, actor, link.platform, incoming)
        ids = {one.order_no: one.order_id for one in pushed if one.order_id is not None}
        kept = [one for one in orders if one.order.order_no in ids]
        store.platforms.put_outside(key(link), [(ids[one.order.order_no], one) for one in kept])
        to_ship = [one.order for one in kept if one.order.order_status == "to_ship"]
        store.platforms.owe_untold(key(link), [ids[one.order_no] for one in to_ship])
        free = [ids[one.order_no] for one in to_ship if one.after_sale == "none"]
        store.platforms.owe_after_refund(key(link), free)


def _asked(store: Store, link: PlatformLink) -> bool:
    """Whether somebody has asked for a look since the one under way began."""
    return link.due_at is not None and link.due_at <= store.now


def _pause(since: timedelta) -> timedelta:
    """Pauses that grow with how long nothing has got through."""
    return next((one for one in PAUSES if since < 2 * one), PAUSES[-1])
