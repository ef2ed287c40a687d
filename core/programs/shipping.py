"""Shipping for a program: as a reply in chat ships, but a doubt is a refusal it can answer.

Nobody stands there to be asked. What a person would be asked is refused with the question, and the
program asks again with its answer: the carrier, the pieces, `sure`, `left_before`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from core.answers.under_way import refusal_of
from core.errors import CarrierUnknown, Conflict, RecipientGone
from core.orders.looking import Looking
from core.ports import Store
from core.programs.errors import OnlyPrograms
from core.shipments.sending import Shipped
from core.shipments.shipping import Question, Shipping
from core.text.carriers import carrier_named
from core.values import Actor, Recipient

MOST: Final = 500  # assignments in one request


class ParcelGiven(NamedTuple):
    """A number, its carrier and pieces if known; `sure`: it is meant, whatever speaks against."""

    number: str
    carrier: str | None = None
    pieces: int | None = None
    sure: bool = False


@dataclass(eq=False)
class ParcelDoubtful(Conflict, OnlyPrograms):
    """Something about a parcel is in doubt: ask again with the answer.

    `about` is `carrier` (name one of `candidates`), `pieces` (count them for each parcel), or what
    speaks against `number`, to be answered by `sure`.
    """

    about: str
    number: str
    candidates: str


class ProgramShipping:
    """回传单号 and 更正 by a program."""

    def __init__(self, shipping: Shipping, looking: Looking) -> None:
        self._shipping, self._looking = shipping, looking

    def recipient(self, store: Store, actor: Actor, assignment_id: int) -> Recipient:
        """Return a recipient in full: a look, recorded and counted as any other.

        Raises as `Looking.may_look`, and `RecipientGone`.
        """
        self._looking.may_look(store, actor, assignment_id)
        looked = self._looking.look_many(store, actor, [assignment_id], act="looked")
        if not looked.seen:
            raise RecipientGone
        return looked.seen[0][1]

    def ship(
        self, store: Store, actor: Actor, assignment_id: int, parcels: Sequence[ParcelGiven],
        *, left_before: bool = False,
    ) -> Shipped:  # fmt: skip
        """Ship the assignment in these parcels.

        `left_before`: the parcel of an order that is stopped, or is the factory's no more, had left
        before. Raises `OrderStopped` or `AssignmentEnded` without it, `ParcelDoubtful`,
        `CarrierUnknown`, and as `Shipping.numbers`.
        """
        given = [(one.number, _carrier(one.carrier), one.pieces) for one in parcels]
        done = self._shipping.numbers(store, actor, assignment_id, given)
        if isinstance(done, Question) and done.kind == "stopped":
            if not left_before:
                raise refusal_of(store.assignments.of(assignment_id), done.reason)
            done = self._shipping.left_before(store, actor, done.draft_id)
        return self._sure(store, actor, done, [one.sure for one in parcels])

    def correct(self, store: Store, actor: Actor, shipment_id: int, given: ParcelGiven) -> Shipped:
        """Replace a parcel's number. Raises `ParcelDoubtful`, and as `Shipping.correct`."""
        done = self._shipping.correct(store, actor, shipment_id, given.number)
        carrier = _carrier(given.carrier)
        if isinstance(done, Question) and done.kind == "carrier" and carrier:
            done = self._shipping.choose(store, actor, done.draft_id, 0, carrier)
        return self._sure(store, actor, done, [given.sure])

    def _sure(
        self, store: Store, actor: Actor, done: Shipped | Question, sure: Sequence[bool]
    ) -> Shipped:
        while isinstance(done, Question):
            if done.kind in ("carrier", "pieces") or not sure[done.index]:
                candidates = ",".join(done.candidates) if done.kind == "carrier" else ""
                raise ParcelDoubtful(done.kind, done.number, candidates)
            done = self._shipping.insist(store, actor, done.draft_id, done.index)
        return done


def _carrier(named: str | None) -> str | None:
    """Return the code of the carrier a program names. Raises `CarrierUnknown`."""
    code = carrier_named(named) if named else None
    if named and code is None:
        raise CarrierUnknown(named)
    return code
