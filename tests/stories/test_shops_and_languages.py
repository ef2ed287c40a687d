"""Shops: opened, kept right, several of one person, by invitation; two languages; groups."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from playground.phone import Phone
from tests.cast import CHEN_XIN, LIN_XIAOMAN, WANG_DALI, ZHAO_MIN, Row, Stage, order_no, playing
from tests.conftest import Company
from tests.conversations.at_work import assigned, group

SHIP_FROM = "林小满 13800001111 浙江省金华市义乌市稠州路 88 号"
MERCHANT_MENU = {
    "assign", "orders", "export", "factories", "bind", "shop", "staff", "here", "switch", "start",
    "find", "why", "help", "lang", "cancel", "template", "overdue", "stats", "settings",
    "rules", "platform", "apikey", "webhook",
}  # fmt: skip
FACTORY_MENU = {
    "orders", "merchants", "link", "shop", "staff", "here", "switch", "start", "find", "help",
    "lang", "cancel", "export", "why", "overdue", "stats", "settings", "apikey", "webhook",
    "platform",
}  # fmt: skip


# -- opening -------------------------------------------------------------------------------------


async def test_a_newcomer_is_asked_one_thing_at_a_time_and_gets_a_number(stage: Stage) -> None:
    phone = stage.phone(LIN_XIAOMAN)
    await phone.sends("/start")
    assert {"我是商家", "我是厂家"} <= set(phone.last.labels)
    await phone.taps("我是商家")
    assert "店铺名称" in phone.last.text
    await phone.sends("小满优选")
    await phone.sends(SHIP_FROM)
    shown = phone.last.text
    for part in ("林小满", "13800001111", "浙江省 金华市 义乌市 稠州路 88 号"):
        assert part in shown
    await phone.taps("正确")
    number = phone.last.text.split("店铺编号：")[1][:7]
    assert number.startswith("M")
    assert "小满优选" in phone.last.text


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("<b>老王</b> & 儿子", "<b>老王</b> & 儿子"),
        ("小店👩‍🌾🎉", "小店👩‍🌾🎉"),
        ("小\u202e店\u200b\u200f", "小店"),
        ("  两个\n\n  字 ", "两个 字"),
        ("店" * 40, "店" * 40),
        ("{name} %s \\", "{name} %s \\"),
    ],
)
async def test_any_name_is_kept_as_people_see_it(stage: Stage, typed: str, kept: str) -> None:
    phone = stage.phone(LIN_XIAOMAN)
    await phone.sends("/start")
    await phone.taps("我是商家")
    await phone.sends(typed)
    await phone.sends(SHIP_FROM)
    await phone.taps("正确")
    assert f"🎉 {kept} 开通成功" in phone.last.text
    await phone.sends("/shop")
    assert phone.last.text.startswith(f"{kept} · ")
    await phone.sends("/switch")
    assert any(kept in label for label in phone.last.labels)


async def test_names_that_are_none_are_asked_for_again(stage: Stage) -> None:
    phone = stage.phone(LIN_XIAOMAN)
    await phone.sends("/start")
    await phone.taps("我是厂家")
    for typed, words in (
        ("\u200b\u200f", "请发送文字内容"),
        ("店" * 41, "最多 40 个字"),
        ("长" * 4096, "最多 40 个字"),
    ):
        await phone.sends(typed)
        assert words in phone.last.text
    await phone.sends("大力厂")
    assert "发货信息" in phone.last.text


async def test_ship_from_in_parts_is_asked_for_by_name(stage: Stage) -> None:
    phone = stage.phone(WANG_DALI)
    await phone.sends("/start")
    await phone.taps("我是厂家")
    await phone.sends("大力厂")
    for typed, words in (
        ("王大力", "还缺少：电话、地址"),
        ("13800001111", "还缺少：联系人、地址"),
        ("王大力 13800001111", "还缺少：地址"),
        ("浙江省金华市义乌市稠州路 88 号", "还缺少：电话"),
        ("王大力 1380000 浙江省金华市义乌市稠州路 88 号", "不是有效的电话"),
        ("王" * 501, "最多 500 个字"),
    ):
        await phone.sends(typed)
        assert words in phone.last.text, typed
    await phone.sends("联系人：王大力\n电话：138 0000 1111\n地址：浙江省义乌市稠州路 88 号")
    assert "请核对发货信息" in phone.last.text
    # Wrong after all: written again before anything is kept.
    await phone.taps("重新填写")
    await phone.sends("王小力 0579-85551234 浙江省金华市义乌市工人路 3 号")
    assert "王小力" in phone.last.text
    await phone.taps("正确")
    await phone.sends("/shop")
    assert "0579-85551234" in phone.last.text
    assert "王大力" not in phone.last.text


async def test_cancelled_half_way_nothing_is_opened(stage: Stage) -> None:
    phone = stage.phone(LIN_XIAOMAN)
    for steps in (0, 1, 2):
        await phone.sends("/start")
        await phone.taps("我是商家")
        for text in ("小满优选", SHIP_FROM)[:steps]:
            await phone.sends(text)
        await phone.sends("取消")
        assert "没有任何改动" in phone.last.text
        await phone.sends("小满优选")
        assert "没看懂" in phone.last.text
    await phone.sends("/shop")
    assert "没有找到你的店铺" in phone.last.text


async def test_the_last_button_pressed_twice_opens_one_shop(stage: Stage) -> None:
    phone = stage.phone(LIN_XIAOMAN)
    await phone.sends("/start")
    await phone.taps("我是商家")
    await phone.sends("小满优选")
    await phone.sends(SHIP_FROM)
    confirm = phone.last
    await phone.taps("正确", confirm)
    late = await phone.forges("sf:0", confirm)
    assert "已失效" in late.text
    await phone.sends("/switch")
    assert sum("小满优选" in label for label in phone.last.labels) == 1


# -- keeping -------------------------------------------------------------------------------------


async def test_name_and_ship_from_can_be_changed_and_the_bound_see_it(company: Company) -> None:
    factory, merchant = company.factory, company.merchant
    await factory.sends("/shop")
    await factory.taps("店铺名称")
    await factory.sends("大力<i>精品</i>厂")
    assert "大力<i>精品</i>厂" in factory.last.text
    await factory.taps("发货信息")
    await factory.sends("周姐 13700002222 江苏省苏州市吴中区工业园 9 号")
    assert "周姐" in factory.last.text
    await factory.taps("正确")
    assert "周姐" in factory.last.text
    await merchant.sends("/factories")
    await merchant.taps("大力<i>精品</i>厂")
    assert "13700002222" in merchant.last.text


async def test_one_person_with_shops_of_both_roles(company: Company) -> None:
    """An alert's buttons act for the shop it belongs to, whatever is switched on."""
    stage, both = company.stage, company.factory
    await stage.opens_shop(both, "商家", "大力自营")  # switched on from here on
    assert set(await both.commands()) == MERCHANT_MENU
    [card] = await assigned(company, Row(order_no(1)))
    await both.taps("接单", card)
    await both.replies(card, "SF1234567890123")
    await both.sees("✅ 已发货")
    await company.merchant.sees("SF1234567890123", anywhere=True)

    await both.sends("/merchants")
    assert "你现在用的是商家店铺" in both.last.text
    await both.sends("/switch")
    assert [label for label in both.last.labels if label.startswith("✅")] == ["✅ 商家 · 大力自营"]
    await both.taps("大力日用百货厂")
    assert set(await both.commands()) == FACTORY_MENU
    await both.sends("/merchants")
    assert any("小满优选" in label for label in both.last.labels)


# -- by invitation -------------------------------------------------------------------------------


@pytest.fixture
async def invited_only(tmp_path: Path) -> AsyncIterator[Stage]:
    """A house where shops are opened by invitation."""
    async with playing(tmp_path, registration="invite") as stage:
        yield stage


async def test_without_an_invitation_no_shop_with_one_as_many_as_needed(
    invited_only: Stage,
) -> None:
    stage = invited_only
    first, second = stage.phone(LIN_XIAOMAN), stage.phone(CHEN_XIN)
    house = stage.running.house
    token = await house.database.write(house.services.accounts.new_invite)
    await first.sends("/start")
    answer = await first.taps("我是商家")
    assert "需要邀请" in answer.text
    await first.sends("小满优选")
    assert "没看懂" in first.last.text

    await first.opens(start=f"i_{token}")
    await stage.opens_shop(first, "商家", "小满优选")
    await stage.opens_shop(first, "厂家", "小满工坊")

    # Used: for its user it stays good, for anybody else it never was.
    await first.opens(start=f"i_{token}")
    assert "小满工坊" in first.last.text
    for bad in (token, "nonsense", ""):
        await second.opens(start=f"i_{bad}")
        assert "邀请链接已使用或不存在" in second.last.text
    await second.sends("/start")
    assert "需要邀请" in (await second.taps("我是厂家")).text


# -- languages -----------------------------------------------------------------------------------


async def descriptions(stage: Stage, phone: Phone) -> dict[str, str]:
    """Return the command menu of the private chat with its descriptions."""
    found = await stage.client.get(f"{stage.address}/api/people/{phone.person_id}/chats")
    private = next(one for one in found.json()["chats"] if one["type"] == "private")
    return {one["command"]: one["description"] for one in private["commands"]}


async def test_each_person_reads_their_own_language(company: Company) -> None:
    factory, merchant = company.factory, company.merchant
    await factory.sends("语言")
    await factory.taps("English")
    assert "Reply to an order's card" in factory.last.text
    assert (await descriptions(company.stage, factory))["merchants"] == (
        "My merchants: aliases, unbinding"
    )
    await assigned(company, Row(order_no(1)))
    card = await factory.sees("New order", anywhere=True)
    assert "Accept" in " ".join(card.labels)
    await factory.replies(card, "SF1234567890123")
    await factory.sees("Shipped")
    assert "已发货" in (await merchant.sees("SF1234567890123", anywhere=True)).text
    assert (await descriptions(company.stage, merchant))["assign"] == "分配订单给厂家"
    await factory.sends("/lang")
    await factory.taps("中文")
    assert "待发货" in factory.last.text
    assert (await descriptions(company.stage, factory))["orders"] == "查看订单"


async def test_help_says_what_this_role_can_do_now(company: Company) -> None:
    for phone, menu, words in (
        (company.merchant, MERCHANT_MENU,
         "一行分配 修改 拆单 撤回 缺货等待 改派 暂停发货 拦截 补发 问厂家 历史 /settings"),
        (company.factory, FACTORY_MENU,
         "回复订单卡片 装箱单 拒单 缺货等待 申请撤回 已知晓 停止发货 问商家 面单 历史 /settings"),
        (company.newcomer, {"start", "help", "lang", "cancel"}, "请先开店"),
    ):  # fmt: skip
        await phone.sends("/help")
        text = phone.last.text
        told = text.split("订单怎么处理")[-1]
        assert [word for word in words.split() if word not in told] == []
        named = {line.split()[0][1:] for line in text.splitlines() if line.startswith("/")}
        assert named == menu
        assert set(await phone.commands()) == menu


async def test_the_menu_opens_what_each_role_has(company: Company) -> None:
    for phone, places in (
        (
            company.merchant,
            {"⏰ 逾期": "没有逾期订单", "🤖 自动分配": "还没有规则", "⚙️ 设置": "免打扰"},
        ),
        (company.factory, {"⏰ 逾期": "没有逾期订单", "⚙️ 设置": "免打扰"}),
    ):
        for button, words in places.items():
            await phone.sends("/start")
            assert max(len(row) for row in phone.last.buttons) <= 3
            await phone.taps(button)
            assert words in phone.last.text


async def test_chinese_words_are_commands(company: Company) -> None:
    for phone, word, words in (
        (company.merchant, "分配", "没有待分配的订单"), (company.merchant, "订单", "待分配"),
        (company.merchant, "厂家", "厂家管理"), (company.merchant, "导出", "已发货订单的快递单号"),
        (company.merchant, "店铺", "店铺编号"), (company.merchant, "帮助", "现在能做什么"),
        (company.merchant, "切换", "你的店铺"), (company.merchant, "待发货", "待发货"),
        (company.factory, "商家", "商家管理"), (company.factory, "链接", "的绑定链接"),
        (company.factory, "订单", "待发货"), (company.factory, "菜单", "大力日用百货厂"),
        (company.merchant, f"绑定{company.other_number}", "等待厂家确认"),
    ):  # fmt: skip
        await phone.sends(word)
        assert words in phone.last.text, word
    await company.merchant.sends("厂家说明天发货")  # a sentence that begins with such a word
    assert "没看懂" in company.merchant.last.text


async def test_help_and_language_are_no_answers_and_leave_the_question_open(
    company: Company,
) -> None:
    merchant = company.merchant
    await merchant.sends("/shop")
    await merchant.taps("店铺名称")
    for word, words in (("/help", "现在能做什么"), ("帮助", "现在能做什么"), ("/lang", "选择语言")):
        await merchant.sends(word)
        assert words in merchant.last.text
    await merchant.sends("小满严选")
    assert merchant.last.text.startswith("小满严选")


async def test_cancel_works_in_any_question(company: Company) -> None:
    merchant = company.merchant
    for begin in (
        ("/bind",), ("/shop", "店铺名称"), ("/shop", "发货信息"), ("/switch", "开厂家店铺"),
        ("/factories", "大力日用百货厂", "备注名"),
    ):  # fmt: skip
        await merchant.sends(begin[0])
        for label in begin[1:]:
            await merchant.taps(label)
        await merchant.sends("/cancel")
        assert "没有任何改动" in merchant.last.text
        await merchant.sends("随便一句")
        assert "没看懂" in merchant.last.text
        await merchant.sends(begin[0])
        for label in begin[1:]:
            await merchant.taps(label)
        await merchant.taps("取消")
        assert "没有任何改动" in merchant.last.text
    await merchant.sends("/shop")
    assert merchant.last.text.startswith("小满优选")


# -- groups --------------------------------------------------------------------------------------


async def test_a_group_hears_answers_to_commands_only_and_no_recipient(company: Company) -> None:
    [_] = await assigned(company, Row(order_no(1)))
    chat = await group(company, company.merchant)
    factory = company.factory
    before = len(await factory.chat(chat))
    await factory.sends("今天发货吗", chat_id=chat)
    await factory.sends("订单", chat_id=chat)  # no command to Telegram: the bot does not see it
    assert len(await factory.chat(chat)) == before + 2
    assert set(await factory.commands(chat)) == {"orders", "assign", "here", "help"}
    await factory.sends("/help", chat_id=chat)
    assert "现在能做什么" in factory.last_in[chat].text
    await factory.sends("/orders", chat_id=chat)
    await factory.taps("陶瓷马克杯", factory.last_in[chat], chat_id=chat)
    for message in await factory.chat(chat):
        for secret in ("13912345678", "张三丰", "示例路"):
            assert secret not in message.text


async def test_questions_are_put_in_private_chats(company: Company) -> None:
    """What the factory says in a group answers no question the bot asked in private."""
    chat = await group(company, company.merchant)
    await company.factory.sends("/shop")
    await company.factory.taps("店铺名称")
    await company.factory.sends("/help", chat_id=chat)
    await company.factory.sends("大力新厂")
    await company.factory.sends("/shop")
    assert company.factory.last.text.startswith("大力新厂")


async def test_somebody_new_in_a_group_is_sent_nowhere_wrong(company: Company) -> None:
    chat = await group(company, company.stage.phone(ZHAO_MIN), company.newcomer)
    await company.newcomer.sends("/orders", chat_id=chat)
    assert "没有找到你的店铺" in company.newcomer.last_in[chat].text
