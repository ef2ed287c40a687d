"""A question about an order and its answer, between the merchant and the factory it is at.

Both texts are sealed where they are kept, and stand in no log, alert or audit row: ids only.
"""

from core.acting import acting
from core.answers.answer_errors import (
    AnsweredAlready,
    OwnQuestion,
    QuestionNotFound,
    QuestionTooLate,
)
from core.answers.answer_events import QuestionAnswered, QuestionAsked
from core.answers.question_views import QuestionView
from core.entities import Assignment, OrderQuestion
from core.errors import AssignmentNotFound, NameMissing, TextTooLong
from core.ids import key
from core.ports import Store
from core.text.free_text import as_shown
from core.text.plain import lines_of
from core.values import Actor

QUESTION_LIMIT = 300  # characters of a question, and of an answer


class Asking:
    """问一下 and 回复, by either side."""

    def askable(self, store: Store, actor: Actor, assignment_id: int) -> Assignment:
        """Return the assignment one may ask about. Raises `AssignmentNotFound`, `QuestionTooLate`.

        An order that has shipped may be asked about: that is when most questions come. So may one
        that was cancelled: its parcel may be on the way, its goods packed.
        """
        assignment = _own(store, actor, assignment_id)
        if assignment.status in ("declined", "recalled"):
            raise QuestionTooLate(assignment.status, actor.shop_id == assignment.factory_id)
        return assignment

    def ask(self, store: Store, actor: Actor, assignment_id: int, text: str) -> QuestionView:
        """Ask the other side. Raises as `askable`, and `NameMissing`, `TextTooLong`."""
        assignment = self.askable(store, actor, assignment_id)
        said = clean_text(text)
        merchant, factory = assignment.merchant_id, assignment.factory_id
        asked = store.questions.add(
            OrderQuestion(
                assignment_id=assignment_id, order_id=assignment.order_id,
                from_shop=actor.shop_id, to_shop=factory if actor.shop_id == merchant else merchant,
                asked_by=actor.account_id, asked_at=store.now, question=b"",
            ),
            said,
        )  # fmt: skip
        store.record(
            actor, "asked", order_id=asked.order_id, assignment=assignment_id, question=asked.id
        )
        store.emit(QuestionAsked(key(asked)), to=asked.to_shop)
        return _view(store, actor, asked)

    def view(self, store: Store, actor: Actor, question_id: int) -> QuestionView:
        """Return the question as the actor's side sees it. Raises `QuestionNotFound`."""
        return _view(store, actor, self._question(store, actor, question_id))

    def answerable(self, store: Store, actor: Actor, question_id: int) -> QuestionView:
        """Return it while it waits for an answer.

        Raises `QuestionNotFound`, `OwnQuestion`, `AnsweredAlready`.
        """
        asked = self._question(store, actor, question_id)
        if asked.to_shop != actor.shop_id:
            raise OwnQuestion
        if asked.answered_at is not None:
            raise AnsweredAlready
        return _view(store, actor, asked)

    def answer(self, store: Store, actor: Actor, question_id: int, text: str) -> QuestionView:
        """Answer, once; also when the order has moved on meanwhile: who asked still wants to know.

        Raises as `answerable`, and `NameMissing`, `TextTooLong`.
        """
        self.answerable(store, actor, question_id)
        asked = self._question(store, actor, question_id)
        store.questions.put_answer(asked, clean_text(text))
        asked.answered_by, asked.answered_at = actor.account_id, store.now
        store.record(
            actor, "answered", order_id=asked.order_id, assignment=asked.assignment_id,
            question=question_id,
        )  # fmt: skip
        store.emit(QuestionAnswered(question_id), to=asked.from_shop)
        return _view(store, actor, asked)

    def _question(self, store: Store, actor: Actor, question_id: int) -> OrderQuestion:
        acting(store, actor)
        asked = store.questions.get(question_id)
        if asked is None or actor.shop_id not in (asked.from_shop, asked.to_shop):
            raise QuestionNotFound
        return asked


def last_question(store: Store, shop_id: int, assignment_id: int) -> QuestionView | None:
    """Return the newest question about an order at a factory, as that shop sees it."""
    asked = store.questions.last_of(assignment_id)
    return _seen(store, shop_id, asked) if asked is not None else None


def clean_text(text: str) -> str:
    """Return what was written without what cannot be seen. Raises `NameMissing`, `TextTooLong`."""
    said = "\n".join(lines_of(text))
    if not said:
        raise NameMissing
    if len(said) > QUESTION_LIMIT:
        raise TextTooLong(QUESTION_LIMIT)
    return said


def _own(store: Store, actor: Actor, assignment_id: int) -> Assignment:
    acting(store, actor)
    assignment = store.assignments.get(assignment_id)
    if assignment is None or actor.shop_id not in (assignment.merchant_id, assignment.factory_id):
        raise AssignmentNotFound
    return assignment


def _view(store: Store, actor: Actor, asked: OrderQuestion) -> QuestionView:
    return _seen(store, actor.shop_id, asked)


def _seen(store: Store, shop_id: int, asked: OrderQuestion) -> QuestionView:
    question, answer = store.questions.texts(asked)
    return QuestionView(
        key(asked), asked.assignment_id, asked.order_id, asked.from_shop == shop_id,
        asked.asked_at, as_shown(question), asked.answered_at, as_shown(answer),
    )  # fmt: skip
