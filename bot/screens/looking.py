"""Looking at a recipient: the placeholder, the recipient that vanishes, and where it cannot go."""

from collections.abc import Sequence

from bot.screens.screen import Button, Lines, Row, Screen
from bot.screens.short import cut
from bot.screens.words import when
from bot.texts import Html, Translator
from core.looking import Peek

COPY_LIMIT = 256  # characters a copy button may hold (Bot API: CopyTextButton.text)
FEW = 20
SHOWN = 1000  # characters of a field: more is no name and no address, and must not burst a message


def placeholder(t: Translator, *, protect: bool) -> Screen:
    """Hold the place of a recipient until the look at it is recorded."""
    return Screen(t("⏳ Opening the recipient …"), protect=protect)


def recipient_screen(t: Translator, peek: Peek, minutes: int) -> Screen:
    """Show a recipient in plain words, ready to copy, with when it vanishes."""
    one = peek.recipient
    text = Lines([t("🏷 <b>{tag}</b> · recipient", tag=peek.assignment.tag)]).gap()
    text.add(
        t("Name: <code>{value}</code>", value=cut(one.name, SHOWN)),
        t("Phone: <code>{value}</code>", value=cut(one.phone, SHOWN)),
        t("Address: <code>{value}</code>", value=cut(one.address, SHOWN)),
    ).gap()
    gone = when(t, peek.due_at)
    text.add(
        t.n("Vanishes in {n} minute ({time}). Only for shipping this order; this look is recorded.",
            "Vanishes in {n} minutes ({time}). Only for shipping this order; this look is "
            "recorded.", minutes, time=gone)
    )  # fmt: skip
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


def _copies(*named: tuple[Html, str]) -> Sequence[Row]:
    """Return a row of copy buttons; what no button can hold is copied from the text."""
    row = tuple(Button(name, copy=what) for name, what in named if 0 < len(what) <= COPY_LIMIT)
    return (row,) if row else ()


def open_privately(t: Translator, username: str) -> Screen:
    """Say that the bot may not write first: the private chat has to be opened once."""
    text = t("I show recipients in our private chat only, and you have not opened it yet. Open it, "
             "press Start, then press here again.")  # fmt: skip
    return Screen(text, ((Button(t("Open our private chat"), url=f"https://t.me/{username}"),),))
