"""The way in: every update becomes a Turn before any handler sees it."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from typing import Any

from aiogram import BaseMiddleware, Bot
from aiogram.types import Chat, Message, TelegramObject, Update, User

from bot.commands import Said, read_command
from bot.groups import about_group, thread_of
from bot.house import House
from bot.restored import means_nothing, refuse_lost
from bot.screens.screen import CardRef
from bot.turn import Turn
from core.entities import Role
from core.ids import key
from core.ports import Store

CARD_PATIENCE = 0.3  # seconds between sending a card and having it remembered, at the most
# A command is an answer to nothing: it closes the open question, unless it only asks about it.
KEEPS_QUESTION = frozenset({"help", "lang", "cancel"})


@dataclass(frozen=True, slots=True)
class Arrival:
    """What is stored about somebody who just wrote."""

    account_id: int
    lang: str | None
    shop_id: int | None = None
    role: Role | None = None
    step: str | None = None
    data: dict[str, Any] = field(default_factory=dict)
    replied: CardRef | None = None


class Arriving(BaseMiddleware):
    """Outer middleware on updates. Presses cost no look-up: who a person is stays known."""

    async def __call__(
        self,
        handler: Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]],
        event: TelegramObject,
        data: dict[str, Any],
    ) -> Any:
        """Make the turn, hand it on, and answer the press if nobody did."""
        assert isinstance(event, Update)  # noqa: S101 - registered on updates only
        user: User | None = data.get("event_from_user")
        chat: Chat | None = data.get("event_chat")
        house: House = data["house"]
        if await about_group(house, data["bot"], event):
            return None
        if user is None or chat is None or user.is_bot:
            return None  # nobody to act for
        data["turn"] = turn = await self._turn(house, event, user, chat, data["bot"])
        if means_nothing(house, event):
            return await refuse_lost(turn)
        result = await handler(event, data)
        # Not after a failure: the error router still has the press to answer.
        await turn.finish()
        _know(house, turn.telegram_id, turn.account_id, turn.chosen_lang)
        return result

    async def _turn(self, house: House, update: Update, user: User, chat: Chat, bot: Bot) -> Turn:
        message, pressed = update.message, update.callback_query
        arrival = await self._arrival(house, update, user)
        said: Said | None = None
        if message is not None and message.text:
            said = read_command(message.text, house.username)
        if said is not None and arrival.step is not None and said.name not in KEEPS_QUESTION:
            account_id = arrival.account_id
            await house.database.write(
                lambda store: self._hush(house, store, account_id, update.update_id)
            )
            arrival = replace(arrival, step=None, data={})
        return Turn(
            house=house, bot=bot, update_id=update.update_id, telegram_id=user.id,
            account_id=arrival.account_id, lang=arrival.lang or house.default_lang,
            chat_id=chat.id, private=chat.type == "private", message=message,
            thread_id=thread_of(pressed.message if pressed else message),
            callback=pressed, said=said, step=arrival.step, data=arrival.data,
            shop_id=arrival.shop_id, role=arrival.role, replied=arrival.replied,
            chosen_lang=arrival.lang,
        )  # fmt: skip

    def _hush(self, house: House, store: Store, account_id: int, update_id: int) -> None:
        if not _asked_since(house, store, account_id, update_id):
            house.services.opening.leave(store, account_id)

    async def _arrival(self, house: House, update: Update, user: User) -> Arrival:
        message = update.message
        known = house.people.get(user.id)
        if message is None and known is not None:
            return Arrival(*known)
        found = await self._found(house, update, user)
        if found is None:
            found = await house.database.write(lambda store: self._meet(house, store, update, user))
            house.owed.set()
        _know(house, user.id, found.account_id, found.lang)
        return found

    async def _found(self, house: House, update: Update, user: User) -> Arrival | None:
        """Look somebody up; a reply to a card just sent waits until the card is remembered."""
        message = update.message
        found = await house.database.read(lambda store: self._look(house, store, update, user))
        original = message.reply_to_message if message is not None else None
        if found is None or found.replied or original is None or original.from_user is None:
            return found
        if original.from_user.id == house.bot_id:
            await asyncio.sleep(CARD_PATIENCE)
            found = await house.database.read(lambda store: self._look(house, store, update, user))
        return found

    def _look(self, house: House, store: Store, update: Update, user: User) -> Arrival | None:
        message = update.message
        account = store.accounts.by_telegram(user.id)
        if account is None or store.alerts.is_unreachable(user.id):
            return None
        talk = store.accounts.talk(key(account)) if message is not None else None
        if talk and _asked_since(house, store, key(account), update.update_id):
            talk = None  # an update that comes again answers no question that was asked after it
        shop = store.shops.of(account.shop_id) if account.shop_id else None
        return Arrival(
            account_id=key(account),
            lang=account.lang,
            shop_id=account.shop_id,
            role=shop.role if shop else None,
            step=talk[0] if talk else None,
            data=talk[1] if talk else {},
            replied=self._replied(house, store, message),
        )

    def _replied(self, house: House, store: Store, message: Message | None) -> CardRef | None:
        if message is None or message.reply_to_message is None:
            return None
        original = message.reply_to_message
        card = store.chats.shown(house.bot_id, message.chat.id, original.message_id)
        return CardRef(card.kind, card.ref_id, card.shop_id) if card else None

    def _meet(self, house: House, store: Store, update: Update, user: User) -> Arrival:
        """Meet somebody new, or back after blocking the bot: what they are owed goes out."""
        account = house.services.accounts.meet(store, user.id, user.full_name)
        if store.alerts.is_unreachable(user.id):
            store.alerts.reachable(user.id)
        found = self._look(house, store, update, user)
        return found or Arrival(key(account), account.lang)


def _know(house: House, telegram_id: int, account_id: int, lang: str | None) -> None:
    house.people[telegram_id] = (account_id, lang)
    house.people.move_to_end(telegram_id)
    if len(house.people) > house.known_people:
        house.people.popitem(last=False)


def _asked_since(house: House, store: Store, account_id: int, update_id: int) -> bool:
    """Return whether the open question was asked by a later update than this."""
    asked_at = store.accounts.asked_at(account_id)
    asked_by = store.chats.handled_at(house.bot_id, asked_at) if asked_at else None
    return asked_by is not None and asked_by > update_id
