"""Whether an order must not be shipped: every combination of what may stop it, by hand."""

from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import product
from typing import get_args

import pytest

from bot.screens.words import stop_words
from bot.texts import translator
from core.entities import AfterSale, ClosedReason
from core.orders.standing import Pieces, merchant_tab, order_status, stop_reason

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)


@dataclass
class Facts:
    """What `core.orders.standing.Stoppable` asks for."""

    after_sale: AfterSale = "none"
    closed_reason: ClosedReason | None = None
    held_at: datetime | None = None
    let_go_at: datetime | None = None


# After-sale, held, let go: what stops an order that is not closed.
OPEN_ORDERS: dict[tuple[AfterSale, bool, bool], str | None] = {
    ("none", False, False): None,
    ("none", False, True): None,
    ("none", True, False): "on_hold",
    ("none", True, True): "on_hold",
    ("open", False, False): "refund_open",
    ("open", False, True): None,
    ("open", True, False): "refund_open",
    ("open", True, True): "on_hold",
    ("refunded", False, False): "refunded",
    ("refunded", False, True): "refunded",
    ("refunded", True, False): "refunded",
    ("refunded", True, True): "refunded",
}


def facts(after_sale: AfterSale, held: bool, let_go: bool) -> Facts:
    return Facts(after_sale, None, NOON if held else None, NOON if let_go else None)


def test_the_matrix_names_every_combination() -> None:
    every = product(get_args(AfterSale), (False, True), (False, True))
    assert set(OPEN_ORDERS) == set(every)


@pytest.mark.parametrize(("given", "reason"), OPEN_ORDERS.items())
def test_an_order_stops_exactly_for_these(
    given: tuple[AfterSale, bool, bool], reason: str | None
) -> None:
    order = facts(*given)
    assert stop_reason(order) == reason
    assert stop_reason(order, "gift") == reason
    for extra in ("resend", "exchange"):
        assert stop_reason(order, extra) is None, "an after-sale is often why it is sent"
    tab = merchant_tab(order, "assigned", Pieces(1, 1, 0))
    assert tab == ("stopped" if reason else "to_ship")


@pytest.mark.parametrize("given", OPEN_ORDERS)
@pytest.mark.parametrize("closed", get_args(ClosedReason))
def test_a_closed_order_stops_for_that_whatever_else_stands(
    given: tuple[AfterSale, bool, bool], closed: ClosedReason
) -> None:
    order = facts(*given)
    order.closed_reason = closed
    assert stop_reason(order) == closed
    tab = merchant_tab(order, "closed", Pieces(1, 0, 0))
    assert tab == ("undone" if closed == "undone" else "stopped")


def test_a_stopped_order_of_which_a_parcel_has_left_says_both() -> None:
    order = Facts(closed_reason="cancelled")
    assert order_status(order, Pieces(2, 0, 2)) == "shipped"
    assert order_status(order, Pieces(2, 0, 1)) == "part_shipped"
    assert merchant_tab(order, "shipped", Pieces(2, 0, 2)) == "stopped"


def test_every_reason_has_words_in_both_languages() -> None:
    reasons = {*get_args(ClosedReason), *filter(None, OPEN_ORDERS.values())}
    for lang in ("zh_CN", "en"):
        words = {reason: stop_words(translator(lang), reason) for reason in reasons}
        assert len(set(words.values())) == len(reasons)
