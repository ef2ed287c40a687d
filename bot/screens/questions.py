"""A question about an order and its answer: as a message, on both cards, and while it is asked."""

from collections import Counter
from dataclasses import replace

from bot.keyboards import data as d
from bot.keyboards.parts import ask_in_words
from bot.screens.notes import readdress_button, said
from bot.screens.screen import Button, CardRef, Lines, Row, Screen
from bot.screens.short import cut, tail
from bot.screens.words import hidden_words, when
from bot.texts import Html, Translator
from core.answers.asking import QUESTION_LIMIT
from core.answers.question_views import QuestionView
from core.entities import Assignment, Order
from core.ids import key
from core.orders.views import OrderCard, PartView
from core.text.free_text import HIDDEN

ON_CARD = 120  # characters of a question on a card; its message has all of it
NAME = 30


def card_lines(t: Translator, asked: QuestionView | None, other: str) -> list[str]:
    """Return the last question and its answer for a card; `other` is the other side's name."""
    if asked is None:
        return []
    words, answer = said(t, asked.question, ON_CARD), said(t, asked.answer, ON_CARD)
    name, time = cut(other, NAME), when(t, asked.asked_at)
    if asked.mine:
        first = t("❓ You asked ({time}): {text}", time=time, text=words)
        second = t("💬 {name}: {text}", name=name, text=answer)
        waits = t("💬 No answer yet.")
    else:
        first = t("❓ {name} asks ({time}): {text}", name=name, time=time, text=words)
        second = t("💬 You answered: {text}", text=answer)
        waits = t("💬 Waits for your answer.")
    return [first, second if answer else waits]


def card_row(t: Translator, asked: QuestionView | None, shop_id: int, given: Assignment) -> Row:
    """Return 问一下 where one may ask, and 回复 where a question waits for this side."""
    row: list[Button] = []
    if asked is not None and not asked.mine and asked.answered_at is None:
        row.append(_reply(t, shop_id, asked))
    if given.status not in ("declined", "recalled"):
        pressed = d.AskQuestion(shop=shop_id, assignment=key(given)).pack()
        words = t("❓ Ask merchant") if shop_id == given.factory_id else t("❓ Ask factory")
        row.append(Button(words, pressed))
    return tuple(row)


def question_screen(
    t: Translator, asked: QuestionView, given: Assignment, order: Order, *, shop_id: int, other: str
) -> Screen:
    """Show a question whole, and its answer: a reply to it answers it."""
    factory = shop_id == given.factory_id
    name = cut(other, NAME)
    if asked.mine:
        head = t("❓ <b>You asked {name}</b>", name=name)
    else:
        head = t("❓ <b>{name} asks</b>", name=name)
    text = Lines([head])
    if factory:
        text.add(t("🏷 <b>{tag}</b> · {number}", tag=given.tag, number=tail(order.order_no)))
    else:
        text.add(t("Order: <code>{number}</code>", number=order.order_no))
    text.gap().add(_quote(t, asked.question))
    rows: list[Row] = []
    if asked.answered_at is not None:
        words = t("💬 {name} answered:", name=name) if asked.mine else t("💬 You answered:")
        text.add(words, _quote(t, asked.answer))
    elif asked.mine:
        text.add(t("No answer yet. I tell you when it comes."))
    else:
        text.add(t("Answer by replying to this message, or press “Answer”."))
        rows.append((_reply(t, shop_id, asked),))
    if HIDDEN in (asked.question, asked.answer):
        text.gap().add(_where_whole(t, factory=factory))
        rows += [] if factory else [(readdress_button(t, shop_id, key(order)),)]
    card: d.ShowAssignment | d.ShowOrder = (
        d.ShowAssignment(shop=shop_id, assignment=key(given))
        if factory
        else d.ShowOrder(shop=shop_id, order=key(order))
    )
    again = d.AskQuestion(shop=shop_id, assignment=key(given)).pack()
    ways = [Button(t("📋 Order"), card.pack())]
    if asked.answered_at is not None:
        ways.append(Button(t("❓ Ask again") if asked.mine else t("❓ Ask back"), again))
    return Screen(text.text(), (*rows, tuple(ways)), CardRef("question", asked.id, shop_id))


def _reply(t: Translator, shop_id: int, asked: QuestionView) -> Button:
    return Button(t("💬 Answer"), d.AnswerQuestion(shop=shop_id, question=asked.id).pack())


def taken_as_number(t: Translator) -> Html:
    """Say that what came in a question's place was a tracking number, and was taken as one."""
    return t("📦 <b>Taken as a tracking number, not as words.</b> To write a number to the "
             "merchant, add a sentence to it.")  # fmt: skip


def with_number(t: Translator, screen: Screen, asked: QuestionView) -> Screen:
    """Say that the number among the words shipped nothing, and offer to ship with it."""
    assert screen.card is not None  # noqa: S101 - a question's message says which it is
    ship = d.AskNumber(shop=screen.card.shop_id, assignment=asked.assignment_id)
    button = Button(t("📦 Enter number"), ship.pack())
    words = t("⚠️ <b>The number in it went as words: nothing is shipped with it.</b> If the parcel "
              "has left, enter the number by itself.")  # fmt: skip
    return replace(screen, rows=((button,), *screen.rows)).under(words)


def part_rows(t: Translator, card: OrderCard) -> list[Row]:
    """Return the same for a merchant's split order: each factory by its name."""
    shop_id = card.order.merchant_id
    names = Counter(one.factory_name for one in card.parts)
    return [
        _part_row(t, card.question, shop_id, one, several=names[one.factory_name] > 1)
        for one in card.parts
    ]


def _part_row(
    t: Translator, asked: QuestionView | None, shop_id: int, part: PartView, *, several: bool
) -> Row:
    mine = asked if asked and asked.assignment_id == part.assignment.id else None
    name = cut(part.factory_name, 12)
    name = f"{name} {part.assignment.tag}" if several else name
    return tuple(
        replace(one, text=t.plain("{what} · {factory}", what=one.text, factory=name))
        for one in card_row(t, mine, shop_id, part.assignment)
    )


def asked_name(card: OrderCard) -> str:
    """Return the name of the factory that the question on a merchant's card is about."""
    about = card.question.assignment_id if card.question else 0
    names = (one.factory_name for one in card.parts if one.assignment.id == about)
    return next(names, card.factory_name)


def _where_whole(t: Translator, *, factory: bool) -> Html:
    if factory:
        return t("Open the order and press “Recipient” to read what is hidden.")
    return t("Recipients are shown to nobody here. Is the order to go elsewhere? Change its "
             "recipient: the factory is told at once.")  # fmt: skip


def _quote(t: Translator, text: str) -> Html:
    return t("<blockquote>{text}</blockquote>", text=hidden_words(t) if text == HIDDEN else text)


def ask_question(t: Translator, given: Assignment, shop_id: int, *, private: bool) -> Screen:
    """Ask for the question."""
    text = t("What would you like to ask about this order? At most {limit} characters; the other "
             "side can answer at once.", limit=QUESTION_LIMIT)  # fmt: skip
    place = CardRef("ask_question", key(given), shop_id)
    return ask_in_words(t, text, place, t.plain("Your question"), private=private)


def ask_answer(t: Translator, asked: QuestionView, shop_id: int, *, private: bool) -> Screen:
    """Ask for the answer, below the question."""
    text = Lines([_quote(t, asked.question)])
    text.add(t("Write your answer, at most {limit} characters.", limit=QUESTION_LIMIT))
    place = CardRef("question", asked.id, shop_id)
    return ask_in_words(t, text.text(), place, t.plain("Your answer"), private=private)
