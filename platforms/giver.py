"""Tells platforms what was assigned and what was taken back: many orders in one call.

Where nobody knows how a call went, or the platform says no, how the orders stand there is looked
up: what is as it should be is done, whoever did it.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Final

from core.platforms.giving import Asked, Given, GivingThere, OwedGiving
from core.platforms.giving_facts import Standing
from platforms.failures import PlatformFailure, Refused, Undone
from platforms.port import Platform, Told
from platforms.working import Database, why_of

REASON: Final = "商家取消分配"  # why an assignment ends, where the platform wants to know
# What only a person can mend: no later try would meet another answer.
FINAL: Final = frozenset({"bad_call", "state_forbids", "refused", "not_bound", "given_elsewhere"})


class Giver:
    """The calls of one batch, with the token of the merchant whose orders they are."""

    def __init__(
        self, database: Database, giving: GivingThere, platform: Platform, owed: OwedGiving
    ) -> None:
        self._database = database
        self._giving = giving
        self._platform = platform
        self._owed = owed
        self._found: dict[int, Mapping[str, Standing]] = {}

    async def told(self, token: str) -> list[Given]:
        """Tell them; returns what became of each that was still to be told.

        Raises the failures of a call: of all of them nobody knows then.
        """
        self._found.clear()
        if self._owed.kind == "assign":
            return await self._assign(token)
        return await self._take_back(token)

    async def _assign(self, token: str) -> list[Given]:
        asked = self._owed.asked
        await self._look(token, [one for one in asked if one.sent_before or not _known(one)])
        done: list[Given] = []
        ready: dict[int, Asked] = {}
        for one in asked:
            judged = self._judged(one)
            if judged is None:
                ready[one.call_id] = one
            else:
                done.append(judged)
        stand = await self._sending(ready)
        handles = {
            call_id: [h for sub, h in self._handles(ready[call_id]).items()
                      if not self._has(self._found.get(call_id, {}).get(sub))]
            for call_id in stand
        }  # fmt: skip
        said = await self._in_batches(
            [one for some in handles.values() for one in some],
            lambda some: self._platform.assign(token, some, self._owed.factory),
        )
        refused = [
            ready[call_id] for call_id, some in handles.items()
            if not all(said[one].done for one in some)
        ]  # fmt: skip
        await self._look(token, refused)
        return done + [self._given(ready[call_id], handles[call_id], said) for call_id in stand]

    def _judged(self, one: Asked) -> Given | None:
        """What is known of an order without telling it; None where it is to be told."""
        found = self._found.get(one.call_id)
        if found is None:
            return None
        lines = [found.get(line.sub_order_no) for line in one.giving.lines]
        if any(line is None for line in lines):
            return Given(one.call_id, why="not_seen_there", sent=False)
        stands = [line for line in lines if line is not None]
        if any(line.given_to not in ("", self._owed.factory) for line in stands):
            return Given(one.call_id, why="given_elsewhere", final=True, sent=False)
        if all(self._has(line) for line in stands):
            since = [line.given_at for line in stands if line.given_at is not None]
            return Given(one.call_id, self._handles(one), given_at=min(since, default=None))
        return None

    def _has(self, line: Standing | None) -> bool:
        return line is not None and line.given_to == self._owed.factory

    def _handles(self, one: Asked) -> dict[str, str]:
        """The platform's ids of an order's lines."""
        found = {sub: line.handle for sub, line in self._found.get(one.call_id, {}).items()}
        known = {**one.giving.handles, **found}
        return {line.sub_order_no: known[line.sub_order_no] for line in one.giving.lines
                if line.sub_order_no in known}  # fmt: skip

    def _given(self, one: Asked, told: Sequence[str], said: Mapping[str, Told]) -> Given:
        """What became of an order that was told: looked up again where any of it was refused."""
        no = next((said[handle] for handle in told if not said[handle].done), None)
        if no is None:
            return Given(one.call_id, self._handles(one))
        judged = self._judged(one)
        if judged is not None and not judged.why:
            return judged
        why = judged.why if judged is not None else no.why
        has = {
            sub: handle for sub, handle in self._handles(one).items()
            if self._has(self._found.get(one.call_id, {}).get(sub))
        }  # fmt: skip
        return Given(one.call_id, has, why, no.said, why in FINAL, sent=bool(has))

    async def _take_back(self, token: str) -> list[Given]:
        asked = self._owed.asked
        await self._look(token, [one for one in asked if not one.back])
        handles = {one.call_id: self._back(one) for one in asked}
        stand = await self._sending({one.call_id: one for one in asked})
        said = await self._in_batches(
            [handle for call_id in stand for handle in handles[call_id]],
            lambda some: self._platform.unassign(token, some, REASON),
        )
        kept = {
            one.call_id: [said[h] for h in handles[one.call_id] if not said[h].done]
            for one in asked if one.call_id in stand
        }  # fmt: skip
        await self._look(token, [one for one in asked if kept.get(one.call_id)])
        return [self._taken(one, kept[one.call_id]) for one in asked if one.call_id in stand]

    def _back(self, one: Asked) -> list[str]:
        """The platform's ids to be taken back: those told, or those the factory has there."""
        if one.back:
            return sorted(set(one.back.values()))
        found = self._found.get(one.call_id, {})
        return sorted({line.handle for line in found.values() if self._has(line)})

    def _taken(self, one: Asked, kept: Sequence[Told]) -> Given:
        """What the platform would not take back is fine where the factory has it no longer."""
        stands = {line.handle: line for line in self._found.get(one.call_id, {}).values()}
        still = [no for no in kept if no.name not in stands or self._has(stands[no.name])]
        if not still:
            return Given(one.call_id)
        why = still[0].why
        return Given(one.call_id, {}, why, still[0].said, why in FINAL)

    async def _look(self, token: str, some: Sequence[Asked]) -> None:
        """Look up how the lines of these orders stand there."""
        if some:
            stands = await self._platform.standing(token, [one.giving for one in some])
            self._found.update(
                (one.call_id, lines) for one, lines in zip(some, stands, strict=True)
            )

    async def _sending(self, some: Mapping[int, Asked]) -> Sequence[int]:
        """Keep that these are being sent; returns those still to be."""
        if not some:
            return ()
        ids = list(some)
        stand = await self._database.write(lambda store: self._giving.sending(store, ids))
        return [one for one in ids if one in stand]

    async def _in_batches(
        self, handles: Sequence[str], call: Callable[[Sequence[str]], Awaitable[Sequence[Told]]]
    ) -> dict[str, Told]:
        """Tell all, each once, as many together as the platform takes."""
        said: dict[str, Told] = {}
        once, batch = list(dict.fromkeys(handles)), self._platform.bounds.batch
        for start in range(0, len(once), batch):
            said |= {one.name: one for one in await call(once[start : start + batch])}
        return said


def _known(one: Asked) -> bool:
    return all(line.sub_order_no in one.giving.handles for line in one.giving.lines)


def all_failed(owed: OwedGiving, failure: PlatformFailure) -> list[Given]:
    """Return what a call that failed makes of every order in it."""
    why = why_of(failure)
    final = isinstance(failure, Refused) and failure.why in FINAL
    sent = not isinstance(failure, Undone | Refused)
    return [
        Given(one.call_id, {}, why.word, why.said, final, sent=sent, pause=why.pause)
        for one in owed.asked
    ]
