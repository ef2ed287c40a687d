"""The one alias table: what each platform calls the columns we read, and the columns it also has.

Platforms add, rename, drop and reorder columns every few months: columns are found by name, never
by place, and unknown ones are ignored. The first name of a field is its usual one, by which it is
asked for when missing. Several columns may hold one field: the first that is filled counts.

Kuaishou's names could not be confirmed: the operator may add names (`platforms.sheets.extending`).
"""

from typing import Literal

Platform = Literal["doudian", "taobao", "pdd", "1688", "kuaishou", "own"]
Field = Literal[
    "order_no",
    "sub_order_no",
    "product_name",
    "sku_spec",
    "product_code",
    "quantity",
    "price",
    "name",
    "phone",
    "other_phone",
    "province",
    "city",
    "district",
    "street",
    "address",
    "whole_address",  # province, city, district and the rest as one text
    "buyer_note",
    "seller_note",
    "paid_at",
    "ship_by",
    "order_status",
    "after_sale",
]


def names_in(text: str) -> tuple[str, ...]:
    """The names in a text that separates them by blanks."""
    return tuple(text.split())


# Where several platforms' names are equally many, the earlier is meant.
ALIASES: dict[Platform, dict[Field, tuple[str, ...]]] = {
    "doudian": {
        "order_no": ("主订单编号", "主订单号", "订单编号", "订单号"),
        "sub_order_no": ("子订单编号", "子订单号"),
        "product_name": ("选购商品", "商品名称"),
        "sku_spec": ("商品规格", "规格"),
        "product_code": ("商家编码", "商品编码"),
        "quantity": ("商品数量", "数量"),
        "price": ("商品单价", "商品金额"),
        "name": ("收件人", "收件人姓名", "收货人"),
        "phone": ("收件人手机号", "收件人电话", "手机号"),
        "province": ("省", "省份"),
        "city": ("市", "城市"),
        "district": ("区", "区县"),
        "street": ("街道",),
        "address": ("详细地址", "收件地址"),
        "buyer_note": ("买家留言",),
        "seller_note": ("商家备注",),
        "paid_at": ("支付完成时间", "支付时间"),
        "ship_by": ("承诺发货时间",),
        "order_status": ("订单状态",),
        "after_sale": ("售后状态",),
    },
    "taobao": {
        "order_no": ("订单编号", "主订单编号"),
        "sub_order_no": ("子订单编号",),
        "product_name": ("宝贝标题", "商品标题"),
        "sku_spec": ("修改后的sku", "商品属性"),
        "product_code": ("商家编码", "外部系统编号"),
        "quantity": ("宝贝总数量", "购买数量"),
        "name": ("收货人姓名",),
        "phone": ("联系手机",),
        "other_phone": ("联系电话",),
        "whole_address": ("修改后的收货地址", "收货地址"),
        "buyer_note": ("买家留言",),
        "seller_note": ("订单备注", "卖家备忘"),
        "paid_at": ("订单付款时间",),
        "ship_by": ("应发货时间",),
        "order_status": ("订单状态",),
        "after_sale": ("退款状态",),
    },
    "pdd": {
        "order_no": ("订单号",),
        "product_name": ("商品", "商品名称"),
        "sku_spec": ("商品规格",),
        "product_code": ("商家编码-SKU维度", "商家编码-商品维度"),
        "quantity": ("商品数量(件)", "商品数量"),
        "name": ("收货人",),
        "phone": ("手机",),
        "province": ("省",),
        "city": ("市",),
        "district": ("区",),
        "street": (),
        "address": ("街道", "详细地址"),
        "buyer_note": ("买家留言",),
        "seller_note": ("商家备注",),
        "paid_at": ("支付时间",),
        "ship_by": ("承诺发货时间",),
        "order_status": ("订单状态",),
        "after_sale": ("售后状态",),
    },
    "1688": {
        "order_no": ("订单编号",),
        "product_name": ("货品标题",),
        "sku_spec": ("型号",),
        "product_code": ("货号", "SKUID", "单品货号"),
        "quantity": ("数量",),
        "price": ("单价(元)",),
        "name": ("收货人姓名",),
        "phone": ("联系手机",),
        "other_phone": ("联系电话",),
        "whole_address": ("收货地址",),
        "buyer_note": ("买家留言",),
        "seller_note": ("卖家备注", "订单备注"),
        "paid_at": ("订单付款时间",),
        "order_status": ("订单状态",),
        "after_sale": ("退款状态",),
    },
    "kuaishou": {
        "order_no": ("订单编号",),
        "product_name": ("商品名称",),
        "sku_spec": ("SKU名称",),
        "product_code": ("SKU编码",),
        "quantity": ("成交数量",),
        "name": ("收货人姓名",),
        "phone": ("收货人电话",),
        "whole_address": ("收货地址",),
        "buyer_note": ("买家留言",),
        "seller_note": ("卖家备注", "商家备注"),
        "paid_at": ("支付时间", "订单支付时间"),
        "ship_by": ("应发货时间",),
        "order_status": ("订单状态",),
        "after_sale": ("退款状态",),
    },
    "own": {  # the first names are those of `core.imports.own_sheet`
        "order_no": ("订单号", "订单编号"),
        "sub_order_no": ("子订单号",),
        "product_name": ("商品名称", "商品"),
        "sku_spec": ("规格", "商品规格"),
        "product_code": ("商品编码", "商家编码"),
        "quantity": ("数量", "商品数量"),
        "price": ("单价",),
        "name": ("收件人", "收货人", "姓名"),
        "phone": ("手机", "电话", "收件人手机", "联系电话"),
        "province": ("省", "省份"),
        "city": ("市", "城市"),
        "district": ("区", "区县"),
        "street": ("街道",),
        "address": ("详细地址",),
        "whole_address": ("收货地址", "地址"),
        "buyer_note": ("买家留言",),
        "seller_note": ("备注",),
        "paid_at": ("付款时间",),
        "ship_by": ("发货截止",),
        "order_status": ("状态",),
        "after_sale": ("售后",),
    },
}

# Columns that are not read, but tell whose file it is.
ALSO_THERE: dict[Platform, tuple[str, ...]] = {
    "doudian": names_in(
        """
        商品ID 订单应付金额 运费 优惠总金额 平台优惠 商家优惠 达人优惠 商家改价 支付优惠 红包抵扣
        支付方式 手续费 是否修改过地址 地址修改时段 订单提交时间 旗帜颜色 订单完成时间 APP渠道
        流量来源 订单类型 鲁班落地页ID 达人ID 达人昵称 所属门店ID 取消原因 预约发货时间 仓库ID
        仓库名称 序列号 是否安心购 广告渠道 流量类型 流量体裁 流量渠道 发货主体 发货主体明细
        发货时间 降价类优惠 平台实际承担优惠金额 商家实际承担优惠金额 达人实际承担优惠金额
        预计送达时间 是否平台仓自流转 车型 商品69码 发货SN码 发货IMEI码1 发货IMEI码2 预约送达时间
        建议发货时间(起) 建议发货时间(止) 物流SN码 物流IMEI码1 物流IMEI码2
        """
    ),
    "taobao": names_in(
        """
        买家会员名 买家实际支付金额 运送方式 订单创建时间 宝贝种类 物流单号 物流公司 店铺名称
        订单关闭原因 退款金额 确认收货时间
        """
    ),
    "pdd": names_in(
        """
        商家实收金额(元) 拼单成功时间 订单确认时间 发货时间 确认收货时间 商品id 样式ID 快递单号
        快递公司 是否审核中
        """
    ),
    "1688": names_in(
        """
        买家公司名 买家会员名 货品总价(元) 运费(元) 实付款(元) 邮编 物流公司运单号 订单创建时间
        """
    ),
    "kuaishou": (),
    "own": (),
}

# Columns with what was corrected later. They stand before the usual ones and are not asked for.
CORRECTIONS = frozenset({"修改后的sku", "修改后的收货地址"})

REQUIRED: tuple[Field, ...] = ("order_no", "product_name", "quantity", "name", "phone")
USEFUL: tuple[Field, ...] = (
    "sku_spec",
    "product_code",
    "province",
    "city",
    "district",
    "buyer_note",
    "seller_note",
    "paid_at",
    "ship_by",
    "after_sale",
)
# Platforms that merge cells: later rows of an order leave the order's own columns empty.
MERGES_CELLS: frozenset[Platform] = frozenset({"1688"})
