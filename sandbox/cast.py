"""The applications, shops and bindings every sandbox starts with, and the invented buyers.

Secrets here protect nothing: they are the ones a program under test is started with.
"""

import base64
import hashlib
from dataclasses import dataclass
from typing import Literal

Platform = Literal["doudian", "kuaishou"]
Role = Literal["merchant", "factory"]


@dataclass(frozen=True)
class App:
    """An application registered with a platform.

    `sign_secret` and `message_key` (base64) are Kuaishou's; Doudian signs with `secret` itself.
    `service` is the number under which Doudian's merchants find the application.
    """

    platform: Platform
    key: str
    secret: str
    sign_secret: str = ""
    message_key: str = ""
    service: str = ""


@dataclass(frozen=True)
class Shop:
    """`mask` is how the other side of a binding knows the shop: an id that is not its own."""

    platform: Platform
    id: int
    role: Role
    name: str
    mask: int
    ships_from: bool = True


@dataclass(frozen=True)
class Area:
    """Province, city, district, street: names and ids, coarse to fine."""

    names: tuple[str, str, str, str]
    ids: tuple[str, str, str, str]


@dataclass(frozen=True)
class Buyer:
    name: str
    phone: str
    area: Area
    detail: str


@dataclass(frozen=True)
class Product:
    id: int
    sku: int
    name: str
    spec: tuple[tuple[str, str], ...]
    code: str
    price: int


def _key(seed: str) -> str:
    return base64.b64encode(hashlib.sha256(seed.encode()).digest()[:16]).decode()


DOUDIAN_APP = App(
    "doudian", "7000000000000000001", "sandbox-app-secret-of-no-worth", service="24070"
)
KUAISHOU_APP = App(
    "kuaishou", "ks700000000000000001", "sandbox-app-secret-of-no-worth",
    "sandbox-sign-secret-of-no-worth", _key("sandbox message key"),
)  # fmt: skip
APPS = (DOUDIAN_APP, KUAISHOU_APP)

SHOPS = (
    Shop("doudian", 4_463_001, "merchant", "小满优选", 90_463_001),
    Shop("doudian", 4_463_002, "merchant", "陈新的小店", 90_463_002),
    Shop("doudian", 4_463_101, "factory", "大力日用百货厂", 90_463_101),
    Shop("doudian", 4_463_102, "factory", "敏记食品厂", 90_463_102),
    Shop("kuaishou", 5_570_001, "merchant", "小满优选", 90_570_001),
    Shop("kuaishou", 5_570_002, "merchant", "陈新的小店", 90_570_002),
    Shop("kuaishou", 5_570_101, "factory", "大力日用百货厂", 90_570_101),
    Shop("kuaishou", 5_570_102, "factory", "敏记食品厂", 90_570_102),
)
# Merchant, factory, state: the second factory's binding waits for its consent.
BINDINGS = (
    (4_463_001, 4_463_101, 2),
    (4_463_001, 4_463_102, 1),
    (5_570_001, 5_570_101, 2),
)

_AREAS = (
    Area(("浙江省", "杭州市", "西湖区", "北山街道"), ("330000", "330100", "330106", "330106001")),
    Area(("江苏省", "苏州市", "吴中区", "长桥街道"), ("320000", "320500", "320506", "320506001")),
    Area(("广东省", "广州市", "天河区", "石牌街道"), ("440000", "440100", "440106", "440106003")),
    Area(("四川省", "成都市", "武侯区", "浆洗街街道"), ("510000", "510100", "510107", "510107001")),
    Area(("湖北省", "武汉市", "洪山区", "珞南街道"), ("420000", "420100", "420111", "420111001")),
    Area(("陕西省", "西安市", "雁塔区", "小寨路街道"), ("610000", "610100", "610113", "610113001")),
)
BUYERS = (
    Buyer("林小满", "13800000001", _AREAS[0], "桂花里 6 号 301 室"),
    Buyer("赵一鸣", "13800000002", _AREAS[1], "枫叶苑 18 幢"),
    Buyer("陈大福😀", "13800000004", _AREAS[2], "榕树新村 3 栋"),
    Buyer("何田田", "13800000005", _AREAS[3], "竹林里 5 号"),
    Buyer("欧阳晴", "13800000007", _AREAS[4], "银杏路 77 号"),
    Buyer("马小跳", "13800000008", _AREAS[5], "梧桐巷 12 号"),
)
PRODUCTS = (
    Product(3_605_512_907_714_001, 1_780_000_000_000_001, "陶瓷马克杯",
            (("颜色", "奶白色"), ("容量", "350ml")), "MUG-01", 2_990),
    Product(3_605_512_907_714_002, 1_780_000_000_000_002, "棉麻收纳筐",
            (("尺寸", "大号 40×30cm"),), "BOX-40", 3_980),
    Product(3_605_512_907_714_003, 1_780_000_000_000_003, "硅藻土脚垫",
            (("颜色", "灰色"), ("尺寸", "60×40cm")), "MAT-60", 4_590),
    Product(3_605_512_907_714_004, 1_780_000_000_000_004, "手工牛轧糖",
            (("口味", "原味"), ("净含量", "500g")), "NUG-05", 3_680),
)  # fmt: skip
