"""Which lines of an order still ship: one rule, whether a call or a file told of them."""

from collections.abc import Sequence
from typing import TypeVar

from core.imports.incoming import AfterSale

L = TypeVar("L")


def standing(
    lines: Sequence[L], asides: Sequence[AfterSale], over: Sequence[bool] = ()
) -> tuple[Sequence[L], AfterSale]:
    """Return the lines that are still to be shipped, and where the order's after-sale stands.

    A line whose money went back, or that is `over` otherwise, is left out while others stay; when
    none does, the order keeps them all. One that is open stops the whole order.
    """
    over = over or [False] * len(lines)
    both = list(zip(lines, asides, over, strict=True))
    staying = [one for one in both if one[1] != "refunded" and not one[2]] or both
    states = {aside for _, aside, _ in staying}
    worst: AfterSale = "open" if "open" in states else "none"
    if worst == "none" and "refunded" in states:
        worst = "refunded"
    return [line for line, _, _ in staying], worst
