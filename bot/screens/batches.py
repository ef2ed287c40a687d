"""A factory's batch: the digest, its list, ticking, the list of batches."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.keyboards import cursors
from bot.keyboards import data as d
from bot.keyboards.parts import menu_button
from bot.screens.assignments import row_words
from bot.screens.bulk import file_rows
from bot.screens.screen import Button, CardRef, Lines, Row, Screen
from bot.screens.short import cut
from bot.screens.ticket_buttons import draw_button, send_button
from bot.screens.words import ship_by, when
from bot.texts import Html, Translator
from core.assignments.batch_views import BatchRow
from core.entities import AssignmentStatus
from core.entities.assignment import ASSIGNMENT_MOVES, OPEN_STATUSES
from core.orders.views import AssignmentRow, Cursor, LineView, Page
from core.shipments.batches import Choice, Digest

PRODUCTS, ROOM = 8, 430  # of a caption: it holds 1024 characters
DECLINABLE: frozenset[AssignmentStatus] = frozenset(
    status for status, moves in ASSIGNMENT_MOVES.items() if "declined" in moves
)
HOLDABLE: frozenset[AssignmentStatus] = frozenset(
    status for status, moves in ASSIGNMENT_MOVES.items() if "held" in moves
)
# Statuses told together, in the order of a day.
STANDING: tuple[tuple[str, frozenset[AssignmentStatus]], ...] = (
    ("new", frozenset({"assigned"})),
    ("accepted", frozenset({"accepted"})),
    ("held", frozenset({"held"})),
    ("recall_asked", frozenset({"recall_asked"})),
    ("part_shipped", frozenset({"part_shipped"})),
    ("shipped", frozenset({"shipped"})),
    ("recalled", frozenset({"recalled"})),
    ("declined", frozenset({"declined"})),
    ("cancelled", frozenset({"cancelled"})),
)


def digest_screen(t: Translator, digest: Digest, now: datetime, *, new: bool = False) -> Screen:
    """Show a batch as it stands: what is to be shipped, and what became of the rest."""
    n = digest.given
    head = {"name": cut(digest.merchant_name, 30)}
    text = Lines([
        t.n("🆕 <b>{name} gave {n} order</b>", "🆕 <b>{name} gave {n} orders</b>", n, **head)
        if new
        else t.n("🗂 <b>{name}: {n} order</b>", "🗂 <b>{name}: {n} orders</b>", n, **head)
    ])  # fmt: skip
    text.add(t("Given {time}", time=when(t, digest.given_at)) if not new else "")
    text.add(t("{states}", states=" · ".join(standing_words(t, digest.states))))
    if digest.stopped:
        text.add(t.n("⛔ <b>Do not ship: {n} order is stopped</b>, see the list",
                     "⛔ <b>Do not ship: {n} orders are stopped</b>, see the list",
                     digest.stopped))  # fmt: skip
    if digest.products:
        text.gap().add(t.n("{n} piece to ship", "{n} pieces to ship", digest.pieces))
        text.add(t("Nearest ship-by: {time}", time=ship_by(t, digest.ship_by, now)))
        text.add(*_products(t, digest))
        text.gap().add(t("Reply to this with lines “tag number”, or fill the numbers into the "
                         "packing list and send it back."))  # fmt: skip
    rows = tuple(filter(None, (*_acts(t, digest), *_ways(t, digest))))
    return Screen(text.text(), rows, CardRef("given", digest.draft_id, digest.factory_id))


def answered_recalls(
    t: Translator, digest: Digest, now: datetime, n: int, *, agree: bool
) -> Screen:
    """Show a batch after its factory has answered for all that was asked back of it."""
    screen = digest_screen(t, digest, now)
    if not n:
        return screen.under(t("Nothing of it is asked back any more."))
    if agree:
        return screen.under(t.n("↩️ Given back: {n} order. Do not ship it.",
                                "↩️ Given back: {n} orders. Do not ship them.", n))  # fmt: skip
    return screen.under(t.n("📦 Kept: {n} order. The merchant is told.",
                            "📦 Kept: {n} orders. The merchant is told.", n))  # fmt: skip


def standing_words(t: Translator, states: Mapping[AssignmentStatus, int]) -> list[str]:
    """Return how many orders of a batch stand where, in the order of a day."""
    counted = [(name, sum(states.get(one, 0) for one in statuses)) for name, statuses in STANDING]
    return [_count(t, name, n) for name, n in counted if n]


def _count(t: Translator, name: str, n: int) -> Html:
    return {
        "new": t("To accept: {n}", n=n),
        "accepted": t("Accepted: {n}", n=n),
        "held": t("Waiting for goods: {n}", n=n),
        "recall_asked": t("Asked back: {n}", n=n),
        "part_shipped": t("Partly shipped: {n}", n=n),
        "shipped": t("Shipped: {n}", n=n),
        "recalled": t("Taken back: {n}", n=n),
        "declined": t("Declined: {n}", n=n),
        "cancelled": t("Cancelled: {n}", n=n),
    }[name]


def _products(t: Translator, digest: Digest) -> list[str]:
    """Return the most wanted products, as many as a caption has room for."""
    lines: list[str] = []
    room = ROOM
    for one in digest.products[:PRODUCTS]:
        lines.append(_product(t, one))
        room -= len(lines[-1])
        if room < 0:
            lines.pop()
            break
    left = digest.kinds - len(lines)
    return [*lines, t.n("… and {n} more kind", "… and {n} more kinds", left)] if left else lines


def _product(t: Translator, one: LineView) -> Html:
    name = cut(" ".join(part for part in (one.product, one.spec, one.code) if part), 36)
    return t("• {product} × <b>{n}</b>", product=name, n=one.quantity)


def _acts(t: Translator, digest: Digest) -> list[Row]:
    """Return what may be done with what is open."""
    shop_id, draft_id = digest.factory_id, digest.draft_id
    here = {"shop": shop_id, "of": "batch", "ref": draft_id}
    new, asked = digest.states.get("assigned", 0), digest.states.get("recall_asked", 0)
    answers: list[Button] = []
    if new:
        words = t.plain("✅ Accept all ({n})", n=new)
        answers.append(Button(words, d.AcceptMany(**here).pack()))
    if _open(digest, DECLINABLE):
        answers.append(Button(t("❌ Decline all"), d.DeclineMany(**here).pack()))
    wait: list[Button] = []
    if held := digest.states.get("held", 0):
        words = t.plain("✅ Goods are here ({n})", n=held)
        wait.append(Button(words, d.ResumeMany(**here).pack()))
    if _open(digest, HOLDABLE):
        wait.append(Button(t("⏳ All wait for goods"), d.HoldMany(**here).pack()))
    back = recall_answers(t, shop_id, draft_id, asked) if asked else ()
    return (
        [back, tuple(answers), tuple(wait), *file_rows(t, here), _tickets(t, digest)]
        if _open(digest, OPEN_STATUSES)
        else []
    )


def _tickets(t: Translator, digest: Digest) -> Row:
    """Return what is done by e-waybills: draw them, ship what was printed."""
    here, row = (digest.factory_id, "batch", digest.draft_id), list[Button]()
    if digest.undrawn:
        row.append(draw_button(t, *here, digest.undrawn))
    if digest.printed:
        row.append(send_button(t, *here, digest.printed))
    return tuple(row)


def recall_answers(t: Translator, shop_id: int, draft_id: int, n: int) -> Row:
    """Return the factory's answers to all it is asked to give back of a batch."""
    place = {"shop": shop_id, "draft": draft_id}
    give = t.plain("↩️ Give all back ({n})", n=n)
    return (
        Button(give, d.AnswerRecalls(**place, agree=1).pack()),
        Button(t("📦 Packed, keep all"), d.AnswerRecalls(**place, agree=0).pack()),
    )


def _open(digest: Digest, statuses: frozenset[AssignmentStatus]) -> int:
    return sum(digest.states.get(one, 0) for one in statuses)


def _ways(t: Translator, digest: Digest) -> list[Row]:
    place = {"shop": digest.factory_id, "draft": digest.draft_id}
    ways = [Button(t("📋 Its orders"), d.ListGiven(**place).pack())]
    if _open(digest, OPEN_STATUSES):
        ways.append(Button(t("☑️ Tick"), d.ListGiven(**place, tick=1).pack()))
    ways.append(Button(t("🗂 Batches"), d.ListBatches(shop=digest.factory_id).pack()))
    return [tuple(ways)]


def batch_list(t: Translator, shop_id: int, rows: Sequence[BatchRow]) -> Screen:
    """Show the last batches with anything open, one button each."""
    text = Lines([t("<b>Batches with open orders</b>"), ""])
    text.add(
        t("Each opens its digest: accept, tick, packing list, slips.")
        if rows
        else t("None. Orders given one by one stand in the list.")
    )
    buttons: list[Row] = [
        (
            Button(
                t.plain("{time} {name} · {open} of {n} open", time=when(t, one.given_at),
                        name=cut(one.merchant_name, 12), open=one.open, n=one.given),
                d.ShowBatch(shop=shop_id, draft=one.draft_id).pack(),
            ),
        )
        for one in rows
    ]  # fmt: skip
    card = CardRef("batches", 0, shop_id)
    return Screen(text.text(), (*buttons, _to_ship(t, shop_id), menu_button(t, shop_id)), card)


def given_list(t: Translator, digest: Digest, page: Page[AssignmentRow], now: datetime) -> Screen:
    """Show a page of everything a batch gave, one button per order."""
    place = {"shop": digest.factory_id, "draft": digest.draft_id}
    n = digest.given
    text = Lines([t.n("🗂 <b>{name}: {n} order</b>", "🗂 <b>{name}: {n} orders</b>", n,
                      name=cut(digest.merchant_name, 30))])  # fmt: skip
    text.add(t("{states}", states=" · ".join(standing_words(t, digest.states))))
    text.add(t("🆕 waits to be accepted. Tap an order for its card."))
    rows: list[Row] = [(_card(t, digest.factory_id, row, now),) for row in page.rows]
    rows.append(_pages(t, place, page))
    if _open(digest, OPEN_STATUSES):
        rows.append((Button(t("☑️ Tick"), d.ListGiven(**place, tick=1).pack()),))
    rows.append((Button(t("⬅️ Digest"), d.ShowBatch(**place).pack()),))
    return Screen(text.text(), tuple(filter(None, rows)), _listed(digest.factory_id))


def tick_screen(
    t: Translator, shop_id: int, draft_id: int, choice: Choice, now: datetime,
    *, here: Cursor | None = None,
) -> Screen:  # fmt: skip
    """Show a page of open orders to tick, and what may be done with what is ticked."""
    place = {"shop": shop_id, "draft": draft_id}
    spot = cursors.pack(here) if here else {}
    n = len(choice.ticked)
    text = Lines([t("<b>Tick orders</b>, on as many pages as you like.")])
    text.add(t("Ticked: <b>{n}</b>. The ticks are yours alone, over all batches.", n=n))
    rows: list[Row] = []
    for row in choice.page.rows:
        words = f"{'☑' if row.id in choice.ticked else '☐'} {_marked(t, row, now)}"
        rows.append((Button(words, d.TickGiven(**place, assignment=row.id, **spot).pack()),))
    if choice.page.rows:
        page = Button(t("☑️ This page"), d.TickGiven(**place, assignment=0, **spot).pack())
        rows += [(page,), _pages(t, place, choice.page, tick=1)]
    else:
        text.gap().add(t("Nothing is open here any more."))
    rows += _ticked_rows(t, shop_id, draft_id, n) if n else []
    back = Button(t("⬅️ Digest"), d.ShowBatch(**place).pack())
    rows.append((back,) if draft_id else _to_ship(t, shop_id))
    return Screen(text.text(), tuple(filter(None, rows)), _listed(shop_id))


def _ticked_rows(t: Translator, shop_id: int, draft_id: int, n: int) -> list[Row]:
    here = {"shop": shop_id, "of": "ticked", "ref": draft_id}
    answers = (
        Button(t.plain("✅ Accept ticked ({n})", n=n), d.AcceptMany(**here).pack()),
        Button(t.plain("❌ Decline ticked ({n})", n=n), d.DeclineMany(**here).pack()),
    )
    wait = Button(t.plain("⏳ Ticked wait for goods ({n})", n=n), d.HoldMany(**here).pack())
    none = Button(t("☐ Untick all"), d.Untick(shop=shop_id, draft=draft_id).pack())
    goods = Button(t("✅ Goods are here"), d.ResumeMany(**here).pack())
    return [answers, (wait, goods), *file_rows(t, here), (none,)]


def packing_screen(t: Translator, shop_id: int, of: str, ref: int, n: int) -> Screen:
    """Say what the packing list is for; sent back to the chat, or as a reply, it ships."""
    text = t.n("📦 {n} order to pack. No recipients in it. Fill in the numbers and send the file "
               "back to me.",
               "📦 {n} orders to pack. No recipients in it. Fill in the numbers and send the file "
               "back to me.", n)  # fmt: skip
    card = CardRef("given", ref, shop_id) if of == "batch" else None
    return Screen(text, (menu_button(t, shop_id),), card)


def _card(t: Translator, shop_id: int, row: AssignmentRow, now: datetime) -> Button:
    pressed = d.ShowAssignment(shop=shop_id, assignment=row.id)
    return Button(_marked(t, row, now), pressed.pack())


def _marked(t: Translator, row: AssignmentRow, now: datetime) -> str:
    mark = {"assigned": "🆕 ", "recall_asked": "↩️ ", "part_shipped": "🚛 ", "shipped": "🚚 "}.get(
        row.status, ""
    )
    return mark + row_words(t, row, now)


def _pages(
    t: Translator, place: Mapping[str, Any], page: Page[AssignmentRow], tick: int = 0
) -> Row:
    ways = ((t("⬅️ Previous"), page.before), (t("Next ➡️"), page.after))
    return tuple(
        Button(words, d.ListGiven(**place, tick=tick, **cursors.pack(cursor)).pack())
        for words, cursor in ways
        if cursor is not None
    )


def _to_ship(t: Translator, shop_id: int) -> Row:
    return (Button(t("📋 To ship"), d.ListOrders(shop=shop_id, tab="to_ship").pack()),)


def _listed(shop_id: int) -> CardRef:
    """A reply to a list must not ship what the message showed before."""
    return CardRef("assignments", 0, shop_id)
