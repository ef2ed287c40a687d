"""Whether a factory can have seen a change: when it heard of it, or why it has not yet."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from core.clock.watching import unseen_after
from core.entities import ChangeNotice
from core.ids import key
from core.orders.standing import stop_reason
from core.ports import Store
from core.ports.notices import Hearing


def too_early(
    store: Store, due: Sequence[ChangeNotice], heard: Mapping[int, Hearing]
) -> dict[int, datetime]:
    """Return which notices cannot be called unseen yet, and when they are due then.

    Time runs from when they arrived, and not in quiet hours. What is still to arrive, as after a
    day without the bot, is waited for: it arrives, or turns out not to.
    """
    hears = {one: store.clock.hears_from(one) for one in {row.factory_id for row in due}}
    stopped = _stopped(store, due)
    later: dict[int, datetime] = {}
    for row in due:
        stops = row.assignment_id in stopped
        quiet_until = None if stops else hears[row.factory_id]
        since = quiet_until or _since(heard.get(key(row)), store.now, stops=stops)
        if since is not None:
            later[key(row)] = since + unseen_after(store.shops.of(row.merchant_id))
    return {one: at for one, at in later.items() if at > store.now}


def _since(hearing: Hearing | None, now: datetime, *, stops: bool) -> datetime | None:
    """Return from when a notice counts as told; None when it will reach nobody.

    A stop was told through quiet hours: that its repetition waits for their end is no reason to
    keep the merchant waiting.
    """
    if hearing is None or hearing.at is not None or hearing.waits is None:
        return hearing.at if hearing is not None else None
    return None if stops and hearing.waits > now else max(hearing.waits, now)


def _stopped(store: Store, due: Sequence[ChangeNotice]) -> set[int]:
    """Return which assignments of these must not be shipped."""
    given = store.clock.rows([row.assignment_id for row in due])
    return {one.id for one in given if stop_reason(one, one.extra) is not None}
