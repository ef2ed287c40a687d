"""统计: what a shop and its partners did, day by day. Days are China's.

A day that is over is counted once and kept (`DayTally`); today is counted from the rows whenever it
is asked for, which costs what the shop did today.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from core.acting import acting
from core.clock.day_views import DayFigures, Figures, PartnerFigures, Tally
from core.entities import Digest, Role
from core.people.names import ShopNames
from core.ports import Store
from core.text.periods import LONGEST, Period, china_day
from core.values import Actor

SPANS = (14, 30)
NAMED = 12  # partners that have a name in the figures
OVERDUE_COUNTED = 1000
DAYS_AT_ONCE = 7  # of one merchant, in one visit

_DAY = timedelta(days=1)


class Days:
    """Counting days that are over, and reading them."""

    def tally(self, store: Store, merchants: int = 1) -> int:
        """Count the days that are over and not counted yet, some days of some merchants.

        Returns how many merchants were behind: call again until there are none. Counting a day
        again gives the same rows.
        """
        today = china_day(store.now)
        behind = store.days.untallied(today - _DAY, merchants)
        for row in behind:
            self._catch_up(store, row, today - _DAY)
        return len(behind)

    def behind(self, store: Store) -> bool:
        """Return whether any day that is over is still to be counted."""
        return bool(store.days.untallied(china_day(store.now) - _DAY, 1))

    def _catch_up(self, store: Store, row: Digest, yesterday: date) -> None:
        day = row.tallied + _DAY if row.tallied else self._first(store, row.shop_id, yesterday)
        for _ in range(DAYS_AT_ONCE):
            if day > yesterday:
                break
            whole = Period(day, day)
            rows = store.days.count("merchant", row.shop_id, whole.since, whole.until)
            store.days.put(row.shop_id, day, rows)
            day += _DAY
        row.tallied = day - _DAY

    def _first(self, store: Store, merchant_id: int, yesterday: date) -> date:
        """Return the first day to count of a merchant never counted before."""
        began = store.days.first_order(merchant_id)
        if began is None:
            return yesterday
        return min(yesterday, max(china_day(began), yesterday - (LONGEST - 1) * _DAY))

    def figures(self, store: Store, actor: Actor, days: int) -> Figures:
        """Return the last so many days, today included."""
        today = china_day(store.now)
        return self.span(store, actor, Period(today - (days - 1) * _DAY, today))

    def span(self, store: Store, actor: Actor, period: Period) -> Figures:
        """Return the figures of these days."""
        shop = acting(store, actor).shop
        role, mine = shop.role, actor.shop_id
        by_day = defaultdict(Tally, store.days.by_day(role, mine, *period))
        by_partner = defaultdict(Tally, store.days.by_partner(role, mine, *period))
        today = china_day(store.now)
        if period.first <= today <= period.last:
            live = Period(today, today)
            for pair in store.days.count(role, mine, live.since, live.until):
                by_day[today] += pair.tally
                by_partner[pair.factory_id if role == "merchant" else pair.merchant_id] += (
                    pair.tally
                )
        by_partner.pop(0, None)
        span = (period.last - period.first).days + 1
        days = [period.first + n * _DAY for n in range(span)]
        named, rest = _named(store, mine, by_partner)
        return Figures(
            role=role,
            shop_name=shop.name,
            days=[DayFigures(day, _of_role(role, by_day[day])) for day in days],
            partners=named,
            others=len(rest),
            rest=sum(rest, Tally()),
            overdue=store.clock.late_count(shop, OVERDUE_COUNTED),
        )


def _of_role(role: Role, tally: Tally) -> Tally:
    """Return the tally as that side reads it: to a factory, new is what it was assigned."""
    return tally if role == "merchant" else tally._replace(new=0)


def _named(
    store: Store, shop_id: int, by_partner: Mapping[int, Tally]
) -> tuple[list[PartnerFigures], Sequence[Tally]]:
    """Return the busiest partners by name, and the tallies of the others."""
    busy = sorted(by_partner.items(), key=lambda one: (-one[1].shipped, -one[1].assigned, one[0]))
    names = ShopNames(store, shop_id)
    named = [PartnerFigures(names.of(one), tally) for one, tally in busy[:NAMED]]
    return named, [tally for _, tally in busy[NAMED:]]
