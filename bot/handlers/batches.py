"""The factory over many orders at once: the digest, its list, ticks, 接单 and 拒单, 装箱单."""

from collections.abc import Callable, Sequence

from aiogram import Router
from aiogram.types import CallbackQuery, Message

from bot.filters import Asked, RepliesTo
from bot.handlers.answering_job import ANSWER
from bot.handlers.batches_job import Answer, Bulk
from bot.jobs import AT_ONCE, begin, job_of
from bot.keyboards import cursors
from bot.keyboards import data as d
from bot.screens import answers, batches
from bot.screens.packing import packing_list
from bot.screens.screen import CardRef, Screen
from bot.turn import Turn
from core.answers.fulfilling import DECLINE_REASONS
from core.orders.views import Cursor
from core.ports import Store
from core.values import Actor

router = Router(name="batches")

ASK_REASON = "decline_many"
OTHER = "other"


@router.callback_query(d.ShowBatch.filter())
async def show(_: CallbackQuery, turn: Turn, callback_data: d.ShowBatch) -> None:
    """The digest as it stands."""
    look = standing(turn, callback_data.shop, ("batch", callback_data.draft))
    await turn.show(await turn.read(look))


@router.callback_query(d.ListBatches.filter())
async def recent(_: CallbackQuery, turn: Turn, callback_data: d.ListBatches) -> None:
    """批次: the last ones with anything open."""
    actor = turn.actor(callback_data.shop)
    rows = await turn.read(lambda store: turn.services.batches.recent(store, actor))
    await turn.show(batches.batch_list(turn.t, actor.shop_id, rows))


@router.callback_query(d.ListGiven.filter())
async def list_page(_: CallbackQuery, turn: Turn, callback_data: d.ListGiven) -> None:
    """A page of a batch, or of what is open to tick."""
    pressed, actor = callback_data, turn.actor(callback_data.shop)
    here = cursors.unpack(pressed.at, pressed.row, pressed.back)
    if pressed.tick or not pressed.draft:
        await turn.show(await turn.read(_choice(turn, actor, pressed.draft, here)))
        return

    def look(store: Store) -> Screen:
        digest = turn.services.batches.digest(store, actor, pressed.draft)
        page = turn.services.batches.page(store, actor, pressed.draft, here)
        return batches.given_list(turn.t, digest, page, store.now)

    await turn.show(await turn.read(look))


@router.callback_query(d.TickGiven.filter())
async def tick(_: CallbackQuery, turn: Turn, callback_data: d.TickGiven) -> None:
    """☑ one order, or the whole page; the page stays."""
    pressed, actor = callback_data, turn.actor(callback_data.shop)
    here, use = cursors.unpack(pressed.at, pressed.row, pressed.back), turn.services.batches

    def work(store: Store) -> Screen:
        ids = [pressed.assignment]
        if not pressed.assignment:
            ids = [row.id for row in use.choice(store, actor, pressed.draft, here).page.rows]
        use.tick(store, actor, ids)
        return _choice(turn, actor, pressed.draft, here)(store)

    await turn.show(await turn.write(work))


@router.callback_query(d.Untick.filter())
async def untick(_: CallbackQuery, turn: Turn, callback_data: d.Untick) -> None:
    """取消全部勾选."""
    actor, draft_id = turn.actor(callback_data.shop), callback_data.draft

    def work(store: Store) -> Screen:
        turn.services.batches.untick(store, actor)
        return _choice(turn, actor, draft_id, None)(store)

    await turn.show(await turn.write(work))


@router.callback_query(d.AcceptMany.filter())
async def accept(_: CallbackQuery, turn: Turn, callback_data: d.AcceptMany) -> None:
    """全部接单, 接单已勾选."""
    pressed = callback_data
    await answer_many(turn, pressed.shop, pressed.of, pressed.ref, Answer())


@router.callback_query(d.DeclineMany.filter())
async def decline(_: CallbackQuery, turn: Turn, callback_data: d.DeclineMany) -> None:
    """全部拒单, 拒单已勾选: why, then back to the merchants."""
    shop_id, of, ref, why = (
        callback_data.shop, callback_data.of, callback_data.ref, callback_data.why
    )  # fmt: skip
    if why in DECLINE_REASONS:
        await answer_many(turn, shop_id, of, ref, Answer(why))
        return
    actor = turn.actor(shop_id)
    use = turn.services.batches

    def look(store: Store) -> tuple[int, Sequence[tuple[str, int]]]:
        n = use.declinable(store, actor, of, ref)
        return n, use.accepted_by_others(store, actor, of, ref) if n else ()

    n, colleagues = await turn.read(look)
    if not n:
        screen = await turn.read(standing(turn, shop_id, (of, ref)))
        await turn.show(screen.under(turn.t("None of these can be declined any more.")))
    elif why != OTHER:
        await turn.show(answers.reasons_screen(turn.t, shop_id, of, ref, n, colleagues))
    else:
        question = answers.ask_words(turn.t, shop_id, of, ref, private=turn.private)
        await turn.ask_words(ASK_REASON, question, shop=shop_id, of=of, ref=ref)


@router.message(Asked(ASK_REASON))
async def take_reason(_: Message, turn: Turn) -> None:
    """The reason in words, in private; a reply to an order's card is that order's number."""
    said, data = Answer(turn.text), turn.data
    place = data["shop"], data["of"], data["ref"]
    await answer_many(turn, *place, said, hush=True)
    await turn.close_question(answers.ask_words(turn.t, *place, private=True))


@router.message(RepliesTo("decline_batch"))
@router.message(RepliesTo("decline_ticked"))
async def take_reply(_: Message, turn: Turn) -> None:
    """The reason in words, as a reply in a group."""
    assert turn.replied is not None  # noqa: S101 - the filter lets nothing else through
    of = turn.replied.kind.removeprefix("decline_")
    await answer_many(turn, turn.replied.shop_id, of, turn.replied.ref_id, Answer(turn.text))


@router.callback_query(d.PackingList.filter())
async def packing(_: CallbackQuery, turn: Turn, callback_data: d.PackingList) -> None:
    """📦 装箱单, made anew; filled in and sent back it ships."""
    actor, of, ref = turn.actor(callback_data.shop), callback_data.of, callback_data.ref
    use = turn.services.batches
    packed = await turn.read(lambda store: use.packing(store, actor, of, ref))
    await turn.toast(turn.t("Making the file …"))
    screen = batches.packing_screen(turn.t, actor.shop_id, of, ref, len(packed))
    await turn.show(screen.attaching(packing_list(turn.t, packed)))


async def answer_many(
    turn: Turn, shop_id: int, of: str, ref: int, said: Answer, *, hush: bool = False
) -> None:
    """Accept, decline, hold or go on: at once, or beside when there are very many."""
    actor, services = turn.actor(shop_id), turn.services
    about = CardRef("given", ref, shop_id) if of == "batch" else None
    n = await turn.read(lambda store: services.batches.size(store, actor, of, ref))
    if n > AT_ONCE:
        payload = {"of": of, "ref": ref, **said._asdict()}
        job = job_of(turn, ANSWER, actor, turn.pressed or 0, payload)
        await begin(turn, job, answers.working_screen(turn.t, n), about, hush=hush)
        return

    def work(store: Store) -> Screen:
        bulk = Bulk(turn.t, services, actor, of, ref)
        return bulk.answered(store, bulk.answer(store, said), said)

    screen = await turn.write(work, about, hush=hush)
    await turn.show(screen, fresh=of == "day")  # pressed on a reminder that says more


def standing(turn: Turn, shop_id: int, place: tuple[str, int]) -> Callable[[Store], Screen]:
    """Return what looks up the digest, or the page to tick on, as it stands."""
    return Bulk(turn.t, turn.services, turn.actor(shop_id), *place).standing


def _choice(
    turn: Turn, actor: Actor, draft_id: int, here: Cursor | None
) -> Callable[[Store], Screen]:
    """Return what looks up a page to tick on; the first where the rows have moved on meanwhile."""
    use = turn.services.batches

    def look(store: Store) -> Screen:
        place, choice = here, use.choice(store, actor, draft_id, here)
        if here is not None and not choice.page.rows:
            place, choice = None, use.choice(store, actor, draft_id)
        return batches.tick_screen(turn.t, actor.shop_id, draft_id, choice, store.now, here=place)

    return look
