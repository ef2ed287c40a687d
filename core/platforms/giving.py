"""What is assigned here is assigned on the platform too, where both shops are there and bound.

The row was written with the assignment, or with its end (`storage.calls_owed`). Many of one factory
go in one call; each is answered for itself. What somebody has given to another factory on the
platform's own pages is left as it is there, and its merchant is told.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Literal, NamedTuple

from core.entities import PlatformCall, PlatformLink
from core.ids import key
from core.platforms.giving_facts import Giving
from core.platforms.patience import LEASE, PATIENCE, PAUSES
from core.platforms.platform_events import NotGivenThere
from core.ports import Store

BATCH: Final = 100  # calls at once: so many a platform takes


class Asked(NamedTuple):
    """One order of a batch. `back` are the platform's ids to be taken back, empty: to be found."""

    call_id: int
    giving: Giving
    sent_before: bool
    back: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class OwedGiving:
    """Orders to give to a factory on the platform, or to take back: `factory` is its id there."""

    link_id: int
    platform: str
    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    token_until: datetime
    kind: Literal["assign", "unassign"]
    factory: str
    asked: Sequence[Asked]


class Given(NamedTuple):
    """What became of one: `why` it failed, empty when it is as it should be there.

    `handles` are the platform's ids of the lines the factory has there now. `final`: no later try
    can succeed. `sent`: it may have reached the platform.
    """

    call_id: int
    handles: Mapping[str, str] = {}
    why: str = ""
    said: str = ""
    final: bool = False
    sent: bool = True
    given_at: datetime | None = None
    pause: float = 0.0


class GivingThere:
    """Use cases of who tells platforms what was assigned."""

    def claim(self, store: Store, link: PlatformLink, first: PlatformCall) -> OwedGiving | None:
        """Return what is due together with `first`; it is ours for `LEASE`.

        None where the factory's shop is no longer linked, or has a part of an order that the
        platform gives only whole: then nothing is told, and its parcels go back in the merchant's
        name.
        """
        calls = store.platforms.due_with(first, BATCH)
        factory = store.platforms.factory_link(first)
        givings = store.platforms.givings(calls)
        if first.kind == "assign":
            away = store.platforms.acting(key(factory)) is None
            calls = self._sayable(store, calls, givings, away=away)
        if not calls:
            return None
        for call in calls:
            call.due_at = store.now + LEASE
        access, refresh = store.platforms.tokens(link)
        assert link.token_until is not None  # noqa: S101 - kept with the tokens
        return OwedGiving(
            key(link), link.platform, access, refresh, link.token_until,
            "assign" if first.kind == "assign" else "unassign", factory.outside_id or "",
            [
                Asked(key(call), givings[key(call)], call.sent_at is not None,
                      store.platforms.to_take_back(call) if call.kind == "unassign" else {})
                for call in calls
            ],
        )  # fmt: skip

    def _sayable(
        self, store: Store, calls: Sequence[PlatformCall], givings: Mapping[int, Giving], *,
        away: bool,
    ) -> Sequence[PlatformCall]:  # fmt: skip
        """Return those that can be told there; of the others it is kept why they are not."""
        dropped = [call for call in calls if away or givings[key(call)].in_part]
        for call in dropped:
            self._drop(store, call, "factory_away" if away else "order_in_part")
        store.platforms.release_waiting([call.order_id for call in dropped])
        return [call for call in calls if call.state == "owed"]

    def sending(self, store: Store, call_ids: Sequence[int]) -> frozenset[int]:
        """Keep that these are being sent; returns those still to be: not taken back meanwhile."""
        stand = set()
        for call_id in call_ids:
            call = store.platforms.call(call_id)
            if call is not None and call.state == "owed":
                call.sent_at = store.now
                stand.add(call_id)
        return frozenset(stand)

    def settle(self, store: Store, link_id: int, outcomes: Sequence[Given]) -> bool:
        """Keep what became of a batch; returns whether somebody is told, once for all of it."""
        calls = [(one, store.platforms.call(one.call_id)) for one in outcomes]
        refused = []
        for one, call in calls:
            if call is not None:
                refused += [key(call)] if self._settle(store, call, one) else []
        store.platforms.release_waiting([call.order_id for _, call in calls if call is not None])
        link = store.platforms.link(link_id)
        if refused and link is not None:
            store.emit(NotGivenThere(link_id, tuple(refused)), to=link.shop_id)
        return bool(refused)

    def _settle(self, store: Store, call: PlatformCall, one: Given) -> bool:
        """Keep what became of one; returns whether it was given up."""
        if call.kind == "assign":
            store.platforms.keep_handles(call, one.handles)
        if call.state != "owed":
            return False  # taken back while it was told: what takes it back follows
        call.why, call.said = one.why, one.said
        if not one.why:
            call.state, call.done_at = "done", one.given_at or store.now
            if call.kind == "unassign":
                store.platforms.took_back(call)
            act = "given_there" if call.kind == "assign" else "taken_back_there"
            store.record(None, act, order_id=call.order_id, assignment=call.assignment_id)
            return False
        if not one.sent:
            call.sent_at = None
        waited = call.tries >= PATIENCE and store.platforms.awaited(call)
        if one.final or waited or call.tries >= len(PAUSES):
            call.state = "given_up"
            store.record(None, "not_given_there", order_id=call.order_id,
                         assignment=call.assignment_id, why=one.why, kind=call.kind)  # fmt: skip
            return True
        call.due_at = store.now + max(PAUSES[call.tries], timedelta(seconds=one.pause))
        call.tries += 1
        return False

    def _drop(self, store: Store, call: PlatformCall, why: str) -> None:
        call.state, call.why = "dropped", why
        store.record(None, "not_given_there", order_id=call.order_id,
                     assignment=call.assignment_id, why=why, kind=call.kind)  # fmt: skip
