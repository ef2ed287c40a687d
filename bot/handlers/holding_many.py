"""缺货等待 of a batch, or of what is ticked: until when, once for all of them; and its end."""

from aiogram import Router
from aiogram.types import CallbackQuery, Message

from bot.filters import Asked, RepliesTo
from bot.handlers.batches import answer_many, standing
from bot.handlers.batches_job import Answer
from bot.keyboards import data as d
from bot.screens import holding_many as screens
from bot.turn import Turn
from core.answers.holding import day_in, today
from core.ports import Store
from core.text.days_ahead import read_day

router = Router(name="holding_many")

ASK_DAY = "hold_many"


@router.callback_query(d.HoldMany.filter())
async def hold(_: CallbackQuery, turn: Turn, callback_data: d.HoldMany) -> None:
    """For so many days; first asked for how many."""
    shop_id, of, ref, days = (
        callback_data.shop, callback_data.of, callback_data.ref, callback_data.days
    )  # fmt: skip
    if days:
        day = await turn.read(lambda store: day_in(store, days))
        await answer_many(turn, shop_id, of, ref, Answer(until=day.isoformat()))
        return
    if n := await _holdable(turn, shop_id, of, ref):
        await turn.show(screens.ask_days(turn.t, shop_id, of, ref, n))


@router.callback_query(d.HoldManyTyped.filter())
async def hold_typed(_: CallbackQuery, turn: Turn, callback_data: d.HoldManyTyped) -> None:
    """Another day: typed, in a group as a reply."""
    shop_id, of, ref = callback_data.shop, callback_data.of, callback_data.ref
    if not await _holdable(turn, shop_id, of, ref):
        return
    question = screens.ask_day(turn.t, shop_id, of, ref, private=turn.private)
    await turn.ask_words(ASK_DAY, question, shop=shop_id, of=of, ref=ref)


@router.message(Asked(ASK_DAY))
async def take_day(_: Message, turn: Turn) -> None:
    """The day, in private; a reply to an order's card is that order's number."""
    said, data = await _typed(turn), turn.data
    place = data["shop"], data["of"], data["ref"]
    await answer_many(turn, *place, said, hush=True)
    await turn.close_question(screens.ask_day(turn.t, *place, private=True))


@router.message(RepliesTo("hold_batch"))
@router.message(RepliesTo("hold_ticked"))
async def take_day_reply(_: Message, turn: Turn) -> None:
    """The day, as a reply in a group."""
    assert turn.replied is not None  # noqa: S101 - the filter lets nothing else through
    of = turn.replied.kind.removeprefix("hold_")
    said = await _typed(turn)
    await answer_many(turn, turn.replied.shop_id, of, turn.replied.ref_id, said)


@router.callback_query(d.ResumeMany.filter())
async def resume(_: CallbackQuery, turn: Turn, callback_data: d.ResumeMany) -> None:
    """已到货，继续 of them all."""
    shop_id, of, ref = callback_data.shop, callback_data.of, callback_data.ref
    await answer_many(turn, shop_id, of, ref, Answer(here=True))


async def _typed(turn: Turn) -> Answer:
    """Return the day and the reason that were typed. Raises `DayUnclear`."""
    day, why = await turn.read(lambda store: read_day(turn.text, today(store)))
    return Answer(why, day.isoformat())


async def _holdable(turn: Turn, shop_id: int, of: str, ref: int) -> int:
    """Return how many can wait; where none can, say so on what was pressed."""
    actor, use = turn.actor(shop_id), turn.services.batches

    def look(store: Store) -> int:
        return use.holdable(store, actor, of, ref)

    n = await turn.read(look)
    if not n:
        screen = await turn.read(standing(turn, shop_id, (of, ref)))
        await turn.show(screen.under(turn.t("None of these can wait for goods any more.")))
    return n
