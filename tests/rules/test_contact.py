"""Ship-from information in one message, as people really write it."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.text.contact import (
    LONGEST,
    ContactError,
    ContactTooLong,
    MissingAddress,
    MissingName,
    MissingPhone,
    PhoneLooksWrong,
    read_contact,
)
from core.text.regions import Region, split_region

NAME, PHONE = "王大力", "13800001111"
STREET = "稠江街道88号3栋"
WHOLE = f"浙江省金华市义乌市{STREET}"
ADDRESS = f"浙江省 金华市 义乌市 {STREET}"


@pytest.mark.parametrize(
    "text",
    [
        f"{NAME} {PHONE} {WHOLE}",
        f"{NAME}{PHONE}{WHOLE}",
        f"{NAME}{WHOLE}{PHONE}",
        f"{NAME}，{PHONE}，{WHOLE}",
        f"{NAME}\n+86 138-0000-1111\n{WHOLE}",
        f"{NAME} １３８００００１１１１ {WHOLE}",
        f"{NAME} {PHONE} 浙江省 金华市 义乌市 {STREET} 322000",
        f"收件人：{NAME}\n手机：{PHONE}\n地址：{WHOLE}",
        f"联系人: {NAME} 电话: {PHONE} 地址: {WHOLE}",
        f"发货人：{NAME}，联系电话：{PHONE}，发货地址：{WHOLE}",
        f"地址 {WHOLE}\n姓名 {NAME}\n电话 {PHONE}",
        f"所在地区：浙江省金华市义乌市\n详细地址：{STREET}\n收货人：{NAME}\n手机号码：{PHONE}",
        f"姓名：\n{NAME}\n手机：\n{PHONE}\n地址：\n{WHOLE}\n邮编：322000",
        f"{NAME}\u200b {PHONE}\u202c {WHOLE}",
    ],
)
def test_one_message_is_understood_however_it_is_written(text: str) -> None:
    details = read_contact(text)
    assert (details.contact, details.phone, details.address) == (NAME, PHONE, ADDRESS)
    assert details.region == Region("浙江省", "金华市", "义乌市")
    assert details.detail == STREET


@pytest.mark.parametrize("parts", list(itertools.permutations([NAME, PHONE, WHOLE])))
def test_the_order_of_the_parts_does_not_matter(parts: tuple[str, str, str]) -> None:
    for separator in (" ", "\n", ", "):
        details = read_contact(separator.join(parts))
        assert (details.contact, details.phone, details.address) == (NAME, PHONE, ADDRESS)


@pytest.mark.parametrize(
    ("written", "phone"),
    [
        ("0579-85123456", "0579-85123456"),
        ("0579 85123456", "0579-85123456"),
        ("0579-85123456-801", "0579-85123456-801"),
        ("17000000000-1234", "17000000000-1234"),
        ("17000000000转1234", "17000000000-1234"),
        ("17000000000 转 1234", "17000000000-1234"),
        ("400-123-4567", "4001234567"),
        ("021-51234567", "021-51234567"),
    ],
)
def test_landlines_service_and_virtual_numbers_are_kept_whole(written: str, phone: str) -> None:
    for text in (
        f"{NAME} {written} {WHOLE}",
        f"{NAME}\n{WHOLE}\n{written}",
        f"{NAME}，{written}，{WHOLE}",
    ):
        details = read_contact(text)
        assert (details.contact, details.phone, details.address) == (NAME, phone, ADDRESS)


@pytest.mark.parametrize(
    "name", ["李老板", "欧阳娜娜", "张玉林", "陈先生", "阿依古丽·买买提", "Wang Dali", "李"]
)
def test_names_of_every_shape(name: str) -> None:
    assert read_contact(f"{name} {PHONE} {WHOLE}").contact == name
    assert read_contact(f"{WHOLE}，{name}，{PHONE}").contact == name


@pytest.mark.parametrize(
    ("text", "error", "missing"),
    [
        (f"{NAME} {WHOLE}", MissingPhone, ("phone",)),
        (f"{PHONE} {WHOLE}", MissingName, ("contact",)),
        (f"{NAME} {PHONE}", MissingAddress, ("address",)),
        (PHONE, MissingName, ("contact", "address")),
        ("", MissingPhone, ("phone", "contact", "address")),
        ("你好", MissingPhone, ("phone", "address")),
    ],
)
def test_what_is_missing_is_named(
    text: str, error: type[MissingPhone | MissingName | MissingAddress], missing: tuple[str, ...]
) -> None:
    with pytest.raises(error) as caught:
        read_contact(text)
    assert caught.value.missing == missing


@pytest.mark.parametrize("wrong", ["1380000111", "138000011112", "85123456"])
def test_a_phone_with_a_digit_too_few_or_too_many_is_said(wrong: str) -> None:
    for text in (f"{NAME} {wrong} {WHOLE}", f"姓名：{NAME}\n电话：{wrong}\n地址：{WHOLE}"):
        with pytest.raises(PhoneLooksWrong) as caught:
            read_contact(text)
        assert caught.value.value == wrong


def test_an_oversized_message_is_refused_before_it_is_read() -> None:
    with pytest.raises(ContactTooLong) as caught:
        read_contact("好" * (LONGEST + 1))
    assert caught.value.limit == LONGEST


@given(st.text(max_size=LONGEST))
def test_anything_is_understood_or_refused(text: str) -> None:
    try:
        details = read_contact(text)
    except ContactError:
        return
    assert details.contact
    assert details.phone
    assert details.address


@pytest.mark.parametrize(
    ("text", "region", "rest"),
    [
        ("浙江省义乌市后宅街道1号", ("浙江省", "", "义乌市"), "后宅街道1号"),
        ("广东深圳南山区科技园1号", ("广东省", "深圳市", "南山区"), "科技园1号"),
        ("杭州市西湖区文三路1号", ("浙江省", "杭州市", "西湖区"), "文三路1号"),
        ("上海上海市浦东新区张江路1号", ("上海市", "上海市", "浦东新区"), "张江路1号"),
        ("北京市 市辖区 朝阳区 建国路1号", ("北京市", "北京市", "朝阳区"), "建国路1号"),
        ("东莞市长安镇乌沙社区1号", ("广东省", "东莞市", ""), "长安镇乌沙社区1号"),
        ("吉林省吉林市船营区1号", ("吉林省", "吉林市", "船营区"), "1号"),
        ("吉林市船营区1号", ("吉林省", "吉林市", "船营区"), "1号"),
        ("山东济南市中区1号", ("山东省", "济南市", "市中区"), "1号"),
        ("广西壮族自治区南宁市青秀区1号", ("广西壮族自治区", "南宁市", "青秀区"), "1号"),
        (
            "新疆伊犁哈萨克自治州伊宁市1号",
            ("新疆维吾尔自治区", "伊犁哈萨克自治州", "伊宁市"),
            "1号",
        ),
        ("南京路1号幸福小区", ("", "", ""), "南京路1号幸福小区"),
        ("", ("", "", ""), ""),
    ],
)
def test_province_city_and_district_are_split_off(
    text: str, region: tuple[str, str, str], rest: str
) -> None:
    assert split_region(text) == (Region(*region), rest)
