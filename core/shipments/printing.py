"""Paper for packing: slips, which show recipients and so are looks, and a pick list, which is none.

Meant are a batch, what one person has ticked, everything open, or one order; in the order in which
they came, so that "the next two hundred" stays the same while others ship.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from core.acting import acting
from core.answers.fulfilling import live_assignment, refuse_stopped
from core.entities import Ticket
from core.errors import AssignmentNotFound, NothingToPrint
from core.orders.looking import LeftOut, Looking, pack_refusal
from core.orders.views import LineView, PackRow
from core.ports import Store
from core.tickets.labelling import labels, told_apart
from core.values import Actor, Recipient, ShipFrom

Of = Literal["batch", "ticked", "open", "one"]

SLIPS = 200  # in one file: what a packer carries away, and a look is never of thousands at once
PICKED = 10_000  # orders in one pick list


@dataclass(frozen=True, slots=True)
class Chosen:
    """What is to be printed now, and how many come after it."""

    ids: Sequence[int]
    rest: int


@dataclass(frozen=True, slots=True)
class Slip:
    """One packing slip; with a `ticket` the label of its e-waybill, which has no recipient."""

    row: PackRow
    recipient: Recipient | None
    sender: ShipFrom | None
    lines: Sequence[LineView]
    ticket: Ticket | None = None


@dataclass(frozen=True, slots=True)
class Slips:
    """The slips that may be printed, and what was left out."""

    slips: Sequence[Slip]
    left_out: Sequence[LeftOut]
    left_today: int


@dataclass(frozen=True, slots=True)
class Pick:
    """One product of a pick list: pieces in all, and the tags of the orders it is for."""

    product: str
    spec: str
    code: str
    pieces: int
    tags: Sequence[str]


@dataclass(frozen=True, slots=True)
class PickList:
    """拣货单: what to fetch for some orders."""

    picks: Sequence[Pick]
    orders: int
    left_out: Sequence[LeftOut]
    rest: int

    @property
    def pieces(self) -> int:
        """Return how many pieces there are to fetch."""
        return sum(one.pieces for one in self.picks)


class Printing:
    """面单 and 拣货单."""

    def __init__(self, looking: Looking) -> None:
        self._looking = looking

    def chosen(
        self, store: Store, actor: Actor, of: str, ref: int, *, after: int = 0, limit: int = SLIPS
    ) -> Chosen:
        """Return which assignments are meant now: at most `limit`, those behind id `after`.

        Raises `NothingToPrint`; `OrderStopped`; for one order as
        `core.answers.fulfilling.live_assignment`.
        """
        acting(store, actor, "factory")
        if of == "one":
            refuse_stopped(store, live_assignment(store, actor, ref))
            return Chosen([ref], 0)
        ids = sorted(one for one in _meant(store, actor, of, ref) if one > after)
        if not ids:
            raise NothingToPrint
        return Chosen(ids[:limit], len(ids) - len(ids[:limit]))

    def slips(self, store: Store, actor: Actor, assignment_ids: Sequence[int]) -> Slips:
        """Record a look at each and give what stands on its slip, the same products together.

        What has an e-waybill is printed as its label, whoever receives it.

        The message must vanish: the caller owes that in the same transaction. Raises
        `NothingToPrint` when all are left out: then nothing is recorded.
        """
        acting(store, actor, "factory")
        tickets = labels(store, actor, assignment_ids)
        labelled = {row.id for row, _ in tickets}
        others = [one for one in assignment_ids if one not in labelled]
        looked = self._looking.look_many(store, actor, others)
        left_out = told_apart(store, actor, others, looked.left_out)
        if not looked.seen and not tickets:
            raise NothingToPrint(tuple((one.tag, one.reason) for one in left_out))
        rows = [row for row, _ in (*looked.seen, *tickets)]
        lines = store.assignments.contents([row.id for row in rows])
        # An e-waybill leaves in the name of who drew it.
        shops = {row.merchant_id for row, _ in looked.seen} | {actor.shop_id}
        senders = {shop_id: store.shops.ship_from(shop_id) for shop_id in shops}
        slips = [
            Slip(row, recipient, senders[row.merchant_id], lines[row.id])
            for row, recipient in looked.seen
        ]
        slips += [
            Slip(row, None, senders[actor.shop_id], lines[row.id], ticket)
            for row, ticket in tickets
        ]
        return Slips(sorted(slips, key=_by_product), left_out, looked.left_today)

    def pick(self, store: Store, actor: Actor, of: str, ref: int) -> PickList:
        """Return what to fetch, by product; stopped orders are left out. Raises as `chosen`."""
        chosen = self.chosen(store, actor, of, ref, limit=PICKED)
        rows = store.assignments.to_pack(actor.shop_id, chosen.ids)
        refused = {row.id: why for row in rows if (why := pack_refusal(row))}
        left_out = [LeftOut(row.tag, refused[row.id]) for row in rows if row.id in refused]
        kept = {row.id: row.tag for row in rows if row.id not in refused}
        if not kept:
            raise NothingToPrint(tuple((one.tag, one.reason) for one in left_out))
        lines = store.assignments.contents(list(kept))
        return PickList(_picks(kept, lines), len(kept), left_out, chosen.rest)


def _meant(store: Store, actor: Actor, of: str, ref: int) -> Sequence[int]:
    if of == "batch":
        ids = store.assignments.open_of_draft(ref)
        # One 确认分配 goes to one factory, so the first says whose they all are.
        mine = ids and store.assignments.of(ids[0]).factory_id == actor.shop_id
        return ids if mine else []
    if of == "ticked":
        return store.assignments.ticked(actor.shop_id, actor.account_id)
    if of == "open":
        return store.assignments.open_ids(actor.shop_id, PICKED)
    raise AssignmentNotFound


def _by_product(slip: Slip) -> tuple[tuple[str, ...], int]:
    first = slip.lines[0] if slip.lines else LineView("", "", "", 0)
    return (first.product, first.spec, first.code), slip.row.id


def _picks(tags: dict[int, str], contents: dict[int, list[LineView]]) -> list[Pick]:
    """Sum the lines by product; most pieces first."""
    found: dict[tuple[str, str, str], tuple[list[int], dict[str, None]]] = {}
    for assignment_id, lines in contents.items():
        for line in lines:
            what = (line.product, line.spec, line.code)
            counted, named = found.setdefault(what, ([], {}))
            counted.append(line.quantity)
            named[tags[assignment_id]] = None
    picks = [Pick(*what, sum(counted), tuple(named)) for what, (counted, named) in found.items()]
    return sorted(picks, key=lambda one: (-one.pieces, one.product, one.spec, one.code))
