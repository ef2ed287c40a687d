"""Faults on demand: what can go wrong between a program and a platform, made to happen."""

from dataclasses import asdict, dataclass, field
from typing import Any

from sandbox.errors import ControlError

# What the gateway does instead of, or around, answering; and what it does to an answer.
CALLING = (
    "throttle",
    "5xx",
    "html",
    "cut_before",
    "cut_after",
    "token_expired",
    "service",
    "quota",
)
ANSWERS = ("numbers_as_text", "text_as_numbers", "missing", "unknown")
KINDS = (*CALLING, *ANSWERS, "slow")


@dataclass
class Fault:
    """Hits calls of `method` on `platform` for `shop` (any when None), `times` times.

    The first `after` calls it would hit pass. `seconds` belongs to slow, `fields` to missing.
    `cut_after` does the call and cuts the connection; `cut_before` cuts it before.
    """

    kind: str
    platform: str | None = None
    method: str | None = None
    shop: int | None = None
    times: int | None = None
    after: int = 0
    seconds: float = 0.0
    fields: list[str] = field(default_factory=list)

    def fits(self, platform: str, method: str, shop: int | None) -> bool:
        return (
            self.platform in (None, platform)
            and self.method in (None, method)
            and self.shop in (None, shop)
        )


@dataclass
class Taken:
    """What one call suffers."""

    seconds: float = 0.0
    calling: str | None = None
    answers: list[Fault] = field(default_factory=list)

    def mangled(self, data: Any) -> Any:
        for fault in self.answers:
            data = _mangled(data, fault)
        return data


class Faults:
    """Those set now. Of the ones that stop a call the first hits; the others add up."""

    def __init__(self, faults: list[dict[str, Any]]) -> None:
        self._faults: list[Fault] = []
        self.add(faults)

    def add(self, faults: list[dict[str, Any]]) -> None:
        """Raises `ControlError` for what is no fault."""
        added = []
        for facts in faults:
            try:
                fault = Fault(**facts)
            except TypeError as error:
                raise ControlError(f"not a fault: {error}") from None
            if fault.kind not in KINDS:
                raise ControlError(f"a fault's kind is one of {', '.join(KINDS)}")
            added.append(fault)
        self._faults.extend(added)

    def clear(self) -> None:
        self._faults.clear()

    def list(self) -> list[dict[str, Any]]:
        return [asdict(fault) for fault in self._faults]

    def take(self, platform: str, method: str, shop: int | None) -> Taken:
        taken = Taken()
        for fault in self._faults:
            if not fault.fits(platform, method, shop):
                continue
            if fault.kind in CALLING and taken.calling is not None:
                continue
            if fault.after > 0:
                fault.after -= 1
                continue
            _suffer(taken, fault)
            if fault.times is not None:
                fault.times -= 1
        self._faults = [one for one in self._faults if one.times is None or one.times > 0]
        return taken


def _suffer(taken: Taken, fault: Fault) -> None:
    if fault.kind == "slow":
        taken.seconds += fault.seconds
    elif fault.kind in CALLING:
        taken.calling = fault.kind
    else:
        taken.answers.append(fault)


def _mangled(data: Any, fault: Fault) -> Any:
    if isinstance(data, list):
        return [_mangled(one, fault) for one in data]
    if isinstance(data, dict):
        more = {"field_of_next_year": "?"} if fault.kind == "unknown" else {}
        fields = fault.fields if fault.kind == "missing" else []
        kept = {name: _mangled(one, fault) for name, one in data.items() if name not in fields}
        return {**kept, **more}
    if fault.kind == "numbers_as_text" and type(data) is int:
        return str(data)
    if fault.kind == "text_as_numbers" and isinstance(data, str) and _is_number(data):
        return int(data)
    return data


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and str(int(text)) == text
