"""Rows that were not taken come back as a file to mend; an import is undone for ten minutes."""

import io
from datetime import timedelta

import xlsxwriter
from python_calamine import load_workbook
from sqlmodel import col, select

from bot.keyboards.data import GetRefused, UndoImport
from core.entities import AuditRow, Vanishing
from core.ports import Store
from core.values import Rules
from playground.phone import M
from storage.store import SqlStore
from tests.cast import COLUMNS, Row, export, order_no
from tests.conftest import Company
from tests.conversations.helping import counts, shop_id
from tests.conversations.test_importing import group, mugs

DRAFTS_KEPT = Rules().draft_kept
MULTI = [
    Row(order_no(1)),
    Row(order_no(2), pieces="很多", buyer_note="=1+1", name="王五"),
    Row(order_no(3), sub=order_no(31)),
    Row(order_no(3), sub=order_no(32), status="飞走了"),
]


def table_of(data: bytes) -> list[list[str]]:
    rows = load_workbook(io.BytesIO(data)).get_sheet_by_index(0).iter_rows()
    return [[str(cell) for cell in row] for row in rows]


def workbook(rows: list[list[str]]) -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            for place, cell in enumerate(row):
                sheet.write_string(number, place, cell)
    return file.getvalue()


async def records(company: Company, act: str) -> list[AuditRow]:
    def look(store: Store) -> list[AuditRow]:
        assert isinstance(store, SqlStore)
        return list(store.session.scalars(select(AuditRow).where(col(AuditRow.act) == act)))

    return await company.stage.read(look)


async def refused_file(company: Company) -> M:
    await company.merchant.taps("下载未通过的行")
    return await company.merchant.sees("第一列写着原因")


async def test_rows_not_taken_come_back_with_reasons_are_mended_and_imported(
    company: Company,
) -> None:
    merchant, stage = company.merchant, company.stage
    await merchant.uploads("六月.xlsx", export(MULTI))
    preview = await merchant.sees("未通过的行：3")
    assert any("下载未通过的行（3）" in label for label in preview.labels)
    file = await refused_file(company)
    assert "未通过的 3 行" in file.text
    assert "5 分钟后消失" in file.text
    assert file.protected
    assert file.document is not None
    assert file.document["file_name"] == "未通过的行_六月.xlsx"
    rows = table_of(await merchant.downloads(file))
    assert rows[0] == ["未通过原因", "原表格行号", *COLUMNS]
    assert [row[:2] for row in rows[1:]] == [
        ["数量不对：很多", "3"],
        ["同一订单的第 5 行未通过，整单不导入", "4"],
        ["不认识的订单状态「飞走了」", "5"],
    ]
    assert "=1+1" in rows[1]
    assert "王五" in rows[1]
    (look,) = await records(company, "refused_rows_fetched")
    assert look.detail == {"draft": 1, "rows": 3}
    await merchant.taps("确认导入（1 单）", preview)
    await merchant.sees("✅ 已导入")
    # Mended: the reasons and row numbers may stay in the file.
    rows[1] = [cell.replace("很多", "2") for cell in rows[1]]
    rows[3] = [cell.replace("飞走了", "待发货") for cell in rows[3]]
    await merchant.uploads("改好.xlsx", workbook(rows))
    again = await merchant.sees("新订单：2 单")
    assert "未通过的行" not in again.text
    await merchant.taps("确认导入（2 单）", again)
    await merchant.sees("✅ 已导入")
    assert await counts(stage, company.merchant_number) == {"unassigned": 3}


async def test_a_file_refused_twice_has_its_reasons_once(company: Company) -> None:
    merchant = company.merchant
    await merchant.uploads("六月.xlsx", export(MULTI[1:2]))
    await merchant.sees("未通过的行：1")
    first = await merchant.downloads(await refused_file(company))
    await merchant.uploads("又来.xlsx", first)
    await merchant.sees("未通过的行：1")
    rows = table_of(await merchant.downloads(await refused_file(company)))
    assert rows[0] == ["未通过原因", "原表格行号", *COLUMNS]
    assert rows[1][1] == "2"


async def test_the_file_vanishes_and_after_24_hours_cannot_be_made_again(company: Company) -> None:
    merchant, stage = company.merchant, company.stage
    await merchant.uploads("六月.xlsx", export(MULTI))
    preview = await merchant.sees("未通过的行：3")
    file = await refused_file(company)

    def due(store: Store) -> list[int]:
        assert isinstance(store, SqlStore)
        return [one.message_id for one in store.session.scalars(select(Vanishing))]

    assert file.message_id in await stage.read(due)
    stage.clock.ahead += timedelta(hours=25)
    dropped = await stage.running.house.database.write(
        lambda store: store.drafts.drop_older(store.now - DRAFTS_KEPT)
    )
    assert dropped == 1
    answer = await merchant.taps("下载未通过的行", preview)
    assert "已失效" in answer.text

    def kept(store: Store) -> bytes:
        draft = store.drafts.import_(1)
        assert draft is not None
        return draft.sealed

    assert await stage.read(kept) == b""


async def test_what_is_kept_of_a_file_is_readable_to_nobody_without_the_key(
    company: Company,
) -> None:
    await company.merchant.uploads("六月.xlsx", export(MULTI))
    await company.merchant.sees("未通过的行：3")
    raw = b"".join(
        path.read_bytes() for path in company.stage.settings.database_path.parent.glob("daifa.sq*")
    )
    for secret in ("王五", "张三丰", "13912345678", "稠江街道"):
        assert secret.encode() not in raw


async def test_pressed_in_a_group_the_file_goes_to_the_private_chat(company: Company) -> None:
    merchant, stage = company.merchant, company.stage
    await merchant.uploads("六月.xlsx", export(MULTI))
    await merchant.sees("未通过的行：3")
    chat_id = await group(stage)
    await merchant.sends("/orders@daifa_bot", chat_id=chat_id)
    shop = await shop_id(stage, company.merchant_number)
    place = GetRefused(shop=shop, draft=1).pack()
    answer = await merchant.forges(place, merchant.last_in[chat_id])
    assert "私聊" in answer.text
    await merchant.sees("第一列写着原因")
    assert not any(one.document for one in await merchant.chat(chat_id))


async def test_an_import_is_undone_and_may_come_again(company: Company) -> None:
    merchant, factory, stage = company.merchant, company.factory, company.stage
    await stage.imports(merchant, mugs(3))
    await merchant.sends(f"/assign {order_no(0)} {company.factory_number}")
    await factory.sees("陶瓷马克杯", anywhere=True)
    await merchant.taps("撤销导入")
    asked = await merchant.sees("撤销导入？")
    assert "将移出 3 单" in asked.text
    assert "其中 1 单已分配，会先从厂家撤回" in asked.text
    assert "对原有订单的变更不受影响" in asked.text
    await merchant.taps("确认撤销（3 单）")
    done = await merchant.sees("已撤销导入")
    assert done.message_id == asked.message_id
    assert await counts(stage, company.merchant_number) == {"undone": 3}
    await factory.sees("撤回", anywhere=True)
    await merchant.sends(f"/orders {order_no(1)}")
    assert "没有" in merchant.last.text
    shop = await shop_id(stage, company.merchant_number)
    answer = await merchant.forges(UndoImport(shop=shop, draft=1, sure=1).pack(), done)
    assert "已经撤销过了" in answer.text
    await merchant.uploads("订单.xlsx", export(mugs(3)))
    await merchant.sees("新订单：3 单")
    await merchant.taps("确认导入（3 单）")
    await merchant.sees("✅ 已导入")
    assert await counts(stage, company.merchant_number) == {"unassigned": 3}


async def test_no_leaves_the_import_as_it_is(company: Company) -> None:
    merchant = company.merchant
    await company.stage.imports(merchant, mugs(2))
    await merchant.taps("撤销导入")
    await merchant.taps("不撤销")
    again = await merchant.sees("已导入过")
    assert any("撤销导入" in label for label in again.labels)
    assert await counts(company.stage, company.merchant_number) == {"unassigned": 2}


async def test_orders_a_factory_works_on_stay_and_after_ten_minutes_all_do(
    company: Company,
) -> None:
    merchant, factory, stage = company.merchant, company.factory, company.stage
    await stage.imports(merchant, mugs(2))
    await merchant.sends(f"/assign {order_no(0)} {company.factory_number}")
    await factory.sees("陶瓷马克杯", anywhere=True)
    await factory.taps("接单")
    await merchant.taps("撤销导入")
    asked = await merchant.sees("将移出 1 单")
    assert "有 1 单保留" in asked.text
    assert "厂家已接单：1" in asked.text
    stage.clock.ahead += timedelta(minutes=11)
    answer = await merchant.taps("确认撤销（1 单）")
    assert "10 分钟内" in answer.text
    assert await counts(stage, company.merchant_number) == {"unassigned": 1, "to_ship": 1}


async def test_an_import_of_many_orders_is_undone_beside_the_conversation(
    company: Company,
) -> None:
    merchant, stage = company.merchant, company.stage
    await stage.imports(merchant, mugs(501))
    await merchant.taps("撤销导入")
    await merchant.taps("确认撤销（501 单）")
    await merchant.sees("已撤销导入")
    assert await counts(stage, company.merchant_number) == {"undone": 501}
