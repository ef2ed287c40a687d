"""日报: each shop is told of its yesterday once a day, at its hour of China's time.

After downtime the latest day is told of and the missed ones are counted: their figures are in 统计.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from core.acting import acting
from core.clock.day_views import DayFigures, Figures
from core.clock.days import Days
from core.entities import Digest
from core.errors import Invalid
from core.events import DayTold
from core.ports import Store
from core.text.periods import CHINA, Period, china_day
from core.values import Actor

USUAL_HOUR = 9
NEWCOMERS = 500  # shops given a digest in one visit

_DAY = timedelta(days=1)


@dataclass(eq=False)
class NotAnHour(Invalid):
    """An hour is 0 to 23."""

    hour: int


@dataclass(frozen=True, slots=True)
class ToldDay:
    """What a digest says: the day, its figures, the week up to it, how many days were missed."""

    day: date
    figures: Figures
    week: Sequence[DayFigures]
    missed: int


class Digests:
    """Setting the hour, and telling."""

    def __init__(self, days: Days) -> None:
        self._days = days

    def hour(self, store: Store, actor: Actor) -> int | None:
        """Return at which hour the shop is told; None when it is not."""
        acting(store, actor)
        row = store.days.digest(actor.shop_id)
        return USUAL_HOUR if row is None else row.hour

    def set_hour(self, store: Store, actor: Actor, hour: int | None) -> int | None:
        """Tell the shop at that hour of China's time from now on, or (None) no more.

        A day that was told is not told again. An hour that is over today, with yesterday not told
        yet, is told at once. Any member may. Raises `NotAnHour`.
        """
        acting(store, actor)
        if hour is not None and not 0 <= hour < 24:
            raise NotAnHour(hour)
        today = china_day(store.now)
        row = store.days.digest(actor.shop_id)
        if row is None:
            row = self._begin(store.days.begin(actor.shop_id), today)
        if row.hour != hour:
            store.record(actor, "digest_hour_set", hour=hour)
            if row.hour is None and row.told is not None:
                row.told = max(row.told, today - 2 * _DAY)  # what was off is not missed
            row.hour = hour
            row.due_at = _due(row, today)
        store.flush()
        return hour

    def adopt(self, store: Store) -> None:
        """Give shops that have none yet a digest, from tomorrow on."""
        today = china_day(store.now)
        for shop_id in store.days.without_digest(NEWCOMERS):
            self._begin(store.days.begin(shop_id), today)
        store.flush()

    def _begin(self, row: Digest, today: date) -> Digest:
        row.hour, row.told = USUAL_HOUR, today - _DAY
        row.due_at = _due(row, today)
        return row

    def tell(self, store: Store, limit: int) -> int:
        """Owe the digests that are due, at most `limit`; returns how many were due.

        A shop in which nothing happened and nothing is late is told nothing.
        """
        due = store.days.due(limit)
        today = china_day(store.now)
        for row in due:
            self._tell(store, row, today - _DAY)
        store.flush()
        return len(due)

    def _tell(self, store: Store, row: Digest, day: date) -> None:
        if store.shops.of(row.shop_id).closed_at is not None:
            row.due_at = None
            return
        missed = (day - row.told).days - 1 if row.told else 0
        row.told = day
        row.due_at = _due(row, day + _DAY)
        if self._happened(store, row.shop_id, day):
            store.emit(DayTold(day.isoformat(), max(0, missed)), to=row.shop_id)

    def _happened(self, store: Store, shop_id: int, day: date) -> bool:
        shop = store.shops.of(shop_id)
        tallies = store.days.by_day(shop.role, shop_id, day, day)
        return any(map(any, tallies.values())) or store.clock.late_count(shop, 1) > 0

    def told(self, store: Store, actor: Actor, day: date, missed: int) -> ToldDay | None:
        """Return what the digest of a day says; None when a later one was owed, or it is off."""
        figures = self._days.span(store, actor, Period(day, day))
        row = store.days.digest(actor.shop_id)
        if row is None or row.hour is None or row.told != day:
            return None
        week = self._days.span(store, actor, Period(day - 6 * _DAY, day))
        return ToldDay(day, figures, week.days, missed)

    def waiting(self, store: Store) -> bool:
        """Return whether any digest is due."""
        return bool(store.days.due(1))


def _due(row: Digest, today: date) -> datetime | None:
    """Return when the shop is told next: at its hour of the first day with something untold."""
    if row.hour is None:
        return None
    day = today if row.told is None else max(today, row.told + 2 * _DAY)
    return datetime.combine(day, time(row.hour), CHINA)
