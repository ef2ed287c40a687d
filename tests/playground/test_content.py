"""What a bot says, as it is kept and shown: mentions, times, previews, links to people."""

from typing import Any

import httpx

from playground.config import Config
from playground.people import BotAccount
from playground.phone import Phone
from playground.server import running
from tests.playground.conftest import BOT, LIN, TOKEN, WANG, Api, Caller


async def said(bot: Caller, html: str) -> dict[str, Any]:
    found: dict[str, Any] = await bot("sendMessage", chat_id=LIN, text=html, parse_mode="HTML")
    return found


async def test_a_link_to_somebody_known_is_a_mention_and_to_a_stranger_nothing(
    started: Caller,
) -> None:
    known = await said(started, f'<a href="tg://user?id={WANG}">王</a>')
    (mention,) = known["entities"]
    assert mention["type"] == "text_mention"
    assert mention["user"]["first_name"] == "王大力"
    stranger = await said(started, '<a href="tg://user?id=5">谁</a>')
    assert "entities" not in stranger


async def test_a_time_is_an_entity(started: Caller) -> None:
    sent = await said(started, '<tg-time unix="1700000000" format="wDT">then</tg-time>')
    assert sent["entities"] == [
        {
            "type": "date_time",
            "offset": 0,
            "length": 4,
            "unix_time": 1_700_000_000,
            "date_time_format": "wDT",
        }
    ]
    refusal = await started.refused(
        "sendMessage", chat_id=LIN, text="<tg-time>x</tg-time>", parse_mode="HTML"
    )
    assert refusal == "Bad Request: can't parse entities: Invalid Unix time specified"


async def test_text_is_trimmed_and_its_entities_move_along(started: Caller, lin: Phone) -> None:
    marks = [{"type": "bold", "offset": 2, "length": 2}]
    sent = await started("sendMessage", chat_id=LIN, text="  ab <c> ", entities=marks)
    assert sent["text"] == "ab <c>"
    assert sent["entities"] == [{"type": "bold", "offset": 0, "length": 2}]
    assert (await lin.chat())[-1].html == "<b>ab</b> &lt;c&gt;"


async def test_options_of_a_message_come_back(started: Caller) -> None:
    preview = {"is_disabled": True}
    sent = await started(
        "sendMessage",
        chat_id=LIN,
        text="https://a.b/c",
        link_preview_options=preview,
        protect_content=True,
        disable_notification=True,
    )
    assert sent["link_preview_options"] == preview
    assert sent["has_protected_content"] is True
    assert [entity["type"] for entity in sent["entities"]] == ["url"]


async def test_what_the_playground_has_not_is_said(started: Caller, lin: Phone) -> None:
    async def refused(**params: object) -> str:
        return await started.refused("sendMessage", chat_id=LIN, text="x", **params)

    assert "is not in the playground" in await refused(business_connection_id="x")
    web_app = {"text": "x", "web_app": {"url": "https://a.b"}}
    assert "web_app is not in the playground" in await refused(
        reply_markup={"inline_keyboard": [[web_app]]}
    )
    assert "replies to other chats" in await refused(
        reply_parameters={"message_id": 1, "chat_id": WANG}
    )
    assert await refused(reply_markup={"force_reply": True, "input_field_placeholder": ""}) == (
        "Bad Request: reply markup input field placeholder is too long"
    )
    video = {"type": "video", "media": "x"}
    photo = {"type": "photo", "media": "x"}
    album = [photo, video]
    assert "album" in await started.refused("sendMediaGroup", chat_id=LIN, media=[photo])
    assert "in the album" in await started.refused("sendMediaGroup", chat_id=LIN, media=album)
    assert "is not in the playground" in await started.refused(
        "sendMediaGroup", chat_id=LIN, media=[video, video]
    )


async def test_chats_know_their_limits(started: Caller) -> None:
    assert await started.refused("sendMessage", chat_id=BOT, text="x") == (
        "Forbidden: bots can't send messages to bots"
    )
    assert await started.refused("getChatAdministrators", chat_id=LIN) == (
        "Bad Request: there are no administrators in the private chat"
    )
    assert await started.refused("sendChatAction", chat_id=LIN, action="dancing") == (
        "Bad Request: wrong parameter action in request"
    )
    assert await started.refused("getChatMember", chat_id=LIN, user_id=5) == (
        "Bad Request: user not found"
    )
    assert (await started("getChatMember", chat_id=LIN, user_id=LIN))["status"] == "member"
    assert "private chats" in await started.refused("leaveChat", chat_id=LIN)


async def test_two_bots_in_a_group_hear_an_unaddressed_command_by_turns(
    config: Config, client: httpx.AsyncClient
) -> None:
    other = BotAccount("7000000002:OTHER-TOKEN-not-a-secret-00000000000", "other_bot", "另一个")
    both = Config(data=config.data, bots=(*config.bots, other))
    async with running(both) as url:
        first, second = Caller(url, client), Caller(url, client, other.token)
        api, lin = Api(url, client), Phone(url, LIN, client)
        members = [BOT, other.id]
        group = (await api.post("groups", {"title": "群", "creator": LIN, "members": members}))[
            "chat_id"
        ]

        async def heard(bot: Caller) -> list[str]:
            found = await bot.updates()
            await bot.updates(found[-1]["update_id"] + 1 if found else 0)
            return [u["message"].get("text", "") for u in found if "message" in u]

        await heard(first)
        await heard(second)
        await lin.sends("/help", chat_id=group, wait=0)
        assert (await heard(first), await heard(second)) == ([], [])
        await second("sendMessage", chat_id=group, text="hello")
        await lin.sends("/help", chat_id=group, wait=0)
        await lin.sends("/help@daifa_bot", chat_id=group, wait=0)
        assert (await heard(first), await heard(second)) == (["/help@daifa_bot"], ["/help"])


async def test_the_page_and_its_parts_are_served(base_url: str, client: httpx.AsyncClient) -> None:
    page = await client.get(f"{base_url}/")
    assert page.status_code == 200
    assert "text/html" in page.headers["content-type"]
    assert (await client.get(f"{base_url}/page/nothing.js")).status_code == 404
    assert (await client.get(f"{base_url}/bot{TOKEN}/getMe")).json()["ok"] is True
