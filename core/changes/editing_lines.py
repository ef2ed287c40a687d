"""商品与数量 changed by hand: touched one by one with no effect, then confirmed all at once."""

from collections.abc import Mapping
from typing import Any

from core.assignments.extras import PIECES_LIMIT, read_lines
from core.changes.edit_errors import CountUnclear
from core.changes.edit_lines import Row, add, incoming_lines, planned, put, read_count, row_of
from core.changes.edit_views import Edited, EditView, LinePlan
from core.changes.editing import Editing, asked, begun, edit_view
from core.changes.order_news import OrderNews
from core.errors import DraftGone
from core.marks import mark_of
from core.ports import Store
from core.values import Actor

LINES = "edit_lines"


class LineEditing:
    """Use cases of changing an order's lines and quantities."""

    def __init__(self, editing: Editing) -> None:
        self._editing = editing

    def begin(self, store: Store, actor: Actor, order_id: int) -> LinePlan:
        """Begin a plan of the lines as they are. Raises `OrderNotFound`, `OrderOver`."""
        view = edit_view(store, actor, order_id)
        return self._keep(store, actor, view, begun(view))

    def step(self, store: Store, actor: Actor, order_id: int, row: Row, by: int) -> LinePlan:
        """Plan `by` pieces more of a line, or fewer; 0 asks for the number.

        A plan that is over begins anew. Raises `OrderOver`, `BelowShipped`, `CountUnclear`,
        `DraftGone` when the line is there no more.
        """
        view = edit_view(store, actor, order_id)
        data = self._open(store, actor, view) or begun(view)
        line = row_of(view, data, row)
        data.pop("asked", None)
        if by:
            put(data, line, line.now + by)
        else:
            data["asked"] = list(row)
        return self._keep(store, actor, view, data)

    def take(self, store: Store, actor: Actor, text: str) -> LinePlan:
        """Take the number that was asked for, or more products, one per line.

        Raises `DraftGone`, `BelowShipped`, `CountUnclear`, and as
        `core.assignments.extras.read_lines`.
        """
        data = asked(store, actor, LINES)
        view = edit_view(store, actor, data["order"])
        row, count = data.pop("asked", None), read_count(text)
        rows = planned(view, data)
        if count is None:
            add(data, read_lines(text))
        elif row is not None:
            put(data, row_of(view, data, (row[0], row[1])), count)
        elif len(rows) == 1:
            put(data, rows[0], count)
        else:
            raise CountUnclear(PIECES_LIMIT)
        return self._keep(store, actor, view, data)

    def confirm(self, store: Store, actor: Actor, mark: int) -> Edited:
        """Change the lines as planned. Raises `DraftGone`, `BelowShipped`, `NoLineLeft`."""
        data = asked(store, actor, LINES)
        if mark_of(data) != mark:
            raise DraftGone
        view = edit_view(store, actor, data["order"])
        news = OrderNews(data["order"], lines=incoming_lines(view, data))
        return self._editing.change_or_keep(store, actor, view, news, (LINES, data))

    def plan(self, store: Store, actor: Actor, view: EditView) -> LinePlan | None:
        """Return the plan that is open for this order, or None when none is."""
        data = self._open(store, actor, view)
        return _planned(view, data) if data is not None else None

    def _open(self, store: Store, actor: Actor, view: EditView) -> dict[str, Any] | None:
        """Return what was asked and answered about the lines of this very order."""
        try:
            data = asked(store, actor, LINES)
        except DraftGone:
            return None
        return data if data["order"] == view.order.id else None

    def _keep(
        self, store: Store, actor: Actor, view: EditView, data: Mapping[str, Any]
    ) -> LinePlan:
        """Keep the plan; it is of the order that is shown with it."""
        kept = {**data, "revision": view.order.revision}
        store.accounts.ask(actor.account_id, LINES, kept)
        return _planned(view, kept)


def _planned(view: EditView, data: dict[str, Any]) -> LinePlan:
    at = data.get("asked")
    asking = row_of(view, data, (at[0], at[1])) if at else None
    return LinePlan(view, planned(view, data), mark_of(data), asking)
