"""Updates stay until the bot has them: over offsets, rivals, restarts and kills."""

import asyncio
import sys
from pathlib import Path
from typing import Any

import httpx

from playground.config import Config
from playground.phone import Phone
from playground.server import running
from tests.playground.conftest import LIN, Api, Caller


def texts(updates: list[dict[str, Any]]) -> list[str]:
    return [update["message"]["text"] for update in updates]


async def test_updates_come_again_until_the_offset_passes_them(
    started: Caller, lin: Phone, api: Api
) -> None:
    for text in ("one", "two", "three"):
        await lin.sends(text, wait=0)
    first = await started.updates()
    assert texts(first) == ["one", "two", "three"]
    ids = [update["update_id"] for update in first]
    assert ids == sorted(set(ids))
    assert await started.updates() == first
    assert texts(await started.updates(ids[1])) == ["two", "three"]
    assert (await api.get(f"updates/{ids[0]}"))["acknowledged"] is True
    assert (await api.get(f"updates/{ids[1]}"))["acknowledged"] is False
    assert texts(await started.updates(ids[1], limit=1)) == ["two"]
    assert await started.updates(ids[2] + 1) == []
    assert await started.updates() == []


async def test_a_negative_offset_keeps_only_the_newest(started: Caller, lin: Phone) -> None:
    for text in ("one", "two", "three"):
        await lin.sends(text, wait=0)
    assert texts(await started.updates(-1)) == ["three"]
    assert texts(await started.updates()) == ["three"]


async def test_a_long_poll_returns_the_moment_somebody_writes(started: Caller, lin: Phone) -> None:
    waiting = asyncio.create_task(started.updates(timeout=30))
    await lin.sends("now", wait=0)
    assert texts(await asyncio.wait_for(waiting, 5)) == ["now"]


async def test_the_older_of_two_pollers_is_told_of_the_conflict(started: Caller) -> None:
    older = asyncio.create_task(started.raw("getUpdates", timeout=30))
    polls = started.raw
    while not older.done():
        await polls("getUpdates")
    answer = older.result()
    assert answer.status_code == 409
    assert answer.json()["description"] == (
        "Conflict: terminated by other getUpdates request; "
        "make sure that only one bot instance is running"
    )


async def test_only_wanted_updates_are_kept(started: Caller, lin: Phone) -> None:
    await started.updates(allowed_updates=["callback_query"])
    assert (await lin.sends("unheard", wait=0)).text == "unheard"
    assert await started.updates() == []
    await started.updates(allowed_updates=[])
    await lin.sends("heard", wait=0)
    assert texts(await started.updates()) == ["heard"]
    assert "unknown update types: pigeons" in await started.refused(
        "getUpdates", allowed_updates=["pigeons"]
    )


async def test_an_update_can_be_repeated_after_the_offset_passed_it(
    started: Caller, lin: Phone, api: Api
) -> None:
    await lin.sends("again", wait=0)
    (update,) = await started.updates()
    following = update["update_id"] + 1
    assert await started.updates(following) == []
    await api.post(f"updates/{update['update_id']}/repeat")
    assert (await api.get(f"updates/{update['update_id']}"))["acknowledged"] is False
    assert await started.updates(following) == [update]
    assert await started.updates(following) == []
    assert (await api.get(f"updates/{update['update_id']}"))["acknowledged"] is True


async def test_a_phone_waits_for_the_acknowledgement(started: Caller, lin: Phone) -> None:
    sending = asyncio.create_task(lin.sends("hello"))
    (update,) = await started.updates(timeout=30)
    assert not sending.done()
    await started.updates(update["update_id"] + 1)
    assert (await asyncio.wait_for(sending, 5)).text == "hello"


async def test_a_restart_forgets_no_update_and_starts_no_counter_again(
    config: Config, client: httpx.AsyncClient
) -> None:
    async with running(config) as url:
        lin = Phone(url, LIN, client)
        before = await lin.sends("before", wait=0)
        await Caller(url, client)("sendMessage", chat_id=LIN, text="answer")
        seq = (await Api(url, client).get(f"people/{LIN}/chats"))["seq"]
    async with running(config) as url:
        bot, lin = Caller(url, client), Phone(url, LIN, client)
        (update,) = await bot.updates()
        assert update["message"]["text"] == "before"
        assert [m.text for m in await lin.chat()] == ["before", "answer"]
        after = await lin.sends("after", wait=0)
        assert after.message_id == before.message_id + 2
        assert (await bot.updates())[-1]["update_id"] > update["update_id"]
        api = Api(url, client)
        await api.post("reset")
        assert await lin.chat() == []
        assert (await lin.sends("fresh", wait=0)).message_id == after.message_id + 1
        assert (await api.get(f"people/{LIN}/chats"))["seq"] > seq


async def test_what_was_answered_survives_a_kill(tmp_path: Path, client: httpx.AsyncClient) -> None:
    command = ["-m", "playground", "--port", "0", "--data", str(tmp_path)]
    process = await asyncio.create_subprocess_exec(
        sys.executable, *command, stdout=asyncio.subprocess.PIPE
    )
    try:
        assert process.stdout is not None
        line = (await process.stdout.readline()).decode()
        phone = Phone(line.split()[-1].rstrip("/"), LIN, client)
        for number in range(20):
            await phone.sends(str(number), wait=0)
    finally:
        process.kill()
        await process.communicate()
    async with running(Config(data=tmp_path)) as url:
        assert texts(await Caller(url, client).updates()) == [str(n) for n in range(20)]
