"""The packing list sent back with its numbers, and other files of lines."""

from tests.cast import Row, order_no
from tests.conftest import Company
from tests.conversations.at_work import assigned, group, tag_of
from tests.sheets.test_filled import book
from tests.sheets.test_filled import row as filled

SF = "SF12345678901{:02d}"


async def tags(company: Company, many: int) -> list[str]:
    rows = (Row(order_no(n), address=f"示例路 {n} 号") for n in range(1, many + 1))
    return [tag_of(card) for card in await assigned(company, *rows)]


async def parcels(company: Company, order_id: int) -> list[str]:
    found = await company.stage.read(lambda store: list(store.shipments.of_order(order_id)))
    return [one.tracking_number for one in found]


async def test_the_packing_list_sent_back_ships_the_rows_that_have_a_number(
    company: Company,
) -> None:
    a, b, c = await tags(company, 3)
    data = book(
        filled(a, order_no(1), SF.format(1), carrier="顺丰速运"),
        filled(b, order_no(2), ""),
        filled(c, order_no(3), 123456789012),
    )
    await company.factory.uploads("装箱单.xlsx", data)
    report = await company.factory.sees("已发货 1 单", anywhere=True)
    assert "没填单号、略过：1" in report.text
    assert await parcels(company, 1) == [SF.format(1)]
    asked = await company.factory.sees("123456789012 是哪家快递")
    await company.factory.taps("顺丰速运", asked)
    assert await parcels(company, 3) == ["123456789012"]
    now = next(m for m in await company.factory.chat() if m.message_id == report.message_id)
    assert "已发货 2 单" in now.text
    # Sent again, with one more row filled: only that one ships.
    data = book(filled(a, order_no(1), SF.format(1)), filled(b, order_no(2), SF.format(2)))
    await company.factory.uploads("装箱单.xlsx", data)
    again = await company.factory.sees("之前已按这个单号发货：1 行")
    assert "已发货 1 单" in again.text


async def test_a_text_file_of_lines_and_one_in_a_group(company: Company) -> None:
    a, b = await tags(company, 2)
    await company.factory.uploads("单号.txt", f"{a} {SF.format(1)}\nZZZ9 SF1".encode())
    told = await company.factory.sees("已发货 1 单")
    assert "ZZZ9 SF1 ← 没找到这一单" in told.text
    chat = await group(company)
    await company.factory.sends("/orders", chat_id=chat)
    listed = company.factory.last_in[chat]
    await company.factory.uploads(
        "单号.csv", f"{b},{SF.format(2)}".encode(), reply_to=listed, chat_id=chat
    )
    await company.factory.sees("已发货 1 单", chat_id=chat)
    assert await parcels(company, 2) == [SF.format(2)]


async def test_files_that_hold_no_numbers_say_what_to_send(company: Company) -> None:
    a, _ = await tags(company, 2)
    await company.factory.uploads("装箱单.xlsx", book(filled(a, order_no(1), "")))
    told = await company.factory.sees("没有一行填了快递单号")
    assert "没填单号、略过：1" in told.text
    await company.factory.uploads("装箱单.xlsx", b"PK\x03\x04 broken")
    await company.factory.sees("把装箱单填好快递单号发回来")
    for name in ("装箱单.xls", "装箱单.pdf"):
        await company.factory.uploads(name, b"\xd0\xcf\x11\xe0")
        assert "发" in company.factory.last.text
    assert await parcels(company, 1) == []


async def test_over_five_thousand_rows_are_refused_whole(company: Company) -> None:
    [tag] = await tags(company, 1)
    lines = "\n".join([f"{tag} {SF.format(1)}", *(f"ZZZ9 SF{n:013d}" for n in range(5_000))])
    await company.factory.uploads("单号.txt", lines.encode())
    await company.factory.sees("一次最多 5000 行，这里有 5001 行")
    assert await parcels(company, 1) == []


async def test_a_merchants_file_still_goes_to_the_import(company: Company) -> None:
    await company.merchant.uploads("订单.xlsx", book(filled("K7M2", order_no(1), SF.format(1))))
    await company.merchant.sees("导出")
