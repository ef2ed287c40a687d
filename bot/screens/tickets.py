"""E-waybills in chat: which carrier, what was drawn, shipping what was printed, giving back."""

from collections.abc import Sequence

from bot.keyboards import data as d
from bot.keyboards.parts import menu_button
from bot.screens.screen import Button, CardRef, Lines, Row, Screen
from bot.screens.short import listed
from bot.screens.ticket_buttons import draw_button
from bot.screens.ticket_words import NAMED, ticket_why, why_lines
from bot.screens.words import carrier_name
from bot.texts import Html, Translator
from core.entities import Job, Ticket
from core.text.carriers import CARRIERS, OTHER
from core.tickets.drawing import Wanted
from core.tickets.leaving import SentOff
from core.tickets.turns import TicketResult

LIKELY = 4  # carriers offered before all of them
ALL = "all"


def ask_carrier(t: Translator, pressed: d.DrawTickets, wanted: Wanted, rest: int) -> Screen:
    """Ask by which carrier they go: the last one used first."""
    n = len(wanted.ids)
    text = Lines([t.n("🧾 <b>An e-waybill for {n} order: by which carrier?</b>",
                      "🧾 <b>E-waybills for {n} orders: by which carrier?</b>", n)])  # fmt: skip
    text.add(t("The platform gives a number for each; nobody sees the address, the carrier knows "
               "it by the number."))  # fmt: skip
    if rest:
        text.add(t.n("{n} more comes after these.", "{n} more come after these.", rest))
    if wanted.without:
        text.gap().add(t("Not among them:"))
        text.add(*why_lines(t, [(one.tag, one.reason) for one in wanted.without]))
    every = [one for one in CARRIERS if one != OTHER]
    ranked = list(dict.fromkeys([*wanted.carriers, *every]))
    shown = every if pressed.carrier == ALL else [one for one in ranked if one != OTHER][:LIKELY]
    rows = _carriers(t, pressed, shown)
    if pressed.carrier != ALL:
        more = pressed.model_copy(update={"carrier": ALL})
        rows.append((Button(t("Another carrier …"), more.pack()),))
    return Screen(text.text(), (*rows, menu_button(t, pressed.shop)))


def _carriers(t: Translator, pressed: d.DrawTickets, shown: Sequence[str]) -> list[Row]:
    buttons = [
        Button(carrier_name(t, code), pressed.model_copy(update={"carrier": code}).pack())
        for code in shown
    ]
    return [tuple(buttons[i : i + 2]) for i in range(0, len(buttons), 2)]


def drawing(t: Translator, n: int) -> Screen:
    """Show that the platform is being asked."""
    return Screen(t.n("🧾 Asking the platform for {n} e-waybill …",
                      "🧾 Asking the platform for {n} e-waybills …", n))  # fmt: skip


def drawn(
    t: Translator, pressed: d.DrawTickets, results: Sequence[TicketResult], rest: int
) -> Screen:
    """Say what was drawn, what was not and why, and offer to print."""
    done = [one for one in results if one.number]
    n, failed = len(done), [(one.tag, one.why) for one in results if not one.number]
    text = Lines([])
    if n:
        names = ", ".join(dict.fromkeys(carrier_name(t, one.carrier) for one in done))
        text.add(t.n("✅ <b>{n} e-waybill drawn</b> · {carrier}",
                     "✅ <b>{n} e-waybills drawn</b> · {carrier}", n, carrier=names))  # fmt: skip
        if n <= NAMED:
            text.add(*(t("{tag} <code>{number}</code>", tag=one.tag, number=one.number)
                       for one in done))  # fmt: skip
        text.gap().add(t("Print them now; the numbers are kept."))
    if failed:
        missing = len(failed)
        text.gap().add(t.n("⚠️ {n} order has none:", "⚠️ {n} orders have none:", missing))
        text.add(*why_lines(t, failed))
    rows: list[Row] = []
    place = {"shop": pressed.shop, "of": pressed.of, "ref": pressed.ref}
    if n:
        rows.append((Button(t("🖨 Print"), d.PrintSlips(**place).pack()),))
    if rest:
        again = pressed.model_copy(update={"carrier": ""})
        rows.append((Button(t("🧾 The next ones ({n} left)", n=rest), again.pack()),))
    elif failed:
        again = pressed.model_copy(update={"carrier": ""})
        rows.append((Button(t("🧾 Try again"), again.pack()),))
    return Screen(text.text(), (*rows, menu_button(t, pressed.shop)))


def gave_up(t: Translator, job: Job) -> Screen:
    """Say that drawing failed on our side; what was asked for is not lost."""
    again = d.DrawTickets(shop=job.shop_id, of=job.payload["of"], ref=job.payload["ref"])
    text = t("Drawing e-waybills failed on our side. What the platform gave is kept: press again.")
    return Screen(text, ((Button(t("🧾 Try again"), again.pack()),), menu_button(t, job.shop_id)))


def ask_send(t: Translator, pressed: d.SendPrinted, n: int, rest: int) -> Screen:
    """Ask whether all that was printed has really left."""
    text = Lines([t.n("🚚 <b>Ship {n} printed order by its e-waybill?</b>",
                      "🚚 <b>Ship {n} printed orders by their e-waybills?</b>", n)])  # fmt: skip
    text.add(t("Their merchants and the platform are told at once."))
    if rest:
        text.add(t.n("{n} more comes after these.", "{n} more come after these.", rest))
    sure = pressed.model_copy(update={"sure": 1})
    rows: tuple[Row, ...] = ((Button(t("🚚 Yes, they have left"), sure.pack()),),)
    return Screen(text.text(), (*rows, menu_button(t, pressed.shop)))


def sent(t: Translator, shop_id: int, done: SentOff) -> Screen:
    """Say what has left, and what stays and why."""
    n = len(done.tags)
    text = Lines([t.n("✅ <b>{n} order shipped</b>", "✅ <b>{n} orders shipped</b>", n)])
    text.add(listed(t, done.tags, NAMED))
    if done.missed:
        text.add(t.n("⚠️ The last change of {n} of them had not been seen.",
                     "⚠️ The last changes of {n} of them had not been seen.",
                     done.missed))  # fmt: skip
    if done.left_out:
        text.gap().add(t("These stay:"))
        text.add(*why_lines(t, [(one.tag, one.reason) for one in done.left_out]))
    return Screen(text.text(), (menu_button(t, shop_id),))


def ask_cancel(t: Translator, shop_id: int, assignment_id: int, ticket: Ticket) -> Screen:
    """Ask whether a number is given back: a printed label is void then."""
    text = Lines([t("🧾 <b>Give {carrier} <code>{number}</code> back to the platform?</b>",
                    carrier=carrier_name(t, ticket.carrier), number=ticket.number)])  # fmt: skip
    if ticket.printed_at is not None:
        text.add(t("⚠️ Its label was printed: destroy it, it is void then."))
    sure = d.CancelTicket(shop=shop_id, assignment=assignment_id, sure=1)
    back = d.ShowAssignment(shop=shop_id, assignment=assignment_id)
    rows = (
        (Button(t("🧾 Give it back"), sure.pack()),),
        (Button(t("⬅️ Back to the order"), back.pack()),),
    )
    return Screen(text.text(), rows, CardRef("assignment", assignment_id, shop_id))


def cancel_words(t: Translator, result: TicketResult) -> Html:
    """Say what becomes of a number that is given back."""
    if result.number:
        return t("🧾 {number} is being given back. Do not use its label.", number=result.number)
    return t("This order has no e-waybill that could be given back.")


def card_lines(t: Translator, ticket: Ticket | None) -> list[Html]:
    """Say on an order's card how its e-waybill stands."""
    if ticket is None:
        return []
    about = {"carrier": carrier_name(t, ticket.carrier), "number": ticket.number}
    state: str = ticket.state
    if state == "drawn" and ticket.printed_at is not None:
        state = "printed"
    elif state == "asked" and ticket.due_at is None:
        state = "given_up"
    known = {
        "asked": t("🧾 E-waybill: the platform has not answered yet, I keep asking"),
        "given_up": t("🧾 E-waybill: the platform did not answer; ask for it again"),
        "refused": t("🧾 No e-waybill: {why}", why=ticket_why(t, ticket.why)),
        "drawn": t("🧾 E-waybill: {carrier} <code>{number}</code>, not printed yet", **about),
        "printed": t("🧾 E-waybill: {carrier} <code>{number}</code>, printed", **about),
        "cancelling": t("🧾 E-waybill {number} is being given back: do not use its label",
                        number=ticket.number),
        "kept": t("🧾 The platform did not take e-waybill {number} back: see to it there",
                  number=ticket.number),
    }  # fmt: skip
    return [known[state]] if state in known else []


def card_rows(
    t: Translator, shop_id: int, assignment_id: int, ticket: Ticket | None, *, drawable: bool
) -> list[Row]:
    """Return what the card offers around the e-waybill."""
    if ticket is not None and ticket.state == "drawn":
        cancel = d.CancelTicket(shop=shop_id, assignment=assignment_id)
        back = Button(t("🧾 Give back"), cancel.pack())
        if ticket.printed_at is None:
            return [(back,)]
        send = d.SendPrinted(shop=shop_id, of="one", ref=assignment_id)
        return [(Button(t("🚚 It has left with it"), send.pack()), back)]
    return [(draw_button(t, shop_id, "one", assignment_id),)] if drawable else []
