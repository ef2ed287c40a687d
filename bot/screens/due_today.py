"""What the clock tells of days: goods hoped for today, and yesterday when it is told late."""

from collections import Counter
from collections.abc import Sequence

from bot.keyboards import data as d
from bot.screens.days import day_lines
from bot.screens.holding import day as day_words
from bot.screens.screen import Button, Row
from bot.screens.short import listed, tail
from bot.texts import Html, Translator
from core.clock.days import SPANS
from core.clock.digests import ToldDay
from core.clock.groups import Group
from core.ports.clock import DueRow
from core.text.periods import china_day

NAMED = 8  # tags or ends of numbers in a line
GROUPS = 6  # shops of the section
CARDS = 6  # orders that are one press away
DAYS = 3


def holds_lines(t: Translator, holds: Sequence[Group], *, mine: bool) -> list[str]:
    """Return whose goods were hoped for today; `mine`: the reader is to ship them."""
    if not holds:
        return []
    head = t("⏳ <b>You hoped to have the goods today</b>") if mine else t(
        "⏳ <b>The factory hoped to have the goods today</b>")  # fmt: skip
    lines: list[str] = [head]
    lines += [_group(t, one, mine=mine) for one in holds[:GROUPS]]
    left = len(holds) - GROUPS
    lines.append(t.n("… and {n} more shop", "… and {n} more shops", left) if left > 0 else "")
    if mine:
        lines.append(t("Here? Go on, or ship at once. Not yet? Name another day on the card."))
    return [line for line in lines if line]


def _group(t: Translator, group: Group, *, mine: bool) -> Html:
    n = len(group.rows)
    names = [row.tag if mine else tail(row.order_no) for row in group.rows]
    return t.n("{name}: <b>{n}</b> order ({numbers})", "{name}: <b>{n}</b> orders ({numbers})",
               n, name=group.name, numbers=listed(t, names, NAMED))  # fmt: skip


def holds_rows(t: Translator, shop_id: int, holds: Sequence[Group], *, mine: bool) -> list[Row]:
    """Return the ways on: whole batches whose goods are here, and the cards."""
    rows = [row for group in holds for row in group.rows]
    cards = [_card(shop_id, row, mine=mine) for row in rows[:CARDS]]
    opening = [tuple(cards[i : i + 3]) for i in range(0, len(cards), 3)]
    return [*(_go_on(t, shop_id, rows) if mine else ()), *opening]


def _card(shop_id: int, row: DueRow, *, mine: bool) -> Button:
    if mine:
        card = d.ShowAssignment(shop=shop_id, assignment=row.id).pack()
        return Button(f"🏷 {row.tag}", card)
    return Button(f"📄 {tail(row.order_no)}", d.ShowOrder(shop=shop_id, order=row.order_id).pack())


def _go_on(t: Translator, shop_id: int, rows: Sequence[DueRow]) -> list[Row]:
    """Return a press for all of a day: their goods are here."""
    days = Counter(row.held_until for row in rows if row.held_until is not None)
    return [
        (
            Button(
                t.plain("✅ Goods of {day} are here ({n})", day=day_words(day), n=n),
                d.ResumeMany(shop=shop_id, of="day", ref=china_day(day).toordinal()).pack(),
            ),
        )
        for day, n in sorted(days.items())[-DAYS:]
    ]


def day_section(t: Translator, told: ToldDay | None) -> str:
    """Return a 日报 that comes late, in words."""
    return day_lines(t, told).text() if told is not None else ""


def day_row(t: Translator, shop_id: int) -> Row:
    """Return the way to the figures' picture."""
    return (Button(t("📊 Figures"), d.ShowStats(shop=shop_id, days=SPANS[0]).pack()),)
