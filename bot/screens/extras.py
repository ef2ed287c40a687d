"""Gifts, resends and exchanges: which kind, what goes into it, who sends it; and on a card."""

from bot.keyboards import data as d
from bot.keyboards.parts import cancel_button
from bot.screens.assigning import no_factory
from bot.screens.notes import heard
from bot.screens.screen import Button, CardRef, Lines, Row, Screen
from bot.screens.short import bounded, cut
from bot.screens.words import assignment_state, carrier_name, extra_name
from bot.texts import Html, Translator, escape
from core.assignments.extras import KINDS, LINES_LIMIT, PIECES_LIMIT, ExtraPlan, ExtraUnreadable
from core.entities import Order
from core.ids import key
from core.orders.views import ExtraView, LineView, OrderCard

SHOWN = 4  # extras on a card; older ones are counted
LINE = 60


def choose_kind(t: Translator, card: OrderCard) -> Screen:
    """Ask what it is."""
    order, shop_id = card.order, card.order.merchant_id
    text = Lines([t("<b>Something more for order</b> <code>{number}</code>",
                    number=order.order_no)]).gap()  # fmt: skip
    text.add(
        t("🎁 A gift goes beside the order, and stops when the order is cancelled or refunded."),
        t("🔁 A resend replaces what was lost or missing."),
        t("🔄 An exchange sends other goods for those that come back."),
    )
    text.gap().add(t("It gets a tag and a parcel of its own; the order stays where it stands."))
    kinds = tuple(
        Button(extra_name(t, kind), d.AddExtra(shop=shop_id, order=key(order), kind=kind).pack())
        for kind in KINDS
    )
    return Screen(text.text(), (kinds, _back(t, shop_id, key(order))), _card(order))


def ask_lines(t: Translator, order: Order, kind: str) -> Screen:
    """Ask for the products, one per line."""
    text = Lines([t("{kind} for <code>{number}</code>: what goes into it?",
                    kind=extra_name(t, kind), number=order.order_no)])  # fmt: skip
    text.add(t("Write one product per line with its pieces, for example:"))
    text.add(t("<code>Cup brush × 1</code>"))
    same = d.CopyExtra(shop=order.merchant_id, order=key(order), kind=kind).pack()
    button = Button(t("The same as in the order"), same)
    return Screen(text.text(), ((button,), cancel_button(t)), _card(order))


def confirm(t: Translator, plan: ExtraPlan) -> Screen:
    """Show what was understood, with a button per factory that can send it."""
    order, shop_id = plan.order, plan.order.merchant_id
    if not plan.factories:
        return no_factory(t, shop_id)
    text = Lines([t("<b>{kind}</b> for <code>{number}</code>", kind=extra_name(t, plan.kind),
                    number=order.order_no)])  # fmt: skip
    text.gap().add(*(_line(t, one) for one in plan.lines))
    text.gap().add(t("Who sends it? Not right? Write it again."))
    rows: list[Row] = [
        (
            Button(
                t.plain("✅ {factory} sends it", factory=cut(row.alias or row.name, 24)),
                d.SendExtra(
                    shop=shop_id, order=key(order), factory=row.shop_id, mark=plan.mark
                ).pack(),
            ),
        )
        for row in plan.factories
    ]
    return Screen(text.text(), (*rows, cancel_button(t)), _card(order))


def unreadable(t: Translator, error: ExtraUnreadable) -> Html:
    """Say what a line must look like."""
    return t("I cannot read this line: “{line}”. One product per line, at most {lines} lines, 1 to "
             "{most} pieces: name × pieces.", line=heard(t, error.line, LINE), lines=LINES_LIMIT,
             most=PIECES_LIMIT)  # fmt: skip


def card_lines(t: Translator, card: OrderCard) -> list[str]:
    """Return an order's extras for its card, newest first."""
    found = list(reversed(card.extras))
    return bounded(t, [_extra(t, one) for one in found], most=SHOWN, room=900)


def _extra(t: Translator, one: ExtraView) -> str:
    given = one.assignment
    lines: list[str] = [
        t("{kind} · {factory} · tag <code>{tag}</code> · {state}",
          kind=extra_name(t, given.extra), factory=one.factory_name, tag=given.tag,
          state=assignment_state(t, given.status))
    ]  # fmt: skip
    lines += [_line(t, line) for line in one.lines[:3]]
    lines += [
        t("📦 {carrier} <code>{number}</code>", carrier=carrier_name(t, parcel.carrier),
          number=parcel.tracking_number)
        for parcel in one.shipments[:3]
    ]  # fmt: skip
    return "\n".join(lines)


def card_rows(t: Translator, card: OrderCard) -> list[Row]:
    """Return the buttons about extras for an order's card."""
    shop_id = card.order.merchant_id
    rows: list[Row] = [
        (
            Button(
                t.plain("↩️ Take back {kind} {tag}", kind=extra_name(t, one.assignment.extra),
                        tag=one.assignment.tag),
                d.Recall(shop=shop_id, assignment=key(one.assignment)).pack(),
            ),
        )
        for one in card.extras
        if one.recallable
    ]  # fmt: skip
    if card.order.complete:
        add = d.AddExtra(shop=shop_id, order=key(card.order)).pack()
        rows.append((Button(t("🎁 Gift / resend / exchange"), add),))
    return rows


def _line(t: Translator, line: LineView) -> str:
    name = t("• {product} × {n}", product=cut(line.product, 80), n=line.quantity)
    about = [cut(part, 50) for part in (line.spec, line.code) if part]
    return f"{name}\n   {escape(' · '.join(about))}" if about else name


def _back(t: Translator, shop_id: int, order_id: int) -> Row:
    return (Button(t("⬅️ Back"), d.ShowOrder(shop=shop_id, order=order_id).pack()),)


def _card(order: Order) -> CardRef:
    return CardRef("order", key(order), order.merchant_id)
