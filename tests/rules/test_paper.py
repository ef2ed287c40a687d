"""Printed paper: everything is on it, on as many pages as it takes; what cannot print is told."""

import json
from dataclasses import replace

import pytest

from bot.printing.lettering import Letters
from bot.printing.papers import (
    Block,
    PickPaper,
    Routing,
    SlipPaper,
    answer,
    printed_of,
    request,
    slips_of,
)
from bot.printing.picks import pick_pdf
from bot.printing.slips import PAGES, bar_width, slips_pdf
from bot.screens.printing import layout_words
from bot.texts import translator
from tests.conversations.paper import barcodes, pages

WORDS = layout_words(translator("zh_CN"))
CODE = "K7Q2-6940000000000100001"


def paper(products: int = 1, **changes: str) -> SlipPaper:
    blocks = [
        Block("name", changes.get("name", "收 张三丰 13912345678")),
        Block("address", changes.get("address", "浙江省金华市义乌市稠江街道示例路 1 号")),
        *(Block("product", f"马克杯 {n} ×{n}") for n in range(1, products + 1)),
    ]
    return SlipPaper("K7Q2", changes.get("code", CODE), ["抖店 · 小满优选"], blocks, "共 1 件")


def test_a_slip_is_100_by_150_millimetres_and_scans() -> None:
    printed = slips_pdf([paper()], WORDS)
    assert printed.pages == 1
    assert b"/MediaBox [ 0 0 283.4646 425.1969 ]" in printed.pdf
    assert barcodes(printed.pdf) == [CODE]


def test_many_products_go_on_over_pages_each_with_its_barcode() -> None:
    printed = slips_pdf([paper(products=40), paper()], WORDS)
    assert printed.pages > 3
    assert barcodes(printed.pdf) == [CODE] * printed.pages
    assert not printed.missing


def test_a_product_and_its_details_stay_on_one_page() -> None:
    blocks = [Block("product", "mug") if n % 2 else Block("detail", "white") for n in range(1, 61)]
    slip = SlipPaper("K7Q2", CODE, ["shop"], [Block("name", "Zhang"), *blocks], "30")
    drawn = pages(slips_pdf([slip], WORDS).pdf)
    assert len(drawn) > 2
    # Beside the details, each page has the same few texts of their size in its head.
    assert len({one.count(" 8.5 Tf") - one.count(" 10.5 Tf") for one in drawn}) == 1


def test_an_order_without_end_is_cut_after_nine_pages() -> None:
    assert slips_pdf([paper(products=2_000)], WORDS).pages == PAGES


@pytest.mark.parametrize("number", ["6940000000000100001", "240101-123456789012345", "1", "A" * 12])
def test_bars_are_wide_enough_for_thermal_paper(number: str) -> None:
    assert bar_width(f"K7Q2-{number}") >= 0.25 / 25.4 * 72
    printed = slips_pdf([paper(code=f"K7Q2-{number}")], WORDS)
    assert barcodes(printed.pdf) == [f"K7Q2-{number}"]


def test_a_code_too_long_for_bars_is_still_printed_in_letters() -> None:
    printed = slips_pdf([paper(code="K7Q2-" + "ABC-" * 20)], WORDS)
    assert printed.pages == 1
    assert barcodes(printed.pdf) == []


def test_rare_characters_of_names_print_and_the_rest_is_named() -> None:
    printed = slips_pdf([paper(), paper(name="收 䶮㛃㐂龦𬱖️", address="１号℃①Ⅱ 😀")], WORDS)
    assert printed.missing == {1: "龦𬱖😀"}


def test_names_in_pictures_lose_their_emoji_and_keep_every_letter() -> None:
    letters = Letters()
    names = ("🌸春风 👩‍🏭家居🇨🇳1️⃣", "３０４不锈钢 ℃ 龦", "🏭🏭")
    assert [letters.plain(name) for name in names] == [
        "春风 家居1", "３０４不锈钢 °C 〓", "–",
    ]  # fmt: skip


def test_the_longest_address_stays_on_the_paper() -> None:
    printed = slips_pdf([paper(address="很长的地址" * 400)], WORDS)
    assert printed.pages > 1


def test_a_pick_list_repeats_over_pages_and_shares_out_a_row_taller_than_one() -> None:
    rows = [[f"马克杯 {n}\n奶白色", "MUG", "7", "3", "K7Q2 " * 12] for n in range(60)]
    rows.append(["马克杯", "", "9999", "3000", "K7Q2 " * 3_000])
    printed = pick_pdf(
        PickPaper("拣货单", ["3 单"], ["商品", "编码", "数量", "单数", "短号"], rows)
    )
    assert printed.pages == len(pages(printed.pdf)) > 3


def test_paper_and_pdf_cross_into_the_child_and_back_unchanged() -> None:
    asked = json.loads(request([paper()], WORDS))
    assert slips_of(asked["papers"]) == [paper()]
    printed = slips_pdf([paper(name="𬱖")], WORDS)
    assert printed_of(answer(printed)) == printed
    with pytest.raises(ValueError, match="cut"):
        printed_of(answer(printed)[:-100])


def test_the_label_of_an_e_waybill_scans_as_its_number_below_what_sorting_reads() -> None:
    routing = Routing("圆通速递", "440-106 003", "到 天河区  集包 广州市集包")
    blocks = [Block("sealed", "收件信息由平台加密保护"), *paper(products=30).blocks[2:]]
    label = SlipPaper("K7Q2", "YT8800000000001", ["抖店 · 小满优选"], blocks, "共 30 件", routing)
    printed = slips_pdf([label, paper()], WORDS)
    assert printed.pages > 2
    assert barcodes(printed.pdf) == ["YT8800000000001"] * (printed.pages - 1) + [CODE]
    assert slips_of(json.loads(request([label], {}))["papers"]) == [label]
    long = Routing("一家名字很长很长的快递公司", "A" * 40, "到 " + "很远的地方" * 8)
    assert slips_pdf([replace(label, routing=long)], WORDS).pages == printed.pages - 1
