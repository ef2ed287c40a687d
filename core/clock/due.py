"""What a shop is told by the clock, as it stands when the message goes out; and the answers to it.

Between falling due and being told lie quiet hours, or a day without the bot: what was done
meanwhile is not told any more.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from core.acting import acting
from core.assignments.recalling import take_back, tell_recalled
from core.clock.asked_back import unanswered_group
from core.clock.clock_events import FactoryNudged, FellDue
from core.clock.digests import Digests, ToldDay
from core.clock.groups import Group, grouped, name_of, nudge_group, own_binding
from core.clock.timing import is_untouched
from core.clock.watching import reminders_of, silent_after
from core.entities import Shop
from core.errors import Invalid
from core.orders.listing import PAGE
from core.orders.standing import stop_reason
from core.orders.views import AssignmentRow, Cursor, OrderRow, Page
from core.ports import Store
from core.ports.clock import DueRow, WaitingRow
from core.values import Actor

LOOKED_AT: Final = 1000  # orders near their deadline that a reminder counts
TOGETHER: Final = 500  # orders of a silent factory that one press is about
COUNTED: Final = 1000


class NotSilent(Invalid):
    """The factory has begun with all of it, or was asked again a moment ago."""


@dataclass(frozen=True, slots=True)
class Due:
    """What a shop is to hear. `near` and `waiting` (what a merchant has to assign) are by hours
    left, 0 for what is late, nearest first; `holds` hoped for their goods today; `day` is a 日报
    that comes late. `mine`: the reader is the factory, who ships.
    """

    mine: bool
    near: Sequence[tuple[int, Sequence[DueRow]]] = ()
    more: bool = False
    unseen: Sequence[DueRow] = ()
    late: Sequence[Group] = ()
    silent: Sequence[Group] = ()
    ignored: Sequence[Group] = ()
    unanswered: Sequence[Group] = ()
    waiting: Sequence[tuple[int, Sequence[WaitingRow]]] = ()
    waiting_more: bool = False
    holds: Sequence[Group] = ()
    day: ToldDay | None = None

    def __bool__(self) -> bool:
        """Return whether there is anything left to tell."""
        return self.beside_holds or bool(self.holds)

    @property
    def beside_holds(self) -> bool:
        """Return whether there is more to tell than whose goods were hoped for today."""
        return any((
            self.near, self.unseen, self.late, self.silent, self.ignored,
            self.unanswered, self.waiting, self.day,
        ))  # fmt: skip


class DueNews:
    """Use cases around what the clock tells."""

    def __init__(self, digests: Digests) -> None:
        self._digests = digests

    def standing(self, store: Store, actor: Actor, event: FellDue) -> Due:
        """Return what of the event still stands."""
        shop = acting(store, actor).shop
        due = (_for_factory if shop.role == "factory" else _for_merchant)(store, actor, shop, event)
        return replace(due, holds=_holds(store, event), day=self._day(store, actor, event))

    def _day(self, store: Store, actor: Actor, event: FellDue) -> ToldDay | None:
        if not event.days:
            return None
        day = date.fromisoformat(event.days[-1])
        return self._digests.told(store, actor, day, len(event.days) - 1)

    def nudge(self, store: Store, actor: Actor, binding_id: int) -> Group:
        """催一下: the factory is told that the merchant waits; again only after as long once more.

        Raises `BindingNotFound`, `NotSilent`.
        """
        group = self.silent(store, actor, binding_id)
        group = group._replace(rows=[row for row in group.rows if row.silent_at is None])
        if not group.rows:
            raise NotSilent
        nudge_group(store, actor, group, FactoryNudged)
        return group

    def silent(self, store: Store, actor: Actor, binding_id: int) -> Group:
        """Return what a factory has left alone. Raises `BindingNotFound`, `NotSilent`."""
        acting(store, actor, "merchant")
        group = _silent_group(store, actor, binding_id)
        if not group.rows:
            raise NotSilent
        return group

    def take_back(self, store: Store, actor: Actor, binding_id: int) -> int:
        """撤回 what a factory has left alone; it is told. Raises as `silent`."""
        group = self.silent(store, actor, binding_id)
        ids = [row.id for row in group.rows]
        taken = take_back(store, actor, ids)
        tell_recalled(store, ids)
        return taken

    def nudged(self, store: Store, actor: Actor, event: FactoryNudged) -> Sequence[DueRow]:
        """Return what of a nudge still waits to be answered."""
        acting(store, actor, "factory")
        return [row for row in store.clock.rows(event.assignment_ids) if is_untouched(row)]

    def late_count(self, store: Store, actor: Actor) -> int:
        """Return how many orders are late, counted up to `COUNTED`."""
        return store.clock.late_count(acting(store, actor).shop, COUNTED)

    def late_orders(
        self, store: Store, actor: Actor, cursor: Cursor | None = None
    ) -> Page[OrderRow]:
        """Return a page of the merchant's late orders, whoever should ship them."""
        acting(store, actor, "merchant")
        return store.clock.late_orders(actor.shop_id, cursor, PAGE)

    def late_assignments(
        self, store: Store, actor: Actor, cursor: Cursor | None = None
    ) -> Page[AssignmentRow]:
        """Return a page of what the factory is late with."""
        acting(store, actor, "factory")
        return store.clock.late_assignments(actor.shop_id, cursor, PAGE)


def _for_merchant(store: Store, actor: Actor, shop: Shop, event: FellDue) -> Due:
    late = [row for row in _going(store, event.late) if row.sort_at <= store.now]
    ignored = store.clock.unseen_of(event.ignored)
    rows = [row for row in store.clock.rows(event.ignored) if row.id in ignored]
    waiting, waiting_more = _waiting(store, shop) if event.waiting else ((), False)
    return Due(
        mine=False,
        waiting=waiting,
        waiting_more=waiting_more,
        late=grouped(store, late),
        silent=[group for one in event.silent if (group := _silent_group(store, actor, one)).rows],
        ignored=grouped(store, rows),
        unanswered=[
            group for one in event.unanswered if (group := unanswered_group(store, actor, one)).rows
        ],
    )


def _for_factory(store: Store, _: Actor, shop: Shop, event: FellDue) -> Due:
    near, more = _near(store, shop) if event.deadlines else ((), False)
    unseen = store.clock.unseen_of(event.unseen)
    return Due(
        True, near, more,
        unseen=[row for row in store.clock.rows(event.unseen) if row.id in unseen],
    )  # fmt: skip


def _near(store: Store, shop: Shop) -> tuple[list[tuple[int, list[DueRow]]], bool]:
    """Return what is due within the reminders of the factory, each order in the nearest.

    What waits for goods is left alone until it is late.
    """
    hours = sorted({*reminders_of(shop), 0})
    until = store.now + timedelta(hours=hours[-1])
    rows = store.clock.nearest(shop.id or 0, until, LOOKED_AT)
    found: dict[int, list[DueRow]] = defaultdict(list)
    for row in rows:
        left = row.sort_at - store.now
        waits = row.status == "held" and row.held_until is not None and row.held_until > store.now
        if (waits and left > timedelta()) or stop_reason(row, row.extra) is not None:
            continue
        found[next(one for one in hours if left <= timedelta(hours=one))].append(row)
    return sorted(found.items()), len(rows) == LOOKED_AT


def _waiting(store: Store, shop: Shop) -> tuple[list[tuple[int, list[WaitingRow]]], bool]:
    """Return what waits to be assigned within the reminders of the merchant."""
    hours = sorted({*reminders_of(shop), 0})
    until = store.now + timedelta(hours=hours[-1])
    rows = store.clock.waiting_until(shop.id or 0, until, LOOKED_AT)
    found: dict[int, list[WaitingRow]] = defaultdict(list)
    for row in rows:
        left = row.sort_at - store.now
        found[next(one for one in hours if left <= timedelta(hours=one))].append(row)
    return sorted(found.items()), len(rows) == LOOKED_AT


def _going(store: Store, assignment_ids: Sequence[int]) -> list[DueRow]:
    """Return those that are still to be shipped, and may be."""
    return [
        row
        for row in store.clock.rows(assignment_ids)
        if row.ended_at is None and stop_reason(row, row.extra) is None
    ]


def _holds(store: Store, event: FellDue) -> list[Group]:
    """Return what still waits for goods that were hoped for by now."""
    rows = [
        row
        for row in store.clock.rows(event.holds)
        if row.status == "held" and (row.held_until is None or row.held_until <= store.now)
    ]
    return grouped(store, rows)


def _silent_group(store: Store, actor: Actor, binding_id: int) -> Group:
    """Return what a factory has left alone for too long."""
    binding = own_binding(store, actor, binding_id)
    longest = silent_after(store.shops.of(actor.shop_id)) or timedelta()
    rows = store.clock.untouched(binding_id, store.now - longest, TOGETHER)
    return Group(binding_id, name_of(store, binding), [row for row in rows if is_untouched(row)])
