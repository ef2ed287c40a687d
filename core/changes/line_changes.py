"""Lines and quantities of an order that changed, and the pieces its factories owe of them.

Never below what is already in parcels. What an order grows by goes to the one factory that has all
of it; with several, or after it shipped, it is nobody's yet and waits to be assigned.
"""

from collections.abc import Mapping, Sequence

from core.entities import Assignment, Order, OrderLine
from core.ids import key
from core.imports.incoming import IncomingLine
from core.ports import Store

LINE_FIELDS = {"quantity", "product", "line_added", "line_removed"}


def apply_lines(
    store: Store, order: Order, incoming: Sequence[IncomingLine], live: Sequence[Assignment],
    cancelled: Sequence[Assignment] = (),
) -> set[int]:  # fmt: skip
    """Bring lines and pieces to the incoming quantities; return whose pieces differ now.

    `live` are the order's own assignments that are open, extras left out; those `cancelled` with
    it lose pieces as they do, for a parcel of theirs may have left, but get none.
    """
    lines = _own_lines(store, order)
    held = _Held(store, order, [*cancelled, *live])
    sole = key(live[0]) if len(live) == 1 else None
    if any(held.free(line) > 0 for line in lines.values()):
        sole = None
    shapes = {number: _shape(line) for number, line in lines.items()}
    wanted = {line.sub_order_no: line for line in incoming}
    for number, given in wanted.items():
        if number not in lines:
            lines[number] = _add(store, order, given)
        _write(lines[number], given)
    touched: set[int] = set()
    for number, line in lines.items():
        want = wanted[number].quantity if number in wanted else 0
        line.quantity = max(want, held.gone(line))
        touched |= held.fit(line, sole)
        if _shape(line) != shapes.get(number):
            touched |= held.owners(line)
    order.pieces = sum(line.quantity for line in lines.values())
    return touched


class _Held:
    """Who owes and who has shipped how much of each line."""

    def __init__(self, store: Store, order: Order, live: Sequence[Assignment]) -> None:
        self._store = store
        self._owed = {key(one): dict(store.assignments.pieces(key(one))) for one in live}
        self._packed = {one: store.shipments.shipped_pieces(one) for one in self._owed}
        self._shipped = store.shipments.shipped_of_order(key(order))

    def gone(self, line: OrderLine) -> int:
        """Return how many pieces are in parcels."""
        return self._shipped.get(key(line), 0)

    def free(self, line: OrderLine) -> int:
        """Return how many pieces are nobody's."""
        return line.quantity - self._taken(key(line))

    def owners(self, line: OrderLine) -> set[int]:
        """Return the open assignments that have pieces of the line."""
        return {one for one, pieces in self._owed.items() if pieces.get(key(line))}

    def fit(self, line: OrderLine, sole: int | None) -> set[int]:
        """Let the open assignments owe what the line has now; return whose pieces moved."""
        line_id, moved = key(line), set()
        over = self._taken(line_id) - line.quantity
        if over < 0 and sole is not None:
            moved |= self._put(sole, line_id, -over)
        for one in reversed(self._owed):  # the last to be assigned gives up first
            less = min(
                over, self._of(self._owed, one, line_id) - self._of(self._packed, one, line_id)
            )
            if less > 0:
                moved |= self._put(one, line_id, -less)
                over -= less
        return moved

    def _put(self, one: int, line_id: int, more: int) -> set[int]:
        n = self._of(self._owed, one, line_id) + more
        self._owed[one][line_id] = n
        self._store.assignments.put_piece(one, line_id, n)
        return {one}

    def _taken(self, line_id: int) -> int:
        owed = sum(self._of(self._owed, one, line_id) for one in self._owed)
        packed = sum(self._of(self._packed, one, line_id) for one in self._owed)
        return owed + self._shipped.get(line_id, 0) - packed

    @staticmethod
    def _of(held: Mapping[int, Mapping[int, int]], one: int, line_id: int) -> int:
        return held[one].get(line_id, 0)


def _own_lines(store: Store, order: Order) -> dict[str, OrderLine]:
    lines = store.orders.lines([key(order)])[key(order)]
    return {line.sub_order_no: line for line in lines if not line.extra}


def _add(store: Store, order: Order, line: IncomingLine) -> OrderLine:
    added = OrderLine(
        order_id=key(order), merchant_id=order.merchant_id, quantity=0,
        sub_order_no=line.sub_order_no, product_name=line.product_name,
    )  # fmt: skip
    store.orders.add_line(added)
    return added


def _write(kept: OrderLine, line: IncomingLine) -> None:
    kept.product_name, kept.sku_spec = line.product_name, line.sku_spec
    kept.product_code, kept.price_fen = line.product_code, line.price_fen


def _shape(line: OrderLine) -> tuple[str, str, str, int]:
    return line.product_name, line.sku_spec, line.product_code, line.quantity
