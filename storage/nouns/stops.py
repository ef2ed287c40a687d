"""Whether an order must not be shipped, in SQL: the columns to read, and the condition."""

from typing import Any

from sqlalchemy import and_, or_
from sqlmodel import col

from core.entities import Order

# What `core.orders.standing.Stoppable` asks of a row, in this order.
STOP_COLUMNS: tuple[Any, ...] = (
    col(Order.after_sale),
    col(Order.closed_reason),
    col(Order.held_at),
    col(Order.let_go_at),
)
# In SQL what `core.orders.standing.stop_reason` says when it says nothing; a test compares.
GOES_ON: Any = and_(
    col(Order.closed_reason).is_(None),
    col(Order.held_at).is_(None),
    or_(
        col(Order.after_sale) == "none",
        and_(col(Order.after_sale) == "open", col(Order.let_go_at).is_not(None)),
    ),
)
