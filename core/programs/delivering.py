"""What is owed to webhooks: written from the feed, sent at least once, tried again, given up.

Form and figures are those of Standard Webhooks 1.0.0
(https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md): the
message's id stays the same whenever it is sent, pauses grow over three days, 410 ends it at once.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import groupby
from operator import attrgetter
from random import random
from typing import Final, NamedTuple

from core.entities import Webhook
from core.ids import key
from core.ports import Store
from core.programs.feed import Happened
from core.programs.webhook_events import WebhookDisabled
from core.programs.webhooks import Target, switch_off, target_of

PAUSES: Final = (
    timedelta(seconds=5), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2),
    timedelta(hours=5), timedelta(hours=10), timedelta(hours=14), timedelta(hours=20),
    timedelta(hours=24),
)  # fmt: skip
GIVEN_UP: Final = sum(PAUSES, timedelta())  # 75 hours and a half
LEASE: Final = timedelta(seconds=60)  # sent again after it, should the house die meanwhile
LANES: Final = 4  # at once to one webhook; one where nothing gets through
SLICE: Final = 1_000  # items owed in one transaction: others' writes come between
SPREAD: Final = 0.1  # of a pause at most comes on top
AFTER: Final = timedelta(hours=24).total_seconds()  # no receiver is left alone for longer
GONE: Final = "gone"  # a failure that switches off at once: the receiver wants no more


class Letter(NamedTuple):
    """One message to send: `id` is the same whenever it is sent again."""

    target: Target
    feed_id: int
    id: str
    body: str


class Outcome(NamedTuple):
    """What became of a letter: `why` it failed, in a word; empty when it was received.

    `after` is how many seconds its receiver asks to be left alone.
    """

    webhook_id: int
    feed_id: int
    why: str
    after: float = 0.0


class Outlook(NamedTuple):
    """What there is to do: `now` something, or at `next`, if ever.

    `any`: there is a webhook; without one nothing that is written matters.
    """

    now: bool
    next: datetime | None
    seen_at: datetime
    any: bool = True


class Delivering:
    """Use cases of who sends. `busy` counts the letters under way by webhook.

    `spread` draws from 0 to 1 how much later than its pause a letter is tried again: what failed
    together must not come back together.
    """

    def __init__(self, spread: Callable[[], float] = random) -> None:
        self._spread = spread

    def look(self, store: Store, room: int, busy: Mapping[int, int]) -> Outlook:
        """Return whether anything can be owed or sent now; costs no write."""
        if store.webhooks.behind(1) or _due(store, room, busy):
            return Outlook(True, store.now, store.now)
        return Outlook(False, store.webhooks.next_due(), store.now, store.webhooks.any())

    def owe(self, store: Store) -> bool:
        """Owe what has happened, at most `SLICE` items; returns whether there is more."""
        left = SLICE
        for webhook in store.webhooks.behind(LANES):
            left -= store.webhooks.owe(webhook, left)
            if left <= 0:
                break
        return bool(store.webhooks.behind(1))

    def claim(self, store: Store, room: int, busy: Mapping[int, int]) -> Sequence[Letter]:
        """Return at most `room` letters to send now; they are due again after `LEASE`."""
        letters: list[Letter] = []
        for webhook_id, n in _due(store, room, busy):
            webhook = store.webhooks.get(webhook_id)
            if webhook is None:
                continue
            target = target_of(store, webhook)
            fed = store.webhooks.claim(webhook_id, n, store.now + LEASE)
            letters += [_letter(target, Happened.of(one)) for one in fed]
        return letters

    def settle(self, store: Store, outcomes: Sequence[Outcome]) -> bool:
        """Keep what became of letters; returns whether a shop is owed the news of an end."""
        told = False
        by_webhook = sorted(outcomes, key=attrgetter("webhook_id"))
        for webhook_id, some in groupby(by_webhook, attrgetter("webhook_id")):
            webhook = store.webhooks.get(webhook_id)
            if webhook is not None and webhook.disabled_at is None and webhook.ended_at is None:
                told |= self._settle(store, webhook, list(some))
        return told

    def _settle(self, store: Store, webhook: Webhook, outcomes: Sequence[Outcome]) -> bool:
        webhook_id = key(webhook)
        received = [one.feed_id for one in outcomes if not one.why]
        failed = {one.feed_id: one.why for one in outcomes if one.why}
        after = {one.feed_id: timedelta(seconds=min(one.after, AFTER)) for one in outcomes}
        if received:
            store.webhooks.received(webhook_id, received)
            webhook.ok_at, webhook.failing_since, webhook.why = store.now, None, ""
        if failed:
            webhook.failing_since = webhook.failing_since or store.now
            webhook.why = list(failed.values())[-1]
        if GONE in failed.values():
            return _disable(store, webhook, GONE)
        tries = store.webhooks.tries(webhook_id, list(failed))
        if failed and _dead(store, webhook):
            return _disable(store, webhook, webhook.why)
        spent = [one for one, n in tries.items() if n >= len(PAUSES)]
        store.webhooks.received(webhook_id, spent)  # let go of: others get through, this never will
        webhook.given_up += len(spent)
        later = [
            (one, store.now + max(self._pause(n), after[one]), n + 1)
            for one, n in tries.items()
            if n < len(PAUSES)
        ]
        store.webhooks.put_off(webhook_id, later)
        return False

    def _pause(self, tries: int) -> timedelta:
        """Return how long a letter waits after so many failures before: never less than its pause,
        or it would be given up before its time.
        """
        return PAUSES[tries] * (1 + SPREAD * self._spread())


def _due(store: Store, room: int, busy: Mapping[int, int]) -> list[tuple[int, int]]:
    """Return whom something can be sent to now, and how much, who waits longest first."""
    found = []
    for webhook_id, failing in store.webhooks.due():
        lanes = (1 if failing else LANES) - busy.get(webhook_id, 0)
        n = min(lanes, room)
        if n > 0:
            found.append((webhook_id, n))
            room -= n
    return found


def _letter(target: Target, happened: Happened) -> Letter:
    body = {
        "type": happened.type,
        "timestamp": happened.at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        "data": {
            "id": happened.id, "order_id": happened.order_id,
            "assignment_id": happened.assignment_id, "door": happened.door,
        },
    }  # fmt: skip
    message_id = f"msg_{target.webhook_id}_{happened.id}"
    return Letter(target, happened.id, message_id, json.dumps(body, separators=(",", ":")))


def _dead(store: Store, webhook: Webhook) -> bool:
    """Whether nothing was received for as long as one letter is tried."""
    since = webhook.failing_since
    return since is not None and since <= store.now - GIVEN_UP


def _disable(store: Store, webhook: Webhook, why: str) -> bool:
    switch_off(store, webhook, why)
    store.record(None, "webhook_disabled", webhook=key(webhook), shop=webhook.shop_id, why=why)
    store.emit(WebhookDisabled(key(webhook)), to=webhook.shop_id)
    return True
