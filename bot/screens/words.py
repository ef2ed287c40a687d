"""Small words used on many screens: times, states, reasons, names of things."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.texts import Html, Translator
from core.entities import Order, Role
from core.orders.standing import stop_reason
from core.text.carriers import CARRIERS
from core.text.free_text import HIDDEN

CHINA = ZoneInfo("Asia/Shanghai")


def when(t: Translator, moment: datetime) -> Html:
    """Return a time as people here read it: China time, to the minute."""
    return t("{time}", time=moment.astimezone(CHINA).strftime("%m-%d %H:%M"))


def ship_by(t: Translator, moment: datetime | None, now: datetime) -> Html:
    """Return the deadline with the hours left, or how late it is."""
    if moment is None:
        return t("not given")
    left = moment - now
    if left < timedelta(0):
        return t("{time} · {left} late", time=when(t, moment), left=span(t, -left))
    return t("{time} · {left} left", time=when(t, moment), left=span(t, left))


def due_line(t: Translator, moment: datetime | None, now: datetime) -> Html:
    """Return a card's line about an order that is to ship: a late one stands out."""
    due = ship_by(t, moment, now)
    if moment is not None and moment < now:
        return t("🔴 <b>Ship by: {time}</b>", time=due)
    return t("Ship by: {time}", time=due)


def span(t: Translator, length: timedelta) -> Html:
    """Return a length of time in its largest useful unit."""
    minutes = int(length.total_seconds() // 60)
    if minutes < 60:
        return t("{n} min", n=minutes)
    if minutes < 72 * 60:
        return t("{n} h", n=minutes // 60)
    return t("{n} days", n=minutes // (24 * 60))


def period_name(t: Translator, code: str) -> str:
    """Return a span of days (`core.text.periods`): a name, or its first and last day."""
    names = {
        "today": t.plain("Today"),
        "yesterday": t.plain("Yesterday"),
        "week": t.plain("Last 7 days"),
        "days30": t.plain("Last 30 days"),
        "this_month": t.plain("This month"),
        "last_month": t.plain("Last month"),
    }
    if code in names:
        return names[code]
    first, last = (f"{one[:4]}-{one[4:6]}-{one[6:]}" for one in code.split("-"))
    return first if first == last else t.plain("{first} to {last}", first=first, last=last)


def role_name(t: Translator, role: Role) -> Html:
    """Return 商家 or 厂家."""
    return t("merchant") if role == "merchant" else t("factory")


def carrier_name(t: Translator, code: str) -> str:
    """Return a carrier's name in the person's language; an unknown code is its own name."""
    carrier = CARRIERS.get(code)
    if carrier is None:
        return code
    return carrier.name if t.lang == "zh_CN" else carrier.english


def order_state(t: Translator, order: Order) -> Html:
    """Return where an order stands, what stops it first: that decides what may still be done."""
    stopped = stop_reason(order)
    if stopped is not None:
        reason = stop_words(t, stopped)
        left = order.status in ("part_shipped", "shipped") and stopped != "shipped_elsewhere"
        return t("{reason} · a parcel has left", reason=reason) if left else reason
    if order.status == "unassigned" and not order.complete:
        return t("Unassigned · recipient incomplete")
    if order.status == "assigned" and order.tab == "unassigned":
        return t("Part to assign")
    return {
        "unassigned": t("Unassigned"),
        "assigned": t("To ship"),
        "part_shipped": t("Partly shipped"),
        "shipped": t("Shipped"),
        "closed": t("Closed"),
    }[order.status]


def assignment_state(t: Translator, status: str) -> Html:
    """Return where an assignment stands."""
    return {
        "assigned": t("New"),
        "accepted": t("Accepted"),
        "held": t("Waiting for goods"),
        "recall_asked": t("Recall asked"),
        "part_shipped": t("Partly shipped"),
        "shipped": t("Shipped"),
        "declined": t("Declined"),
        "recalled": t("Taken back by the merchant"),
        "cancelled": t("Cancelled"),
    }[status]


def incomplete_words(t: Translator) -> Html:
    """Say what to do about recipients that came masked or with something missing."""
    return t("⚠️ Recipient incomplete: export again from the platform with the recipients in "
             "plain words, and send me that file. Only then can it be assigned.")  # fmt: skip


def extra_name(t: Translator, kind: str) -> Html:
    """Return what an extra is: a gift, a resend, an exchange."""
    return {"gift": t("🎁 Gift"), "resend": t("🔁 Resend"), "exchange": t("🔄 Exchange")}[kind]


def stop_words(t: Translator, reason: str) -> Html:
    """Return why an order must not be shipped (`core.orders.standing.stop_reason`).

    To a factory also why it is its own no more (`core.answers.claimed.over_reason`).
    """
    return {
        "declined": t("You declined it"),
        "recalled": t("Taken back by the merchant"),
        "unbound": t("The binding has ended"),
        "lost": t("None of it is with you any more"),
        "cancelled": t("Cancelled"),
        "refund_open": t("Refund requested"),
        "refunded": t("Refunded"),
        "shipped_elsewhere": t("Already shipped on the platform"),
        "undone": t("Its import was undone"),
        "on_hold": t("On hold"),
    }[reason]


def skip_words(t: Translator, reason: str) -> Html:
    """Return why an order was left out (`Skipped.reason`)."""
    own = {
        "recipient_incomplete": t("recipient incomplete"),
        "already_assigned": t("already assigned"),
        "already_shipped": t("already shipped"),
        "changed_since": t("changed after the check"),
        "unpaid": t("not paid yet"),
        "suspended": t("its merchant is suspended for now"),
    }
    return own[reason] if reason in own else stop_words(t, reason)


def hidden_words(t: Translator) -> Html:
    """Return what stands for a text that names a recipient (`core.text.free_text.HIDDEN`)."""
    return t("(names a recipient: hidden)")


def decline_words(t: Translator, reason: str) -> str:
    """Return a decline's reason: a known one in words, any other as the factory wrote it."""
    return {
        HIDDEN: hidden_words(t),
        "out_of_stock": t("Out of stock"),
        "discontinued": t("No longer made"),
        "unreachable_address": t("Unreachable address"),
        "price": t("Price"),
    }.get(reason, Html("")) or reason


def platform_name(t: Translator, platform: str) -> str:
    """Return the selling platform's name."""
    return {
        "doudian": t("Doudian"),
        "taobao": t("Taobao"),
        "pdd": t("Pinduoduo"),
        "1688": "1688",
        "kuaishou": t("Kuaishou"),
    }.get(platform, platform)
