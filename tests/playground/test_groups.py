"""Groups: what a bot hears in privacy mode, who comes and goes, and becoming a supergroup."""

from typing import Any

import pytest

from playground.phone import Phone
from tests.playground.conftest import BOT, LIN, WANG, Api, Caller


@pytest.fixture
async def group(bot: Caller, api: Api) -> int:
    made = await api.post("groups", {"title": "发货群", "creator": LIN, "members": [WANG, BOT]})
    return int(made["chat_id"])


async def seen(bot: Caller) -> list[dict[str, Any]]:
    """What the bot got since it last looked."""
    found = await bot.updates()
    if found:
        await bot.updates(found[-1]["update_id"] + 1)
    return found


async def test_a_bot_is_told_when_it_is_put_in_a_group_and_out_of_it(
    bot: Caller, api: Api, group: int
) -> None:
    joined, created = await seen(bot)
    assert joined["my_chat_member"]["new_chat_member"]["status"] == "member"
    assert created["message"]["group_chat_created"] is True
    await api.post(f"groups/{group}/members", {"by": LIN, "remove": [BOT]})
    left, gone = await seen(bot)
    assert left["message"]["left_chat_member"]["id"] == BOT
    assert gone["my_chat_member"]["new_chat_member"]["status"] == "kicked"
    assert await bot.refused("sendMessage", chat_id=group, text="x") == (
        "Forbidden: bot was kicked from the group chat"
    )
    await api.post(f"groups/{group}/members", {"by": LIN, "add": [BOT]})
    back, service = await seen(bot)
    assert back["my_chat_member"]["old_chat_member"]["status"] == "kicked"
    assert service["message"]["new_chat_members"][0]["id"] == BOT


async def test_in_a_group_the_bot_hears_only_what_is_meant_for_it(
    bot: Caller, wang: Phone, group: int
) -> None:
    await seen(bot)
    own = await bot("sendMessage", chat_id=group, text="who?")
    mine = await wang.sends("chatting", chat_id=group, wait=0)
    (asked,) = [m for m in await wang.chat(group) if m.message_id == own["message_id"]]
    await wang.sends("mail a@daifa_bot.com or /path/x", chat_id=group, wait=0)
    await wang.sends("/help@other_bot", chat_id=group, wait=0)
    await wang.replies(mine, "to myself", wait=0)
    assert await seen(bot) == []
    for text in ("/help", "/help@daifa_bot", "hey @daifa_bot!"):
        await wang.sends(text, chat_id=group, wait=0)
    await wang.replies(asked, "me", wait=0)
    heard = [update["message"] for update in await seen(bot)]
    assert [m["text"] for m in heard] == ["/help", "/help@daifa_bot", "hey @daifa_bot!", "me"]
    assert heard[-1]["reply_to_message"]["text"] == "who?"
    assert heard[-1]["chat"] == {"id": group, "type": "group", "title": "发货群"}


async def test_an_administrator_bot_hears_everything_and_may_delete(
    bot: Caller, wang: Phone, api: Api, group: int
) -> None:
    said = await wang.sends("chatting", chat_id=group, wait=0)
    where = {"chat_id": group, "message_id": said.message_id}
    assert await bot.refused("deleteMessage", **where) == ("Bad Request: message can't be deleted")
    await api.post(f"groups/{group}/admins", {"member": BOT, "admin": True})
    await seen(bot)
    await wang.sends("more", chat_id=group, wait=0)
    assert [u["message"]["text"] for u in await seen(bot)] == ["more"]
    await bot("deleteMessage", **where)
    admins = await bot("getChatAdministrators", chat_id=group)
    assert {a["status"] for a in admins} == {"creator", "administrator"}


async def test_members_are_known_by_their_standing(bot: Caller, group: int) -> None:
    creator = await bot("getChatMember", chat_id=group, user_id=LIN)
    assert creator["status"] == "creator"
    assert (await bot("getChatMember", chat_id=group, user_id=2002))["status"] == "left"
    assert (await bot("getChatMemberCount", chat_id=group)) == 3
    assert (await bot("getChat", chat_id=group))["title"] == "发货群"
    await bot("leaveChat", chat_id=group)
    assert await bot.refused("getChat", chat_id=group) == (
        "Forbidden: bot is not a member of the group chat"
    )


async def test_anyone_in_the_group_can_press_a_button(
    bot: Caller, lin: Phone, wang: Phone, group: int
) -> None:
    await seen(bot)
    markup = {"inline_keyboard": [[{"text": "接单", "callback_data": "take"}]]}
    await bot("sendMessage", chat_id=group, text="card", reply_markup=markup)
    for phone in (lin, wang):
        await phone.taps("接单", chat_id=group, wait=0)
    pressed = [update["callback_query"] for update in await seen(bot)]
    assert [query["from"]["id"] for query in pressed] == [LIN, WANG]
    assert pressed[0]["chat_instance"] == pressed[1]["chat_instance"]
    assert pressed[0]["message"]["chat"]["id"] == group


async def test_a_group_becomes_a_supergroup_and_the_old_id_says_so(
    bot: Caller, api: Api, wang: Phone, group: int
) -> None:
    await seen(bot)
    new = (await api.post(f"groups/{group}/supergroup"))["chat_id"]
    assert str(new).startswith("-100")
    from_old, to_new = [update["message"] for update in await seen(bot)]
    assert (from_old["chat"]["id"], from_old["migrate_to_chat_id"]) == (group, new)
    assert (to_new["chat"]["id"], to_new["migrate_from_chat_id"]) == (new, group)
    answer = (await bot.raw("sendMessage", chat_id=group, text="x")).json()
    assert answer["description"] == ("Bad Request: group chat was upgraded to a supergroup chat")
    assert answer["parameters"] == {"migrate_to_chat_id": new}
    await bot("sendMessage", chat_id=new, text="moved")
    assert (await wang.sees("moved", chat_id=new)).text == "moved"


async def test_what_cannot_be_done_to_a_group_is_said(bot: Caller, api: Api, group: int) -> None:
    async def error(path: str, **body: Any) -> str:
        return str((await api.post(path, body)).get("error"))

    assert "a title" in await error("groups", title=" ", creator=LIN)
    assert "nobody 5" in await error("groups", title="x", creator=LIN, members=[5])
    assert "is not in group" in await error(f"groups/{group}/members", by=2002, add=[2002])
    assert "creator can't" in await error(f"groups/{group}/members", by=WANG, remove=[LIN])
    assert "no group -5" in await error("groups/-5/members", by=LIN)
    await api.post(f"groups/{group}/supergroup")
    assert "no basic group" in await error(f"groups/{group}/supergroup")
    assert "has become supergroup" in await error(f"groups/{group}/members", by=LIN)
    assert "has become supergroup" in await error(f"people/{LIN}/send", chat_id=group, text="x")


async def test_only_members_send_and_only_authors_delete(
    bot: Caller, lin: Phone, api: Api, group: int
) -> None:
    said = await lin.sends("/mine", chat_id=group, wait=0)
    stranger = await api.post("people/2002/send", {"chat_id": group, "text": "x"})
    assert "in no chat" in stranger["error"]
    where = {"chat_id": group, "message_id": said.message_id}
    other = await api.post(f"people/{WANG}/delete", where)
    assert "only one's own" in other["error"]
    await lin.deletes(said)
    assert "/mine" not in [m.text for m in await lin.chat(group)]
