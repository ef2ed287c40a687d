"""Looking at a recipient: the placeholder, the recipient that vanishes, and where it cannot go."""

from collections.abc import Sequence
from datetime import timedelta

from bot.screens.notes import whole_lines
from bot.screens.screen import Button, Lines, Row, Screen
from bot.screens.short import cut
from bot.screens.words import when
from bot.texts import Html, Translator
from core.orders.looking import Peek
from core.values import Recipient

COPY_LIMIT = 256  # characters a copy button may hold (Bot API: CopyTextButton.text)
FEW = 20
SHOWN = 500  # characters of a field: more is no name and no address, and must not burst a message


def placeholder(t: Translator, *, protect: bool) -> Screen:
    """Hold the place of a recipient until the look at it is recorded."""
    # Should the work stop right here, this stays: it must say what to do.
    text = t("⏳ Opening the recipient … If nothing appears, press “Recipient” again.")
    return Screen(text, protect=protect)


def outdated(t: Translator) -> Screen:
    """Stand in place of a recipient that must not be shipped to any more."""
    text = t("🔄 The order has changed or was stopped: what stood here no longer holds. Open the "
             "order and look again.")  # fmt: skip
    return Screen(text)


def recipient_screen(t: Translator, peek: Peek, length: timedelta) -> Screen:
    """Show a recipient in plain words, ready to copy, with when it vanishes."""
    one = peek.recipient
    assert isinstance(one, Recipient)  # noqa: S101 - whom the platform conceals it has opened
    text = Lines([t("🏷 <b>{tag}</b> · recipient", tag=peek.assignment.tag)]).gap()
    text.add(
        t("Name: <code>{value}</code>", value=cut(one.name, SHOWN)),
        t("Phone: <code>{value}</code>", value=cut(one.phone, SHOWN)),
        t("Address: <code>{value}</code>", value=cut(one.address, SHOWN)),
    ).gap()
    text.add(*whole_lines(t, peek.whole)).gap()
    text.add(_vanishing(t, peek, round(length.total_seconds())))
    if peek.left_today <= FEW:
        text.add(t("Recipients left to look at today: {n}", n=max(0, peek.left_today)))
    everything = f"{one.name} {one.phone} {one.address}"
    return Screen(
        text.text(),
        (
            *_copies((t("📋 Copy all"), everything)),
            *_copies((t("Name"), one.name), (t("Phone"), one.phone), (t("Address"), one.address)),
        ),
    )


def _vanishing(t: Translator, peek: Peek, seconds: int) -> Html:
    gone = when(t, peek.due_at)
    if seconds < 60:
        return t.n(
            "Vanishes in {n} second ({time}). Only for shipping this order; this look is recorded.",
            "Vanishes in {n} seconds ({time}). Only for shipping this order; this look is "
            "recorded.", seconds, time=gone,
        )  # fmt: skip
    return t.n(
        "Vanishes in {n} minute ({time}). Only for shipping this order; this look is recorded.",
        "Vanishes in {n} minutes ({time}). Only for shipping this order; this look is "
        "recorded.", round(seconds / 60), time=gone,
    )  # fmt: skip


def _copies(*named: tuple[Html, str]) -> Sequence[Row]:
    """Return a row of copy buttons; what no button can hold is copied from the text."""
    row = tuple(Button(name, copy=what) for name, what in named if 0 < len(what) <= COPY_LIMIT)
    return (row,) if row else ()


def open_privately(t: Translator, username: str) -> Screen:
    """Say that the bot may not write first: the private chat has to be opened once."""
    text = t("I show recipients in our private chat only, and you have not opened it yet. Open it, "
             "press Start, then press here again.")  # fmt: skip
    return Screen(text, ((Button(t("Open our private chat"), url=f"https://t.me/{username}"),),))
