"""Shipping for a program: as a paste in chat ships, one or many, but a doubt is a refusal."""

from collections.abc import Sequence
from typing import Final

from core.acting import acting
from core.errors import CoreError, RecipientConcealed, RecipientGone
from core.ids import key
from core.orders.looking import CONCEALED, Looking
from core.ports import Store
from core.programs.parcels import LeavingGiven, ParcelDoubtful, ParcelGiven, number_of
from core.programs.shipping_list import ShippingList
from core.shipments.doubting import Meant, doubts
from core.shipments.sending import Shipped, correct
from core.shipments.shipping import HABIT, Shipping
from core.values import Actor, Recipient

MOST: Final = 500  # assignments in one request


class ProgramShipping:
    """回传单号 and 更正 by a program."""

    def __init__(self, shipping: Shipping, looking: Looking) -> None:
        self._shipping, self._looking = shipping, looking

    def recipient(self, store: Store, actor: Actor, assignment_id: int) -> Recipient:
        """Return a recipient in full: a look, recorded and counted as any other.

        Raises as `Looking.may_look`, `RecipientConcealed`, and `RecipientGone`.
        """
        self._looking.may_look(store, actor, assignment_id)
        looked = self._looking.look_many(store, actor, [assignment_id], act="looked")
        if not looked.seen:
            concealed = any(one.reason == CONCEALED for one in looked.left_out)
            raise RecipientConcealed if concealed else RecipientGone
        return looked.seen[0][1]

    def ship(self, store: Store, actor: Actor, given: LeavingGiven) -> None:
        """Ship one assignment. Raises what `ship_many` returns, `NumberUsed`, `ParcelKept`.

        The same numbers again are refused: they came with another request.
        """
        acting(store, actor, "factory")
        listed = ShippingList(store, actor, [given])
        [refused] = listed.ship()
        if refused is not None:
            raise refused
        listed.refuse_again(given.assignment_id)

    def ship_many(
        self, store: Store, actor: Actor, given: Sequence[LeavingGiven]
    ) -> list[CoreError | None]:
        """Ship these, set-based; each merchant is told once. Returns why each did not ship.

        An order ships when nothing of it is in doubt; parcels that are there already are done, so
        the same list again finishes what was interrupted. None is done. Refusals are those of
        `stopped_under_way` and `refusal_of`, `PiecesBeyondLeft`, `ParcelDoubtful`,
        `CarrierUnknown`, `TooMany`, a `TrackingError`. An order that is stopped, or the factory's
        no more, takes a parcel with `left_before`: its merchant decides about it.
        """
        acting(store, actor, "factory")
        return ShippingList(store, actor, given).ship()

    def correct(self, store: Store, actor: Actor, shipment_id: int, given: ParcelGiven) -> Shipped:
        """Replace a parcel's number, or its carrier; what is in doubt is refused as in shipping.

        Raises `ShipmentNotFound`, `CarrierUnknown`, a `TrackingError`, `ParcelDoubtful`, and as
        `core.shipments.sending.correct`.
        """
        shipment = self._shipping.correctable(store, actor, shipment_id)
        right = number_of(given, store.shipments.habit(actor.shop_id, HABIT))
        if right.carrier is None:
            raise ParcelDoubtful("carrier", right.number, tuple(right.candidates))
        order = store.orders.of(shipment.order_id)
        meant = Meant(right.number, key(order), order.merchant_id, order.created_at)
        [doubt] = doubts(store, [meant])
        if doubt is not None and not given.sure:
            raise ParcelDoubtful(doubt, right.number, ())
        return correct(store, actor, shipment, right.carrier, right.number)
