"""What the clock does for a shop or a chat: when it is told of its day, when it is left alone."""

from datetime import date, datetime

from sqlalchemy import BigInteger
from sqlmodel import Field, SQLModel

from core.columns import UtcDateTime


class QuietHours(SQLModel, table=True):
    """免打扰 of one chat: minutes of the day in China's time, from `starts` to before `ends`.

    It may run over midnight. What stops a shipment passes through.
    """

    __tablename__ = "quiet_hours"

    chat_id: int = Field(primary_key=True, sa_type=BigInteger)
    starts: int
    ends: int


class ClockLook(SQLModel, table=True):
    """When the clock last looked at what has no due time of its own: `name` says at what.

    Whatever passed a deadline since then is told, however long that was.
    """

    __tablename__ = "clock_look"

    name: str = Field(primary_key=True)
    at: datetime = Field(sa_type=UtcDateTime)


class DayTally(SQLModel, table=True):
    """What one merchant and one of their factories did on one day of China's time, once it is over.

    `factory_id` 0 is the merchant's own row: `new` orders that came in, whoever ships them.
    `shipped` counts orders by their last parcel, `on_time` those of them that left before their
    deadline, `late` those that did not; `minutes` is the sum of their minutes from assigned to
    shipped.
    """

    __tablename__ = "day_tally"

    merchant_id: int = Field(primary_key=True, foreign_key="shop.id")
    factory_id: int = Field(primary_key=True)
    day: date = Field(primary_key=True)
    new: int = 0
    assigned: int = 0
    declined: int = 0
    shipped: int = 0
    on_time: int = 0
    late: int = 0
    minutes: int = Field(default=0, sa_type=BigInteger)


class Digest(SQLModel, table=True):
    """日报 of a shop: the hour of China's time, and when the next one is due; off without.

    `told` is the last day that was told of; `tallied` the day up to which a merchant's `DayTally`
    rows stand.
    """

    __tablename__ = "digest"

    shop_id: int = Field(primary_key=True, foreign_key="shop.id")
    hour: int | None = None
    due_at: datetime | None = Field(default=None, sa_type=UtcDateTime, index=True)
    told: date | None = None
    tallied: date | None = None
