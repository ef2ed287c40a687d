"""What those who talk to platforms share: the house's database, fresh tokens, failures in words."""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager, nullcontext
from datetime import datetime, timedelta
from typing import Final, NamedTuple, Protocol, TypeVar

from core.platforms.facts import Grant
from core.platforms.syncing import Syncing
from core.ports import Store
from platforms.failures import PlatformFailure, Refused, Throttled, TokenStale
from platforms.port import Platform

T = TypeVar("T")
Alone = Callable[[str], AbstractAsyncContextManager[None]]
RENEW_BEFORE: Final = timedelta(minutes=10)  # a token this near its end is renewed first


class Database(Protocol):
    """Runs a visit whole, reading or writing."""

    async def read(self, work: Callable[[Store], T]) -> T:
        """Run `work` in a visit that reads."""
        ...

    async def write(self, work: Callable[[Store], T]) -> T:
        """Run `work` in a visit that writes."""
        ...


class Tokens(NamedTuple):
    """A link's tokens, and until when the access token is taken."""

    link_id: int
    access: str
    refresh: str
    until: datetime


class Why(NamedTuple):
    """A failure as it is kept: our word, the platform's sentence, seconds it asks us to wait."""

    word: str
    said: str
    pause: float = 0.0


def why_of(failure: PlatformFailure) -> Why:
    """Return how a failure is kept."""
    pause = failure.seconds or 0.0 if isinstance(failure, Throttled) else 0.0
    said = failure.said
    if isinstance(failure, Refused) and failure.code:
        said = f"{failure.code} {said}".strip()
    return Why(failure.why, said, pause)


class Renewing:
    """Access tokens that are taken: renewed before they end, and when the platform says so.

    A shop is looked at, told and opened at the same time: whoever renews its tokens does so alone,
    and the others go on with what it got, for a refresh token is good once. `alone` keeps the
    house's other processes out meanwhile.
    """

    def __init__(
        self, database: Database, syncing: Syncing, now: Callable[[], datetime],
        alone: Alone | None = None,
    ) -> None:  # fmt: skip
        self._database = database
        self._alone = alone or _with_nobody_else
        self._syncing = syncing
        self._now = now
        self._locks: defaultdict[int, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def call(
        self, platform: Platform, tokens: Tokens, work: Callable[[str], Awaitable[T]]
    ) -> T:
        """Do `work` with an access token that is taken; once more where it was not after all.

        Raises the failures of a call.
        """
        tokens = await self._fresh(platform, tokens)
        try:
            return await work(tokens.access)
        except TokenStale:
            return await work((await self._renew(platform, tokens)).access)

    async def _fresh(self, platform: Platform, tokens: Tokens) -> Tokens:
        """Return tokens that are taken for a while. Raises the failures of a call."""
        if tokens.until - self._now() > RENEW_BEFORE:
            return tokens
        return await self._renew(platform, tokens)

    async def _renew(self, platform: Platform, tokens: Tokens) -> Tokens:
        """Exchange the refresh token; the new ones are kept before anything else is done."""
        link_id = tokens.link_id
        async with self._locks[link_id], self._alone(f"tokens {link_id}"):
            kept = await self._database.read(lambda store: self._syncing.tokens(store, link_id))
            if kept is not None and kept[0] != tokens.access:
                return Tokens(link_id, *kept)
            try:
                grant: Grant = await platform.refreshed(tokens.refresh)
            except TokenStale as stale:
                raise Refused("", "grant_ended", stale.said) from stale
            await self._database.write(lambda store: self._syncing.renewed(store, link_id, grant))
            return Tokens(link_id, grant.access_token, grant.refresh_token, grant.until)


def _with_nobody_else(_what: str) -> AbstractAsyncContextManager[None]:
    """There is no other process."""
    return nullcontext()
