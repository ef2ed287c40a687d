"""Finding orders, narrowing the list of them, selecting from it."""

from aiogram.filters.callback_data import CallbackData

from bot.keyboards.data.number import Number

__all__ = [
    "AskFind",
    "ClearFilter",
    "ClearTicked",
    "EditFilter",
    "FindPasted",
    "SetFilter",
    "ShowFilter",
    "TickMatching",
]


class AskFind(CallbackData, prefix="fa"):
    """🔍: ask what to look for."""

    shop: Number


class ShowFilter(CallbackData, prefix="fs"):
    """筛选: what the list of `tab` is narrowed to."""

    shop: Number
    tab: str


class EditFilter(CallbackData, prefix="fe"):
    """Choose by `what` to narrow: factory (after binding `after`), code, province or paid."""

    shop: Number
    tab: str
    what: str
    after: Number = 0


class SetFilter(CallbackData, prefix="fv"):
    """Narrow by `ref`: a shop, a line with the code, a province's or a period's place; 0 any."""

    shop: Number
    tab: str
    what: str
    ref: Number = 0


class ClearFilter(CallbackData, prefix="fc"):
    """清除筛选."""

    shop: Number
    tab: str


class TickMatching(CallbackData, prefix="tm"):
    """全选筛选结果."""

    shop: Number


class FindPasted(CallbackData, prefix="tp"):
    """粘贴单号: ask for a paste of order numbers."""

    shop: Number


class ClearTicked(CallbackData, prefix="tc"):
    """清空已选."""

    shop: Number
