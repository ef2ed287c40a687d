"""拆单: pieces by − and +, the factory that gets them, and who has what on the merchant's card."""

from collections.abc import Sequence

from bot.keyboards import counts
from bot.keyboards import data as d
from bot.screens import holding
from bot.screens.assigning import no_factory
from bot.screens.screen import Button, CardRef, Lines, Row, Screen
from bot.screens.short import bounded, cut, listed
from bot.screens.words import assignment_state, decline_words
from bot.texts import Html, Translator, escape
from core.assignments.splitting import Split, SplitLine, SplitPlan
from core.entities import Order, OrderLine
from core.ids import key
from core.orders.views import OrderCard, PartView

NAME = 24
ON_BUTTON = 14
PARTS = 6


def choose_pieces(t: Translator, plan: SplitPlan, chosen: Sequence[int]) -> Screen:
    """Show every product with − and +: the whole order but for what others keep."""
    order = plan.order
    text = Lines([t("✂️ <b>Split</b> <code>{number}</code>", number=order.order_no)])
    text.add(t("Choose what another factory is to ship. The rest stays where it is."))
    text.add(_giving_back(t, plan)).gap()
    taken = _clamped(plan, chosen)
    lines = [_line(t, one, n) for one, n in zip(plan.lines, taken, strict=True)]
    text.add(*bounded(t, lines, most=len(lines), room=2600))
    if plan.more:
        text.add(t.n("{n} more product comes after these.", "{n} more products come after these.",
                     plan.more))  # fmt: skip
    rows: list[Row] = [_line_row(t, plan, taken, at) for at in range(len(taken))]
    total = sum(taken)
    if total:
        words = t.n("Next: factory for {n} piece", "Next: factory for {n} pieces", total)
        rows.append((Button(words, _press(plan, taken, done=1)),))
    back = Button(t("⬅️ Back"), d.ShowOrder(shop=order.merchant_id, order=key(order)).pack())
    return Screen(text.text(), (*rows, (back,)), _card(plan))


def _clamped(plan: SplitPlan, chosen: Sequence[int]) -> list[int]:
    counted = [*chosen, *[0] * len(plan.lines)][: len(plan.lines)]
    return [min(n, one.free, counts.LARGEST) for n, one in zip(counted, plan.lines, strict=True)]


def _giving_back(t: Translator, plan: SplitPlan) -> Html:
    if not plan.holders:
        return Html("")
    names = [cut(one, NAME) for one in plan.holders.values()]
    return t("Pieces at {factories}, who has not begun, are taken back for it; they are told.",
             factories=listed(t, names, 3))  # fmt: skip


def _line(t: Translator, one: SplitLine, n: int) -> str:
    words = t("• {product}: <b>{n}</b> of {free}", product=cut(_named(one.line), 60), n=n,
              free=one.free)  # fmt: skip
    if one.kept:
        words = t.n(
            "{line} · {n} stays where it is",
            "{line} · {n} stay where they are",
            one.kept,
            line=words,
        )
    return words


def _named(line: OrderLine) -> str:
    return " ".join(part for part in (line.product_name, line.sku_spec) if part)


def _line_row(t: Translator, plan: SplitPlan, taken: Sequence[int], at: int) -> Row:
    one, n = plan.lines[at], taken[at]
    most = min(one.free, counts.LARGEST)
    name = cut(one.line.sku_spec or one.line.product_name, ON_BUTTON)
    whole = 0 if n == most else most  # the name takes the whole line, or leaves it again
    row = [Button(t.plain("{name} {n}/{free}", name=name, n=n, free=one.free),
                  _press(plan, _with(taken, at, whole)))]  # fmt: skip
    if most > 1:
        row = [
            Button("➖", _press(plan, _with(taken, at, max(n - 1, 0)))),
            *row,
            Button("➕", _press(plan, _with(taken, at, min(n + 1, most)))),
        ]
    return tuple(row)


def _with(taken: Sequence[int], at: int, n: int) -> list[int]:
    return [*taken[:at], n, *taken[at + 1 :]]


def _press(plan: SplitPlan, taken: Sequence[int], done: int = 0) -> str:
    order = plan.order
    pressed = d.SplitOrder(
        shop=order.merchant_id, order=key(order), counts=counts.pack(taken), done=done
    )
    return pressed.pack()


def choose_factory(t: Translator, plan: SplitPlan, chosen: Sequence[int]) -> Screen:
    """Show what was chosen, with a button per factory: pressing it is the confirmation."""
    order, taken = plan.order, _clamped(plan, chosen)
    if not plan.factories:
        return no_other_factory(t, plan)
    text = Lines([t("✂️ <b>Split</b> <code>{number}</code>", number=order.order_no)]).gap()
    lines = [
        t("• {product} × {n}", product=cut(_named(one.line), 80), n=n)
        for one, n in zip(plan.lines, taken, strict=True)
        if n
    ]
    text.add(*bounded(t, lines, most=len(lines), room=2600)).gap()
    text.add(t("Which factory ships these?"))
    rows: list[Row] = []
    for row in plan.factories:
        pressed = d.SplitTo(
            shop=order.merchant_id, order=key(order), factory=row.shop_id,
            plan=counts.pack_mark(plan.mark), counts=counts.pack(taken),
        )  # fmt: skip
        words = t.plain("✅ {factory} sends it", factory=cut(row.alias or row.name, NAME))
        rows.append((Button(words, pressed.pack()),))
    back = Button(t("⬅️ Other pieces"), _press(plan, taken))
    return Screen(text.text(), (*rows, (back,)), _card(plan))


def no_other_factory(t: Translator, plan: SplitPlan) -> Screen:
    """Say that a second factory is needed, and how it is bound."""
    if not plan.holders:
        return no_factory(t, plan.order.merchant_id)
    text = t("No other factory is bound. Bind one with /bind and its number, then split.")
    return Screen(text, no_factory(t, plan.order.merchant_id).rows, _card(plan))


def split_line(t: Translator, done: Split) -> Html:
    """Say what was done, above the order's card."""
    text = Lines([t.n("✅ {n} piece given to {factory}, which is being told now.",
                      "✅ {n} pieces given to {factory}, which is being told now.", done.pieces,
                      factory=done.factory_name)])  # fmt: skip
    if done.left:
        text.add(t.n("{n} piece still waits to be assigned.",
                     "{n} pieces still wait to be assigned.", done.left))  # fmt: skip
    return Html(text.text())


def part_lines(t: Translator, card: OrderCard) -> list[str]:
    """Return who has which pieces of a split order, and where they stand."""
    lines = [_part(t, one, card.order) for one in card.parts]
    if card.unowned:
        what = ", ".join(f"{cut(_named(one), 40)} × {n}" for one, n in card.unowned)
        lines.append(t("⏳ Not assigned yet: {what}", what=what))
    return bounded(t, lines, most=PARTS + 1, room=1100)


def _part(t: Translator, one: PartView, order: Order) -> str:
    given = one.assignment
    head = t("🏭 {factory} · tag <code>{tag}</code> · {state}", factory=cut(one.factory_name, NAME),
             tag=given.tag, state=assignment_state(t, given.status))  # fmt: skip
    if given.status == "declined":
        head = t("❌ {factory} declined: {reason}", factory=cut(one.factory_name, NAME),
                 reason=cut(decline_words(t, given.decline_reason), 60))  # fmt: skip
    what = [escape(f"   {cut(line.product, 30)} {line.spec}".rstrip()) + f" × {line.quantity}"
            for line in one.lines]  # fmt: skip
    waited = holding.waited_for(t, given, order)
    return "\n".join([head, *bounded(t, what, most=5, room=300), *waited])


def part_rows(t: Translator, card: OrderCard) -> list[Row]:
    """Return the buttons about a split: begin one, take one factory's part back or ask for it."""
    order, shop_id = card.order, card.order.merchant_id
    rows: list[Row] = []
    if len(card.parts) > 1 or card.unowned:
        rows += filter(None, [holding.part_row(t, shop_id, one) for one in card.parts])
    if card.splittable:
        split = d.SplitOrder(shop=shop_id, order=key(order)).pack()
        rows.append((Button(t("✂️ Split"), split),))
    return rows


def _card(plan: SplitPlan) -> CardRef:
    return CardRef("order", key(plan.order), plan.order.merchant_id)
