"""Orders of one factory together, under the name its merchant calls it."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta
from typing import NamedTuple

from core.clock.clock_events import FactoryNudged, RecallNudged
from core.clock.watching import silent_after
from core.entities import Binding
from core.errors import BindingNotFound
from core.ports import Store
from core.ports.clock import DueRow
from core.values import Actor


class Group(NamedTuple):
    """Orders of one binding, by the name this side calls the other."""

    binding_id: int
    name: str
    rows: Sequence[DueRow]


def own_binding(store: Store, actor: Actor, binding_id: int) -> Binding:
    """Return the merchant's binding. Raises `BindingNotFound`."""
    binding = store.bindings.get(binding_id)
    if binding is None or binding.merchant_id != actor.shop_id:
        raise BindingNotFound
    return binding


def grouped(store: Store, rows: Sequence[DueRow]) -> list[Group]:
    """Return the rows by binding, in the order in which each was first met."""
    groups: dict[int, list[DueRow]] = defaultdict(list)
    for row in rows:
        groups[row.binding_id].append(row)
    found = []
    for binding_id, theirs in groups.items():
        binding = store.bindings.get(binding_id)
        name = name_of(store, binding) if binding is not None else ""
        found.append(Group(binding_id, name, theirs))
    return found


def nudge_group(
    store: Store, actor: Actor, group: Group, event: type[FactoryNudged] | type[RecallNudged]
) -> None:
    """催一下: tell the factory of all of the group; its merchant is told again after as long."""
    ids = tuple(row.id for row in group.rows)
    longest = silent_after(store.shops.of(actor.shop_id)) or timedelta(hours=1)
    store.clock.end_silence(ids, store.now + longest)
    store.record_each(actor, "nudged", ids)
    store.emit(event(group.binding_id, ids), to=group.rows[0].factory_id)


def name_of(store: Store, binding: Binding) -> str:
    """Return what the merchant calls the factory."""
    return binding.merchant_alias or store.shops.of(binding.factory_id).name
