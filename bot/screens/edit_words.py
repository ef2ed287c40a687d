"""Words for changing an order by hand: how far a factory is, who is told, what was refused."""

from collections.abc import Callable, Sequence
from typing import Any

from bot.screens.diffs import alarms, diff_lines
from bot.screens.notes import heard
from bot.screens.short import bounded, cut
from bot.screens.words import extra_name, stop_words, when
from bot.texts import Html, Translator
from core.changes import edit_errors as wrong
from core.changes.edit_views import Edited, EditView, WorkDone
from core.errors import CoreError
from core.imports.changed_orders import ChangedOrder

SHOWN = 12  # differences named
ROOM = 1500
NAME = 24
# Addresses are Chinese in every language.
EXAMPLE = "张三 13800000000 浙江省金华市义乌市示例路 1 号"
EXAMPLE_OF_ONE = "电话：13800000000"


def work_lines(t: Translator, view: EditView) -> list[str]:
    """Return one line per factory that has the order: what it has done so far."""
    return bounded(t, [_work(t, one) for one in view.work], most=5, room=700)


def _work(t: Translator, one: WorkDone) -> Html:
    kind = extra_name(t, one.extra) if one.extra else Html("🏭")
    return t("{kind} {factory} · <code>{tag}</code>: {done}", kind=kind,
             factory=cut(one.factory_name, NAME), tag=one.tag, done=_done(t, one))  # fmt: skip


def _done(t: Translator, one: WorkDone) -> Html:
    done: list[Html] = []
    if one.accepted:
        done.append(t("has accepted"))
    if one.looked:
        done.append(t("recipient looked at or printed"))
    if one.status == "held":
        done.append(t("waits for goods"))
    if one.shipped >= one.owed > 0:
        done.append(t("all shipped ({n})", n=one.shipped))
    elif one.shipped:
        done.append(t("{n} of {all} shipped", n=one.shipped, all=one.owed))
    return Html(t(", ").join(done)) if done else t("nothing done yet")


def changed_words(t: Translator, done: Edited) -> list[str]:
    """Return what was changed, old → new, who is told, and what is left to do by hand."""
    lines: list[str] = [t("✅ <b>Changed: order</b> <code>{number}</code>",
                          number=done.view.order.order_no), ""]  # fmt: skip
    lines += difference(t, done.diffs)
    lines += ["", _told(t, done)]
    at_factory = any(one.shipped < one.owed for one in done.view.work)
    order_no = done.view.order.order_no
    lines += alarms(t, ChangedOrder(order_no, done.diffs, at_factory, done.view.left))
    return lines


def difference(t: Translator, diffs: Sequence[dict[str, Any]]) -> list[str]:
    """Return the differences, as many as fit."""
    return bounded(t, [f"• {line}" for line in diff_lines(t, diffs)], most=SHOWN, room=ROOM)


def moved_words(t: Translator, done: Edited) -> str:
    """Say that nothing was changed, as the order has moved on meanwhile, and how."""
    first = t("⚠️ <b>Not changed yet:</b> the order has changed since this was begun.")
    again = t("Look at how it stands now, then once more.")
    return "\n".join([first, *difference(t, done.diffs), again])


def _told(t: Translator, done: Edited) -> Html:
    if done.told:
        names = t.plain(", ").join(cut(one, NAME) for one in done.told)
        return t("📣 Told: {factories}", factories=names)
    if not done.view.work:
        return t("No factory has this order yet, so nobody needs to be told.")
    return t("No factory needs to be told.")


def part_names(t: Translator, parts: Sequence[str]) -> str:
    """Return the parts of a recipient in words, in a row."""
    names = {
        "name": t.plain("name"),
        "phone": t.plain("phone"),
        "address": t.plain("address"),
        "region": t.plain("province, city and district"),
        "detail": t.plain("street and house number"),
    }
    return t.plain(", ").join(names[part] for part in parts)


def _over(t: Translator, error: wrong.OrderOver) -> Html:
    return t("This order cannot be changed any more: {reason}.",
             reason=stop_words(t, error.reason))  # fmt: skip


EDIT_WORDS: dict[type[CoreError], Callable[[Translator, Any], Html]] = {
    wrong.OrderOver: _over,
    wrong.OrderErased: lambda t, _: t(
        "The order was over long ago and its recipient is erased, as the rules ask. To send "
        "something more, make a new order."
    ),
    wrong.BelowShipped: lambda t, e: t.n(
        "{n} of {product} is in a parcel already: it cannot be fewer.",
        "{n} of {product} are in parcels already: it cannot be fewer.", e.shipped,
        product=cut(e.product, 30),
    ),
    wrong.NoLineLeft: lambda t, _: t(
        "Nothing would be left of the order. To stop it, choose “Cancel order” instead."
    ),
    wrong.RecipientUnclear: lambda t, _: t(
        "I found no name, phone or address in that. Send them in one message, for example:\n"
        "<code>{all}</code>\nTo change one thing only: <code>{one}</code>",
        all=EXAMPLE, one=EXAMPLE_OF_ONE,
    ),
    wrong.RecipientUnready: lambda t, e: t(
        "Still missing: {parts}. Send it and I put it in.", parts=part_names(t, e.missing)
    ),
    wrong.DeadlineUnclear: lambda t, e: t(
        "“{text}” is not clear as a time. Send one such as 11-28 18:00, or press a button.",
        text=heard(t, e.text, 40),
    ),
    wrong.DeadlinePast: lambda t, e: t(
        "{time} is over already. Send a later time, such as 11-28 18:00, or press a button.",
        time=when(t, e.moment),
    ),
    wrong.DeadlineFar: lambda t, e: t(
        "That is more than {n} days away. Please choose an earlier one.", n=e.days
    ),
    wrong.CountUnclear: lambda t, e: t(
        "Press the line first, then send how many pieces: a number from 0 to {most}.", most=e.most
    ),
}  # fmt: skip
