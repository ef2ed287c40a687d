"""Tells platforms the parcels they are owed: one call at a time for each shop, several shops."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Final

import structlog

from core.platforms.facts import Leg
from core.platforms.telling import Outcome, Owed, Telling
from platforms.failures import PlatformFailure, Refused, TokenStale, Undone
from platforms.port import Platform
from platforms.working import Database, Renewing, Tokens, why_of

LANES: Final = 8  # calls under way at once
LONGEST: Final = 60.0  # seconds until the next look at what is due
# What only a person can mend: no later try would meet another answer.
FINAL: Final = frozenset({
    "bad_call", "unknown_order", "no_ship_from", "pieces_differ", "carrier_unknown",
    "number_misfits", "number_used", "refund_open", "state_forbids", "refused", "not_bound",
})  # fmt: skip

log = structlog.stdlib.get_logger(__name__)


class Teller:
    """Tells until cancelled; `told` is called when a shop is owed news of its own."""

    def __init__(
        self, database: Database, platforms: Mapping[str, Platform], renewing: Renewing,
        telling: Telling, *, told: Callable[[], object], now: Callable[[], datetime],
    ) -> None:  # fmt: skip
        self._database = database
        self._telling = telling
        self._platforms = platforms
        self._told = told
        self._now = now
        self._renewing = renewing
        self._woken = asyncio.Event()
        self._busy: set[int] = set()

    def wake(self) -> None:
        """Something was committed: look."""
        self._woken.set()

    async def run(self) -> None:
        """Tell until cancelled; what is under way then is due again after its lease."""
        async with asyncio.TaskGroup() as under_way:
            while True:
                self._woken.clear()
                calls = await self._claim()
                for call in calls:
                    self._busy.add(call.link_id)
                    under_way.create_task(self._tell(call))
                if not calls:
                    await self._wait()

    async def _claim(self) -> Sequence[Owed]:
        room, busy = LANES - len(self._busy), tuple(self._busy)
        due = await self._database.read(self._telling.next_due)
        if room <= 0 or due is None or due > self._now():
            return ()
        return await self._database.write(lambda store: self._telling.claim(store, room, busy))

    async def _wait(self) -> None:
        due = await self._database.read(self._telling.next_due)
        seconds = (due - self._now()).total_seconds() if due else LONGEST
        try:
            async with asyncio.timeout(min(max(seconds, 1.0), LONGEST)):
                await self._woken.wait()
        except TimeoutError:
            return

    async def _tell(self, call: Owed) -> None:
        """Make one call and keep what became of it."""
        try:
            outcome = await self._made(call)
        except PlatformFailure as failure:
            outcome = _failed(call, failure)
        except Exception as error:  # noqa: BLE001 - no call may end the house's work
            log.error("a platform cannot be told", call=call.call_id, error=repr(error))
            outcome = Outcome(call.call_id, "broken", type(error).__name__)
        try:
            if await self._database.write(lambda store: self._telling.settle(store, outcome)):
                self._told()
        finally:
            self._busy.discard(call.link_id)
            self._woken.set()

    async def _made(self, call: Owed) -> Outcome:
        platform = self._platforms[call.platform]
        tokens = Tokens(call.link_id, call.access_token, call.refresh_token, call.token_until)
        tokens = await self._renewing.fresh(platform, tokens)
        try:
            return await self._send(platform, tokens.access, call)
        except TokenStale:
            tokens = await self._renewing.renew(platform, tokens)
            return await self._send(platform, tokens.access, call)

    async def _send(self, platform: Platform, token: str, call: Owed) -> Outcome:
        done = await self._read_back(platform, token, call) if call.sent_before else None
        if done is not None:
            return _done(call, done)
        await self._database.write(lambda store: self._telling.sending(store, call.call_id))
        if call.kind == "ship":
            legs = await platform.ship(token, [call.parcel], f"daifa-{call.call_id}")
            return _done(call, legs[0])
        before = call.before or Leg("", "", {})
        await platform.correct(token, before, call.parcel)
        return _done(call, before)

    async def _read_back(self, platform: Platform, token: str, call: Owed) -> Leg | None:
        """Return the parcel when the platform has it already: the answer was lost, not the call."""
        order = await platform.one(token, call.parcel.order_no)
        legs = getattr(order, "parcels", ())
        number = call.parcel.tracking_number
        return next((one for one in legs if one.tracking_number == number), None)


def _done(call: Owed, leg: Leg) -> Outcome:
    return Outcome(call.call_id, handle=leg.handle, number=call.parcel.tracking_number)


def _failed(call: Owed, failure: PlatformFailure) -> Outcome:
    why = why_of(failure)
    final = isinstance(failure, Refused) and failure.why in FINAL
    undone = isinstance(failure, Undone | Refused)
    return Outcome(call.call_id, why.word, why.said, final, sent=not undone, pause=why.pause)
