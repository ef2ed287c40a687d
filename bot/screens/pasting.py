"""A paste, line by line: what has shipped, what was handed back and why, in pages that fit."""

from collections.abc import Sequence
from typing import Literal

from bot.keyboards import data as d
from bot.keyboards.parts import menu_button
from bot.screens.changes import overlooked_words
from bot.screens.screen import Button, CardRef, Lines, Row, Screen
from bot.screens.short import cut, listed, tail
from bot.screens.stops import left_words
from bot.screens.words import assignment_state, carrier_name, stop_words
from bot.texts import Html, Translator, escape
from core.shipments.pasted import Entry, Pasted
from core.text import tracking
from core.text.pasting import REASON_MARK, handed_back

ROOM = 3000  # characters of lines on a page
OVERLOOKED = 20  # tags of orders whose change nobody had seen
LINE = 200  # characters of a line that is handed back

Kind = Literal["refused", "stopped", "other"]
Item = tuple[Kind, str]


def report(t: Translator, shop_id: int, pasted: Pasted, page: int = 0) -> Screen:
    """Say line by line what became of a paste; lines to mend stand in a block of their own."""
    pages = _pages(_items(t, pasted))
    page = min(page, len(pages) - 1)
    text = Lines(_headline(t, pasted)).gap()
    refused = [line for kind, line in pages[page] if kind == "refused"]
    if refused:
        text.add(t("To mend, and send again (what stands behind {mark} is left out):",
                   mark=REASON_MARK))  # fmt: skip
        text.add("<pre>" + "\n".join(refused) + "</pre>").gap()
    stopped = [line for kind, line in pages[page] if kind == "stopped"]
    if stopped:
        text.add(t("⛔ <b>Do not ship these:</b> take the labels off and put the parcels back."))
        text.add(*stopped)
        if pasted.stopped:
            text.add(
                t("Had one left already? Press below: the merchant decides what becomes of it.")
            )
        text.gap()
    text.add(*(line for kind, line in pages[page] if kind == "other"))
    rows: list[Row] = []
    if len(pages) > 1:
        rows.append(_page_row(t, shop_id, pasted.draft_id, page, len(pages)))
    if pasted.stopped:
        left = d.PasteLeft(shop=shop_id, draft=pasted.draft_id)
        over = sum(one.reason == "ended" for one in pasted.stopped)
        rows.append((Button(left_words(t, len(pasted.stopped), over), left.pack()),))
    card = CardRef("numbers", pasted.draft_id, shop_id)
    return Screen(text.text(), (*rows, menu_button(t, shop_id)), card)


def _headline(t: Translator, pasted: Pasted) -> list[str]:
    orders = len({one.order for one in pasted.of("shipped") if not one.left})
    counts = {state: len(pasted.of(state)) for state in ("corrected", "again", "passed")}
    lines: list[str] = [
        t.n("✅ <b>Shipped {n} order</b>", "✅ <b>Shipped {n} orders</b>", orders)
        if orders
        else t("<b>Nothing was shipped</b>")
    ]
    lines += _overlooked_lines(t, pasted)
    if counts["corrected"]:
        lines.append(t.n("✏️ Corrected: {n} line", "✏️ Corrected: {n} lines", counts["corrected"]))
    if counts["again"]:
        lines.append(t.n("↩️ Had shipped with the same number: {n} line",
                         "↩️ Had shipped with the same number: {n} lines",
                         counts["again"]))  # fmt: skip
    lines += _left_lines(t, pasted)
    waiting, stopped = len(pasted.of("waiting")), sum(map(_stopped, pasted.entries))
    refused = len(pasted.of("refused")) - stopped
    if waiting:
        lines.append(t.n("❓ To be answered below: {n} line",
                         "❓ To be answered below: {n} lines", waiting))  # fmt: skip
    if refused:
        lines.append(t.n("⚠️ Not shipped: {n} line", "⚠️ Not shipped: {n} lines", refused))
    if stopped:
        lines.append(t.n("⛔ Do not ship: {n} line", "⛔ Do not ship: {n} lines", stopped))
    if counts["passed"]:
        lines.append(t.n("⏭ Left out by you: {n} line", "⏭ Left out by you: {n} lines",
                         counts["passed"]))  # fmt: skip
    if pasted.blank:
        lines.append(t.n("Row without a number, passed over: {n}",
                         "Rows without a number, passed over: {n}", pasted.blank))  # fmt: skip
    return lines


def _overlooked_lines(t: Translator, pasted: Pasted) -> list[str]:
    """Return what to check in parcels whose changes nobody had seen."""
    lines: list[str] = []
    for kind in ("recipient", "contents"):
        tags = {one.tag: None for one in pasted.entries if one.overlooked == kind}
        if tags:
            shown = listed(t, list(tags), OVERLOOKED)
            lines.append(t("{what} <b>{tags}</b>", what=overlooked_words(t, kind), tags=shown))
    return lines


def _left_lines(t: Translator, pasted: Pasted) -> list[str]:
    """Return how many parcels had left though they must not, which the merchant decides about."""
    kept, lines = [one for one in pasted.of("shipped") if one.left], list[str]()
    left = len({one.order for one in kept if not one.over})
    if left:
        lines.append(t.n("🚨 Left before it was stopped: {n} order, the merchant is asked",
                         "🚨 Left before they were stopped: {n} orders, the merchant is asked",
                         left))  # fmt: skip
    over = len({one.order for one in kept if one.over})
    if over:
        lines.append(t.n("🚨 Not with you any more, but left: {n} order, the merchant is asked",
                         "🚨 Not with you any more, but left: {n} orders, the merchant is asked",
                         over))  # fmt: skip
    return lines


def _items(t: Translator, pasted: Pasted) -> list[Item]:
    """Return the lines in the order they are needed: to mend, stopped, asked, done."""
    refused: list[Item] = [
        (
            "refused",
            f"{escape(cut(handed_back(one.text), LINE))} {REASON_MARK} {reason_words(t, one)}",
        )
        for one in pasted.of("refused")
        if not _stopped(one)
    ]
    stopped: list[Item] = [
        ("stopped", _stopped_line(t, one)) for one in pasted.entries if _stopped(one)
    ]
    marks = {"waiting": "❓", "corrected": "✏️", "shipped": "✅", "again": "↩️", "passed": "⏭"}
    others: list[Item] = [
        ("other", f"{mark} {_line(t, one)}")
        for state, mark in marks.items()
        for one in pasted.entries
        if one.state == state
    ]
    return [*refused, *stopped, *others]


def _stopped(entry: Entry) -> bool:
    """Return whether nothing is to be mended in a line: its order must not be shipped any more."""
    return entry.state == "refused" and entry.reason in ("stopped", "ended", "undone")


def _stopped_line(t: Translator, entry: Entry) -> str:
    words = assignment_state if entry.reason == "undone" else stop_words
    return t("⛔ {line} · <b>{reason}</b>", line=Html(_line(t, entry)),
             reason=words(t, entry.detail))  # fmt: skip


def _line(t: Translator, entry: Entry) -> str:
    if not entry.tag:
        return escape(cut(handed_back(entry.text), LINE))
    numbers = t.plain(", ").join(
        f"{carrier_name(t, one.carrier)} {one.number}" if one.carrier else one.number
        for one in entry.numbers
    )
    if entry.state == "corrected":
        return t("<b>{tag}</b> {order} · {old} → {numbers}", tag=entry.tag,
                 order=tail(entry.order_no), old=entry.detail, numbers=numbers)  # fmt: skip
    line = t("<b>{tag}</b> {order} · {numbers}", tag=entry.tag, order=tail(entry.order_no),
             numbers=numbers)  # fmt: skip
    if entry.over and entry.state in ("again", "shipped"):
        words = {"again": t("kept before"), "shipped": t("kept, the merchant is asked")}
        return f"{line} · {words[entry.state]}"
    if entry.state == "shipped" and entry.left:
        return t("{line} · left before the stop, the merchant is asked", line=Html(line))
    if entry.state == "shipped" and entry.detail:
        rest = t.n("{n} piece still to ship", "{n} pieces still to ship", int(entry.detail))
        return f"{line} · {rest}"
    return line


def _pages(items: Sequence[Item]) -> list[list[Item]]:
    pages: list[list[Item]] = [[]]
    room = ROOM
    for item in items:
        room -= len(item[1]) + 1
        if room < 0 and pages[-1]:
            pages.append([])
            room = ROOM - len(item[1])
        pages[-1].append(item)
    return pages


def _page_row(t: Translator, shop_id: int, draft_id: int, page: int, pages: int) -> Row:
    def at(place: int) -> str:
        return d.ShowPaste(shop=shop_id, draft=draft_id, page=place).pack()

    here = t.plain("{n} / {all}", n=page + 1, all=pages)
    row = [Button("◀️", at(page - 1))] if page else []
    row.append(Button(here, at(page)))
    if page + 1 < pages:
        row.append(Button("▶️", at(page + 1)))
    return tuple(row)


def reason_words(t: Translator, entry: Entry) -> str:
    """Return why a line was handed back, short enough to stand behind it."""
    if entry.reason == "beyond":
        counted, left = entry.detail.split("/")
        return t("{counted} pieces counted, {left} left", counted=counted, left=left)
    if entry.reason == "anew":
        return t("yours again as {tag}: put that before the number", tag=entry.detail)
    return {
        "no_order": t("no order of yours"),
        "no_tag": t("which order? Put its tag before the number"),
        "no_number": t("no number"),
        "two_orders": t("names two orders"),
        "many_orders": t("fits more than {n} orders", n=8),
        "unclear": t("which is the number?"),
        "mangled": t("rounded by a spreadsheet: type the whole number"),
        "shipped_before": t("has shipped already: correct it on its card"),
        tracking.TrackingTooShort.__name__: t("number too short"),
        tracking.TrackingTooLong.__name__: t("number too long"),
        tracking.TrackingOddCharacters.__name__: t("no tracking number"),
        tracking.TrackingNoDigits.__name__: t("no tracking number"),
        tracking.TrackingIsPhone.__name__: t("a phone number, not a tracking number"),
        tracking.TrackingWrongCheckDigit.__name__: t("mistyped: its check digit does not fit"),
    }[entry.reason]


def too_many_lines(t: Translator, lines: int, limit: int) -> str:
    """Say that a paste is too long, and that nothing of it was done."""
    return t("{n} lines are too many: at most {limit} at once. Nothing was shipped; please send "
             "them in several parts.", n=lines, limit=limit)  # fmt: skip


def expired(t: Translator, shop_id: int) -> Screen:
    """Say that a paste is forgotten: what had shipped stays shipped."""
    text = t("These lines are a day old and forgotten. What has shipped stays shipped; send the "
             "other lines again.")  # fmt: skip
    return Screen(text, (menu_button(t, shop_id),))
