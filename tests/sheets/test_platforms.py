"""Exports as Taobao, PDD, 1688 and Kuaishou write them, with the habits of each."""

import io
from datetime import UTC, datetime

import pytest
import xlsxwriter

from core.imports.incoming import IncomingOrder, Reason, Sheet
from platforms.sheets.reading import parse_file
from tests.sheets.making import text, xlsx

PAID = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
TAOBAO = (
    "订单编号", "买家会员名", "买家实际支付金额", "订单状态", "买家留言", "收货人姓名", "收货地址 ",
    "运送方式", "联系电话 ", "联系手机", "订单创建时间", "订单付款时间 ", "宝贝标题 ", "宝贝种类",
    "物流单号 ", "物流公司", "订单备注", "宝贝总数量", "店铺名称", "订单关闭原因", "修改后的sku",
    "修改后的收货地址", "退款金额", "确认收货时间",
)  # fmt: skip
PDD = (
    "商品", "订单号", "订单状态", "商家实收金额(元)", "商品数量(件)", "收货人", "手机", "省", "市",
    "区", "街道", "支付时间", "拼单成功时间", "订单确认时间", "承诺发货时间", "发货时间",
    "确认收货时间", "商品id", "商品规格", "样式ID", "商家编码-SKU维度", "商家编码-商品维度",
    "商家备注", "买家留言", "售后状态", "快递单号", "快递公司", "是否审核中",
)  # fmt: skip
ALIBABA = (
    "订单编号", "买家公司名", "买家会员名", "货品总价(元)", "运费(元)", "实付款(元)", "订单状态",
    "收货人姓名", "收货地址", "邮编", "联系手机", "货品标题", "单价(元)", "数量", "货号", "型号",
    "SKUID", "买家留言", "物流公司运单号", "订单创建时间", "订单付款时间",
)  # fmt: skip
KUAISHOU = (
    "订单编号", "商品名称", "SKU名称", "SKU编码", "成交数量", "收货人姓名", "收货人电话",
    "收货地址", "买家留言", "应发货时间", "订单状态", "退款状态",
)  # fmt: skip


def taobao(order_no: str, **changed: str) -> list[str]:
    row = {
        "订单编号": f'="{order_no}"', "买家会员名": "小**", "买家实际支付金额": "1,059.00",
        "订单状态": "买家已付款，等待卖家发货", "收货人姓名": "林小满",
        "收货地址 ": "浙江省 杭州市 西湖区 北山街道 桂花里6号301室(310007)", "运送方式": "快递",
        "联系手机": "'13800000001", "订单付款时间 ": "2026-11-20 10:00:00",
        "宝贝标题 ": "纯棉中筒袜", "宝贝种类": "1", "宝贝总数量": "2",
    } | changed  # fmt: skip
    return [row.get(name, "") for name in TAOBAO]


async def taken(data: bytes, name: str = "导出.xlsx") -> dict[str, IncomingOrder]:
    sheet = await parse_file(data, name)
    assert sheet.refused == ()
    assert sheet.columns_missing == () or sheet.platform in ("taobao", "1688", "kuaishou")
    return {order.order_no: order for order in sheet.orders}


async def test_taobaos_orders_come_in_from_its_csv_in_gbk() -> None:
    first, second, third = "2345678901234567890", "2345678901234567891", "2345678901234567892"
    rows = [
        list(TAOBAO),
        taobao(first),
        taobao(second, **{
            "修改后的sku": "颜色:白色;尺码:均码",
            "修改后的收货地址": "江苏省 苏州市 吴中区 枫叶苑18幢",
            "联系手机": "", "联系电话 ": "0512-65123456", "订单备注": "加急", "宝贝总数量": "12",
        }),
        taobao(third, 订单状态="交易关闭", 买家留言="不要了"),
    ]  # fmt: skip
    orders = await taken(text(rows).encode("gbk"), "ExportOrderList.csv")
    one, other, closed = (orders[number] for number in (first, second, third))
    assert one.platform == "taobao"
    assert [(line.product_name, line.quantity, line.price_fen) for line in one.lines] == [
        ("纯棉中筒袜", 2, None)
    ]
    given = one.recipient
    assert (given.province, given.city, given.district) == ("浙江省", "杭州市", "西湖区")
    assert given.address.startswith("北山街道 桂花里6号301室")
    assert (given.name, given.phone, given.complete) == ("林小满", "13800000001", True)
    assert (one.order_status, one.paid_at) == ("to_ship", PAID)
    assert other.recipient.address == "枫叶苑18幢"
    assert other.recipient.city == "苏州市"
    assert other.recipient.phone == "0512-65123456"
    assert (other.lines[0].sku_spec, other.lines[0].quantity) == ("颜色:白色;尺码:均码", 12)
    assert other.seller_note == "加急"
    assert closed.order_status == "closed"


async def test_pdds_orders_come_in_with_the_code_of_the_product_where_the_sku_has_none() -> None:
    def row(order_no: str, **changed: str) -> list[str]:
        values = {
            "商品": "纯棉中筒袜", "订单号": f"{order_no}\t", "订单状态": "待发货",
            "商家实收金额(元)": "25.80", "商品数量(件)": "2", "收货人": "林小满",
            "手机": "13800000001\t", "省": "浙江省", "市": "杭州市", "区": "西湖区",
            "街道": "北山街道桂花里6号", "支付时间": "2026-11-20 10:00:00\t",
            "承诺发货时间": "2026-11-22 10:00:00\t", "商品规格": "白色,均码",
            "商家编码-SKU维度": "WZ-01-B", "商家编码-商品维度": "WZ-01", "商家备注": "\t",
            "售后状态": "无售后或售后取消", "是否审核中": "否",
        } | changed  # fmt: skip
        return [values.get(name, "") for name in PDD]

    rows = [
        list(PDD),
        row("261120-111111111111111"),
        row("261120-222222222222222", **{"商家编码-SKU维度": "\t", "订单状态": "已发货，待签收"}),
        row("261120-333333333333333", 订单状态="未发货，退款成功", 售后状态="退款成功"),
    ]
    for data, name in ((xlsx(rows), "orders.xlsx"), (text(rows).encode("utf-8-sig"), "a.csv")):
        orders = await taken(data, name)
        one, shipped, refunded = orders.values()
        assert (one.platform, one.order_no) == ("pdd", "261120-111111111111111")
        assert (one.lines[0].product_code, one.lines[0].quantity) == ("WZ-01-B", 2)
        assert one.recipient.address == "北山街道桂花里6号"
        assert one.recipient.complete
        assert (one.paid_at, one.ship_by) == (PAID, datetime(2026, 11, 22, 2, tzinfo=UTC))
        assert (shipped.lines[0].product_code, shipped.order_status) == ("WZ-01", "shipped")
        assert (refunded.order_status, refunded.after_sale) == ("closed", "refunded")


def alibaba(*orders: tuple[str, str, list[tuple[str, int | str, float, str]]]) -> bytes:
    """A workbook of 1688: what belongs to the whole order stands in merged cells."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        sheet, plain = book.add_worksheet(), book.add_format()
        sheet.write_row(0, 0, ALIBABA)
        row = 1
        for order_no, status, goods in orders:
            whole = {
                "订单编号": order_no, "买家公司名": "某某百货", "货品总价(元)": "30.00",
                "订单状态": status, "收货人姓名": "林小满", "联系手机": "13800000001",
                "收货地址": "浙江省 杭州市 西湖区 桂花里6号", "订单付款时间": "2026-11-20 10:00:00",
            }  # fmt: skip
            for name, value in whole.items():
                place = ALIBABA.index(name)
                if len(goods) > 1:
                    sheet.merge_range(row, place, row + len(goods) - 1, place, value, plain)
                else:
                    sheet.write_string(row, place, value)
            for title, quantity, price, code in goods:
                values = {"货品标题": title, "数量": quantity, "单价(元)": price, "货号": code}
                for name, cell in values.items():
                    sheet.write(row, ALIBABA.index(name), cell)
                row += 1
    return file.getvalue()


async def test_1688s_merged_cells_keep_each_product_with_its_own_order() -> None:
    data = alibaba(
        ("2345678901234567890", "等待卖家发货", [("袜子", 3, 2.5, "A1"), ("帽子", 2, 12.9, "A2")]),
        ("2345678901234567891", "等待买家付款", [("手套", 1, 9.9, "")]),
        ("2345678901234567892", "等待卖家发货", [("围巾", 1, 30, "B1"), ("袜子", 4, 2.5, "A1")]),
    )
    orders = await taken(data)
    first, unpaid, third = orders.values()
    assert [(line.product_code, line.quantity, line.price_fen) for line in first.lines] == [
        ("A1", 3, 250), ("A2", 2, 1290),
    ]  # fmt: skip
    assert [line.product_code for line in third.lines] == ["B1", "A1"]
    assert {order.platform for order in orders.values()} == {"1688"}
    assert unpaid.order_status == "unpaid"
    assert all(order.recipient.complete for order in orders.values())
    assert third.recipient.district == "西湖区"


async def test_1688s_rows_under_a_number_that_cannot_be_read_go_to_no_other_order() -> None:
    data = alibaba(
        ("2345678901234567890", "等待卖家发货", [("袜子", 3, 2.5, "A1")]),
        ("无效", "等待卖家发货", [("围巾", 1, 30, "B1"), ("手套", 1, 9.9, "C1")]),
    )
    sheet: Sheet = await parse_file(data, "a.xlsx")
    (order,) = sheet.orders
    assert [line.product_name for line in order.lines] == ["袜子"]
    assert [(one.row, one.reason) for one in sheet.refused] == [
        (3, Reason.BAD_ORDER_NO), (4, Reason.NO_ORDER_NO),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("word", "refund", "states"),
    [
        ("待发货", "", ("to_ship", "none")),
        ("已发货", "无", ("shipped", "none")),
        ("交易成功", "", ("done", "none")),
        ("订单失败", "退款成功", ("closed", "refunded")),
        ("待发货", "退款中", ("to_ship", "open")),
    ],
)
async def test_kuaishous_orders_come_in_with_their_states(
    word: str, refund: str, states: tuple[str, str]
) -> None:
    row = ["2632400123456789", "纯棉中筒袜", "白色 均码", "WZ-01", "3", "林小满", "13800000001",
           "浙江省杭州市西湖区北山街道桂花里6号", "快点", "2026-11-22 10:00:00",
           word, refund]  # fmt: skip
    (order,) = (await taken(xlsx([list(KUAISHOU), row]))).values()
    assert (order.platform, order.order_no) == ("kuaishou", "2632400123456789")
    (line,) = order.lines
    assert (line.sku_spec, line.product_code, line.quantity) == ("白色 均码", "WZ-01", 3)
    assert (order.recipient.city, order.recipient.address) == ("杭州市", "北山街道桂花里6号")
    assert (order.order_status, order.after_sale) == states
    assert order.buyer_note == "快点"
