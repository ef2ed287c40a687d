"""Reading a paste: words, carriers, counts; nothing that is typed makes it fail."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.text.pasting import handed_back, looks_pasted, parts, read_paste
from core.text.tags import new_tags

SF = "SF1234567890123"


def words(text: str) -> list[list[str]]:
    return [[word.text for word in line.words] for line in read_paste(text)]


@pytest.mark.parametrize(
    "text",
    [
        f"K7M2 {SF}",
        f"K7M2\t{SF}",
        f"K7M2,{SF}",
        f"K7M2：{SF}",
        f"K7M2 | {SF} |",
        f"短号K7M2单号{SF}",
    ],
)
def test_any_separator_will_do(text: str) -> None:
    assert words(text) == [["K7M2", SF]]
    assert looks_pasted(text)


def test_a_dash_between_them_is_a_separator_where_nothing_else_is() -> None:
    assert words(f"K7M2-{SF}") == [["K7M2", SF]]
    [line] = read_paste(f"100001-{SF}")
    assert [[word.text for word in one.words] for one in parts(line)] == [
        [f"100001-{SF}"], ["100001", SF]
    ]  # fmt: skip


def test_a_slips_barcode_read_by_a_hand_scanner_names_its_order() -> None:
    assert words(f"K7M2-6940000000000100001\t{SF}") == [["K7M2", "6940000000000100001", SF]]


def test_headers_headings_and_chatter_are_no_lines() -> None:
    assert words(f"短号 快递单号\n你好\n\n顺丰：\nK7M2 {SF}\n谢谢！") == [["K7M2", SF]]


def test_a_heading_names_the_carrier_of_the_lines_below_it() -> None:
    lines = read_paste("中通\nK7M2 123456789012\n韵达\nK8M2 123456789013\nK9M2 申通 123456789014")
    assert [line.words[1].carrier for line in lines] == ["zto", "yunda", "sto"]


def test_a_count_belongs_to_the_number_it_stands_with() -> None:
    [line] = read_paste(f"K7M2 {SF} 2件 YT1234567890123x1")
    assert [word.pieces for word in line.words] == [None, 2, 1]


@pytest.mark.parametrize("tag", ["X234", "x234", "K7X2", "K2X9"])
def test_a_tag_that_looks_like_a_count_is_a_tag(tag: str) -> None:
    assert words(f"{tag} {SF}") == [[tag, SF]]
    assert words(f"{SF}\t{tag}") == [[SF, tag]]


def test_every_tag_is_read_as_what_it_is() -> None:
    rng = random.Random(1)
    for tag in ["7E13", "EMS2", *new_tags(20_000, rng.randbytes)]:
        [line] = read_paste(f"{tag}\t{SF}")
        assert [word.text for word in line.words] == [tag, SF]
        assert (line.fault, line.words[1].pieces, line.words[1].carrier) == ("", None, None)


def test_the_reason_behind_a_line_handed_back_is_left_out() -> None:
    assert words(f"K7M2 {SF} ← 没找到这一单 12345678") == [["K7M2", SF]]


def test_what_spreadsheets_do_to_numbers_is_undone_or_seen() -> None:
    [exact, rounded] = read_paste("K7M2 '78123456789012.0\nK8M2 7.8123E+13")
    assert [word.text for word in exact.words] == ["K7M2", "78123456789012"]
    assert not exact.fault
    assert rounded.fault == "mangled"


@pytest.mark.parametrize(
    "text", [SF, f"{SF} YT1234567890123", "4312 3456 7890 123", "好的", "", "13912345678 张三"]
)
def test_a_number_alone_is_no_paste(text: str) -> None:
    assert not looks_pasted(text)


PIECES = st.sampled_from(
    ["K7M2", "#k8m2", SF, "YT1234567890123", "123456789012", "6940000000000100001", "顺丰", "2件",
     "x2", "-", "←", "\t", "，", "：", "\n", " ", "7.8E+13", "78123456789012.0", "张三", "️", "\x00"]
)  # fmt: skip


@given(st.one_of(st.text(max_size=300), st.lists(PIECES, max_size=30).map("".join)))
def test_nothing_that_is_typed_makes_it_fail(text: str) -> None:
    looks_pasted(text)
    for line in read_paste(text):
        assert line.words
        assert line.text
        for one in parts(line):
            assert all(word.text for word in one.words) or len(one.words) == 2


def test_a_line_comes_back_as_it_was_or_without_the_recipient() -> None:
    assert handed_back("K7X2，SF12 谢谢") == "K7X2，SF12 谢谢"
    line = "K7X2 张三丰 139 1234 5678 浙江省金华市义乌市稠州路88号 ＳＦ1234567890123"
    assert handed_back(line) == "K7X2 SF1234567890123 …"
