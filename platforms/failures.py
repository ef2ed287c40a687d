"""What becomes of a call to a platform that did not answer with success: a closed set.

The cause decides what may follow. `Undone` had no effect, and the same call may be made again;
`Unsure` may have had one, and is read back before it is repeated; `Refused` is a fact about the
business or the grant, and the same call again would meet the same answer.

None of them carries what was sent: only words and codes, which may be kept and logged.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

LONGEST_SAID: Final = 200  # characters of a platform's own sentence that are kept


class PlatformFailure(Exception):
    """A call that did not succeed. `why` is one of our words; `said` is the platform's sentence."""

    why = "failed"

    def __init__(self, said: str = "") -> None:
        super().__init__(said)
        self.said = said[:LONGEST_SAID]


class Undone(PlatformFailure):
    """Nothing has happened there: the same call may be made again, later."""

    why = "undone"


class Unreachable(Undone):
    """No connection was made."""

    why = "unreachable"


class Throttled(Undone):
    """Too many calls. `seconds` is how long to wait, where the platform says so."""

    why = "throttled"

    def __init__(self, said: str = "", seconds: float | None = None) -> None:
        super().__init__(said)
        self.seconds = seconds


class TokenStale(Undone):
    """The access token is no longer taken: to be refreshed, then the call is made again."""

    why = "token_stale"


class Unsure(PlatformFailure):
    """The call was sent and no whole answer came: whether it had its effect must be read back."""

    why = "unsure"


class Busy(Unsure):
    """The platform is out of order for the moment: how far it came before that, nobody knows."""

    why = "busy"


class Garbled(Unsure):
    """An answer that is not in the platform's own form."""

    why = "garbled"


@dataclass
class Refused(PlatformFailure):
    """The platform says no. `code` is its own code, `why` one of `WHYS`."""

    code: str
    why: str = "refused"
    said: str = ""

    def __post_init__(self) -> None:
        self.said = self.said[:LONGEST_SAID]


# Why a platform says no, in our words; people's words for them are written elsewhere.
WHYS: Final = frozenset({
    "refused", "bad_call", "bad_signature", "no_grant", "grant_ended", "unknown_order",
    "state_forbids", "refund_open", "no_ship_from", "pieces_differ", "carrier_unknown",
    "number_misfits", "number_used", "number_elsewhere", "number_early",
    "number_old", "ticket_differs", "ticket_address", "not_here",
    "quota_spent", "no_stock", "not_bound",
    "given_elsewhere", "not_seen_there",
})  # fmt: skip


_PASSING: Final[Mapping[str, type[PlatformFailure]]] = {
    "token_stale": TokenStale, "throttled": Throttled, "busy": Busy,
}  # fmt: skip


def refusal(code: str, word: str, said: str) -> PlatformFailure:
    """Return the failure that an answer which is no success means; `word` is ours for it."""
    passing = _PASSING.get(word)
    return passing(said) if passing else Refused(code, word, said)
