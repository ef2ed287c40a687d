"""Shipping by tracking number: read, ask what is in doubt, ship once, correct later."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from core.acting import acting
from core.answers.claimed import OVER_REASONS, is_claim, refuse_kept
from core.answers.fulfilling import own_assignment
from core.answers.under_way import refusal_of, stopped_under_way
from core.entities import Assignment, ShipDraft, Shipment
from core.errors import (
    CarrierUnknown,
    DraftNotFound,
    DraftSpent,
    Invalid,
    OneNumberOnly,
    ShipmentNotFound,
    TooMany,
)
from core.ids import key
from core.ports import Store
from core.shipments.claiming import claim
from core.shipments.doubting import Doubt, Meant, doubts
from core.shipments.parcels import SPLITS, Split, share_late, split
from core.shipments.sending import Sent, Shipped, correct, pieces_left, ship
from core.text.carriers import CARRIERS
from core.text.replies import read_reply
from core.text.tracking import TrackingError, TrackingGuess, read
from core.values import Actor

Kind = Literal["stopped", "instead", "carrier", "pieces"] | Doubt
HABIT = 50  # parcels of the factory that rank the candidates
PARCELS_LIMIT = 20


@dataclass(frozen=True, slots=True)
class Question:
    """What must be settled first: which carrier, whether the number is meant, what is in a parcel.

    `stopped`: nothing was shipped, for the order must not be (`reason`, of `stopped_under_way`);
    asked is only whether the parcel had left before. `named` is the carrier that was named but does
    not fit; `left` and `parcels` are how many pieces nobody counted, and in how many parcels.
    """

    kind: Kind
    draft_id: int
    assignment_id: int
    index: int
    number: str
    candidates: Sequence[str]
    shipment_id: int | None = None  # the parcel it would correct
    named: str | None = None
    left: int = 0
    parcels: int = 1
    reason: str = ""


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

        A number for an order that is stopped, or is no longer the factory's, is refused (a
        `stopped` question). Raises what `core.text.tracking` calls a `TrackingError`,
        `PiecesBeyondLeft`, `NumberUsed`, and as `stopped_under_way`; `OrderStopped` or
        `AssignmentEnded` where there is no number.
        """
        stopped = stopped_under_way(store, actor, assignment_id)
        assignment = store.assignments.of(assignment_id)
        try:
            draft = self._read(store, actor, assignment, text)
        except Invalid as unreadable:
            # Stopped comes first: nobody should mend a number for nothing.
            raise refusal_of(assignment, stopped) if stopped else unreadable from None
        return self._settle(store, actor, draft)

    def had_left(
        self, store: Store, actor: Actor, assignment_id: int, text: str
    ) -> Shipped | Question:
        """Keep the numbers of an order that is stopped, or no longer the factory's: had left.

        Raises as `reply`.
        """
        stopped_under_way(store, actor, assignment_id)
        draft = self._read(store, actor, store.assignments.of(assignment_id), text)
        return self._settle(store, actor, _left(draft))

    def left_before(self, store: Store, actor: Actor, draft_id: int) -> Shipped | Question:
        """Answer a `stopped` question: the parcel had left (包裹已经寄出). Raises `DraftSpent`."""
        return self._settle(store, actor, _left(self.asked(store, actor, draft_id)))

    def instead(self, store: Store, actor: Actor, assignment_id: int, text: str) -> Question:
        """Keep numbers that came in the place of words: asked is whether to ship with them."""
        given = own_assignment(store, actor, assignment_id)
        return _question(_kept(store, self._read(store, actor, given, text)), "instead")

    def take(self, store: Store, actor: Actor, draft_id: int) -> Shipped | Question:
        """Answer an `instead` question: ship with them. Raises `DraftSpent`."""
        return self._settle(store, actor, self.asked(store, actor, draft_id))

    def numbers(
        self, store: Store, actor: Actor, assignment_id: int,
        given: Sequence[tuple[str, str | None, int | None]],
    ) -> Shipped | Question:  # fmt: skip
        """Ship with numbers read elsewhere, as (number, carrier if known, pieces if counted).

        Raises as `reply`.
        """
        stopped_under_way(store, actor, assignment_id)
        assignment = store.assignments.of(assignment_id)
        habit = store.shipments.habit(actor.shop_id, HABIT)
        guesses = [read(number, habit=habit, carrier=carrier) for number, carrier, _ in given]
        counts = [pieces for _, _, pieces in given]
        return self._settle(store, actor, self._draft(store, actor, assignment, guesses, counts))

    def correct(
        self, store: Store, actor: Actor, shipment_id: int, text: str
    ) -> Shipped | Question:
        """Replace a parcel's number; the old one stays in the audit, the merchant is told.

        Raises `NotCorrected`, `ShipmentNotFound`, `OneNumberOnly`, `SameNumber`, `NumberUsed`.
        """
        shipment = self._own(store, actor, shipment_id)
        assignment = store.assignments.of(shipment.assignment_id)
        try:
            draft = self._read(store, actor, assignment, text)
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
        draft = self.asked(store, actor, draft_id)
        if carrier not in CARRIERS or index >= len(draft.parcels):
            raise CarrierUnknown(carrier)
        draft.parcels = _with(draft.parcels, index, carrier=carrier)
        return self._settle(store, actor, draft)

    def insist(self, store: Store, actor: Actor, draft_id: int, index: int) -> Shipped | Question:
        """Answer a doubt: the number is meant. Raises `DraftSpent`."""
        draft = self.asked(store, actor, draft_id)
        draft.parcels = _with(draft.parcels, index, sure=True)
        return self._settle(store, actor, draft)

    def split(self, store: Store, actor: Actor, draft_id: int, how: Split) -> Shipped | Question:
        """Answer a `pieces` question. Raises `DraftSpent`, `DraftNotFound` for no such way."""
        draft = self.asked(store, actor, draft_id)
        if how not in SPLITS:
            raise DraftNotFound
        assignment = store.assignments.of(draft.assignment_id)
        left = sum(pieces_left(store, assignment).values())
        counts = split([one.get("pieces") for one in draft.parcels], left, how)
        draft.parcels = [one | {"pieces": n} for one, n in zip(draft.parcels, counts, strict=True)]
        return self._settle(store, actor, draft)

    def drop(self, store: Store, actor: Actor, draft_id: int) -> ShipDraft:
        """Forget an open question: nothing was shipped, or corrected. Returns what is dropped."""
        draft = self.asked(store, actor, draft_id)
        draft.state = "dropped"
        return draft

    def _read(self, store: Store, actor: Actor, assignment: Assignment, text: str) -> ShipDraft:
        own = (assignment.tag, store.orders.of(assignment.order_id).order_no.upper())
        reply = read_reply(text, habit=store.shipments.habit(actor.shop_id, HABIT), own=own)
        if reply.refused:
            raise reply.refused[0]  # half a message is not shipped: the person mends it whole
        counts = [reply.pieces.get(one.number) for one in reply.numbers]
        return self._draft(store, actor, assignment, reply.numbers, counts)

    def _draft(
        self, store: Store, actor: Actor, assignment: Assignment,
        guesses: Sequence[TrackingGuess], counts: Sequence[int | None],
    ) -> ShipDraft:  # fmt: skip
        if len(guesses) > PARCELS_LIMIT:
            raise TooMany(PARCELS_LIMIT)
        parcels = [
            {
                "number": guess.number,
                "carrier": guess.carrier,
                "candidates": [one.carrier for one in guess.candidates],
                "named": guess.misfit,
                "pieces": count,
            }
            for guess, count in zip(guesses, counts, strict=True)
        ]
        return ShipDraft(
            assignment_id=key(assignment), shop_id=actor.shop_id, account_id=actor.account_id,
            parcels=parcels, created_at=store.now,
        )  # fmt: skip

    def _settle(self, store: Store, actor: Actor, draft: ShipDraft) -> Shipped | Question:
        """Ship or correct when nothing is in doubt; what cannot be is refused before any question.

        Shipped by another reply meanwhile: `AlreadyShipped`. Stopped: nothing else is asked.
        """
        assignment = store.assignments.of(draft.assignment_id)
        counts: list[int] | None = [0]
        left = 0
        if draft.shipment_id is None:
            stopped = stopped_under_way(store, actor, draft.assignment_id)
            if stopped in OVER_REASONS:
                refuse_kept(store, assignment, [one["number"] for one in draft.parcels])
            if stopped and not all(one.get("left") for one in draft.parcels):
                return replace(_question(_kept(store, draft), "stopped"), reason=stopped)
            left = sum(pieces_left(store, assignment).values())
            counts = share_late([one.get("pieces") for one in draft.parcels], left)
        found: tuple[Kind, int] | None = _doubt(store, assignment, draft)
        if found is None and counts is None:
            found = "pieces", 0
        if found is not None:
            return _question(_kept(store, draft), *found, left)
        draft.state = "confirmed"
        if draft.shipment_id is not None:
            shipment, parcel = self._own(store, actor, draft.shipment_id), draft.parcels[0]
            return correct(store, actor, shipment, parcel["carrier"], parcel["number"])
        sent = [
            Sent(one["number"], one["carrier"], pieces)
            for one, pieces in zip(draft.parcels, counts or (), strict=True)
        ]
        order = store.orders.of(assignment.order_id)
        return (claim if is_claim(assignment, order) else ship)(store, actor, assignment, sent)

    def _own(self, store: Store, actor: Actor, shipment_id: int) -> Shipment:
        acting(store, actor, "factory")
        shipment = store.shipments.get(shipment_id)
        if shipment is None or shipment.factory_id != actor.shop_id:
            raise ShipmentNotFound
        own_assignment(store, actor, shipment.assignment_id)
        return shipment

    def asked(self, store: Store, actor: Actor, draft_id: int) -> ShipDraft:
        """Return what is asked about, still open. Raises `DraftNotFound`, `DraftSpent`."""
        acting(store, actor, "factory")
        draft = store.drafts.ship(draft_id)
        if draft is None or draft.shop_id != actor.shop_id:
            raise DraftNotFound
        if draft.state != "open":
            raise DraftSpent
        return draft


def _kept(store: Store, draft: ShipDraft) -> ShipDraft:
    """Keep a draft that is asked about, once."""
    return draft if draft.id is not None else store.drafts.add_ship(draft)


def _left(draft: ShipDraft) -> ShipDraft:
    draft.parcels = [one | {"left": True} for one in draft.parcels]
    return draft


def _with(parcels: list[dict[str, Any]], index: int, **changes: Any) -> list[dict[str, Any]]:
    """Return a new list (the column notices only new values) with one parcel changed."""
    return [one | changes if place == index else one for place, one in enumerate(parcels)]


def _doubt(store: Store, assignment: Assignment, draft: ShipDraft) -> tuple[Kind, int] | None:
    for index, parcel in enumerate(draft.parcels):
        if not parcel["carrier"]:
            return "carrier", index
    order_id, merchant_id = assignment.order_id, assignment.merchant_id
    created_at = store.orders.of(order_id).created_at
    given = key(assignment) if draft.shipment_id is None else 0
    meant = [
        Meant(one["number"], order_id, merchant_id, created_at, given) for one in draft.parcels
    ]
    for index, doubt in enumerate(doubts(store, meant)):
        if doubt is not None and not draft.parcels[index].get("sure"):
            return doubt, index
    return None


def _question(draft: ShipDraft, kind: Kind, index: int = 0, left: int = 0) -> Question:
    parcel = draft.parcels[index]
    counts = [one.get("pieces") for one in draft.parcels]
    return Question(
        kind, key(draft), draft.assignment_id, index, parcel["number"],
        parcel["candidates"] or tuple(CARRIERS), draft.shipment_id, parcel.get("named"),
        left - sum(one for one in counts if one is not None), counts.count(None),
    )  # fmt: skip
