"""Keeping a parcel that left with an order no longer its factory's: asked about, not counted."""

from collections.abc import Sequence

from core.answers.claimed import over_reason, refuse_kept
from core.answers.under_way import tell_under_way
from core.entities import Assignment, Shipment
from core.ids import key
from core.ports import Store
from core.shipments.sending import Sent, Shipped
from core.values import Actor


def claim(store: Store, actor: Actor, assignment: Assignment, sent: Sequence[Sent]) -> Shipped:
    """Keep the parcels, alarm both sides; no piece is counted before the merchant decides.

    Raises `ParcelKept` for a number that was kept before.
    """
    refuse_kept(store, assignment, [one.number for one in sent])
    parcels = [
        store.shipments.add(
            Shipment(
                assignment_id=key(assignment), order_id=assignment.order_id,
                merchant_id=assignment.merchant_id, factory_id=actor.shop_id,
                carrier=one.carrier, tracking_number=one.number, shipped_by=actor.account_id,
                shipped_at=store.now, verdict="asked", claimed=one.pieces,
            ),
            {},
        )
        for one in sent
    ]  # fmt: skip
    store.record(
        actor, "had_left", order_id=assignment.order_id, assignment=assignment.id,
        parcels=[[one.carrier, one.tracking_number] for one in parcels],
        over=over_reason(store, assignment.status, assignment.binding_id),
    )  # fmt: skip
    tell_under_way(store, parcels)
    return Shipped(
        assignment, assignment.tag, store.orders.of(assignment.order_id).order_no, parcels,
        packed={key(one): one.claimed or 0 for one in parcels},
    )  # fmt: skip
