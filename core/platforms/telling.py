"""What platforms are still to be told: sent, read back where nobody knows, tried again, given up.

The row was written with the parcel (`storage.calls_owed`). What is sent is read at that moment, so
that a number corrected meanwhile goes out once, corrected. Who tells a parcel is decided then, too:
the factory that has its lines on the platform, in its own name; else the merchant.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

from core.entities import PlatformCall, PlatformLink
from core.entities.platform import CallKind
from core.ids import key
from core.platforms.facts import Leg, Parcel
from core.platforms.giving import GivingThere, OwedGiving
from core.platforms.giving_facts import ByFactory
from core.platforms.patience import LEASE, PATIENCE, PAUSES
from core.platforms.platform_events import TellingGivenUp
from core.ports import Store


@dataclass(frozen=True, slots=True)
class Owed:
    """One parcel to tell. `before` is the parcel as the platform was told it, for a correction.

    `link_id` and the tokens are its merchant's. `by`: its factory tells it; None: its merchant,
    where `instead` says why not its factory, which has the order there. `sent_before`: it was sent
    and no answer came, so it is read back first.
    """

    call_id: int
    link_id: int
    platform: str
    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    token_until: datetime
    kind: CallKind
    parcel: Parcel
    before: Leg | None
    sent_before: bool
    by: ByFactory | None = None
    instead: str = ""


class Outcome(NamedTuple):
    """What became of a call: `why` it failed, empty when it was acknowledged.

    `final`: no later try can succeed. `carrier` and `number` are what was told, or was to be,
    `handle` the parcel's id there.
    `sent`: it may have reached the platform. `by` is the factory's link that told it; `instead` why
    its merchant did.
    """

    call_id: int
    why: str = ""
    said: str = ""
    final: bool = False
    sent: bool = True
    handle: str = ""
    number: str = ""
    pause: float = 0.0
    by: int | None = None
    instead: str = ""
    carrier: str = ""


class Telling:
    """Use cases of who tells platforms."""

    def __init__(self) -> None:
        self.giving = GivingThere()

    def next_due(self, store: Store) -> datetime | None:
        """Return when the next call is due."""
        return store.platforms.next_call()

    def claim(self, store: Store, room: int, busy: Sequence[int]) -> list[Owed | OwedGiving]:
        """Return at most one call for each link that is not `busy`; it is ours for `LEASE`.

        Assignments to one factory go together, in one call.
        """
        found: dict[int, Owed | OwedGiving] = {}
        for call in store.platforms.due_calls(room * 4, busy):
            link = store.platforms.link(call.link_id)
            if link is None or call.link_id in found or len(found) == room:
                continue
            if call.kind in ("assign", "unassign"):
                giving = self.giving.claim(store, link, call)
                if giving is not None:
                    found[call.link_id] = giving
            else:
                found[call.link_id] = self._parcel(store, link, call)
                call.due_at = store.now + LEASE
        return list(found.values())

    def _parcel(self, store: Store, link: PlatformLink, call: PlatformCall) -> Owed:
        access, refresh = store.platforms.tokens(link)
        assert link.token_until is not None  # noqa: S101 - kept with the tokens
        parcel = store.platforms.parcel(call)
        by, instead = store.platforms.by_factory(call, parcel)
        if by is not None and call.tries >= PATIENCE:
            by, instead = None, call.why
        return Owed(
            key(call), call.link_id, link.platform, access, refresh, link.token_until,
            call.kind, parcel, store.platforms.told_as(call), call.sent_at is not None,
            by, instead,
        )  # fmt: skip

    def sending(self, store: Store, call_id: int) -> None:
        """Keep that it is being sent: should nobody hear how it went, it is read back."""
        call = store.platforms.call(call_id)
        if call is not None:
            call.sent_at = store.now

    def settle(self, store: Store, outcome: Outcome) -> bool:
        """Keep what became of a call; returns whether somebody is told.

        A number that was corrected while it was being told is owed as a correction.
        """
        call = store.platforms.call(outcome.call_id)
        if call is None or call.state == "done":
            return False
        call.why, call.said = outcome.why, outcome.said
        if not outcome.why:
            self._done(store, call, outcome)
            return False
        if not outcome.sent:
            call.sent_at = None
        if (outcome.final and not _outdated(store, call, outcome)) or call.tries >= len(PAUSES):
            call.state = "given_up"
            store.record(None, "telling_given_up", order_id=call.order_id,
                         shipment=call.shipment_id, why=outcome.why)  # fmt: skip
            link = store.platforms.link(call.link_id)
            if link is not None:
                store.emit(TellingGivenUp(key(call)), to=link.shop_id)
            return link is not None
        call.due_at = store.now + max(PAUSES[call.tries], timedelta(seconds=outcome.pause))
        call.tries += 1
        return False

    def _done(self, store: Store, call: PlatformCall, outcome: Outcome) -> None:
        call.state, call.done_at = "done", store.now
        call.handle = outcome.handle or call.handle
        call.factory_link_id = outcome.by
        by = {"by": "factory"} if outcome.by else {}
        instead = {"instead": outcome.instead} if outcome.instead else {}
        store.record(None, "told_platform", order_id=call.order_id, shipment=call.shipment_id,
                     number=outcome.number, **by, **instead)  # fmt: skip
        if not _outdated(store, call, outcome):
            return
        if call.kind == "ship":
            store.platforms.owe_correction(call)
        else:
            call.state, call.due_at, call.tries = "owed", store.now, 0


def _outdated(store: Store, call: PlatformCall, outcome: Outcome) -> bool:
    """Whether the parcel was corrected while it was being told."""
    if not outcome.number:
        return False
    parcel = store.platforms.parcel(call)
    return (parcel.carrier, parcel.tracking_number) != (outcome.carrier, outcome.number)
