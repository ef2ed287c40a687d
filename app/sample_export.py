"""A made-up order export as Doudian writes it, to send to the bot and see what happens.

All of Doudian's columns, and the habits of its files: guarded numbers, several rows for one order,
a masked recipient, a virtual number, a refund. People, phones and addresses are invented.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path

import xlsxwriter

_COLUMNS = """
主订单编号 子订单编号 选购商品 商品规格 商品数量 商品ID 商家编码 商品单价 订单应付金额 运费
优惠总金额 平台优惠 商家优惠 达人优惠 商家改价 支付优惠 红包抵扣 支付方式 手续费 收件人
收件人手机号 省 市 区 街道 详细地址 是否修改过地址 地址修改时段 买家留言 订单提交时间 旗帜颜色
商家备注 订单完成时间 支付完成时间 APP渠道 流量来源 订单状态 承诺发货时间 订单类型
鲁班落地页ID 达人ID 达人昵称 所属门店ID 售后状态 取消原因 预约发货时间 仓库ID 仓库名称 序列号
是否安心购 广告渠道 流量类型 流量体裁 流量渠道 发货主体 发货主体明细 发货时间 降价类优惠
平台实际承担优惠金额 商家实际承担优惠金额 达人实际承担优惠金额 预计送达时间 是否平台仓自流转
车型 商品69码 发货SN码 发货IMEI码1 发货IMEI码2 预约送达时间 建议发货时间（起）
建议发货时间（止） 物流SN码 物流IMEI码1 物流IMEI码2
"""
COLUMNS: tuple[str, ...] = tuple(_COLUMNS.split())
_CHINA = timezone(timedelta(hours=8))
_FIRST_ORDER_NO = 6_918_273_645_500_103_137
_STEP = 7_919


@dataclass(frozen=True, slots=True)
class _Product:
    name: str
    spec: str
    code: str
    price: str


@dataclass(frozen=True, slots=True)
class _Buyer:
    name: str
    phone: str
    region: tuple[str, str, str]
    street: str
    address: str


@dataclass(frozen=True, slots=True)
class _Sample:
    """One order: indexes into the products, pieces of each, and what is special about it."""

    products: tuple[int, ...]
    pieces: int = 1
    note: str = "-"
    remark: str = "-"
    after_sale: str = "-"


_PRODUCTS = (
    _Product("纯棉中筒袜女秋冬加厚", "奶白色;均码", "WZ-0101-NB", "12.90"),
    _Product("纯棉中筒袜女秋冬加厚", "浅灰色;均码", "WZ-0101-QH", "12.90"),
    _Product("珊瑚绒居家睡衣套装", "粉色;L", "SY-2203-FL", "89.00"),
    _Product("法兰绒毛毯午睡盖毯", "咖色;150x200cm", "MT-3100-KF", "1,059.00"),
    _Product("儿童防滑地板袜", "小熊;M(3-5岁)", "WZ-0450-XM", "19.80"),
)
_BUYERS = (
    _Buyer("林小满", "13800000001", ("浙江省", "杭州市", "西湖区"), "北山街道", "桂花里6号301室"),
    _Buyer("赵一鸣", "13800000002", ("江苏省", "苏州市", "吴中区"), "长桥街道", "枫叶苑18幢"),
    _Buyer("阿依娜", "13800000003", ("新疆维吾尔自治区", "乌鲁木齐市", "天山区"), "-", "团结巷9号"),
    _Buyer("陈大福😀", "13800000004", ("广东省", "广州市", "天河区"), "石牌街道", "榕树新村3栋"),
    _Buyer("何田田", "17000000005-4321", ("四川省", "成都市", "武侯区"), "浆洗街", "竹林里5号"),
    _Buyer("周*", "138****0006", ("北京市", "北京市", "朝阳区"), "三里屯街道", "**路**号院*号楼"),
    _Buyer("欧阳晴", "13800000007", ("湖北省", "武汉市", "洪山区"), "珞南街道", "银杏路77号"),
    _Buyer("马小跳", "13800000008", ("陕西省", "西安市", "雁塔区"), "小寨路街道", "梧桐巷12号"),
)
_SAMPLES = (
    _Sample((0,)),
    _Sample((0, 1), note="两双分开包，谢谢"),
    _Sample((2,), pieces=2),
    _Sample((3,), remark="加急"),
    _Sample((4,), pieces=3),
    _Sample((0,)),
    _Sample((2, 4), remark="老客户，送一双袜子"),
    _Sample((1,), after_sale="退款成功"),
    _Sample((0,), pieces=5),
    _Sample((1,)),
    _Sample((2,), note="要粉色，不要发错 <b>谢谢</b>"),
    _Sample((4,)),
    _Sample((0, 4)),
    _Sample((1,), pieces=2),
    _Sample((3,)),
    _Sample((2,)),
    _Sample((4, 0, 1)),
    _Sample((0,), note="送人的，请不要放价格单"),
    _Sample((1,)),
    _Sample((2,), pieces=1, after_sale="售后关闭"),
)


def write_sample(path: Path, *, now: datetime) -> None:
    """Write 20 orders paid within the day before `now` (aware), to be shipped within 48 hours.

    Order numbers do not depend on `now`: written again later, the orders are the same, and their
    times have changed.
    """
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("订单列表")
        for column, name in enumerate(COLUMNS):
            sheet.write_string(0, column, name)
        row = 1
        for index, sample in enumerate(_SAMPLES):
            for place, product in enumerate(sample.products):
                values = _values(index, place, sample, _PRODUCTS[product], now.astimezone(_CHINA))
                for column, name in enumerate(COLUMNS):
                    sheet.write_string(row, column, values.get(name, "-"))
                row += 1


def _values(
    index: int, place: int, sample: _Sample, product: _Product, now: datetime
) -> dict[str, str]:
    """The cells of one row that are not empty."""
    order_no = _FIRST_ORDER_NO + index * _STEP * 10
    paid = now - timedelta(minutes=61 * (index + 1))
    buyer = _BUYERS[index % len(_BUYERS)] if index != 13 else _BUYERS[0]
    province, city, district = buyer.region
    return {
        "主订单编号": f"{order_no}\t",
        "子订单编号": f"{order_no + place}\t",
        "选购商品": product.name,
        "商品规格": product.spec,
        "商品数量": str(sample.pieces),
        "商品ID": f"36{place:02d}5512907714{index:03d}\t",
        "商家编码": f"{product.code}\t",
        "商品单价": product.price,
        "订单应付金额": product.price,
        "运费": "0.00",
        "支付方式": "支付宝",
        "收件人": buyer.name,
        "收件人手机号": f"{buyer.phone}\t",
        "省": province,
        "市": city,
        "区": district,
        "街道": buyer.street,
        "详细地址": buyer.address,
        "是否修改过地址": "否",
        "买家留言": sample.note,
        "商家备注": sample.remark,
        "订单提交时间": f"{paid - timedelta(minutes=2):%Y-%m-%d %H:%M:%S}",
        "支付完成时间": f"{paid:%Y-%m-%d %H:%M:%S}",
        "APP渠道": "抖音",
        "订单状态": "待发货",
        "承诺发货时间": f"{paid + timedelta(hours=48):%Y-%m-%d %H:%M:%S}",
        "订单类型": "普通订单",
        "售后状态": sample.after_sale,
        "是否安心购": "否",
    }
