"""拆单: some pieces of an order to one factory, the rest to others.

What can be split off is what no factory has, and what stands at factories that have not begun:
that is taken back from them, the latest first, and they are told what is left. Whoever has accepted
or looked keeps its pieces until it gives them back.
"""

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from core.acting import acting
from core.assignments.piecing import Held, free_of
from core.assignments.recalling import recall_refusal, take_back, tell_recalled
from core.entities import Assignment, Order, OrderLine
from core.errors import Conflict, NothingChosen, OrderNotFound, OrderStopped
from core.events import OrderAssigned, PiecesTakenBack
from core.ids import key
from core.orders.placing import place_order
from core.orders.standing import stop_reason
from core.orders.views import BindingRow
from core.people.suspending import dealing
from core.ports import Store
from core.values import Actor

LINES = 10  # products to choose from at once: their numbers stand in each button
FACTORIES = 60  # bound factories to choose from; a message takes 100 buttons
_AT_A_TIME = 50


class NothingToSplit(Conflict):
    """Fewer than two pieces can still be given elsewhere, or the recipient is incomplete."""


class SplitOutdated(Conflict):
    """The order has changed, or was given out, since these pieces were chosen."""


class FactoryHasThem(Conflict):
    """The factory chosen has these pieces already."""


@dataclass(frozen=True, slots=True)
class SplitLine:
    """A product of the order: how many pieces can be split off, how many others keep."""

    line: OrderLine
    free: int
    kept: int


@dataclass(frozen=True, slots=True)
class SplitPlan:
    """What can be split off now; `mark` tells it from how it stood at another time."""

    order: Order
    lines: Sequence[SplitLine]  # the first `LINES` that have any; `more` others have too
    more: int
    holders: Mapping[int, str]  # factories that would give pieces back, with my names for them
    factories: Sequence[BindingRow]
    mark: int

    def chosen(self, counts: Sequence[int]) -> dict[int, int]:
        """Return pieces by line of what stands in a button, line after line; none beyond free."""
        wanted = zip(self.lines, counts, strict=False)
        return {key(one.line): min(n, one.free) for one, n in wanted if n > 0 and one.free}


class Choice(NamedTuple):
    """Pieces of each line, in the order of the plan whose `mark` it was chosen from."""

    counts: Sequence[int]
    mark: int


@dataclass(frozen=True, slots=True)
class Split:
    """What was done: the new assignment, and how many pieces came from factories for it."""

    assignment: Assignment
    factory_name: str
    pieces: int
    left: int  # pieces of the order nobody has now


def splittable(order: Order, free: int) -> bool:
    """Whether an order with so many pieces to give out can be split."""
    return free > 1 and order.complete and stop_reason(order) is None


def movable(store: Store, order_id: int) -> tuple[dict[int, int], list[Held]]:
    """Return the pieces nobody has, by line, and those that can be taken back, the latest first."""
    held = store.assignments.held_of(order_id)
    lines = store.orders.lines([order_id])[order_id]
    free = free_of({key(one): one.quantity for one in lines if not one.extra}, held)
    back = {
        key(one)
        for one in store.assignments.live_of(order_id)
        if not one.extra and recall_refusal(one) is None
    }
    return free, [one for one in reversed(held) if one.assignment_id in back]


class Splitting:
    """Use cases of a merchant's 拆单."""

    def plan(self, store: Store, actor: Actor, order_id: int, mark: int | None = None) -> SplitPlan:
        """Return what can be split off.

        Raises `OrderNotFound`, `OrderStopped`, `NothingToSplit`, and `SplitOutdated` where `mark`
        is of an older plan.
        """
        acting(store, actor, "merchant")
        order = store.orders.get(order_id)
        if order is None or order.merchant_id != actor.shop_id or order.tab == "undone":
            raise OrderNotFound
        stopped = stop_reason(order)
        if stopped is not None:
            raise OrderStopped(stopped)
        free, back = movable(store, order_id)
        loose = dict(free)
        for one in back:
            loose[one.line_id] = loose.get(one.line_id, 0) + one.owned
        if not splittable(order, sum(loose.values())):
            raise NothingToSplit
        lines = [
            SplitLine(one, loose.get(key(one), 0), one.quantity - loose.get(key(one), 0))
            for one in store.orders.lines([order_id])[order_id]
            if loose.get(key(one)) and not one.extra
        ]
        plan = SplitPlan(
            order, lines[:LINES], max(len(lines) - LINES, 0), _names(store, back),
            _factories(store, actor, free, back), _mark(order, free, back),
        )  # fmt: skip
        if mark is not None and mark != plan.mark:
            raise SplitOutdated
        return plan

    def split(
        self, store: Store, actor: Actor, order_id: int, factory_id: int, choice: Choice
    ) -> Split:
        """Give the chosen pieces to a factory; those they are taken from are told what is left.

        Raises as `plan`, and `NothingChosen`, `NotBound`, `FactoryHasThem`.
        """
        plan = self.plan(store, actor, order_id, choice.mark)
        pieces = plan.chosen(choice.counts)
        if not pieces:
            raise NothingChosen
        binding = dealing(store, actor.shop_id, factory_id)
        free, back = movable(store, order_id)
        self._take_from(store, actor, _from_others(pieces, free, back, factory_id))
        given = store.assignments.open_pieces(plan.order, binding, actor, pieces)
        place_order(store, plan.order)
        n = sum(pieces.values())
        store.record(
            actor, "split", order_id=order_id, assignment=given.id, factory=factory_id, pieces=n
        )
        store.emit(OrderAssigned(key(given)), to=factory_id)
        left = sum(movable(store, order_id)[0].values())
        name = binding.merchant_alias or store.shops.of(factory_id).name
        return Split(given, name, n, left)

    def _take_from(
        self, store: Store, actor: Actor, taken: Mapping[int, Mapping[int, int]]
    ) -> None:
        """Leave so many pieces of each line with these assignments; what is empty is recalled."""
        for assignment_id, lines in taken.items():
            for line_id, left in lines.items():
                store.assignments.put_piece(assignment_id, line_id, left)
        store.flush()
        for assignment_id in taken:
            if not store.assignments.pieces(assignment_id):
                take_back(store, actor, [assignment_id])
                tell_recalled(store, [assignment_id])
                continue
            given = store.assignments.of(assignment_id)
            store.record(
                actor, "pieces_taken_back", order_id=given.order_id, assignment=assignment_id,
                factory=given.factory_id,
            )  # fmt: skip
            store.emit(PiecesTakenBack(assignment_id), to=given.factory_id)


def _from_others(
    pieces: Mapping[int, int], free: Mapping[int, int], back: Sequence[Held], factory_id: int
) -> dict[int, dict[int, int]]:
    """Return what stays of each line where pieces come from: (assignment → line → left).

    Raises `FactoryHasThem` where too few are anybody's but this factory's.
    """
    left: dict[int, dict[int, int]] = {}
    for line_id, n in pieces.items():
        missing = n - free.get(line_id, 0)
        for one in back:
            if missing <= 0:
                break
            if one.line_id == line_id and one.factory_id != factory_id:
                takes = min(missing, one.owned)
                left.setdefault(one.assignment_id, {})[line_id] = one.owned - takes
                missing -= takes
        if missing > 0:
            raise FactoryHasThem
    return left


def _names(store: Store, back: Sequence[Held]) -> dict[int, str]:
    names: dict[int, str] = {}
    for one in back:
        if one.factory_id not in names:
            binding = store.bindings.get(store.assignments.of(one.assignment_id).binding_id)
            alias = binding.merchant_alias if binding else ""
            names[one.factory_id] = alias or store.shops.of(one.factory_id).name
    return names


def _factories(
    store: Store, actor: Actor, free: Mapping[int, int], back: Sequence[Held]
) -> list[BindingRow]:
    """Return bound factories to choose from: not the only one that would give pieces back."""
    only = {one.factory_id for one in back}
    left_out = only if not free and len(only) == 1 else set()
    shop, after, bound = store.shops.of(actor.shop_id), 0, list[BindingRow]()
    while len(bound) < FACTORIES and (rows := store.bindings.page(shop, after, _AT_A_TIME)):
        bound += [row for row in rows if row.status == "bound" and row.shop_id not in left_out]
        after = rows[-1].id
    return bound[:FACTORIES]


def _mark(order: Order, free: Mapping[int, int], back: Sequence[Held]) -> int:
    """Return a number for how the order stands: it changes with every piece given or taken."""
    said = (order.revision, sorted(free.items()), [(*one,) for one in back])
    return zlib.crc32(repr(said).encode())
