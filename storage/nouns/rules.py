"""Auto-assign rules, and what they look at of many orders at once."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from sqlalchemy import bindparam, select, update
from sqlmodel import col

from core.assignments.rule_matching import PARTLY_GIVEN, OrderFacts, Product
from core.entities import Assignment, AssignRule, Order, OrderLine
from core.orders.standing import unassignable_reason
from storage.listed import within
from storage.nouns.base import Noun
from storage.nouns.stops import STOP_COLUMNS
from storage.rows import rows_of, run, table_of

_OF = (
    select(AssignRule)
    .where(col(AssignRule.shop_id) == bindparam("shop"), col(AssignRule.ended_at).is_(None))
    .order_by(col(AssignRule.place), col(AssignRule.id))
)
_WAITING = (
    select(col(Order.id))
    .where(col(Order.merchant_id) == bindparam("merchant"), col(Order.tab) == "unassigned")
    .order_by(col(Order.sort_at), col(Order.id))
    .limit(bindparam("limit"))
)
_FACTS = (
    select(
        col(Order.id), col(Order.order_no), col(Order.pieces), col(Order.province),
        col(Order.status), col(Order.complete), col(Order.tab), *STOP_COLUMNS,
    )
    .where(within(col(Order.id), "orders"), col(Order.merchant_id) == bindparam("merchant"))
    .order_by(col(Order.sort_at), col(Order.id))
)  # fmt: skip
_PRODUCTS = (
    select(
        col(OrderLine.order_id), col(OrderLine.product_code), col(OrderLine.product_name),
        col(OrderLine.sku_spec),
    )
    .where(
        within(col(OrderLine.order_id), "orders"),
        col(OrderLine.extra) == "",
        col(OrderLine.quantity) > 0,
    )
    .order_by(col(OrderLine.id))
)  # fmt: skip
_GIVEN_BACK = select(col(Assignment.order_id), col(Assignment.factory_id)).where(
    within(col(Assignment.order_id), "orders"),
    col(Assignment.extra) == "",
    col(Assignment.status).in_(("declined", "recalled")),
)
_GIVEN = table_of(Assignment)
_MADE_BY = (
    update(_GIVEN)
    .where(_GIVEN.c.draft_id == bindparam("draft"), within(_GIVEN.c.order_id, "orders"))
    .values(rule_id=bindparam("rule"))
)


class RuleStore(Noun):
    """`core.ports.RulePort`."""

    def of(self, shop_id: int) -> Sequence[AssignRule]:
        """Return the shop's rules in their order, paused ones too."""
        return self.session.scalars(_OF, {"shop": shop_id}).all()

    def get(self, rule_id: int) -> AssignRule | None:
        """Return the rule, ended or not."""
        return self.lasting(AssignRule, rule_id)

    def add(self, rule: AssignRule) -> AssignRule:
        """Keep a new rule."""
        self.session.add(rule)
        self.session.flush()
        return rule

    def waiting(self, merchant_id: int, limit: int) -> Sequence[int]:
        """Return what stands in 待分配, nearest deadline first."""
        asked = {"merchant": merchant_id, "limit": limit}
        return run(self.session, _WAITING, asked).scalars().all()

    def facts(self, merchant_id: int, order_ids: Sequence[int]) -> list[OrderFacts]:
        """Return what rules look at of these orders of the merchant, nearest deadline first."""
        asked = {"orders": list(order_ids)}
        products: dict[int, list[Product]] = defaultdict(list)
        for order_id, code, name, spec in rows_of(self.session, _PRODUCTS, asked):
            products[order_id].append(Product(code, f"{name} {spec}"))
        rows = rows_of(self.session, _FACTS, {**asked, "merchant": merchant_id})
        return [
            OrderFacts(
                row.id, row.order_no, row.pieces, row.province,
                unassignable_reason(row) or _begun(row.status), products[row.id],
            )
            for row in rows
        ]  # fmt: skip

    def given_back(self, order_ids: Sequence[int]) -> Mapping[int, frozenset[int]]:
        """Return of each order the factories that had it and gave it back, or lost it again."""
        found: dict[int, set[int]] = defaultdict(set)
        for order_id, factory in rows_of(self.session, _GIVEN_BACK, {"orders": list(order_ids)}):
            found[order_id].add(factory)
        return {one: frozenset(factories) for one, factories in found.items()}

    def mark(self, draft_id: int, made: Mapping[int, Sequence[int]]) -> None:
        """Keep which rule made which assignments of a batch: orders by rule."""
        for rule_id, order_ids in made.items():
            about = {"draft": draft_id, "rule": rule_id, "orders": list(order_ids)}
            run(self.session, _MADE_BY, about)


def _begun(status: str) -> str | None:
    """Return why rules leave an order alone a part of which somebody gave out by hand."""
    return None if status == "unassigned" else PARTLY_GIVEN
