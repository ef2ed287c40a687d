"""Faults on demand: what can go wrong between a bot and Telegram, made to happen."""

from dataclasses import asdict, dataclass
from typing import Any

from playground.errors import PhoneError

KINDS = ("429", "403", "5xx", "drop_answer", "drop_request", "latency", "html")


@dataclass
class Fault:
    """Hits calls of `method` (any when None) for `chat_id` (any when None), `times` times.

    `drop_answer` does the call and cuts the connection; `drop_request` cuts it before.
    `retry_after` belongs to 429, `seconds` to latency.
    """

    kind: str
    method: str | None = None
    chat_id: int | str | None = None
    times: int | None = None
    retry_after: int = 1
    seconds: float = 0.0

    def hits(self, method: str, chat_id: Any) -> bool:
        if self.times is not None and self.times <= 0:
            return False
        if self.method is not None and self.method.lower() != method.lower():
            return False
        return self.chat_id is None or str(self.chat_id) == str(chat_id)


class Faults:
    """Those set now. Latency adds to another fault; of the others the first set one hits."""

    def __init__(self, faults: list[dict[str, Any]] | None = None) -> None:
        self._faults: list[Fault] = []
        self.add(faults or [])

    def add(self, faults: list[dict[str, Any]]) -> None:
        """Raises `PhoneError` for what is no fault."""
        added = []
        for facts in faults:
            try:
                fault = Fault(**facts)
            except TypeError as error:
                raise PhoneError(f"not a fault: {error}") from None
            if fault.kind not in KINDS:
                raise PhoneError(f"a fault's kind is one of {', '.join(KINDS)}")
            added.append(fault)
        self._faults.extend(added)

    def clear(self) -> None:
        self._faults.clear()

    def list(self) -> list[dict[str, Any]]:
        return [asdict(fault) for fault in self._faults]

    def take(self, method: str, chat_id: Any) -> tuple[float, Fault | None]:
        """Seconds to wait, and the fault to make happen; both are counted as used."""
        seconds = 0.0
        taken: Fault | None = None
        for fault in self._faults:
            if not fault.hits(method, chat_id) or (fault.kind != "latency" and taken is not None):
                continue
            if fault.kind == "latency":
                seconds += fault.seconds
            else:
                taken = fault
            if fault.times is not None:
                fault.times -= 1
        self._faults = [f for f in self._faults if f.times is None or f.times > 0]
        return seconds, taken
