"""The full matrix: which state may follow which, and what every act does in every state."""

from collections.abc import Callable
from typing import Any, get_args

import pytest

from core.answers.answer_errors import QuestionTooLate
from core.answers.fulfilling import move_assignment
from core.entities import AssignmentStatus, BindingStatus
from core.entities.assignment import ASSIGNMENT_MOVES
from core.entities.binding import BINDING_MOVES
from core.errors import (
    AlreadyBound,
    AlreadyPending,
    AlreadyShipped,
    AssignmentEnded,
    BindingMovedOn,
    CoreError,
    IllegalMove,
    NotRecallable,
)
from core.ids import key
from core.orders.standing import FACTORY_TAB
from storage.store import SqlStore
from tests.core.firm import Firm, incoming
from tests.core.truth import faults

ASSIGNMENT_STATES: tuple[AssignmentStatus, ...] = get_args(AssignmentStatus)
BINDING_STATES: tuple[BindingStatus, ...] = get_args(BindingStatus)
NUMBER = "SF1234567890123"


class Undone(Exception):
    """Ends a visit so that nothing of it is kept."""


def stand(store: SqlStore, assignment_id: int, status: AssignmentStatus) -> None:
    """Put an assignment into a state no use case of today leads to, as its row would be."""
    one = store.assignments.of(assignment_id)
    one.status = status
    tab = FACTORY_TAB[status]
    one.ended_at = None if tab == "to_ship" else store.now
    store.assignments.place(one, tab=tab, sort_at=one.sort_at)
    store.flush()


async def attempt(firm: Firm, work: Callable[[SqlStore], object]) -> str:
    """Try `work` without keeping what it did; return its refusal's name, else ``done``."""
    outcome = "done"

    def tried(store: SqlStore) -> None:
        nonlocal outcome
        try:
            work(store)
        except CoreError as error:
            outcome = type(error).__name__
        raise Undone

    with pytest.raises(Undone):
        await firm.database.write(tried)
    return outcome


def test_every_state_has_its_row_in_the_matrix() -> None:
    assert set(ASSIGNMENT_MOVES) == set(ASSIGNMENT_STATES)
    assert set(BINDING_MOVES) == set(BINDING_STATES)
    assert {one for one, moves in ASSIGNMENT_MOVES.items() if moves == {"shipped"}} == {
        "declined", "recalled",
    }  # fmt: skip
    ended = {"shipped", "cancelled"}
    assert {one for one, moves in ASSIGNMENT_MOVES.items() if not moves} == ended
    assert {one for one, moves in BINDING_MOVES.items() if not moves} == (
        set(BINDING_STATES) - {"pending", "bound"}
    )


async def test_an_assignment_moves_exactly_where_the_matrix_lets_it(firm: Firm) -> None:
    await firm.imports([incoming(1)])
    [given] = await firm.assigns(1)
    for before in ASSIGNMENT_STATES:
        for after in ASSIGNMENT_STATES:

            def move(store: SqlStore, b: Any = before, a: Any = after) -> None:
                stand(store, given, b)
                move_assignment(store, store.assignments.of(given), a)
                store.flush()
                moved = store.assignments.of(given)
                assert moved.status == a
                assert moved.tab == FACTORY_TAB[moved.status]
                assert (moved.ended_at is None) == (moved.tab == "to_ship")

            legal = before == after or after in ASSIGNMENT_MOVES[before]
            expected = "done" if legal else IllegalMove.__name__
            assert await attempt(firm, move) == expected, (before, after)


# What each act answers in each state; every state not named: done.
ENDED: dict[str, type[CoreError]] = {
    "shipped": AlreadyShipped,
    "declined": AssignmentEnded,
    "recalled": AssignmentEnded,
    "cancelled": AssignmentEnded,
}
ACTS: dict[str, dict[str, type[CoreError]]] = {
    "accept": ENDED,
    "look": ENDED,
    # What is over may have left before: that is asked, not refused.
    "ship": {"shipped": AlreadyShipped},
    "decline": ENDED | {"recall_asked": IllegalMove, "part_shipped": IllegalMove},
    "recall": dict.fromkeys(set(ASSIGNMENT_STATES) - {"assigned", "held"}, NotRecallable),
    "ask back": dict.fromkeys(
        ("part_shipped", "shipped", "declined", "recalled", "cancelled"), NotRecallable
    ),
    "agree to give back": ENDED,
    "keep": ENDED,
    "wait": ENDED | {"recall_asked": IllegalMove, "part_shipped": IllegalMove},
    "go on": ENDED,
    "ask": dict.fromkeys(("declined", "recalled"), QuestionTooLate),
}


def acting(firm: Firm, given: int) -> dict[str, Callable[[SqlStore], object]]:
    s, merchant, factory = firm.services, firm.merchant, firm.factory
    return {
        "accept": lambda store: s.fulfilling.accept(store, factory, given),
        "look": lambda store: s.looking.look(store, factory, given, (1, 2001, 9)),
        "ship": lambda store: s.shipping.reply(store, factory, given, NUMBER),
        "decline": lambda store: s.fulfilling.decline(store, factory, given, "price"),
        "recall": lambda store: s.recalling.one(store, merchant, given),
        "ask back": lambda store: s.recall_asking.one(store, merchant, given),
        "agree to give back": lambda store: s.recall_asking.answer(
            store, factory, given, agree=True
        ),
        "keep": lambda store: s.recall_asking.answer(store, factory, given, agree=False),
        "wait": lambda store: s.holding.hold_days(store, factory, given, 2),
        "go on": lambda store: s.holding.resume(store, factory, given),
        "ask": lambda store: s.asking.ask(store, merchant, given, "几时发？"),
    }


@pytest.mark.parametrize("act", ACTS)
async def test_every_act_in_every_state(firm: Firm, act: str) -> None:
    await firm.imports([incoming(1)])
    [given] = await firm.assigns(1)
    work = acting(firm, given)[act]
    for state in ASSIGNMENT_STATES:

        def tried(store: SqlStore, before: Any = state) -> None:
            stand(store, given, before)
            work(store)

        refusal = ACTS[act].get(state)
        assert await attempt(firm, tried) == (refusal.__name__ if refusal else "done"), state


async def test_what_is_real_of_it_leaves_counters_and_order_in_step(firm: Firm) -> None:
    """Each act that ends an assignment, done for good: the rows still agree with each other."""
    await firm.imports([incoming(one) for one in range(1, 6)])
    givens = await firm.assigns(1, 2, 3, 4, 5)
    acts = [acting(firm, given) for given in givens]
    for number, act in enumerate(("accept", "look", "ship", "decline", "recall")):
        await firm.database.write(acts[number][act])
        assert await firm.looks(faults) == [], act
    states = [(await firm.assignment(one)).status for one in givens]
    assert states == ["accepted", "assigned", "shipped", "declined", "recalled"]
    orders = [(await firm.order(one)).status for one in range(1, 6)]
    assert orders == ["assigned", "assigned", "shipped", "unassigned", "unassigned"]


async def test_a_looked_at_order_is_not_recalled(firm: Firm) -> None:
    await firm.imports([incoming(1)])
    [given] = await firm.assigns(1)
    await firm.does(firm.services.looking.look, firm.factory, given, (1, 2001, 9))
    with pytest.raises(NotRecallable) as refused:
        await firm.does(firm.services.recalling.one, firm.merchant, given)
    assert refused.value.reason == "looked"


async def test_a_binding_moves_exactly_where_the_matrix_lets_it(strangers: Firm) -> None:
    firm, bindings = strangers, strangers.services.bindings
    view = await firm.does(bindings.request, firm.merchant, firm.numbers["factory"])
    one = key(view.binding)
    acts: dict[BindingStatus, Callable[[SqlStore], object]] = {
        "bound": lambda store: bindings.confirm(store, firm.factory, one),
        "refused": lambda store: bindings.refuse(store, firm.factory, one),
        "withdrawn": lambda store: bindings.withdraw(store, firm.merchant, one),
        "unbound": lambda store: bindings.unbind(store, firm.merchant, one, back=True),
    }
    for before in BINDING_STATES:
        for after, act in acts.items():

            def move(store: SqlStore, b: Any = before, a: Any = after, act: Any = act) -> None:
                binding = store.bindings.get(one)
                assert binding is not None
                binding.status = b
                store.flush()
                act(store)
                assert binding.status == a

            expected = "done" if after in BINDING_MOVES[before] else BindingMovedOn.__name__
            assert await attempt(firm, move) == expected, (before, after)


async def test_only_a_pending_request_expires_and_only_after_its_time(strangers: Firm) -> None:
    firm, bindings = strangers, strangers.services.bindings
    view = await firm.does(bindings.request, firm.merchant, firm.numbers["factory"])
    one = key(view.binding)
    for state in BINDING_STATES:
        for late in (False, True):

            def expire(store: SqlStore, state: Any = state, late: bool = late) -> None:
                binding = store.bindings.get(one)
                assert binding is not None
                binding.status = state
                store.flush()
                store.now = binding.expires_at if late else firm.watch.now
                store.bindings.now = store.now
                ended = bindings.expire(store)
                assert ended == (state == "pending" and late)
                assert binding.status == ("expired" if ended else state)

            assert await attempt(firm, expire) == "done"


async def test_one_side_cannot_do_the_others_part(strangers: Firm) -> None:
    firm, bindings = strangers, strangers.services.bindings
    view = await firm.does(bindings.request, firm.merchant, firm.numbers["factory"])
    one = key(view.binding)
    wrong: list[Callable[[SqlStore], object]] = [
        lambda store: bindings.confirm(store, firm.merchant, one),
        lambda store: bindings.refuse(store, firm.merchant, one),
        lambda store: bindings.withdraw(store, firm.factory, one),
    ]
    assert [await attempt(firm, act) for act in wrong] == ["WrongRole"] * 3


async def test_a_pair_has_one_live_binding_whoever_asks_how_often(strangers: Firm) -> None:
    firm, bindings = strangers, strangers.services.bindings
    number = firm.numbers["factory"]
    view = await firm.does(bindings.request, firm.merchant, number)
    with pytest.raises(AlreadyPending):
        await firm.does(bindings.request, firm.merchant, number)
    await firm.does(bindings.confirm, firm.factory, key(view.binding))
    with pytest.raises(AlreadyBound):
        await firm.does(bindings.request, firm.merchant, number)
    await firm.does(lambda s, a: bindings.unbind(s, a, key(view.binding), back=True), firm.merchant)
    again = await firm.does(bindings.request, firm.merchant, number)
    assert key(again.binding) != key(view.binding)
