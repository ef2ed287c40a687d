"""Order numbers in any text, whole or by their ends, and the orders they mean."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from core.errors import NotFound
from core.orders.finding import SHORTEST
from core.orders.standing import unassignable_reason
from core.ports import Store
from core.text.plain import half_width, visible
from core.values import Skipped

CANDIDATES = 3  # named of an end that several waiting orders have

_NUMBER = re.compile(r"[0-9A-Za-z](?:[0-9A-Za-z_\-]{0,62}[0-9A-Za-z])?")


@dataclass(frozen=True, slots=True)
class Resolved:
    """What numbers mean: orders, those that are not waiting and why, and what stays open.

    `ambiguous` holds each end that fits several waiting orders, with some of their numbers.
    """

    order_ids: Sequence[int] = ()
    moved_on: Sequence[Skipped] = ()
    moved_on_ids: Sequence[int] = ()
    unknown: Sequence[str] = ()
    ambiguous: Sequence[tuple[str, Sequence[str]]] = ()


@dataclass(eq=False)
class NoneOfThese(NotFound):
    """Not one of the numbers means an order; `read` says which are unknown, which open."""

    read: Resolved


def read_numbers(text: str) -> tuple[str, ...]:
    """Return what may be order numbers in a text, each once: runs with a digit, long enough."""
    found = (match.group() for match in _NUMBER.finditer(half_width(visible(text))))
    kept = (one for one in found if len(one) >= SHORTEST and any(map(str.isdigit, one)))
    return tuple(dict.fromkeys(kept))


def resolve(store: Store, merchant_id: int, numbers: Sequence[str]) -> Resolved:
    """Look the numbers up: whole ones first, the others as ends among the orders that wait."""
    whole = store.orders.standing(merchant_id, numbers)
    taken: dict[int, None] = {}
    moved_on: dict[int, Skipped] = {}
    for one in whole:
        reason = unassignable_reason(one)
        if reason is None or one.tab == "unassigned":
            taken[one.id] = None
        else:
            moved_on[one.id] = Skipped(one.order_no, reason)
    unknown: list[str] = []
    ambiguous: list[tuple[str, Sequence[str]]] = []
    known = {one.order_no for one in whole}
    for number in numbers:
        if number in known:
            continue
        found = _ending(store, merchant_id, number)
        if len(found) == 1:
            taken[found[0][0]] = None
        elif found:
            ambiguous.append((number, [other for _, other in found[:CANDIDATES]]))
        else:
            unknown.append(number)
    return Resolved(
        tuple(taken), tuple(moved_on.values()), tuple(moved_on), tuple(unknown), tuple(ambiguous)
    )


def _ending(store: Store, merchant_id: int, end: str) -> list[tuple[int, str]]:
    if len(end) < SHORTEST:
        return []
    return store.orders.waiting_by_end(merchant_id, end, CANDIDATES + 1)
