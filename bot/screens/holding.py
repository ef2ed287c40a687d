"""缺货等待 and 申请撤回 on the cards of both sides, and the questions they begin with."""

from dataclasses import replace
from datetime import datetime

from bot.keyboards import data as d
from bot.keyboards.parts import ask_in_words
from bot.screens.notes import said
from bot.screens.screen import Button, CardRef, Lines, Row, Screen
from bot.screens.short import cut
from bot.screens.words import CHINA
from bot.texts import Html, Translator
from core.answers.fulfilling import REASON_LIMIT
from core.answers.holding import DAYS_LIMIT
from core.answers.recall_asking import ASKABLE
from core.assignments.recalling import recall_refusal
from core.entities import Assignment, Order
from core.entities.assignment import ASSIGNMENT_MOVES
from core.ids import key
from core.orders.views import AssignmentCard, OrderCard, PartView

SPANS = (1, 2, 3, 7)  # days that are one press


def day(moment: datetime) -> str:
    """Return a day as people here read it, in China time."""
    return moment.astimezone(CHINA).strftime("%m-%d")


def list_mark(t: Translator, held_until: datetime | None, *, asked: bool) -> str:
    """Return what an order waits for, in a line of either list; empty when for nothing."""
    if asked:
        return t.plain("↩️ asked back")
    return t.plain("⏳ {day}", day=day(held_until)) if held_until is not None else ""


def held_words(t: Translator, given: Assignment) -> Html:
    """Return until when a factory waits for goods, and why."""
    if given.held_until is None:
        return t("Waiting for goods")
    until = day(given.held_until)
    if given.held_reason:
        return t("⏳ Waiting for goods until <b>{day}</b>: {reason}", day=until,
                 reason=said(t, given.held_reason, REASON_LIMIT))  # fmt: skip
    return t("⏳ Waiting for goods until <b>{day}</b>", day=until)


def _late(t: Translator, given: Assignment, order: Order) -> str:
    """Warn where the day is after the deadline."""
    if given.held_until is None or order.ship_by is None or given.extra:
        return ""
    if given.held_until.astimezone(CHINA).date() <= order.ship_by.astimezone(CHINA).date():
        return ""
    return t("⚠️ That is after the deadline, {day}.", day=day(order.ship_by))


def merchant_lines(t: Translator, card: OrderCard) -> list[str]:
    """Return what is waited for on the merchant's card."""
    if card.assignment is None or card.parts:  # those say it beside each factory: `part_lines`
        return []
    return waited_for(t, card.assignment, card.order)


def waited_for(t: Translator, given: Assignment, order: Order) -> list[str]:
    """Return what the merchant waits for of one factory."""
    if given.status == "held":
        agreed = t("You have agreed to wait.") if given.held_agreed_at else ""
        return [line for line in (held_words(t, given), _late(t, given, order), agreed) if line]
    if given.status == "recall_asked":
        return [t("↩️ You have asked for it back; the factory has not answered yet.")]
    if given.recall_asked_by is not None and given.status in ("part_shipped", "shipped"):
        return [t("↩️ You had asked for it back: it was shipped all the same.")]
    return []


def merchant_rows(t: Translator, card: OrderCard) -> list[Row]:
    """Return what the merchant may ask of the factory: 撤回, 申请撤回, 同意等待."""
    if card.assignment is None or card.parts:  # those have their own: `part_rows`
        return []
    return list(filter(None, [_buttons(t, card.order.merchant_id, card.assignment)]))


def part_row(t: Translator, shop_id: int, part: PartView) -> Row:
    """Return the same for what one factory has of a split order, each button with its name."""
    name = cut(part.factory_name, 12)
    return tuple(
        replace(one, text=t.plain("{what} · {factory}", what=one.text, factory=name))
        for one in _buttons(t, shop_id, part.assignment)
    )


def _buttons(t: Translator, shop_id: int, given: Assignment) -> Row:
    place = {"shop": shop_id, "assignment": key(given)}
    if given.status == "held":
        wait = Button(t("👌 Wait for it"), d.AgreeHold(**place).pack())
        elsewhere = Button(t("↩️ To another factory"), d.Elsewhere(**place).pack())
        return (elsewhere,) if given.held_agreed_at else (wait, elsewhere)
    if given.status == "recall_asked":
        return (Button(t("Ask no more"), d.Unask(**place).pack()),)
    words: dict[str | None, Html] = dict.fromkeys(ASKABLE, t("↩️ Ask for it back"))
    words[None] = t("↩️ Take back")
    way = words.get(recall_refusal(given))
    return (Button(way, d.Recall(**place).pack()),) if way else ()


def factory_lines(t: Translator, card: AssignmentCard) -> list[str]:
    """Return what is waited for on the factory's card."""
    given = card.assignment
    if given.status == "held":
        agreed = t("The merchant agrees to wait.") if given.held_agreed_at else ""
        return [held_words(t, given), _late(t, given, card.order), agreed]
    if given.status == "recall_asked" and card.stopped is None:
        return [t("↩️ <b>The merchant asks for it back.</b> Packed already? Say so, or just ship "
                  "it.")]  # fmt: skip
    return []


def factory_rows(t: Translator, card: AssignmentCard) -> list[Row]:
    """Return the factory's answers to being asked back, and the ways in and out of waiting."""
    given = card.assignment
    place = {"shop": given.factory_id, "assignment": key(given)}
    if given.status == "recall_asked":
        return [
            (
                Button(t("↩️ Give it back"), d.AnswerRecall(**place, agree=1).pack()),
                Button(t("📦 Packed, keep it"), d.AnswerRecall(**place, agree=0).pack()),
            )
        ]
    if card.stopped is not None:
        return []
    if given.status == "held":
        resume = Button(t("✅ Goods are here"), d.Resume(**place).pack())
        return [(resume, Button(t("⏳ Another day"), d.Hold(**place).pack()))]
    return []


def hold_button(t: Translator, card: AssignmentCard) -> Row:
    """Return the way into waiting, where there is one."""
    given = card.assignment
    if given.status == "held" or "held" not in ASSIGNMENT_MOVES[given.status] or card.stopped:
        return ()
    pressed = d.Hold(shop=given.factory_id, assignment=key(given))
    return (Button(t("⏳ Wait for goods"), pressed.pack()),)


def ask_days(t: Translator, card: AssignmentCard) -> Screen:
    """Ask until when the factory waits."""
    given = card.assignment
    place = {"shop": given.factory_id, "assignment": key(given)}
    text = Lines([t("⏳ <b>{tag}</b>: when will you have the goods?", tag=given.tag)])
    text.add(t("The merchant is told, and may wait or take the order back. On that day I remind "
               "you both."))  # fmt: skip
    spans = [Button(span(t, n), d.Hold(**place, days=n).pack()) for n in SPANS]
    other = Button(t("Another day …"), d.HoldTyped(**place).pack())
    back = Button(t("⬅️ Back"), d.ShowAssignment(**place).pack())
    rows = (tuple(spans[:2]), tuple(spans[2:]), (other,), (back,))
    return Screen(text.text(), rows, CardRef("assignment", key(given), given.factory_id))


def span(t: Translator, n: int) -> str:
    """Return a number of days from now, on a button."""
    return t.plain("Tomorrow") if n == 1 else t.plain("In {n} days", n=n)


def ask_day(t: Translator, card: AssignmentCard, *, private: bool) -> Screen:
    """Ask for the day in words, and why."""
    given = card.assignment
    text = t("When will <b>{tag}</b> have its goods? Send a day within {limit} days, and why if "
             "you like: <code>12-05 mould broken</code>, <code>3 days</code>.",
             tag=given.tag, limit=DAYS_LIMIT)  # fmt: skip
    place = CardRef("hold", key(given), given.factory_id)
    hint = t.plain("Goods for {tag} come on …", tag=given.tag)
    return ask_in_words(t, text, place, hint, private=private)
