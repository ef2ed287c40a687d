"""The full matrix of a parcel that had left: said, called back, let go, in each state and stop.

The orders, their states and their stops are `tests.core.test_merchant_acts`'s.
"""

from functools import partial

import pytest

from core.answers.claimed import OVER_REASONS, ParcelKept, SentTwice
from core.answers.under_way import VerdictGiven
from core.errors import AlreadyShipped, AssignmentEnded, CoreError, OrderStopped, ShipmentNotFound
from core.ids import key
from core.shipments.shipping import Question
from storage.store import SqlStore
from tests.core.firm import Firm
from tests.core.test_merchant_acts import STATES, STOPS, in_every_state, stops
from tests.core.test_moves import Undone
from tests.core.truth import faults

NUMBER = "SF1234567890999"
GIVEN = STATES[1:]
OVER = {"on hold": "release", "refund open": "refund_closed"}  # the stops that can end
REFUSED: dict[type[CoreError], str] = {
    AlreadyShipped: "gone", AssignmentEnded: "ended", OrderStopped: "stopped",
    ShipmentNotFound: "none", VerdictGiven: "given", ParcelKept: "kept", SentTwice: "twice",
}  # fmt: skip
SAID = {"": "fine", "asked": "?", "intercept": "back", "let_go": "go"}
# What is done one after the other in a row of the matrix; its last act is the one looked at.
ROWS = {
    "number": ("number",),
    "left before": ("number", "left"),
    "again": ("number", "left", "number"),
    "called back": ("number", "left", "intercept"),
    "let go": ("number", "left", "let_go"),
    "let go at last": ("number", "left", "intercept", "let_go"),
    "over": ("number", "left", "over"),
    "called back, over": ("number", "left", "intercept", "over"),
}


class Parcel:
    """One order in one visit: what is said of its parcel, and what came of the last act."""

    def __init__(self, firm: Firm, store: SqlStore, number: int, stop: str) -> None:
        self.firm, self.store, self.stop = firm, store, stop
        self.order = number
        given = store.assignments.latest_of(number)
        assert given is not None
        self.given, self.draft = key(given), 0

    def does(self, act: str) -> str:
        """Do it; returns how it was answered."""
        try:
            return self._do(act)
        except CoreError as error:
            return REFUSED[type(error)]

    def _do(self, act: str) -> str:
        s, factory, merchant = self.firm.services, self.firm.factory, self.firm.merchant
        if act == "number":
            asked = s.shipping.reply(self.store, factory, self.given, NUMBER)
            if not isinstance(asked, Question):
                return "ok"
            assert asked.kind == "stopped"
            self.draft = asked.draft_id
            return "over" if asked.reason in OVER_REASONS else "stopped"
        if act == "left":
            if not self.draft:
                return "-"
            s.shipping.left_before(self.store, factory, self.draft)
        elif act == "over":
            if self.stop not in OVER or self.store.orders.of(self.order).closed_reason:
                return "-"
            revision = self.store.orders.of(self.order).revision
            s.editing.act(self.store, merchant, self.order, revision, OVER[self.stop])
        else:
            s.under_way.judge(self.store, merchant, self.given, act)  # type: ignore[arg-type]
        return self._verdicts()

    def _verdicts(self) -> str:
        self.store.flush()
        parcels = self.store.shipments.of_assignment(self.given)
        return "+".join(SAID[one.verdict] for one in parcels)


async def outcomes(firm: Firm, stop: str, row: str) -> list[str]:
    """Return how the row's last act is answered in each state, and where that leads."""
    found: list[str] = []

    def tried(store: SqlStore, number: int) -> None:
        stops(firm, store, number, stop)
        parcel = Parcel(firm, store, number, stop)
        *before, last = ROWS[row]
        for act in before:
            parcel.does(act)
        was = store.assignments.of(parcel.given).status
        said = parcel.does(last)
        store.flush()
        status = store.assignments.of(parcel.given).status
        found.append(said if status == was else f"{said}>{status}")
        if said not in REFUSED.values():
            assert faults(store) == [], (row, STATES[number - 1], stop)
        raise Undone

    for number in range(2, len(STATES) + 1):
        with pytest.raises(Undone):
            await firm.database.write(partial(tried, number=number))
    return found


# How the last act of each row is answered, in the order of `GIVEN`: refused with a reason, or the
# verdicts of all its parcels, `>` where that leaves the assignment elsewhere; `-`: there is nothing
# to do. `all`: the same in every state.
MATRIX = {
    "": """
        number: ok>shipped ok>shipped ok>shipped ok>shipped ok>shipped gone over over stopped
        left before: - - - - - - ? ? ?
        again: gone gone gone gone gone gone kept kept gone
        called back: none none none none none none back back back
        let go: none none none none none none go>shipped go>shipped go
        let go at last: none none none none none none given given given
        over: all -
        called back, over: all -
    """,
    "on hold": """
        number: stopped stopped stopped stopped stopped gone over over stopped
        left before: ?>shipped ?>shipped ?>shipped ?>shipped fine+?>shipped - ? ? ?
        again: gone gone gone gone gone gone kept kept gone
        called back: back back back back fine+back none back back back
        let go: go go go go fine+go none go>shipped go>shipped go
        let go at last: given given given given given none given given given
        over: go go go go fine+go fine ? ? -
        called back, over: go go go go fine+go fine back back -
    """,
    "refund open": """
        number: stopped stopped stopped stopped stopped gone over over stopped
        left before: ?>shipped ?>shipped ?>shipped ?>shipped ?+?>shipped - ? ? ?
        again: gone gone gone gone gone gone kept kept gone
        called back: back back back back back+back back back back back
        let go: go go go go go+go go go>shipped go>shipped go
        let go at last: all given
        over: go go go go go+go go ? ? -
        called back, over: go go go go go+go go back back -
    """,
    "refunded": """
        number: stopped stopped stopped stopped stopped gone over over stopped
        left before: ?>shipped ?>shipped ?>shipped ?>shipped ?+?>shipped - ? ? ?
        again: gone gone gone gone gone gone kept kept gone
        called back: back back back back back+back back back back back
        let go: go go go go go+go go go>shipped go>shipped go
        let go at last: all given
        over: all -
        called back, over: all -
    """,
    "cancelled": """
        number: stopped stopped stopped stopped stopped gone over over stopped
        left before: ? ? ? ? ?+? - ? ? ?
        again: gone gone gone gone gone gone kept kept gone
        called back: back back back back back+back back back back back
        let go: go go go go go+go go go>shipped go>shipped go
        let go at last: all given
        over: all -
        called back, over: all -
    """,
}


@pytest.mark.parametrize("stop", STOPS)
async def test_every_verdict_in_every_state(firm: Firm, stop: str) -> None:
    await in_every_state(firm)
    for line in MATRIX[stop].strip().splitlines():
        row, expected = line.strip().split(": ")
        first, *others = expected.split()
        wanted = others * len(GIVEN) if first == "all" else [first, *others]
        assert await outcomes(firm, stop, row) == wanted, row


def test_no_row_is_left_out_of_the_matrix() -> None:
    for rows in MATRIX.values():
        assert {line.split(":")[0].strip() for line in rows.strip().splitlines()} == set(ROWS)
