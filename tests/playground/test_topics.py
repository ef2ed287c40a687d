"""Forum topics, administrators who remain anonymous, and posts of a linked channel."""

from typing import Any

import pytest

from playground.phone import Phone, PhoneFailedError
from tests.playground.conftest import BOT, LIN, WANG, Api, Caller


@pytest.fixture
async def forum(bot: Caller, api: Api) -> tuple[int, int]:
    """A forum of Lin's with Wang and the bot in it, and its one topic; the bot has read so far."""
    made = await api.post(
        "groups", {"title": "发货群", "creator": LIN, "members": [WANG, BOT], "topics": ["发货"]}
    )
    found = await bot.updates()
    topic = found[-1]["message"]["message_thread_id"]
    await bot.updates(found[-1]["update_id"] + 1)
    return made["chat_id"], topic


async def heard(bot: Caller) -> dict[str, Any]:
    """The newest message the bot got."""
    found = await bot.updates()
    await bot.updates(found[-1]["update_id"] + 1)
    message: dict[str, Any] = found[-1]["message"]
    return message


async def test_a_topic_is_a_thread_of_a_forum(
    bot: Caller, wang: Phone, forum: tuple[int, int]
) -> None:
    chat, topic = forum
    await wang.sends("/orders", chat_id=chat, topic=topic, wait=0)
    said = await heard(bot)
    assert said["chat"]["is_forum"] is True
    assert (said["message_thread_id"], said["is_topic_message"]) == (topic, True)
    # What answers nothing answers the topic's first message.
    assert said["reply_to_message"]["forum_topic_created"]["name"] == "发货"
    sent = await bot("sendMessage", chat_id=chat, text="here", message_thread_id=topic)
    assert sent["is_topic_message"] is True
    [shown] = [m for m in await wang.chat(chat) if m.text == "here"]
    assert shown.topic == "发货"
    await wang.replies(shown, "answered", wait=0)
    assert (await heard(bot))["message_thread_id"] == topic
    reply = {"message_id": shown.message_id}
    answer = await bot("sendMessage", chat_id=chat, text="x", reply_parameters=reply)
    assert answer["message_thread_id"] == topic
    general = await bot("sendMessage", chat_id=chat, text="to all")
    assert "message_thread_id" not in general


async def test_a_closed_or_missing_topic_takes_nothing_in_telegrams_words(
    bot: Caller, api: Api, lin: Phone, wang: Phone, forum: tuple[int, int]
) -> None:
    chat, topic = forum
    place = {"chat_id": chat, "text": "x", "message_thread_id": topic}
    missing = {**place, "message_thread_id": 99}
    assert await bot.refused("sendMessage", **missing) == "Bad Request: message thread not found"
    in_private = {"chat_id": WANG, "text": "x", "message_thread_id": topic}
    await wang.opens(wait=0)
    assert "thread not found" in await bot.refused("sendMessage", **in_private)
    await api.post(f"groups/{chat}/topics/{topic}", {"by": LIN, "closed": True})
    assert await bot.refused("sendMessage", **place) == "Bad Request: TOPIC_CLOSED"
    with pytest.raises(PhoneFailedError, match="topic is closed"):
        await wang.sends("x", chat_id=chat, topic=topic, wait=0)
    await lin.sends("administrators may", chat_id=chat, topic=topic, wait=0)
    await api.post(f"groups/{chat}/topics/{topic}", {"by": LIN, "closed": False})
    await bot("sendMessage", **place)
    await api.client.delete(f"{api.base_url}/api/groups/{chat}/topics/{topic}")
    assert await bot.refused("sendMessage", **place) == "Bad Request: message thread not found"
    assert not any(m.topic for m in await wang.chat(chat))


async def test_only_supergroups_have_topics(api: Api) -> None:
    made = await api.post("groups", {"title": "小群", "creator": LIN, "members": [BOT]})
    refused = await api.post(f"groups/{made['chat_id']}/topics", {"name": "发货", "by": LIN})
    assert "supergroup" in refused["error"]


async def test_an_anonymous_administrator_writes_as_the_group(
    bot: Caller, lin: Phone, wang: Phone, forum: tuple[int, int]
) -> None:
    chat, _ = forum
    await lin.sends("/here", chat_id=chat, anonymous=True, wait=0)
    said = await heard(bot)
    assert (said["from"]["id"], said["from"]["is_bot"]) == (1087968824, True)
    assert said["sender_chat"]["id"] == chat
    shown = (await wang.chat(chat))[-1]
    assert (shown.raw["from"]["first_name"], shown.from_bot) == ("发货群", False)
    with pytest.raises(PhoneFailedError, match="administrator"):
        await wang.sends("/here", chat_id=chat, anonymous=True, wait=0)


async def test_a_linked_channels_post_comes_from_telegram_itself(
    bot: Caller, api: Api, forum: tuple[int, int]
) -> None:
    chat, _ = forum
    await api.post(f"groups/{chat}/channel_post", {"title": "上新频道", "text": "/orders"})
    said = await heard(bot)
    assert said["from"]["id"] == 777000
    assert said["is_automatic_forward"] is True
    assert said["sender_chat"]["type"] == "channel"


async def test_a_selective_reply_field_names_whom_it_is_for(
    bot: Caller, wang: Phone, lin: Phone, forum: tuple[int, int]
) -> None:
    chat, _ = forum
    await lin.opens(wait=0)
    markup = {"force_reply": True, "selective": True}
    text = f'<a href="tg://user?id={WANG}">王大力</a>'
    await bot("sendMessage", chat_id=chat, text=text, parse_mode="HTML", reply_markup=markup)
    assert (await wang.chat(chat))[-1].raw["force_reply"]["only"] == [WANG]
    asked = await lin.sends("/orders", chat_id=chat, wait=0)
    reply = {"message_id": asked.message_id}
    await bot("sendMessage", chat_id=chat, text="?", reply_parameters=reply, reply_markup=markup)
    assert (await lin.chat(chat))[-1].raw["force_reply"]["only"] == [LIN]
