"""A shop's alerts in a group: packers reply there, topics, and what happens when the group goes."""

import asyncio
from typing import Any

from bot.keyboards.data import Accept, AlertsHere
from playground.people import Person
from playground.phone import Phone
from playground.seen import M
from tests.cast import CHEN_XIN, Row, order_no
from tests.conftest import Company
from tests.conversations.at_work import group, imports
from tests.conversations.helping import joins, shop_id
from tests.stories.test_strangers import state

NOBODY = "没有找到你的店铺"


async def post(company: Company, path: str, **body: object) -> dict[str, int]:
    """Ask the playground's other side for something."""
    done = await company.stage.client.post(f"{company.stage.address}/api/{path}", json=body)
    found: dict[str, int] = done.json()
    assert "error" not in found, found
    return found


async def forum(company: Company, *members: Phone) -> tuple[int, int]:
    """Return a supergroup of 王大力, these people and the bot, and a topic of it."""
    owner, bot = company.factory.person_id, company.stage.running.house.bot_id
    people = [bot, *(one.person_id for one in members)]
    made = await post(
        company, "groups", title="发货群", creator=owner, members=people, supergroup=True
    )
    chat = made["chat_id"]
    return chat, (await post(company, f"groups/{chat}/topics", name="发货", by=owner))["topic"]


async def assigns(company: Company, *numbers: int) -> None:
    """Import and assign these orders in one line."""
    await imports(company, *(Row(order_no(one)) for one in numbers))
    named = " ".join(order_no(one) for one in numbers)
    await company.merchant.sends(f"/assign {named} {company.factory_number}")


async def card(company: Company, phone: Phone, number: int, chat: int) -> M:
    """Return the order's card in the chat, once it is remembered what the message shows."""
    found = await phone.sees(order_no(number), anywhere=True, chat_id=chat)
    house = company.stage.running.house
    async with asyncio.timeout(10):
        while not await company.stage.read(
            lambda store: store.chats.shown(house.bot_id, chat, found.message_id)
        ):
            continue
    return found


async def told(company: Company, number: int, chat: int) -> int:
    """Return how many messages that announced the order the chat was sent and took."""
    address = f"{company.stage.address}/api/calls"
    found = await company.stage.client.get(address, params={"method": "sendMessage"})
    return sum(
        str(call["params"]["chat_id"]) == str(chat)
        and "🆕" in call["params"]["text"]
        and order_no(number) in call["params"]["text"]
        and call["status"] == 200
        for call in found.json()["calls"]
    )


async def test_alerts_go_to_the_group_and_only_members_act_there(company: Company) -> None:
    factory, outsider = company.factory, company.other_factory
    packer = await joins(company.stage, CHEN_XIN, company.factory_number)
    chat = await group(company, packer, outsider)
    await packer.sends("/here", chat_id=chat)
    assert "只有店主" in packer.last_in[chat].text
    await factory.sends("/here", chat_id=chat)
    assert "大力日用百货厂 的通知今后发到这里" in factory.last_in[chat].text
    await packer.sees("改发到群里", anywhere=True)
    await factory.sends("/shop")
    assert "通知发到群里" in factory.last.text

    await assigns(company, 1)
    shown = await card(company, factory, 1, chat)
    for phone in (factory, packer):
        assert await told(company, 1, phone.person_id) == 0
    before = state(company)
    assert NOBODY in (await outsider.taps("接单", shown, chat_id=chat)).text
    assert NOBODY in (await outsider.taps("填写单号", shown, chat_id=chat)).text
    await outsider.replies(shown, "SF1234567890123")
    assert NOBODY in outsider.last_in[chat].text
    assert state(company) == before

    # The reply field is for the presser alone; what they answer with is in the group as well.
    await packer.taps("查看收件信息", shown, chat_id=chat)
    assert any("13912345678" in m.text for m in await packer.chat())
    await packer.taps("填写单号", shown, chat_id=chat)
    asked = packer.last_in[chat]
    assert asked.raw["force_reply"]["only"] == [packer.person_id]
    assert asked.text.startswith("陈新")
    await packer.replies(asked, "SF1234567890123")
    await packer.sees("✅ 已发货", chat_id=chat)
    await company.merchant.sees("SF1234567890123", anywhere=True)
    assert not any("13912345678" in m.text for m in await factory.chat(chat))

    await factory.sends("/here off", chat_id=chat)
    assert "改回发到每位成员的私聊" in factory.last_in[chat].text
    await assigns(company, 2)
    for phone in (factory, packer):
        await phone.sees(order_no(2), anywhere=True)
    assert await told(company, 2, chat) == 0
    await factory.sends("取消本群接收")
    assert "没有任何改动" in factory.last.text


async def test_here_is_for_groups_and_asks_which_of_several_shops(company: Company) -> None:
    stage, factory = company.stage, company.factory
    await factory.sends("/here")
    assert "这个指令用在群里" in factory.last.text
    await company.newcomer.sends("/start")
    chat = await group(company, company.newcomer)
    await company.newcomer.sends("/here", chat_id=chat)
    assert NOBODY in company.newcomer.last_in[chat].text
    await stage.opens_shop(factory, "商家", "大力自营")
    await factory.sends("/here", chat_id=chat)
    asked = factory.last_in[chat]
    assert asked.labels == ["大力日用百货厂", "大力自营"]
    data = AlertsHere(shop=await shop_id(stage, company.factory_number)).pack()
    assert NOBODY in (await company.newcomer.forges(data, asked)).text
    await factory.taps("大力自营", asked, chat_id=chat)
    assert "大力自营 的通知今后发到这里" in factory.last_in[chat].text
    await factory.sends("/here", chat_id=chat)
    await factory.taps("大力日用百货厂", chat_id=chat)
    await factory.sends("/here off")
    assert set(factory.last.labels) == {"大力日用百货厂", "大力自营"}
    await factory.taps("大力自营")
    assert "大力自营 的通知已改回" in factory.last.text


async def test_twelve_packers_reply_at_once(company: Company) -> None:
    stage, factory = company.stage, company.factory
    packers = []
    for number in range(12):
        one = Person(9000 + number, f"打包员{number}")
        await post(company, "people", id=one.id, first_name=one.first_name)
        packers.append(await joins(stage, one, company.factory_number))
    chat = await group(company, *packers)
    await factory.sends("/here", chat_id=chat)
    for first in (1, 5, 9):
        await assigns(company, *range(first, first + 4))
    cards = [await card(company, factory, number, chat) for number in range(1, 13)]
    for number, (packer, shown) in enumerate(zip(packers, cards, strict=True), start=1):
        await packer.replies(shown, f"SF{number:013d}", wait=0)
    for number in range(1, 13):
        await company.merchant.sees(f"SF{number:013d}", anywhere=True)
        assert await told(company, number, chat) == 1
        assert await told(company, number, packers[0].person_id) == 0
    await factory.sends("/orders")
    answers = [m for m in await factory.chat(chat) if "✅ 已发货" in m.text and m.raw["reply_to"]]
    assert len(answers) >= 12


async def test_a_topic_gets_the_alerts_and_keeps_the_answers(company: Company) -> None:
    factory, packer = company.factory, await joins(
        company.stage, CHEN_XIN, company.factory_number
    )  # fmt: skip
    chat, topic = await forum(company, packer)
    await factory.sends("/here", chat_id=chat, topic=topic)
    assert factory.last_in[chat].topic == "发货"
    await assigns(company, 1)
    shown = await card(company, factory, 1, chat)
    assert shown.topic == "发货"
    await packer.taps("填写单号", shown, chat_id=chat)
    assert packer.last_in[chat].topic == "发货"
    await packer.replies(shown, "SF1234567890123")
    assert (await packer.sees("✅ 已发货", chat_id=chat)).topic == "发货"
    await packer.sends("/orders", chat_id=chat)
    assert packer.last_in[chat].topic == ""

    await post(company, f"groups/{chat}/topics/{topic}", by=factory.person_id, closed=True)
    await assigns(company, 2)
    for phone in (factory, packer):
        await phone.sees(order_no(2), anywhere=True)
        assert await told(company, 2, phone.person_id) == 1
    await factory.sees("接收通知的话题已关闭或被删除", anywhere=True)
    assert not any("话题已关闭" in m.text for m in await packer.chat())


async def test_put_out_of_the_group_the_bot_goes_on_in_private(company: Company) -> None:
    factory, packer = company.factory, await joins(
        company.stage, CHEN_XIN, company.factory_number
    )  # fmt: skip
    chat = await group(company, packer)
    await factory.sends("/here", chat_id=chat)
    bot = company.stage.running.house.bot_id
    await post(company, f"groups/{chat}/members", by=factory.person_id, remove=[bot])
    await factory.sees("我被移出了群", anywhere=True)
    await assigns(company, 1)
    for phone in (factory, packer):
        await phone.sees(order_no(1), anywhere=True)
        assert await told(company, 1, phone.person_id) == 1
    await factory.sends("/shop")
    assert "通知发到群里" not in factory.last.text


async def test_what_a_group_did_not_take_goes_out_in_private(company: Company) -> None:
    """No update said that the bot may not write: the first refused message does."""
    factory, packer = company.factory, await joins(
        company.stage, CHEN_XIN, company.factory_number
    )  # fmt: skip
    chat = await group(company, packer)
    await factory.sends("/here", chat_id=chat)
    await post(company, "faults", faults=[{"kind": "403", "chat_id": chat}])
    await assigns(company, 1, 2)
    for number in (1, 2):
        for phone in (factory, packer):
            await phone.sees(order_no(number), anywhere=True)
            assert await told(company, number, phone.person_id) == 1
    await factory.sees("不能在群里发言", anywhere=True)


async def test_a_group_that_becomes_a_supergroup_is_followed(company: Company) -> None:
    factory, packer = company.factory, await joins(
        company.stage, CHEN_XIN, company.factory_number
    )  # fmt: skip
    chat = await group(company, packer)
    await factory.sends("/here", chat_id=chat)
    await assigns(company, 1)
    old = await card(company, factory, 1, chat)
    new = (await post(company, f"groups/{chat}/supergroup"))["chat_id"]
    # The supergroup numbers its messages anew: no number of the old group means an order there.
    shown, bot = company.stage.read, company.stage.running.house.bot_id
    assert await shown(lambda store: store.chats.shown(bot, chat, old.message_id)) is not None
    assert await shown(lambda store: store.chats.shown(bot, new, old.message_id)) is None
    await _presses_the_old_message(company, old)
    await assigns(company, 2)
    await packer.replies(await card(company, packer, 2, new), "SF1234567890123")
    await packer.sees("✅ 已发货", chat_id=new)
    await factory.sends("/here off", chat_id=new)
    assert "改回发到每位成员的私聊" in factory.last_in[new].text


async def _presses_the_old_message(company: Company, old: M) -> None:
    """Apps still show what the group was before; a press there comes with the old group's id."""
    shop = await shop_id(company.stage, company.factory_number)
    person = {"id": company.factory.person_id, "is_bot": False, "first_name": "王大力"}
    query = {
        "id": "1", "from": person, "chat_instance": "1",
        "data": Accept(shop=shop, assignment=1).pack(),
        "message": {
            "message_id": old.message_id, "date": 1, "text": "…",
            "chat": {"id": old.chat_id, "type": "group", "title": "发货群"},
        },
    }  # fmt: skip
    await company.stage.running.inbox.accept({"update_id": 1, "callback_query": query})
    given = await company.stage.read(lambda store: store.assignments.of(1))
    assert given.status == "accepted"
    assert await company.stage.read(_poisoned) == 0


def _poisoned(store: Any) -> int:
    one = store.session.connection().exec_driver_sql
    return int(one("SELECT count(*) FROM poisoned_update").scalar_one())


async def test_what_a_busy_group_does_not_take_now_is_said_later(company: Company) -> None:
    """Telegram takes twenty messages a minute there; private chats wait for none of it."""
    factory, packer = company.factory, await joins(
        company.stage, CHEN_XIN, company.factory_number
    )  # fmt: skip
    chat = await group(company, packer)
    await factory.sends("/here", chat_id=chat)
    await assigns(company, 1, 2)
    cards = [await card(company, packer, number, chat) for number in (1, 2)]
    await post(
        company, "faults", faults=[{"kind": "429", "chat_id": chat, "retry_after": 3, "times": 2}]
    )
    for number, shown in enumerate(cards, start=1):
        await packer.replies(shown, f"SF{number:013d}")  # taken: nobody waits for the answer
    await factory.sends("/help")
    assert "现在能做什么" in factory.last.text
    for number in (1, 2):
        await company.merchant.sees(f"SF{number:013d}", anywhere=True)
        await packer.sees(f"SF{number:013d}", anywhere=True, chat_id=chat)
    assert await company.stage.read(_poisoned) == 0


async def test_who_writes_as_the_group_or_as_a_channel_is_told_why_not(company: Company) -> None:
    factory = company.factory
    chat = await group(company, company.newcomer)
    before = state(company)

    async def hints() -> int:
        await company.newcomer.sends("/help", chat_id=chat)
        return sum("认不出你是谁" in m.text for m in await factory.chat(chat))

    await factory.sends("今天发货吗", chat_id=chat, anonymous=True)
    assert await hints() == 0
    await factory.sends("/here", chat_id=chat, anonymous=True)
    assert "关闭「匿名」" in (await factory.chat(chat))[-1].text
    await factory.sends("/here", chat_id=chat, anonymous=True)
    await post(company, f"groups/{chat}/channel_post", title="频道", text="/orders")
    assert await hints() == 1  # once an hour
    company.stage.running.house.hinted.clear()
    await post(company, f"groups/{chat}/channel_post", title="频道", text="上新啦")
    assert await hints() == 1
    await post(company, f"groups/{chat}/channel_post", title="频道", text="/orders")
    await factory.sees("以频道身份", anywhere=True, chat_id=chat)
    assert state(company) == before


async def test_the_group_hears_in_the_owners_language_also_after_a_hand_over(
    company: Company,
) -> None:
    factory, packer = company.factory, await joins(
        company.stage, CHEN_XIN, company.factory_number
    )  # fmt: skip
    chat = await group(company, packer)
    await factory.sends("/lang")
    await factory.taps("English")
    await factory.sends("/here", chat_id=chat)
    await assigns(company, 1)
    assert "New order" in (await card(company, packer, 1, chat)).text
    await factory.sends("/staff")
    await factory.taps("陈新")
    await factory.taps("Make owner")
    await factory.taps("Yes")
    await packer.sends("/staff")
    await packer.taps("王大力")
    await packer.taps("移除")
    await packer.taps("确认移除")
    await assigns(company, 2)
    assert "新订单" in (await card(company, packer, 2, chat)).text
