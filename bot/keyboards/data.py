"""Every decision a button can carry, side by side.

One CallbackData class per decision. Each carries `shop`, the shop it acts for, whatever shop is
switched on when it is pressed; it stays a claim, proved in the use case. Packed: at most 64 bytes.
"""

from typing import Annotated

from aiogram.filters.callback_data import CallbackData
from pydantic import Field

# A number in a button. A forged one the database could not hold makes it none of our buttons.
Number = Annotated[int, Field(ge=0, lt=2**63)]


class ChooseRole(CallbackData, prefix="role"):
    """我是商家 / 我是厂家."""

    role: str


class KeepShipFrom(CallbackData, prefix="sf"):
    """The parsed ship-from is right: open the shop (0), or change it for that shop."""

    shop: Number


class AskAgain(CallbackData, prefix="ask"):
    """Ask the same thing again: what was parsed is wrong."""

    shop: Number


class SetLang(CallbackData, prefix="lang"):
    """Speak this language."""

    lang: str


class SwitchShop(CallbackData, prefix="sw"):
    """Switch this shop on."""

    shop: Number


class OpenMenu(CallbackData, prefix="menu"):
    """Show a place of the menu: help, shop, orders, assign, partners, export, home, new."""

    shop: Number
    place: str


class Cancel(CallbackData, prefix="x"):
    """Forget what is being asked."""


class EditShop(CallbackData, prefix="ed"):
    """Change the shop's name or ship-from (`what`)."""

    shop: Number
    what: str


class ReplaceLink(CallbackData, prefix="rl"):
    """A new binding link; `sure` after the warning."""

    shop: Number
    sure: Number = 0


class ShowLink(CallbackData, prefix="ql"):
    """Show the binding link and its QR picture."""

    shop: Number


class AnswerBinding(CallbackData, prefix="bd"):
    """confirm, refuse (factory) or withdraw (merchant)."""

    shop: Number
    binding: Number
    answer: str


class BindAs(CallbackData, prefix="ba"):
    """Which of my merchant shops asks for the binding just opened."""

    shop: Number


class ListBindings(CallbackData, prefix="bl"):
    """A page of bound shops, after a binding's id."""

    shop: Number
    after: Number = 0


class ShowBinding(CallbackData, prefix="bv"):
    """One bound shop."""

    shop: Number
    binding: Number


class SetAlias(CallbackData, prefix="al"):
    """Give it a name only I see."""

    shop: Number
    binding: Number


class Unbind(CallbackData, prefix="ub"):
    """Preview (`how` empty), then take back (`back`) or let finish (`finish`)."""

    shop: Number
    binding: Number
    how: str = ""


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


class AnswerImport(CallbackData, prefix="im"):
    """confirm, drop, delete (the file from the chat) or view; `seen` is the preview's digest."""

    shop: Number
    draft: Number
    answer: str
    seen: str = ""


class ShowLeftOut(CallbackData, prefix="il"):
    """A page of the rows and orders an import leaves out, after so many of them."""

    shop: Number
    draft: Number
    after: Number = 0


class SelectAll(CallbackData, prefix="aa"):
    """Everything unassigned."""

    shop: Number


class AssignSelected(CallbackData, prefix="as"):
    """What I ticked: choose the factory."""

    shop: Number


class AssignOrder(CallbackData, prefix="ao"):
    """Just this order: choose the factory."""

    shop: Number
    order: Number


class AssignTo(CallbackData, prefix="at"):
    """Dry-run the draft for a factory (0: choose one, after binding `after`)."""

    shop: Number
    draft: Number
    factory: Number = 0
    after: Number = 0


class ConfirmAssign(CallbackData, prefix="ac"):
    """确认分配."""

    shop: Number
    draft: Number


class RecallBatch(CallbackData, prefix="rb"):
    """撤回 all of one 确认分配 that still can be; `sure` after the question."""

    shop: Number
    draft: Number
    sure: Number = 0


class Recall(CallbackData, prefix="rc"):
    """撤回 one assignment, from the order's card."""

    shop: Number
    assignment: Number


class Accept(CallbackData, prefix="ok"):
    """接单."""

    shop: Number
    assignment: Number


class Decline(CallbackData, prefix="no"):
    """拒单: choose a reason (empty), a known one, or `other` to write it."""

    shop: Number
    assignment: Number
    why: str = ""


class Acknowledge(CallbackData, prefix="kn"):
    """已知晓."""

    shop: Number
    assignment: Number


class Peek(CallbackData, prefix="pk"):
    """查看收件信息."""

    shop: Number
    assignment: Number


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


class DropShip(CallbackData, prefix="ds"):
    """Not this number: nothing is shipped."""

    shop: Number
    draft: Number


class Correct(CallbackData, prefix="co"):
    """更正: which parcel's number is wrong."""

    shop: Number
    shipment: Number


class Export(CallbackData, prefix="ex"):
    """The shipped orders of the last `days` days (0: today)."""

    shop: Number
    days: Number
