"""Seeing orders and taking them off again."""

from aiogram.filters.callback_data import CallbackData

from bot.keyboards.data.number import Number

__all__ = [
    "ExportFile",
    "ExportSpan",
    "ListOrders",
    "Recall",
    "ShowAssignment",
    "ShowHistory",
    "ShowOrder",
    "ShowTrail",
    "Tick",
]


class ListOrders(CallbackData, prefix="ol"):
    """A page of a tab; `at`, `row`, `back` are its cursor in base 36, `tick` to select."""

    shop: Number
    tab: str
    at: str = ""
    row: str = ""
    back: Number = 0
    tick: Number = 0


class ShowOrder(CallbackData, prefix="ov"):
    """An order's card (merchant)."""

    shop: Number
    order: Number


class ShowHistory(CallbackData, prefix="oh"):
    """历史 of an order (merchant): the acts older than `before`, or (0) the newest."""

    shop: Number
    order: Number
    before: Number = 0


class ShowTrail(CallbackData, prefix="ah"):
    """历史 of an order (factory), as `ShowHistory`."""

    shop: Number
    assignment: Number
    before: Number = 0


class ShowAssignment(CallbackData, prefix="av"):
    """An order's card (factory)."""

    shop: Number
    assignment: Number


class Tick(CallbackData, prefix="tk"):
    """Take an order into the selection or out; the rest is the page to show again."""

    shop: Number
    order: Number
    at: str = ""
    row: str = ""
    back: Number = 0


class Recall(CallbackData, prefix="rc"):
    """撤回 one assignment, from the order's card."""

    shop: Number
    assignment: Number


class ExportSpan(CallbackData, prefix="ex"):
    """对账 of a period (`core.text.periods`): choose whose parcels, after binding `after`."""

    shop: Number
    period: str
    after: Number = 0


class ExportFile(CallbackData, prefix="ef"):
    """The workbook of a period with one shop, or all (0)."""

    shop: Number
    period: str
    partner: Number = 0
