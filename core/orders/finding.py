"""Finding a merchant's orders: one box for everything people have in hand.

Read in this order: a whole order number, which alone decides; then a tag, a tracking number, the
end of an order number (at least `SHORTEST` characters), a product code.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from core.acting import acting
from core.orders.views import OrderRow
from core.ports import Store
from core.text.plain import half_width, one_line
from core.text.tags import read_tag
from core.text.tracking import normalise
from core.values import Actor

SHORTEST, LONGEST = 4, 64
SHOWN = 8

How = Literal["number", "tag", "tracking", "end", "code"]
Ids = Sequence[int]


@dataclass(frozen=True, slots=True)
class Hit:
    """An order, and by what it was found."""

    order: OrderRow
    how: How


@dataclass(frozen=True, slots=True)
class Found:
    """What the text led to, in the order of the ways. `more`: there are others beside the shown.

    `code_line` is a line whose product code was the text, to narrow the list by.
    """

    text: str
    hits: Sequence[Hit]
    more: bool = False
    code_line: int | None = None


def read_box(text: str) -> str:
    """Return what was typed as it is looked up: one line, half-width, without a leading #."""
    return one_line(half_width(text)).removeprefix("#").strip()


class Finding:
    """查找."""

    def orders(self, store: Store, actor: Actor, text: str) -> Found:
        """Return the merchant's orders that the text may mean."""
        acting(store, actor, "merchant")
        wanted = read_box(text)
        if not wanted or len(wanted) > LONGEST:
            return Found(wanted, ())
        ways: list[tuple[How, Ids]] = list(self._exact(store, actor, wanted))
        if not any(ids for _, ids in ways):
            ways += self._others(store, actor, wanted)
        code_line = None
        if dict(ways).get("code"):
            code_line = store.orders.line_of_code(actor.shop_id, self._code(store, actor, wanted))
        return self._found(store, wanted, ways, code_line)

    def plainly(self, store: Store, actor: Actor, text: str) -> Found:
        """Return what a message by itself means: as `orders`, but no word is a product code here.

        A message with no digit in it is a tag or nothing.
        """
        acting(store, actor, "merchant")
        wanted = read_box(text)
        if not SHORTEST <= len(wanted) <= LONGEST or " " in wanted:
            return Found(wanted, ())
        ways = list(self._exact(store, actor, wanted))
        if not any(ids for _, ids in ways):
            some = self._others(store, actor, wanted)
            digits = any(map(str.isdigit, wanted))
            ways += [(how, ids) for how, ids in some if how == "tag" or (digits and how != "code")]
        return self._found(store, wanted, ways, None)

    def _found(
        self, store: Store, text: str, ways: Sequence[tuple[How, Ids]], code_line: int | None
    ) -> Found:
        how: dict[int, How] = {}
        for name, ids in ways:
            for one in ids:
                how.setdefault(one, name)
        rows = {row.id: row for row in store.orders.rows(list(how)[:SHOWN])}
        hits = tuple(Hit(rows[one], how[one]) for one in how if one in rows)
        return Found(text, hits, len(how) > SHOWN, code_line)

    def _exact(self, store: Store, actor: Actor, text: str) -> Iterator[tuple[How, Ids]]:
        look = store.orders.by_number
        yield "number", _first(look, actor.shop_id, (text, "".join(text.split()), text.upper()))

    def _others(self, store: Store, actor: Actor, text: str) -> Iterator[tuple[How, Ids]]:
        orders, shop, tag = store.orders, actor.shop_id, read_tag(text)
        if tag is not None:
            yield "tag", orders.by_tag(shop, tag, SHOWN + 1)
        yield "tracking", orders.by_tracking(shop, normalise(text), SHOWN + 1)
        end = "".join(text.split())
        if len(end) >= SHORTEST:
            yield "end", _first(orders.by_end, shop, (end, end.upper()))
        yield "code", _first(orders.by_code, shop, (text, text.upper(), text.lower()))

    def _code(self, store: Store, actor: Actor, text: str) -> str:
        """Return the code as it is spelled on the orders."""
        spelled = (text, text.upper(), text.lower())
        look = store.orders.by_code
        return next(one for one in spelled if look(actor.shop_id, one, 1))


def _first(look: Callable[[int, str, int], Ids], shop_id: int, spelled: Sequence[str]) -> Ids:
    """Return what the first spelling that leads anywhere leads to."""
    for one in dict.fromkeys(spelled):
        found = look(shop_id, one, SHOWN + 1)
        if found:
            return found
    return ()
