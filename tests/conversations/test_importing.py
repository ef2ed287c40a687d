"""A merchant brings orders in: preview, confirmation, what changed, and every bad file."""

import asyncio
from datetime import timedelta
from pathlib import Path

from bot.handlers.importing_job import READ, import_doers
from bot.keyboards.data import AnswerImport
from bot.screens.errors import error_text
from bot.texts import translator
from core.entities import Job
from core.errors import PreviewOutdated
from core.ids import key
from core.imports.incoming import IncomingLine, IncomingOrder, IncomingRecipient, Sheet
from core.ports import Store
from tests.cast import CHEN_XIN, COLUMNS, LIN_XIAOMAN, Row, Stage, export, order_no, today
from tests.conftest import Company
from tests.conversations.at_work import assigned
from tests.conversations.helping import counts, joins, shop_id


def mugs(n: int, first: int = 0) -> list[Row]:
    return [Row(order_no(first + i), hours=5 + i) for i in range(n)]


async def test_a_file_is_previewed_kept_once_confirmed_and_then_deleted(company: Company) -> None:
    merchant = company.merchant
    file = await merchant.uploads("订单.xlsx", export(mugs(3)))
    preview = await merchant.sees("新订单：3 单")
    assert "确认后才会导入" in preview.text
    assert await counts(company.stage, company.merchant_number) == {}
    await merchant.taps("确认导入")
    await merchant.sees("✅ 已导入")
    assert await counts(company.stage, company.merchant_number) == {"unassigned": 3}
    await merchant.taps("删除聊天中的文件")
    await merchant.sees("聊天中的文件已删除")
    assert file.message_id not in [one.message_id for one in await merchant.chat()]


async def test_the_same_file_again_brings_nothing_new(company: Company) -> None:
    await company.stage.imports(company.merchant, mugs(3))
    await company.merchant.uploads("订单.xlsx", export(mugs(3)))
    again = await company.merchant.sees("没有需要导入的订单")
    assert "已有（无变化）：3 单" in again.text
    assert not any("确认导入" in label for label in again.labels)


async def test_a_changed_row_is_shown_old_and_new_and_the_factory_hears_of_it(
    company: Company,
) -> None:
    merchant, factory = company.merchant, company.factory
    await company.stage.imports(merchant, [Row(order_no(1))])
    await merchant.sends(f"/assign {order_no(1)} {company.factory_number}")
    await factory.sees("陶瓷马克杯", anywhere=True)
    moved = Row(order_no(1), buyer_note="请用红色包装", pieces=3, address="另一条路 9 号")
    await merchant.uploads("订单.xlsx", export([moved]))
    preview = await merchant.sees("有变更：1 单")
    assert "买家留言：（无） → 请用红色包装" in preview.text
    assert "数量：1 → 3" in preview.text
    assert "收件信息变更" in preview.text
    assert "另一条路" not in preview.text
    assert "确认后会通知厂家" in preview.text
    await merchant.taps("确认导入")
    done = await merchant.sees("✅ 已导入")
    assert "正在通知厂家" in done.text
    await factory.sees("请用红色包装", anywhere=True)


async def test_masked_recipients_are_counted_with_what_to_do(company: Company) -> None:
    rows = [Row(order_no(1)), Row(order_no(2), name="张**", phone="138****0000")]
    await company.merchant.uploads("订单.xlsx", export(rows))
    preview = await company.merchant.sees("收件信息不全：1 单")
    assert "不打码" in preview.text


async def test_rows_left_out_are_named_with_the_reason(company: Company) -> None:
    rows = [
        Row(order_no(1)),
        Row(order_no(2), status="待支付"),
        Row(order_no(3), status="已关闭"),
        Row(order_no(4), pieces="很多"),
    ]
    await company.merchant.uploads("订单.xlsx", export(rows))
    preview = await company.merchant.sees("新订单：1 单")
    assert "未导入：2 单" in preview.text
    assert "未付款 1" in preview.text
    assert "第 5 行" in preview.text
    assert "数量不对：很多" in preview.text


async def test_a_file_of_nothing_but_bad_rows_stays_within_a_message(company: Company) -> None:
    rows = [Row(order_no(i), pieces=f"很多{'很' * 60}<b>") for i in range(40)]
    await company.merchant.uploads("订" * 200 + "<b>😀.xlsx", export(rows))
    preview = await company.merchant.sees("未通过的行：40")
    assert "…另有 30 条" in preview.text
    assert "没有需要导入的订单" in preview.text


async def test_every_row_and_order_left_out_can_be_looked_through_in_place(
    company: Company,
) -> None:
    merchant = company.merchant
    rows = [Row(order_no(1)), *(Row(order_no(10 + i), pieces="很多") for i in range(45))]
    rows += [Row(order_no(80), status="待支付"), Row(order_no(81), status="已关闭")]
    await merchant.uploads("订单.xlsx", export(rows))
    preview = await merchant.sees("未通过的行：45")
    await merchant.taps("全部未通过的行")
    first = await merchant.sees("第 1–20 条，共 47 条")
    assert first.message_id == preview.message_id
    assert f"第 3 行（{order_no(10)}）：数量不对：很多" in first.text
    assert "上一页" not in " ".join(first.labels)
    await merchant.taps("下一页")
    await merchant.sees("第 21–40 条")
    await merchant.taps("下一页")
    last = await merchant.sees("第 41–47 条")
    assert "未导入：2 单" in last.text
    assert f"• {order_no(80)}：未付款" in last.text
    assert f"• {order_no(81)}：已取消" in last.text
    assert "下一页" not in " ".join(last.labels)
    await merchant.taps("上一页")
    await merchant.sees("第 21–40 条")
    await merchant.taps("回到预览")
    await merchant.sees("以上为预览")
    await merchant.taps("确认导入（1 单）")
    await merchant.sees("✅ 已导入")
    await merchant.taps("全部未通过的行")
    await merchant.sees("第 1–20 条，共 47 条")
    await merchant.taps("返回")
    await merchant.sees("已导入过")


async def test_orders_left_out_of_a_file_without_bad_rows_are_named_too(company: Company) -> None:
    merchant = company.merchant
    await merchant.uploads("订单.xlsx", export([Row(order_no(3), status="待支付")]))
    await merchant.sees("未导入：1 单")
    await merchant.taps("全部未导入的订单")
    await merchant.sees(f"• {order_no(3)}：未付款")


async def test_columns_that_are_not_there_are_named_with_what_is_lost(company: Company) -> None:
    merchant = company.merchant
    for lost, advice in (
        (("承诺发货时间", "售后状态"), "没有售后状态就看不到退款，建议重新导出"),
        (("承诺发货时间",), "建议勾选全部列重新导出"),
    ):
        await merchant.uploads("订单.csv", without(lost, Row(order_no(1))))
        preview = await merchant.sees("以上为预览")
        assert f"缺少这些列：{'，'.join(lost)}" in preview.text.replace("、", "，")
        assert advice in preview.text
    await merchant.uploads("订单.xlsx", export([Row(order_no(1))]))
    assert "缺少" not in (await merchant.sees("以上为预览")).text


def without(columns: tuple[str, ...], row: Row) -> bytes:
    """Return a .csv of that row which lacks these columns."""
    kept = [place for place, name in enumerate(COLUMNS) if name not in columns]
    lines = ([cells[place] for place in kept] for cells in (list(COLUMNS), row.cells(today())))
    return "\n".join(",".join(cells) for cells in lines).encode()


async def test_cancelled_after_shipping_says_to_have_the_parcel_stopped(company: Company) -> None:
    merchant, factory = company.merchant, company.factory
    card = (await assigned(company, Row(order_no(1))))[0]
    await factory.replies(card, "SF1234567890123")
    await merchant.sees("SF1234567890123", anywhere=True)
    await merchant.uploads("订单.xlsx", export([Row(order_no(1), status="已关闭")]))
    preview = await merchant.sees("以上为预览")
    assert "包裹已寄出，请尽快联系快递拦截或联系厂家。" in preview.text
    await merchant.taps("确认导入")
    done = await merchant.sees("✅ 已导入")
    assert "包裹已寄出，请尽快联系快递拦截或联系厂家。" in done.text


async def test_more_pieces_after_shipping_are_said_not_to_go_out_by_themselves(
    company: Company,
) -> None:
    merchant, factory = company.merchant, company.factory
    card = (await assigned(company, Row(order_no(1))))[0]
    await factory.replies(card, "SF1234567890123")
    await merchant.sees("SF1234567890123", anywhere=True)
    await merchant.uploads("订单.xlsx", export([Row(order_no(1), pieces=3)]))
    preview = await merchant.sees("以上为预览")
    assert "已发货，增加的件数不会自动发出" in preview.text
    await merchant.taps("确认导入")
    done = await merchant.sees("✅ 已导入")
    assert "已发货，增加的件数不会自动发出，请到「待分配」里再分配给厂家。" in done.text
    assert await counts(company.stage, company.merchant_number) == {"unassigned": 1}
    await merchant.sends(f"/assign {order_no(1)} {company.factory_number}")
    assert "订单 1 单，共 2 件" in merchant.last.text


async def test_a_preview_another_import_has_outdated_is_shown_anew_before_anything_is_kept(
    company: Company,
) -> None:
    merchant, stage = company.merchant, company.stage
    await merchant.uploads("旧.xlsx", export(mugs(3)))
    old = await merchant.sees("新订单：3 单")
    await stage.imports(merchant, [Row(order_no(0), buyer_note="周末送")], "新.xlsx")
    answer = await merchant.taps("确认导入（3 单）", old)
    assert answer.show_alert
    fresh = await merchant.sees("有变更：1 单")
    assert fresh.message_id == old.message_id
    assert "买家留言：周末送 → （无）" in fresh.text
    assert await counts(stage, company.merchant_number) == {"unassigned": 1}
    await merchant.taps("确认导入（3 单）", fresh)
    await merchant.sees("✅ 已导入")
    assert await counts(stage, company.merchant_number) == {"unassigned": 3}


async def test_a_large_preview_another_import_has_outdated_is_shown_anew(company: Company) -> None:
    merchant, stage = company.merchant, company.stage
    await merchant.uploads("旧.xlsx", export(mugs(501)))
    old = await merchant.sees("新订单：501 单")
    await stage.imports(merchant, mugs(1), "新.xlsx")
    await merchant.taps("确认导入（501 单）", old)
    fresh = await merchant.sees("新订单：500 单")
    assert fresh.message_id == old.message_id
    assert fresh.text.startswith(error_text(translator("zh_CN"), PreviewOutdated()))
    assert await counts(stage, company.merchant_number) == {"unassigned": 1}
    await merchant.taps("确认导入（500 单）", fresh)
    await merchant.sees("✅ 已导入")
    assert await counts(stage, company.merchant_number) == {"unassigned": 501}


async def test_what_is_wrong_on_a_files_face_is_said_at_once(company: Company) -> None:
    merchant = company.merchant
    for name, data, words in (
        ("订单.xlsx", b"", "文件是空的"),
        ("订单.xls", b"x", "另存为 .xlsx"),
        ("订单.pdf", b"x", "不是订单表格"),
        ("订单", b"x", "不是订单表格"),
        ("订单.csv", b"x" * (20 * 1024 * 1024 + 1), "超过 20 MB"),
    ):
        await merchant.uploads(name, data)
        assert words in merchant.last.text
    assert await company.stage.read(lambda store: store.jobs.get(1)) is None


async def test_what_is_wrong_inside_a_file_is_said_in_place_of_the_progress(
    company: Company,
) -> None:
    merchant = company.merchant
    for name, data, words in (
        ("订单.xlsx", b"%PDF-1.4 not a workbook", "PDF"),
        ("订单.csv", "主订单编号,选购商品,商品数量\n".encode(), "缺少这些列"),
        ("订单.csv", "今天,天气,很好\n1,2,3\n".encode(), "没认出订单表头"),
    ):
        await merchant.uploads(name, data)
        await merchant.sees(words)
        assert "正在读取" not in merchant.last.text


async def test_names_with_markup_and_emoji_are_shown_as_they_are(company: Company) -> None:
    await company.merchant.uploads("<b>双11😀&.xlsx", export([Row(order_no(1))]))
    preview = await company.merchant.sees("新订单：1 单")
    assert "<b>双11😀&.xlsx" in preview.text


async def test_a_preview_confirmed_again_says_so(company: Company) -> None:
    merchant = company.merchant
    await merchant.uploads("订单.xlsx", export(mugs(2)))
    preview = await merchant.sees("新订单：2 单")
    confirm = await answer_data(company, "confirm")
    await merchant.taps("确认导入")
    await merchant.sees("✅ 已导入")
    answer = await merchant.forges(confirm, preview)
    assert "不会重复" in answer.text
    await merchant.sees("已导入过，没有重复")
    assert await counts(company.stage, company.merchant_number) == {"unassigned": 2}


async def test_two_people_confirm_at_once_and_no_order_is_doubled(company: Company) -> None:
    merchant = company.merchant
    colleague = await joins(company.stage, CHEN_XIN, company.merchant_number)
    for phone in (merchant, colleague):
        await phone.uploads("订单.xlsx", export(mugs(4)))
        await phone.sees("新订单：4 单")
    await asyncio.gather(*(phone.taps("确认导入") for phone in (merchant, colleague)))
    assert await counts(company.stage, company.merchant_number) == {"unassigned": 4}
    texts = [(await phone.sees("导入")).text for phone in (merchant, colleague)]
    assert sorted("新订单：4 单" in text for text in texts) == [False, True]


async def test_a_stranger_cannot_confirm_with_a_forged_button(company: Company) -> None:
    await company.merchant.uploads("订单.xlsx", export(mugs(1)))
    await company.merchant.sees("新订单：1 单")
    confirm = await answer_data(company, "confirm")
    await company.factory.forges(confirm, company.factory.last)
    assert await counts(company.stage, company.merchant_number) == {}


async def test_discarded_is_discarded_and_the_old_button_is_dead(company: Company) -> None:
    merchant = company.merchant
    await merchant.uploads("订单.xlsx", export(mugs(1)))
    preview = await merchant.sees("新订单：1 单")
    confirm = await answer_data(company, "confirm")
    await merchant.taps("放弃")
    await merchant.sees("没有导入任何订单")
    answer = await merchant.forges(confirm, preview)
    assert "已失效" in answer.text
    assert await counts(company.stage, company.merchant_number) == {}


async def test_an_import_of_many_orders_is_done_beside_the_conversation(company: Company) -> None:
    merchant = company.merchant
    await merchant.uploads("订单.xlsx", export(mugs(501)))
    await merchant.sees("新订单：501 单")
    await merchant.taps("确认导入")
    done = await merchant.sees("✅ 已导入")
    assert "新订单：501 单" in done.text
    await merchant.sees("还在聊天里")
    await merchant.forges(await answer_data(company, "confirm"), done)
    await merchant.sees("已导入过，没有重复")
    assert await counts(company.stage, company.merchant_number) == {"unassigned": 501}


async def test_a_file_in_a_group_is_sent_to_the_private_chat(company: Company) -> None:
    stage, merchant = company.stage, company.merchant
    chat_id = await group(stage)
    await merchant.sends("/orders@daifa_bot", chat_id=chat_id)
    listed = merchant.last_in[chat_id]
    await merchant.uploads("订单.xlsx", export(mugs(1)), chat_id=chat_id, reply_to=listed)
    assert "私聊" in merchant.last_in[chat_id].text


async def test_a_newcomer_is_told_how_to_begin_and_a_factorys_file_is_read_for_numbers(
    company: Company,
) -> None:
    await company.factory.uploads("订单.xlsx", export(mugs(1)))
    await company.factory.sees("没找到这一单", anywhere=True)
    assert await company.stage.read(lambda store: store.drafts.import_(1)) is None
    await company.newcomer.uploads("订单.xlsx", export(mugs(1)))
    assert "/start" in company.newcomer.last.text


async def test_a_file_deleted_by_hand_is_as_good_as_deleted(company: Company) -> None:
    merchant = company.merchant
    file = await merchant.uploads("订单.xlsx", export(mugs(1)))
    await merchant.sees("新订单：1 单")
    await merchant.taps("确认导入")
    await merchant.deletes(file)
    await merchant.taps("删除聊天中的文件")
    await merchant.sees("聊天中的文件已删除")


async def test_reading_repeated_after_a_crash_keeps_one_draft_and_one_message(
    company: Company,
) -> None:
    house, bot = company.stage.running.house, company.stage.running.bot
    merchant = company.merchant
    file = await merchant.uploads("订单.xlsx", export(mugs(2)))
    await merchant.sees("新订单：2 单")
    shown = len(await merchant.chat())

    async def never(_: Path, __: str) -> Sheet:
        raise AssertionError("the file was read a second time")

    job = await house.database.read(lambda store: store.jobs.get(1))
    assert job is not None
    await import_doers(house, bot, never)[READ](job)
    assert len(await merchant.chat()) == shown
    assert await company.stage.read(lambda store: store.drafts.import_(2)) is None
    assert file.document is not None


async def test_work_begun_before_its_progress_message_sends_its_own(company: Company) -> None:
    house, bot, merchant = company.stage.running.house, company.stage.running.bot, company.merchant
    file = await merchant.uploads("订单.txt", b"x")
    shop = await shop_id(company.stage, company.merchant_number)
    sheet = Sheet("doudian", (_incoming(),), ())

    async def reads(path: Path, _: str) -> Sheet:
        assert await asyncio.to_thread(path.read_bytes) == b"x"
        return sheet

    def owe(store: Store) -> Job:
        account = store.accounts.by_telegram(LIN_XIAOMAN.id)
        assert account is not None
        return store.jobs.add(
            Job(
                kind=READ, shop_id=shop, account_id=key(account), chat_id=LIN_XIAOMAN.id,
                message_id=file.message_id, created_at=store.now,
                lease_until=store.now + timedelta(minutes=5),
                payload={"file_id": file_id, "file_name": "订单.csv", "size": 1, "lang": "en"},
            )
        )  # fmt: skip

    assert file.document is not None
    file_id = file.document["file_id"]
    job = await house.database.write(owe)
    await import_doers(house, bot, reads)[READ](job)
    await merchant.sees("New orders: 1")


def _incoming() -> IncomingOrder:
    return IncomingOrder(
        "doudian", order_no(1), (IncomingLine("1", "杯子", "", "", 1),),
        IncomingRecipient("张三丰", "13912345678", "浙江省", "金华市", "义乌市", "", "某路 1 号"),
    )  # fmt: skip


async def group(stage: Stage) -> int:
    """Open a group of the merchant and the bot."""
    body = {"title": "发货群", "creator": LIN_XIAOMAN.id, "members": [stage.running.bot.id]}
    made = await stage.client.post(f"{stage.address}/api/groups", json=body)
    return int(made.json()["chat_id"])


async def answer_data(company: Company, answer: str) -> str:
    """Return what a button under the first preview sends: a copied or late press."""
    shop = await shop_id(company.stage, company.merchant_number)
    return AnswerImport(shop=shop, draft=1, answer=answer).pack()
