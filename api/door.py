"""How a program comes in: its key is proved and its one use case run in the same visit.

A POST with an `Idempotency-Key` is answered once: its answer is kept in the transaction of what it
did, and given again for 48 hours. A refusal is kept too, though nothing was done.
"""

import hashlib
import json
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from functools import partial
from typing import Annotated, Any, Final, TypeVar

from fastapi import Depends, Header, Request, Response
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from api.place import Place
from api.problems import MEDIA_TYPE, problem_of
from api.writing import JSON, as_json, response, written
from core.errors import CoreError
from core.platforms.platform_errors import PlatformAbsent
from core.ports import Store
from core.programs.errors import AnsweredOtherwise, KeyRefused, ScopeMissing
from core.programs.keys import USED_EVERY, Holder, Scope
from core.programs.services import Programs
from core.services import Services
from core.shipments.printing import Slip
from core.tickets.turns import TicketResult
from core.values import Actor, Answer

S = TypeVar("S")
T = TypeVar("T")
Work = Callable[[Store, Actor], T]


_BEARER = HTTPBearer(auto_error=False, description="`Authorization: Bearer daifa_…`")
_LONGEST_KEY = 200
SEEN: Final = {"Cache-Control": "no-store"}  # an answer that shows recipients in full


class Caller:
    """A program that asks: a token, the scope it needs, the key under which it repeats itself."""

    def __init__(
        self, place: Place, token: str, scope: Scope, once: str | None = None, asked: str = ""
    ) -> None:
        self._place, self._token, self._scope = place, token, scope
        self._once, self._asked = once, asked

    @property
    def services(self) -> Services:
        """Return the use cases."""
        return self._place.services

    @property
    def programs(self) -> Programs:
        """Return those only programs have."""
        return self._place.services.programs

    async def read(self, work: Work[T]) -> T:
        """Run a use case that only looks. Raises what it raises, `KeyRefused`, `ScopeMissing`."""

        def visit(store: Store) -> tuple[Holder, bool, T]:
            holder = self._prove(store)
            return holder, _stale(store, holder), work(store, holder.actor)

        holder, stale, found = await self._place.database.read(visit)
        if stale:
            keys = self.programs.keys
            await self._place.database.write(lambda store: keys.used(store, holder.key_id))
        return found

    async def record(self, work: Work[T]) -> T:
        """Run a use case that looks, and keeps that it did. Raises as `write`.

        What was seen is never kept as an answer: the same request again looks anew, and may no
        longer be allowed to.
        """

        def visit(store: Store) -> T:
            holder = self._enter(store)
            self._kept(store, holder.actor)
            found = work(store, holder.actor)
            self._keep(store, holder.actor, None)
            return found

        found = await self._place.database.write(visit)
        self._place.wrote()
        return found

    async def draw(self, slips: Sequence[Slip], lang: str) -> bytes:
        """Return packing slips as a PDF."""
        if self._place.draw is None:
            raise RuntimeError("this house cannot draw")
        return await self._place.draw(slips, lang)

    async def waits(self, shop_id: int, head: int, seconds: float) -> bool:
        """Return whether something happened to the shop behind `head` within so many seconds."""
        return await self._place.watch.wait(shop_id, head, seconds)

    async def answer(self, work: Work[object]) -> Response:
        """Run a use case that only looks, and answer with what it returns. Raises as `read`."""
        return written(await self.read(work))

    async def write(self, work: Work[object]) -> Response:
        """Run a use case and answer with what it returns; raises as `read`, `AnsweredOtherwise`."""

        def whole(store: Store, actor: Actor) -> Answer:
            return Answer(200, JSON, as_json(work(store, actor)))

        return response(await self._visit(whole))

    async def write_slices(
        self, slices: Sequence[S], work: Callable[[Store, Actor, S], T],
        last: Callable[[Store, Actor, Sequence[T]], object],
    ) -> Response:  # fmt: skip
        """Run `work` for each slice in a visit of its own; `last` makes the answer in the last one.

        What was done before a crash stays done and has no answer yet: the same request again must
        find it done. Raises as `write`.
        """
        done: dict[int, T] = {}  # by its place: a visit may run again from its beginning

        def part(place: int, store: Store, actor: Actor) -> None:
            done[place] = work(store, actor, slices[place])

        def end(store: Store, actor: Actor) -> Answer:
            part(len(slices) - 1, store, actor)
            return Answer(200, JSON, as_json(last(store, actor, list(done.values()))))

        for place in range(len(slices) - 1):
            answer = await self._visit(partial(part, place))
            if answer is not None:  # somebody has asked the same meanwhile
                return response(answer)
        return response(await self._visit(end))

    async def write_around(
        self, before: Work[object], outside: Callable[[Actor], Awaitable[T]],
        after: Callable[[Store, Actor, T], object],
    ) -> Response:  # fmt: skip
        """Do something `outside` of any visit, once `before` allows it; `after` makes the answer.

        What was done outside before a crash has no answer yet: the same request again does it
        again, and must find it done. Raises as `write`.
        """
        actors: list[Actor] = []

        def allow(store: Store, actor: Actor) -> None:
            before(store, actor)
            actors[:] = [actor]

        answer = await self._visit(allow)
        if answer is not None:
            return response(answer)
        done = await outside(actors[0])

        def end(store: Store, actor: Actor) -> Answer:
            return Answer(200, JSON, as_json(after(store, actor, done)))

        return response(await self._visit(end))

    async def draw_tickets(
        self, actor: Actor, assignment_ids: Sequence[int], carrier: str
    ) -> Sequence[TicketResult]:
        """Draw e-waybills from their platforms. Raises as `Drawing.begin`."""
        if self._place.tickets is None:
            raise PlatformAbsent
        return await self._place.tickets(actor, assignment_ids, carrier)

    async def _visit(self, work: Work[Answer | None]) -> Answer | None:
        """Run a part of a request, if it has no answer yet; keep and return its answer.

        None: there is more of it to do.
        """

        def visit(store: Store) -> Answer | None:
            holder = self._enter(store)
            kept = self._kept(store, holder.actor)
            if kept is not None:
                return kept
            made = work(store, holder.actor)
            self._keep(store, holder.actor, made)
            return made

        try:
            answer = await self._place.database.write(visit)
        except (KeyRefused, ScopeMissing, AnsweredOtherwise):
            raise
        except CoreError as refused:
            if self._once is None:
                raise
            answer = await self._refuse(refused)
        self._place.wrote()
        return answer

    async def _refuse(self, refused: CoreError) -> Answer:
        """Keep a refusal, in a visit of its own: the one that raised it left nothing behind."""
        document = problem_of(refused)
        body = json.dumps(document, ensure_ascii=False).encode()
        answer = Answer(document["status"], MEDIA_TYPE, body)

        def visit(store: Store) -> Answer:
            actor = self._prove(store).actor
            kept = self._kept(store, actor)
            if kept is None:
                self._keep(store, actor, answer)
            return kept or answer

        return await self._place.database.write(visit)

    def _enter(self, store: Store) -> Holder:
        """Prove the key in a visit that writes, and keep that it was used."""
        holder = self._prove(store)
        if _stale(store, holder):
            self.programs.keys.used(store, holder.key_id)
        return holder

    def _prove(self, store: Store) -> Holder:
        return self.programs.keys.prove(store, self._token, self._scope)

    def _kept(self, store: Store, actor: Actor) -> Answer | None:
        if self._once is None:
            return None
        return self.programs.answers.kept(store, actor, self._once, self._asked)

    def _keep(self, store: Store, actor: Actor, answer: Answer | None) -> None:
        if self._once is not None:
            self.programs.answers.keep(store, actor, self._once, self._asked, answer)


def _stale(store: Store, holder: Holder) -> bool:
    """Whether the key's last use is to be kept anew: not with every request."""
    used = holder.used_at
    return used is None or store.now - used >= max(USED_EVERY, timedelta())


def reading(scope: Scope) -> Any:
    """Return the dependency of an operation that only looks."""

    async def caller(
        request: Request,
        given: Annotated[HTTPAuthorizationCredentials | None, Depends(_BEARER)],
    ) -> Caller:
        return Caller(_place(request), _token(given), scope)

    return Depends(caller)


def writing(scope: Scope) -> Any:
    """Return the dependency of an operation that changes something."""

    async def caller(
        request: Request,
        given: Annotated[HTTPAuthorizationCredentials | None, Depends(_BEARER)],
        idempotency_key: Annotated[
            str | None,
            Header(
                min_length=1, max_length=_LONGEST_KEY,
                description="Any text of your own: the same request under it is done once.",
            ),
        ] = None,
    ) -> Caller:  # fmt: skip
        asked = hashlib.sha256(
            f"{request.method} {request.url.path}?{request.url.query}\n".encode()
            + await request.body()
        ).hexdigest()
        return Caller(_place(request), _token(given), scope, idempotency_key, asked)

    return Depends(caller)


def _place(request: Request) -> Place:
    place: Place = request.app.state.place
    return place


def _token(given: HTTPAuthorizationCredentials | None) -> str:
    if given is None:
        raise KeyRefused
    return given.credentials
