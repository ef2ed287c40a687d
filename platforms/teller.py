"""Tells platforms the parcels they are owed: one call at a time for each shop, several shops."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Final

from core.platforms.facts import Leg
from core.platforms.telling import Outcome, Owed, Telling
from core.ports import Store
from platforms.failures import PlatformFailure, Refused, Undone
from platforms.lanes import Lanes
from platforms.port import Platform
from platforms.working import Database, Renewing, Tokens, why_of

# What only a person can mend: no later try would meet another answer.
FINAL: Final = frozenset({
    "bad_call", "unknown_order", "no_ship_from", "pieces_differ", "carrier_unknown",
    "number_misfits", "number_used", "number_elsewhere", "number_early", "number_old",
    "ticket_differs", "ticket_address", "not_here",
    "refund_open", "state_forbids", "refused", "not_bound",
})  # fmt: skip


class Teller(Lanes[Owed]):
    """Tells platforms until cancelled."""

    lanes = 8

    def __init__(
        self, database: Database, platforms: Mapping[str, Platform], renewing: Renewing,
        telling: Telling, *, told: Callable[[], object], now: Callable[[], datetime],
    ) -> None:  # fmt: skip
        super().__init__(database, told=told, now=now)
        self._platforms = platforms
        self._renewing = renewing
        self._telling = telling

    def _next_due(self, store: Store) -> datetime | None:
        return self._telling.next_due(store)

    def _claim(self, store: Store, room: int, busy: Sequence[int]) -> Sequence[Owed]:
        return self._telling.claim(store, room, busy)

    async def _work(self, call: Owed) -> None:
        """Make one call and keep what became of it."""
        try:
            outcome = await self._made(call)
        except PlatformFailure as failure:
            outcome = _failed(call, failure)
        except Exception as error:
            await self._settle(Outcome(call.call_id, "broken", type(error).__name__))
            raise
        await self._settle(outcome)

    async def _settle(self, outcome: Outcome) -> None:
        if await self._database.write(lambda store: self._telling.settle(store, outcome)):
            self._told()

    async def _made(self, call: Owed) -> Outcome:
        platform = self._platforms[call.platform]
        tokens = Tokens(call.link_id, call.access_token, call.refresh_token, call.token_until)
        return await self._renewing.call(
            platform, tokens, lambda token: self._send(platform, token, call)
        )

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
