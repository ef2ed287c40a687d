"""Cards shown earlier follow what has happened to many orders at once.

One card after another, whatever the chats, the newest first and at a pace that leaves Telegram's
limits to messages: a stop that is told meanwhile does not wait behind the redrawing of old cards.
What is not reached, or is lost in a restart, follows with the next act on many, and is shown as it
stands as soon as one of its buttons is pressed.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import structlog
import telegram
from telegram.error import BadRequest, TelegramError

from bot import telegram_out
from bot.house import House
from bot.screens import kept
from bot.screens.screen import Screen
from bot.texts import translator
from core.entities import Alert, Card
from core.errors import CoreError
from core.people.gathering import is_group
from core.ports import Store
from core.values import Actor

log = structlog.stdlib.get_logger(__name__)

NEWEST: Final = 300  # remembered messages of a chat that are looked through
AT_MOST: Final = 100  # of them redrawn for one act
WAIT: Final = 1.0  # seconds before the first
IN_GROUP: Final = 5  # Telegram allows a group 20 messages and edits a minute

_SHOWS: Final[Mapping[str, kept.Present]] = {
    "assignment": kept.present_assignment,
    "order": kept.present_order,
    "given": kept.present_given,
    "batch": kept.standing_batch,
}


@dataclass(frozen=True, slots=True)
class _Redrawn:
    screen: Screen
    at: datetime


class Following:
    """Redraws a chat's outdated cards; `pause` are the seconds between two edits of all chats."""

    def __init__(self, house: House, bot: telegram.Bot, pause: float) -> None:
        self._house = house
        self._bot = bot
        self._pause = pause
        self._lane = asyncio.Lock()
        self._owed: dict[int, Alert] = {}
        self._going: dict[int, asyncio.Task[None]] = {}

    def follow(self, alert: Alert) -> None:
        """Redraw the chat's cards; once more after that where it is being done already."""
        chat_id = alert.chat_id
        self._owed[chat_id] = alert
        if chat_id not in self._going:
            task = asyncio.create_task(self._go(chat_id), name=f"older cards of {chat_id}")
            self._going[chat_id] = task
            task.add_done_callback(lambda _: self._going.pop(chat_id))

    async def end(self) -> None:
        """Stop: what is old still is redrawn another time."""
        going = list(self._going.values())
        for task in going:
            task.cancel()
        await asyncio.gather(*going, return_exceptions=True)

    async def _go(self, chat_id: int) -> None:
        while chat_id in self._owed:
            # Who pressed is answered first, and that answer stays.
            await asyncio.sleep(WAIT)
            alert = self._owed.pop(chat_id)
            try:
                await self._follow(alert)
            except TelegramError as error:  # busy, or out of reach
                log.info("older cards were not redrawn", error=type(error).__name__)
            except Exception as error:  # noqa: BLE001 - they follow with the next act on many
                log.error("older cards were not redrawn", error=type(error).__name__)

    async def _follow(self, alert: Alert) -> None:
        most = IN_GROUP if is_group(alert.chat_id) else AT_MOST
        here = self._house.bot_id, alert.chat_id, alert.shop_id, NEWEST
        cards = await self._house.database.read(lambda store: store.chats.outdated_cards(*here))
        for card in cards[:most]:
            async with self._lane:
                await self._redraw(card, alert.account_id)
                await asyncio.sleep(self._pause)

    async def _redraw(self, card: Card, account_id: int) -> None:
        now = await self._house.database.read(lambda store: self._present(store, card, account_id))
        if now is None:
            return
        try:
            await telegram_out.edit(
                self._bot, card.chat_id, card.message_id, now.screen.plain or now.screen
            )
        except BadRequest as error:  # deleted, too old, or a reply field
            log.info("an older card was not redrawn", error=type(error).__name__)
        await self._house.database.write(lambda store: store.chats.redrawn(card, now.at))

    def _present(self, store: Store, card: Card, account_id: int) -> _Redrawn | None:
        """Return what the message shows now; None when it has been shown anew, or may not be."""
        shown = store.chats.shown(card.bot_id, card.chat_id, card.message_id)
        if shown is None or shown.shown_at != card.shown_at:
            return None
        account = store.accounts.get(account_id)
        t = translator((account.lang if account else None) or self._house.default_lang)
        actor = Actor(account_id, card.shop_id)
        try:
            screen = _SHOWS[card.kind](t, self._house.services, store, actor, card.ref_id)
        except CoreError:
            return None
        return _Redrawn(screen, store.now)
