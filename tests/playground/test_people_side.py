"""The people's side: what the page is told, live, and what a phone says when a test is wrong."""

import asyncio
import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from playground.config import Config
from playground.phone import Phone, PhoneFailedError
from playground.server import running
from tests.playground.conftest import BOT, LIN, WANG, Api, Caller


async def test_people_and_bots_are_listed_and_one_can_join(api: Api) -> None:
    listed = await api.get("people")
    assert [person["first_name"] for person in listed["people"]] == [
        "林小满",
        "王大力",
        "赵敏",
        "陈新",
        "孙丽",
    ]
    assert listed["bots"] == [{"id": BOT, "username": "daifa_bot", "first_name": "代发"}]
    new = await api.post("people", {"first_name": "新人"})
    assert new["id"] == 3002
    assert (await api.get(f"people/{new['id']}/chats"))["chats"] == []


async def test_a_chat_shows_messages_menu_and_typing(started: Caller, lin: Phone, api: Api) -> None:
    await started("setMyCommands", commands=[{"command": "help", "description": "帮助"}])
    await started("sendChatAction", chat_id=LIN, action="typing")
    (chat,) = (await api.get(f"people/{LIN}/chats"))["chats"]
    assert chat["typing"] is True
    assert chat["commands"] == [{"command": "help", "description": "帮助"}]
    assert [m["text"] for m in chat["messages"]] == ["/start"]
    markup = {"force_reply": True, "input_field_placeholder": "快递单号"}
    await started("sendMessage", chat_id=LIN, text="单号？", reply_markup=markup)
    (chat,) = (await api.get(f"people/{LIN}/chats"))["chats"]
    assert chat["typing"] is False
    assert chat["messages"][-1]["force_reply"] == {"placeholder": "快递单号"}


async def test_events_tell_what_happened_in_order(started: Caller, lin: Phone, api: Api) -> None:
    seq = (await api.get(f"people/{LIN}/chats"))["seq"]
    sent = await started("sendMessage", chat_id=LIN, text="x")
    await started("editMessageText", chat_id=LIN, message_id=sent["message_id"], text="y")
    await started("deleteMessage", chat_id=LIN, message_id=sent["message_id"])
    await started("sendChatAction", chat_id=LIN, action="typing")
    told = await api.get(f"people/{LIN}/events", after=seq)
    assert [event["type"] for event in told["events"]] == ["message", "edited", "deleted", "typing"]
    assert {event["chat_id"] for event in told["events"]} == {BOT}
    assert told["seq"] == told["events"][-1]["seq"]
    assert (await api.get(f"people/{WANG}/events", after=seq))["events"] == []


async def test_an_events_poll_waits_for_news(started: Caller, api: Api) -> None:
    seq = (await api.get(f"people/{LIN}/chats"))["seq"]
    waiting = asyncio.create_task(api.get(f"people/{LIN}/events", after=seq, wait=20))
    await started("sendMessage", chat_id=LIN, text="news")
    told = await asyncio.wait_for(waiting, 5)
    assert told["events"][0]["message"]["text"] == "news"


async def streamed(
    client: httpx.AsyncClient, url: str, count: int, **options: Any
) -> list[dict[str, Any]]:
    events: list[dict[str, Any]] = []
    async with client.stream("GET", f"{url}/api/events", **options) as response:
        assert response.headers["content-type"].startswith("text/event-stream")
        async for line in response.aiter_lines():
            if line.startswith("data: "):
                events.append(json.loads(line.removeprefix("data: ")))
            if len(events) == count:
                break
    return events


async def test_the_page_hears_everybodys_events_and_can_come_back(
    started: Caller, wang: Phone, base_url: str, client: httpx.AsyncClient
) -> None:
    await wang.sends("hi", wait=0)
    await started("sendMessage", chat_id=LIN, text="x")
    everything = await streamed(client, base_url, 3, params={"after": 0})
    assert [event["people"] for event in everything] == [[LIN], [WANG], [LIN]]
    back = {"Last-Event-ID": str(everything[1]["seq"])}
    (last,) = await streamed(client, base_url, 1, headers=back)
    assert last == everything[2]


async def test_the_playground_stops_at_once_whoever_waits(
    tmp_path: Path, client: httpx.AsyncClient
) -> None:
    async with running(Config(data=tmp_path)) as url:
        bot = Caller(url, client)
        waiting: list[asyncio.Task[Any]] = [
            asyncio.create_task(bot.raw("getUpdates", timeout=50)),
            asyncio.create_task(client.get(f"{url}/api/people/{LIN}/events?wait=50", timeout=60)),
            asyncio.create_task(streamed(client, url, 5)),
        ]
        await client.get(f"{url}/api/people")
    async with asyncio.timeout(5):
        polled, told, streaming = await asyncio.gather(*waiting)
    assert polled.json() == {"ok": True, "result": []}
    assert told.json()["events"] == []
    assert streaming == []


async def test_what_a_person_cannot_do_is_said(started: Caller, lin: Phone, api: Api) -> None:
    async def error(path: str, **body: Any) -> str:
        return str((await api.post(path, body))["error"])

    mine = f"people/{LIN}"
    assert "no chat -5" in await error(f"{mine}/send", chat_id=-5, text="x")
    assert "empty message" in await error(f"{mine}/send", chat_id=BOT, text=" ")
    assert "no message 99" in await error(f"{mine}/send", chat_id=BOT, text="x", reply_to=99)
    assert "no person 5" in await error("people/5/send", chat_id=BOT, text="x")
    assert "payload" in await error(f"{mine}/open", bot="daifa_bot", start="a b")
    assert "no bot" in await error(f"{mine}/open", bot="other_bot")
    assert "no such button" in await error(f"{mine}/tap", chat_id=BOT, message_id=1, row=0, col=0)
    assert "text" in await error(f"{mine}/send", chat_id=BOT)
    assert "extra" in (await error(f"{mine}/send", chat_id=BOT, text="x", more=1)).lower()
    await lin.blocks(wait=0)
    assert "blocked" in await error(f"{mine}/send", chat_id=BOT, text="x")


async def test_the_call_log_tells_calls_without_tokens(started: Caller, api: Api) -> None:
    await api.post("calls/clear")
    await started("sendMessage", chat_id=LIN, text="see 7000000001:PLAYGROUND-TOKEN-not-a-secret")
    await started.refused("sendMessage", chat_id=LIN, text="")
    calls = (await api.get("calls", method="sendmessage"))["calls"]
    assert [(c["status"], c["description"]) for c in calls] == [
        (200, None),
        (400, "Bad Request: message text is empty"),
    ]
    assert calls[0]["params"]["text"] == "see …"
    assert calls[0]["ms"] >= 0
    assert len((await api.get("calls", after=calls[0]["n"]))["calls"]) == 1


async def test_a_phone_that_sees_nothing_prints_the_chat(started: Caller, lin: Phone) -> None:
    await lin.sends("question", wait=0)
    await started("sendMessage", chat_id=LIN, text="an answer")
    with pytest.raises(PhoneFailedError, match=r"(?s)'other'.*question.*an answer"):
        await lin.sees("other", timeout=0.05)
    with pytest.raises(PhoneFailedError, match="no button '确认'"):
        await lin.taps("确认")
    with pytest.raises(PhoneFailedError, match="did not take update"):
        await lin.sends("nobody listens", wait=0.05)


async def test_a_phone_sees_only_what_came_after_its_last_act(started: Caller, lin: Phone) -> None:
    await started("sendMessage", chat_id=LIN, text="old")
    await lin.sends("question", wait=0)
    with pytest.raises(PhoneFailedError):
        await lin.sees("old", timeout=0.05)
    assert (await lin.sees("old", anywhere=True)).text == "old"


async def test_a_deleted_message_is_gone_for_both(started: Caller, lin: Phone) -> None:
    sent = await lin.sends("file", wait=0)
    await lin.deletes(sent)
    assert "file" not in [m.text for m in await lin.chat()]
    refusal = await started.refused("deleteMessage", chat_id=LIN, message_id=sent.message_id)
    assert refusal == "Bad Request: message to delete not found"


async def test_what_is_too_old_is_refused(tmp_path: Path, client: httpx.AsyncClient) -> None:
    now = [1_700_000_000.0]
    async with running(Config(data=tmp_path, clock=lambda: now[0])) as url:
        bot, lin = Caller(url, client), Phone(url, LIN, client)
        await lin.opens(wait=0)
        markup = {"inline_keyboard": [[{"text": "x", "callback_data": "y"}]]}
        sent = await bot("sendMessage", chat_id=LIN, text="x", reply_markup=markup)
        assert sent["date"] == 1_700_000_000
        await lin.taps("x", wait=0)
        query = (await bot.updates())[-1]["callback_query"]["id"]
        now[0] += 61
        assert "query is too old" in await bot.refused(
            "answerCallbackQuery", callback_query_id=query
        )
        now[0] += 24 * 3600
        assert await bot.updates() == []
        now[0] += 24 * 3600
        where = {"chat_id": LIN, "message_id": sent["message_id"]}
        assert await bot.refused("deleteMessage", **where) == (
            "Bad Request: message can't be deleted for everyone"
        )
        edited = await bot("editMessageText", **where, text="y")
        assert edited["edit_date"] == int(now[0])
