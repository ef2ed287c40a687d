"""One update's turn: who it is from, and the three things a handler does with it.

A handler parses, runs one use case (`turn.write` or `turn.read`), and shows one screen.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, TypeVar

from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest, TelegramMigrateToChat, TelegramRetryAfter
from aiogram.types import CallbackQuery, Message

from bot import sending
from bot.commands import Said
from bot.house import House
from bot.late import say_later
from bot.screens.screen import CardRef, Screen
from bot.texts import Html, Translator, escape, translator
from core.entities import Card, Role
from core.errors import CoreError
from core.people.gathering import follow
from core.ports import Store
from core.services import Services
from core.values import Actor

T = TypeVar("T")


class AlreadyHandled(Exception):
    """This update's effect is committed: show the present screen, change nothing."""


@dataclass(slots=True)
class Turn:
    """One update, ready to be handled."""

    house: House
    bot: Bot
    update_id: int
    telegram_id: int
    account_id: int
    lang: str
    chat_id: int
    private: bool
    message: Message | None = None
    callback: CallbackQuery | None = None
    said: Said | None = None
    step: str | None = None
    data: dict[str, Any] = field(default_factory=dict)
    thread_id: int | None = None
    shop_id: int | None = None
    role: Role | None = None
    replied: CardRef | None = None
    chosen_lang: str | None = None
    _written: bool = False
    _refused: bool = False
    _kept: CardRef | None = None  # what the pressed message is remembered to show already
    _answered: bool = False
    _outdated: bool = False  # a recipient on somebody's screen is old since the write

    @property
    def t(self) -> Translator:
        """Return the translator of this person's language."""
        return translator(self.lang)

    def speak(self, lang: str) -> None:
        """Go on in a language just chosen."""
        self.lang = self.chosen_lang = lang

    @property
    def services(self) -> Services:
        """Return the use cases."""
        return self.house.services

    @property
    def text(self) -> str:
        """Return what was typed."""
        return (self.message.text or "") if self.message else ""

    def actor(self, shop_id: int | None = None) -> Actor:
        """Return who acts: for the shop a button belongs to, else for the one switched on.

        With no shop at all the actor acts for none, and every use case answers `ShopNotFound`.
        """
        return Actor(self.account_id, shop_id or self.shop_id or 0)

    async def read(self, work: Callable[[Store], T]) -> T:
        """Run a use case that only looks."""
        return await self.house.database.read(work)

    async def write(
        self, work: Callable[[Store], T], about: CardRef | None = None, *, hush: bool = False
    ) -> T:
        """Run the one use case of this update, with the update's mark in the same transaction.

        `about` is what the update is about: shown again should the update come again, and
        remembered for the message whose button was pressed. `hush` closes the open question.
        Raises `AlreadyHandled`, and what `work` raises.
        """
        if self._written:
            raise RuntimeError("one write per update: a second would not be repeatable")

        def marked(store: Store) -> tuple[T, CardRef | None, bool]:
            if not store.chats.mark(self.house.bot_id, self.update_id, about):
                raise AlreadyHandled
            result = work(store)
            if hush:
                store.accounts.hush(self.account_id)
            kept = about if self.pressed is not None else None
            if kept is not None and self.pressed is not None:
                store.chats.remember(self._card(store, kept, self.pressed))
            return result, kept, store.chats.due_now

        try:
            result, self._kept, self._outdated = await self.house.database.write(marked)
        except CoreError:
            self._refused = True
            raise
        self._written = True
        self.house.wake(outdated=self._outdated)
        return result

    async def refused(self) -> None:
        """Mark the update once its refusal has been said: come again, it is not done after all.

        What stands on the pressed message is shown then.
        """
        if self._refused:
            await self.house.database.write(self._mark_refused)

    def _mark_refused(self, store: Store) -> None:
        place = self.house.bot_id, self.chat_id, self.pressed or 0
        card = store.chats.shown(*place) if self.pressed else None
        about = (card.kind, card.ref_id, card.shop_id) if card else None
        store.chats.mark(self.house.bot_id, self.update_id, about)

    async def hush(self) -> None:
        """Close the open question beside the one write: closed again, nothing changes."""
        await self.house.database.write(lambda store: store.accounts.hush(self.account_id))

    async def ask(self, step: str, screen: Screen, *, fresh: bool = False, **data: Any) -> None:
        """Open a question and show it; the next plain message of this person answers it.

        Come again, it shows the question that is still open, and nothing over what came since.
        """
        try:
            await self.write(lambda store: store.accounts.ask(self.account_id, step, data))
        except AlreadyHandled:
            if (self.step, self.data) != (step, data):
                await self.finish()
                return
        await self.show(screen, fresh=fresh)

    async def ask_words(self, step: str, screen: Screen, **data: Any) -> None:
        """Ask for words: the next message says them, in a group a reply to the question."""
        if self.private:
            await self.ask(step, screen, **data, asked_in=self.pressed)
        else:
            await self.show(screen, fresh=True)

    async def close_question(self, asked: Screen) -> None:
        """Take the buttons off the question that was answered in words: there is no way back."""
        asked_in = self.data.get("asked_in")
        if asked_in:
            await self.redraw(asked_in, replace(asked, rows=()))

    @property
    def pressed(self) -> int | None:
        """Return the id of the message whose button was pressed."""
        return self.callback.message.message_id if self.callback and self.callback.message else None

    async def show(self, screen: Screen, *, fresh: bool = False, late: bool = True) -> int:
        """Show a screen: in place of the pressed message, else as a new one. Returns its id.

        A group that takes no more just now is shown it as soon as it does, unless it would be
        of no use `late`; the id is 0 then.
        """
        try:
            return await self._show(screen, fresh=fresh)
        except TelegramRetryAfter as refusal:
            if self.private:
                raise
            if late:
                again = partial(self._show, screen, fresh=fresh)
                say_later(self.house, self.chat_id, refusal.retry_after, again)
            return 0
        except TelegramMigrateToChat as moved:
            if self.callback is not None and not self._answered:
                raise  # the press is still to be told: the error router does
            await self.follow(moved.migrate_to_chat_id)
            return 0 if self.callback is not None else await self._show(screen, fresh=fresh)

    async def follow(self, new: int) -> None:
        """The group is a supergroup now, with this id: what is owed to it, and said, goes there."""
        old, self.chat_id = self.chat_id, new
        await self.house.database.write(lambda store: follow(store, old, new))
        self.house.owed.set()

    async def redraw(self, message_id: int, screen: Screen) -> None:
        """Bring another message of this chat up to date; in a busy group, as soon as it can be."""
        edit = partial(sending.edit, self.bot, self.chat_id, message_id, screen)
        try:
            await edit()
        except TelegramRetryAfter as refusal:
            if self.private:
                raise
            say_later(self.house, self.chat_id, refusal.retry_after, edit)

    async def _show(self, screen: Screen, *, fresh: bool) -> int:
        plain = screen.attachment is None and screen.ask is None
        in_place = self.pressed is not None and plain and not fresh
        if in_place and await sending.edit(self.bot, self.chat_id, self.pressed or 0, screen):
            await self._remember(screen, self.pressed or 0)
            return self.pressed or 0
        reply_to = self.message.message_id if self.message and not self.private else None
        if screen.ask and self.callback is not None and not self.private:
            screen = screen.under(self._mention())
        sent = await sending.send(self.bot, self.chat_id, screen, reply_to, self.thread_id)
        await self._remember(screen, sent.message_id)
        return sent.message_id

    def _mention(self) -> Html:
        """Name the presser: in a group only who is named, or replied to, gets the reply field."""
        name = self.callback.from_user.full_name if self.callback else ""
        return Html(f'<a href="tg://user?id={self.telegram_id}">{escape(name)}</a>')

    async def toast(self, text: str, *, alert: bool = False) -> None:
        """Answer the pressed button with a line (≤200 characters); once per press."""
        if self.callback is None or self._answered:
            return
        self._answered = True
        try:
            await self.bot.answer_callback_query(
                self.callback.id, text=text[:200] or None, show_alert=alert or None
            )
        except TelegramBadRequest:
            # Pressed too long ago to be answered; the screen has been redrawn all the same.
            return

    async def finish(self) -> None:
        """Answer a press nobody answered, so that the button stops spinning."""
        await self.toast("")

    async def _remember(self, screen: Screen, message_id: int) -> None:
        """Keep what a message shows now; one that shows nothing kept loses what it showed."""
        card = screen.card
        if card is not None and card == self._kept and message_id == self.pressed:
            return

        def keep(store: Store) -> None:
            if card is not None:
                store.chats.remember(self._card(store, card, message_id))
            else:
                store.chats.forget_card(self.house.bot_id, self.chat_id, message_id)

        if card is not None or message_id == self.pressed:
            await self.house.database.write(keep)

    def _card(self, store: Store, ref: CardRef, message_id: int) -> Card:
        return Card(
            bot_id=self.house.bot_id, chat_id=self.chat_id, message_id=message_id,
            kind=ref.kind, ref_id=ref.ref_id, shop_id=ref.shop_id, shown_at=store.now,
        )  # fmt: skip
