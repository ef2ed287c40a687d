"""Brings orders in from platforms: what messages point at first, then what has changed.

Now and then a shop is asked with whom it is bound there; a factory's is asked nothing else.

One shop after the other, whoever has waited longest first, several at once and none twice. A turn
is short: a shop with days to catch up on takes a place at the end of the queue between its pages.
Orders are asked for by the time of their change, so that one that changes while pages are turned
moves behind the cursor and comes again; none is skipped.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

import structlog

from core.errors import CoreError
from core.platforms.facts import PlatformOrder, Quarantined
from core.platforms.syncing import Syncing, Turn
from core.ports import Store
from platforms.failures import PlatformFailure, Refused
from platforms.lanes import Lanes
from platforms.noticing import Noticing
from platforms.port import Page, Platform, Window
from platforms.working import Database, Renewing, Tokens, why_of

PAGES: Final = 10  # of one shop in a turn
OVERLAP: Final = timedelta(seconds=30)  # two clocks, and changes that show late

log = structlog.stdlib.get_logger(__name__)


class Syncer(Lanes[Turn]):
    """Looks at platforms until cancelled."""

    lanes = 4

    def __init__(
        self, database: Database, platforms: Mapping[str, Platform], renewing: Renewing,
        syncing: Syncing, *, told: Callable[[], object], now: Callable[[], datetime],
        noticing: Noticing | None = None,
    ) -> None:  # fmt: skip
        super().__init__(database, told=told, now=now)
        self._platforms = platforms
        self._renewing = renewing
        self._syncing = syncing
        self._noticing = noticing or Noticing()

    def _next_due(self, store: Store) -> datetime | None:
        return self._syncing.next_due(store)

    def _claim(self, store: Store, room: int, busy: Sequence[int]) -> Sequence[Turn]:  # noqa: ARG002
        turn = self._syncing.claim(store, busy)
        return () if turn is None else (turn,)

    async def _work(self, turn: Turn) -> None:
        """One look at one shop."""
        try:
            await self._look(turn)
        except PlatformFailure as failure:
            why = why_of(failure)
            await self._failed(turn, why.word, why.said, why.pause)
        except CoreError as refused:
            # Who linked the shop is no longer in it, say: kept, and told like any other failure.
            await self._failed(turn, "no_member", type(refused).__name__)
        except Exception as error:
            await self._failed(turn, "broken", type(error).__name__)
            raise

    async def _failed(self, turn: Turn, why: str, said: str, pause: float = 0.0) -> None:
        def work(store: Store) -> bool:
            return self._syncing.failed(store, turn.link_id, why, said, pause)

        if await self._database.write(work):
            self._told()

    async def _look(self, turn: Turn) -> None:
        platform = self._platforms[turn.platform]
        tokens = Tokens(turn.link_id, turn.access_token, turn.refresh_token, turn.token_until)
        more, synced_to = False, turn.synced_to
        if turn.role == "merchant":
            more, synced_to = await self._renewing.call(
                platform, tokens, lambda token: self._take_all(platform, token, turn)
            )
            if turn.ask_partners:
                await self._ask_merchants_partners(platform, tokens, turn)
        else:
            await self._ask_partners(platform, tokens, turn)
        await self._database.write(
            lambda store: self._syncing.done(store, turn.link_id, synced_to, more=more)
        )

    async def _ask_merchants_partners(self, platform: Platform, tokens: Tokens, turn: Turn) -> None:
        """Its orders have come in: a shop that has no part in the programme is bound to nobody."""
        try:
            await self._ask_partners(platform, tokens, turn)
        except Refused as refused:
            log.info("a shop has no part in the programme", link=turn.link_id, why=refused.why)
            await self._database.write(
                lambda store: self._syncing.partnered(store, turn.link_id, ())
            )
        except PlatformFailure as failure:
            log.warning("who is bound there is not known", link=turn.link_id, why=failure.why)

    async def _ask_partners(self, platform: Platform, tokens: Tokens, turn: Turn) -> None:
        """Ask who is bound to the shop there, and keep it."""
        partners = await self._renewing.call(
            platform, tokens, lambda token: platform.partners(token, turn.role)
        )
        await self._database.write(
            lambda store: self._syncing.partnered(store, turn.link_id, partners)
        )

    async def _take_all(self, platform: Platform, token: str, turn: Turn) -> tuple[bool, datetime]:
        """Take what hints point at, then up to `PAGES` of what changed.

        Returns whether more is left, and up to when everything has been taken.
        """
        for number in turn.hints:
            asked_at = self._now()
            one = await platform.one(token, number)
            read = [one] if one is not None else []
            await self._take(turn, read, asked_at, fetched=(number,))
        now = self._now()
        walk = _Walk(platform, turn.synced_to, now)
        pages = 0
        while (window := walk.window()) is not None:
            if pages >= PAGES and not walk.page:
                return True, walk.cursor
            asked_at = self._now()
            page = await platform.changed(token, window, walk.page)
            walk.turned(page)
            pages += 1
            came: list[PlatformOrder | Quarantined] = [*page.orders, *page.quarantined]
            if came:
                await self._take(turn, came, asked_at, synced_to=walk.cursor)
        return False, max(turn.synced_to, now - OVERLAP)

    async def _take(
        self, turn: Turn, read: Sequence[PlatformOrder | Quarantined], asked_at: datetime, *,
        synced_to: datetime | None = None, fetched: Sequence[str] = (),
    ) -> None:  # fmt: skip
        """Take a page in one visit; the cursor moves no further than where two clocks agree."""
        for one in read:
            self._notice(turn.platform, one)
        bound = self._now() - OVERLAP
        cursor = min(synced_to, bound) if synced_to is not None else None

        def work(store: Store) -> None:
            self._syncing.take(
                store, turn.link_id, read, asked_at, synced_to=cursor, fetched=fetched
            )

        await self._database.write(work)
        self._told()

    def _notice(self, platform: str, one: PlatformOrder | Quarantined) -> None:
        if isinstance(one, Quarantined):
            self._noticing.met(platform, "order", name=one.field)
        elif one.strange:
            self._noticing.met(platform, "field", len(one.strange), name=one.strange[0])


class _Walk:
    """Windows and pages from a time to now, moving on by the time of the last order seen."""

    def __init__(self, platform: Platform, start: datetime, until: datetime) -> None:
        self._widest = timedelta(seconds=platform.bounds.window)
        self.cursor = start.replace(microsecond=0)
        self._until = until
        self.page = ""

    def window(self) -> Window | None:
        """Return the next window to ask for, None when all has been seen."""
        if self.cursor >= self._until:
            return None
        return Window(self.cursor, min(self.cursor + self._widest, self._until))

    def turned(self, page: Page) -> None:
        """Move on: to the last change seen where there is more, else to the window's end."""
        window = self.window()
        assert window is not None  # noqa: S101 - a page of it was just asked for
        if not page.next:
            self.cursor, self.page = window.end, ""
            return
        last = max((one.changed_at for one in page.orders), default=self.cursor)
        last = last.replace(microsecond=0)
        # A whole page of one second: only its own pages lead on.
        self.cursor, self.page = (last, "") if last > self.cursor else (self.cursor, page.next)
