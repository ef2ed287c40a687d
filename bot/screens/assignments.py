"""The factory's orders: tabs and pages with one button per order, and the card it works from."""

from collections.abc import Mapping
from datetime import datetime

from bot.keyboards import cursors
from bot.keyboards import data as d
from bot.keyboards.parts import menu_button
from bot.screens import holding, questions, tickets
from bot.screens.bulk import open_rows
from bot.screens.changes import address_lines, change_lines
from bot.screens.claims import over_hint, over_lines
from bot.screens.notes import note_lines, where_whole
from bot.screens.parcels import packed_line, parcel_lines, parcel_row, together_line
from bot.screens.screen import Button, CardRef, Lines, Row, Screen
from bot.screens.short import bounded, cut, row_line
from bot.screens.stops import stop_lines
from bot.screens.tabs import page_row, tab_name, tab_rows
from bot.screens.words import (
    assignment_state,
    decline_words,
    due_line,
    extra_name,
    span,
)
from bot.texts import Html, Translator, escape
from core.answers.fulfilling import REASON_LIMIT
from core.entities.assignment import ASSIGNMENT_MOVES
from core.ids import key
from core.orders.views import AssignmentCard, AssignmentRow, LineView, Page

LINES, PARCELS = 10, 10


def assignment_list(  # noqa: PLR0917 - everything a list is made of
    t: Translator, shop_id: int, tab: str, page: Page[AssignmentRow], counts: Mapping[str, int],
    now: datetime,
) -> Screen:  # fmt: skip
    """Show a page of a tab. Never a recipient."""
    text = Lines([t("<b>{tab}</b> · {n}", tab=tab_name(t, tab), n=counts.get(tab, 0))])
    rows: list[Row] = [*tab_rows(t, shop_id, "factory", tab, counts)]
    # The message may have shown a card before: a reply to the list must not ship that order.
    card = CardRef("assignments", 0, shop_id)
    if not page.rows:
        text.gap().add(_empty(t, tab))
        return Screen(text.text(), (*rows, menu_button(t, shop_id)), card)
    text.add(_hint(t, tab))
    rows += assignment_buttons(t, shop_id, page, now)
    rows.append(page_row(t, shop_id, tab, page))
    if tab == "changed" and counts.get(tab, 0) > 1:
        rows.append((seen_all_button(t, shop_id, now),))
    if tab == "to_ship":
        late = Button(t("⏰ Late"), d.ListLate(shop=shop_id).pack())
        rows += [*open_rows(t, shop_id), (late,)]
    return Screen(text.text(), (*filter(None, rows), menu_button(t, shop_id)), card)


def seen_all_button(t: Translator, shop_id: int, now: datetime, binding_id: int = 0) -> Button:
    """Return 全部已知晓, of what is unseen now: of one merchant, or of all."""
    at = cursors.pack_moment(now)
    pressed = d.AcknowledgeAll(shop=shop_id, binding=binding_id, at=at)
    return Button(t("👌 Seen, all of them"), pressed.pack())


def seen_words(t: Translator, n: int) -> Html:
    """Say how many changes were seen by the press."""
    if not n:
        return t("All of these were seen already.")
    return t.n("👌 Seen: {n} order. The merchant is told.",
               "👌 Seen: {n} orders. Their merchants are told.", n)  # fmt: skip


def assignment_buttons(
    t: Translator, shop_id: int, page: Page[AssignmentRow], now: datetime
) -> list[Row]:
    """Return a button per order, each opening its card."""
    return [
        (
            Button(
                row_words(t, row, now),
                d.ShowAssignment(shop=shop_id, assignment=row.id).pack(),
            ),
        )
        for row in page.rows
    ]


def row_words(t: Translator, row: AssignmentRow, now: datetime) -> str:
    """Return an order in one line: what is urgent, tag, product, pieces, ship-by."""
    marks = ("⛔ " if row.stopped else "") + ("⚠️ " if row.changed else "")
    kind = f"{extra_name(t, row.extra)} " if row.extra else ""
    state = _row_state(t, row, now)
    end = f"×{row.pieces} · {state}" if state else f"×{row.pieces}"
    return row_line(f"{marks}{row.tag}", f"{kind}{row.product}", end)


def _row_state(t: Translator, row: AssignmentRow, now: datetime) -> str:
    if row.status in ("shipped", "declined", "recalled", "cancelled"):
        return assignment_state(t, row.status)
    if row.stopped:
        return ""
    waits = holding.list_mark(t, row.held_until, asked=row.status == "recall_asked")
    if waits or row.ship_by is None:
        return waits
    left = row.ship_by - now
    if left.total_seconds() < 0:
        return t.plain("⏰ {span} late", span=span(t, -left))
    return t.plain("{span} left", span=span(t, left))


def _hint(t: Translator, tab: str) -> Html:
    return {
        "to_ship": t("Tap an order, then reply to its card with the tracking number."),
        "changed": t("Look at what changed, then press “Seen”."),
        "shipped": t("Newest first. A wrong number is corrected from the order's card."),
    }[tab]


def _empty(t: Translator, tab: str) -> Html:
    return {
        "to_ship": t("Nothing to ship. New orders come here as soon as a merchant assigns them."),
        "changed": t("No order has changed."),
        "shipped": t("Nothing has shipped yet."),
    }[tab]


def assignment_card(t: Translator, card: AssignmentCard, now: datetime) -> Screen:
    """Show an order to the factory that must ship it; of its recipient the masked forms only.

    One that is no longer with the factory shows only what happened.
    """
    given = card.assignment
    text = Lines(stop_lines(t, card) + over_lines(t, card) + address_lines(t, card))
    text.add(t("🏷 <b>{tag}</b> · {state}", tag=given.tag, state=assignment_state(t, given.status)))
    if given.extra:
        text.add(t("<b>{kind}</b>: a parcel beside the order, with these products only",
                   kind=extra_name(t, given.extra)))  # fmt: skip
    text.add(t("Merchant: {name}", name=card.merchant_name))
    if given.status == "declined":
        why = cut(decline_words(t, given.decline_reason), REASON_LIMIT)
        text.add(t("Reason: {reason}", reason=why))
    text.gap().add(*_products(t, card))
    if given.ended_at is None:
        text.gap().add(*holding.factory_lines(t, card))
        text.gap().add(*_work_lines(t, card, now))
    text.gap().add(t("Order: <code>{number}</code>", number=card.order.order_no))
    if given.status == "part_shipped":
        text.add(packed_line(t, card))
    text.add(*bounded(t, parcel_lines(t, card), most=PARCELS, room=900), over_hint(t, card))
    if card.together and given.ended_at is None and card.stopped is None:
        text.gap().add(together_line(t, card.together))
    text.gap().add(*questions.card_lines(t, card.question, card.merchant_name))
    text.gap().add(*change_lines(t, card))
    reference = CardRef("assignment", key(given), given.factory_id)
    return Screen(text.text(), tuple(_card_rows(t, card)), reference)


def _products(t: Translator, card: AssignmentCard) -> list[str]:
    lines = bounded(t, [_line(t, one) for one in card.lines], most=LINES, room=1500)
    pieces = sum(one.quantity for one in card.lines)
    return [*lines, t("Pieces in all: <b>{n}</b>", n=pieces)]


def _line(t: Translator, line: LineView) -> str:
    name = t("• {product} × <b>{n}</b>", product=cut(line.product, 80), n=line.quantity)
    about = [cut(part, 50) for part in (line.spec, line.code) if part]
    return f"{name}\n   {escape(' · '.join(about))}" if about else name


def _work_lines(t: Translator, card: AssignmentCard, now: datetime) -> list[str]:
    """Return what packing and sending needs: notes, deadline, sender, masked recipient."""
    order = card.order
    lines = [*note_lines(t, card.notes), where_whole(t, card.notes)]
    if order.ship_by is not None and not card.assignment.extra:
        lines.append(due_line(t, order.ship_by, now))
    if card.sender is not None:
        lines.append(t("Sender: {contact} {phone} {address}", contact=card.sender.contact,
                       phone=card.sender.phone, address=cut(card.sender.address, 100)))  # fmt: skip
    if card.recipient is not None:
        lines.append(t("Recipient: {name} {phone} {address}", name=card.recipient.name,
                       phone=card.recipient.phone,
                       address=cut(card.recipient.address, 100)))  # fmt: skip
    return [*lines, *tickets.card_lines(t, card.ticket)]


def _card_rows(t: Translator, card: AssignmentCard) -> list[Row]:
    given, shop_id = card.assignment, card.assignment.factory_id
    rows: list[Row] = []
    if given.ended_at is None:
        rows += [*holding.factory_rows(t, card), *_open_rows(t, card)]
    if given.changed_at is not None:
        seen = d.Acknowledge(shop=shop_id, assignment=key(given))
        rows.insert(0 if card.stopped else len(rows), (Button(t("👌 Seen"), seen.pack()),))
    rows += [parcel_row(t, shop_id, one) for one in card.shipments[:PARCELS]]
    rows.append(
        (*holding.hold_button(t, card), *questions.card_row(t, card.question, shop_id, given))
    )
    tab = "shipped" if given.status == "shipped" else "to_ship"
    rows.append(
        (
            Button(t("⬅️ List"), d.ListOrders(shop=shop_id, tab=tab).pack()),
            Button(t("📜 History"), d.ShowTrail(shop=shop_id, assignment=key(given)).pack()),
        )
    )
    return list(filter(None, rows))


def _open_rows(t: Translator, card: AssignmentCard) -> list[Row]:
    given = card.assignment
    place = {"shop": given.factory_id, "assignment": key(given)}
    rows: list[Row] = []
    answers: list[Button] = []
    if card.stopped is None:
        rows.append(
            (
                Button(t("📦 Enter number"), d.AskNumber(**place).pack()),
                Button(t("👀 Recipient"), d.Peek(**place).pack()),
            )
        )
        slip = d.PrintSlips(shop=given.factory_id, of="one", ref=key(given))
        answers.append(Button(t("🖨 Slip"), slip.pack()))
        if given.status == "assigned":
            answers.append(Button(t("✅ Accept"), d.Accept(**place).pack()))
        rows += tickets.card_rows(
            t, given.factory_id, key(given), card.ticket, drawable=card.drawable
        )
    if "declined" in ASSIGNMENT_MOVES[given.status]:
        answers.append(Button(t("❌ Decline"), d.Decline(**place).pack()))
    return [*rows, tuple(answers)] if answers else rows
