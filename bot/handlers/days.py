"""统计, and when the 日报 comes."""

from aiogram import Router
from aiogram.types import CallbackQuery, Message

from bot.filters import Asked, RepliesTo, Says, SaysAnything
from bot.handlers.days_job import STATS
from bot.jobs import begin, job_of
from bot.keyboards import data as d
from bot.screens import days as screens
from bot.screens.days import ASK_HOUR
from bot.turn import Turn
from core.acting import acting
from core.clock.days import SPANS
from core.entities import Job
from core.ports import Store
from core.text.hours import read_hour

router = Router(name="days")


@router.message(Says("stats"))
async def stats(_: Message, turn: Turn) -> None:
    """`/stats`."""
    await show_stats(turn, turn.shop_id or 0)


async def show_stats(turn: Turn, shop_id: int, days: int = SPANS[0], *, fresh: bool = True) -> None:
    """Have the figures drawn: also from the menu."""
    actor = turn.actor(shop_id)
    payload = {"days": days if days in SPANS else SPANS[0]}
    said = turn.message.message_id if turn.message else 0
    make = job_of(turn, STATS, actor, turn.pressed or said, payload)

    def owe(store: Store) -> Job:
        acting(store, actor)
        return make(store)

    await begin(turn, owe, screens.drawing(turn.t), fresh=fresh)


@router.callback_query(d.ShowStats.filter())
async def stats_of(_: CallbackQuery, turn: Turn, callback_data: d.ShowStats) -> None:
    """Figures from a button; another span takes the place of the one shown."""
    pressed = callback_data
    await show_stats(turn, pressed.shop, pressed.days, fresh=not pressed.again)


@router.callback_query(d.AskDigestHour.filter())
async def ask_hour(_: CallbackQuery, turn: Turn, callback_data: d.AskDigestHour) -> None:
    """When shall it come? The digest itself stays as it is."""
    actor = turn.actor(callback_data.shop)
    hour = await turn.read(lambda store: turn.services.digests.hour(store, actor))
    question = screens.ask_hour(turn.t, actor.shop_id, hour, private=turn.private)
    if turn.private:
        await turn.ask(ASK_HOUR, question, fresh=True, shop=actor.shop_id)
    else:
        await turn.show(question, fresh=True)


@router.callback_query(d.SetDigestHour.filter())
async def set_hour(_: CallbackQuery, turn: Turn, callback_data: d.SetDigestHour) -> None:
    """It was chosen."""
    pressed = callback_data
    hour = None if pressed.hour == screens.OFF else pressed.hour
    await _set(turn, pressed.shop, hour)


@router.message(Asked(ASK_HOUR), ~RepliesTo("order"))
async def take_hour(_: Message, turn: Turn) -> None:
    """It was typed, in private; a reply to an order's card is about that order."""
    await _set(turn, turn.data["shop"], read_hour(turn.text))


@router.message(RepliesTo(ASK_HOUR), ~SaysAnything())
async def take_hour_reply(_: Message, turn: Turn) -> None:
    """It was typed as a reply, in a group."""
    assert turn.replied is not None  # noqa: S101 - the filter lets nothing else through
    await _set(turn, turn.replied.shop_id, read_hour(turn.text))


async def _set(turn: Turn, shop_id: int, hour: int | None) -> None:
    """Set it, and close the question should it be the one that is open."""
    actor, digests = turn.actor(shop_id), turn.services.digests

    def work(store: Store) -> None:
        digests.set_hour(store, actor, hour)
        asked = store.accounts.talk(turn.account_id)
        if asked is not None and asked[0] == ASK_HOUR:
            store.accounts.hush(turn.account_id)

    await turn.write(work)
    await turn.show(screens.hour_set(turn.t, actor.shop_id, hour))
