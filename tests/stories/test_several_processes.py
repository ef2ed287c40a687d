"""One bot by five processes, each replaced while people work: nobody notices, nothing doubles."""

import asyncio
import signal
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import asyncpg
import httpx
from sqlalchemy import URL

from playground.config import Config
from playground.people import DEFAULT_BOT
from playground.phone import Phone
from playground.server import running as playground_running
from storage.keyring import Keyring
from tests.cast import LIN_XIAOMAN, WANG_DALI, Clock, Row, Stage, order_no
from tests.server import server_database
from tests.several import Process, Proxy
from tests.sharing.servers import RedisServer
from tests.torture.house import free_port

ORDERS = 24


class Company:
    """The processes, the phones, and a look into the database."""

    def __init__(self, stage: Stage, url: URL, redis: RedisServer, processes: list[Process]):
        self.stage, self.redis = stage, redis
        self.web, self.other_web, self.courier, self.standby, self.scheduler = processes
        self.processes = processes
        self._url = url.set(drivername="postgresql").render_as_string(hide_password=False)

    async def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        connection = await asyncpg.connect(self._url)
        try:
            return [tuple(row) for row in await connection.fetch(query, *values)]
        finally:
            await connection.close()

    async def until(self, holds: Callable[[], Awaitable[object]], patience: float = 60) -> None:
        async with asyncio.timeout(patience):
            while not await holds():  # noqa: ASYNC110 - it happens in another process
                await asyncio.sleep(0.1)

    async def taken(self, phone: Phone) -> None:
        """Wait until the bot has taken what this phone did last, whichever process it came to."""
        url = f"{self.stage.address}/api/updates/{phone.update_id}"
        get = self.stage.client.get
        async with asyncio.timeout(60):
            while not (await get(url, params={"wait": 10})).json()["acknowledged"]:
                pass


@asynccontextmanager
async def company(folder: Path) -> AsyncIterator[Company]:
    async with AsyncExitStack() as stack:
        url = await stack.enter_async_context(server_database())
        sockets = stack.enter_context(tempfile.TemporaryDirectory())
        redis = RedisServer(Path(sockets))
        redis.start()
        stack.callback(redis.stop)
        telegram = await stack.enter_async_context(
            playground_running(Config(data=folder / "telegram", webhook_retry=0.1))
        )
        client = await stack.enter_async_context(httpx.AsyncClient(timeout=60))
        door = free_port()
        Keyring.load_or_create(folder / "keys.json")
        facts = {
            "bot_token": DEFAULT_BOT.token, "telegram_api": telegram,
            "public_url": f"http://127.0.0.1:{door}", "keys_path": str(folder / "keys.json"),
            "database_url": url.render_as_string(hide_password=False), "redis_url": redis.url,
        }  # fmt: skip
        processes = [
            Process("web", "web", folder, facts), Process("web", "other_web", folder, facts),
            Process("courier", "courier", folder, facts),
            Process("courier", "standby", folder, facts),
            Process("scheduler", "scheduler", folder, facts),
        ]  # fmt: skip
        for one in processes:
            stack.push_async_callback(one.is_gone)
        await stack.enter_async_context(Proxy([one.port for one in processes[:2]]).at(door))
        await asyncio.gather(*(one.starts() for one in processes))
        await asyncio.gather(*(one.stands() for one in processes))
        stage = Stage(telegram, client, None, Clock(), None)  # type: ignore[arg-type]
        yield Company(stage, url, redis, processes)


async def test_each_process_is_replaced_under_load_and_every_message_comes_once(
    tmp_path: Path,
) -> None:
    async with company(tmp_path) as firm:
        merchant, factory = firm.stage.phone(LIN_XIAOMAN), firm.stage.phone(WANG_DALI)
        number = await begun(firm, merchant, factory)
        numbers = [order_no(n) for n in range(1, ORDERS + 1)]
        async with asyncio.TaskGroup() as people:
            people.create_task(assigns(firm, merchant, numbers, number))
            people.create_task(ships(firm, factory, numbers))
            people.create_task(replaced(firm))
        await firm.until(lambda: nothing_owed(firm))
        await told_once(firm, merchant, factory, numbers)
        await takes_over(firm, merchant, factory, number)


async def begun(firm: Company, merchant: Phone, factory: Phone) -> str:
    """Open both shops and bind them; bring the orders in."""
    await firm.stage.opens_shop(merchant, "商家", "林家小店")
    number = await firm.stage.opens_shop(factory, "厂家", "旺达工厂")
    await firm.stage.binds(merchant, factory, number)
    await firm.stage.imports(merchant, [Row(order_no(n)) for n in range(1, ORDERS + 2)])
    return number


async def assigns(firm: Company, merchant: Phone, numbers: list[str], factory: str) -> None:
    for one in numbers:
        await merchant.sends(f"/assign {one} {factory}", wait=0)
        await firm.taken(merchant)
        await asyncio.sleep(0.2)


async def ships(firm: Company, factory: Phone, numbers: list[str]) -> None:
    """Reply to each order's card with its parcel's number."""
    for n, one in enumerate(numbers):
        card = await card_of(firm, factory, one)
        await factory.replies(card, parcel_of(n), wait=0)
        await firm.taken(factory)


async def card_of(firm: Company, factory: Phone, number: str) -> Any:
    query = (
        "SELECT card.message_id FROM card JOIN assignment ON assignment.id = card.ref_id "
        "JOIN orders ON orders.id = assignment.order_id "
        "WHERE card.kind = 'assignment' AND card.chat_id = $1 AND orders.order_no = $2"
    )
    async with asyncio.timeout(60):
        while True:
            known = {row[0] for row in await firm.rows(query, factory.person_id, number)}
            for message in reversed(await factory.chat()):
                if message.message_id in known:
                    return message
            await asyncio.sleep(0.1)


def parcel_of(n: int) -> str:
    return f"YT88{n:011d}"


async def replaced(firm: Company) -> None:
    """Replace each process in turn; empty Redis, and stop it for a while, meanwhile."""
    leader, waiting = firm.courier, firm.standby
    if await waiting.leads("courier"):
        leader, waiting = waiting, leader
    for one in (firm.web, leader, firm.other_web, firm.scheduler):
        assert await one.ends() == 0, one.said()
        if one is leader:
            await firm.until(lambda: waiting.leads("courier"), patience=10)
        await one.starts()
        await one.stands()
        if one is firm.web:
            client = firm.redis.socket
            assert client.exists()
            firm.redis.stop()
        else:
            firm.redis.stop()
            firm.redis.start()


async def nothing_owed(firm: Company) -> bool:
    return not await firm.rows("SELECT 1 FROM alert WHERE state = 'owed'")


async def told_once(firm: Company, merchant: Phone, factory: Phone, numbers: list[str]) -> None:
    """Whatever was done was done once, and everybody was told of it once."""
    states = Counter(row[0] for row in await firm.rows("SELECT state FROM alert"))
    assert set(states) == {"sent"}, states
    assert not await firm.rows("SELECT 1 FROM alert WHERE doubtful")
    assert not await firm.rows("SELECT 1 FROM poisoned_update")
    parcels = Counter(row[0] for row in await firm.rows("SELECT tracking_number FROM shipment"))
    assert parcels == Counter(parcel_of(n) for n in range(ORDERS))
    cards, said = await factory.chat(), await merchant.chat()
    for n, one in enumerate(numbers):
        orders = [m for m in cards if one in m.text and "可能重复" in m.text]
        assert not orders
        news = [m for m in said if parcel_of(n) in m.text]
        assert len(news) == 1, (one, news)


async def takes_over(firm: Company, merchant: Phone, factory: Phone, number: str) -> None:
    """The courier that leads is killed: the other one goes on within its lease's life."""
    leader = firm.courier if await firm.courier.leads("courier") else firm.standby
    await leader.ends(signal.SIGKILL)
    await merchant.sends(f"/assign {order_no(ORDERS + 1)} {number}")
    await card_of(firm, factory, order_no(ORDERS + 1))
