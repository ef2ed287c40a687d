"""Bringing what a chat was shown earlier up to date: no card keeps a wrong number."""

from collections.abc import Sequence

from bot.screens.present import present_screen
from bot.screens.screen import CardRef, Screen
from bot.turn import Turn
from core.ports import Store

NEWEST = 3  # messages of each kind about a thing that follow what has happened to it


async def redraw(turn: Turn, about: Sequence[tuple[str, int]], shown: int) -> None:
    """Redraw this chat's last messages about these things (kind, id), but not the one just shown.

    A reply field cannot be edited: it stays.
    """

    def look(store: Store) -> list[tuple[int, Screen]]:
        chats, here = store.chats, (turn.house.bot_id, turn.chat_id)
        cards = [card for one in about for card in chats.cards_of(*here, *one, NEWEST)]
        return [
            (
                card.message_id,
                present_screen(turn, store, CardRef(card.kind, card.ref_id, card.shop_id)),
            )
            for card in cards
            if card.message_id != shown
        ]

    for message_id, screen in await turn.read(look):
        await turn.redraw(message_id, screen)
