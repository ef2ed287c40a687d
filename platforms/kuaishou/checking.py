"""What Kuaishou refuses a number for, found before it is asked.

The list is the platform's own (K1009, 发货API拦截, in its documents for developers). Only what is
sure is refused here; of what the house cannot know, such as when a carrier picked a parcel up, the
platform has the last word.
"""

from datetime import datetime, timedelta
from typing import Final

from core.platforms.facts import Parcel, Reuse
from core.text.carriers import Confidence
from core.text.tracking import fits

LONGEST_USE: Final = timedelta(days=30)  # between the first order under a number and the last
PICKED_UP: Final = timedelta(days=2)  # so long no parcel waits: shipping it late is fined


def why_not(parcel: Parcel, now: datetime) -> str:
    """Return for which of `platforms.failures.WHYS` the number is refused, empty for none."""
    if _misfits(parcel.carrier, parcel.tracking_number):
        return "number_misfits"
    if parcel.drawn and parcel.tracking_number not in parcel.drawn:
        return "ticket_differs"
    return next(filter(None, (_refused(use, parcel.paid_at, now) for use in parcel.reuses)), "")


def _refused(use: Reuse, paid_at: datetime | None, now: datetime) -> str:
    """Why a number that another order left under is refused for this one."""
    if not use.own:
        return "number_elsewhere"
    if use.same is False:
        return "number_used"
    if paid_at is not None and use.at < paid_at - PICKED_UP:
        return "number_early"
    return "number_old" if now - use.at > LONGEST_USE else ""


def _misfits(carrier: str, number: str) -> bool:
    """Whether the number bears the mark of other carriers; digits alone prove nothing."""
    sure = {one.carrier for one in fits(number) if one.confidence is Confidence.HIGH}
    return bool(sure) and carrier not in sure
