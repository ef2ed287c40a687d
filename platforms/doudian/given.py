"""Which line of the dropship programme is which line of an order: pure.

The programme has an id of its own for each line of an order, and says of it the order's number, the
product's name, code, specification and pieces, but never the line's own number.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from core.imports.incoming import IncomingLine
from core.platforms.giving_facts import Standing
from platforms.doudian.shapes import Handed
from platforms.reading import moment

FREE, GIVEN, RETURNED = "free", "given", "returned"
_ALIKE: Final = (8, 4, 2, 1)  # what an equal code, name, number of pieces, specification weigh


def matched(lines: Sequence[IncomingLine], handed: Sequence[Handed]) -> dict[str, Handed]:
    """Return the programme's line of each line, by sub-order number; equal ones in their order.

    A line nothing of which is equal is left out.
    """
    found: dict[str, Handed] = {}
    pairs = sorted(
        ((-_alike(line, one), at, n) for at, line in enumerate(lines)
         for n, one in enumerate(handed)),
    )  # fmt: skip
    taken: set[int] = set()
    for score, at, n in pairs:
        if score and lines[at].sub_order_no not in found and n not in taken:
            found[lines[at].sub_order_no] = handed[n]
            taken.add(n)
    return found


def _alike(line: IncomingLine, one: Handed) -> int:
    equal = (
        bool(line.product_code) and line.product_code == one.out_sku_id,
        line.product_name.strip() == one.product_name.strip(),
        str(line.quantity) == one.product_count,
        _plain(line.sku_spec) == _plain(one.sku_spec),
    )
    if not (equal[0] or equal[1]):
        return 0
    return sum(weight for weight, same in zip(_ALIKE, equal, strict=True) if same)


def _plain(spec: str) -> str:
    """A specification without what its parts are joined by, which differs from call to call."""
    return "".join(one for one in spec if one.isalnum())


def stands(one: Handed, statuses: Mapping[str, str]) -> Standing:
    """Return how a line stands, by the platform's states in our words."""
    word = statuses.get(one.distr_status, FREE)
    has = word in (GIVEN, RETURNED)
    return Standing(
        one.distr_order_id, one.supplier_shop_id if has else "",
        moment(one.distr_time) if has else None, word == RETURNED,
    )  # fmt: skip
