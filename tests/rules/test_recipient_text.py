"""A new recipient as buyers, platforms and customer service really paste it."""

import pytest

from core.text.contact import LONGEST, ContactTooLong
from core.text.recipient_text import NOTHING, RecipientParts, read_recipient
from core.values import Recipient

YIWU = ("浙江省", "金华市", "义乌市")
WHOLE = RecipientParts("张三丰", "13912345678", *YIWU, "稠江街道示例路1号")


@pytest.mark.parametrize(
    "text",
    [
        "张三丰，13912345678，浙江省金华市义乌市稠江街道示例路1号",
        "浙江省金华市义乌市稠江街道示例路1号 张三丰 13912345678",
        "13912345678 张三丰 浙江省金华市义乌市稠江街道示例路1号",
        "张三丰，86-13912345678，浙江省 金华市 义乌市 稠江街道示例路1号 ，322000",
        "收件人：张三丰\n手机号码：13912345678\n所在地区：浙江省金华市义乌市\n详细地址：稠江街道示例路1号",
        "收 货 人：张三丰 电话：１３９１２３４５６７８ 地址：浙江省金华市义乌市稠江街道示例路1号",
        "姓　名：张三丰\n电　话：139 1234 5678\n地　址：浙江省金华市义乌市稠江街道示例路1号",
        "收件人：张三丰 13912345678 浙江省金华市义乌市稠江街道示例路1号",
        "收货信息：张三丰 13912345678 浙江省金华市义乌市稠江街道示例路1号",
        "改寄：张三丰 13912345678 浙江省金华市义乌市稠江街道示例路1号",
        "亲，帮我改下地址，改成：张三丰 13912345678 浙江省金华市义乌市稠江街道示例路1号",
        "寄到 浙江省金华市义乌市稠江街道示例路1号，张三丰 +86 139-1234-5678",
        "地址：浙江省金华市义乌市稠江街道示例路1号\n电话：13912345678\n姓名：张三丰",
    ],
)
def test_one_paste_is_understood_in_any_order_and_width(text: str) -> None:
    reading = read_recipient(text)
    assert reading.parts == WHOLE
    assert not reading.parts.missing
    assert not reading.masked


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (
            "张三丰[1234]，17012345678-1234，浙江省金华市义乌市稠江街道示例路1号[1234]",
            RecipientParts(
                "张三丰[1234]", "17012345678-1234", *YIWU, "稠江街道示例路1号[1234]"
            ),
        ),
        (
            "上海市浦东新区张江路 88 弄 6 号 502 室 万达广场 13912345678 张三",
            RecipientParts(
                "张三", "13912345678", "上海市", "上海市", "浦东新区",
                "张江路 88 弄 6 号 502 室 万达广场",
            ),
        ),
        (
            "收件人: 王女士\n电话: 0571-85123456\n地址: 杭州市西湖区文三路 100 号",
            RecipientParts(
                "王女士", "0571-85123456", "浙江省", "杭州市", "西湖区", "文三路 100 号"
            ),
        ),
        (
            "小🐰 13912345678 北京市朝阳区建国路 93 号",
            RecipientParts("小🐰", "13912345678", "北京市", "北京市", "朝阳区", "建国路 93 号"),
        ),
        (
            "新疆维吾尔自治区乌鲁木齐市天山区解放北路 1 号，买买提·阿里，13912345678",
            RecipientParts(
                "买买提·阿里", "13912345678", "新疆维吾尔自治区", "乌鲁木齐市", "天山区",
                "解放北路 1 号",
            ),
        ),
        (
            "Lily Wang 13912345678 广东省 东莞市 长安镇 乌沙江贝路5号",
            RecipientParts(
                "Lily Wang", "13912345678", "广东省", "东莞市", "", "长安镇 乌沙江贝路5号"
            ),
        ),
    ],
)  # fmt: skip
def test_names_numbers_and_places_of_every_shape(text: str, parts: RecipientParts) -> None:
    assert read_recipient(text).parts == parts


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("张三丰 13912345678 浙江省金华市义乌市", ("detail",)),
        ("张三丰 13912345678 示例路1号", ("region",)),
        ("张三丰 13912345678", ("address",)),
        ("电话改成 13912345678", ("name", "address")),
        ("地址改成 广东省深圳市南山区科技园路5号", ("name", "phone")),
        ("新的地址是广东省中山市小榄镇工业大道 2 号", ("name", "phone")),
    ],
)
def test_what_is_missing_is_named(text: str, missing: tuple[str, ...]) -> None:
    assert read_recipient(text).parts.missing == missing


@pytest.mark.parametrize("text", ["你好，在吗", "好的谢谢 我晚点发", "", "👌"])
def test_chat_is_no_recipient(text: str) -> None:
    assert read_recipient(text).nothing


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("张** 13912345678 浙江省金华市义乌市示例路1号", ("name",)),
        ("张三丰 139****5678 浙江省金华市义乌市示例路1号", ("phone",)),
        ("张三丰 13912345678 浙江省金华市义乌市稠江街道****", ("address",)),
        (
            "收件人：张*\n电话：139****5678\n地址：浙江省金华市义乌市*****",
            ("name", "phone", "address"),
        ),
    ],
)
def test_what_the_platform_has_hidden_is_said(text: str, masked: tuple[str, ...]) -> None:
    assert read_recipient(text).masked == masked


def test_a_phone_with_a_digit_too_few_is_said_and_the_rest_is_kept() -> None:
    reading = read_recipient("张三丰 1391234567 浙江省金华市义乌市稠江街道示例路1号")
    assert reading.wrong == "1391234567"
    assert reading.parts.missing == ("phone",)
    again = read_recipient("13912345678", reading.parts)
    assert again.parts.over(reading.parts) == WHOLE


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("13912345678 浙江省金华市义乌市稠江街道示例路1号", "张三丰"),
        ("张三丰 13912345678 浙江省金华市义乌市", "稠江街道示例路1号"),
        ("张三丰 13912345678 稠江街道示例路1号", "浙江省金华市义乌市"),
        ("张三丰", "13912345678 浙江省金华市义乌市稠江街道示例路1号 张三丰"),
    ],
)
def test_what_was_missing_is_sent_alone(first: str, second: str) -> None:
    known = read_recipient(first).parts
    assert read_recipient(second, known).parts.over(known) == WHOLE


def test_names_no_rule_knows_are_taken_when_they_were_asked_for() -> None:
    known = read_recipient("13912345678 浙江省金华市义乌市稠江街道示例路1号").parts
    for name in ("阿花", "Tom", "小🐰", "不吃鱼的猫咪呀"):
        assert read_recipient(name, known).parts.name == name


def test_the_old_recipient_fills_what_stays_but_no_old_street_goes_with_a_new_town() -> None:
    old = Recipient("李四", "13700001111", "浙江省 杭州市 西湖区 文三路 1 号")
    phone = read_recipient("电话 13912345678").parts.with_old(old)
    assert (phone.name, phone.phone, phone.detail) == ("李四", "13912345678", "文三路 1 号")
    street = read_recipient("地址：文三路 2 号").parts.with_old(old)
    assert (street.city, street.detail) == ("杭州市", "文三路 2 号")
    assert read_recipient("地址：广东省深圳市").parts.with_old(old).missing == ("detail",)
    assert NOTHING.with_old(old).missing == ()


def test_an_oversized_text_is_refused() -> None:
    with pytest.raises(ContactTooLong):
        read_recipient("好" * (LONGEST + 1))
