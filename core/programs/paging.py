"""A page of what a shop has, in the order it was made: asked for alike by every list."""

from collections.abc import Callable, Sequence
from typing import Final, TypeVar

from core.acting import acting
from core.entities import Role
from core.ports import Store
from core.programs.facts import PageAsked
from core.programs.feed import known
from core.values import Actor

R = TypeVar("R")

MOST: Final = 100  # rows on a page


def page_of(
    store: Store, actor: Actor, role: Role, asked: PageAsked,
    ask: Callable[[int, PageAsked], Sequence[R]],
) -> Sequence[R]:  # fmt: skip
    """Prove who asks, and return at most `MOST` rows of their shop.

    Raises as `core.programs.feed.known`: what changed since a cursor nobody knows cannot be told.
    """
    acting(store, actor, role)
    if asked.since is not None:
        known(store, asked.since)
    return ask(actor.shop_id, asked._replace(limit=min(asked.limit, MOST)))
