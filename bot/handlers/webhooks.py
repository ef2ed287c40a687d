"""推送地址: the owner adds, tests, pauses, removes them in private; a secret is shown once."""

from collections.abc import Callable

from aiogram import Router
from aiogram.types import CallbackQuery, Message

from bot.filters import Answers, Says
from bot.keyboards import data as d
from bot.revealing import reveal
from bot.screens import webhooks as screens
from bot.screens.screen import CardRef
from bot.texts import Html
from bot.turn import Turn
from core.ports import Store
from core.programs.webhooks import NewSecret, WebhookView
from core.values import Actor

router = Router(name="webhooks")
ASK_URL = "webhook_url"


@router.message(Says("webhook"))
async def webhooks(_: Message, turn: Turn) -> None:
    """`/webhook`."""
    await _show(turn, None)


@router.callback_query(d.ListWebhooks.filter())
async def list_webhooks(_: CallbackQuery, turn: Turn, callback_data: d.ListWebhooks) -> None:
    """All of the shop's."""
    await _show(turn, callback_data.shop)


async def _show(turn: Turn, shop_id: int | None, *, fresh: bool = False) -> None:
    """List the webhooks of a shop, or of the one switched on."""
    actor, own = turn.actor(shop_id), turn.services.programs.webhooks.own
    found = await turn.read(lambda store: own(store, actor))
    if turn.private:
        await turn.show(screens.webhook_list(turn.t, found, turn.house.address), fresh=fresh)
    else:
        await turn.show(screens.in_private(turn.t, turn.house.username), fresh=True)


@router.callback_query(d.AddWebhook.filter())
async def ask(_: CallbackQuery, turn: Turn, callback_data: d.AddWebhook) -> None:
    """Ask for the address."""
    await turn.ask(ASK_URL, screens.ask_url(turn.t), shop=callback_data.shop)


@router.message(Answers(ASK_URL))
async def add(_: Message, turn: Turn) -> None:
    """Add it, and show the secret it signs with."""
    shop_id, url, adding = turn.data["shop"], turn.text, turn.services.programs.webhooks.add
    await _reveal(turn, shop_id, lambda store, actor: adding(store, actor, url), hush=True)
    turn.house.hooks.set()


@router.callback_query(d.ShowWebhook.filter())
async def one_webhook(_: CallbackQuery, turn: Turn, callback_data: d.ShowWebhook) -> None:
    """One of them."""
    await _card(turn, callback_data.shop, callback_data.hook)


@router.callback_query(d.TryWebhook.filter())
async def test(_: CallbackQuery, turn: Turn, callback_data: d.TryWebhook) -> None:
    """Post to it now, and say how that went."""
    actor, target = turn.actor(callback_data.shop), turn.services.programs.webhooks.target
    where = await turn.read(lambda store: target(store, actor, callback_data.hook))
    ping = turn.house.ping
    headline = screens.tested(turn.t, await ping(where)) if ping is not None else None
    await _card(turn, callback_data.shop, callback_data.hook, headline)


@router.callback_query(d.ReplayWebhook.filter())
async def replay(_: CallbackQuery, turn: Turn, callback_data: d.ReplayWebhook) -> None:
    """Ask from when, then send once more."""
    shop_id, hook, hours = callback_data.shop, callback_data.hook, callback_data.hours
    actor, using = turn.actor(shop_id), turn.services.programs.webhooks
    if not hours:
        view = await _view(turn, shop_id, hook)
        await turn.show(screens.ask_replay(turn.t, shop_id, view.webhook))
        return
    n = await turn.write(lambda store: using.replay(store, actor, hook, hours), _about(shop_id))
    await _card(turn, shop_id, hook)
    await turn.toast(screens.sent_again(turn.t, n))


@router.callback_query(d.RotateWebhook.filter())
async def rotate(_: CallbackQuery, turn: Turn, callback_data: d.RotateWebhook) -> None:
    """Ask, then sign with a new secret, and show it."""
    shop_id, hook = callback_data.shop, callback_data.hook
    rotating = turn.services.programs.webhooks.rotate
    if not callback_data.sure or not turn.private:
        view = await _view(turn, shop_id, hook)
    if not callback_data.sure:
        await turn.show(screens.ask_rotate(turn.t, shop_id, view.webhook))
        return
    await _reveal(
        turn, shop_id, lambda store, actor: rotating(store, actor, hook, callback_data.sure)
    )


@router.callback_query(d.SwitchWebhook.filter())
async def switch(_: CallbackQuery, turn: Turn, callback_data: d.SwitchWebhook) -> None:
    """Switch it on, or off."""
    shop_id, hook, using = callback_data.shop, callback_data.hook, turn.services.programs.webhooks
    actor, act = turn.actor(shop_id), using.resume if callback_data.on else using.pause
    await turn.write(lambda store: act(store, actor, hook), _about(shop_id))
    turn.house.hooks.set()
    await _card(turn, shop_id, hook)


@router.callback_query(d.RemoveWebhook.filter())
async def remove(_: CallbackQuery, turn: Turn, callback_data: d.RemoveWebhook) -> None:
    """Ask, then end it."""
    shop_id, hook = callback_data.shop, callback_data.hook
    actor, using = turn.actor(shop_id), turn.services.programs.webhooks
    if not callback_data.sure:
        view = await _view(turn, shop_id, hook)
        await turn.show(screens.ask_remove(turn.t, shop_id, view.webhook))
        return
    gone = await turn.write(lambda store: using.remove(store, actor, hook), _about(shop_id))
    await _show(turn, shop_id)
    await turn.toast(turn.t.plain("{host} was removed.", host=screens.host_of(gone)))


def _about(shop_id: int) -> CardRef:
    return CardRef("webhooks", shop_id, shop_id)


async def _view(turn: Turn, shop_id: int, hook: int) -> WebhookView:
    actor, one = turn.actor(shop_id), turn.services.programs.webhooks.one
    return await turn.read(lambda store: one(store, actor, hook))


async def _card(turn: Turn, shop_id: int, hook: int, headline: Html | None = None) -> None:
    """Show one, where nobody else reads along."""
    view = await _view(turn, shop_id, hook)
    if not turn.private:
        await turn.show(screens.in_private(turn.t, turn.house.username), fresh=True)
        return
    screen = screens.webhook_card(turn.t, shop_id, view, test=turn.house.ping is not None)
    await turn.show(screen.under(headline) if headline else screen)


async def _reveal(
    turn: Turn, shop_id: int, work: Callable[[Store, Actor], NewSecret], *, hush: bool = False
) -> None:
    """Make a secret and show it, where nobody else reads along; then the list."""
    if turn.private:
        actor, protect = turn.actor(shop_id), turn.house.protect_recipients
        await reveal(
            turn,
            _about(shop_id),
            screens.placeholder(turn.t, protect=protect),
            lambda store: work(store, actor),
            lambda made, gone: screens.secret_screen(turn.t, made, gone, protect=protect),
            hush=hush,
        )
    await _show(turn, shop_id, fresh=turn.callback is None)
