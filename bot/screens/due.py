"""What the clock tells, as one message: a section for each kind, and what can be done about it."""

from collections.abc import Sequence

from bot.keyboards import data as d
from bot.keyboards.parts import menu_button
from bot.screens import due_asked, due_today
from bot.screens.screen import Button, Lines, Row, Screen
from bot.screens.short import cut, listed, tail
from bot.texts import Html, Translator
from core.clock.due import TOGETHER, Due
from core.clock.groups import Group
from core.orders.standing import stop_reason
from core.ports.clock import DueRow, WaitingRow

NAMED = 8  # tags or ends of numbers in a line
GROUPS = 6  # factories of a section
NAME = 12


def due_screen(t: Translator, shop_id: int, due: Due) -> Screen:
    """Show everything that fell due for a shop."""
    text = Lines()
    for section in (
        _stopped(t, [row for row in due.unseen if _stops(row)]),
        _near(t, due),
        _waiting(t, due),
        _unseen(t, [row for row in due.unseen if not _stops(row)]),
        _late(t, due.late),
        _silent(t, due.silent),
        _ignored_stops(t, _of(due.ignored, stops=True)),
        _ignored(t, _of(due.ignored, stops=False)),
        _unanswered(t, due.unanswered),
        due_today.holds_lines(t, due.holds, mine=due.mine),
        [due_today.day_section(t, due.day)],
    ):
        text.gap().add(*section)
    return Screen(text.text(), (*_rows(t, shop_id, due), menu_button(t, shop_id)))


def _near(t: Translator, due: Due) -> list[str]:
    late = all(hours == 0 for hours, _ in due.near)
    title = t("⏰ <b>Past the deadline</b>") if late else t("⏰ <b>Ship soon</b>")
    lines = _by_hours(t, due.near, title)
    return [*lines, t("… and more further on")] if due.more else lines


def _waiting(t: Translator, due: Due) -> list[str]:
    lines = _by_hours(t, due.waiting, t("📤 <b>Still to assign</b>"))
    return [*lines, t("… and more further on")] if due.waiting_more else lines


def _by_hours(
    t: Translator, near: Sequence[tuple[int, Sequence[DueRow | WaitingRow]]], title: Html
) -> list[str]:
    if not near:
        return []
    lines: list[str] = [title]
    for hours, rows in near:
        n = len(rows)
        if hours:
            head = t.n("due within {hours} h: <b>{n}</b> order", "due within {hours} h: <b>{n}</b> "
                       "orders", n, hours=hours)  # fmt: skip
        else:
            head = t.n("late: <b>{n}</b> order", "late: <b>{n}</b> orders", n)
        lines.append(_with_tags(t, head, rows))
    return lines


def _stops(row: DueRow) -> bool:
    """Return whether a parcel must be kept from leaving: not if it has left."""
    return row.status != "shipped" and stop_reason(row, row.extra) is not None


def _of(groups: Sequence[Group], *, stops: bool) -> list[Group]:
    """Return the groups with only those that must not be shipped, or without them."""
    kept = [one._replace(rows=[row for row in one.rows if _stops(row) == stops]) for one in groups]
    return [one for one in kept if one.rows]


def _stopped(t: Translator, rows: Sequence[DueRow]) -> list[str]:
    if not rows:
        return []
    n = len(rows)
    head = t.n("⛔⛔ <b>Do not ship: {n} order was stopped, and nobody has pressed “Seen”</b>",
               "⛔⛔ <b>Do not ship: {n} orders were stopped, and nobody has pressed “Seen”</b>",
               n)  # fmt: skip
    return [head, _tags(t, rows),
            t("Keep the parcels back. Gone already? Reply to the order's card with the number: "
              "the merchant decides.")]  # fmt: skip


def _unseen(t: Translator, rows: Sequence[DueRow]) -> list[str]:
    if not rows:
        return []
    n = len(rows)
    head = t.n("👀 <b>{n} changed order was not looked at yet</b>",
               "👀 <b>{n} changed orders were not looked at yet</b>", n)  # fmt: skip
    hint = t("Look at what changed before you pack, and press “Seen”.")
    if all(row.status == "shipped" for row in rows):
        hint = t("Their parcels have left: look whether the carrier must redirect or stop them, "
                 "and press “Seen”.")  # fmt: skip
    return [head, _tags(t, rows), hint]


def _late(t: Translator, groups: Sequence[Group]) -> list[str]:
    if not groups:
        return []
    return [t("⏰ <b>Not shipped by the deadline</b>"), *_groups(t, groups)]


def _silent(t: Translator, groups: Sequence[Group]) -> list[str]:
    if not groups:
        return []
    head = t("🔕 <b>Nothing done yet</b>: not accepted, looked at or shipped")
    return [head, *_groups(t, groups)]


def _ignored_stops(t: Translator, groups: Sequence[Group]) -> list[str]:
    if not groups:
        return []
    head = t("⛔ <b>Stops the factory has not looked at</b>. Call them now, before it ships.")
    return [head, *_groups(t, groups)]


def _ignored(t: Translator, groups: Sequence[Group]) -> list[str]:
    if not groups:
        return []
    head = t("👀 <b>Changes the factory has not looked at</b>. Call them.")
    return [head, *_groups(t, groups)]


def _unanswered(t: Translator, groups: Sequence[Group]) -> list[str]:
    if not groups:
        return []
    return [t("↩️ <b>You asked for these back, the factory has not answered</b>"),
            *_groups(t, groups)]  # fmt: skip


def _groups(t: Translator, groups: Sequence[Group]) -> list[str]:
    lines: list[str] = []
    for group in groups[:GROUPS]:
        shown = listed(t, [tail(row.order_no) for row in group.rows], NAMED)
        n = len(group.rows)
        lines.append(
            t.n("{name}: <b>{n}</b> order ({numbers})", "{name}: <b>{n}</b> orders ({numbers})",
                n, name=group.name, numbers=shown)
        )  # fmt: skip
    left = len(groups) - GROUPS
    if left > 0:
        lines.append(t.n("… and {n} more factory", "… and {n} more factories", left))
    return lines


def _with_tags(t: Translator, head: Html, rows: Sequence[DueRow | WaitingRow]) -> Html:
    names = [row.tag if isinstance(row, DueRow) else tail(row.order_no) for row in rows]
    return t("{head} · {tags}", head=head, tags=listed(t, names, NAMED))


def _tags(t: Translator, rows: Sequence[DueRow]) -> Html:
    return listed(t, [row.tag for row in rows], NAMED)


def _rows(t: Translator, shop_id: int, due: Due) -> list[Row]:
    rows: list[Row] = []
    for group in due.silent[:GROUPS]:
        alone = len(due.silent) == 1 and not due.unanswered
        rows += _silent_rows(t, shop_id, group, alone=alone)
    for group in due.unanswered[:GROUPS]:
        rows += due_asked.answers(t, shop_id, group)
    for group in due.ignored[:GROUPS]:
        first = group.rows[0]
        card = d.ShowOrder(shop=shop_id, order=first.order_id).pack()
        rows.append((Button(t.plain("📄 {order}", order=tail(first.order_no)), card),))
    rows += due_today.holds_rows(t, shop_id, due.holds, mine=due.mine)
    if due.waiting:
        assign = d.OpenMenu(shop=shop_id, place="assign").pack()
        rows.append((Button(t("📤 Assign"), assign),))
    late = Button(t.plain("⏰ Late orders"), d.ListLate(shop=shop_id).pack())
    to_ship = Button(t("📋 To ship"), d.ListOrders(shop=shop_id, tab="to_ship").pack())
    if due.near:
        overdue = any(hours == 0 for hours, _ in due.near)
        rows.append((late, to_ship) if overdue else (to_ship,))
    if due.late or any(hours == 0 for hours, _ in due.waiting):
        rows.append((late,))
    if due.unseen:
        changed = d.ListOrders(shop=shop_id, tab="changed").pack()
        rows.append((Button(t("👀 See changes"), changed),))
    if due.day is not None:
        rows.append(due_today.day_row(t, shop_id))
    return rows


def nudged_screen(t: Translator, shop_id: int, merchant: str, rows: Sequence[DueRow]) -> Screen:
    """Tell the factory that the merchant waits for it."""
    n = len(rows)
    text = Lines([
        t.n("📣 <b>{name} waits for you</b>: {n} order",
            "📣 <b>{name} waits for you</b>: {n} orders", n, name=merchant),
        _tags(t, rows),
        t("Accept what you will ship, decline what you cannot: then they know."),
    ])  # fmt: skip
    to_ship = Button(t("📋 To ship"), d.ListOrders(shop=shop_id, tab="to_ship").pack())
    return Screen(text.text(), ((to_ship,), menu_button(t, shop_id)))


def nudge_done(t: Translator, shop_id: int, group: Group) -> Screen:
    """Say that the factory was told."""
    n = len(group.rows)
    line = t.n("📣 {name} has been told again of {n} order. If nothing happens, you hear from me.",
               "📣 {name} has been told again of {n} orders. If nothing happens, you hear from me.",
               n, name=group.name)  # fmt: skip
    return Screen(line, (_take_back(t, shop_id, group), menu_button(t, shop_id)))


def ask_take_back(t: Translator, shop_id: int, group: Group) -> Screen:
    """Ask before what a silent factory has is taken from it."""
    n = len(group.rows)
    text = Lines([
        t.n("Take {n} order back from {name}? It waits to be assigned again.",
            "Take {n} orders back from {name}? They wait to be assigned again.",
            n, name=group.name),
        listed(t, [tail(row.order_no) for row in group.rows], NAMED),
    ])  # fmt: skip
    if n >= TOGETHER:
        text.add(t("That is as many as go at once; press again for the rest."))
    return Screen(text.text(), (_take_back(t, shop_id, group, sure=1), menu_button(t, shop_id)))


def taken_back(t: Translator, shop_id: int, n: int) -> Screen:
    """Say what came back."""
    line = t.n("↩️ {n} order is back and waits to be assigned.",
               "↩️ {n} orders are back and wait to be assigned.", n)  # fmt: skip
    rest = Button(t("Still to assign"), d.ListOrders(shop=shop_id, tab="unassigned").pack())
    return Screen(line, ((rest,), menu_button(t, shop_id)))


def _take_back(t: Translator, shop_id: int, group: Group, sure: int = 0) -> Row:
    n = len(group.rows)
    words = t.plain("↩️ Take back ({n})", n=n)
    pressed = d.RecallSilent(shop=shop_id, binding=group.binding_id, sure=sure)
    return (Button(words, pressed.pack()),)


def _silent_rows(t: Translator, shop_id: int, group: Group, *, alone: bool) -> list[Row]:
    """Return what can be done about a silent factory; one of several is called by its name."""
    name, place = cut(group.name, NAME), {"shop": shop_id, "binding": group.binding_id}
    nudge, back = d.Nudge(**place).pack(), d.RecallSilent(**place).pack()
    if alone:
        words = t("📣 Nudge the factory"), t("↩️ Take back")
        return [(Button(words[0], nudge), Button(words[1], back))]
    return [
        (Button(t.plain("📣 Nudge {name}", name=name), nudge),),
        (Button(t.plain("↩️ Take back from {factory}", factory=name), back),),
    ]
