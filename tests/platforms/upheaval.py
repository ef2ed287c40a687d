"""What happens on a platform while its orders come in: every order has one of these fates."""

import random
from collections.abc import Mapping, Sequence
from typing import Any, Final

from tests.platforms.town import Town
from tests.sandbox.conftest import MERCHANT

# Of twenty orders, which ones suffer what; all others are only bought.
FATES: Final[Mapping[int, tuple[str, ...]]] = {
    0: ("address",), 1: ("remark",), 2: ("refund",), 3: ("refund", "close"), 4: ("cancel",),
    5: ("pay",), 6: (), 7: ("refund", "agree"), 8: ("cancel",),
}  # fmt: skip
UNPAID: Final = (5, 6, 8)  # when they are made
SHIPS: Final = (1, *range(9, 20))  # what no act forbids to ship
FAULTS: Final[Sequence[Mapping[str, Any]]] = (
    {"kind": "throttle"}, {"kind": "5xx"}, {"kind": "html"}, {"kind": "cut_before"},
    {"kind": "cut_after", "method": "order.searchList"}, {"kind": "token_expired"},
    {"kind": "service"}, {"kind": "quota"},
    {"kind": "numbers_as_text", "times": 9}, {"kind": "text_as_numbers", "times": 9},
    {"kind": "unknown", "times": 9}, {"kind": "slow", "seconds": 0.05, "times": 9},
    {"kind": "missing", "method": "order.searchList", "fields": ["update_time"]},
    {"kind": "cut_after", "method": "order.logisticsAddMultiPack"},
)  # fmt: skip
AT_ONCE: Final = 100  # orders an act is done to in one call: a platform that acts answers nobody
_ADDRESS: Final = {
    "name": "周小雨", "phone": "13800000077", "areas": ["浙江省", "金华市", "义乌市", "福田街道"],
    "detail": "示例二路 7 号",
}  # fmt: skip
_ACTS: Final[Mapping[str, tuple[str, Mapping[str, Any]]]] = {
    "address": ("address", _ADDRESS), "remark": ("remark", {"text": "加急"}),
    "refund": ("refund", {"act": "open"}), "close": ("refund", {"act": "close"}),
    "agree": ("refund", {"act": "agree"}), "cancel": ("cancel", {}), "pay": ("pay", {}),
}  # fmt: skip


class Upheaval:
    """Orders of one shop by number, and what is still to happen to each."""

    def __init__(self, town: Town, rng: random.Random) -> None:
        self._town = town
        self._rng = rng
        self.fates: dict[str, int] = {}
        self._waiting: list[tuple[str, list[str]]] = []

    async def are_bought(self, count: int, *, over: float = 0.0) -> None:
        """So many new orders; those of the last `over` seconds came without a message."""
        operator, part = self._town.operator, count // 20
        for fate in range(20):
            quiet = {"quiet": True, "over": over} if over else {}
            made = await operator.post(
                "orders", shop=MERCHANT, count=part, paid=fate not in UNPAID, **quiet
            )
            self.fates.update(dict.fromkeys(made["orders"], fate))
            acts = [(one, list(FATES.get(fate, ()))) for one in made["orders"]]
            self._waiting += [one for one in acts if one[1]]

    async def goes_on(self, share: float) -> None:
        """To a share of those that still await something the next of it happens."""
        self._rng.shuffle(self._waiting)
        some = self._waiting[: max(1, int(len(self._waiting) * share))]
        for name, (act, facts) in _ACTS.items():
            now = [number for number, acts in some if acts[:1] == [name]]
            for start in range(0, len(now), AT_ONCE):
                part = now[start : start + AT_ONCE]
                await self._town.operator.post(f"acts/{act}", orders=part, facts=dict(facts))
            for one in some:
                if one[0] in now:
                    one[1].pop(0)
        self._waiting = [one for one in self._waiting if one[1]]

    @property
    def is_over(self) -> bool:
        return not self._waiting

    async def goes_wrong(self) -> None:
        """Three faults of the platform, and messages late, repeated, shuffled, some never sent."""
        faults = [{"times": 1, "after": self._rng.randint(0, 8), **one}
                  for one in self._rng.sample(list(FAULTS), 3)]  # fmt: skip
        await self._town.operator.post("faults", faults=faults)
        push = {"repeat": 1, "shuffle": True, "delay": self._rng.choice([0.0, 0.3]), "lose": 9}
        await self._town.operator.post("settings", doudian={"push": push})
