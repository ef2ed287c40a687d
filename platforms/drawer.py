"""Asks platforms for e-waybills, for who has just pressed and for what was left open; gives back.

What is asked was written before (`core.tickets.claiming`), so that whoever dies in between, the
next one asks the same and gets the same numbers.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from core.platforms.ticket_facts import TicketTold
from core.ports import Store
from core.tickets.cancelling import Returned
from core.tickets.claiming import claim
from core.tickets.services import Tickets
from core.tickets.turns import AT_ONCE, Failure, TicketResult, TicketTurn, ToCancel, ToDraw
from core.values import Actor
from platforms.failures import PlatformFailure, Refused, Unsure
from platforms.lanes import Lanes
from platforms.port import Platform
from platforms.working import Database, Renewing, Tokens, why_of

STOPPED = "not_asked"  # the call before it did not come through: these were not asked for


class Drawer(Lanes[TicketTurn]):
    """Asks until cancelled for what is due; and at once for what a person wants (`draw`)."""

    lanes = 4

    def __init__(
        self, database: Database, platforms: Mapping[str, Platform], renewing: Renewing,
        tickets: Tickets, *, told: Callable[[], object], now: Callable[[], datetime],
    ) -> None:  # fmt: skip
        super().__init__(database, told=told, now=now)
        self._platforms = platforms
        self._renewing = renewing
        self._tickets = tickets

    async def draw(
        self, actor: Actor, assignment_ids: Sequence[int], carrier: str
    ) -> list[TicketResult]:
        """Draw numbers for these, ten a call; each order is answered for itself, in their order.

        After a call that did not come through, no other is made. Raises as
        `core.tickets.drawing.Drawing.begin`.
        """
        drawing, results = self._tickets.drawing, list[TicketResult]()
        stopped: list[int] = []
        unwell = False
        for start in range(0, len(assignment_ids), AT_ONCE):
            some = assignment_ids[start : start + AT_ONCE]
            if unwell:
                stopped += some
                continue
            begun = await self._database.write(
                lambda store, some=some: drawing.begin(store, actor, some, carrier)  # type: ignore[misc]
            )
            results += begun.results
            for turn in begun.turns:
                drawn, failure = await self._drawn(turn)
                results += drawn
                unwell = unwell or (failure is not None and not failure.refused)
        if stopped:
            tags = await self._database.read(lambda store: store.assignments.tags_of(stopped))
            results += [TicketResult(one, tag, why=STOPPED) for one, _, _, tag in tags]
        place = {one: n for n, one in enumerate(assignment_ids)}
        return sorted(results, key=lambda one: place[one.assignment_id])

    def _next_due(self, store: Store) -> datetime | None:
        return store.tickets.next_due()

    def _claim(self, store: Store, room: int, busy: Sequence[int]) -> Sequence[TicketTurn]:
        return claim(store, room, busy)

    async def _work(self, job: TicketTurn) -> None:
        if job.draws:
            await self._drawn(job)
        if job.cancels:
            answers = [await self._returned(job, one) for one in job.cancels]
            settle = self._tickets.cancelling.settle
            if await self._database.write(lambda store: settle(store, answers)):
                self._told()

    async def _drawn(self, turn: TicketTurn) -> tuple[list[TicketResult], Failure | None]:
        """Make one call and keep what became of it."""
        drawing = self._tickets.drawing
        try:
            turn = await self._masked(turn)
            told = await self._ask(turn)
        except PlatformFailure as failed:
            failure = _failure(failed)
            return await self._database.write(
                lambda store: drawing.failed(store, turn, failure)
            ), failure
        return await self._database.write(lambda store: drawing.drawn(store, turn, told)), None

    async def _ask(self, turn: TicketTurn) -> list[TicketTold]:
        platform, sender = self._platforms[turn.platform], turn.sender
        unknown = [one for one in turn.draws if not one.asked.merchant]
        told = [TicketTold(one.asked.handle, why="unknown_order") for one in unknown]
        asked = [one.asked for one in turn.draws if one.asked.merchant]
        if sender is None or not asked:
            return told
        return told + await self._renewing.call(
            platform, _tokens(turn), lambda token: platform.tickets(token, sender, asked)
        )

    async def _masked(self, turn: TicketTurn) -> TicketTurn:
        """Look up how the factory knows the merchants there, where nobody has before."""
        masks: dict[int, str] = {}
        draws: list[ToDraw] = []
        for one in turn.draws:
            if not one.asked.merchant and one.merchant_link not in masks:
                masks[one.merchant_link] = await self._mask(turn, one)
            mask = one.asked.merchant or masks.get(one.merchant_link, "")
            draws.append(one._replace(asked=one.asked._replace(merchant=mask)))
        return replace(turn, draws=draws)

    async def _mask(self, turn: TicketTurn, one: ToDraw) -> str:
        platform, given_at = self._platforms[turn.platform], one.given_at
        if given_at is None:
            return ""
        mask = await self._renewing.call(
            platform, _tokens(turn),
            lambda token: platform.merchant_of(token, one.asked.handle, given_at),
        )  # fmt: skip
        if mask:
            await self._database.write(
                lambda store: store.platforms.keep_mask(one.merchant_link, turn.outside_id, mask)
            )
        return mask

    async def _returned(self, turn: TicketTurn, one: ToCancel) -> Returned:
        platform = self._platforms[turn.platform]
        try:
            await self._renewing.call(
                platform, _tokens(turn),
                lambda token: platform.unticket(token, one.merchant, one.carrier, one.number),
            )  # fmt: skip
        except PlatformFailure as failed:
            return Returned(one, _failure(failed))
        return Returned(one)


def _tokens(turn: TicketTurn) -> Tokens:
    return Tokens(turn.link_id, turn.access_token, turn.refresh_token, turn.token_until)


def _failure(failed: PlatformFailure) -> Failure:
    why = why_of(failed)
    return Failure(why.word, why.said, isinstance(failed, Unsure), isinstance(failed, Refused))
