"""Judging news of an order: what differs from what is stored, and whether it is newer.

Every group of fields has a time of its own, `Order.as_of`: when what stands there was true at its
source. News of an earlier time changes nothing; of two of the same time the more careful one
stands, so that the order they arrive in does not matter. What ends something is believed whenever
it was said: refunded stays refunded, cancelled stays cancelled. News without a time is of now and
always taken. What was changed by hand stands while its source only repeats itself
(`core.changes.overruling`).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal, NamedTuple

from core.changes.order_news import GROUPS, NOTES, Group, OrderNews
from core.changes.overruling import (
    is_said,
    named,
    overruled,
    same_product,
    shapes,
    stood_mark,
)
from core.entities import Order, OrderLine
from core.ids import key
from core.imports.incoming import IncomingLine
from core.orders.recipients import is_concealed, masked_of, recipient_of
from core.ports import Store
from core.text.free_text import as_shown
from core.values import NO_NOTES, MaskedRecipient, OrderNotes

MARKED = "recipient concealed"  # under which `Order.as_of` keeps the platform's mark of it
# {"field": …, "old": …, "new": …[, "product": …][, "left": …][, "parts": …]}; recipients masked,
# notes `as_shown`; `left`: so many pieces are in parcels, fewer there cannot be; `parts`: of a
# recipient's name, phone, address those that differ, each [old, new]
Diff = dict[str, Any]
Kind = Literal["changed", "known", "older", "refused"]


class Stored(NamedTuple):
    """An order as it stands: its lines and extras, its recipient's keyed hash, its notes."""

    order: Order
    lines: Sequence[OrderLine]
    same_hash: str | None
    notes: OrderNotes = NO_NOTES


@dataclass(frozen=True, slots=True)
class Judged:
    """`as_of` are the new times of the groups it says something of, as they are stored."""

    kind: Kind
    diffs: tuple[Diff, ...] = ()
    as_of: dict[str, str] | None = None
    why: str = ""


class _Said(NamedTuple):
    """How one group differs. `final` is believed whenever it was said, `wins` at the same time."""

    diffs: Sequence[Diff]
    wins: bool = False
    final: bool = False


def judge(store: Store, stored: Stored, news: OrderNews) -> Judged:
    """Return how the news differs from what is stored, as far as it is newer.

    Refused is news nobody can ship by: `recipient_incomplete`, `no_lines`.
    """
    if stored.order.erased_at is not None:  # nothing of its recipient comes back
        news = replace(news, recipient=None, buyer_note=None, seller_note=None)
    if news.recipient is not None and not news.recipient.complete:
        return Judged("refused", why="recipient_incomplete")
    if news.lines is not None and not any(line.quantity for line in news.lines):
        return Judged("refused", why="no_lines")
    groups = [one for one in GROUPS if getattr(news, one) is not None]
    judged = [_judge_group(store, stored, news, group) for group in groups]
    diffs = tuple(diff for one in judged for diff in one.diffs)
    as_of = {name: time for one in judged for name, time in (one.as_of or {}).items()}
    if diffs:
        return Judged("changed", diffs, as_of)
    return Judged("older" if any(one.kind == "older" for one in judged) else "known", (), as_of)


def _judge_group(store: Store, stored: Stored, news: OrderNews, group: Group) -> Judged:
    as_of: dict[str, str] = {}
    kept = (stored.order.as_of or {}).get(overruled(group))
    if kept and not news.by_hand:
        if is_said(store, kept, group, news):
            return Judged("known")
        as_of[overruled(group)] = ""
    said, before = _JUDGES[group](store, stored, news), standing_since(stored.order, group)
    as_of |= _marked(store, stored, news) if group == "recipient" else {}
    if said.diffs and not (said.final or _newer(news.at, before, wins=said.wins)):
        return Judged("older")
    if said.diffs and news.by_hand and not kept:
        as_of[overruled(group)] = _stood(store, stored, group)
    # A file that says once more what stands costs no write: only times that are known count.
    if said.diffs or (news.at is not None and news.at > before):
        at = news.at or store.now
        as_of[group] = (at if said.final else max(at, before)).isoformat()
    return Judged("changed" if said.diffs else "known", tuple(said.diffs), as_of)


def _marked(store: Store, stored: Stored, news: OrderNews) -> dict[str, str]:
    """The platform's mark of whom it conceals, where it is another than it gave before.

    A plain recipient and a concealed one have hashes that tell nothing of each other; the platform
    repeating itself is known by its mark.
    """
    given = news.recipient
    if given is None or (given.concealed is None and not is_concealed(stored.same_hash)):
        return {}
    mark = stored.same_hash or ""
    if given.concealed is not None:
        mark = store.orders.same_hash(given.concealed)
    return {MARKED: mark} if (stored.order.as_of or {}).get(MARKED) != mark else {}


def _stood(store: Store, stored: Stored, group: Group) -> str:
    order = stored.order
    if group in NOTES:
        return store.orders.note_mark(getattr(stored.notes, group))
    stood = {"closed": order.closed_reason, "held": order.held_at is not None}
    value = stood[group] if group in stood else getattr(order, group, None)
    return stood_mark(group, value, _own(stored.lines), stored.same_hash)


def standing_since(order: Order, group: str) -> datetime:
    """Return when what stands there was true at its source; at first, when the order came in."""
    kept = (order.as_of or {}).get(group)
    return datetime.fromisoformat(kept) if kept else order.created_at


def _newer(at: datetime | None, before: datetime, *, wins: bool) -> bool:
    return at is None or at > before or (at == before and wins)


def _note(name: str) -> Callable[[Store, Stored, OrderNews], _Said]:
    def judged(_: Store, stored: Stored, news: OrderNews) -> _Said:
        old, new = getattr(stored.notes, name), getattr(news, name)
        diff = {"field": name, "old": as_shown(old), "new": as_shown(new)}
        return _Said([diff] if old != new else [], new > old)

    return judged


def _ship_by(_: Store, stored: Stored, news: OrderNews) -> _Said:
    old, new = stored.order.ship_by, news.ship_by
    assert new is not None  # noqa: S101 - judged only when it is said
    if old == new:
        return _Said(())
    old_time = old.isoformat() if old else None
    diff = {"field": "ship_by", "old": old_time, "new": new.isoformat()}
    return _Said([diff], old is None or new < old)


def _recipient(store: Store, stored: Stored, news: OrderNews) -> _Said:
    given = news.recipient
    assert given is not None  # noqa: S101 - judged only when it is said
    same = store.orders.same_hash(recipient_of(given))
    if same == stored.same_hash:
        return _Said(())
    order, new = stored.order, masked_of(given)
    old = store.orders.masked(key(order))
    alike = old == new and is_concealed(stored.same_hash) != (given.concealed is not None)
    if alike and given.concealed and (order.as_of or {}).get(MARKED) in (None, same):
        return _Said(())
    # In plain for the first time: whom the platform conceals, or who was not whole.
    first = not order.complete or (alike and given.concealed is None)
    diff: Diff = {
        "field": "recipient", "old": old.address if old else "", "new": new.address,
        "first": first,
    }  # fmt: skip
    if not first and old is not None:
        differ = store.orders.differing(key(order), recipient_of(given)) or _seen_in(old, new)
        diff["parts"] = {one: [getattr(old, one), getattr(new, one)] for one in differ}
    return _Said([diff], same > (stored.same_hash or ""), final=first)


def _seen_in(old: MaskedRecipient, new: MaskedRecipient) -> Sequence[str]:
    """Which parts differ, as far as masks tell: where they do not, it is the address."""
    seen = [one for one in ("name", "phone", "address") if getattr(old, one) != getattr(new, one)]
    return seen or ["address"]


def _held(_: Store, stored: Stored, news: OrderNews) -> _Said:
    old, new = stored.order.held_at is not None, bool(news.held)
    return _Said([{"field": "held", "old": old, "new": new}] if old != new else [], wins=new)


def _after_sale(_: Store, stored: Stored, news: OrderNews) -> _Said:
    old, new = stored.order.after_sale, news.after_sale
    if old in (new, "refunded"):
        return _Said(())
    diff = {"field": "after_sale", "old": old, "new": new}
    return _Said([diff], wins=new == "open", final=new == "refunded")


def _closed(_: Store, stored: Stored, news: OrderNews) -> _Said:
    """What shipped from here is not 'shipped elsewhere'; nothing opens a closed order again."""
    order, new = stored.order, news.closed
    shipped_here = order.status in ("part_shipped", "shipped")
    if order.closed_reason in (new, "cancelled") or (new != "cancelled" and shipped_here):
        return _Said(())
    return _Said([{"field": "closed", "old": order.closed_reason, "new": new}], final=True)


def _lines(store: Store, stored: Stored, news: OrderNews) -> _Said:
    said, order = news.lines or (), stored.order
    diffs = _line_diffs(stored.lines, said)
    if order.status in ("part_shipped", "shipped"):
        subs = {key(line): line.sub_order_no for line in stored.lines}
        left = store.shipments.shipped_of_order(key(order)).items() if diffs else ()
        diffs = _with_what_left(diffs, {subs[one]: n for one, n in left if one in subs})
    return _Said(diffs, shapes(said) > shapes(_own(stored.lines)))


def _with_what_left(diffs: Sequence[Diff], left: Mapping[str, int]) -> list[Diff]:
    """Say of each line that is to have fewer pieces than are in parcels how many those are."""
    return [
        {**diff, "left": left[diff["sub"]]}
        if diff["field"] in ("quantity", "line_removed") and diff["new"] < left.get(diff["sub"], 0)
        else diff
        for diff in diffs
    ]


_JUDGES: dict[str, Callable[[Store, Stored, OrderNews], _Said]] = {
    "recipient": _recipient,
    "buyer_note": _note("buyer_note"),
    "seller_note": _note("seller_note"),
    "ship_by": _ship_by,
    "lines": _lines,
    "held": _held,
    "after_sale": _after_sale,
    "closed": _closed,
}


def _own(lines: Sequence[OrderLine]) -> list[OrderLine]:
    return [one for one in lines if not one.extra and one.quantity]


def _line_diffs(lines: Sequence[OrderLine], incoming: Sequence[IncomingLine]) -> list[Diff]:
    stored = {line.sub_order_no: line for line in lines if not line.extra}
    diffs: list[Diff] = []
    for line in incoming:
        old = stored.pop(line.sub_order_no, None)
        if old is None or not old.quantity:
            added = {"product": line.product_name, "sub": line.sub_order_no,
                     "old": 0, "new": line.quantity}  # fmt: skip
            diffs += [{"field": "line_added", **added}] if line.quantity else []
            continue
        if old.quantity != line.quantity:
            field = "quantity" if line.quantity else "line_removed"
            diffs.append({"field": field, "product": line.product_name, "sub": line.sub_order_no,
                          "old": old.quantity, "new": line.quantity})  # fmt: skip
        if not same_product(old, line):
            diffs.append({"field": "product", "sub": line.sub_order_no, "old": named(old),
                          "new": named(line)})  # fmt: skip
    diffs += [
        {"field": "line_removed", "product": old.product_name, "sub": old.sub_order_no,
         "old": old.quantity, "new": 0}
        for old in stored.values()
        if old.quantity
    ]  # fmt: skip
    return diffs
