"""Days: their tallies once they are over, and when each shop is told of its own."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, Select, bindparam, delete, func, or_, select
from sqlmodel import col

from core.clock.day_views import PairTally, Tally
from core.entities import DayTally, Digest, Order, Role, Shop
from storage.listed import within
from storage.nouns.day_counts import DayCounts, pairs_of
from storage.rows import insert_rows, rows_of, run, total

_SUMS = tuple(total(getattr(DayTally, name)) for name in Tally._fields)
_FIRST, _LAST = bindparam("first", type_=Date()), bindparam("last", type_=Date())
_FORGET = delete(DayTally).where(
    col(DayTally.merchant_id) == bindparam("shop"), col(DayTally.day) == bindparam("day")
)
_FIRST_ORDER = select(func.min(col(Order.created_at))).where(
    col(Order.merchant_id) == bindparam("shop")
)
_WITHOUT = (
    select(col(Shop.id))
    .outerjoin(Digest, col(Digest.shop_id) == col(Shop.id))
    .where(col(Digest.shop_id).is_(None), col(Shop.closed_at).is_(None))
    .limit(bindparam("most"))
)


def _sums(role: Role, key: Any) -> Select[Any]:
    """Return the sums of a shop's tallies in a span of days, by `key`."""
    query = select(key, *_SUMS).where(col(DayTally.day) >= _FIRST, col(DayTally.day) <= _LAST)
    if role == "merchant":
        return query.where(col(DayTally.merchant_id) == bindparam("shop")).group_by(key)
    merchants = select(pairs_of("factory").c.merchant_id)
    mine = col(DayTally.factory_id) == bindparam("shop")
    return query.where(mine, col(DayTally.merchant_id).in_(merchants)).group_by(key)


_ROLES: tuple[Role, ...] = ("merchant", "factory")
_BY_DAY = {role: _sums(role, col(DayTally.day)) for role in _ROLES}
_BY_PARTNER = {
    "merchant": _sums("merchant", col(DayTally.factory_id)),
    "factory": _sums("factory", col(DayTally.merchant_id)),
}


class DayStore(DayCounts):
    """`core.ports.DayPort`."""

    def digest(self, shop_id: int) -> Digest | None:
        """Return when the shop is told of its day."""
        return self.found(Digest, shop_id)

    def begin(self, shop_id: int) -> Digest:
        """Return a new row for the shop, to be filled."""
        row = Digest(shop_id=shop_id)
        self.session.add(row)
        return row

    def without_digest(self, limit: int) -> Sequence[int]:
        """Return open shops that have no row yet."""
        return run(self.session, _WITHOUT, {"most": limit}).scalars().all()

    def due(self, limit: int) -> Sequence[Digest]:
        """Return the digests that are due, the longest first."""
        return self.session.scalars(
            select(Digest)
            .where(col(Digest.due_at) <= self.now)
            .order_by(col(Digest.due_at))
            .limit(limit)
        ).all()

    def due_of(self, shop_ids: Sequence[int]) -> Sequence[Digest]:
        """Return those of these shops' digests that are due."""
        due = select(Digest).where(
            col(Digest.due_at) <= self.now, within(col(Digest.shop_id), "shops")
        )
        return self.session.scalars(due, {"shops": shop_ids}).all()

    def untallied(self, before: date, limit: int) -> Sequence[Digest]:
        """Return merchants' rows whose tallies do not reach the day before `before`."""
        return self.session.scalars(
            select(Digest)
            .join(Shop, col(Shop.id) == col(Digest.shop_id))
            .where(
                col(Shop.role) == "merchant",
                or_(col(Digest.tallied).is_(None), col(Digest.tallied) < before),
            )
            .limit(limit)
        ).all()

    def first_order(self, merchant_id: int) -> datetime | None:
        """Return when the merchant's first order came in."""
        found: datetime | None = run(self.session, _FIRST_ORDER, {"shop": merchant_id}).scalar()
        return found

    def put(self, merchant_id: int, day: date, rows: Sequence[PairTally]) -> None:
        """Keep a merchant's tallies of a day, in place of any that stood there."""
        run(self.session, _FORGET, {"shop": merchant_id, "day": day})
        values = [
            {"merchant_id": merchant_id, "factory_id": one.factory_id, "day": day,
             **one.tally._asdict()}
            for one in rows
            if any(one.tally)
        ]  # fmt: skip
        if values:
            insert_rows(self.session, DayTally, values)

    def by_day(self, role: Role, shop_id: int, first: date, last: date) -> Mapping[date, Tally]:
        """Return a shop's tallies by day; days without one are left out."""
        return self._sums(_BY_DAY[role], shop_id, first, last)

    def by_partner(self, role: Role, shop_id: int, first: date, last: date) -> Mapping[int, Tally]:
        """Return a shop's tallies by partner; of a merchant, 0 is its own row."""
        return self._sums(_BY_PARTNER[role], shop_id, first, last)

    def _sums(self, query: Select[Any], shop_id: int, first: date, last: date) -> dict[Any, Tally]:
        asked = {"shop": shop_id, "first": first, "last": last}
        return {
            key: Tally(*(int(one) for one in sums))
            for key, *sums in rows_of(self.session, query, asked)
        }
