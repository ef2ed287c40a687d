"""Who must hear of a change: the factories at work, one notice each, and the merchant.

A notice (`ChangeNotice`) waits to be seen; while nobody presses 已知晓 the clock repeats it.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from core.changes.judging import Diff
from core.entities import BATCH_FROM, Assignment, Extra, Order
from core.events import TAGS_NAMED, Event, LeftWithOldAddress, OrderChanged, OrdersChanged
from core.ids import key
from core.orders.shown import outdate_cards
from core.orders.standing import stop_reason
from core.ports import Store

STOP_FIELDS = {"closed", "after_sale", "held"}
ORDERS_NAMED = 20


class News(NamedTuple):
    """A change that a factory must hear of.

    `stops` when it must not ship any more; `outdated` when it has looked at, or printed, an address
    that no longer holds.
    """

    given: Assignment
    change_id: int
    stops: bool
    outdated: bool


class Heard(NamedTuple):
    """What one order's change is to others: news, and whether a parcel left by the old address.

    `catches`: it stops an order whose parcels may be under way.
    """

    order_id: int
    news: Sequence[News]
    too_late: bool
    catches: bool = False


def moved(diffs: Sequence[Diff]) -> bool:
    """Whether a recipient one could ship to is another now."""
    return any(diff["field"] == "recipient" and not diff["first"] for diff in diffs)


def concerns(fields: set[str], extra: Extra) -> bool:
    """Return whether a change is news to an assignment: an extra has lines and notes of its own."""
    if not extra:
        return True
    return bool(fields & ({"recipient", *STOP_FIELDS} if extra == "gift" else {"recipient"}))


def told_of(
    given: Sequence[Assignment], diffs: Sequence[Diff], since: datetime
) -> list[Assignment]:
    """Return which of an order's assignments, open or shipped, a change is news to.

    Of what shipped only a stop or another address is, when it left after `since`: the parcel may be
    caught.
    """
    fields = {diff["field"] for diff in diffs}
    chase = moved(diffs) or bool(fields & STOP_FIELDS)
    return [
        one
        for one in given
        if concerns(fields, one.extra)
        and (one.ended_at is None or (chase and one.ended_at >= since))
    ]


def heard_of(
    order: Order, change_id: int, diffs: Sequence[Diff], given: Sequence[Assignment],
    told: Sequence[Assignment],
) -> Heard:  # fmt: skip
    """Return what the change is to those `told` of it; `given` are all who ship or have shipped."""
    stopping = any(diff["field"] in STOP_FIELDS for diff in diffs)
    news = [
        News(
            one, change_id,
            stops=stopping and stop_reason(order, one.extra) is not None,
            outdated=moved(diffs) and one.looked_at is not None,
        )
        for one in told
    ]  # fmt: skip
    sent = any(one.status in ("part_shipped", "shipped") for one in given)
    return Heard(key(order), news, moved(diffs) and sent)


def tell(store: Store, merchant_id: int, heard: Sequence[Heard], unseen: timedelta) -> None:
    """Keep a notice of each news, and tell each factory and the merchant once.

    A factory is told of a few orders one by one, of `BATCH_FROM` and more in one message.
    """
    news: dict[tuple[int, int], list[News]] = defaultdict(list)
    for one in heard:
        for each in one.news:
            news[each.given.factory_id, each.given.binding_id].append(each)
    notices = [(one.change_id, one.given) for told in news.values() for one in told]
    store.notices.add_many(notices, store.now + unseen)
    for (factory_id, binding_id), told in news.items():
        store.emit_all(_events(binding_id, told), to=factory_id)
    late = [one.order_id for one in heard if one.too_late]
    if late:
        store.emit(LeftWithOldAddress(tuple(late[:ORDERS_NAMED]), len(late)), to=merchant_id)
    outdate_cards(store, len(heard), {merchant_id, *(factory for factory, _ in news)})


def _events(binding_id: int, told: Sequence[News]) -> list[Event]:
    if len(told) < BATCH_FROM:
        return [OrderChanged(key(one.given), one.change_id, one.stops) for one in told]
    stops = [one.given.tag for one in told if one.stops]
    outdated = [one.given.tag for one in told if one.outdated and not one.stops]
    others = [one.given.tag for one in told if not one.stops and not one.outdated]
    return [
        OrdersChanged(
            binding_id, len(stops), len(others) + len(outdated),
            tuple(stops[:TAGS_NAMED]), tuple(others[:TAGS_NAMED]),
            outdated_tags=tuple(outdated[:TAGS_NAMED]),
            assignment_ids=tuple(key(one.given) for one in told[:TAGS_NAMED]),
        )
    ]  # fmt: skip
