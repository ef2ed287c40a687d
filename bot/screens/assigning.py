"""Assigning: what there is, which factory, the dry run, what was done."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from bot.keyboards import data as d
from bot.keyboards.parts import menu_button
from bot.screens.import_template import template_row
from bot.screens.notes import heard
from bot.screens.screen import Button, CardRef, Lines, Row, Screen
from bot.screens.short import cut, listed, tail
from bot.screens.words import hidden_words, skip_words
from bot.texts import Html, Translator
from core.assignments.assigning import Assigned, DryRun
from core.assignments.selecting import BATCH_LIMIT, NOTHING_READ, Selection
from core.orders.resolving import Resolved
from core.orders.views import BindingRow
from core.text.free_text import HIDDEN
from core.text.free_text import heard as as_heard
from core.values import Skipped

PAGE = 8
OPEN_ENDS = 5  # ends of numbers, each with the orders it may mean
NAMED = 10  # orders named with a reason; the others are counted


def assign_menu(t: Translator, shop_id: int, counts: Mapping[str, int]) -> Screen:
    """Show how many wait, and the two ways to choose among them."""
    n = counts.get("unassigned", 0)
    if not n:
        return Screen(
            t("Nothing to assign. Send me an order export (.xlsx or .csv), or fill in the "
              "template."),
            (template_row(t, shop_id), menu_button(t, shop_id)),
        )  # fmt: skip
    text = Lines([t("<b>Assign</b>"), t.n("{n} order waits.", "{n} orders wait.", n)])
    everything = t.plain("All {n}", n=n)
    if n > BATCH_LIMIT:
        text.add(t("At most {n} go at once, those with the nearest deadline first.", n=BATCH_LIMIT))
        everything = t.plain("The first {n}", n=BATCH_LIMIT)
    ticking = d.ListOrders(shop=shop_id, tab="unassigned", tick=1).pack()
    return Screen(
        text.text(),
        (
            (Button(everything, d.SelectAll(shop=shop_id).pack()),),
            (Button(t("Tick some"), ticking),),
            (Button(t("🤖 Auto-assign rules"), d.ShowRules(shop=shop_id).pack()),),
            menu_button(t, shop_id),
        ),
    )


def choose_factory(  # noqa: PLR0917 - everything the choice is made of
    t: Translator, shop_id: int, chosen: Selection, rows: Sequence[BindingRow], after: int,
    gave_back: Collection[int] = (),
) -> Screen:  # fmt: skip
    """Ask which bound factory gets them; `rows` may hold one more than a page.

    Factories that gave some of these back stand last on the page, and say so.
    """
    if not rows and not after:
        return no_factory(t, shop_id)
    text = t.n("{n} order chosen. Which factory?", "{n} orders chosen. Which factory?", chosen.size)
    buttons: list[Row] = []
    draft_id = chosen.draft_id
    for row in sorted(rows[:PAGE], key=lambda row: row.shop_id in gave_back):
        words = t.plain("{name} · {n} open", name=cut(row.alias or row.name, 24), n=row.open_count)
        if row.shop_id in gave_back:
            words = t.plain("{name} · could not ship", name=cut(row.alias or row.name, 24))
        pressed = d.AssignTo(shop=shop_id, draft=draft_id, factory=row.shop_id).pack()
        buttons.append((Button(words, pressed),))
    if len(rows) > PAGE:
        following = d.AssignTo(shop=shop_id, draft=draft_id, after=rows[PAGE - 1].id).pack()
        buttons.append((Button(t("Next page ➡️"), following),))
    if after:
        first = d.AssignTo(shop=shop_id, draft=draft_id).pack()
        buttons.append((Button(t("⏮ First page"), first),))
    return Screen(text, (*buttons, _no(t, shop_id)))


def no_factory(t: Translator, shop_id: int) -> Screen:
    """Say how the first factory is bound."""
    text = t("No factory is bound yet. Send /bind and the factory's number, or open the factory's "
             "link; once it has confirmed, assign again.")  # fmt: skip
    factories = Button(t("🏭 Factories"), d.OpenMenu(shop=shop_id, place="partners").pack())
    return Screen(text, ((factories,), menu_button(t, shop_id)))


def dry_run_screen(t: Translator, shop_id: int, run: DryRun) -> Screen:
    """Show exactly what confirming does, and what is left out and why."""
    text = Lines([t("<b>Assign to {factory}?</b>", factory=run.factory_name)]).gap()
    text.add(t("Orders: <b>{orders}</b>, pieces: <b>{pieces}</b>",
               orders=run.orders, pieces=run.pieces))  # fmt: skip
    if run.skipped:
        text.gap().add(t.n("{n} is left out:", "{n} are left out:", len(run.skipped)))
        text.add(*skipped_lines(t, run.skipped))
    confirm = Button(
        t.plain("✅ Assign ({n})", n=run.orders),
        d.ConfirmAssign(shop=shop_id, draft=run.draft_id).pack(),
    )
    other = Button(t("Another factory"), d.AssignTo(shop=shop_id, draft=run.draft_id).pack())
    file = (skipped_button(t, shop_id, run.draft_id),) if run.skipped else ()
    return Screen(text.text(), ((confirm,), *file, (other,), _no(t, shop_id)))


def done_screen(
    t: Translator, shop_id: int, done: Assigned, read: Resolved = NOTHING_READ
) -> Screen:
    """Show what was assigned; `read` is what typed numbers meant."""
    text = Lines()
    if done.again:
        text.add(t("Assigned already, nothing happened twice.")).gap()
    if done.orders:
        text.add(t("✅ <b>Assigned to {factory}</b>", factory=done.factory_name))
        text.add(t("Orders: <b>{orders}</b>, pieces: <b>{pieces}</b>",
                   orders=done.orders, pieces=done.pieces))  # fmt: skip
        text.add("" if done.again else t("The factory is being told now."))
    else:
        text.add(t("Nothing was assigned to {factory}.", factory=done.factory_name))
    if done.changed:
        text.gap().add(t.n("{n} was left out:", "{n} were left out:", len(done.changed)))
        text.add(*skipped_lines(t, done.changed))
    text.gap().add(*open_lines(t, read))
    rows = tuple(_done_rows(t, shop_id, done))
    return Screen(text.text(), rows, CardRef("batch", done.draft_id, shop_id))


def standing_screen(t: Translator, shop_id: int, done: Assigned, standing: Sequence[str]) -> Screen:
    """Show how far an assigned batch is by now."""
    text = Lines([t("✅ <b>Assigned to {factory}</b>", factory=done.factory_name)])
    text.add(t("Orders: <b>{orders}</b>, pieces: <b>{pieces}</b>",
               orders=done.orders, pieces=done.pieces))  # fmt: skip
    text.add(t("{states}", states=" · ".join(standing)))
    rows = tuple(_done_rows(t, shop_id, done))
    return Screen(text.text(), rows, CardRef("batch", done.draft_id, shop_id))


def _done_rows(t: Translator, shop_id: int, done: Assigned) -> list[Row]:
    to_ship = d.ListOrders(shop=shop_id, tab="to_ship").pack()
    rest = d.ListOrders(shop=shop_id, tab="unassigned").pack()
    rows: list[Row] = []
    if done.orders:
        back = d.RecallBatch(shop=shop_id, draft=done.draft_id).pack()
        rows.append((Button(t("↩️ Take back"), back),))
    if done.left_out:
        rows.append(skipped_button(t, shop_id, done.draft_id))
    rows.append((Button(t("📋 To ship"), to_ship), Button(t("Still to assign"), rest)))
    return [*rows, menu_button(t, shop_id)]


def open_lines(t: Translator, read: Resolved) -> list[str]:
    """Return which numbers led to no order, and which ends to several."""
    lines: list[str] = []
    if read.unknown:
        words = " ".join(read.unknown)  # an address, too, comes cut at its blanks
        numbers = listed(t, [heard(t, one, 32) for one in read.unknown], NAMED)
        if as_heard(words) == HIDDEN:
            numbers = hidden_words(t)
        lines.append(t("Not among your orders: {numbers}", numbers=numbers))
    for end, several in read.ambiguous[:OPEN_ENDS]:
        numbers = listed(t, [one[-24:] for one in several], NAMED)
        lines.append(t("Several orders end in {end}: {numbers} … Send the whole number.",
                       end=heard(t, end, 32), numbers=numbers))  # fmt: skip
    if len(read.ambiguous) > OPEN_ENDS:
        left = len(read.ambiguous) - OPEN_ENDS
        lines.append(t.n("{n} more end fits several orders.", "{n} more ends fit several orders.",
                         left))  # fmt: skip
    return lines


def skipped_button(t: Translator, shop_id: int, draft_id: int) -> Row:
    """Return the way to the file of what was left out."""
    pressed = d.SkippedFile(shop=shop_id, draft=draft_id).pack()
    return (Button(t("⬇️ File of what is left out"), pressed),)


def skipped_lines(t: Translator, skipped: Sequence[Skipped]) -> list[str]:
    """Return one line per reason: how many, and the ends of the first numbers."""
    by_reason: dict[str, list[str]] = defaultdict(list)
    for one in skipped:
        by_reason[one.reason].append(tail(one.order_no))
    return [
        t("• {reason} ({n}): {numbers}", reason=skip_words(t, reason), n=len(numbers),
          numbers=listed(t, numbers, NAMED))
        for reason, numbers in by_reason.items()
    ]  # fmt: skip


def nothing_to_assign(t: Translator, skipped: Sequence[Skipped]) -> Html:
    """Say why none of the chosen orders can be assigned."""
    text = Lines([t("None of these orders can be assigned now.")])
    text.add(*skipped_lines(t, skipped))
    return Html(text.text())


def none_of_these(t: Translator, read: Resolved) -> Html:
    """Say of each number why it chose nothing."""
    text = Lines([t("None of these numbers chose an order.")]).gap()
    return Html(text.add(*open_lines(t, read)).text())


def working_screen(t: Translator, n: int) -> Screen:
    """Say that so many are being assigned, or taken back."""
    return Screen(t.n("⏳ Working on {n} order …", "⏳ Working on {n} orders …", n))


def gave_up_screen(t: Translator, shop_id: int) -> Screen:
    """Say that it did not work, and that nothing was done."""
    text = t("That did not work, and nothing was changed. Please try again.")
    rest = d.ListOrders(shop=shop_id, tab="unassigned").pack()
    return Screen(text, ((Button(t("Still to assign"), rest),), menu_button(t, shop_id)))


def _no(t: Translator, shop_id: int) -> Row:
    """Return the way out: nothing is assigned until it is confirmed."""
    return (Button(t("Cancel"), d.ListOrders(shop=shop_id, tab="unassigned").pack()),)
