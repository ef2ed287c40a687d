"""Tracking numbers."""

from aiogram.filters.callback_data import CallbackData

from bot.keyboards.data.number import Number

__all__ = [
    "AnswerPaste",
    "AskNumber",
    "ChooseCarrier",
    "Combine",
    "Correct",
    "DropShip",
    "InsistNumber",
    "ShowPaste",
    "SplitPieces",
    "TakeNumber",
]


class AskNumber(CallbackData, prefix="sh"):
    """填写单号: open a reply field for the tracking number."""

    shop: Number
    assignment: Number


class ChooseCarrier(CallbackData, prefix="ca"):
    """Which carrier the number belongs to; `all` shows every carrier."""

    shop: Number
    draft: Number
    index: Number
    carrier: str


class InsistNumber(CallbackData, prefix="in"):
    """The used number is meant."""

    shop: Number
    draft: Number
    index: Number


class TakeNumber(CallbackData, prefix="ut"):
    """用它发货: what came in the place of words is the order's number."""

    shop: Number
    draft: Number


class DropShip(CallbackData, prefix="ds"):
    """Not this number: nothing is shipped."""

    shop: Number
    draft: Number


class Correct(CallbackData, prefix="co"):
    """更正: which parcel's number is wrong."""

    shop: Number
    shipment: Number


class SplitPieces(CallbackData, prefix="sp"):
    """How pieces nobody counted are put into several parcels."""

    shop: Number
    draft: Number
    how: str


class Combine(CallbackData, prefix="cb"):
    """合并发货: the recipient's other orders go too; `mark` says which were offered."""

    shop: Number
    shipment: Number
    mark: Number


class AnswerPaste(CallbackData, prefix="ap"):
    """An answer to what is asked of line `line` of a paste; `alike`: of all that ask the same."""

    shop: Number
    draft: Number
    line: Number
    say: str
    choice: str = ""
    alike: bool = False


class ShowPaste(CallbackData, prefix="pg"):
    """A page of what became of a paste."""

    shop: Number
    draft: Number
    page: Number = 0
