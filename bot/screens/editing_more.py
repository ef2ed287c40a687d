"""修改 the recipient or the lines: what was understood, what it would become, to be confirmed."""

from bot.keyboards import data as d
from bot.screens.edit_words import EXAMPLE, EXAMPLE_OF_ONE, part_names, work_lines
from bot.screens.editing import back_row, edit_card
from bot.screens.screen import Button, Lines, Row, Screen
from bot.screens.short import bounded, cut
from bot.texts import Html, Translator
from core.changes.edit_views import EditView, LinePlan, PlannedLine, RecipientPlan
from core.ids import key
from core.values import MaskedRecipient

ROWS = 20  # lines with buttons; more of them are changed on the platform
NAME = 16  # characters of a product on a button


def ask_recipient(t: Translator, view: EditView) -> Screen:
    """Ask for the new recipient, in one message."""
    text = Lines([t("📍 <b>New recipient</b> · order <code>{number}</code>",
                    number=view.order.order_no)]).gap()  # fmt: skip
    if view.recipient is not None:
        text.add(t("Now: {note}", note=_short(view.recipient)))
    text.gap().add(
        t("Paste name, phone and address in one message, in any order, for example:"),
        t("<code>{text}</code>", text=EXAMPLE),
        t("To change one thing only: <code>{text}</code>", text=EXAMPLE_OF_ONE),
    )
    text.gap().add(t("Your message is deleted from the chat once it is read."))
    return Screen(text.text(), (back_row(t, view),), edit_card(view))


def recipient_screen(t: Translator, plan: RecipientPlan, *, gone: bool | None = None) -> Screen:
    """Show what was understood, masked; `gone` says what became of the message with it."""
    view, one = plan.view, plan.recipient
    text = Lines([t("📍 <b>New recipient</b> · order <code>{number}</code>",
                    number=view.order.order_no)]).gap()  # fmt: skip
    lacks = set(plan.missing)
    if not lacks >= {"name", "phone", "address"}:
        text.add(t("Name: {value}", value=t("missing") if "name" in lacks else one.name))
        text.add(t("Phone: {value}", value=t("missing") if "phone" in lacks else one.phone))
        text.add(_address(t, plan))
    if view.recipient is not None:
        text.add(t("Before: {value}", value=_short(view.recipient)))
    text.gap().add(*_wrong(t, plan))
    if plan.same:
        text.add(t("That is the recipient the order has already."))
    elif plan.ready:
        text.add(*_late(t, view), *work_lines(t, view))
        text.add(t("Not right? Send it again; a part alone will do."))
    if gone is not None:
        text.gap().add(
            t("🧹 Your message with it has been deleted.") if gone
            else t("⚠️ I could not delete your message with it: please delete it yourself.")
        )  # fmt: skip
    return Screen(text.text(), (*_recipient_rows(t, plan), back_row(t, view)), edit_card(view))


def _recipient_rows(t: Translator, plan: RecipientPlan) -> list[Row]:
    order = plan.view.order
    place = {"shop": order.merchant_id, "order": key(order)}
    if plan.adoptable and not plan.masked:
        adopt = d.AdoptRecipient(**place)
        return [(Button(t("The rest stays as it is"), adopt.pack()),)]
    if not plan.ready or plan.same:
        return []
    confirm = d.ConfirmEdit(**place, part="recipient", mark=plan.mark)
    return [(Button(t("✅ Change the recipient"), confirm.pack()),)]


def _address(t: Translator, plan: RecipientPlan) -> Html:
    if "address" in plan.missing:
        return t("Address: {value}", value=t("missing"))
    if plan.letters:
        return t("Address: {value} ({n} characters after it)", value=plan.recipient.address,
                 n=plan.letters)  # fmt: skip
    return t("Address: {value}", value=plan.recipient.address)


def _wrong(t: Translator, plan: RecipientPlan) -> list[str]:
    lines: list[str] = []
    if plan.masked:
        lines.append(t("⚠️ <b>Not taken:</b> {parts} came with stars. The platform has hidden it, "
                       "and nobody can ship to that. Open it in plain on the platform, copy it "
                       "again and send it here.", parts=part_names(t, plan.masked)))  # fmt: skip
    if plan.wrong:
        lines.append(t("⚠️ The phone has {n} digits and is none. Please send the phone again.",
                       n=plan.wrong))  # fmt: skip
    elif plan.missing and not plan.masked:
        lines.append(t("⚠️ Still missing: <b>{parts}</b>. Just send that; what is above is kept.",
                       parts=part_names(t, plan.missing)))  # fmt: skip
    return lines


def _late(t: Translator, view: EditView) -> list[str]:
    if view.left:
        return [t("⚠️ A parcel has left with the old address: call the carrier.")]
    if any(one.looked for one in view.work):
        return [t("⚠️ <b>The factory has looked at or printed the old address.</b> It will be "
                  "told loudly; ring it up to be sure.")]  # fmt: skip
    return []


def _short(one: MaskedRecipient) -> str:
    return f"{one.name} {one.phone} {cut(one.address, 60)}"


def lines_screen(t: Translator, plan: LinePlan) -> Screen:
    """Show lines as they would be, with a row of buttons each."""
    view, order = plan.view, plan.view.order
    text = Lines([t("📦 <b>Products and quantities</b> · order <code>{number}</code>",
                    number=order.order_no)]).gap()  # fmt: skip
    rows = plan.rows[:ROWS]
    text.add(*bounded(t, [_planned(t, one) for one in rows], most=ROWS, room=2200))
    if len(plan.rows) > ROWS:
        text.add(t("Only the first {n} lines can be changed here: change the others on the "
                   "platform and send me the file.", n=ROWS))  # fmt: skip
    text.gap().add(*work_lines(t, view))
    if plan.asked is not None:
        text.gap().add(t("<b>How many of {product}? Send the number.</b>",
                         product=cut(plan.asked.product, 40)))  # fmt: skip
    else:
        text.gap().add(t("Press − or +, or the line itself to send a number. To add a product, "
                         "send a line: <code>Cup brush × 1</code>"))  # fmt: skip
    buttons: list[Row] = [_steps(plan, one) for one in rows]
    if plan.differs:
        confirm = d.ConfirmEdit(
            shop=order.merchant_id, order=key(order), part="lines", mark=plan.mark
        )  # fmt: skip
        buttons.append((Button(t("✅ Change it so"), confirm.pack()),))
    return Screen(text.text(), (*buttons, back_row(t, view)), edit_card(view))


def _planned(t: Translator, one: PlannedLine) -> str:
    product = cut(" ".join(part for part in (one.product, one.spec) if part), 60)
    if one.was == one.now:
        line = t("• {product} × {n}", product=product, n=one.now)
    elif one.added:
        line = t("• <b>new:</b> {product} × {n}", product=product, n=one.now)
    elif one.now:
        line = t("• {product} × {old} → <b>{n}</b>", product=product, old=one.was, n=one.now)
    else:
        line = t("• <s>{product} × {old}</s> taken out", product=product, old=one.was)
    if one.shipped:
        shipped = t("{n} in parcels already", n=one.shipped)
        return f"{line}\n   {shipped}"
    return line


def _steps(plan: LinePlan, one: PlannedLine) -> Row:
    order = plan.view.order
    place = {
        "shop": order.merchant_id, "order": key(order), "line": one.line_id, "added": one.added,
    }  # fmt: skip
    words = f"{cut(one.product, NAME)} ×{one.now}"
    return (
        Button("➖", d.StepLine(**place, by=0).pack()),
        Button(words, d.StepLine(**place, by=1).pack()),
        Button("➕", d.StepLine(**place, by=2).pack()),
    )
