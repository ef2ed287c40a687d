"""对账: what shipped in a span, with numbers and totals, as .xlsx; no recipient, no formula."""

import io
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from python_calamine import CalamineWorkbook

from bot.keyboards.data import ExportFile, ExportSpan
from bot.screens.reconcile_book import ReconcileBook
from bot.texts import translator
from core.entities import Shipment
from core.orders.lookups import ShippedRow
from core.ports import Store
from playground.phone import Phone
from playground.seen import M
from storage.rows import insert_rows
from storage.store import SqlStore
from tests.cast import CHEN_XIN, Row, order_no
from tests.conftest import Company
from tests.conversations.at_work import assigned, group
from tests.conversations.helping import joins, shop_id

Sheets = dict[str, Sequence[Sequence[object]]]
ROW = ShippedRow(
    1, datetime(2026, 11, 22, 16, 30, tzinfo=UTC), 1, "6940000000000100001", "doudian", "+1",
    '=cmd|"/c calc"!A1', "@红", "-1", 2, "sf", "123456789012", "A2B3", "老王", 7, "",
)  # fmt: skip


def sheets(content: bytes) -> Sheets:
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


async def taken(phone: Phone, message: M | None = None) -> Sheets:
    file = message or phone.last
    assert file.document is not None, file.text
    return sheets(await phone.downloads(file))


async def test_a_merchant_gets_every_parcel_and_the_sums_without_recipients(
    company: Company,
) -> None:
    merchant, factory = company.merchant, company.factory
    cards = await assigned(
        company, Row(order_no(1), product="=HYPERLINK(1)", pieces=3), Row(order_no(2)),
        Row(order_no(3)),
    )  # fmt: skip
    await factory.replies(cards[0], "SF1234567890123")
    await factory.replies(cards[1], "YT1234567890123")
    await merchant.sees("YT1234567890123")
    await merchant.sends("对账")
    assert "最多 366 天" in merchant.last.text
    await merchant.taps("今天")  # one factory: nothing to choose
    file = merchant.last
    assert "2 单，2 个包裹，4 件" in file.text
    assert file.document is not None
    assert file.document["file_name"].startswith("对账_")
    found = await taken(merchant)
    assert list(found) == ["明细", "按商品", "按快递公司", "合计"]
    header, row, other = found["明细"]
    first = dict(zip(map(str, header), row, strict=True))
    assert first["快递单号"] == "SF1234567890123"
    assert first["订单编号"] == order_no(1)
    assert first["商品"] == "=HYPERLINK(1)"
    assert first["数量"] == 3
    assert first["厂家"] == "大力日用百货厂"
    assert first["快递公司"] == "顺丰速运"
    assert not any("张" in str(cell) or "139" in str(cell) for cell in (*row, *other))
    assert found["按商品"][1:] == [
        ["=HYPERLINK(1)", "奶白色", "MUG-01", 3], ["陶瓷马克杯", "奶白色", "MUG-01", 1],
    ]  # fmt: skip
    assert sorted(map(str, found["按快递公司"][1:])) == ["['圆通速递', 1.0]", "['顺丰速运', 1.0]"]
    assert found["合计"][1:] == [["大力日用百货厂", 2, 2, 4], ["全部", 2, 2, 4]]


async def test_of_several_factories_one_is_chosen_also_after_its_binding_ended(
    company: Company,
) -> None:
    merchant = company.merchant
    await company.stage.binds(merchant, company.other_factory, company.other_number)
    [card] = await assigned(company, Row(order_no(1)))
    await company.factory.replies(card, "SF1234567890123")
    await merchant.sees("SF1234567890123")
    await merchant.sends("/factories")
    await merchant.taps("大力日用百货厂")
    await merchant.taps("解绑")
    await merchant.taps("解绑", merchant.last)
    await merchant.sends("/export")
    await merchant.taps("近 7 天")
    assert {"全部厂家", "敏记食品厂", "大力日用百货厂（已解绑）"} <= set(merchant.last.labels)
    choice = merchant.last
    await merchant.taps("敏记食品厂", choice)
    assert "没有发货的订单" in merchant.last.text
    await merchant.sends("/export 昨天")
    await merchant.taps("全部厂家")
    assert "没有发货的订单" in merchant.last.text
    await merchant.sends("/export 近7天")
    await merchant.taps("大力日用百货厂（已解绑）")
    found = await taken(merchant)
    assert found["合计"][-1] == ["全部", 1, 1, 1]


async def test_days_are_typed_and_an_odd_text_is_asked_again(company: Company) -> None:
    merchant = company.merchant
    [card] = await assigned(company, Row(order_no(1)))
    await company.factory.replies(card, "SF1234567890123")
    await merchant.sees("SF1234567890123")
    await merchant.sends("/export")
    await merchant.sends("去年春天")
    assert "没看懂" in merchant.last.text
    await merchant.sends("2020-01-01 到 2026-11-01")
    assert "最多 366 天" in merchant.last.text
    today = company.stage.clock().astimezone(UTC) + timedelta(hours=8)
    await merchant.sends(f"{today.month}.{today.day}")
    assert "1 单，1 个包裹" in merchant.last.text
    # The question is answered: a number is a number again.
    await merchant.sends("100001")
    assert "收件人" in merchant.last.text


async def test_nothing_shipped_says_so_with_the_way_on(company: Company) -> None:
    await company.merchant.sends("导出")
    await company.merchant.taps("近 7 天")
    assert "没有发货的订单" in company.merchant.last.text
    await company.merchant.taps("换个时间")
    assert "近 30 天" in company.merchant.last.labels


async def test_a_factory_reconciles_by_merchant(company: Company) -> None:
    factory = company.factory
    [card] = await assigned(company, Row(order_no(1), pieces=2))
    await factory.replies(card, "SF1234567890123")
    await factory.sees("已发货")
    await factory.sends("/export 今天")
    found = await taken(factory)
    assert found["明细"][0][7] == "商家"
    assert found["合计"][1:] == [["小满优选", 1, 1, 2], ["全部", 1, 1, 2]]
    assert not any("张" in str(cell) for row in found["明细"] for cell in row)


async def test_nobody_exports_for_another_shop(company: Company) -> None:
    [card] = await assigned(company, Row(order_no(1)))
    await company.factory.replies(card, "SF1234567890123")
    mine = await shop_id(company.stage, company.merchant_number)
    theirs = await shop_id(company.stage, company.other_number)
    stranger = company.other_factory
    for forged in (
        ExportSpan(shop=mine, period="today"), ExportFile(shop=mine, period="today"),
        ExportFile(shop=theirs, period="today", partner=mine),
    ):  # fmt: skip
        answer = await stranger.forges(forged.pack(), stranger.last)
        assert answer.show_alert
    await stranger.forges(ExportFile(shop=theirs, period="today").pack(), stranger.last)
    assert "没有发货的订单" in stranger.last.text


async def test_in_a_group_days_are_a_reply(company: Company) -> None:
    merchant = company.merchant
    [card] = await assigned(company, Row(order_no(1)))
    await company.factory.replies(card, "SF1234567890123")
    await merchant.sees("SF1234567890123")
    colleague = await joins(company.stage, CHEN_XIN, company.merchant_number)
    chat = await group(company, merchant, colleague)
    await merchant.sends("/export", chat_id=chat)
    await colleague.sends("近7天", merchant.last_in[chat], chat_id=chat)
    said = await colleague.sees("1 个包裹", chat_id=chat)
    assert said.document is not None


async def test_very_many_parcels_are_made_beside(company: Company) -> None:
    merchant, factory = company.merchant, company.factory
    [card] = await assigned(company, Row(order_no(1), pieces=2))
    await factory.replies(card, "SF1234567890123")
    await merchant.sees("SF1234567890123")

    def many(store: Store) -> None:
        assert isinstance(store, SqlStore)
        row = store.shipments.of_order(1)[0].model_dump(exclude={"id", "tracking_number"})
        more = [row | {"tracking_number": f"SF{n:013d}"} for n in range(2_500)]
        insert_rows(store.session, Shipment, more)

    await company.stage.running.house.database.write(many)
    await merchant.sends("/export 今天")
    await merchant.sees("2501 个包裹", 30)
    found = await taken(merchant)
    numbers = [row[10] for row in found["明细"][1:]]
    assert len(numbers) == len(set(numbers)) == 2501
    assert found["合计"][-1] == ["全部", 1, 2501, 2]
    await merchant.sees("文件好了")


def test_every_word_is_text_and_times_are_china_time() -> None:
    book = ReconcileBook(translator("zh_CN"), "merchant")
    book.add([ROW])
    found = sheets(book.content())
    assert found["明细"][1] == [
        "6940000000000100001", "+1", "抖店", '=cmd|"/c calc"!A1', "@红", "-1", 2, "老王", "A2B3",
        "顺丰速运", "123456789012", "2026-11-23 00:30:00", "",
    ]  # fmt: skip


def test_one_number_for_several_orders_is_one_parcel_and_a_resend_is_marked() -> None:
    book = ReconcileBook(translator("zh_CN"), "factory")
    book.add([ROW, replace(ROW, shipment_id=2, order_id=2), replace(ROW, extra="resend", pieces=0)])
    found = sheets(book.content())
    assert [row[-1] for row in found["明细"]] == ["赠补换", "", "", "补发"]
    assert found["按快递公司"][1:] == [["顺丰速运", 1]]
    assert found["合计"][-1] == ["全部", 2, 1, 4]


def test_a_book_given_up_is_closed() -> None:
    book = ReconcileBook(translator("en"), "factory")
    book.add([ROW])
    book.close()
    book.close()
