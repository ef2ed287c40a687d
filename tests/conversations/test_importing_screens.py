"""Words for every reason against a file, and previews that fit a message whatever is in them."""

import pytest

from bot.keyboards.data import AnswerImport
from bot.screens import imports
from bot.screens.diffs import diff_lines
from bot.screens.import_rows import left_out_screen
from bot.screens.import_words import REASON_WORDS, SHEET_WORDS, refusal_text, sheet_error_text
from bot.texts import LANGS, Translator, translator
from core.changes.judging import Diff
from core.imports import incoming
from core.imports.changed_orders import ChangedOrder
from core.imports.importing import ImportPreview
from core.imports.incoming import Reason, Refused, SheetError
from core.values import Skipped

LONG = "很<b>长&" * 400
ERRORS: list[SheetError] = [
    incoming.EmptyFile(), incoming.TooLarge(20 * 1024 * 1024), incoming.Encrypted(),
    incoming.OldFormat(), incoming.UnpacksTooLarge(1), incoming.TooManyRows(10_000),
    incoming.NoHeader(), incoming.MissingColumns(("主订单编号", "商品数量"), "doudian"),
    incoming.Unreadable(), incoming.TookTooLong(),
    *(incoming.NotASheet(kind) for kind in (
        "archive", "docx", "html", "image", "macros", "ods", "ole", "pdf", "pptx", "text",
        "unknown", "xlsb",
    )),
]  # fmt: skip
DIFFS: list[Diff] = [
    {"field": "buyer_note", "old": "", "new": LONG},
    {"field": "seller_note", "old": LONG, "new": ""},
    {"field": "ship_by", "old": None, "new": "2026-11-23T10:00:00+00:00"},
    {"field": "recipient", "old": "浙江省 ****", "new": "江苏省 ****", "first": False},
    {"field": "recipient", "old": "", "new": "江苏省 ****", "first": True},
    {"field": "recipient", "old": "江苏省 ****", "new": "江苏省 ****", "first": False},
    {"field": "quantity", "product": LONG, "old": 1, "new": 2},
    {"field": "product", "old": LONG, "new": LONG},
    {"field": "line_added", "product": LONG, "old": 0, "new": 1},
    {"field": "line_removed", "product": LONG, "old": 1, "new": 0},
    {"field": "after_sale", "old": "none", "new": "open"},
    {"field": "after_sale", "old": "open", "new": "refunded"},
    {"field": "after_sale", "old": "open", "new": "none"},
    {"field": "closed", "old": None, "new": "cancelled"},
    {"field": "closed", "old": None, "new": "shipped_elsewhere"},
    {"field": "quantity", "product": LONG, "old": 3, "new": 1, "left": 2},
    {"field": "line_removed", "product": LONG, "old": 1, "new": 0, "left": 1},
]


@pytest.fixture(params=LANGS)
def t(request: pytest.FixtureRequest) -> Translator:
    return translator(request.param)


def test_every_way_a_file_can_be_wrong_has_a_sentence(t: Translator) -> None:
    assert set(SHEET_WORDS) == set(SheetError.__subclasses__())
    for error in ERRORS:
        assert len(sheet_error_text(t, error)) > 5
    assert "主订单编号" in sheet_error_text(t, ERRORS[7])


def test_every_reason_against_a_row_has_words(t: Translator) -> None:
    assert set(REASON_WORDS) == set(Reason)
    detail = dict.fromkeys(
        ("value", "column", "limit", "rows", "sub_order_no"), LONG
    )  # what each needs, and more
    for reason in Reason:
        words = refusal_text(t, Refused(7, None, reason, detail))
        assert words
        assert "<b>" not in words
        assert len(words) < 400


def test_a_missing_value_is_said_to_be_empty() -> None:
    words = refusal_text(translator("zh_CN"), Refused(1, None, Reason.BAD_QUANTITY, {"value": ""}))
    assert "（空）" in words


def test_every_difference_has_words_old_and_new(t: Translator) -> None:
    lines = diff_lines(t, DIFFS)
    assert len(lines) == len(DIFFS)
    assert all(lines)
    assert not any("<b>" in line for line in lines)
    assert any("11-23 18:00" in line for line in lines)


def test_of_many_differences_the_gravest_are_named_and_the_notes_counted(t: Translator) -> None:
    said: list[Diff] = [
        {"field": "buyer_note", "old": "", "new": "周末送"},
        {"field": "seller_note", "old": "", "new": "送贺卡"},
        {"field": "ship_by", "old": None, "new": "2026-11-23T10:00:00+00:00"},
        {"field": "quantity", "product": "杯子", "old": 1, "new": 3},
        {"field": "after_sale", "old": "none", "new": "open"},
        {
            "field": "recipient", "old": "江苏省 ****", "new": "浙江省 ****", "first": False,
            "parts": {
                "name": ["张**", "李**"], "phone": ["139****5678", "139****5678"],
                "address": ["江苏省 ****", "浙江省 ****"],
            },
        },
    ]  # fmt: skip
    preview = ImportPreview(1, "订单.xlsx", "open", 1, 1)
    preview.changed = [ChangedOrder("6940001", said, at_factory=True, shipped=False)]
    shown = imports.import_screen(t, 1, preview).text
    lines = shown.split("6940001")[1].split("\n")[1:6]
    for line, word in zip(lines, ("李**", "", "杯子", "11-23 18:00", "2"), strict=True):
        assert word in line, shown
    for part in ("张** → 李**", "139****5678", "江苏省 **** → 浙江省 ****"):
        assert part in lines[0], shown
    assert "周末送" not in shown


@pytest.mark.parametrize("done", [False, True])
def test_a_preview_of_the_worst_file_fits_a_message(t: Translator, done: bool) -> None:
    preview = ImportPreview(1, LONG, "open", 1, 1, new=9999, known=9999, incomplete=9999)
    preview.changed = [
        ChangedOrder("A" * 64, DIFFS, at_factory=True, shipped=True) for _ in range(500)
    ]
    preview.skipped = [
        Skipped("A" * 64, why)
        for why in ("unpaid", "already_shipped", "cancelled", "refunded") * 100
    ]
    preview.refused = [
        Refused(n, "A" * 64, Reason.BAD_CELL, {"column": LONG, "value": LONG}) for n in range(500)
    ]
    preview.columns_missing = ("售后状态", *["承诺发货时间"] * 12)
    show = imports.imported_screen if done else imports.import_screen
    screen = show(t, 1, preview)
    assert len(screen.text) <= 4096
    assert screen.text.count("<b>") == screen.text.count("</b>")
    assert screen.card is not None
    assert all(len(button.text) <= 64 for row in screen.rows for button in row)


def test_every_row_and_order_left_out_is_on_one_page_and_the_worst_page_fits(
    t: Translator,
) -> None:
    preview = ImportPreview(1, "订单.xlsx", "open", 1, 1)
    preview.refused = [
        Refused(10_000 + n, "A" * 64, reason, {
            "column": "承诺发货时间", "value": LONG, "limit": "500", "rows": LONG,
            "sub_order_no": LONG,
        })
        for n, reason in enumerate(list(Reason) * 5)
    ]  # fmt: skip
    preview.skipped = [Skipped(f"{n:05d}" + "A" * 60, "unpaid") for n in range(33)]
    pages = [left_out_screen(t, 1, preview, after) for after in range(0, 108, 20)]
    assert all(len(page.text) <= 4096 for page in pages)
    lines = [line for page in pages for line in page.text.splitlines() if line.startswith("•")]
    assert len(lines) == 75 + 33
    assert len(set(lines)) == len(lines)
    assert [len(page.rows[0]) for page in pages] == [1, 2, 2, 2, 2, 1]
    assert left_out_screen(t, 1, preview, 10**9) == pages[-1]


def test_nothing_left_out_has_no_button_and_an_empty_page(t: Translator) -> None:
    preview = ImportPreview(1, "订单.xlsx", "open", 1, 1, new=1)
    assert len(imports.import_screen(t, 1, preview).rows) == 2
    assert len(left_out_screen(t, 1, preview, 0).rows) == 1


@pytest.mark.parametrize(
    ("diff", "at_factory", "words"),
    [
        (DIFFS[13], False, "包裹已寄出，请尽快联系快递拦截或联系厂家。"),
        (DIFFS[10], True, "包裹已寄出，请尽快联系快递拦截或联系厂家。"),
        (DIFFS[11], False, "包裹已寄出，请尽快联系快递拦截或联系厂家。"),
        (DIFFS[6], False, "增加的件数不会自动发出"),
        (DIFFS[8], False, "增加的件数不会自动发出"),
        (DIFFS[6], True, None),  # the factory at work has the added pieces to ship
        (DIFFS[9], False, None),
        (DIFFS[12], False, None),
        (DIFFS[0], True, None),
    ],
)
@pytest.mark.parametrize("done", [False, True])
def test_what_must_be_done_by_hand_after_shipping_is_said_before_and_after(
    diff: Diff, at_factory: bool, words: str | None, done: bool
) -> None:
    show = imports.imported_screen if done else imports.import_screen
    preview = ImportPreview(1, "订单.xlsx", "open", 1, 1)
    preview.changed = [ChangedOrder("6912", [diff], at_factory=at_factory, shipped=True)]
    text = show(translator("zh_CN"), 1, preview).text
    assert words in text if words else "⚠️" not in text
    preview.changed = [ChangedOrder("6912", [diff], at_factory=at_factory, shipped=False)]
    assert "⚠️" not in show(translator("zh_CN"), 1, preview).text


def test_what_must_be_done_by_hand_stands_before_any_number_of_other_changes() -> None:
    preview = ImportPreview(1, "订单.xlsx", "open", 1, 1)
    harmless = ChangedOrder("6911", DIFFS[6:7], at_factory=True, shipped=False)
    urgent = ChangedOrder("6912", DIFFS[13:14], at_factory=False, shipped=True)
    preview.changed = [*[harmless] * 50, urgent]
    assert "包裹已寄出" in imports.import_screen(translator("zh_CN"), 1, preview).text


def test_a_parcel_gone_to_the_old_address_is_said() -> None:
    preview = ImportPreview(1, "订单.xlsx", "open", 1, 1)
    preview.changed = [ChangedOrder("6912", DIFFS[3:4], at_factory=True, shipped=True)]
    text = imports.import_screen(translator("zh_CN"), 1, preview).text
    assert "包裹已按旧地址寄出" in text


def test_a_file_that_telegram_keeps_is_left_to_its_owner() -> None:
    kept = imports.deleted_screen(translator("zh_CN"), 1, gone=False).text
    assert "48 小时" in kept
    assert "长按文件" in kept


def test_work_given_up_leads_back_to_what_was_kept(t: Translator) -> None:
    begun, lost = imports.failed_screen(t, 1, 7), imports.failed_screen(t, 1, None)
    assert begun.rows[0][0].data == AnswerImport(shop=1, draft=7, answer="view").pack()
    assert len(lost.rows) == 1
