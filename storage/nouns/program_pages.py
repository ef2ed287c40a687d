"""The pages of one list that programs read: every narrowing of it is a statement made once."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Select, bindparam, select
from sqlmodel import col

from core.entities import FeedItem
from core.programs.facts import PageAsked
from storage.listed import within


class Pages:
    """A list by id: `owner` says whose it is, `happened` is its column in the feed."""

    def __init__(self, rows: Select[Any], row_id: Any, owner: Any, status: Any, happened: Any):
        page = (
            rows.where(owner == bindparam("shop"), row_id > bindparam("after"))
            .order_by(row_id)
            .limit(bindparam("limit"))
        )
        in_status = within(status, "statuses")
        since = row_id.in_(
            select(happened).where(
                col(FeedItem.shop_id) == bindparam("shop"), col(FeedItem.id) > bindparam("since")
            )
        )
        self._made = {
            (False, False): page,
            (True, False): page.where(in_status),
            (False, True): page.where(since),
            (True, True): page.where(in_status, since),
        }

    def of(self, shop_id: int, asked: PageAsked) -> tuple[Select[Any], Mapping[str, Any]]:
        """Return the statement and its values."""
        values: dict[str, Any] = {"shop": shop_id, "after": asked.after, "limit": asked.limit}
        if asked.statuses:
            values["statuses"] = asked.statuses
        if asked.since is not None:
            values["since"] = asked.since
        return self._made[bool(asked.statuses), asked.since is not None], values
