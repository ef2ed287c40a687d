"""Rows of an export become orders, or are refused with the row and the reason."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.imports.incoming import (
    EmptyFile,
    IncomingOrder,
    MissingColumns,
    NoHeader,
    Reason,
    Sheet,
    TooManyRows,
)
from platforms.sheets.aliases import ALIASES, ALSO_THERE
from platforms.sheets.mapping import map_rows
from tests.sheets.making import GOOD, HEADER, ORDER, SUB, table

PAID = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)


def read(*rows: dict[str, Any]) -> Sheet:
    return map_rows(table(*rows), max_rows=100)


def only(*rows: dict[str, Any]) -> IncomingOrder:
    sheet = read(*rows)
    assert sheet.refused == ()
    (order,) = sheet.orders
    return order


def reasons(*rows: dict[str, Any]) -> list[tuple[int, Reason]]:
    return [(refused.row, refused.reason) for refused in read(*rows).refused]


def test_a_row_of_doudian_is_an_order() -> None:
    order = only({})
    assert (order.platform, order.order_no, order.rows) == ("doudian", ORDER, (2,))
    (line,) = order.lines
    assert (line.sub_order_no, line.product_name, line.sku_spec) == (SUB, "纯棉中筒袜", "白色;均码")
    assert (line.product_code, line.quantity, line.price_fen) == ("WZ-01", 2, 1290)
    assert order.recipient.complete
    assert (order.recipient.city, order.recipient.street) == ("杭州市", "北山街道")
    assert (order.buyer_note, order.seller_note) == ("", "")
    assert (order.paid_at, order.ship_by) == (PAID, datetime(2026, 11, 22, 2, 0, tzinfo=UTC))
    assert (order.order_status, order.after_sale) == ("to_ship", "none")


def test_several_rows_of_one_number_are_one_order_with_several_lines() -> None:
    order = only(
        {"买家留言": "", "承诺发货时间": ""},
        {"子订单编号": SUB + "1", "商家编码": "WZ-02", "买家留言": "快一点"},
    )
    assert [line.product_code for line in order.lines] == ["WZ-01", "WZ-02"]
    assert order.buyer_note == "快一点"
    assert order.ship_by is not None
    assert order.rows == (2, 3)


def test_the_same_row_twice_counts_once() -> None:
    order = only({}, {}, {"子订单编号": SUB + "1"})
    assert [line.sub_order_no for line in order.lines] == [SUB, SUB + "1"]


def test_one_sub_order_with_two_contents_is_refused() -> None:
    assert reasons({}, {"商品数量": "3"}) == [
        (2, Reason.CONFLICTING_ROWS),
        (3, Reason.CONFLICTING_ROWS),
    ]


@pytest.mark.parametrize("column", ["收件人", "收件人手机号", "市", "详细地址"])
def test_two_recipients_in_one_order_are_refused(column: str) -> None:
    sheet = read({}, {"子订单编号": SUB + "1", column: "13900000002"})
    assert sheet.orders == ()
    assert {refused.reason for refused in sheet.refused} == {Reason.CONFLICTING_RECIPIENTS}
    assert sheet.refused[0].detail == {"column": column, "rows": "2, 3"}


def test_an_order_with_one_bad_row_is_not_taken_short() -> None:
    sheet = read(
        {}, {"子订单编号": SUB + "1", "商品数量": "0"}, {"主订单编号": "6918273645500999999"}
    )
    assert [order.order_no for order in sheet.orders] == ["6918273645500999999"]
    assert [(one.row, one.reason) for one in sheet.refused] == [
        (2, Reason.SIBLING_REFUSED),
        (3, Reason.BAD_QUANTITY),
    ]
    assert sheet.refused[0].detail == {"rows": "3"}
    assert sheet.rows_read == 3


@pytest.mark.parametrize(
    "written",
    [
        ORDER + "\t",
        "'" + ORDER,
        f'="{ORDER}"',
        f"  {ORDER} ",
        "\u200b" + ORDER + "\u200e",
        "".join(chr(ord(digit) + 0xFEE0) for digit in ORDER),
    ],
)
def test_guards_and_padding_around_a_number_are_taken_off(written: str) -> None:
    assert only({"主订单编号": written}).order_no == ORDER


@pytest.mark.parametrize(
    ("cell", "phone"),
    [
        (13800000001.0, "13800000001"),
        (13800000001, "13800000001"),
        ("13800000001.0", "13800000001"),
        ("1.3800000001E+10", "13800000001"),
        ("17000000000-1234", "17000000000-1234"),
        ("138****0001", "138****0001"),
        ("0571-85123456", "0571-85123456"),
    ],
)
def test_phones_are_taken_whole(cell: Any, phone: str) -> None:
    assert only({"收件人手机号": cell}).recipient.phone == phone


@pytest.mark.parametrize(
    ("column", "cell"),
    [
        ("收件人手机号", "1.38E+10"),
        ("主订单编号", 6918273645500103137),
        ("主订单编号", 6.918273645500103e18),
        ("主订单编号", "6.91827E+18"),
        ("子订单编号", 6918273645500103000.0),
        ("商家编码", "6.9E+12"),
    ],
)
def test_a_number_that_lost_digits_is_refused_not_guessed(column: str, cell: Any) -> None:
    sheet = read({column: cell})
    assert sheet.orders == ()
    assert [one.reason for one in sheet.refused] == [Reason.LOST_DIGITS]
    assert sheet.refused[0].detail["column"] == column


def test_order_numbers_rounded_in_a_round_trip_are_refused() -> None:
    rounded = [{"主订单编号": f"69182736455{place:04d}0000"} for place in range(3)]
    assert reasons(*rounded) == [(row, Reason.LOST_DIGITS) for row in (2, 3, 4)]
    lone = "6918273645500100000"
    assert [order.order_no for order in read({"主订单编号": lone}).orders] == [lone]
    assert len(read({"主订单编号": lone}, {}, {"主订单编号": ORDER[:-1] + "5"}).orders) == 3


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("", Reason.NO_ORDER_NO),
        ("-", Reason.NO_ORDER_NO),
        ("合计", Reason.BAD_ORDER_NO),
        ("12", Reason.BAD_ORDER_NO),
        ("6" * 65, Reason.BAD_ORDER_NO),
        ("69182736 45500", Reason.BAD_ORDER_NO),
    ],
)
def test_a_row_without_a_right_order_number_is_refused(cell: str, reason: Reason) -> None:
    assert reasons({"主订单编号": cell}) == [(2, reason)]


@pytest.mark.parametrize(
    ("cell", "pieces"), [("1", 1), (3.0, 3), ("1,000", 1000), ("2件", 2), ("４", 4)]
)
def test_pieces_are_whole_numbers(cell: Any, pieces: int) -> None:
    assert only({"商品数量": cell}).lines[0].quantity == pieces


@pytest.mark.parametrize(
    "cell", ["0", "-1", "1.5", 1.5, "", "两", "100001", 1e9, float("nan"), True]
)
def test_pieces_that_cannot_be_are_refused(cell: Any) -> None:
    assert reasons({"商品数量": cell}) == [(2, Reason.BAD_QUANTITY)]


@pytest.mark.parametrize(
    ("cell", "fen"),
    [("1,299.00", 129900), ("¥12.5", 1250), (12.9, 1290), ("-", None), ("", None), (0.005, 1)],
)
def test_prices_become_fen(cell: Any, fen: int | None) -> None:
    assert only({"商品单价": cell}).lines[0].price_fen == fen


@pytest.mark.parametrize("cell", ["免费", "-5", "sNaN", "1e999999999", "inf"])
def test_prices_that_cannot_be_are_refused(cell: str) -> None:
    assert reasons({"商品单价": cell}) == [(2, Reason.BAD_PRICE)]


@pytest.mark.parametrize(
    "cell",
    [
        "2026-11-20 10:00:00",
        "2026/11/20 10:00",
        "2026/11/20  10:00:00\t",
        "2026年11月20日 10:00",
        "2026-11-20T10:00:00",
        "2026-11-20T02:00:00Z",
        "2026-11-20 10:00:00.000",
        datetime(2026, 11, 20, 10),  # noqa: DTZ001  a date cell has no zone
        46346.416666666664,
        "46346.4166666667",
    ],
)
def test_times_are_chinas_clock_however_written(cell: Any) -> None:
    assert only({"支付完成时间": cell}).paid_at == PAID


def test_a_day_without_a_time_begins_at_midnight() -> None:
    midnight = datetime(2026, 11, 19, 16, tzinfo=UTC)
    for cell in ("2026-11-20", date(2026, 11, 20), 46346, "2026年11月20日"):
        assert only({"支付完成时间": cell}).paid_at == midnight


@pytest.mark.parametrize("cell", ["-", "", "0000-00-00 00:00:00"])
def test_no_time_is_no_time(cell: str) -> None:
    assert only({"支付完成时间": cell}).paid_at is None


@pytest.mark.parametrize(
    "cell", ["明天", "2026-02-30 10:00:00", "2026-11-20 25:00", "1026-01-01", True]
)
def test_a_time_that_cannot_be_is_refused_with_its_column(cell: Any) -> None:
    (refused,) = read({"承诺发货时间": cell}).refused
    assert refused.reason is Reason.BAD_TIME
    assert refused.detail["column"] == "承诺发货时间"


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("待支付", "unpaid"),
        ("待发货", "to_ship"),
        ("备货中", "to_ship"),
        (" 待发货 ", "to_ship"),
        ("部分发货", "part_shipped"),
        ("已发货", "shipped"),
        ("已完成", "done"),
        ("已关闭", "closed"),
    ],
)
def test_doudians_words_for_the_state_of_an_order(word: str, status: str) -> None:
    assert only({"订单状态": word}).order_status == status


@pytest.mark.parametrize(
    ("word", "after_sale"),
    [
        ("-", "none"),
        ("", "none"),
        ("售后关闭", "none"),
        ("退款中", "open"),
        ("待商家处理", "open"),
        ("退款成功", "refunded"),
    ],
)
def test_doudians_words_for_an_after_sale(word: str, after_sale: str) -> None:
    assert only({"售后状态": word}).after_sale == after_sale


def test_an_unknown_word_is_refused_and_repeated() -> None:
    status, after_sale = (
        read({"订单状态": "飞走了"}).refused[0],
        read({"售后状态": "部分退款"}).refused[0],
    )
    assert (status.reason, status.detail) == (Reason.UNKNOWN_STATUS, {"value": "飞走了"})
    assert (after_sale.reason, after_sale.detail) == (
        Reason.UNKNOWN_AFTER_SALE,
        {"value": "部分退款"},
    )
    assert reasons({"订单状态": ""}) == [(2, Reason.UNKNOWN_STATUS)]


def test_a_refunded_line_is_not_shipped_with_the_others() -> None:
    order = only({}, {"子订单编号": SUB + "1", "售后状态": "退款成功"})
    assert [line.sub_order_no for line in order.lines] == [SUB]
    assert (order.order_status, order.after_sale) == ("to_ship", "none")


def test_an_order_refunded_whole_keeps_its_lines_and_says_so() -> None:
    order = only(
        {"售后状态": "退款成功"},
        {"子订单编号": SUB + "1", "订单状态": "已关闭", "售后状态": "退款成功"},
    )
    assert len(order.lines) == 2
    assert order.after_sale == "refunded"


@pytest.mark.parametrize(
    ("first", "second", "whole"),
    [
        ("待发货", "已发货", "part_shipped"),
        ("已发货", "已完成", "shipped"),
        ("已关闭", "待发货", "to_ship"),
        ("待支付", "待发货", "unpaid"),
        ("已关闭", "已关闭", "closed"),
    ],
)
def test_an_orders_state_is_that_of_its_lines_together(first: str, second: str, whole: str) -> None:
    rows = ({"订单状态": first}, {"子订单编号": SUB + "1", "订单状态": second})
    assert only(*rows).order_status == whole


def test_one_line_with_an_open_refund_opens_the_order() -> None:
    assert only({}, {"子订单编号": SUB + "1", "售后状态": "退款中"}).after_sale == "open"


@pytest.mark.parametrize(
    "hidden",
    [
        {"收件人": "张**"},
        {"收件人手机号": "138****0000"},
        {"详细地址": "**路**号"},
        {"收件人": "#aGVsbG8=#d29ybGQ=#1##"},
        {"收件人手机号": "$aGVsbG8=$d29ybGQ=$1$$"},
        {"详细地址": "-"},
        {"收件人手机号": ""},
    ],
)
def test_a_masked_or_missing_recipient_is_taken_and_marked(hidden: dict[str, str]) -> None:
    assert not only(hidden).recipient.complete


def test_a_virtual_number_is_a_complete_recipients() -> None:
    assert only({"收件人手机号": "17000000000-1234"}).recipient.complete
    assert only({"收件人手机号": "0579-8551234"}).recipient.complete
    assert not any(only({"收件人手机号": one}).recipient.complete for one in ("1", "无", "5678-12"))


def test_names_keep_what_is_in_them_but_nothing_invisible() -> None:
    order = only(
        {
            "收件人": "<b>林</b>\u202e小满👨\u200d👩\u200d👧\u200b",
            "买家留言": "第一行\r\n\r\n第二行\x07",
        }
    )
    assert order.recipient.name == "<b>林</b>小满👨\u200d👩\u200d👧"
    assert order.buyer_note == "第一行\n第二行"


def test_line_breaks_in_an_address_become_blanks_and_formula_text_stays_text() -> None:
    order = only({"详细地址": "桂花里\n6号", "商品规格": "=1+1", "选购商品": "@SUM(A1)"})
    assert order.recipient.address == "桂花里 6号"
    assert (order.lines[0].sku_spec, order.lines[0].product_name) == ("=1+1", "@SUM(A1)")


def test_a_value_longer_than_any_real_one_is_refused() -> None:
    (refused,) = read({"买家留言": "好" * 2001}).refused
    assert (refused.reason, refused.detail["column"]) == (Reason.TEXT_TOO_LONG, "买家留言")


def test_no_product_no_order() -> None:
    assert reasons({"选购商品": " "}) == [(2, Reason.NO_PRODUCT)]


def test_columns_are_found_by_name_in_any_order_unknown_ones_ignored() -> None:
    header = ("新栏目", *reversed(HEADER))
    sheet = map_rows(table({"新栏目": "x"}, header=header), max_rows=10)
    assert sheet.orders == read({}).orders


def test_a_title_above_the_header_is_passed_over() -> None:
    rows: list[list[Any]] = [["订单列表"], [""], ["导出时间", "2026-11-20"], *table({})]
    (order,) = map_rows(rows, max_rows=10).orders
    assert order.rows == (5,)


def test_blank_rows_are_not_rows() -> None:
    rows = table({})
    sheet = map_rows([*rows, [], ["", " "], list(GOOD.values())], max_rows=10)
    assert sheet.rows_read == 2
    assert sheet.orders[0].rows == (2, 5)


def test_missing_columns_are_named_as_the_platform_names_them() -> None:
    header = tuple(name for name in HEADER if name not in {"主订单编号", "详细地址", "订单状态"})
    with pytest.raises(MissingColumns) as caught:
        map_rows(table({}, header=header), max_rows=10)
    assert caught.value.columns == ("主订单编号", "订单状态", "详细地址")
    assert caught.value.platform == "doudian"


def test_useful_columns_that_are_missing_are_reported() -> None:
    header = tuple(name for name in HEADER if name not in {"承诺发货时间", "售后状态"})
    sheet = map_rows(table({}, header=header), max_rows=10)
    assert sheet.columns_missing == ("承诺发货时间", "售后状态")
    assert sheet.orders[0].ship_by is None


def test_a_sheet_that_is_no_export_has_no_header() -> None:
    with pytest.raises(NoHeader):
        map_rows([["姓名", "年龄"], ["林小满", "3"]], max_rows=10)
    with pytest.raises(EmptyFile):
        map_rows([["", " "], []], max_rows=10)


def test_rows_beyond_the_limit_refuse_the_file() -> None:
    rows = table({}, {"子订单编号": SUB + "1"}, {"子订单编号": SUB + "2"})
    assert len(map_rows(rows, max_rows=3).orders) == 1
    with pytest.raises(TooManyRows) as caught:
        map_rows(rows, max_rows=2)
    assert caught.value.limit == 2


def test_taobaos_one_text_address_is_split() -> None:
    rows = [
        ["订单编号", "订单状态", "收货人姓名", "收货地址 ", "联系电话 ", "联系手机", "宝贝标题 ",
         "宝贝总数量", "订单付款时间 "],
        ['="123456789012345678"', "买家已付款，等待卖家发货", "林小满",
         "浙江省 杭州市 西湖区 北山街道桂花里6号", "", "'13800000001",
         "纯棉中筒袜", "2", "2026-11-20 10:00:00"],
    ]  # fmt: skip
    (order,) = map_rows(rows, max_rows=10).orders
    assert (order.platform, order.order_no) == ("taobao", "123456789012345678")
    assert order.recipient.district == "西湖区"
    assert order.recipient.address == "北山街道桂花里6号"
    assert order.recipient.phone == "13800000001"
    assert (order.order_status, order.paid_at) == ("to_ship", PAID)


def test_pdd_tells_of_a_refund_in_the_orders_state() -> None:
    header = ["商品", "订单号", "订单状态", "商品数量(件)", "收货人", "手机", "省", "市", "区",
              "街道", "商家编码-SKU维度", "售后状态"]  # fmt: skip
    row: list[Any] = ["纯棉中筒袜", "261120-123456789012345", "未发货，退款成功", 1.0, "林**",
           "138****0001", "浙江省", "杭州市", "西湖区", "桂花里6号", "WZ-01", ""]  # fmt: skip
    (order,) = map_rows([header, row], max_rows=10).orders
    assert (order.platform, order.order_status, order.after_sale) == ("pdd", "closed", "refunded")


def test_1688s_merged_cells_belong_to_the_order_above() -> None:
    header = ["订单编号", "买家公司名", "订单状态", "收货人姓名", "收货地址", "联系手机",
              "货品标题", "数量", "单价(元)", "货号"]  # fmt: skip
    rows: list[list[Any]] = [
        header,
        ["2345678901234567890", "某某百货", "等待卖家发货", "林小满",
         "浙江省 杭州市 西湖区 桂花里6号", "13800000001", "袜子", 3.0, 2.5, "A1"],
        ["", "", "", "", "", "", "帽子", 2.0, 5.0, "A2"],
    ]  # fmt: skip
    (order,) = map_rows(rows, max_rows=10).orders
    assert order.platform == "1688"
    assert [line.product_code for line in order.lines] == ["A1", "A2"]
    assert order.recipient.complete


def test_our_own_sheet_needs_no_status() -> None:
    header = ["订单号", "商品名称", "数量", "收件人", "手机", "收货地址"]
    row = ["A-1001", "袜子", "1", "林小满", "13800000001", "杭州市西湖区桂花里6号"]
    (order,) = map_rows([header, row], max_rows=10).orders
    assert (order.platform, order.order_status) == ("own", "to_ship")
    assert order.lines[0].sub_order_no == "A-1001-1"
    assert order.recipient.province == "浙江省"


@pytest.mark.parametrize("platform", [*ALIASES])
def test_every_platforms_full_header_is_recognised_as_its_own(platform: Any) -> None:
    names = [names[0] for names in ALIASES[platform].values() if names]
    sheet = map_rows([[*names, *ALSO_THERE[platform]]], max_rows=10)
    assert sheet.platform == platform
    assert sheet.rows_read == 0


@given(
    st.lists(st.one_of(st.text(max_size=30), st.floats(), st.booleans(), st.none()), max_size=25)
)
def test_whatever_stands_in_a_row_it_is_an_order_or_a_refusal(cells: list[Any]) -> None:
    row = [cell if cell is not None else "" for cell in cells]
    sheet = map_rows([list(HEADER), row], max_rows=10)
    assert len(sheet.orders) + len(sheet.refused) == sheet.rows_read
