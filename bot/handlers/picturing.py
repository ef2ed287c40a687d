"""A picture where words were expected: nobody is sent it, and a waybill belongs to its order."""

from aiogram import Router
from aiogram.filters import Filter
from aiogram.types import Message, TelegramObject

from bot.filters import SHIPS
from bot.handlers.answering import ASK_DAY
from bot.handlers.fulfilling import ASK_REASON
from bot.handlers.questions import ANSWER, ASK
from bot.handlers.scanning import ABOUT_MANY, file_of
from bot.screens import scanning as screens
from bot.turn import Turn
from core.ports import Store

router = Router(name="picturing")

# What asks for words about one order: steps in private, replies in a group.
OF_AN_ORDER = frozenset({ASK_DAY, ASK_REASON, ASK})
OF_A_QUESTION = frozenset({ANSWER, "question"})


class PictureForWords(Filter):
    """A picture without words, sent where a factory was asked for words about an order."""

    async def __call__(self, event: TelegramObject, turn: Turn) -> bool | dict[str, int]:  # noqa: ARG002
        """Look at what it replies to, else at what is being asked; then whose order it is."""
        message, replied = turn.message, turn.replied
        if message is None or turn.text.strip() or message.caption or file_of(message) is None:
            return False
        if replied is not None and replied.kind in SHIPS | ABOUT_MANY:
            return False
        if replied is not None and replied.kind in OF_AN_ORDER | OF_A_QUESTION:
            kind, ref, shop_id = replied.kind, replied.ref_id, replied.shop_id
        elif turn.private and turn.step in OF_AN_ORDER | OF_A_QUESTION:
            kind, shop_id = str(turn.step), turn.data["shop"]
            ref = turn.data["question" if kind in OF_A_QUESTION else "assignment"]
        else:
            return False
        found = await turn.read(lambda store: _assignment(turn, store, shop_id, kind, ref))
        return {"shop_id": shop_id, "assignment_id": found} if found else False


def _assignment(turn: Turn, store: Store, shop_id: int, kind: str, ref: int) -> int:
    """Return the order's assignment where the shop is its factory, else 0.

    In a group anybody may reply: who does not act for the shop is answered as to any reply.
    """
    if store.shops.of_member(shop_id, turn.account_id) is None:
        return 0
    if kind in OF_A_QUESTION:
        ref = turn.services.asking.view(store, turn.actor(shop_id), ref).assignment_id
    given = store.assignments.get(ref)
    return ref if given is not None and given.factory_id == shop_id else 0


@router.message(PictureForWords())
async def take_picture(_: Message, turn: Turn, shop_id: int, assignment_id: int) -> None:
    """Say that words are wanted, and where a waybill goes. What is asked stays asked."""
    await turn.show(screens.words_wanted(turn.t, shop_id, assignment_id))
