"""问一下 and 回复: a question about an order goes to the other side, its answer comes back."""

from collections.abc import Callable

from aiogram import Router
from aiogram.types import CallbackQuery, Message

from bot.filters import Asked, RepliesTo, SaysAnything
from bot.handlers.shipping import show_outcome
from bot.keyboards import data as d
from bot.screens import questions as screens
from bot.screens.kept import present_question
from bot.screens.screen import CardRef, Screen
from bot.turn import Turn
from core.answers.replying import Replied, Said
from core.ports import Store
from core.shipments.sending import Shipped
from core.shipments.shipping import Question
from core.values import Actor

router = Router(name="questions")

ASK, ANSWER = "ask_question", "answer_question"


@router.callback_query(d.AskQuestion.filter())
async def ask(_: CallbackQuery, turn: Turn, callback_data: d.AskQuestion) -> None:
    """问一下: what?"""
    shop_id, assignment_id = callback_data.shop, callback_data.assignment
    actor, asking = turn.actor(shop_id), turn.services.asking
    given = await turn.read(lambda store: asking.askable(store, actor, assignment_id))
    screen = screens.ask_question(turn.t, given, shop_id, private=turn.private)
    await turn.ask_words(ASK, screen, shop=shop_id, assignment=assignment_id)


@router.callback_query(d.AnswerQuestion.filter())
async def answer(_: CallbackQuery, turn: Turn, callback_data: d.AnswerQuestion) -> None:
    """回复: what?"""
    shop_id, question_id = callback_data.shop, callback_data.question
    actor, asking = turn.actor(shop_id), turn.services.asking
    asked = await turn.read(lambda store: asking.answerable(store, actor, question_id))
    screen = screens.ask_answer(turn.t, asked, shop_id, private=turn.private)
    await turn.ask_words(ANSWER, screen, shop=shop_id, question=question_id)


@router.message(Asked(ASK), ~RepliesTo("question"))
async def take_question(_: Message, turn: Turn) -> None:
    """The question, in private; a reply to an order's card is that order's number."""
    await _ask(turn, turn.data["shop"], turn.data["assignment"], hush=True)


@router.message(RepliesTo(ASK), ~SaysAnything())
async def take_question_reply(_: Message, turn: Turn) -> None:
    """The question, as a reply in a group."""
    assert turn.replied is not None  # noqa: S101 - the filter lets nothing else through
    await _ask(turn, turn.replied.shop_id, turn.replied.ref_id)


@router.message(RepliesTo("question"), ~SaysAnything())
async def take_answer_reply(_: Message, turn: Turn) -> None:
    """The answer, as a reply to the question."""
    assert turn.replied is not None  # noqa: S101 - the filter lets nothing else through
    await _answer(turn, turn.replied.shop_id, turn.replied.ref_id)


@router.message(Asked(ANSWER))
async def take_answer(_: Message, turn: Turn) -> None:
    """The answer, in private."""
    await _answer(turn, turn.data["shop"], turn.data["question"], hush=True)


async def _ask(turn: Turn, shop_id: int, assignment_id: int, *, hush: bool = False) -> None:
    replying = turn.services.replying
    await _done(
        turn, shop_id, lambda store, actor: replying.ask(store, actor, assignment_id, turn.text),
        turn.t("✅ Asked: the other side is being told."), hush=hush,
    )  # fmt: skip


async def _answer(turn: Turn, shop_id: int, question_id: int, *, hush: bool = False) -> None:
    replying = turn.services.replying
    await _done(
        turn, shop_id, lambda store, actor: replying.answer(store, actor, question_id, turn.text),
        turn.t("✅ Answered: the other side is being told."), hush=hush,
        about=CardRef("question", question_id, shop_id),
    )  # fmt: skip


async def _done(
    turn: Turn, shop_id: int, act: Callable[[Store, Actor], Replied], said: str, *,
    about: CardRef | None = None, hush: bool = False,
) -> None:  # fmt: skip
    """Run the use case; show the question as it stands afterwards, or what a number came to."""
    actor = turn.actor(shop_id)

    def work(store: Store) -> Screen | Shipped | Question:
        done = act(store, actor)
        if not isinstance(done, Said):
            return done
        store.flush()
        screen = present_question(turn.t, turn.services, store, actor, done.question.id)
        screen = screen.under(said)
        return screens.with_number(turn.t, screen, done.question) if done.idle_number else screen

    done = await turn.write(work, about, hush=hush)
    if isinstance(done, Screen):
        await turn.show(done)
    else:
        await show_outcome(turn, shop_id, done, screens.taken_as_number(turn.t))
