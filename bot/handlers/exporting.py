"""对账 of either role: which days, whose parcels, and the file; large ones are made beside."""

from aiogram import Router
from aiogram.types import CallbackQuery, Message

from bot.filters import Asked, RepliesTo, Says
from bot.handlers.exporting_job import RECONCILE
from bot.jobs import begin, job_of
from bot.keyboards.data import ExportFile, ExportSpan
from bot.reconciling import reconciled
from bot.screens import exports as screens
from bot.screens.screen import Screen
from bot.turn import Turn
from core.acting import acting
from core.orders.narrowing import Scope
from core.ports import Store
from core.values import Actor

router = Router(name="exporting")

INLINE = 500  # parcels exported within the update; a handler ends within 5 s


@router.message(Says("export"))
async def export(_: Message, turn: Turn) -> None:
    """`/export`, `/export 3.1-3.5`."""
    args = turn.said.args if turn.said else ""
    if args:
        await _choose(turn, turn.actor(), args, 0)
    else:
        await show_export(turn, turn.shop_id or 0)


async def show_export(turn: Turn, shop_id: int) -> None:
    """Ask which days: also from the menu."""
    actor = turn.actor(shop_id)
    await turn.read(lambda store: acting(store, actor))
    question = screens.choose_span(turn.t, actor.shop_id, private=turn.private)
    if turn.private:
        await turn.ask(screens.ASK, question, shop=actor.shop_id)
    else:
        await turn.show(question)


@router.message(Asked(screens.ASK))
async def take_days(_: Message, turn: Turn) -> None:
    """Days were typed, in private; what cannot be understood is asked again."""
    await _choose(turn, turn.actor(turn.data["shop"]), turn.text, 0)


@router.message(RepliesTo(screens.ASK))
async def take_reply(_: Message, turn: Turn) -> None:
    """Days were typed as a reply in a group."""
    assert turn.replied is not None  # noqa: S101 - the filter lets nothing else through
    await _choose(turn, turn.actor(turn.replied.shop_id), turn.text, 0)


@router.callback_query(ExportSpan.filter())
async def choose_span(_: CallbackQuery, turn: Turn, callback_data: ExportSpan) -> None:
    """The days were chosen: whose parcels?"""
    pressed = callback_data
    await _choose(turn, turn.actor(pressed.shop), pressed.period, pressed.after)


async def _choose(turn: Turn, actor: Actor, text: str, after: int) -> None:
    """Ask whose parcels; where only one shop is or was bound, make the file at once."""
    services = turn.services

    def look(store: Store) -> Screen | Scope:
        shop = acting(store, actor).shop
        rows = services.filtering.partners(store, actor, after)
        if len(rows) <= 1 and not after:
            return services.reconciling.scope(store, actor, text, 0)
        period = services.reconciling.period(store, actor, text)
        return screens.choose_partner(turn.t, actor.shop_id, shop.role, period, rows)

    chosen = await turn.read(look)
    await turn.hush()
    if isinstance(chosen, Screen):
        await turn.show(chosen)
    else:
        await _send(turn, actor, chosen)


@router.callback_query(ExportFile.filter())
async def send_export(_: CallbackQuery, turn: Turn, callback_data: ExportFile) -> None:
    """Make the file."""
    pressed, actor = callback_data, turn.actor(callback_data.shop)
    use = turn.services.reconciling
    scope = await turn.read(lambda s: use.scope(s, actor, pressed.period, pressed.partner))
    await _send(turn, actor, scope)


async def _send(turn: Turn, actor: Actor, scope: Scope) -> None:
    """Make the file now, or beside where it is large. No question stays open."""
    use = turn.services.reconciling
    # Counted over everybody: few of many parcels are looked for among all of them.
    wide = Scope(scope.role, scope.period)
    if await turn.read(lambda store: use.size(store, actor, wide, INLINE)) > INLINE:
        payload = {"period": scope.period.code, "partner": scope.partner_id or 0}
        job = job_of(turn, RECONCILE, actor, turn.pressed or 0, payload)
        await begin(turn, job, screens.making(turn.t), fresh=True)
        return
    await turn.toast(turn.t("Making the file …"))
    await turn.show(await reconciled(turn.house, actor, turn.t, scope))
