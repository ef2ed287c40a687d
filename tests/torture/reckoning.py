"""What must be true when a company's house was killed often, and then left alone for a moment."""

import json
import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal, NamedTuple

from app.building import open_database
from tests.core.truth import faults
from tests.torture.programs import PLATFORMS, Follower
from tests.torture.reading import Reader
from tests.torture.town import Plan, Town

ENDS: Final = {  # how an order, and its one assignment, end
    "ship": ("shipped", "shipped"), "accept and ship": ("shipped", "shipped"),
    "accept": ("accepted", "assigned"), "decline": ("declined", "unassigned"),
    "take back": ("recalled", "unassigned"), "leave": ("assigned", "assigned"),
}  # fmt: skip
SHIPPED: Final = ("ship", "accept and ship")
MARK: Final = re.compile(r"可能重复 · 通知 #(\d+)")
DIGEST: Final = "分来"  # two batches may well read alike: they are counted
Work = Literal["alerts", "calls", "jobs"]
WORKS: Final[tuple[Work, ...]] = ("alerts", "calls", "jobs")
UNDER_WAY: Final[Mapping[Work, str]] = {  # each try of something, by its id and which one
    "alerts": "SELECT id, attempts FROM alert "
    "WHERE state = 'owed' AND lease_until IS NOT NULL AND attempts > 0",
    "calls": "SELECT id, sent_at FROM platform_call WHERE state = 'owed' AND sent_at IS NOT NULL",
    "jobs": "SELECT id, attempts FROM job WHERE state = 'waiting' AND attempts > 0",
}
SENDS: Final = ("sendMessage", "sendDocument", "sendPhoto")


class Told(NamedTuple):
    """A message the courier brought: where, what, and the alert it names where it is marked."""

    chat: int
    text: str
    marked: int | None


@dataclass
class Windows:
    """What was on its way out when a life ended, each try once; and how many kills hit some."""

    kills: int = 0
    alerts: set[tuple[int, int]] = field(default_factory=set)
    calls: set[tuple[int, object]] = field(default_factory=set)
    jobs: set[tuple[int, int]] = field(default_factory=set)
    hit: int = 0  # kills that hit an alert under way
    hit_calls: int = 0
    hit_jobs: int = 0

    async def look(self, reader: Reader, *, killed: bool, at: Collection[Work] = WORKS) -> None:
        """Who did this work is dead: see what was under way of it."""
        hit = {one: await self._adds(reader, one) for one in at}
        if killed:
            self.kills += 1
            self.hit += hit.get("alerts", False)
            self.hit_calls += hit.get("calls", False)
            self.hit_jobs += hit.get("jobs", False)

    async def _adds(self, reader: Reader, work: Work) -> bool:
        known: set[tuple[Any, Any]] = getattr(self, work)
        before = len(known)
        known |= {(one[0], one[1]) for one in await reader.rows(UNDER_WAY[work])}
        return len(known) > before


@dataclass
class Seen:
    """Figures of one story, or of several together."""

    orders: int = 0
    assignments: int = 0
    parcels: int = 0
    alerts: int = 0
    told: int = 0
    repeats: int = 0
    platform_calls: int = 0
    events: int = 0
    posted: int = 0
    posted_again: int = 0

    def add(self, other: "Seen") -> None:
        for name, value in vars(other).items():
            setattr(self, name, getattr(self, name) + value)


async def reckoned(town: Town, windows: Windows, follower: Follower) -> Seen:
    """Compare everything with what was planned. Raises `AssertionError`."""
    await town.reader.is_whole()
    assert await town.rows("SELECT * FROM poisoned_update") == []
    async with open_database(town.house.settings) as database:
        assert await database.read(faults) == []
    seen = Seen(orders=len(town.plans))
    seen.assignments, seen.parcels = await stands_as_planned(town)
    seen.alerts, seen.told, seen.repeats = await alerts_arrived(town, windows)
    seen.platform_calls = await platforms_know(town)
    seen.events = await events_followed(town, follower)
    seen.posted, seen.posted_again = await webhooks_heard(town)
    return seen


async def stands_as_planned(town: Town) -> tuple[int, int]:
    """Every order is there once, where it was planned to be, by one assignment, in one parcel."""
    found = {
        row[0]: row[1:]
        for row in await town.rows(
            "SELECT orders.order_no, assignment.status, orders.status, "
            "(SELECT count(*) FROM assignment one WHERE one.order_id = orders.id), "
            "(SELECT count(*) FROM orders one WHERE one.order_no = orders.order_no) "
            "FROM orders LEFT JOIN assignment ON assignment.order_id = orders.id"
        )
    }
    wished = {number: (*ENDS[plan.what], 1, 1) for number, plan in town.plans.items()}
    differ = {
        number: (town.plans.get(number), found.get(number))
        for number in {*wished, *found}
        if wished.get(number) != found.get(number)
    }
    assert not differ, differ
    parcels = await town.rows(
        "SELECT orders.order_no, tracking_number FROM shipment "
        "JOIN orders ON orders.id = shipment.order_id"
    )
    sent = [(one.number, one.parcel) for one in town.plans.values() if one.what in SHIPPED]
    assert sorted(parcels) == sorted(sent)
    changed = dict(await town.rows("SELECT order_no, count(*) FROM order_change JOIN orders "
                             "ON orders.id = order_change.order_id GROUP BY 1"))  # fmt: skip
    noted = {number for number, plan in town.plans.items() if plan.note is not None}
    assert changed == dict.fromkeys(noted, 1)
    return len(found), len(parcels)


async def alerts_arrived(town: Town, windows: Windows) -> tuple[int, int, int]:
    """Every alert arrived; it came again only marked, and only where a kill left it in doubt."""
    states = Counter(row[0] for row in await town.rows("SELECT state FROM alert"))
    assert set(states) == {"sent"}, states
    told = list(_told(town.calls))
    assert len(told) >= len(town.plans) / 2, "what the courier brought is not recognised"
    marked = [one for one in told if one.marked is not None]
    doubtful = {alert_id for alert_id, _ in windows.alerts}
    assert {one.marked for one in marked} <= doubtful
    assert len(marked) <= len(windows.alerts), (len(marked), len(windows.alerts))
    expected = await _expected(town)
    for (chat, words), ids in expected.items():
        # What brings more words than these may be about another alert of the same order.
        owed = sum(len(more) for (where, said), more in expected.items()
                   if where == chat and {*words} <= {*said})  # fmt: skip
        about = [one for one in told if one.chat == chat and all(w in one.text for w in words)]
        once = [one for one in about if one.marked is None]
        # Taken back before it was told: then only that is told.
        overtaken = any(town.plans[w].what == "take back" for w in words if w in town.plans)
        least = owed - len(ids) if overtaken else owed
        assert len(about) >= least, f"{chat} was not told {words}: alerts {ids}"
        assert len(once) <= owed, f"{chat} was told {words} again, unmarked: {once}"
    copies = Counter((one.chat, one.text) for one in told if one.marked is None)
    again = {one: n for one, n in copies.items() if n > 1 and DIGEST not in one[1]}
    assert not again, again
    assert sum(n for (_, text), n in copies.items() if DIGEST in text) <= await _digests(town)
    return sum(states.values()), len(told), len(marked)


async def _digests(town: Town) -> int:
    [(owed,)] = await town.rows("SELECT count(*) FROM alert WHERE event = 'OrdersAssigned'")
    return int(owed)


def _told(calls: Sequence[Mapping[str, Any]]) -> Iterator[Told]:
    """What the courier brought; answers of the conversation go by another client."""
    for one in calls:
        if one["method"] in SENDS and "python-telegram-bot" in one["by"] and one["status"] == 200:
            text = str(one["params"].get("text") or one["params"].get("caption") or "")
            mark = MARK.search(text)
            yield Told(int(one["params"]["chat_id"]), text, int(mark[1]) if mark else None)


async def _expected(town: Town) -> dict[tuple[int, tuple[str, ...]], list[int]]:
    """The alerts about orders, by chat and by the words each must bring."""
    facts = {
        row[0]: row[1:]
        for row in await town.rows(
            "SELECT assignment.id, tag, order_no FROM assignment "
            "JOIN orders ON orders.id = assignment.order_id"
        )
    }
    found: dict[tuple[int, tuple[str, ...]], list[int]] = {}
    for alert_id, chat, event, payload in await town.rows(
        "SELECT id, chat_id, event, CAST(payload AS text) FROM alert ORDER BY id"
    ):
        words = _words(event, json.loads(payload), facts, town.plans)
        if words:
            found.setdefault((chat, words), []).append(alert_id)
    return found


def _words(
    event: str, payload: Mapping[str, Any], facts: Mapping[int, tuple[str, str]],
    plans: Mapping[str, Plan],
) -> tuple[str, ...]:  # fmt: skip
    """What stands in an alert; empty where it is about no order."""
    if event == "OrdersShipped":
        numbers = [facts[one][1] for one in payload["assignment_ids"]]
        return ("🚚", *(plans[one].parcel for one in numbers))
    if event not in ("OrderAssigned", "OrderShipped", "OrderDeclined", "OrderRecalled",
                     "OrderChanged"):  # fmt: skip
        return ()
    tag, number = facts[payload["assignment_id"]]
    return {
        "OrderAssigned": (number,),
        "OrderShipped": ("🚚", plans[number].parcel, number),
        "OrderDeclined": ("❌", number),
        "OrderRecalled": ("⛔", tag, number),
        "OrderChanged": (number,),  # its new card may say of a change as well
    }[event]


async def platforms_know(town: Town) -> int:
    """Every call was made, and the platforms show each parcel once and whole."""
    calls = await town.rows("SELECT kind, state, why FROM platform_call")
    assert {row[1] for row in calls} <= {"done", "dropped"}, Counter(calls)
    for plan in town.plans.values():
        if plan.door not in PLATFORMS:
            continue
        shown = await town.operator.get(f"orders/{plan.number}")
        sent = [plan.parcel] if plan.what in SHIPPED else []
        assert sorted({one["number"] for one in shown["parcels"]}) == sent, (plan, shown)
        if sent and plan.door == "doudian":
            left = {line["id"]: line["count"] for line in shown["lines"]}
            for parcel in shown["parcels"]:
                for line, pieces in parcel["items"].items():
                    left[line] -= pieces
            assert set(left.values()) == {0}, (plan, shown)
        if plan.note is not None:
            assert shown["seller_words"] == plan.note
    return len(calls)


async def events_followed(town: Town, follower: Follower) -> int:
    """Who follows the events has seen each once, in order."""
    feed = [row[0] for row in await town.rows(
        "SELECT feed_item.id FROM feed_item JOIN webhook ON webhook.shop_id = feed_item.shop_id "
        "ORDER BY 1"
    )]  # fmt: skip
    assert follower.seen == feed
    return len(feed)


async def webhooks_heard(town: Town) -> tuple[int, int]:
    """Every message of the webhook was received; one that came again bore the same id."""
    assert await town.rows("SELECT * FROM delivery") == []
    heard = Counter(int(one.body["data"]["id"]) for one in town.receiver.received)
    owed = {row[0] for row in await town.rows(
        "SELECT id FROM feed_item WHERE shop_id = (SELECT shop_id FROM webhook)"
    )}  # fmt: skip
    assert set(heard) == owed
    assert len(set(town.receiver.ids)) == len(heard)
    return len(heard), sum(heard.values()) - len(heard)
