"""面单 and 拣货单: paper a packer prints at once, each slip a look, gone from the chat in time."""

from datetime import timedelta
from pathlib import Path

from bot.keyboards.data import PickList, PrintSlips
from bot.sweeper import Sweeper
from playground.seen import M
from tests.cast import CHEN_XIN, LIN_XIAOMAN, WANG_DALI, Row, order_no, playing, replace
from tests.conftest import Company
from tests.conversations.at_work import assigned, card_in, group, imports, tag_of
from tests.conversations.helping import joins
from tests.conversations.paper import barcodes, pages

SHOP = 2  # 大力日用百货厂 opens second
OPEN = PrintSlips(shop=SHOP, of="open").pack()


async def looks(company: Company, order_id: int = 1) -> int:
    history = await company.stage.read(lambda store: store.history(order_id))
    return sum(row.act == "printed" for row in history)


def files(messages: list[M]) -> list[M]:
    return [m for m in messages if m.from_bot and m.document]


async def test_a_slip_comes_protected_scans_as_its_order_and_is_a_look(company: Company) -> None:
    [card] = await assigned(company, Row(order_no(1), buyer_note="请不要放价格单"))
    await company.factory.taps("面单", card)
    await company.factory.sees("1 张面单已发到你的私聊")
    [slip] = files(await company.factory.chat())
    assert slip.protected
    assert "5 分钟后自动消失" in slip.text
    assert "1单.pdf" in (slip.document or {})["file_name"]
    pdf = await company.factory.downloads(slip)
    assert barcodes(pdf) == [f"{tag_of(card)}-{order_no(1)}"]
    assert await looks(company) == 1
    [still] = [m for m in await company.factory.chat() if m.message_id == card.message_id]
    assert still.text == card.text
    await company.merchant.sends(f"/orders {order_no(1)}")
    assert "↩️ 申请撤回" in company.merchant.last.labels


async def test_after_five_minutes_the_slips_are_gone_from_the_chat(company: Company) -> None:
    [card] = await assigned(company, Row(order_no(1)))
    await company.factory.taps("面单", card)
    await company.factory.sees("1 张面单已发到你的私聊")
    sweeper = Sweeper(company.stage.running.house, company.stage.running.bot)
    company.stage.clock.ahead = timedelta(minutes=4)
    await sweeper.sweep()
    assert files(await company.factory.chat())
    company.stage.clock.ahead = timedelta(minutes=5, seconds=1)
    await sweeper.sweep()
    assert not files(await company.factory.chat())


async def test_all_open_orders_print_but_a_stopped_one_is_left_out_and_said(
    company: Company,
) -> None:
    rows = [Row(order_no(n)) for n in (1, 2, 3)]
    cards = await assigned(company, *rows)
    await imports(company, replace(rows[1], after_sale="退款中"))
    await company.factory.sees("停止发货", anywhere=True)
    await company.factory.forges(OPEN, cards[0])
    told = await company.factory.sees("2 张面单已发到你的私聊")
    assert "1 单没有打印" in told.text
    assert f"退款申请中：1 单（{tag_of(cards[1])}）" in told.text
    [file] = files(await company.factory.chat())
    printed = barcodes(await company.factory.downloads(file))
    assert printed == [
        f"{tag_of(card)}-{order_no(n)}" for n, card in ((1, cards[0]), (3, cards[2]))
    ]
    assert [await looks(company, n) for n in (1, 2, 3)] == [1, 0, 1]


async def test_pressed_on_a_card_whose_order_was_stopped_nothing_prints(company: Company) -> None:
    row = Row(order_no(1))
    [card] = await assigned(company, row)
    await imports(company, replace(row, after_sale="退款中"))
    one = PrintSlips(shop=SHOP, of="one", ref=1).pack()
    answer = await company.factory.forges(one, card)
    assert answer.show_alert
    assert "退款" in answer.text
    assert not files(await company.factory.chat())


async def test_with_nothing_open_the_button_says_so(company: Company) -> None:
    [card] = await assigned(company, Row(order_no(1)))
    await company.factory.replies(card, "SF1234567890123")
    for button in (OPEN, PickList(shop=SHOP, of="ticked").pack()):
        answer = await company.factory.forges(button, card)
        assert "没有可打印的" in answer.text


async def test_what_exceeds_todays_quota_is_left_out_and_said(tmp_path: Path) -> None:
    """`max(1, 2 × open orders)`: four were open, three are declined after a look: 2 a day."""
    async with playing(tmp_path, peek_quota_floor=1) as stage:
        merchant, factory = stage.phone(LIN_XIAOMAN), stage.phone(WANG_DALI)
        await stage.opens_shop(merchant, "商家", "小满优选")
        number = await stage.opens_shop(factory, "厂家", "大力日用百货厂")
        await stage.binds(merchant, factory, number)
        company = Company(stage, merchant, factory, factory, factory, "", number, "")
        cards = await assigned(company, *(Row(order_no(n)) for n in range(1, 5)))
        await factory.forges(OPEN, cards[0])
        await factory.sees("4 张面单已发到你的私聊")
        for card in cards[:3]:
            await factory.taps("拒单", card)
            await factory.taps("缺货", await factory.sees("请选择原因", anywhere=True))
        [late] = await assigned(company, Row(order_no(9)))
        answer = await factory.forges(OPEN, late)
        told = await factory.sees("1 张面单已发到你的私聊")
        assert f"已达今天的查看上限，零点后恢复：1 单（{tag_of(late)}）" in told.text
        assert not answer.text
        assert await looks(company, 4) == 2
        assert await looks(company, 5) == 0


async def test_from_a_group_the_slips_go_to_the_pressers_private_chat(company: Company) -> None:
    await assigned(company, Row(order_no(1)))
    chat = await group(company, company.other_factory)
    card = await card_in(company, chat)
    await company.factory.taps("面单", card, chat_id=chat)
    await company.factory.sees("1 张面单已发到你的私聊", chat_id=chat)
    assert not files(await company.factory.chat(chat))
    assert files(await company.factory.chat())
    answer = await company.other_factory.taps("面单", card, chat_id=chat)
    assert answer.show_alert
    assert not files(await company.other_factory.chat())


async def test_who_closed_the_private_chat_is_told_to_open_it_and_nothing_is_recorded(
    company: Company,
) -> None:
    await assigned(company, Row(order_no(1)))
    packer = await joins(company.stage, CHEN_XIN, company.factory_number)
    chat = await group(company, packer)
    card = await card_in(company, chat)
    await packer.blocks()
    await packer.taps("面单", card, chat_id=chat)
    told = await packer.sees("还没有打开过", chat_id=chat)
    assert any("打开私聊" in label for label in told.labels)
    assert await looks(company) == 0


async def test_a_place_deleted_before_the_file_came_is_said_with_a_way_on(
    company: Company,
) -> None:
    [card] = await assigned(company, Row(order_no(1)))
    stage = company.stage
    slow = {"kind": "latency", "method": "editMessageMedia", "seconds": 1}
    await stage.client.post(f"{stage.address}/api/faults", json={"faults": [slow]})
    await company.factory.taps("面单", card)
    place = await company.factory.sees("面单马上出现在这里")
    await company.factory.deletes(place)
    await company.factory.sees("私聊里的那条消息被删掉了", anywhere=True)
    assert not files(await company.factory.chat())
    await company.factory.taps("再打印一次")
    await company.factory.sees("1 张面单已发到你的私聊")


async def test_a_name_no_font_has_prints_with_a_mark_and_a_warning(company: Company) -> None:
    [card] = await assigned(company, Row(order_no(1), name="王𬱖㛃", buyer_note="谢谢😀"))
    await company.factory.taps("面单", card)
    await company.factory.sees("1 张面单已发到你的私聊")
    [slip] = files(await company.factory.chat())
    assert "打印不了的字" in slip.text
    assert "𬱖😀" in slip.text
    assert tag_of(card) in slip.text


async def test_a_pick_list_has_no_recipient_and_may_stand_in_a_group(company: Company) -> None:
    await assigned(company, Row(order_no(1), pieces=2), Row(order_no(2), pieces=3))
    chat = await group(company)
    card = await card_in(company, chat)
    await company.factory.forges(PickList(shop=SHOP, of="open").pack(), card)
    made = await company.factory.sees("拣货单 · 2 单 · 共 5 件", chat_id=chat)
    assert not made.protected
    assert len(pages(await company.factory.downloads(made))) == 1
    assert await looks(company) == 0
