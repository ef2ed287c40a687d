"""Shipping for a program: as a paste in chat ships, one or many, but a doubt is a refusal."""

from collections.abc import Sequence
from typing import Final

from core.acting import acting
from core.errors import CoreError, RecipientConcealed, RecipientGone
from core.orders.looking import CONCEALED, Looking
from core.ports import Store
from core.programs.parcels import LeavingGiven, ParcelDoubtful, ParcelGiven, carrier_code
from core.programs.shipping_list import ShippingList
from core.shipments.sending import Shipped
from core.shipments.shipping import Question, Shipping
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
        """Replace a parcel's number. Raises `ParcelDoubtful`, and as `Shipping.correct`."""
        done = self._shipping.correct(store, actor, shipment_id, given.number)
        carrier = carrier_code(given.carrier)
        if isinstance(done, Question) and done.kind == "carrier" and carrier:
            done = self._shipping.choose(store, actor, done.draft_id, 0, carrier)
        while isinstance(done, Question):
            if done.kind == "carrier" or not given.sure:
                candidates = tuple(done.candidates) if done.kind == "carrier" else ()
                raise ParcelDoubtful(done.kind, done.number, candidates)
            done = self._shipping.insist(store, actor, done.draft_id, done.index)
        return done
