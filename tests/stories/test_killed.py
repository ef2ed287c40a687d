"""Killed twenty times at random while people work: nothing lost, nothing doubled inside.

The bot is a process of its own and ends by SIGKILL, mostly between a commit and the message that
tells of it: every message takes the playground a moment. After each kill it is started again.
"""

import asyncio
import os
import random
import sqlite3
from collections import Counter
from collections.abc import Sequence
from contextlib import AsyncExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import httpx

from app.building import open_database
from core.entities import BATCH_FROM
from playground.config import Config
from playground.people import DEFAULT_BOT, Person
from playground.phone import Phone
from playground.seen import M
from playground.server import running as playground_running
from tests.cast import LIN_XIAOMAN, WANG_DALI, ZHAO_MIN, Clock, Row, Stage, export, order_no
from tests.core.truth import faults
from tests.stories.killable import KillableBot, settings_in, start_command

KILLS = 20
ORDERS = 40
SINGLY = BATCH_FROM - 1  # orders of one act that are told one by one: here each has its own message
FIRST_FILE = 20  # orders imported before the first kill; the others come in amid the kills
PATIENT = 40.0  # seconds a person waits for the bot, which may be dead twice meanwhile
SLOW = [
    {"kind": "latency", "method": method, "seconds": seconds}
    for method, seconds in (("sendMessage", 0.25), ("editMessageText", 0.1))
]
MENUS = 4  # two scopes in two languages
PLANS = ("ship", "ship", "accept and ship", "accept", "decline", "take back", "leave")


@dataclass
class Tale:
    """Who does what with which order, and how far they are."""

    rng: random.Random
    folder: Path
    stage: Stage
    plans: dict[int, str] = field(default_factory=dict)
    factory_of: dict[int, int] = field(default_factory=dict)
    numbers: list[str] = field(default_factory=list)
    all_in: bool = False
    deeds: int = 0
    moved: asyncio.Condition = field(default_factory=asyncio.Condition)

    @property
    def merchant(self) -> Phone:
        return self.stage.phone(LIN_XIAOMAN)

    async def begins(self) -> None:
        """Somebody is about to act: the killer counts."""
        async with self.moved:
            self.deeds += 1
            self.moved.notify_all()

    async def reaches(self, deeds: float) -> None:
        async with self.moved:
            await self.moved.wait_for(lambda: self.deeds >= deeds)

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """Look into the database file, which no bot may be serving just now."""
        address = f"file:{self.folder / 'daifa.sqlite3'}?mode=ro"
        with closing(sqlite3.connect(address, uri=True, timeout=10)) as raw:
            return raw.execute(query, values).fetchall()

    async def card(self, phone: Phone, number: int) -> M:
        """Wait for the order's card: one the bot knows it has sent."""
        query = (
            "SELECT card.message_id FROM card JOIN assignment ON assignment.id = card.ref_id "
            "JOIN orders ON orders.id = assignment.order_id "
            "WHERE card.kind = 'assignment' AND card.chat_id = ? AND orders.order_no = ?"
        )
        async with asyncio.timeout(PATIENT):
            while True:
                known = {row[0] for row in self.rows(query, phone.person_id, order_no(number))}
                for message in reversed(await phone.chat()):
                    if message.message_id in known:
                        return message
                await asyncio.sleep(0.1)


# -- what people do ------------------------------------------------------------------------------


async def merchant_works(tale: Tale) -> None:
    """Hand out every order, some in batches; take some back; send a file of changes in between."""
    left = list(range(1, ORDERS + 1))
    while left:
        if left[0] > FIRST_FILE and not tale.all_in:
            tale.all_in = True
            await sends_file(tale, [Row(order_no(one)) for one in range(left[0], ORDERS + 1)])
        factory = tale.factory_of[left[0]]
        batch = [left.pop(0)]
        while left and left[0] != FIRST_FILE + 1 and tale.factory_of[left[0]] == factory:
            if len(batch) == SINGLY:
                break
            batch.append(left.pop(0))
        await tale.begins()
        names = " ".join(order_no(one) for one in batch)
        await tale.merchant.sends(f"/assign {names} {tale.numbers[factory]}", wait=PATIENT)
        for one in batch:
            if tale.plans[one] == "take back":
                await takes_back(tale, one)
    changed = [one for one, plan in tale.plans.items() if plan == "leave"]
    await sends_file(tale, [Row(order_no(one), buyer_note="周末送") for one in changed])


async def sends_file(tale: Tale, rows: Sequence[Row]) -> None:
    """Send a file and confirm it; the reading may be killed and is taken up again."""
    await tale.begins()
    await tale.merchant.uploads("订单.xlsx", export(rows), wait=PATIENT)
    preview = await tale.merchant.sees("以上为预览", PATIENT)
    await tale.begins()
    await tale.merchant.taps("确认导入", preview, wait=PATIENT)


async def takes_back(tale: Tale, number: int) -> None:
    await tale.begins()
    await tale.merchant.sends(f"/orders {order_no(number)}", wait=PATIENT)
    shown = [one for one in await tale.merchant.chat() if order_no(number) in one.text]
    cards = [one for one in shown if any("撤回" in label for label in one.labels)]
    assert cards, f"order {number} cannot be taken back: {shown[-1]}"
    card = cards[-1]
    await tale.begins()
    await tale.merchant.taps("撤回", card, wait=PATIENT)


async def factory_works(tale: Tale, person: Person, factory: int) -> None:
    phone = tale.stage.phone(person)
    for number, plan in tale.plans.items():
        if tale.factory_of[number] != factory or plan in ("leave", "take back"):
            continue
        card = await tale.card(phone, number)
        if plan.startswith("accept"):
            await tale.begins()
            await phone.taps("接单", card, wait=PATIENT)
        if plan.endswith("ship"):
            await tale.begins()
            await phone.replies(card, parcel(number), wait=PATIENT)
        if plan == "decline":
            await tale.begins()
            await phone.taps("拒单", card, wait=PATIENT)
            await tale.begins()
            again = next(m for m in await phone.chat() if m.message_id == card.message_id)
            await phone.taps("缺货", again, wait=PATIENT)


async def killer_works(tale: Tale, bot: KillableBot, first: int, last: int) -> None:
    """Kill at random moments, spread over all that people do."""
    for kill in range(KILLS):
        await tale.reaches(first + (last - first) * kill / KILLS)
        await asyncio.sleep(tale.rng.uniform(0, 0.4))
        await bot.is_killed()
        bot.start()


def parcel(number: int) -> str:
    return f"SF12345678{number:05d}"


def deeds_planned(tale: Tale) -> int:
    """Return at least how many deeds there will be, batches at their fullest."""
    each = {"ship": 1, "accept and ship": 2, "accept": 1, "decline": 2, "take back": 2, "leave": 0}
    return sum(each[plan] for plan in tale.plans.values()) + ORDERS // 3


# -- the test ------------------------------------------------------------------------------------


async def test_killed_twenty_times_nothing_is_lost_and_nothing_doubled(tmp_path: Path) -> None:
    seed = int(os.environ.get("KILL_SEED", "20016"))  # another plan: another seed
    async with AsyncExitStack() as stack:
        config = Config(data=tmp_path / "telegram")
        address = await stack.enter_async_context(playground_running(config))
        client = await stack.enter_async_context(httpx.AsyncClient(timeout=60))
        settings = settings_in(tmp_path, address)
        # The bot lives elsewhere: of the stage only what people do is used.
        stage = Stage(address, client, cast("Any", None), Clock(), settings)
        tale = Tale(random.Random(seed), tmp_path, stage)
        await begin(tale, address)
        bot = KillableBot(tmp_path, address, DEFAULT_BOT.token)
        bot.start()
        await client.post(f"{address}/api/faults", json={"faults": SLOW})
        async with asyncio.timeout(400), asyncio.TaskGroup() as people:
            people.create_task(merchant_works(tale))
            people.create_task(factory_works(tale, WANG_DALI, 0))
            people.create_task(factory_works(tale, ZHAO_MIN, 1))
            people.create_task(killer_works(tale, bot, 0, deeds_planned(tale)))
        await everything_is_delivered(tale)
        await bot.is_killed()
        calls = (await client.get(f"{address}/api/calls")).json()["calls"]
        told_once(tale, calls)
        stands_as_wished(tale)
        assert tale.rows("PRAGMA integrity_check") == [("ok",)]
        async with open_database(settings) as database:
            assert await database.read(faults) == []


async def begin(tale: Tale, address: str) -> None:
    """Open, bind and import with the operator's own command; then end that by SIGKILL too."""
    stage, merchant = tale.stage, tale.merchant
    with (tale.folder / "first.log").open("w") as log:
        command = start_command(tale.folder, address, DEFAULT_BOT.token, log)
        try:
            await comes_up(tale, address)
            await stage.opens_shop(merchant, "商家", "小满优选")
            for person, name in ((WANG_DALI, "大力日用百货厂"), (ZHAO_MIN, "敏记食品厂")):
                phone = stage.phone(person)
                tale.numbers.append(await stage.opens_shop(phone, "厂家", name))
                await stage.binds(merchant, phone, tale.numbers[-1])
            await stage.imports(merchant, [Row(order_no(one)) for one in range(1, FIRST_FILE + 1)])
        finally:
            command.kill()
            await asyncio.to_thread(command.wait)
    for number in range(1, ORDERS + 1):
        tale.plans[number] = tale.rng.choice(PLANS)
        tale.factory_of[number] = tale.rng.randrange(2)
    tale.plans[1], tale.plans[2] = "take back", "leave"
    for factory in (0, 1):
        left = [n for n, plan in tale.plans.items()
                if plan == "leave" and tale.factory_of[n] == factory]  # fmt: skip
        tale.plans |= dict.fromkeys(left[SINGLY:], "accept")


async def comes_up(tale: Tale, address: str) -> None:
    """Wait until the bot has shown its menus, the last thing before it takes updates."""
    async with asyncio.timeout(150):
        while True:
            called = await tale.stage.client.get(
                f"{address}/api/calls", params={"method": "setMyCommands"}
            )
            if len(called.json()["calls"]) >= MENUS:
                return
            await asyncio.sleep(0.1)


async def everything_is_delivered(tale: Tale) -> None:
    async with asyncio.timeout(PATIENT):
        while tale.rows("SELECT 1 FROM alert WHERE state = 'owed'"):  # noqa: ASYNC110 - no bell
            await asyncio.sleep(0.1)


# -- what must be true ---------------------------------------------------------------------------


def stands_as_wished(tale: Tale) -> None:
    """Every order people acted on is where they wanted it, by one assignment, in one parcel."""
    ends = {
        "ship": ("shipped", "shipped"), "accept and ship": ("shipped", "shipped"),
        "accept": ("accepted", "assigned"), "decline": ("declined", "unassigned"),
        "take back": ("recalled", "unassigned"), "leave": ("assigned", "assigned"),
    }  # fmt: skip
    wished = {order_no(one): (*ends[plan], 1) for one, plan in tale.plans.items()}
    found = {
        row[0]: row[1:]
        for row in tale.rows(
            "SELECT orders.order_no, assignment.status, orders.status, "
            "(SELECT count(*) FROM assignment one WHERE one.order_id = orders.id) "
            "FROM orders LEFT JOIN assignment ON assignment.order_id = orders.id"
        )
    }
    assert found == wished
    shipped = sorted(one for one, plan in tale.plans.items() if plan.endswith("ship"))
    parcels = tale.rows(
        "SELECT orders.order_no, tracking_number FROM shipment "
        "JOIN orders ON orders.id = shipment.order_id ORDER BY 1"
    )
    assert parcels == [(order_no(one), parcel(one)) for one in shipped]
    changed = tale.rows("SELECT count(*), count(DISTINCT order_id) FROM order_change")
    left = sum(plan == "leave" for plan in tale.plans.values())
    assert changed == [(left, left)]
    assert tale.rows("SELECT * FROM poisoned_update") == []


def told_once(tale: Tale, calls: Sequence[dict[str, Any]]) -> None:
    """Every alert arrived; it came again only marked, at most once a kill and chat."""
    states = Counter(row[0] for row in tale.rows("SELECT state FROM alert"))
    assert set(states) == {"sent"}
    expected = Counter(
        row[0] for row in tale.rows("SELECT event FROM alert WHERE event LIKE 'Order%'")
    )
    plans = Counter(tale.plans.values())
    assert expected == Counter(
        {
            "OrderAssigned": ORDERS,
            "OrderShipped": plans["ship"] + plans["accept and ship"],
            "OrderDeclined": plans["decline"],
            "OrderRecalled": plans["take back"],
            "OrderChanged": plans["leave"],
        }
    )
    sent = [one["params"] for one in calls if one["method"] == "sendMessage"]
    texts = [(int(one["chat_id"]), str(one["text"])) for one in sent]
    marked = [(chat, text) for chat, text in texts if "可能重复" in text]
    assert marked, "no kill ever hit between a message and its receipt: this proves nothing"
    again = Counter(chat for chat, _ in marked)
    assert all(n <= KILLS for n in again.values()), again
    edited = [one["params"] for one in calls if one["method"] == "editMessageText"]
    answers = [*texts, *((int(one["chat_id"]), str(one["text"])) for one in edited)]
    for number, plan in tale.plans.items():
        if plan.endswith("ship"):
            chat = (WANG_DALI, ZHAO_MIN)[tale.factory_of[number]].id
            assert [1 for one in answers if one[0] == chat and parcel(number) in one[1]], (
                f"{chat} never heard what became of {parcel(number)}"
            )
            _arrived(texts, LIN_XIAOMAN.id, "🚚", order_no(number))
        if plan == "decline":
            _arrived(texts, LIN_XIAOMAN.id, "❌", order_no(number))
        if plan == "leave":
            chat = (WANG_DALI, ZHAO_MIN)[tale.factory_of[number]].id
            _arrived(texts, chat, "🆕", order_no(number))
            _arrived(texts, chat, "有变更", order_no(number))


def _arrived(texts: Sequence[tuple[int, str]], chat: int, sign: str, number: str) -> None:
    about = [text for where, text in texts if where == chat and sign in text and number in text]
    unmarked = [text for text in about if "可能重复" not in text]
    assert about, f"{chat} was never told {sign} of {number}"
    assert len(unmarked) <= 1, f"{chat} was told twice, unmarked: {unmarked}"
