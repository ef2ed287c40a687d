"""Tells platforms what they are owed: one call at a time for each merchant's shop, several shops.

A parcel is told by the factory that has the order on the platform; what the platform refuses it,
the merchant tells, and the history says why.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Final

from core.platforms.facts import Leg, Parcel
from core.platforms.giving import Given, OwedGiving
from core.platforms.giving_facts import ByFactory
from core.platforms.telling import Outcome, Owed, Telling
from core.ports import Store
from platforms.failures import PlatformFailure, Refused, Undone
from platforms.giver import Giver, all_failed
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


class Teller(Lanes[Owed | OwedGiving]):
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

    def _claim(self, store: Store, room: int, busy: Sequence[int]) -> Sequence[Owed | OwedGiving]:
        return self._telling.claim(store, room, busy)

    async def _work(self, job: Owed | OwedGiving) -> None:
        """Make one call and keep what became of it."""
        if isinstance(job, OwedGiving):
            await self._give(job)
        else:
            await self._tell(job)

    async def _give(self, owed: OwedGiving) -> None:
        """Tell a batch of assignments."""
        platform = self._platforms[owed.platform]
        giver = Giver(self._database, self._telling.giving, platform, owed)
        try:
            given = await self._renewing.call(platform, _tokens(owed), giver.told)
        except PlatformFailure as failure:
            given = all_failed(owed, failure)
        except Exception as error:
            why, said = "broken", type(error).__name__
            await self._settle_all(owed, [Given(one.call_id, {}, why, said) for one in owed.asked])
            raise
        await self._settle_all(owed, given)

    async def _settle_all(self, owed: OwedGiving, given: Sequence[Given]) -> None:
        settle, link_id = self._telling.giving.settle, owed.link_id
        if await self._database.write(lambda store: settle(store, link_id, given)):
            self._told()

    async def _tell(self, call: Owed) -> None:
        """Tell a parcel."""
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
        instead = call.instead
        if call.kind == "ship" and call.sent_before and call.parcel.earlier:
            before = await self._renewing.call(
                platform, _tokens(call), lambda token: self._under_earlier(platform, token, call)
            )
            if before is not None:
                return before
        if call.by is not None:
            try:
                return await self._by_factory(platform, call, call.by)
            except Refused as refused:
                instead = refused.why
        return await self._renewing.call(
            platform, _tokens(call), lambda token: self._send(platform, token, call, instead)
        )

    async def _by_factory(self, platform: Platform, call: Owed, by: ByFactory) -> Outcome:
        """Tell a parcel in the name of the factory that has the order there."""
        tokens = Tokens(by.link_id, by.access_token, by.refresh_token, by.token_until)

        async def told(token: str) -> Leg:
            mask = by.mask or await self._mask(platform, token, call, by)
            await self._sending(call)
            if call.kind == "ship":
                return await platform.ship_as_factory(
                    token, mask, by.handles, call.parcel, again=call.sent_before
                )
            before = call.before or Leg("", "", {})
            await platform.correct_as_factory(token, mask, before, call.parcel)
            return before

        leg = await self._renewing.call(platform, tokens, told)
        return _done(call, leg)._replace(by=by.link_id)

    async def _mask(self, platform: Platform, token: str, call: Owed, by: ByFactory) -> str:
        """Look up how the factory knows the merchant, and keep it. Raises `Refused`."""
        mask = await platform.merchant_of(token, next(iter(by.handles.values())), by.given_at)
        if not mask:
            raise Refused("", "unknown_order")

        def keep(store: Store) -> None:
            store.platforms.keep_mask(call.link_id, by.outside_id, mask)

        await self._database.write(keep)
        return mask

    async def _send(self, platform: Platform, token: str, call: Owed, instead: str) -> Outcome:
        """Tell a parcel in the merchant's name, or what is left of it."""
        parcel = call.parcel
        if call.sent_before or call.by is not None:
            there, parcel = await self._read_back(platform, token, call)
            if there is not None and not parcel.pieces:
                return _done(call, there)._replace(instead=instead)
        await self._sending(call)
        if call.kind == "ship":
            legs = await platform.ship(token, [parcel], f"daifa-{call.call_id}")
            return _done(call, legs[0])._replace(instead=instead)
        before = call.before or Leg("", "", {})
        await platform.correct(token, before, parcel)
        return _done(call, before)._replace(instead=instead)

    async def _sending(self, call: Owed) -> None:
        await self._database.write(lambda store: self._telling.sending(store, call.call_id))

    async def _under_earlier(self, platform: Platform, token: str, call: Owed) -> Outcome | None:
        """Return that the parcel arrived there, with a number it no longer has; else None.

        It was corrected after it was sent and no answer came: sent anew it would stand twice.
        """
        order = await platform.one(token, call.parcel.order_no)
        for leg in getattr(order, "parcels", ()):
            if leg.tracking_number in call.parcel.earlier:
                told = _done(call, leg)
                return told._replace(number=leg.tracking_number, carrier=leg.carrier)
        return None

    async def _read_back(
        self, platform: Platform, token: str, call: Owed
    ) -> tuple[Leg | None, Parcel]:
        """Return the parcel as the platform has it already, and what of it is still to be told."""
        order = await platform.one(token, call.parcel.order_no)
        number = call.parcel.tracking_number
        legs = [one for one in getattr(order, "parcels", ()) if one.tracking_number == number]
        if not legs:
            return None, call.parcel
        told = Counter[str]()
        for one in legs:
            told.update(one.pieces)
        said = all(one.pieces for one in legs)  # where it does not say, it is all there
        left = {sub: n - told[sub] for sub, n in call.parcel.pieces.items() if n > told[sub]}
        return legs[0], call.parcel._replace(pieces=left if said else {})


def _tokens(owed: Owed | OwedGiving) -> Tokens:
    return Tokens(owed.link_id, owed.access_token, owed.refresh_token, owed.token_until)


def _done(call: Owed, leg: Leg) -> Outcome:
    return Outcome(call.call_id, handle=leg.handle, number=call.parcel.tracking_number,
                   carrier=call.parcel.carrier)  # fmt: skip


def _failed(call: Owed, failure: PlatformFailure) -> Outcome:
    why = why_of(failure)
    final = isinstance(failure, Refused) and failure.why in FINAL
    undone = isinstance(failure, Undone | Refused)
    return Outcome(call.call_id, why.word, why.said, final, sent=not undone, pause=why.pause,
                   number=call.parcel.tracking_number, carrier=call.parcel.carrier)  # fmt: skip
