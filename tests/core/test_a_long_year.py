"""A seeded walk over every use case: whatever people do in whatever order, the rows agree."""

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from sqlmodel import col, func, select

from core.answers.fulfilling import DECLINE_REASONS
from core.entities import Alert, Assignment, AuditRow, Binding, Order, Shipment
from core.errors import CoreError
from core.ids import key
from core.imports.incoming import IncomingOrder, Sheet
from core.services import Services
from core.shipments.parcels import SPLITS
from core.shipments.shipping import Question
from core.text.carriers import CARRIERS
from core.values import Actor
from storage.store import SqlStore
from tests.core.firm import Firm, founded, incoming, line
from tests.core.truth import faults

STEPS = 200
ORDERS = 24
LOOK_EVERY = 4


@dataclass
class Walk:
    """Two merchants and two factories who do anything at all."""

    firm: Firm
    rng: random.Random
    tally: Counter[str] = field(default_factory=Counter)

    @property
    def s(self) -> Services:
        return self.firm.services

    def somebody(self, role: str) -> Actor:
        return self.firm.people[self.rng.choice([role, f"other {role}"])]

    async def step(self) -> str:
        """Do one random thing; return what it was and what came of it."""
        self.firm.watch.moves(minutes=self.rng.randint(1, 600))
        act = self.rng.choice(ACTS)
        try:
            await self.firm.database.write(lambda store: act(self, store))
            outcome = "done"
        except CoreError as error:
            outcome = type(error).__name__
        self.tally[f"{act.__name__}:{outcome}"] += 1
        return f"{act.__name__}: {outcome}"

    def one_of(self, store: SqlStore, entity: type[Order] | type[Assignment] | type[Shipment]
               | type[Binding]) -> int:  # fmt: skip
        """Return an id of anybody's, or one nobody has."""
        ordered = select(col(entity.id)).order_by(col(entity.id))
        ids = [one for one in store.session.scalars(ordered) if one is not None]
        found: int = self.rng.choice([*ids, 10_000])
        return found

    def any_order(self) -> IncomingOrder:
        n, rng = self.rng.randint(1, ORDERS), self.rng
        lines = tuple(line(n, rng.randint(1, 3), which) for which in range(1, rng.randint(2, 4)))
        return incoming(
            n,
            lines=lines,
            street=rng.choice(["示例路", "新华路"]),
            name=rng.choice(["张三丰", "张三丰", "张**"]),
            note=rng.choice(["", "", "周末送"]),
            status=rng.choice(["to_ship"] * 8 + ["unpaid", "shipped", "closed"]),  # type: ignore[arg-type]
            after_sale=rng.choice(["none"] * 8 + ["open", "refunded"]),  # type: ignore[arg-type]
            hours=rng.choice([24, 48]),
        )


def imports(walk: Walk, store: SqlStore) -> None:
    actor = walk.somebody("merchant")
    orders = {one.order_no: one for one in (walk.any_order() for _ in range(4))}
    sheet = Sheet("doudian", tuple(orders.values()), ())
    draft_id = walk.s.importing.keep(store, actor, sheet, "a.xlsx", (1, 1))
    walk.s.importing.confirm(store, actor, draft_id)


def binds(walk: Walk, store: SqlStore) -> None:
    number = walk.firm.numbers[walk.rng.choice(["factory", "other factory"])]
    view = walk.s.bindings.request(store, walk.somebody("merchant"), number)
    factory = next(one for one in walk.firm.people.values() if one.shop_id == key(view.other))
    walk.s.bindings.confirm(store, factory, key(view.binding))


def answers(walk: Walk, store: SqlStore) -> None:
    act = walk.rng.choice([walk.s.bindings.confirm, walk.s.bindings.refuse])
    act(store, walk.somebody("factory"), walk.one_of(store, Binding))


def unbinds(walk: Walk, store: SqlStore) -> None:
    if walk.rng.random() < 0.6:
        return
    who = walk.somebody(walk.rng.choice(["merchant", "factory"]))
    back = walk.rng.random() < 0.5
    walk.s.bindings.unbind(store, who, walk.one_of(store, Binding), back=back)


def assigns(walk: Walk, store: SqlStore) -> None:
    actor = walk.somebody("merchant")
    factory = walk.firm.people[walk.rng.choice(["factory", "other factory"])]
    if walk.rng.random() < 0.5:
        chosen = walk.s.assigning.take_all(store, actor)
    else:
        walk.s.assigning.tick(store, actor, walk.one_of(store, Order))
        chosen = walk.s.assigning.selection(store, actor)
    run = walk.s.assigning.dry_run(store, actor, chosen.draft_id, factory.shop_id)
    store.flush()
    if walk.rng.random() < 0.3:
        imports(walk, store)
    walk.s.assigning.confirm(store, actor, run.draft_id)


def recalls(walk: Walk, store: SqlStore) -> None:
    walk.s.recalling.one(store, walk.somebody("merchant"), walk.one_of(store, Assignment))


def recalls_a_batch(walk: Walk, store: SqlStore) -> None:
    walk.s.recalling.batch(store, walk.somebody("merchant"), draft_of_any(walk, store))


def accepts(walk: Walk, store: SqlStore) -> None:
    walk.s.fulfilling.accept(store, walk.somebody("factory"), walk.one_of(store, Assignment))


def draft_of_any(walk: Walk, store: SqlStore) -> int:
    given = store.assignments.get(walk.one_of(store, Assignment))
    return given.draft_id if given and given.draft_id else 10_000


def ticks(walk: Walk, store: SqlStore) -> None:
    who = walk.somebody("factory")
    page = walk.s.batches.choice(store, who, 0).page
    some = [row.id for row in page.rows if walk.rng.random() < 0.7]
    walk.s.batches.tick(store, who, some)


def accepts_many(walk: Walk, store: SqlStore) -> None:
    who, of = walk.somebody("factory"), walk.rng.choice(["batch", "ticked"])
    walk.s.batches.accept(store, who, of, draft_of_any(walk, store))


def declines_many(walk: Walk, store: SqlStore) -> None:
    who, of = walk.somebody("factory"), walk.rng.choice(["batch", "ticked", "ticked"])
    if walk.rng.random() < 0.5:
        walk.s.batches.decline(store, who, of, draft_of_any(walk, store), "price")


def declines(walk: Walk, store: SqlStore) -> None:
    given, reason = walk.one_of(store, Assignment), walk.rng.choice(DECLINE_REASONS)
    walk.s.fulfilling.decline(store, walk.somebody("factory"), given, reason)


def acknowledges(walk: Walk, store: SqlStore) -> None:
    walk.s.fulfilling.acknowledge(store, walk.somebody("factory"), walk.one_of(store, Assignment))


def looks(walk: Walk, store: SqlStore) -> None:
    where = (1, 2001, walk.rng.randint(1, 10**9))
    walk.s.looking.look(store, walk.somebody("factory"), walk.one_of(store, Assignment), where)


def ships(walk: Walk, store: SqlStore) -> None:
    who, given = walk.somebody("factory"), walk.one_of(store, Assignment)
    mine = select(Assignment).where(
        col(Assignment.ended_at).is_(None), col(Assignment.factory_id) == who.shop_id
    )
    open_now = store.session.scalars(mine.order_by(col(Assignment.id))).all()
    if open_now and walk.rng.random() < 0.5:
        given = key(walk.rng.choice(open_now))
    numbers = [f"SF{walk.rng.randint(10**12, 10**13 - 1)}" for _ in range(walk.rng.randint(1, 2))]
    if walk.rng.random() < 0.3:
        numbers[0] = walk.rng.choice([str(walk.rng.randint(10**11, 10**12 - 1)), "哪个"])
    if walk.rng.random() < 0.4:
        numbers[-1] += f" x{walk.rng.randint(1, 2)}"
    done = walk.s.shipping.reply(store, who, given, "\n".join(numbers))
    while isinstance(done, Question) and walk.rng.random() < 0.8:
        act = walk.s.shipping
        if done.kind == "pieces":
            done = act.split(store, who, done.draft_id, walk.rng.choice(SPLITS))
        elif done.kind != "carrier":
            done = act.insist(store, who, done.draft_id, done.index)
        else:
            done = act.choose(store, who, done.draft_id, done.index, next(iter(CARRIERS)))
    walk.tally["part shipped"] += not isinstance(done, Question) and done.left > 0


def combines(walk: Walk, store: SqlStore) -> None:
    act, who, parcel = walk.s.combining, walk.somebody("factory"), walk.one_of(store, Shipment)
    act.combine(store, who, parcel, act.waiting(store, who, parcel).mark)


def corrects(walk: Walk, store: SqlStore) -> None:
    number = f"SF{walk.rng.randint(10**12, 10**13 - 1)}"
    walk.s.shipping.correct(store, walk.somebody("factory"), walk.one_of(store, Shipment), number)


def time_passes(walk: Walk, store: SqlStore) -> None:
    walk.s.bindings.expire(store)
    store.drafts.drop_older(store.now - timedelta(hours=24))


Act = Callable[[Walk, SqlStore], None]
ACTS: tuple[Act, ...] = (
    imports, imports, imports, binds, binds, answers, unbinds, assigns, assigns, assigns, recalls,
    recalls_a_batch, accepts, accepts, ticks, accepts_many, declines_many, declines, acknowledges,
    looks, ships, ships, ships, corrects, combines, time_passes,
)  # fmt: skip


async def test_whatever_people_do_the_rows_agree(tmp_path: Path) -> None:
    tally: Counter[str] = Counter()
    for seed in (1, 2):
        (tmp_path / str(seed)).mkdir()
        tally += await a_year(tmp_path / str(seed), seed)
    assert tally["part shipped"], tally
    # The walks are no stroll: the main deeds all happened, and were refused too.
    for act in (
        "imports", "binds", "assigns", "accepts", "ships", "declines", "recalls", "ticks",
        "accepts_many", "declines_many", "recalls_a_batch",
    ):  # fmt: skip
        assert tally[f"{act}:done"], (act, tally)
    refusals = [one for one in tally if not one.endswith(":done")]
    assert len(refusals) >= 10, tally


async def a_year(folder: Path, seed: int) -> Counter[str]:
    """Let them do anything; return what they did, and what came of it."""
    async with founded(folder) as firm:
        await firm.opens("other merchant", "merchant", 1002)
        await firm.opens("other factory", "factory", 2002)
        walk, path = Walk(firm, random.Random(seed)), []
        for _ in range(STEPS):
            path.append(await walk.step())
            if len(path) % LOOK_EVERY == 0:
                broken = await firm.looks(faults)
                assert not broken, (seed, broken, path[-2 * LOOK_EVERY :])
        assert await firm.looks(everything_is_on_record) == []
        return walk.tally


def everything_is_on_record(store: SqlStore) -> list[str]:
    """Return what happened without its audit row or its alert."""
    broken = []
    acts = Counter(store.session.scalars(select(col(AuditRow.act))))
    alerts = Counter(store.session.scalars(select(col(Alert.event))))
    total = store.session.scalar(select(func.count(col(Assignment.id)))) or 0
    states = Counter(store.session.scalars(select(col(Assignment.status))))
    replies = len(set(store.session.execute(select(Shipment.assignment_id, Shipment.shipped_at))))
    for what, rows, kept in (
        ("assigned", acts["assigned"], total),
        ("assigned alerts", alerts["OrderAssigned"] + in_digests(store), total),
        ("shipped", acts["shipped"], replies),
        ("shipped alerts", alerts["OrderShipped"], replies),
        ("declined", acts["declined"], states["declined"]),
        (
            "declined alerts",
            alerts["OrderDeclined"] + counted(store, "OrdersDeclined"),
            states["declined"],
        ),
        ("recalled", acts["recalled"], states["recalled"]),
        ("corrected", acts["corrected"], alerts["ShipmentCorrected"]),
    ):
        if rows != kept:
            broken.append(f"{what}: {rows} on record, {kept} happened")
    return broken


def payloads(store: SqlStore, event: str) -> list[dict[str, int]]:
    return list(store.session.scalars(select(col(Alert.payload)).where(col(Alert.event) == event)))


def counted(store: SqlStore, event: str) -> int:
    """Return how many orders the alerts of that event speak of."""
    return sum(one["count"] for one in payloads(store, event))


def in_digests(store: SqlStore) -> int:
    """Return how many orders were given in a batch told at once."""
    digests = payloads(store, "OrdersAssigned")
    return sum(len(store.assignments.made_by(one["draft_id"])) for one in digests)
