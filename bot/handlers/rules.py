"""`/rules`: auto-assign rules, adding one, and trying them on what waits now."""

from collections.abc import Callable

from aiogram import Router
from aiogram.types import CallbackQuery, Message

from bot.filters import Asked, Says
from bot.handlers.rules_job import APPLY_RULES
from bot.jobs import AT_ONCE, begin, job_of
from bot.keyboards import data as d
from bot.screens import rule_trials as trials
from bot.screens import rules as screens
from bot.screens.assigning import working_screen
from bot.screens.screen import Screen
from bot.turn import Turn
from core.assignments.ruling import RULE_FACTORY, RULE_WORD
from core.assignments.selecting import BATCH_LIMIT
from core.ports import Store
from core.text.regions import PROVINCES
from core.values import Actor

router = Router(name="rules")


@router.message(Says("rules"))
async def rules(_: Message, turn: Turn) -> None:
    """`/rules`."""
    await turn.show(await turn.read(_list(turn, turn.actor())))


@router.callback_query(d.ShowRules.filter())
async def show_rules(_: CallbackQuery, turn: Turn, callback_data: d.ShowRules) -> None:
    """The list; a question still open about a new rule is closed."""
    await turn.show(await turn.write(_list(turn, turn.actor(callback_data.shop)), hush=True))


@router.callback_query(d.ShowRule.filter())
async def show_rule(_: CallbackQuery, turn: Turn, callback_data: d.ShowRule) -> None:
    """One rule."""
    actor, ruling = turn.actor(callback_data.shop), turn.services.ruling
    one = await turn.read(lambda store: ruling.one(store, actor, callback_data.rule))
    await turn.show(screens.rule_screen(turn.t, actor.shop_id, one))


@router.callback_query(d.ChangeRule.filter())
async def change(_: CallbackQuery, turn: Turn, callback_data: d.ChangeRule) -> None:
    """Pause, resume, move; delete after asking once."""
    pressed, actor = callback_data, turn.actor(callback_data.shop)
    t, shop_id, ruling = turn.t, actor.shop_id, turn.services.ruling
    if pressed.act == "ask":
        one = await turn.read(lambda store: ruling.one(store, actor, pressed.rule))
        await turn.show(screens.ask_end(t, shop_id, one))
        return
    every = _list(turn, actor)

    def work(store: Store) -> Screen:
        one = ruling.change(store, actor, pressed.rule, pressed.act)
        if pressed.act == "end":
            return every(store).under(screens.ended_line(t))
        return (
            every(store) if pressed.act in ("up", "down") else screens.rule_screen(t, shop_id, one)
        )

    await turn.show(await turn.write(work))


def _list(turn: Turn, actor: Actor) -> Callable[[Store], Screen]:
    ruling = turn.services.ruling
    return lambda store: screens.rules_screen(turn.t, actor.shop_id, ruling.every(store, actor))


@router.callback_query(d.AddRule.filter())
async def add(_: CallbackQuery, turn: Turn, callback_data: d.AddRule) -> None:
    """A new rule: its kind, then what it looks for."""
    pressed, actor, ruling = callback_data, turn.actor(callback_data.shop), turn.services.ruling
    t, shop_id = turn.t, actor.shop_id
    if pressed.kind == "keyword" and not turn.private:
        # A bot in a group does not see what is typed.
        await turn.read(lambda store: ruling.every(store, actor))  # to whom it may be said
        await turn.show(screens.only_privately(t, turn.house.username), fresh=True)
        return

    def work(store: Store) -> Screen:
        if not pressed.kind:
            ruling.every(store, actor)
            return screens.choose_kind(t, shop_id)
        if pressed.kind == "all":
            return screens.choose_factory(t, shop_id, ruling.looks_for(store, actor, "all", ""))
        ruling.begin(store, actor, pressed.kind)
        if pressed.kind == "code":
            return screens.ask_code(t, shop_id, ruling.codes(store, actor), private=turn.private)
        if pressed.kind == "province":
            return screens.ask_province(
                t, shop_id, ruling.provinces(store, actor), private=turn.private
            )
        return screens.ask_keyword(t)

    await turn.show(await turn.write(work))


@router.callback_query(d.PickRuleWord.filter())
async def pick(_: CallbackQuery, turn: Turn, callback_data: d.PickRuleWord) -> None:
    """A code or a province was chosen."""
    pressed, actor, ruling = callback_data, turn.actor(callback_data.shop), turn.services.ruling

    def work(store: Store) -> Screen:
        if pressed.kind == "code":
            word = ruling.code_of(store, actor, pressed.ref)
        else:
            word = PROVINCES[pressed.ref - 1] if 1 <= pressed.ref <= len(PROVINCES) else ""
        new = ruling.looks_for(store, actor, pressed.kind, word)
        return screens.choose_factory(turn.t, actor.shop_id, new)

    await turn.show(await turn.write(work))


@router.message(Asked(RULE_WORD))
@router.message(Asked(RULE_FACTORY))
async def take_word(_: Message, turn: Turn) -> None:
    """What it looks for was typed."""
    actor, ruling = turn.actor(turn.data.get("shop")), turn.services.ruling
    new = await turn.write(lambda store: ruling.word(store, actor, turn.text))
    await turn.show(screens.choose_factory(turn.t, actor.shop_id, new))


@router.callback_query(d.SaveRule.filter())
async def save(_: CallbackQuery, turn: Turn, callback_data: d.SaveRule) -> None:
    """The factory was chosen: the rule stands."""
    pressed, actor, ruling = callback_data, turn.actor(callback_data.shop), turn.services.ruling
    every = _list(turn, actor)

    def work(store: Store) -> Screen:
        one = ruling.add(store, actor, pressed.factory, pressed.mark)
        return every(store).under(screens.added_line(turn.t, one))

    await turn.show(await turn.write(work))


@router.callback_query(d.TryRules.filter())
async def trial(_: CallbackQuery, turn: Turn, callback_data: d.TryRules) -> None:
    """What the rules would do now."""
    actor, auto = turn.actor(callback_data.shop), turn.services.auto
    found = await turn.read(lambda store: auto.trial(store, actor))
    await turn.show(trials.trial_screen(turn.t, actor.shop_id, found))


@router.callback_query(d.ApplyRules.filter())
async def apply(_: CallbackQuery, turn: Turn, callback_data: d.ApplyRules) -> None:
    """Do what the trial showed; very many beside."""
    actor, auto, mark = turn.actor(callback_data.shop), turn.services.auto, callback_data.mark
    counts = await turn.read(lambda store: turn.services.listing.counts(store, actor))
    n = min(counts.get("unassigned", 0), BATCH_LIMIT)
    if n > AT_ONCE:
        job = job_of(turn, APPLY_RULES, actor, turn.pressed or 0, {"mark": mark})
        await begin(turn, job, working_screen(turn.t, n))
        return
    done = await turn.write(lambda store: auto.apply(store, actor, mark))
    await turn.show(trials.done_screen(turn.t, actor.shop_id, done))
