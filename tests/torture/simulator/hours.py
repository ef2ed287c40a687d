"""Time that costs nothing: an event loop that never sleeps, and the wall clock of its house.

Where a real loop would sleep until its next timer, this one sets its clock to it. Nothing runs in
threads or processes: what is brought to a thread is done at once, and a process cannot be begun.
"""

import asyncio
import selectors
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Final, TypeVar

T = TypeVar("T")

START: Final = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)  # nine in the morning in China
TURN: Final = 1e-6  # seconds a turn of the loop takes: computing is not for nothing
SPINS: Final = 100_000  # turns within a second: it goes round in a circle


class Stuck(RuntimeError):
    """Everybody waits for somebody else, or nobody waits at all."""


class _Skipping(selectors.DefaultSelector):
    """A selector that lets time pass instead of waiting."""

    def __init__(self, passes: Callable[[float], None]) -> None:
        super().__init__()
        self._passes = passes
        self._turns = 0
        self._slept = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready: list[tuple[selectors.SelectorKey, int]] = super().select(0)
        self._passes(TURN)
        self._turns += 1
        if self._turns > SPINS:
            if self._slept < 1:
                raise Stuck("the loop turns and turns")
            self._turns, self._slept = 0, 0.0
        if ready or timeout == 0:
            return ready
        if timeout is None:
            raise Stuck("nobody has anything to do, for ever")
        self._passes(timeout)
        self._slept += timeout
        return []


class VirtualLoop(asyncio.SelectorEventLoop):
    """An event loop without sleep, sockets, threads or processes."""

    def __init__(self) -> None:
        self._now = 0.0
        super().__init__(_Skipping(self.passes))

    def time(self) -> float:
        """Return the seconds since the loop began."""
        return self._now

    def passes(self, seconds: float) -> None:
        """Let time pass at once; the timers of that time are late, as after a suspended process."""
        self._now += seconds

    def run_in_executor(  # type: ignore[override]
        self, executor: object, func: Callable[..., T], *args: Any
    ) -> asyncio.Future[T]:
        """Do it here and now."""
        future: asyncio.Future[T] = self.create_future()
        try:
            future.set_result(func(*args))
        except Exception as error:  # noqa: BLE001 - it belongs to who asked
            future.set_exception(error)
        return future

    async def subprocess_exec(self, *args: Any, **named: Any) -> Any:
        """Refuse: a child's time is real."""
        raise NotImplementedError("the simulator has no processes")


class Wall:
    """The wall clock: it follows the loop, and is set forward or back by whoever minds it."""

    def __init__(self, loop: VirtualLoop) -> None:
        self._loop = loop
        self.ahead = timedelta()  # of the true time

    def __call__(self) -> datetime:
        """Return what the house takes for now."""
        return self.true() + self.ahead

    def true(self) -> datetime:
        """Return what time it is."""
        return START + timedelta(seconds=self._loop.time())


def run(work: Callable[[VirtualLoop], Any]) -> Any:
    """Run `work(loop)`, a coroutine, to its end in a loop of its own."""
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        loop = runner.get_loop()
        assert isinstance(loop, VirtualLoop)
        return runner.run(work(loop))
