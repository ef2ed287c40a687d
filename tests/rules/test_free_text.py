"""Free text as anybody may read it: no phone, no home; every other number as it was written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.text.free_text import HIDDEN, as_shown, heard, holds_recipient, mask_phones_in


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("13800138000", "138****8000"),
        ("请打１３８ ００００ 1111谢谢", "请打138****1111谢谢"),
        ("打138-0013-8000，急", "打138****8000，急"),
        ("13800 138000", "138****8000"),
        ("1380 0138 000", "138****8000"),
        ("1 3 8 0 0 1 3 8 0 0 0", "138****8000"),
        ("138\u200b0013\u200b8000", "138****8000"),
        ("+86 138-0000-1111 找我", "138****1111 找我"),
        ("8613800138000", "138****8000"),
        ("幺三八零零一三八零零零", "138****8000"),
        ("2件 13800138000", "2件 138****8000"),
        ("VX13800138000", "VX138****8000"),
        ("13800138000，13900139000", "138****8000，139****9000"),
        ("17000000000-1234", "170****0000-****"),
        ("17000000000转1234，2件", "170****0000-****，2件"),
        ("17000000000 分机 12", "170****0000-****"),
        ("0579-85123456", "0579****3456"),
        ("(0579)8512 3456", "0579****3456"),
        ("010 85123456转8", "010****3456-****"),
        ("座机：8512345", "座机：851****"),
        ("138****8000", "138****8000"),
    ],
)
def test_a_phone_is_masked_however_it_is_written(written: str, shown: str) -> None:
    assert as_shown(written) == shown
    assert as_shown(shown) == shown


@pytest.mark.parametrize(
    "text",
    [
        "周末送", "两双分开包，谢谢", "12月3日前发", "2024-11-23 12:30", "￥138.00", "MUG-0138",
        "6940000000000100001", "241123-138001380001234", "SF1380013800012", "DPK13800138000",
        "YT1380013800138", "JD0138001380001-1-2-", "运单4312 3456 7890 123", "773012345678901",
        "431234567890", "单号 138001380001234", "9830 1380 0138 00", "换成42码", "改成3件",
        "送到楼下驿站", "不要发广东省仓库", "放门口，3号前发", "没有道理，3号发货",
        "市区的 3 件一起发",
        "花园款 3 件 换成蓝色", "街道办 2024 款", "客户说区别不大，2件发1", "模具坏了，12-05 到货",
    ],
)  # fmt: skip
def test_what_is_no_phone_and_no_address_stays_as_it_is(text: str) -> None:
    assert as_shown(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "麻烦改地址：张三 13800001111 浙江省金华市义乌市稠州路 88 号",
        "新地址 李四 13900000000 幸福小区", "义乌市稠江街道，１３８００１３８０００",
        "改到杭州市西湖区文三路99号", "西湖区文三路 99 号", "改寄文三路九十九号3栋",
        "地址：3栋502", "发到2号楼门卫", "送到301室", "13800138000-3号楼",
    ],
)  # fmt: skip
def test_a_text_that_names_a_recipient_or_an_address_is_hidden(text: str) -> None:
    assert as_shown(text) == HIDDEN


def test_a_phone_alone_is_no_address() -> None:
    assert not holds_recipient("收货前打13800138000")
    assert not holds_recipient("村里收不到，打13800138000")


@given(
    st.text("急寄到的，。 x-", max_size=6),
    st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True),
    st.text("急寄到的，。 ", max_size=6),
)
def test_no_phone_survives_with_its_middle_digits(before: str, phone: str, after: str) -> None:
    shown = mask_phones_in(f"{before.replace('x', '')}{phone}{after}")
    assert phone not in shown
    assert phone[3:7] not in shown.replace(phone[:3], "", 1) or phone[3:7] in phone[7:] + phone[:3]


def test_an_answer_repeats_no_street_though_it_stands_alone() -> None:
    assert heard("稠江街道示例路 1 号") == HIDDEN
    assert heard("打13700008888") == "打137****8888"
    for text in ("明天18点", "浙江", "SF1234567890123", "已发货", "6940000000000100001"):
        assert heard(text) == text
