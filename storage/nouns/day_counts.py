"""What happened in a span of time between merchants and factories, counted from the rows.

Every part walks an index over one shop's own rows of the span, so that it costs what that shop did
in it. Extras are left out: nobody ordered them, they have no deadline.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, case, func, literal, select
from sqlmodel import col

from core.clock.day_views import PairTally, Tally
from core.columns import UtcDateTime
from core.entities import Assignment, Binding, Order, Role, Shipment
from core.orders.standing import USUAL_DEADLINE
from storage.nouns.base import Noun
from storage.rows import rows_of, run, total
from storage.time_sql import minutes_between, seconds_later

_SINCE = bindparam("since", type_=UtcDateTime())
_UNTIL = bindparam("until", type_=UtcDateTime())
_PAIR = (col(Assignment.merchant_id), col(Assignment.factory_id))


def within_span(moment: Any) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Return that a time is in the span."""
    return moment >= _SINCE, moment < _UNTIL


def pairs_of(role: Role) -> Any:
    """Return who is or was ever bound with a shop."""
    mine = Binding.merchant_id if role == "merchant" else Binding.factory_id
    return (
        select(col(Binding.merchant_id), col(Binding.factory_id))
        .where(col(mine) == bindparam("shop"), col(Binding.status).in_(("bound", "unbound")))
        .distinct()
        .subquery()
    )


def _assigned(role: Role) -> Select[Any]:
    pairs = pairs_of(role)
    return (
        select(*_PAIR, func.count())
        .select_from(pairs)
        .join(
            Assignment,
            (col(Assignment.merchant_id) == pairs.c.merchant_id)
            & (col(Assignment.factory_id) == pairs.c.factory_id),
        )
        .where(*within_span(col(Assignment.assigned_at)), col(Assignment.extra) == "")
        .group_by(*_PAIR)
    )


def _declined(role: Role) -> Select[Any]:
    """Walk what ended at each factory, which stands in its tab by when it ended.

    The merchant is compared as a sum: by itself, SQLite would walk all they ever assigned.
    """
    pairs = pairs_of(role)
    mine = col(Assignment.merchant_id if role == "merchant" else Assignment.factory_id)
    return (
        select(*_PAIR, func.count())
        .where(
            col(Assignment.factory_id).in_(select(pairs.c.factory_id)),
            col(Assignment.tab) == "ended",
            *within_span(col(Assignment.sort_at)),
            col(Assignment.status) == "declined",
            col(Assignment.extra) == "",
            mine + 0 == bindparam("shop"),
        )
        .group_by(*_PAIR)
    )


def _shipped(role: Role) -> Select[Any]:
    """Start from the parcels of the span, and say again whose the assignments are.

    A server would otherwise read all assignments there are beside the parcels of a large shop.
    """
    parcels_of, given_of = (
        (Shipment.merchant_id, Assignment.merchant_id)
        if role == "merchant"
        else (Shipment.factory_id, Assignment.factory_id)
    )
    some = (
        select(col(Shipment.assignment_id))
        .where(col(parcels_of) == bindparam("shop"), *within_span(col(Shipment.shipped_at)))
        .distinct()
        .subquery()
    )
    usual = seconds_later(
        func.coalesce(col(Order.paid_at), col(Order.created_at)),
        literal(int(USUAL_DEADLINE.total_seconds())),
    )
    in_time = col(Assignment.ended_at) <= func.coalesce(col(Order.ship_by), usual)
    waited = minutes_between(col(Assignment.assigned_at), col(Assignment.ended_at))
    return (
        select(*_PAIR, func.count(), func.sum(case((in_time, 1), else_=0)), total(waited))
        .select_from(some)
        .join(Assignment, col(Assignment.id) == some.c.assignment_id)
        .join(Order, col(Order.id) == col(Assignment.order_id))
        .where(
            col(given_of) == bindparam("shop"),
            col(Assignment.status) == "shipped",
            *within_span(col(Assignment.ended_at)),
            col(Assignment.extra) == "",
        )
        .group_by(*_PAIR)
    )


_ROLES: tuple[Role, ...] = ("merchant", "factory")
_ASSIGNED = {role: _assigned(role) for role in _ROLES}
_DECLINED = {role: _declined(role) for role in _ROLES}
_SHIPPED = {role: _shipped(role) for role in _ROLES}
_NEW = select(func.count()).where(
    col(Order.merchant_id) == bindparam("shop"),
    *within_span(col(Order.created_at)),
    col(Order.tab) != "undone",
)


class DayCounts(Noun):
    """The counting part of `DayStore`."""

    def count(
        self, role: Role, shop_id: int, since: datetime, until: datetime
    ) -> Sequence[PairTally]:
        """Return what a shop and each of its partners did in [since, until).

        A merchant's own row (factory 0) counts the orders that came in.
        """
        span = {"shop": shop_id, "since": since, "until": until}
        found: dict[tuple[int, int], Tally] = defaultdict(Tally)
        for merchant, factory, n in rows_of(self.session, _ASSIGNED[role], span):
            found[merchant, factory] += Tally(assigned=n)
        for merchant, factory, n in rows_of(self.session, _DECLINED[role], span):
            found[merchant, factory] += Tally(declined=n)
        for merchant, factory, n, in_time, waited in rows_of(self.session, _SHIPPED[role], span):
            found[merchant, factory] += Tally(
                shipped=n, on_time=in_time, late=n - in_time, minutes=int(waited)
            )
        if role == "merchant":
            found[shop_id, 0] += Tally(new=run(self.session, _NEW, span).scalar_one())
        return [PairTally(*pair, tally) for pair, tally in found.items()]
