"""历史: everything that happened to an order, from its audit: the newest first, page by page.

The merchant reads all of it. A factory reads what concerns its own assignment and nothing of any
other factory. Neither reads the names of the other side's people.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from core.acting import acting
from core.assignments.piecing import seen_by
from core.changes.judging import Diff
from core.entities import Assignment, Order, RuleKind
from core.errors import AssignmentNotFound, OrderNotFound
from core.ids import key
from core.orders.lookups import TrailRow
from core.people.names import ShopNames
from core.ports import Store
from core.values import Actor

SHOWN = 30  # acts of one page
CHUNK = 100

# Acts on the order itself that its factories hear of: they stand there without an assignment.
OF_EVERYBODY = frozenset(
    {"changed", "held", "released", "cancelled", "refund_opened", "refund_agreed", "let_go"}
)


@dataclass(frozen=True, slots=True)
class RuleSaid:
    """A rule that made an assignment, ended or not, and the person who added it."""

    kind: RuleKind
    word: str
    by: str


@dataclass(frozen=True, slots=True)
class Act:
    """Something done to an order; `id` is its place in the history.

    `who` is a person of one's own shop by name, the other side by its shop's name, empty for the
    clock. `diffs` are what a change changed, recipients masked. `rule` is what chose the factory of
    an assignment: told to the merchant alone. `about` names the factory it concerns, where the
    page tells of several and neither `who` nor `factory_name` says which. `by_merchant`: the
    order's merchant did it, or a program of theirs.
    """

    id: int
    at: datetime
    act: str
    door: str
    who: str
    detail: Mapping[str, Any]
    factory_name: str = ""
    diffs: Sequence[dict[str, Any]] = ()
    rule: RuleSaid | None = None
    about: str = ""
    by_merchant: bool = False


@dataclass(frozen=True, slots=True)
class OrderPast:
    """A page of the acts on an order; `more`: there are older ones, `later`: newer ones.

    `of` and `ref_id` say behind which card it stands: the merchant's order, the factory's
    assignment.
    """

    order_no: str
    shop_id: int
    of: Literal["order", "assignment"]
    ref_id: int
    acts: Sequence[Act]
    more: bool
    later: bool = False


class Past:
    """Reading an order's audit."""

    def of_order(
        self, store: Store, actor: Actor, order_id: int, before: int | None = None
    ) -> OrderPast:
        """Return what happened to the merchant's own order. Raises `OrderNotFound`."""
        acting(store, actor, "merchant")
        order = store.orders.get(order_id)
        if order is None or order.merchant_id != actor.shop_id or order.tab == "undone":
            raise OrderNotFound
        rows, more = _page(store, order_id, before, lambda _: True)
        acts = _acts(store, actor, order, _diffs(store, order), rows)
        return OrderPast(order.order_no, actor.shop_id, "order", order_id, acts, more, bool(before))

    def of_assignment(
        self, store: Store, actor: Actor, assignment_id: int, before: int | None = None
    ) -> OrderPast:
        """Return what the factory may know of its own assignment. Raises `AssignmentNotFound`.

        That is: what was done with it, by either side, and what happened to its order while it was
        there or after it shipped.
        """
        acting(store, actor, "factory")
        given = store.assignments.get(assignment_id)
        if given is None or given.factory_id != actor.shop_id:
            raise AssignmentNotFound
        order = store.orders.of(given.order_id)
        parcels = {key(one) for one in store.shipments.of_assignment(assignment_id)}
        diffs = {n: seen_by(each, assignment_id) for n, each in _diffs(store, order).items()}
        rows, more = _page(
            store,
            given.order_id,
            before,
            lambda row: _concerns(row, given, parcels) and _tells(row, diffs),
        )
        acts = _acts(store, actor, order, diffs, rows)
        return OrderPast(
            order.order_no, actor.shop_id, "assignment", assignment_id, acts, more, bool(before)
        )


def _concerns(row: TrailRow, given: Assignment, parcels: set[int]) -> bool:
    """Return whether a factory may know of an act on the order of its assignment."""
    detail = row.detail
    if "assignment" in detail:
        return bool(detail["assignment"] == given.id)
    if "shipment" in detail:
        return detail["shipment"] in parcels
    if row.act not in OF_EVERYBODY or row.at < given.assigned_at:
        return False
    return given.ended_at is None or given.status == "shipped" or row.at <= given.ended_at


def _tells(row: TrailRow, diffs: Mapping[int, Sequence[Diff]]) -> bool:
    """Return whether anything of a change is left, without other factories' pieces."""
    return row.act != "changed" or bool(diffs.get(row.detail.get("revision", 0), True))


def _page(
    store: Store, order_id: int, before: int | None, fits: Callable[[TrailRow], bool]
) -> tuple[list[TrailRow], bool]:
    """Return the next rows that fit, and whether there are older ones."""
    found: list[TrailRow] = []
    while len(found) <= SHOWN:
        rows = store.orders.trail(order_id, before, CHUNK)
        found += [row for row in rows if fits(row)]
        if len(rows) < CHUNK:
            break
        before = rows[-1].id
    return found[:SHOWN], len(found) > SHOWN


def _diffs(store: Store, order: Order) -> dict[int, Sequence[Diff]]:
    """Return by revision what each change of the order changed."""
    if order.revision == 1:
        return {}
    changes = store.orders.changes_since(key(order), order.created_at)
    return {one.revision: one.diffs for one in changes}


def _acts(
    store: Store, actor: Actor, order: Order, diffs: Mapping[int, Sequence[Diff]],
    rows: Sequence[TrailRow],
) -> list[Act]:  # fmt: skip
    names, rules = ShopNames(store, actor.shop_id), _rules(store, actor, rows)
    about = _about(store, rows)
    return [
        Act(
            row.id, row.at, row.act, row.door,
            row.person if row.shop_id == actor.shop_id else names.of(row.shop_id), row.detail,
            names.of(row.detail.get("factory")), diffs.get(row.detail.get("revision", 0), ()),
            rules.get(row.detail.get("rule", 0)), names.of(about.get(row.id)),
            row.shop_id == order.merchant_id,
        )
        for row in rows
    ]  # fmt: skip


def _about(store: Store, rows: Sequence[TrailRow]) -> dict[int, int]:
    """Return which factory the acts on an assignment concern, where it is not the only one.

    What a factory did says so itself, and so does what names one.
    """
    given = {row.id: row.detail["assignment"] for row in rows if row.detail.get("assignment")}
    whose = {one: store.assignments.of(one).factory_id for one in sorted(set(given.values()))}
    if len(set(whose.values())) < 2:
        return {}
    return {
        row.id: whose[given[row.id]]
        for row in rows
        if row.id in given and "factory" not in row.detail
        and row.shop_id != whose[given[row.id]]
    }  # fmt: skip


def _rules(store: Store, actor: Actor, rows: Sequence[TrailRow]) -> dict[int, RuleSaid]:
    """Return the reader's own rules that made something of this page, and who added each."""
    made = {row.detail["rule"] for row in rows if row.detail.get("rule")}
    rules = [rule for rule in map(store.rules.get, sorted(made)) if rule is not None]
    return {
        key(rule): RuleSaid(rule.kind, rule.word, store.accounts.of(rule.created_by).name)
        for rule in rules
        if rule.shop_id == actor.shop_id
    }
