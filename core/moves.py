"""State machines are literals; this is the one gate through which a state may change."""

from collections.abc import Mapping
from typing import TypeVar

from core.errors import IllegalMove

S = TypeVar("S", bound=str)


def check_move(noun: str, moves: Mapping[S, frozenset[S]], before: S, after: S) -> None:
    """Raise `IllegalMove` unless `moves` lets `after` follow `before`."""
    if after not in moves[before]:
        raise IllegalMove(noun, before, after)
