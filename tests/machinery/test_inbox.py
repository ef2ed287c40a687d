"""Every update is handled once at a time, in order in its chat; a bad one stalls nobody."""

import asyncio
from collections import defaultdict
from typing import Any

import pytest
from sqlmodel import Session, select
from structlog.testing import capture_logs

from bot.inbox import Inbox, InboxClosed, chat_of
from core.entities import PoisonedUpdate
from tests.machinery.floor import LIN, WANG, Floor

Raw = dict[str, Any]
NOW = (0.0, 0.0)


def says(update_id: int, person: int = LIN) -> Raw:
    return {
        "update_id": update_id,
        "message": {"chat": {"id": person}, "from": {"id": person}, "text": "张三 13800001111"},
    }


class Feed:
    """Stands for the handlers: keeps what it was fed; may be told to fail or to wait."""

    def __init__(self) -> None:
        self.fed: list[int] = []
        self.done: list[int] = []
        self.failures: dict[int, list[BaseException]] = defaultdict(list)
        self.gates: dict[int, asyncio.Event] = {}

    def holds(self, update_id: int) -> asyncio.Event:
        return self.gates.setdefault(update_id, asyncio.Event())

    async def __call__(self, raw: Raw) -> None:
        update_id = raw["update_id"]
        self.fed.append(update_id)
        if update_id in self.gates:
            await self.gates[update_id].wait()
        if self.failures[update_id]:
            raise self.failures[update_id].pop()
        self.done.append(update_id)


class Told:
    """Who was told that their update could not be handled, and in which language."""

    def __init__(self) -> None:
        self.chats: list[tuple[int, str | None]] = []
        self.fails = False

    async def __call__(self, chat_id: int, lang: str | None) -> None:
        self.chats.append((chat_id, lang))
        if self.fails:
            raise OSError("the network")


@pytest.fixture
def feed() -> Feed:
    return Feed()


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture
def inbox(floor: Floor, feed: Feed, told: Told) -> Inbox:
    return Inbox(floor.house, feed, told, pauses=NOW)


async def poisoned(floor: Floor) -> list[PoisonedUpdate]:
    def look(store: Any) -> list[PoisonedUpdate]:
        session: Session = store.session
        return list(session.exec(select(PoisonedUpdate)).all())

    return await floor.read(look)


async def turns() -> None:
    """Let everything that can go on, go on."""
    for _ in range(10):
        await asyncio.sleep(0)


async def test_a_chat_is_handled_in_the_order_it_was_written(inbox: Inbox, feed: Feed) -> None:
    gate = feed.holds(1)
    accepting = [asyncio.create_task(inbox.accept(says(n))) for n in (1, 2, 3)]
    await turns()
    assert feed.fed == [1]
    gate.set()
    await asyncio.gather(*accepting)
    assert feed.done == [1, 2, 3]


async def test_another_chat_does_not_wait(inbox: Inbox, feed: Feed) -> None:
    gate = feed.holds(1)
    waiting = asyncio.create_task(inbox.accept(says(1, LIN)))
    await turns()
    await inbox.accept(says(2, WANG))
    assert feed.done == [2]
    gate.set()
    await waiting


async def test_accepting_takes_as_long_as_handling(inbox: Inbox, feed: Feed) -> None:
    gate = feed.holds(1)
    accepting = asyncio.create_task(inbox.accept(says(1)))
    await turns()
    assert not accepting.done()
    gate.set()
    await accepting


async def test_an_update_that_comes_again_in_flight_is_awaited_not_run_twice(
    inbox: Inbox, feed: Feed
) -> None:
    gate = feed.holds(1)
    accepting = [asyncio.create_task(inbox.accept(says(1))) for _ in range(2)]
    await turns()
    gate.set()
    await asyncio.gather(*accepting)
    assert feed.fed == [1]


async def test_nothing_is_kept_of_chats_that_are_quiet(inbox: Inbox) -> None:
    await asyncio.gather(*(inbox.accept(says(n, n % 7)) for n in range(100)))
    await turns()
    assert inbox.flying == 0
    assert not inbox._newest


async def test_a_failing_update_is_tried_again_and_its_chat_waits(
    inbox: Inbox, feed: Feed, told: Told
) -> None:
    feed.failures[1] = [OSError(), ValueError()]
    await asyncio.gather(inbox.accept(says(1)), inbox.accept(says(2)))
    assert feed.fed == [1, 1, 1, 2]
    assert feed.done == [1, 2]
    assert told.chats == []


async def test_after_three_failures_it_is_given_up_recorded_and_the_person_told(
    inbox: Inbox, feed: Feed, told: Told, floor: Floor
) -> None:
    feed.failures[1] = [KeyError("13800001111")] * 5
    await floor.write(lambda store: floor.house.services.accounts.speak(store, 1, "en"))
    with capture_logs() as logs:
        await asyncio.gather(inbox.accept(says(1)), inbox.accept(says(2)))
    assert feed.fed == [1, 1, 1, 2]
    [row] = await poisoned(floor)
    assert (row.update_id, row.kind, row.error) == (1, "message", "KeyError")
    assert told.chats == [(LIN, "en")]
    assert "13800001111" not in str(logs)


async def test_somebody_who_cannot_be_told_stalls_nobody(
    inbox: Inbox, feed: Feed, told: Told, floor: Floor
) -> None:
    feed.failures[1] = [KeyError()] * 3
    told.fails = True
    await inbox.accept(says(1))
    assert len(await poisoned(floor)) == 1


async def test_a_cancellation_from_within_is_a_failure_like_any_other(
    inbox: Inbox, feed: Feed, floor: Floor
) -> None:
    feed.failures[1] = [asyncio.CancelledError() for _ in range(3)]
    await inbox.accept(says(1))
    assert [row.error for row in await poisoned(floor)] == ["CancelledError"]


async def test_closing_waits_for_handlers_and_takes_no_more(inbox: Inbox, feed: Feed) -> None:
    gate = feed.holds(1)
    accepting = asyncio.create_task(inbox.accept(says(1)))
    await turns()
    closing = asyncio.create_task(inbox.close())
    await turns()
    with pytest.raises(InboxClosed):
        await inbox.accept(says(2))
    gate.set()
    await asyncio.gather(closing, accepting)
    assert feed.done == [1]


async def test_what_does_not_finish_in_time_was_not_handled_and_is_no_poison(
    inbox: Inbox, feed: Feed, floor: Floor
) -> None:
    feed.holds(1)
    accepting = [asyncio.create_task(inbox.accept(says(n))) for n in (1, 2)]
    await turns()
    await inbox.close(patience=0)
    for task in accepting:
        with pytest.raises(InboxClosed):
            await task
    assert await poisoned(floor) == []
    assert feed.done == []


async def test_a_caller_that_goes_away_leaves_the_handler_running(inbox: Inbox, feed: Feed) -> None:
    gate = feed.holds(1)
    accepting = asyncio.create_task(inbox.accept(says(1)))
    await turns()
    accepting.cancel()
    await turns()
    gate.set()
    await inbox.accept(says(2))
    assert feed.done == [1, 2]


async def test_a_slow_handler_is_mentioned_and_left_alone(floor: Floor, feed: Feed) -> None:
    inbox = Inbox(floor.house, feed, Told(), pauses=NOW, slow_after=0.01)
    gate = feed.holds(1)
    with capture_logs() as logs:
        accepting = asyncio.create_task(inbox.accept(says(1)))
        async with asyncio.timeout(5):
            while not logs:  # noqa: ASYNC110 - a log rings no bell
                await asyncio.sleep(0.005)
        gate.set()
        await accepting
    assert [line["event"] for line in logs] == ["an update is slow"]
    assert feed.done == [1]


@pytest.mark.parametrize(
    ("raw", "chat"),
    [
        ({"update_id": 1, "message": {"chat": {"id": -5}, "from": {"id": 7}}}, -5),
        (
            {
                "update_id": 1,
                "callback_query": {"message": {"chat": {"id": -5}}, "from": {"id": 7}},
            },
            -5,
        ),
        ({"update_id": 1, "callback_query": {"from": {"id": 7}}}, 7),
        ({"update_id": 1, "my_chat_member": {"chat": {"id": 7}, "from": {"id": 7}}}, 7),
        ({"update_id": 1, "poll": {"id": "3"}}, 0),
        ({"update_id": 1}, 0),
    ],
)
def test_an_update_belongs_to_its_chat_else_to_its_person(raw: Raw, chat: int) -> None:
    assert chat_of(raw) == chat
