"""The screens of 修改 as pure functions: everything fits, in both languages, however long it is."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.screens import editing, editing_more
from bot.screens.edit_words import EDIT_WORDS
from bot.screens.screen import Screen
from bot.texts import LANGS, Translator, translator
from core.changes import edit_errors as wrong
from core.changes.edit_views import (
    Edited,
    EditView,
    LinePlan,
    Pending,
    PlannedLine,
    RecipientPlan,
    WorkDone,
)
from core.entities import OrderLine
from core.values import MaskedRecipient, OrderNotes
from tests.conversations.test_orders_screens import NOW, order

LONG = "很<b>长&" * 500
DIFFS = [{"field": "buyer_note", "old": LONG, "new": LONG}] * 40
WORK = WorkDone(LONG, "A2B3", "", "part_shipped", True, True, 10**6, 10**7)


@pytest.fixture(params=LANGS)
def t(request: pytest.FixtureRequest) -> Translator:
    return translator(request.param)


def view(**changes: object) -> EditView:
    lines = [
        OrderLine(id=n, order_id=1, merchant_id=1, sub_order_no=str(n), product_name=LONG,
                  sku_spec=LONG, quantity=10**6)
        for n in range(1, 41)
    ]  # fmt: skip
    long_order = order(held_at=NOW, revision=9)
    masked = MaskedRecipient("很**", "139****5678", LONG)
    notes = OrderNotes(LONG, LONG)
    whole = EditView(long_order, lines, masked, {1: 3}, [WORK] * 9, notes)
    return replace(whole, **changes)  # type: ignore[arg-type]


def plan(**changes: object) -> RecipientPlan:
    masked = MaskedRecipient("很**", "139****5678", "浙江省 金华市 义乌市 ****")
    return replace(RecipientPlan(view(), masked, (), 5, letters=30), **changes)  # type: ignore[arg-type]


def everything(t: Translator) -> list[Screen]:
    rows = [PlannedLine(n, 0, LONG, LONG, 10**6, 10**5 * (n % 3), n) for n in range(1, 41)]
    moved = Edited("moved", view(), DIFFS, pending=Pending(DIFFS, 5))
    return [
        editing.edit_screen(t, view(), NOW),
        editing.edit_screen(t, view(order=order(complete=False, status="shipped")), NOW),
        *(editing.note_screen(t, view(), field) for field in ("buyer_note", "seller_note")),
        editing.ship_by_screen(t, view(), NOW, typed=True),
        editing.refund_screen(t, view()),
        editing.refund_screen(t, view(order=order(after_sale="open"))),
        *(editing.ending_screen(t, view(), act) for act in ("cancel", "refunded")),
        editing.done_screen(t, Edited("changed", view(), DIFFS, [LONG] * 9), NOW),
        editing.done_screen(t, Edited("known", view()), NOW),
        editing.pending_screen(t, moved, "typed"),
        editing.pending_screen(t, Edited("moved", view()), "typed"),
        *(editing.moved_screen(t, moved, NOW, act) for act in ("cancel", "ship_by", "hold")),
        editing_more.ask_recipient(t, view()),
        editing_more.recipient_screen(t, plan(), gone=True),
        editing_more.recipient_screen(t, plan(same=True), gone=False),
        editing_more.recipient_screen(t, plan(missing=("phone", "detail"), adoptable=True)),
        editing_more.recipient_screen(t, plan(missing=("phone",), wrong=10)),
        editing_more.recipient_screen(t, plan(masked=("name", "phone", "address"))),
        editing_more.lines_screen(t, LinePlan(view(), rows, 5)),
        editing_more.lines_screen(t, LinePlan(view(), rows, 5, asked=rows[0])),
    ]


def test_every_screen_fits_a_message_and_its_buttons(t: Translator) -> None:
    for screen in everything(t):
        assert len(screen.text) <= 4096
        for row in screen.rows:
            assert len(row) <= 3
            for button in row:
                assert 0 < len(button.text) <= 40
                assert len((button.data or "").encode()) <= 64


def test_a_recipient_that_is_not_ready_has_no_button_to_confirm_it(t: Translator) -> None:
    for unready in (
        plan(missing=("phone",)), plan(masked=("name",)), plan(wrong=10), plan(same=True),
    ):  # fmt: skip
        labels = [b.text for row in editing_more.recipient_screen(t, unready).rows for b in row]
        assert not any("✅" in label for label in labels)


def test_late_in_the_day_the_deadlines_that_are_over_are_not_offered(t: Translator) -> None:
    midnight = datetime(2026, 11, 23, 15, 59, 30, tzinfo=UTC)  # half a minute before it in China
    first = editing.ship_by_screen(t, view(), midnight, typed=True).rows
    later = editing.ship_by_screen(t, view(), midnight + timedelta(minutes=1), typed=True).rows
    assert len(first[0]) + len(first[1]) == 4
    assert len(later[0]) + len(later[1]) == 5


def test_every_refusal_says_what_to_do(t: Translator) -> None:
    refusals = [
        wrong.OrderOver("cancelled"), wrong.BelowShipped(LONG, 3), wrong.NoLineLeft(),
        wrong.RecipientUnclear(), wrong.RecipientUnready(("name", "region")),
        wrong.DeadlineUnclear(LONG), wrong.DeadlinePast(NOW), wrong.DeadlineFar(90),
        wrong.CountUnclear(999),
    ]  # fmt: skip
    for error in refusals:
        assert 0 < len(EDIT_WORDS[type(error)](t, error)) <= 300
