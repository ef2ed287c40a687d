"""Whether a factory can have seen a change: when it heard of it, or why it has not yet."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from core.clock.watching import unseen_after
from core.entities import ChangeNotice
from core.ids import key
from core.orders.standing import stop_reason
from core.ports import Store
from core.ports.notices import Hearing


def unheard(store: Store, due: Sequence[ChangeNotice]) -> dict[int, datetime]:
    """Return which notices wait for the end of quiet hours, and when they are due then.

    Those of a stop do not: it has been told.
    """
    hears = {one: store.clock.hears_from(one) for one in {row.factory_id for row in due}}
    quiet = {key(row): row for row in due if hears[row.factory_id] is not None}
    given = store.clock.rows([row.assignment_id for row in quiet.values()])
    stopped = {one.id for one in given if stop_reason(one, one.extra) is not None}
    return {
        notice_id: at + unseen_after(store.shops.of(row.merchant_id))
        for notice_id, row in quiet.items()
        if row.assignment_id not in stopped and (at := hears[row.factory_id]) is not None
    }


def too_early(
    store: Store, due: Sequence[ChangeNotice], heard: Mapping[int, Hearing]
) -> dict[int, datetime]:
    """Return which notices arrived too short a time ago, or not yet, and when they are due then.

    After a day without the bot a change goes out in the minute in which it is due. What has not
    arrived is put off once.
    """
    later: dict[int, datetime] = {}
    for row in due:
        unseen = unseen_after(store.shops.of(row.merchant_id))
        hearing = heard.get(key(row))
        if hearing is None:
            continue
        if hearing.at is not None:
            later[key(row)] = hearing.at + unseen
        elif hearing.waits is not None and not _was_put_off(row, unseen * 2):
            later[key(row)] = max(hearing.waits, store.now) + unseen
    return {one: at for one, at in later.items() if at > store.now}


def _was_put_off(row: ChangeNotice, longest: timedelta) -> bool:
    told = row.repeated_at or row.told_at
    return row.due_at is not None and row.due_at - told >= longest
