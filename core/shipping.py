"""Shipping by tracking number: read, ask what is in doubt, ship once, correct later."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from core.acting import acting
from core.carriers import CARRIERS
from core.entities import Assignment, ShipDraft, Shipment
from core.errors import (
    CarrierUnknown,
    DraftNotFound,
    DraftSpent,
    Invalid,
    NumberUsed,
    OneNumberOnly,
    SameNumber,
    ShipmentNotFound,
    TooMany,
)
from core.events import OrderShipped, ShipmentCorrected
from core.fulfilling import live_assignment, move_assignment, own_assignment, refuse_stopped
from core.ids import key
from core.ports import Store
from core.replies import read_reply
from core.tracking import TrackingError
from core.values import Actor

HABIT = 50  # parcels of the factory that rank the candidates
PARCELS_LIMIT = 20


@dataclass(frozen=True, slots=True)
class Shipped:
    """The parcels of one reply. `corrected` is the number they replaced, if any."""

    assignment: Assignment
    tag: str
    order_no: str
    shipments: Sequence[Shipment]
    corrected: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """What must be settled first: which carrier, or whether a used number is meant."""

    kind: Literal["carrier", "used"]
    draft_id: int
    assignment_id: int
    index: int
    number: str
    candidates: Sequence[str]
    shipment_id: int | None = None  # the parcel it would correct


@dataclass(eq=False)
class NotCorrected(Invalid):
    """The text sent to put a parcel's number right is none, for this `reason`."""

    reason: TrackingError


class Shipping:
    """回传单号 and 更正."""

    def reply(
        self, store: Store, actor: Actor, assignment_id: int, text: str
    ) -> Shipped | Question:
        """Ship the assignment with the numbers in `text`, or ask what is in doubt.

        Raises what `core.tracking` calls a `TrackingError`, `AssignmentNotFound`, `AlreadyShipped`,
        `AssignmentEnded`, `OrderStopped`.
        """
        # Stopped comes before any question: nobody should choose a carrier for nothing.
        refuse_stopped(store, live_assignment(store, actor, assignment_id))
        return self._settle(store, actor, self._draft(store, actor, assignment_id, text))

    def correct(
        self, store: Store, actor: Actor, shipment_id: int, text: str
    ) -> Shipped | Question:
        """Replace a parcel's number; the old one stays in the audit, the merchant is told.

        Raises `NotCorrected`, `ShipmentNotFound`, `OneNumberOnly`, `SameNumber`, `NumberUsed`.
        """
        shipment = self._own(store, actor, shipment_id)
        try:
            draft = self._draft(store, actor, shipment.assignment_id, text)
        except TrackingError as reason:
            raise NotCorrected(reason) from reason
        draft.shipment_id = shipment_id
        if len(draft.parcels) != 1:
            raise OneNumberOnly
        return self._settle(store, actor, draft)

    def correctable(self, store: Store, actor: Actor, shipment_id: int) -> Shipment:
        """Return the parcel when it is this factory's. Raises `ShipmentNotFound`."""
        return self._own(store, actor, shipment_id)

    def choose(
        self, store: Store, actor: Actor, draft_id: int, index: int, carrier: str
    ) -> Shipped | Question:
        """Answer a `carrier` question. Raises `DraftSpent`, `CarrierUnknown`."""
        draft = self._asked(store, actor, draft_id)
        if carrier not in CARRIERS or index >= len(draft.parcels):
            raise CarrierUnknown(carrier)
        draft.parcels = _with(draft.parcels, index, carrier=carrier)
        return self._settle(store, actor, draft)

    def insist(self, store: Store, actor: Actor, draft_id: int, index: int) -> Shipped | Question:
        """Answer a `used` question: the number is meant. Raises `DraftSpent`."""
        draft = self._asked(store, actor, draft_id)
        draft.parcels = _with(draft.parcels, index, sure=True)
        return self._settle(store, actor, draft)

    def drop(self, store: Store, actor: Actor, draft_id: int) -> ShipDraft:
        """Forget an open question: nothing was shipped, or corrected. Returns what is dropped."""
        draft = self._asked(store, actor, draft_id)
        draft.state = "dropped"
        return draft

    def _draft(self, store: Store, actor: Actor, assignment_id: int, text: str) -> ShipDraft:
        reply = read_reply(text, habit=store.shipments.habit(actor.shop_id, HABIT))
        if reply.refused:
            raise reply.refused[0]  # half a message is not shipped: the person mends it whole
        if len(reply.numbers) > PARCELS_LIMIT:
            raise TooMany(PARCELS_LIMIT)
        parcels = [
            {
                "number": guess.number,
                "carrier": guess.carrier,
                "candidates": [one.carrier for one in guess.candidates],
            }
            for guess in reply.numbers
        ]
        return ShipDraft(
            assignment_id=assignment_id, shop_id=actor.shop_id, account_id=actor.account_id,
            parcels=parcels, created_at=store.now,
        )  # fmt: skip

    def _settle(self, store: Store, actor: Actor, draft: ShipDraft) -> Shipped | Question:
        question = self._doubt(store, draft)
        if question is not None:
            kind, index = question
            if draft.id is None:
                store.drafts.add_ship(draft)
            parcel = draft.parcels[index]
            return Question(
                kind, key(draft), draft.assignment_id, index, parcel["number"],
                parcel["candidates"] or tuple(CARRIERS), draft.shipment_id,
            )  # fmt: skip
        draft.state = "confirmed"
        if draft.shipment_id is not None:
            return self._correct(store, actor, draft)
        return self._ship(store, actor, draft)

    def _doubt(
        self, store: Store, draft: ShipDraft
    ) -> tuple[Literal["carrier", "used"], int] | None:
        assignment = store.assignments.of(draft.assignment_id)
        for index, parcel in enumerate(draft.parcels):
            if not parcel["carrier"]:
                return "carrier", index
        for index, parcel in enumerate(draft.parcels):
            if not parcel.get("sure") and _used(store, assignment.order_id, parcel["number"]):
                return "used", index
        return None

    def _ship(self, store: Store, actor: Actor, draft: ShipDraft) -> Shipped:
        assignment = live_assignment(store, actor, draft.assignment_id)
        refuse_stopped(store, assignment)
        shipped = store.shipments.shipped_pieces(key(assignment))
        owed = store.assignments.pieces(key(assignment))
        left = {line: n - shipped.get(line, 0) for line, n in owed.items()}
        parcels = [
            store.shipments.add(
                Shipment(
                    assignment_id=key(assignment), order_id=assignment.order_id,
                    merchant_id=assignment.merchant_id, factory_id=actor.shop_id,
                    carrier=parcel["carrier"], tracking_number=parcel["number"],
                    shipped_by=actor.account_id,
                    shipped_at=store.now,
                ),
                # Until piece counts are told apart, everything left is in the first parcel.
                left if index == 0 else {},
            )
            for index, parcel in enumerate(draft.parcels)
        ]  # fmt: skip
        move_assignment(store, assignment, "shipped")
        ids = tuple(key(one) for one in parcels)
        store.record(
            actor, "shipped", order_id=assignment.order_id, assignment=assignment.id,
            parcels=[[one.carrier, one.tracking_number] for one in parcels],
        )  # fmt: skip
        store.emit(OrderShipped(key(assignment), ids), to=assignment.merchant_id)
        return self._shipped(store, assignment, parcels)

    def _correct(self, store: Store, actor: Actor, draft: ShipDraft) -> Shipped:
        shipment = self._own(store, actor, draft.shipment_id or 0)
        before = (shipment.carrier, shipment.tracking_number)
        after = (draft.parcels[0]["carrier"], draft.parcels[0]["number"])
        if before == after:
            raise SameNumber(shipment.tracking_number)
        siblings = store.shipments.of_assignment(shipment.assignment_id)
        if any(one.tracking_number == after[1] and one.id != shipment.id for one in siblings):
            raise NumberUsed(after[1])
        shipment.carrier, shipment.tracking_number = after
        shipment.corrected_at = store.now
        store.record(
            actor, "corrected", order_id=shipment.order_id, shipment=shipment.id,
            before=list(before), after=list(after),
        )  # fmt: skip
        assignment = store.assignments.of(shipment.assignment_id)
        store.emit(ShipmentCorrected(key(shipment), *before), to=assignment.merchant_id)
        return self._shipped(store, assignment, [shipment], before)

    def _shipped(
        self,
        store: Store,
        assignment: Assignment,
        parcels: Sequence[Shipment],
        corrected: tuple[str, str] | None = None,
    ) -> Shipped:
        order = store.orders.of(assignment.order_id)
        return Shipped(assignment, assignment.tag, order.order_no, parcels, corrected)

    def _own(self, store: Store, actor: Actor, shipment_id: int) -> Shipment:
        acting(store, actor, "factory")
        shipment = store.shipments.get(shipment_id)
        if shipment is None or shipment.factory_id != actor.shop_id:
            raise ShipmentNotFound
        own_assignment(store, actor, shipment.assignment_id)
        return shipment

    def _asked(self, store: Store, actor: Actor, draft_id: int) -> ShipDraft:
        acting(store, actor, "factory")
        draft = store.drafts.ship(draft_id)
        if draft is None or draft.shop_id != actor.shop_id:
            raise DraftNotFound
        if draft.state != "open":
            raise DraftSpent
        return draft


def _with(parcels: list[dict[str, Any]], index: int, **changes: Any) -> list[dict[str, Any]]:
    """Return a new list (the column notices only new values) with one parcel changed."""
    return [one | changes if place == index else one for place, one in enumerate(parcels)]


def _used(store: Store, order_id: int, number: str) -> bool:
    """Return whether a parcel for another recipient carries this number already."""
    others = [one for one in store.shipments.orders_using(number) if one != order_id]
    if not others:
        return False
    hashes = store.orders.same_hashes([order_id, *others])
    return any(hashes.get(one) != hashes.get(order_id) for one in others)
