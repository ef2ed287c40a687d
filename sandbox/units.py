"""Assignment of units to factories: given, taken back, and the bindings that allow it."""

from sandbox.orders import ASSIGNED, CANCELLED, Unit
from sandbox.telling import tell_unit
from sandbox.world import World

PENDING, BOUND, REFUSED, UNBOUND, UNBINDING = 1, 2, 3, 4, 5


def bound(world: World, merchant: int, factory: int) -> bool:
    """An unbinding that waits for consent still binds."""
    row = world.database.row(
        "SELECT status FROM bindings WHERE merchant = ? AND factory = ?", merchant, factory
    )
    return row is not None and row["status"] in (BOUND, UNBINDING)


def set_binding(world: World, merchant: int, factory: int, status: int) -> None:
    """Applied, agreed, refused, unbound: each at its time."""
    now = world.ms()
    world.database.run(
        "INSERT INTO bindings VALUES(?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO UPDATE SET "
        "status = ?3, applied = CASE WHEN ?3 = 1 THEN ?4 ELSE applied END, "
        "bound = CASE WHEN ?3 = 2 THEN ?4 ELSE bound END, "
        "refused = CASE WHEN ?3 = 3 THEN ?4 ELSE refused END",
        merchant,
        factory,
        status,
        now,
        now if status == BOUND else 0,
        now if status == REFUSED else 0,
    )


def assign(world: World, unit: Unit, factory: int) -> None:
    now = world.ms()
    world.database.run(
        "UPDATE units SET status = ?, factory = ?, assigned = ?, updated = ?, reason = '' "
        "WHERE id = ?",
        ASSIGNED,
        factory,
        now,
        now,
        unit.id,
    )
    unit.factory = factory
    tell_unit(world, unit, "assigned")


def unassign(world: World, unit: Unit, reason: str) -> None:
    """The factory is told; a unit that is not with a factory stays as it is."""
    if unit.status != ASSIGNED:
        return
    world.database.run(
        "UPDATE units SET status = ?, updated = ?, reason = ? WHERE id = ?",
        CANCELLED,
        world.ms(),
        reason,
        unit.id,
    )
    tell_unit(world, unit, "unassigned")
