"""An order is the same whether the platform was asked for it or its export was sent."""

from typing import Any

import pytest

from core.platforms.facts import PlatformOrder
from platforms.doudian.mapping import read_order
from tests.platforms.test_doudian_orders import VALUES, order, sku
from tests.sheets.making import ORDER, SUB
from tests.sheets.test_rows_to_orders import only

# Numbers of a call, words of a file: of the order, and of the after-sale of each of its two lines.
SAID: list[tuple[int, str, list[tuple[int, str]]]] = [
    (2, "待发货", [(0, ""), (0, "")]),
    (2, "待发货", [(6, "待商家处理"), (0, "无")]),
    (2, "待发货", [(12, "退款成功"), (0, "")]),
    (2, "待发货", [(12, "退款成功"), (6, "退款中")]),
    (2, "待发货", [(28, "退款失败"), (28, "退款关闭")]),
    (1, "待支付", [(0, ""), (0, "")]),
    (3, "已发货", [(0, ""), (0, "")]),
    (4, "已关闭", [(0, ""), (0, "")]),
    (4, "已关闭", [(12, "退款成功"), (12, "退款成功")]),
    (5, "已完成", [(0, ""), (0, "")]),
]


@pytest.mark.parametrize(("number", "word", "lines"), SAID)
def test_a_call_and_a_file_tell_one_order_alike(
    number: int, word: str, lines: list[tuple[int, str]]
) -> None:
    called = [
        sku(order_id=f"{SUB}{place}", after_sale_info={"after_sale_status": one})
        for place, (one, _) in enumerate(lines)
    ]
    filed: list[dict[str, Any]] = [
        {"子订单编号": f"{SUB}{place}", "订单状态": word, "售后状态": one}
        for place, (_, one) in enumerate(lines)
    ]
    asked = read_order(
        VALUES,
        order(order_id=ORDER, order_status=number, main_status=number, sku_order_list=called),
    )
    assert isinstance(asked, PlatformOrder)
    ours, theirs = asked.order, only(*filed)
    assert (ours.platform, ours.order_no) == (theirs.platform, theirs.order_no)
    assert (ours.order_status, ours.after_sale) == (theirs.order_status, theirs.after_sale)
    assert [one.sub_order_no for one in ours.lines] == [one.sub_order_no for one in theirs.lines]
