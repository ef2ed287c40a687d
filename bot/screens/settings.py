"""设置 of a shop and of the chat it is opened in: what the clock says, and when it is quiet."""

from bot.keyboards import data as d
from bot.keyboards.parts import cancel_button, menu_button
from bot.screens.screen import Button, Lines, Row, Screen
from bot.texts import Translator
from core.clock.clock_settings import (
    SILENT_CHOICES,
    UNSEEN_CHOICES,
    ClockSettings,
)
from core.clock.watching import REMINDER_CHOICES
from core.ids import key

WIDTH = 3
NIGHTS = ((22 * 60, 8 * 60), (23 * 60, 7 * 60))


def settings_screen(t: Translator, now: ClockSettings) -> Screen:
    """Show the settings with a button per choice, the present one ticked."""
    shop, shop_id = now.shop, key(now.shop)
    text = Lines([t("⚙️ <b>Settings</b> · {name}", name=shop.name)]).gap()
    rows: list[Row] = []
    if shop.role == "factory":
        text.add(*_reminder_lines(t, now))
        rows += _reminder_rows(t, shop_id, now) if now.mine else []
    else:
        text.add(*_merchant_lines(t, now))
        rows += _reminder_rows(t, shop_id, now) if now.mine else []
        rows += _merchant_rows(t, shop_id, now) if now.mine else []
    if not now.mine:
        text.add(t("These are the owner's to change."))
    text.gap().add(*_quiet_lines(t, now))
    rows += _quiet_rows(t, shop_id, now)
    digest = Button(t("☀️ Daily digest"), d.AskDigestHour(shop=shop_id).pack())
    return Screen(text.text(), (*rows, (digest,), menu_button(t, shop_id)))


def ask_quiet(t: Translator) -> Screen:
    """Ask for other quiet hours."""
    line = t("From when to when shall I leave this chat alone? E.g. <code>21:30-7:30</code>")
    return Screen(line, (cancel_button(t),))


def clock_time(minute: int) -> str:
    """Return a minute of the day as a clock shows it."""
    return f"{minute // 60:02d}:{minute % 60:02d}"


def _reminder_lines(t: Translator, now: ClockSettings) -> list[str]:
    if now.shop.role == "merchant":
        return [_assigning_line(t, now)]
    if not now.reminders:
        return [t("⏰ Reminders: none before the deadline, only when an order is late.")]
    hours = t.plain(", ").join(str(one) for one in now.reminders)
    return [t("⏰ Reminders: {hours} h before the deadline, and when an order is late.",
              hours=hours)]  # fmt: skip


def _assigning_line(t: Translator, now: ClockSettings) -> str:
    if not now.reminders:
        return t("⏰ Orders no factory has yet: I remind you only when one is late.")
    hours = t.plain(", ").join(str(one) for one in now.reminders)
    return t("⏰ Orders no factory has yet: I remind you {hours} h before the deadline, and when "
             "one is late.", hours=hours)  # fmt: skip


def _reminder_rows(t: Translator, shop_id: int, now: ClockSettings) -> list[Row]:
    def choice(hours: int) -> Button:
        chosen = hours in now.reminders
        pressed = d.SetReminder(shop=shop_id, hours=hours, on=int(not chosen))
        return _choice(t.plain("⏰ {n} h", n=hours), pressed.pack(), chosen=chosen)

    return _wide([choice(one) for one in REMINDER_CHOICES])


def _merchant_lines(t: Translator, now: ClockSettings) -> list[str]:
    silent = t("🔕 When a factory does nothing with an order, or does not answer when you ask for "
               "one back, I do not tell you.")  # fmt: skip
    if now.silent_hours:
        silent = t("🔕 When a factory does nothing with an order, or does not answer when you ask "
                   "for one back, I tell you after {n} h.", n=now.silent_hours)  # fmt: skip
    unseen = t("👀 When a factory has not seen a change, I tell it again after {n} min, and you "
               "after as long once more.", n=now.unseen_minutes)  # fmt: skip
    return [*_reminder_lines(t, now), silent, unseen]


def _merchant_rows(t: Translator, shop_id: int, now: ClockSettings) -> list[Row]:
    silent = [
        _choice(t.plain("🔕 {n} h", n=one) if one else t.plain("🔕 Off"),
                d.SetSilent(shop=shop_id, hours=one).pack(), chosen=one == now.silent_hours)
        for one in SILENT_CHOICES
    ]  # fmt: skip
    unseen = [
        _choice(t.plain("👀 {n} min", n=one), d.SetUnseen(shop=shop_id, minutes=one).pack(),
                chosen=one == now.unseen_minutes)
        for one in UNSEEN_CHOICES
    ]  # fmt: skip
    return [*_wide(silent), *_wide(unseen)]


def _quiet_lines(t: Translator, now: ClockSettings) -> list[str]:
    if not now.here:
        return [t("🌙 Quiet hours are set where alerts go: in your private chat with me, or in the "
                  "group that gets them.")]  # fmt: skip
    if now.quiet is None:
        line = t("🌙 Quiet hours of this chat: none.")
    else:
        starts, ends = (clock_time(one) for one in now.quiet)
        line = t("🌙 Quiet hours of this chat: {starts}–{ends}.", starts=starts, ends=ends)
    return [line, t("Orders that must not be shipped any more are told at once even then.")]


def _quiet_rows(t: Translator, shop_id: int, now: ClockSettings) -> list[Row]:
    if not now.here:
        return []
    nights = [
        _choice(f"🌙 {clock_time(starts)}–{clock_time(ends)}",
                d.SetQuiet(shop=shop_id, starts=starts, ends=ends).pack(),
                chosen=now.quiet == (starts, ends))
        for starts, ends in NIGHTS
    ]  # fmt: skip
    none = d.SetQuiet(shop=shop_id, starts=0, ends=0).pack()
    other = now.quiet is not None and now.quiet not in NIGHTS
    ways = [_choice(t.plain("🌙 Off"), none, chosen=now.quiet is None)]
    if now.private:
        asking = d.AskQuiet(shop=shop_id).pack()
        ways.append(_choice(t.plain("🌙 Other hours"), asking, chosen=other))
    return [tuple(nights), tuple(ways)]


def _choice(words: str, data: str, *, chosen: bool) -> Button:
    return Button(f"✅ {words}" if chosen else words, data)


def _wide(buttons: list[Button]) -> list[Row]:
    """Return rows of buttons, none of them left alone."""
    width = WIDTH - (len(buttons) % WIDTH == 1)
    return [tuple(buttons[place : place + width]) for place in range(0, len(buttons), width)]
