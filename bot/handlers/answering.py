"""Waiting for goods, and giving back what the merchant asks for: both sides' answers."""

from collections.abc import Callable

from aiogram import Router
from aiogram.types import CallbackQuery, Message

from bot.filters import Asked, RepliesTo
from bot.handlers.assigning import choose_another
from bot.handlers.fulfilling import answered
from bot.keyboards import data as d
from bot.screens import holding as screens
from bot.screens.batches import answered_recalls
from bot.screens.orders import order_card
from bot.screens.recalling import asked_screen, unasked_screen
from bot.screens.screen import CardRef, Screen
from bot.turn import Turn
from core.answers.fulfilling import live_assignment, refuse_stopped
from core.entities import Assignment
from core.orders.views import AssignmentCard
from core.ports import Store
from core.values import Actor

router = Router(name="answering")

ASK_DAY = "hold"

Act = Callable[[Store, Actor, int], Assignment]


@router.callback_query(d.Hold.filter())
async def hold(_: CallbackQuery, turn: Turn, callback_data: d.Hold) -> None:
    """缺货等待: until when, then the card as it stands."""
    pressed, holding = callback_data, turn.services.holding
    if not pressed.days:
        card = await turn.read(_holdable(turn, pressed.shop, pressed.assignment))
        await turn.show(screens.ask_days(turn.t, card))
        return

    def act(store: Store, actor: Actor, one: int) -> Assignment:
        return holding.hold_days(store, actor, one, pressed.days)

    await turn.show(await answered(turn, pressed.shop, pressed.assignment, act))
    await turn.toast(turn.t.plain("The merchant is being told."))


@router.callback_query(d.HoldTyped.filter())
async def hold_typed(_: CallbackQuery, turn: Turn, callback_data: d.HoldTyped) -> None:
    """Another day: typed, in a group as a reply."""
    shop_id, assignment_id = callback_data.shop, callback_data.assignment
    card = await turn.read(_holdable(turn, shop_id, assignment_id))
    screen = screens.ask_day(turn.t, card, private=turn.private)
    await turn.ask_words(ASK_DAY, screen, shop=shop_id, assignment=assignment_id)


@router.message(Asked(ASK_DAY))
async def take_day(_: Message, turn: Turn) -> None:
    """The day, in private; a reply to an order's card is that order's number."""
    act = _typed(turn)
    await turn.show(
        await answered(turn, turn.data["shop"], turn.data["assignment"], act, hush=True)
    )


@router.message(RepliesTo(ASK_DAY))
async def take_day_reply(_: Message, turn: Turn) -> None:
    """The day, as a reply in a group."""
    assert turn.replied is not None  # noqa: S101 - the filter lets nothing else through
    act = _typed(turn)
    await turn.show(await answered(turn, turn.replied.shop_id, turn.replied.ref_id, act))


def _typed(turn: Turn) -> Act:
    return lambda store, actor, one: turn.services.holding.hold(store, actor, one, turn.text)


@router.callback_query(d.Resume.filter())
async def resume(_: CallbackQuery, turn: Turn, callback_data: d.Resume) -> None:
    """已到货,继续."""
    act = turn.services.holding.resume
    await turn.show(await answered(turn, callback_data.shop, callback_data.assignment, act))


@router.callback_query(d.AgreeHold.filter())
async def agree(_: CallbackQuery, turn: Turn, callback_data: d.AgreeHold) -> None:
    """同意等待."""
    act = turn.services.holding.agree
    await turn.show(await _merchant(turn, callback_data.shop, callback_data.assignment, act))


@router.callback_query(d.Unask.filter())
async def unask(_: CallbackQuery, turn: Turn, callback_data: d.Unask) -> None:
    """撤销申请."""
    act = turn.services.recall_asking.withdraw
    await turn.show(await _merchant(turn, callback_data.shop, callback_data.assignment, act))


@router.callback_query(d.Elsewhere.filter())
async def elsewhere(_: CallbackQuery, turn: Turn, callback_data: d.Elsewhere) -> None:
    """撤回改派: taken back (or asked for, once it is begun), and another factory chosen."""
    actor, services = turn.actor(callback_data.shop), turn.services

    def work(store: Store) -> Screen:
        given = services.recall_asking.one(store, actor, callback_data.assignment)
        store.flush()
        if given.status != "recalled" or given.extra:
            card = services.listing.order(store, actor, given.order_id)
            return order_card(turn.t, card, store.now)
        chosen = services.assigning.take_one(store, actor, given.order_id)
        return choose_another(turn, store, actor, chosen).under(turn.t("↩️ Taken back."))

    await turn.show(await turn.write(work))


@router.callback_query(d.Reassign.filter())
async def reassign(_: CallbackQuery, turn: Turn, callback_data: d.Reassign) -> None:
    """改派 all that came back at once."""
    actor, draft_id = turn.actor(callback_data.shop), callback_data.draft
    assigning = turn.services.assigning

    def work(store: Store) -> Screen:
        chosen = assigning.kept(store, actor, draft_id)
        return choose_another(turn, store, actor, chosen)

    await turn.show(await turn.write(work), fresh=True)


@router.callback_query(d.AskBatchBack.filter())
async def ask_batch(_: CallbackQuery, turn: Turn, callback_data: d.AskBatchBack) -> None:
    """申请撤回 of what the factory has begun of one 确认分配."""
    actor, asking = turn.actor(callback_data.shop), turn.services.recall_asking
    draft_id = callback_data.draft

    def work(store: Store) -> Screen:
        n = asking.batch(store, actor, draft_id)
        in_all = asking.withdrawable(store, actor, draft_id)
        return asked_screen(turn.t, actor.shop_id, draft_id, n, in_all)

    await turn.show(await turn.write(work))


@router.callback_query(d.UnaskBatch.filter())
async def unask_batch(_: CallbackQuery, turn: Turn, callback_data: d.UnaskBatch) -> None:
    """取消全部申请 of one 确认分配."""
    actor, asking = turn.actor(callback_data.shop), turn.services.recall_asking
    n = await turn.write(lambda store: asking.withdraw_batch(store, actor, callback_data.draft))
    await turn.show(unasked_screen(turn.t, actor.shop_id, n))


@router.callback_query(d.AnswerRecall.filter())
async def answer(_: CallbackQuery, turn: Turn, callback_data: d.AnswerRecall) -> None:
    """同意撤回, 已打包,拒绝."""
    asking, agree_ = turn.services.recall_asking, bool(callback_data.agree)

    def act(store: Store, actor: Actor, one: int) -> Assignment:
        return asking.answer(store, actor, one, agree=agree_)

    await turn.show(await answered(turn, callback_data.shop, callback_data.assignment, act))
    await turn.toast(turn.t.plain("The merchant is being told."))


@router.callback_query(d.AnswerRecalls.filter())
async def answer_batch(_: CallbackQuery, turn: Turn, callback_data: d.AnswerRecalls) -> None:
    """The same for all of a batch that is asked back."""
    actor, draft_id = turn.actor(callback_data.shop), callback_data.draft
    services, agree_ = turn.services, bool(callback_data.agree)

    def work(store: Store) -> Screen:
        n = services.recall_asking.answer_batch(store, actor, draft_id, agree=agree_)
        digest = services.batches.digest(store, actor, draft_id)
        return answered_recalls(turn.t, digest, store.now, n, agree=agree_)

    await turn.show(await turn.write(work, CardRef("given", draft_id, actor.shop_id)))


def _holdable(turn: Turn, shop_id: int, assignment_id: int) -> Callable[[Store], AssignmentCard]:
    """Return what looks up the card of an order that can still wait."""
    actor = turn.actor(shop_id)

    def look(store: Store) -> AssignmentCard:
        refuse_stopped(store, live_assignment(store, actor, assignment_id))
        return turn.services.listing.assignment(store, actor, assignment_id)

    return look


async def _merchant(turn: Turn, shop_id: int, assignment_id: int, act: Act) -> Screen:
    """Run one use case of the merchant; return the order's card as it stands afterwards."""
    actor = turn.actor(shop_id)

    def work(store: Store) -> Screen:
        given = act(store, actor, assignment_id)
        store.flush()
        card = turn.services.listing.order(store, actor, given.order_id)
        return order_card(turn.t, card, store.now)

    return await turn.write(work)
