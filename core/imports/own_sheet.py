"""Our own sheet (模板): the columns a merchant fills in where no platform exports anything.

The reader knows them as the platform `own`; whoever makes the template takes them from here, so
that what is handed out is what is read.
"""

from typing import Final, Literal, NamedTuple

OwnField = Literal[
    "order_no", "product_name", "sku_spec", "product_code", "quantity", "price", "name", "phone",
    "whole_address", "buyer_note", "seller_note", "ship_by",
]  # fmt: skip


class OwnColumn(NamedTuple):
    """One column: what it holds, its name, whether a row needs it, and the example's value."""

    field: OwnField
    name: str
    needed: bool
    example: str


# An order number nobody can have: the row that bears it is shown and never imported.
EXAMPLE_ORDER_NO: Final = "示例-请删除"

OWN_COLUMNS: Final = (
    OwnColumn("order_no", "订单号", True, EXAMPLE_ORDER_NO),
    OwnColumn("product_name", "商品名称", True, "陶瓷马克杯"),
    OwnColumn("sku_spec", "规格", False, "奶白色 350ml"),
    OwnColumn("product_code", "商品编码", False, "MUG-01"),
    OwnColumn("quantity", "数量", True, "2"),
    OwnColumn("price", "单价", False, "19.90"),
    OwnColumn("name", "收件人", True, "示例"),
    OwnColumn("phone", "手机", True, "13800000000"),
    OwnColumn("whole_address", "收货地址", True, "浙江省金华市义乌市示例路 1 号"),
    OwnColumn("buyer_note", "买家留言", False, "请周末送"),
    OwnColumn("seller_note", "备注", False, "送一张贺卡"),
    OwnColumn("ship_by", "发货截止", False, "2026-06-18 18:00"),
)
