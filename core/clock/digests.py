"""日报: each shop is told of its yesterday once a day, at its hour of China's time.

After downtime the newest day whose hour has come is told of and the missed ones are counted: their
figures are in 统计. A late one waits for the morning, and goes with what else the clock tells then.
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
LATE = timedelta(hours=1)  # after its hour; a thousand shops take a quarter of one
WAKING = range(9, 22)  # hours in which a late digest may come; at its own hour it always may
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
        for row in due:
            days = self._take(store, row)
            if days:
                store.emit(DayTold(days[-1], len(days) - 1), to=row.shop_id)
        store.flush()
        return len(due)

    def overdue_of(self, store: Store, shop_ids: Sequence[int]) -> dict[int, tuple[str, ...]]:
        """Take the late digests of these shops, to be told together with other news of the clock.

        Returns the days that were not told yet, in ISO form; none before their days are counted.
        """
        late = [one for one in store.days.due_of(shop_ids) if _is_late(one, store.now)]
        if not late or self._days.behind(store):
            return {}
        taken = {row.shop_id: self._take(store, row) for row in late}
        store.flush()
        return taken

    def _take(self, store: Store, row: Digest) -> tuple[str, ...]:
        """Return the untold days, in ISO form, and go on to the next; a late one not at night."""
        if row.hour is None or store.shops.of(row.shop_id).closed_at is not None:
            row.due_at = None
            return ()
        now = store.now.astimezone(CHINA)
        if _is_late(row, now) and now.hour not in WAKING:
            row.due_at = min(_next(now, WAKING.start), _next(now, row.hour))
            return ()
        day, told = _newest(row.hour, now), row.told
        row.told = day if told is None else max(told, day)
        row.due_at = _due(row, now.date())
        untold = (day - told).days if told is not None else 1
        days = [day - n * _DAY for n in reversed(range(untold))]
        if not days or not self._happened(store, row.shop_id, days[0], day):
            return ()
        return tuple(one.isoformat() for one in days)

    def _happened(self, store: Store, shop_id: int, first: date, last: date) -> bool:
        shop = store.shops.of(shop_id)
        tallies = store.days.by_day(shop.role, shop_id, first, last)
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


def _newest(hour: int, now: datetime) -> date:
    """Return the newest day whose hour has come: yesterday, from that hour on."""
    today = now.astimezone(CHINA)
    return today.date() - (_DAY if today.hour >= hour else 2 * _DAY)


def _is_late(row: Digest, now: datetime) -> bool:
    """Return whether the newest day should have been told long before."""
    if row.hour is None:
        return False
    at = datetime.combine(_newest(row.hour, now) + _DAY, time(row.hour), CHINA)
    return now - at > LATE


def _next(now: datetime, hour: int) -> datetime:
    """Return when it is that hour again."""
    today = datetime.combine(now.date(), time(hour), CHINA)
    return today if today > now else today + _DAY


def _due(row: Digest, today: date) -> datetime | None:
    """Return when the shop is told next: at its hour of the first day with something untold."""
    if row.hour is None:
        return None
    day = today if row.told is None else max(today, row.told + 2 * _DAY)
    return datetime.combine(day, time(row.hour), CHINA)
