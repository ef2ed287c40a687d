"""修改 an order: everything that can be changed, the question for each, and what became of it."""

from datetime import datetime

from bot.keyboards import data as d
from bot.keyboards.parts import menu_button
from bot.screens.diffs import VALUE
from bot.screens.edit_words import changed_words, difference, moved_words, work_lines
from bot.screens.notes import NOTE, readdress_line, readdress_row, said
from bot.screens.screen import Button, CardRef, Lines, Row, Screen
from bot.screens.short import bounded, cut
from bot.screens.words import order_state, ship_by
from bot.texts import Html, Translator
from core.changes.edit_views import Edited, EditView
from core.changes.editing import NOTE_LIMIT
from core.ids import key
from core.orders.notes import shown
from core.orders.standing import stop_reason
from core.text.deadline_text import end_of

DAYS = (0, 1, 2, 3, 7)


def edit_screen(t: Translator, view: EditView, now: datetime) -> Screen:
    """Show what can be changed, as it stands, with a button each."""
    order, notes = view.order, shown(view.notes)
    text = Lines([t("✏️ <b>Change order</b> <code>{number}</code>", number=order.order_no)])
    if stop_reason(order) is not None:
        text.add(t("⛔ {state}", state=order_state(t, order)))
    text.gap().add(_recipient(t, view))
    text.add(*bounded(t, [_line(t, view, n) for n in range(len(view.lines))], most=6, room=700))
    text.add(t("💬 Buyer's note: {note}", note=_note(t, notes.buyer)))
    text.add(t("📝 Seller's note: {note}", note=_note(t, notes.seller)))
    text.add(t("⏰ Ship by: {time}", time=ship_by(t, order.ship_by, now)))
    text.gap().add(*work_lines(t, view))
    if not order.complete:
        text.gap().add(t("⚠️ Recipient incomplete: it cannot be assigned. Put it in here."))
    text.gap().add(t("What is to be changed? The factory is told at once."))
    return Screen(text.text(), tuple(_parts(t, view)), edit_card(view))


def edit_card(view: EditView) -> CardRef:
    """Return what a message about changing this order shows."""
    return CardRef("edit", key(view.order), view.order.merchant_id)


def back_row(t: Translator, view: EditView) -> Row:
    """Return the way back to what can be changed."""
    back = d.EditOrder(shop=view.order.merchant_id, order=key(view.order))
    return (Button(t("⬅️ Back, change nothing"), back.pack()),)


def act_button(view: EditView, words: str, act: str) -> Button:
    """Return a button that does something to the order as it is shown."""
    order = view.order
    pressed = d.SetOrder(shop=order.merchant_id, order=key(order), rev=order.revision, act=act)
    return Button(words, pressed.pack())


def part_button(view: EditView, words: str, part: str) -> Button:
    """Return a button to the screen of one part."""
    pressed = d.AskEdit(shop=view.order.merchant_id, order=key(view.order), part=part)
    return Button(words, pressed.pack())


def _parts(t: Translator, view: EditView) -> list[Row]:
    order = view.order
    rows: list[Row] = [
        (part_button(view, t("📍 Recipient"), "recipient"),
         part_button(view, t("📦 Products"), "lines")),
        (part_button(view, t("💬 Buyer's note"), "buyer_note"),
         part_button(view, t("📝 Seller's note"), "seller_note")),
    ]  # fmt: skip
    if order.status != "shipped":
        deadline = part_button(view, t("⏰ Ship by"), "ship_by")
        hold = act_button(view, t("⏸ Hold shipping"), "hold")
        rows.append((deadline, hold if order.held_at is None else _release(t, view)))
    elif order.held_at is not None:
        rows.append((_release(t, view),))
    rows.append((part_button(view, t("💰 Refund"), "refund"),
                 part_button(view, t("🚫 Cancel order"), "cancel")))  # fmt: skip
    order_card = d.ShowOrder(shop=order.merchant_id, order=key(order))
    rows.append((Button(t("⬅️ Order"), order_card.pack()),))
    return rows


def _release(t: Translator, view: EditView) -> Button:
    return act_button(view, t("▶️ Go on shipping"), "release")


def _recipient(t: Translator, view: EditView) -> Html:
    one = view.recipient
    if one is None:
        return t("📍 Recipient: none")
    return t("📍 {name} {phone} · {address}", name=one.name, phone=one.phone,
             address=cut(one.address, 60))  # fmt: skip


def _line(t: Translator, view: EditView, n: int) -> Html:
    line = view.lines[n]
    words = " ".join(part for part in (line.product_name, line.sku_spec) if part)
    return t("📦 {product} × {n}", product=cut(words, 50), n=line.quantity)


def _note(t: Translator, note: str, limit: int = VALUE) -> str:
    return said(t, note, limit) if note else t("(none)")


def note_screen(t: Translator, view: EditView, field: str) -> Screen:
    """Ask for a note."""
    notes, buyers = shown(view.notes), field == "buyer_note"
    old = notes.buyer if buyers else notes.seller
    title = t("💬 <b>Buyer's note</b>") if buyers else t("📝 <b>Seller's note</b>")
    text = Lines([_title(t, title, view)]).gap()
    text.add(t("Now: {note}", note=_note(t, old, NOTE)))
    text.gap().add(t("Send the new one, at most {n} characters.", n=NOTE_LIMIT))
    clear = (act_button(view, t("🗑 Leave it empty"), f"no_{field}"),) if old else ()
    return Screen(text.text(), (*((clear,) if clear else ()), back_row(t, view)), edit_card(view))


def ship_by_screen(t: Translator, view: EditView, now: datetime, *, typed: bool) -> Screen:
    """Offer deadlines; where it can be `typed`, any other may be sent."""
    order = view.order
    text = Lines([_title(t, t("⏰ <b>Ship by</b>"), view)]).gap()
    text.add(t("Now: {note}", note=ship_by(t, order.ship_by, now)))
    text.gap().add(t("Choose the last day; it counts until 23:59."))
    if typed:
        text.add(t("Or send a time, such as <code>11-28 18:00</code>."))
    names = {0: t("Today"), 1: t("Tomorrow"), 2: t("In 2 days"), 3: t("In 3 days"),
             7: t("In a week")}  # fmt: skip
    buttons = []
    for days in DAYS:
        moment = end_of(now, days)
        pressed = d.SetShipBy(
            shop=order.merchant_id, order=key(order), rev=order.revision,
            minute=int(moment.timestamp()) // 60,
        )  # fmt: skip
        if moment > now:
            buttons.append(Button(names[days], pressed.pack()))
    return Screen(text.text(), (tuple(buttons[:3]), tuple(buttons[3:]), back_row(t, view)),
                  edit_card(view))  # fmt: skip


def refund_screen(t: Translator, view: EditView) -> Screen:
    """Offer what can become of an after-sale."""
    text = Lines([_title(t, t("💰 <b>Refund</b>"), view)]).gap()
    rows: list[Row] = []
    if view.order.after_sale == "none":
        text.add(t("Requested: the factory stops shipping until you decide."))
        rows.append((act_button(view, t("Buyer requests a refund"), "refund_open"),))
    else:
        text.add(t("A refund is requested, and shipping is stopped until you decide."))
        text.add(t("Closed without a refund: the factory goes on."))
        rows.append((act_button(view, t("No refund: go on shipping"), "refund_closed"),))
    text.add(t("Refunded: the order is over and the factory does not ship."))
    rows.append((part_button(view, t("Refund agreed …"), "refunded"),))
    text.gap().add(*work_lines(t, view))
    return Screen(text.text(), (*rows, back_row(t, view)), edit_card(view))


def ending_screen(t: Translator, view: EditView, act: str) -> Screen:
    """Ask once more before an order is over, saying what the factory has done so far."""
    cancelling = act == "cancel"
    title = t("🚫 <b>Cancel this order?</b>") if cancelling else t("💰 <b>Refund this order?</b>")
    text = Lines([_title(t, title, view)]).gap()
    text.add(*work_lines(t, view) or [t("No factory has it yet.")])
    if view.left:
        text.gap().add(t("⚠️ <b>A parcel has left: have the carrier stop it, or ask the "
                         "factory.</b>"))  # fmt: skip
    text.gap().add(t("This cannot be taken back. The factory is told to stop at once."))
    words = t("Yes, cancel the order") if cancelling else t("Yes, it is refunded")
    return Screen(text.text(), ((act_button(view, words, act),), back_row(t, view)),
                  edit_card(view))  # fmt: skip


def done_screen(t: Translator, done: Edited, now: datetime) -> Screen:
    """Say what was changed and who is told; of an order that is still open, offer more."""
    order, notes = done.view.order, done.view.notes
    if done.kind == "known":
        return edit_screen(t, done.view, now).under(t("It stands so already: nothing changed."))
    open_card = d.ShowOrder(shop=order.merchant_id, order=key(order))
    buttons = [Button(t("⬅️ Order"), open_card.pack())]
    if order.closed_reason is None and order.after_sale != "refunded":
        more = d.EditOrder(shop=order.merchant_id, order=key(order))
        buttons.append(Button(t("✏️ Change more"), more.pack()))
    card = CardRef("order", key(order), order.merchant_id)
    text = Lines(changed_words(t, done)).gap().add(readdress_line(t, order, notes)).text()
    rows = filter(None, (readdress_row(t, order, notes), tuple(buttons)))
    return Screen(text, (*rows, menu_button(t, order.merchant_id)), card)


def pending_screen(t: Translator, done: Edited, part: str) -> Screen:
    """Show how the order has changed meanwhile, and what was asked for, to be confirmed again."""
    order, pending = done.view.order, done.pending
    text = Lines([moved_words(t, done)]).gap()
    if pending is None or not pending.diffs:
        text.add(t("What you asked for stands so already."))
        return Screen(text.text(), (back_row(t, done.view),), edit_card(done.view))
    text.add(t("You asked for:"), *difference(t, pending.diffs))
    again = d.ConfirmEdit(
        shop=order.merchant_id, order=key(order), part=part, mark=pending.mark
    )  # fmt: skip
    rows = ((Button(t("✅ Change it all the same"), again.pack()),), back_row(t, done.view))
    return Screen(text.text(), rows, edit_card(done.view))


def moved_screen(t: Translator, done: Edited, now: datetime, act: str) -> Screen:
    """Show the screen a press came from anew: the order has changed meanwhile."""
    if act in ("cancel", "refunded"):
        screen = ending_screen(t, done.view, act)
    elif act == "ship_by":
        screen = ship_by_screen(t, done.view, now, typed=False)
    elif act in ("refund_open", "refund_closed"):
        screen = refund_screen(t, done.view)
    else:
        screen = edit_screen(t, done.view, now)
    return screen.under(moved_words(t, done))


def _title(t: Translator, title: Html, view: EditView) -> Html:
    return t("{title} · order <code>{number}</code>", title=title, number=view.order.order_no)
