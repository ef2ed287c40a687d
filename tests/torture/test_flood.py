"""One person's thousand messages a second, and how long everybody else waits.

Twenty people go on working, each press timed from Telegram's queue to its answer, first in quiet,
then beside the flood: by our polling, whose window of a hundred updates the flooder fills, and by
the webhook's door.
"""

import asyncio
import json
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from statistics import quantiles
from typing import Any, cast

import pytest
from aiogram import Bot
from aiogram.methods import TelegramMethod
from aiogram.methods.base import TelegramType

from api.app import create_app
from api.webhook import webhook, webhook_path
from bot.calming import Calming
from bot.dispatcher import routing
from bot.flood import BURST, CALM, Flood
from bot.house import House
from bot.inbox import Inbox
from bot.polling import Polling, RawUpdates
from playground.people import DEFAULT_BOT
from tests.core.firm import Firm, founded, incoming
from tests.machinery.floor import until
from tests.proof import Proving
from tests.torture.telephone import BOT, Wire, place, someone

FLOODER, PEOPLE = 5_555, 20
SECRET = "only-telegram-knows"
Raw = dict[str, Any]


class Queue(Wire):
    """Telegram's queue for getUpdates; a bell rings when a person is answered."""

    def __init__(self) -> None:
        super().__init__()
        self.waiting: list[Raw] = []
        self.bells: dict[int, asyncio.Event] = {}
        self.told: Counter[int] = Counter()
        self.texts: list[str] = []
        self.toasts = 0

    async def make_request(
        self, bot: Bot, method: TelegramMethod[TelegramType],
        timeout: int | None = None,  # noqa: ASYNC109 - the session's signature
    ) -> TelegramType:  # fmt: skip
        if isinstance(method, RawUpdates):
            return cast("TelegramType", await self._updates(method))
        done = await super().make_request(bot, method, timeout)
        self.said.clear()
        chat = int(getattr(method, "chat_id", 0) or 0)
        self.toasts += type(method).__name__ == "AnswerCallbackQuery"
        self.told[chat] += 1
        self.texts.append(str(getattr(method, "text", "")))  # a press is told in its answer
        if chat in self.bells:
            self.bells[chat].set()
        return done

    def comes(self, raw: Raw) -> None:
        """One more waits to be asked for."""
        self.waiting.append(raw)

    async def _updates(self, asked: RawUpdates) -> list[Raw]:
        self.waiting = [one for one in self.waiting if one["update_id"] >= (asked.offset or 0)]
        if not self.waiting:
            await asyncio.sleep(0.002)
        return [json.loads(json.dumps(one)) for one in self.waiting[: asked.limit]]


@dataclass
class Street:
    """People in front of one house, and the way their updates come in."""

    firm: Firm
    wire: Queue
    inbox: Inbox
    clock: "Clock"
    bring: Callable[[Raw], None]
    _ids: "count[int]" = field(default_factory=lambda: count(1))

    def sends(self, person: int, text: str) -> None:
        """Send a message."""
        message = {"message_id": next(self._ids), "date": 1, "chat": place(person), "text": text}
        self._brings({"message": {**message, "from": someone(person)}})

    def presses(self, person: int, data: str) -> None:
        """Press a button."""
        under = {"message_id": 1, "date": 1, "chat": place(person), "from": BOT, "text": "."}
        pressed = {"id": str(next(self._ids)), "from": someone(person), "chat_instance": "1"}
        self._brings({"callback_query": {**pressed, "data": data, "message": under}})

    def _brings(self, body: Raw) -> None:
        self.bring({"update_id": next(self._ids), **body})

    async def works(self, rounds: int) -> list[float]:
        """Let everybody send a command in turn; returns how long each waited, in seconds."""
        waited: list[float] = []
        for _ in range(rounds):
            for person in range(1, PEOPLE + 1):
                bell = self.wire.bells[person] = asyncio.Event()
                begun = time.perf_counter()
                self.sends(person, "/orders")
                await asyncio.wait_for(bell.wait(), 10)
                waited.append(time.perf_counter() - begun)
                await asyncio.sleep(0.005)
        return waited

    async def flood(self, rate: int) -> None:
        """Send so many messages and presses a second, until cancelled."""
        begun, sent = time.perf_counter(), 0
        while True:
            due = int((time.perf_counter() - begun) * rate)
            for n in range(sent, due):
                if n % 4:
                    self.sends(FLOODER, "/orders")
                else:
                    self.presses(FLOODER, "menu:2:home")
            sent = due
            await asyncio.sleep(0.01)


class Clock:
    """The flood's clock: real, and moved on when calm is to be over."""

    ahead = 0.0

    def __call__(self) -> float:
        return time.monotonic() + self.ahead


@asynccontextmanager
async def street(folder: Path, door: str) -> AsyncIterator[Street]:
    """Open the house with that door; twenty people, and the flooder, have shops with orders."""
    async with founded(folder) as firm:
        await _moves_in(firm)
        house = House(firm.database, firm.services, DEFAULT_BOT.id, DEFAULT_BOT.username)
        wire, clock = Queue(), Clock()
        bot = Bot(DEFAULT_BOT.token, session=wire)

        async def feed(raw: Raw) -> None:
            await routing().feed_raw_update(bot, raw, house=house)

        async def sorry(chat_id: int, lang: str | None) -> None:
            raise AssertionError((chat_id, lang))

        inbox = Inbox(house, feed, sorry, calm=Calming(house, bot), flood=Flood(clock))
        async with asyncio.TaskGroup() as tasks:
            if door == "polling":
                running = tasks.create_task(Polling(bot, inbox, glance=0.2).run())
                yield Street(firm, wire, inbox, clock, wire.comes)
                running.cancel()
            else:
                app = create_app(_fine, [webhook(DEFAULT_BOT.id, SECRET, inbox.accept)])
                post = _pushing(app, tasks)
                yield Street(firm, wire, inbox, clock, post)
            await inbox.close()


async def _fine() -> None: ...


def _pushing(app: Any, tasks: asyncio.TaskGroup) -> Callable[[Raw], None]:
    """Return what pushes updates as Telegram does: forty connections, the rest waits there."""
    connections = asyncio.Semaphore(40)
    headers = [(b"x-telegram-bot-api-secret-token", SECRET.encode())]
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "POST",
        "path": webhook_path(DEFAULT_BOT.id), "raw_path": b"", "query_string": b"",
        "headers": headers, "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 2),
        "scheme": "http", "root_path": "",
    }  # fmt: skip

    async def push(body: bytes) -> None:
        async with connections:
            said: list[Any] = []

            async def receive() -> Any:
                return {"type": "http.request", "body": body, "more_body": False}

            async def send(message: Any) -> None:
                said.append(message.get("status"))

            await app(dict(scope), receive, send)
            assert said[0] == 200

    return lambda raw: cast("None", tasks.create_task(push(json.dumps(raw).encode())))


async def _moves_in(firm: Firm) -> None:
    for person in (*range(1, PEOPLE + 1), FLOODER):
        who = await firm.opens(f"店{person}", "merchant", person)
        if person in {1, FLOODER}:
            await firm.imports([incoming(n) for n in range(1, 9)], who)

    def speaks(store: Any) -> None:
        store.accounts.by_telegram(FLOODER).lang = "en"

    await firm.database.write(speaks)


def p95(waited: list[float]) -> float:
    """Return the time nineteen of twenty did not wait longer than, in milliseconds."""
    return quantiles(waited, n=20)[-1] * 1000


async def _settled(wire: Queue, done: Callable[[], Awaitable[bool]]) -> None:
    await until(done, bool, stuck=30)


@pytest.mark.parametrize("door", ["polling", "webhook"])
async def test_a_flooder_makes_nobody_else_wait(tmp_path: Path, proves: Proving, door: str) -> None:
    async with street(tmp_path, door) as here:
        rounds, rate = proves.size(4, 60), proves.size(300, 1_000)
        await here.works(1)  # everybody is known, every statement prepared
        quiet = p95(await here.works(rounds))
        flooding = asyncio.create_task(here.flood(rate))
        flooded = p95(await here.works(rounds))
        flooding.cancel()
        ratio = flooded / quiet
        proves.saw(
            f"everybody else's p95 beside {rate:,} messages a second of one person, by {door}",
            f"{flooded:.0f} ms, in quiet {quiet:.0f} ms: {ratio:.1f} ×", "2 ×",
        )  # fmt: skip
        dropped = here.inbox.dropped

        async def over() -> bool:
            return not here.inbox.flying

        await _settled(here.wire, over)
        notices = [one for one in here.wire.texts if "too fast" in one or "太快" in one]
        proves.saw(f"notices the flooder gets, in their language, by {door}", len(notices), "1")
        proves.saw(f"updates dropped, by {door}", f"{dropped:,}")
        assert len(notices) == 1
        assert "too fast" in notices[0]
        assert dropped > rate // 4
        assert here.wire.told[FLOODER] <= BURST + 1
        here.clock.ahead += CALM + 1
        before = here.wire.told[FLOODER]
        here.sends(FLOODER, "/orders")

        async def answered() -> bool:
            return here.wire.told[FLOODER] > before

        await _settled(here.wire, answered)
        # In `make test` other tests run beside this one: a time means nothing there.
        assert not proves.full or ratio < 2, (quiet, flooded)
