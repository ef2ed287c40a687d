"""Made-up products, buyers and addresses for sample orders."""

import random
from datetime import datetime, timedelta

from core.imports.incoming import IncomingLine, IncomingOrder, IncomingRecipient

PRODUCTS = (
    ("陶瓷马克杯", "奶白色 350ml", "MUG-01", 2990),
    ("陶瓷马克杯", "雾蓝色 350ml", "MUG-02", 2990),
    ("棉麻收纳筐", "大号 40×30cm", "BOX-40", 3980),
    ("硅藻土脚垫", "灰色 60×40cm", "MAT-60", 4590),
    ("手工牛轧糖", "原味 500g", "NUG-05", 3680),
    ("竹制砧板", "中号", "CUT-02", 5200),
)
PLACES = (
    ("广东省", "深圳市", "南山区", "示例一路"),
    ("四川省", "成都市", "武侯区", "示例二路"),
    ("江苏省", "苏州市", "吴中区", "示例三路"),
    ("湖北省", "武汉市", "洪山区", "示例四路"),
    ("山东省", "青岛市", "市南区", "示例五路"),
)
SURNAMES = "张李陈刘周吴郑孙"
GIVEN = ("小明", "小红", "雨桐", "子轩", "佳怡", "浩然")
NOTES = ("", "", "", "请用纸箱发", "周末送货")
INCOMPLETE = (2, 11)  # these orders came with a masked recipient


def made_up_order(number: int, ship_by: datetime, chance: random.Random) -> IncomingOrder:
    """Return sample order `number`; every fifth has two products."""
    lines = tuple(_line(number, place, chance) for place in range(1 + (number % 5 == 0)))
    return IncomingOrder(
        platform="doudian",
        order_no=f"6940{number:02d}{chance.randrange(10**13):013d}",
        lines=lines,
        recipient=_masked() if number in INCOMPLETE else _recipient(chance),
        buyer_note=chance.choice(NOTES),
        seller_note="送小样" if number % 9 == 0 else "",
        paid_at=ship_by - timedelta(hours=48),
        ship_by=ship_by,
    )


def _line(number: int, place: int, chance: random.Random) -> IncomingLine:
    name, spec, code, price = chance.choice(PRODUCTS)
    return IncomingLine(
        f"S{number:03d}{place}", name, spec, code, chance.choice((1, 1, 1, 2, 3)), price
    )


def _recipient(chance: random.Random) -> IncomingRecipient:
    province, city, district, street = chance.choice(PLACES)
    name = chance.choice(SURNAMES) + chance.choice(GIVEN)
    phone = f"1390000{chance.randrange(10_000):04d}"
    address = f"{chance.randrange(1, 200)} 号 {chance.randrange(1, 20)} 幢"
    return IncomingRecipient(name, phone, province, city, district, street, address)


def _masked() -> IncomingRecipient:
    return IncomingRecipient("张**", "138****0000", "浙江省", "杭州市", "西湖区", "", "****")
