"""/help: what a person can do now. Every feature of their role in a line, said once, here."""

from bot.commands import menu_for, summary
from bot.keyboards.parts import menu_button
from bot.screens.screen import Lines, Screen
from bot.texts import Html, Translator
from core.entities import Shop
from core.ids import key


def help_screen(t: Translator, shop: Shop | None) -> Screen:
    """Say what this person can do: the commands, then what the cards and replies do."""
    text = Lines([t("<b>What I can do now</b>")])
    for command in menu_for(shop.role if shop else None):
        words = "/".join(command.words[:1])
        text.add(Html(f"/{command.name} {words} — {summary(t, command.name)}"))
    text.gap()
    if shop is None:
        return Screen(text.add(t("Open a shop first: /start")).text())
    text.add(t("<b>With an order</b>"))
    text.add(*(_merchant(t) if shop.role == "merchant" else _factory(t)))
    return Screen(text.text(), (menu_button(t, key(shop)),))


def _merchant(t: Translator) -> list[Html]:
    return [
        t("• Send an order export (.xlsx or .csv): what is new is shown before it is kept."),
        t("• Assign in one line: <code>/assign order-number F-number</code>"),
        t("• Tap an order to open its card; there you find these buttons:"),
        t("• ✏️ Change: recipient, products, deadline, notes; hold shipping, refund, cancel. The "
          "factory is told at once, and you see whether it has looked."),
        t("• ✂️ Split: give some of the pieces to another factory."),
        t("• ↩️ Take back; once the factory has begun, ask for it back, and it answers."),
        t("• ⏳ The factory waits for goods: agree to wait, or give the order elsewhere. Declined: "
          "reassign it."),
        t("• ⛔ Cancelled, on hold or with a refund: nobody can ship it. If the parcel has left, "
          "you say whether it is called back."),
        t("• 🎁 Gift, resend, exchange: one more parcel for an order."),
        t("• ❓ Ask the factory: its answer comes to you. To answer a question, reply to it."),
        t("• 📜 /why and an order's number: who did what, when."),
        t("• ⏰ Late orders, silent factories, unseen changes: I remind you; set when in "
          "/settings. Yesterday's figures come each morning."),
    ]  # fmt: skip


def _factory(t: Translator) -> list[Html]:
    return [
        t("• Reply to an order's card with the tracking number: shipped."),
        t("• Many at once: send lines of tag and number, the packing list filled in, or photos of "
          "the labels."),
        t("• Wrong number? Reply to the confirmation with the right one."),
        t("• Accept, or decline and say why: the merchant is told. A batch goes at once."),
        t("• ⏳ Wait for goods: name the day; once they are here, press “Goods are here”."),
        t("• ↩️ The merchant asks for it back: give it back, or keep it as it is packed."),
        t("• ⚠️ Changed: look at what changed and press “Seen”, so that the merchant knows."),
        t("• ⛔ Stopped: do not ship it. If it had left already, send its number all the same "
          "and say so: the merchant decides."),
        t("• ❓ Ask the merchant: the answer comes to you. To answer a question, reply to it."),
        t("• 👀 Recipient and 🖨 packing slip: in your private chat only, and they vanish."),
        t("• 📜 /why and a tag: what happened to an order."),
        t("• ⏰ I remind you before deadlines: set when, and your quiet hours, in /settings."),
    ]  # fmt: skip
