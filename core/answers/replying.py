"""What a factory sends where words were expected: a tracking number is one, never an answer.

Whoever packs replies with the number to whatever stands last in the chat, be it a question about
the order. Sent on as an answer it would reach no list and no platform: it ships, as a reply to the
order's card would, or asks what is in doubt. A number within a sentence stays in the sentence, and
whoever wrote it is told that it shipped nothing.
"""

from dataclasses import dataclass

from core.answers.asking import Asking
from core.answers.fulfilling import Fulfilling, live_assignment
from core.answers.question_views import QuestionView
from core.entities import Assignment
from core.entities.assignment import OPEN_STATUSES
from core.ids import key
from core.ports import Store
from core.shipments.sending import Shipped
from core.shipments.shipping import Question, Shipping
from core.text.plainly import holds_number, plainly_numbers
from core.text.replies import read_reply
from core.values import Actor


@dataclass(frozen=True, slots=True)
class Said:
    """The words went to the other side; `idle_number`: with a number in them that ships nothing."""

    question: QuestionView
    idle_number: bool = False


Replied = Said | Shipped | Question


class Replying:
    """问一下, 回复 and 拒单 in words, as the chat takes them; the rest is others'."""

    def __init__(self, asking: Asking, shipping: Shipping, fulfilling: Fulfilling) -> None:
        self._asking, self._shipping, self._fulfilling = asking, shipping, fulfilling

    def ask(self, store: Store, actor: Actor, assignment_id: int, text: str) -> Replied:
        """Ask the other side, or ship. Raises as `Asking.ask` and `Shipping.reply`."""
        given = self._asking.askable(store, actor, assignment_id)
        if _ships(store, actor, given, text):
            return self._shipping.reply(store, actor, assignment_id, text)
        said = self._asking.ask(store, actor, assignment_id, text)
        return Said(said, _is_idle(store, actor, given, text))

    def answer(self, store: Store, actor: Actor, question_id: int, text: str) -> Replied:
        """Answer, or ship the order the question is about, answered already or not.

        Raises as `Asking.answer` and `Shipping.reply`.
        """
        asked = self._asking.view(store, actor, question_id)
        given = store.assignments.of(asked.assignment_id)
        if _ships(store, actor, given, text):
            return self._shipping.reply(store, actor, asked.assignment_id, text)
        said = self._asking.answer(store, actor, question_id, text)
        return Said(said, _is_idle(store, actor, given, text))

    def decline(
        self, store: Store, actor: Actor, assignment_id: int, text: str
    ) -> Assignment | Question:
        """Decline for this reason; a number in its place may ship, or not: that is asked.

        Raises as `Fulfilling.decline` and `Shipping.instead`.
        """
        given = live_assignment(store, actor, assignment_id)
        if plainly_numbers(text, own=_own(store, given)):
            return self._shipping.instead(store, actor, assignment_id, text)
        return self._fulfilling.decline(store, actor, assignment_id, text)


def _ships(store: Store, actor: Actor, given: Assignment, text: str) -> bool:
    """A merchant who names a number tells of it; so does a factory of one its parcels have."""
    if given.factory_id != actor.shop_id or not plainly_numbers(text, own=_own(store, given)):
        return False
    sent = {one.tracking_number for one in store.shipments.of_assignment(key(given))}
    return not sent.issuperset(one.number for one in read_reply(text).numbers)


def _is_idle(store: Store, actor: Actor, given: Assignment, text: str) -> bool:
    waits = given.factory_id == actor.shop_id and given.status in OPEN_STATUSES
    return waits and holds_number(text, own=_own(store, given))


def _own(store: Store, given: Assignment) -> tuple[str, str]:
    return given.tag, store.orders.of(given.order_id).order_no.upper()
