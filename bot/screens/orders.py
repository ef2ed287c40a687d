"""An order's card, as its merchant sees it."""

from datetime import datetime

from bot.keyboards import data as d
from bot.keyboards.parts import menu_button
from bot.screens import extras, holding, questions
from bot.screens.changes import notice_lines
from bot.screens.claims import claim_lines
from bot.screens.given_there import given_lines
from bot.screens.notes import note_lines, readdress_line, readdress_row
from bot.screens.parcels import OLD, old_line, parcel_line
from bot.screens.platform_words import told_lines
from bot.screens.rule_words import made_by
from bot.screens.screen import Button, CardRef, Lines, Row, Screen
from bot.screens.short import bounded, cut
from bot.screens.splitting import part_lines, part_rows
from bot.screens.stops import stop_rows, under_way_lines
from bot.screens.words import (
    decline_words,
    due_line,
    extra_name,
    incomplete_words,
    order_state,
    platform_name,
    when,
)
from bot.texts import Html, Translator, escape
from core.entities import Assignment, Order, OrderLine
from core.ids import key
from core.orders.standing import stop_reason, unassignable_reason
from core.orders.views import OrderCard

LINES, PARCELS = 10, 8


def order_card(t: Translator, card: OrderCard, now: datetime) -> Screen:
    """Show everything about an order; of its recipient the masked forms only."""
    order = card.order
    text = Lines(under_way_lines(t, card) + claim_lines(t, card))
    text.add(t("<b>Order</b> <code>{number}</code>", number=order.order_no))
    platform = platform_name(t, order.platform)
    text.add(t("{platform} · <b>{state}</b>", platform=platform, state=order_state(t, order)))
    text.gap().add(*bounded(t, [_line(t, line) for line in card.lines], most=LINES, room=1100))
    text.gap().add(*note_lines(t, card.notes), readdress_line(t, order, card.notes))
    text.gap().add(*_times(t, order, now), *_recipient(t, card))
    text.gap().add(_changes(t, card), *notice_lines(t, card.notices))
    text.gap().add(*(part_lines(t, card) if card.parts else _factory(t, card)))
    text.add(*given_lines(t, card))
    text.add(*_parcels(t, card))
    text.add(*holding.merchant_lines(t, card))
    text.gap().add(*questions.card_lines(t, card.question, questions.asked_name(card)))
    text.gap().add(*extras.card_lines(t, card))
    reference = CardRef("order", key(order), order.merchant_id)
    return Screen(text.text(), tuple(_card_rows(t, card)), reference)


def _line(t: Translator, line: OrderLine) -> str:
    name = t("• {product} × {n}", product=cut(line.product_name, 80), n=line.quantity)
    about = [cut(part, 50) for part in (line.sku_spec, line.product_code) if part]
    return f"{name}\n   {escape(' · '.join(about))}" if about else name


def _times(t: Translator, order: Order, now: datetime) -> list[str]:
    paid = t("Paid: {time}", time=when(t, order.paid_at)) if order.paid_at else ""
    if order.status == "shipped" or stop_reason(order) is not None:
        due = t("Ship by: {time}", time=when(t, order.ship_by)) if order.ship_by else ""
    else:
        due = due_line(t, order.ship_by, now)
    return [paid, due]


def _changes(t: Translator, card: OrderCard) -> str:
    if not card.changes:
        return ""
    time = when(t, card.order.updated_at)
    return t.n("🔄 Changed once, {time}: see the history.",
               "🔄 Changed {n} times, last {time}: see the history.", card.changes,
               time=time)  # fmt: skip


def _recipient(t: Translator, card: OrderCard) -> list[str]:
    if card.order.erased_at is not None:
        return [t("Recipient: erased, as the rules ask")]
    lines: list[str] = []
    if card.recipient is not None:
        one = card.recipient
        lines.append(t("Recipient: {name} {phone}", name=one.name, phone=one.phone))
        lines.append(escape(cut(one.address, 100)))
    if not card.order.complete:
        lines.append(incomplete_words(t))
    return lines


def _factory(t: Translator, card: OrderCard) -> list[str]:
    given = card.assignment
    if given is None or given.status == "recalled":
        return []
    if given.status == "cancelled" and not card.shipments:
        return []
    if given.status == "declined":
        why = cut(decline_words(t, given.decline_reason), 100)
        return [t("❌ {factory} declined: {reason}", factory=card.factory_name, reason=why)]
    lines: list[str] = [t("Factory: {factory} · tag <code>{tag}</code>",
                          factory=card.factory_name, tag=given.tag)]  # fmt: skip
    lines.append(t("Assigned: {time}", time=when(t, given.assigned_at)))
    lines.append(made_by(t, card.rule))
    if given.accepted_at is not None:
        lines.append(t("Accepted by the factory: {time}", time=when(t, given.accepted_at)))
    return lines


def _parcels(t: Translator, card: OrderCard) -> list[str]:
    """Return each parcel with its pieces, whether its platform knows, the numbers before."""
    parcels: list[str] = []
    names = {one.assignment_id: cut(one.factory_name, 20) for one in card.claims}
    for one in card.shipments:
        line = parcel_line(t, one, card.packed.get(key(one), 0))
        if one.claimed is not None:  # beside the order: not of the factory named above
            line = t("{line} · {factory}", line=line, factory=names[one.assignment_id])
        lines = [line]
        lines += told_lines(t, [call for call in card.calls if call.shipment_id == one.id])
        # The factory is named, not its people.
        before = [old._replace(by=card.factory_name) for old in card.old_numbers
                  if old.shipment_id == one.id]  # fmt: skip
        parcels.append("\n".join([*lines, *(old_line(t, old) for old in before[-OLD:])]))
    return bounded(t, parcels, most=PARCELS, room=700)


def _card_rows(t: Translator, card: OrderCard) -> list[Row]:
    order, shop_id = card.order, card.order.merchant_id
    rows: list[Row] = [
        (Button(t.plain("📋 Copy {number}", number=one.tracking_number), copy=one.tracking_number),)
        for one in card.shipments[:PARCELS]
    ]
    rows = [*stop_rows(t, card), readdress_row(t, order, card.notes), *rows]
    if unassignable_reason(order) is None:
        declined = card.assignment is not None and card.assignment.status == "declined"
        words = t("🔁 Reassign") if declined else t("📤 Assign")
        rows.append((Button(words, d.AssignOrder(shop=shop_id, order=key(order)).pack()),))
    rows += holding.merchant_rows(t, card)
    work: Row = ()
    if card.parts:
        rows += questions.part_rows(t, card)
    elif card.assignment is not None:
        work = questions.card_row(t, card.question, shop_id, card.assignment)
    if order.closed_reason is None and order.after_sale != "refunded":
        change = d.EditOrder(shop=shop_id, order=key(order)).pack()
        work = (*work, Button(t("✏️ Change"), change))
    rows.append(work)
    rows += part_rows(t, card)
    rows += extras.card_rows(t, card)
    rows.append(
        (
            Button(t("⬅️ List"), d.ListOrders(shop=shop_id, tab=order.tab).pack()),
            Button(t("📜 History"), d.ShowHistory(shop=shop_id, order=key(order)).pack()),
            Button(t("🔍 Find"), d.AskFind(shop=shop_id).pack()),
        )
    )
    return [*filter(None, rows), menu_button(t, shop_id)]


def taken_back(t: Translator, assignment: Assignment) -> Html:
    """Say that an assignment was taken back, and what becomes of it."""
    if assignment.extra:
        return t("↩️ Taken back: {kind}. The factory is being told.",
                 kind=extra_name(t, assignment.extra))  # fmt: skip
    return t("↩️ Taken back: it waits to be assigned again.")


def asked_back(t: Translator) -> Html:
    """Say that the factory was asked for an assignment it has begun."""
    return t("↩️ The factory has begun it: it is asked to give it back. I tell you what it answers.")
