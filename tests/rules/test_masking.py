"""Masks that show no more than they say, and masked values recognised when they arrive."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.text.masking import (
    is_masked_address,
    is_masked_name,
    is_masked_phone,
    mask_address,
    mask_name,
    mask_phone,
)
from core.text.phones import read_phone


@pytest.mark.parametrize(
    ("phone", "shown"),
    [
        ("13800000000", "138****0000"),
        ("+86 138 0000 1111", "138****1111"),
        ("１３８００００１１１１", "138****1111"),
        ("17000000000-1234", "170****0000-****"),
        ("17000000000转1234", "170****0000-****"),
        ("0579-85123456", "0579****3456"),
        ("010 85123456", "010****3456"),
        ("400-123-4567", "400****567"),
        ("8512345", "851****"),
        ("12345", "****"),
        ("", "****"),
        ("138****0000", "138****0000"),
        ("138********", "138****"),
        ("$abc$def==$1$$", "****"),
    ],
)
def test_a_phone_shows_its_ends_only(phone: str, shown: str) -> None:
    assert mask_phone(phone) == shown


@given(
    st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True),
    st.from_regex(r"(-[0-9]{3,4})?", fullmatch=True),
)
def test_a_mask_never_reveals_the_middle_digits(main: str, extension: str) -> None:
    shown = mask_phone(main + extension)
    assert shown.startswith(f"{main[:3]}****{main[7:]}")
    assert sum(map(str.isdigit, shown)) == 7
    assert is_masked_phone(shown)


@given(st.text(max_size=40))
def test_a_mask_of_anything_shows_at_most_eight_digits_and_always_hides_some(text: str) -> None:
    shown = mask_phone(text)
    assert "****" in shown
    assert sum(map(str.isdigit, shown)) <= 8
    assert mask_phone(shown) == shown or "-" in shown


@given(st.text(max_size=40))
def test_a_masked_name_is_one_character_and_stars(name: str) -> None:
    shown = mask_name(name)
    assert shown.endswith("**")
    assert len(shown) <= 3
    assert is_masked_name(shown)


def test_names_show_their_first_character() -> None:
    assert mask_name(" 张三丰 ") == "张**"
    assert mask_name("王*") == "王**"
    assert mask_name("*") == "**"
    assert mask_name("") == "**"
    assert mask_name("#AbC/d+=#xyz==#1##") == "**"


def test_an_address_ends_at_the_district() -> None:
    shown = mask_address(province="浙江省", city="金华市", district="义乌市")
    assert shown == "浙江省 金华市 义乌市 ****"
    assert is_masked_address(shown)
    assert mask_address(province="北京市", city="北京市", district="朝阳区") == "北京市 朝阳区 ****"
    assert mask_address() == "****"


def test_a_street_put_into_the_district_column_is_not_shown() -> None:
    assert mask_address(province="浙江省", district="稠江街道88号3栋") == "浙江省 ****"
    long = "义乌市后宅街道一个很长的村子里的某条路上"
    assert mask_address(city="金华市", district=long) == "金华市 ****"


@pytest.mark.parametrize(
    "name", ["张**", "王*", "*", "＊＊", "#AbC/d+=#xyz==#1##", "~AgAAAA==~Qk0=~1~", "##q1Zx"]
)
def test_names_that_came_masked_are_recognised(name: str) -> None:
    assert is_masked_name(name)


@pytest.mark.parametrize(
    "phone", ["138****0000", "*", "1**********", "$abc$def==$1$$", "138xxxx0000"]
)
def test_phones_that_came_masked_are_recognised(phone: str) -> None:
    assert is_masked_phone(phone)


@pytest.mark.parametrize(
    "address", ["**路**号", "幸*路1*号", "后宅街道*****", "*", "~AgAAAA==~Qk0=~1~"]
)
def test_addresses_that_came_masked_are_recognised(address: str) -> None:
    assert is_masked_address(address)


def test_what_is_whole_is_not_called_masked() -> None:
    assert not is_masked_name("张三丰")
    assert not is_masked_name("Ann #2")
    assert not is_masked_phone("17000000000-1234")
    assert not is_masked_address("某某路3*4米仓库#2栋")
    assert not is_masked_address("#1 楼 2 单元")


@pytest.mark.parametrize(
    ("written", "digits", "extension"),
    [
        ("13800001111", "13800001111", ""),
        ("+86 138-0000-1111", "13800001111", ""),
        ("(+86)13800001111", "13800001111", ""),
        ("86-13800001111", "13800001111", ""),
        ("008613800001111", "13800001111", ""),
        ("17000000000-1234", "17000000000", "1234"),
        ("17000000000转1234", "17000000000", "1234"),
        ("17000000000 转 1234", "17000000000", "1234"),
        ("17000000000，1234", "17000000000", "1234"),
        ("17000000000（分机1234）", "17000000000", "1234"),
        ("17000000000[1234]", "17000000000", "1234"),
        ("0579-85123456", "057985123456", ""),
        ("0579-85123456-801", "057985123456", "801"),
        ("021 51234567 转 分机 12", "02151234567", "12"),
        ("400-123-4567", "4001234567", ""),
        ("4001234567转8", "4001234567", "8"),
        ("95338", "95338", ""),
        ("8512345", "8512345", ""),
    ],
)
def test_phones_are_read_as_written(written: str, digits: str, extension: str) -> None:
    phone = read_phone(written)
    assert phone is not None
    assert (phone.digits, phone.extension) == (digits, extension)


@pytest.mark.parametrize(
    "text", ["", "123", "12800001111", "138000011112", "1.38E+10", "电话", "138****0000"]
)
def test_what_is_no_phone_is_none(text: str) -> None:
    assert read_phone(text) is None
