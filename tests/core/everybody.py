"""Merchants, factories, orders and parcels in a state machine; what must hold after every act.

`test_whatever_happens` adds what changes and who is late, and walks it.
"""

import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from hypothesis import note
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    rule,
)
from sqlmodel import col, func, select

from core.answers.fulfilling import DECLINE_REASONS
from core.entities import Assignment, ImportDraft, Role, Shipment
from core.errors import CoreError
from core.ids import key
from core.imports.incoming import IncomingOrder, Sheet
from core.services import Services
from core.shipments.parcels import SPLITS, Split
from core.shipments.shipping import Question
from core.text.pasting import read_paste
from core.values import Actor, Rules
from storage.keyring import Keyring
from storage.migrate import upgrade
from storage.sealing import Sealer
from storage.sqlite import Desk
from storage.store import SqlStore, store_maker
from tests.core.firm import SHIP_FROM, Watch, incoming, line, order_no
from tests.core.stood import NEW, judge_parcels, orders_now
from tests.core.truth import faults

ORDERS = 5
MERCHANTS, FACTORIES = ("merchant", "other merchant"), ("factory", "other factory")

numbers = st.integers(1, ORDERS)
merchants = st.sampled_from(MERCHANTS)
factories = st.sampled_from(FACTORIES)


@st.composite
def an_order(draw: st.DrawFn) -> IncomingOrder:
    """Draw an order as a file may bring it, the first time or again."""
    n = draw(numbers)
    quantities = draw(st.lists(st.integers(1, 3), min_size=1, max_size=2))
    return at_one_address(
        n,
        lines=tuple(line(n, quantity, which) for which, quantity in enumerate(quantities, 1)),
        street=draw(st.sampled_from(["示例路", "新华路"])),
        note=draw(st.sampled_from(["", "周末送"])),
        status=draw(st.sampled_from(["to_ship"] * 6 + ["shipped", "closed"])),
        after_sale=draw(st.sampled_from(["none"] * 5 + ["open", "refunded"])),
        hours=draw(st.sampled_from([24, 48])),
    )


orders = an_order()


def at_one_address(n: int, **said: Any) -> IncomingOrder:
    """Return the nth order; all go to one recipient, so that parcels can be combined."""
    return replace(incoming(n, **said), recipient=incoming(1, street=said["street"]).recipient)


def number_of(order: IncomingOrder) -> str:
    return order.order_no


class Town:
    """Two merchants bound to two factories, each with three orders, two of them assigned.

    It is made once and copied.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / "town.sqlite3"
        self.sealer = Sealer(Keyring.load_or_create(folder / "keys.json"))
        self.services = Services(Rules())
        self.people: dict[str, Actor] = {}
        upgrade(self.path)
        desk = Desk(self.path, store_maker(self.sealer, Watch()), writes=True)
        desk.visit(self._settle)
        desk.close()

    def _settle(self, store: SqlStore) -> None:
        shops = {}
        for place, name in enumerate((*MERCHANTS, *FACTORIES)):
            account = self.services.accounts.meet(store, 1001 + place, name)
            role: Role = "merchant" if name in MERCHANTS else "factory"
            shop = self.services.shops.open(store, key(account), role, name, SHIP_FROM)
            self.people[name], shops[name] = Actor(key(account), key(shop)), shop.number
        for merchant in MERCHANTS:
            for factory in FACTORIES:
                bindings = self.services.bindings
                view = bindings.request(store, self.people[merchant], shops[factory])
                bindings.confirm(store, self.people[factory], key(view.binding))
        self.numbers = shops
        some = [
            at_one_address(n, street="示例路", lines=(line(n, 2), line(n, 1, 2))) for n in (1, 2, 3)
        ]
        for merchant in MERCHANTS:
            self.brings(store, merchant, some)
            names = [order_no(1), order_no(2)]
            self.services.assigning.direct(store, self.people[merchant], names, shops["factory"])

    def brings(self, store: SqlStore, who: str, orders: Sequence[IncomingOrder]) -> None:
        """Import a file of these orders."""
        importing, actor = self.services.importing, self.people[who]
        kept = importing.keep(store, actor, Sheet("doudian", tuple(orders), ()), "a.xlsx", (1, 1))
        importing.confirm(store, actor, kept)


@cache
def town() -> Town:
    return Town(Path(tempfile.mkdtemp(prefix="town")))


DEEDS = [
    "imports", "assigns", "recalls", "accepts", "acknowledges", "declines", "looks", "ships",
    "pastes", "combines", "corrects", "accepts a batch", "declines a batch", "gives a gift",
    "undoes an import", "unbinds", "binds again",
]  # fmt: skip
DONE: Counter[str] = Counter()


class NothingThere(Exception):
    """What a rule would act on does not exist yet."""


class Pick(NamedTuple):
    """Which of the assignments, and the stranger who acts on it where it is not its own shop."""

    which: int
    stranger: str


picks = st.builds(Pick, st.integers(0, 30), st.sampled_from([*[""] * 12, *MERCHANTS, *FACTORIES]))


class Everybody(RuleBasedStateMachine):
    """Anybody does anything; a refused act leaves nothing behind."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="everybody"))
        path = self.folder / "daifa.sqlite3"
        shutil.copyfile(town().path, path)
        self.watch, self.s, self.people = Watch(), town().services, town().people
        self.desk = Desk(path, store_maker(town().sealer, self.watch), writes=True)
        self.parcels = 0
        self.now = self.desk.visit(orders_now)

    def teardown(self) -> None:
        self.desk.close()
        shutil.rmtree(self.folder)

    def does(self, deed: str, act: Callable[[SqlStore], Any]) -> None:
        """Do it in one visit; the promises about an act are held against what it left."""
        self.watch.moves(minutes=7)
        try:
            self.desk.visit(act)
        except (CoreError, NothingThere) as refused:
            note(f"{deed} refused: {type(refused).__name__}")
        else:
            DONE[deed] += 1
            broken = self.desk.visit(faults)
            assert not broken, broken
        before, self.now = self.now, self.desk.visit(orders_now)
        for order_id, now in self.now.items():
            was = before.get(order_id, NEW)
            assert now.state == was.state or now.rows > was.rows, f"{was} → {now}: no history"
            judge_parcels(deed, was, now)

    def chosen(self, store: SqlStore, pick: Pick, role: Role = "factory") -> tuple[Actor, int]:
        """Return somebody and an assignment: mostly an open one of theirs, sometimes anybody's."""
        rows = store.session.scalars(select(Assignment).order_by(col(Assignment.id))).all()
        some = [one for one in rows if one.ended_at is None] if pick.which % 3 else rows
        if not some:
            raise NothingThere
        one = some[pick.which % len(some)]
        shop_id = one.factory_id if role == "factory" else one.merchant_id
        own = next(actor for actor in self.people.values() if actor.shop_id == shop_id)
        return self.people[pick.stranger] if pick.stranger else own, key(one)

    @rule(who=merchants, orders=st.lists(orders, min_size=1, max_size=4, unique_by=number_of))
    def imports(self, who: str, orders: Sequence[IncomingOrder]) -> None:
        self.does("imports", lambda store: town().brings(store, who, orders))

    @rule(who=merchants, factory=factories, orders=st.lists(numbers, min_size=1, unique=True))
    def assigns(self, who: str, factory: str, orders: Sequence[int]) -> None:
        names, number = [order_no(one) for one in orders], town().numbers[factory]
        direct = self.s.assigning.direct
        self.does("assigns", lambda store: direct(store, self.people[who], names, number))

    def order(self, store: SqlStore, who: str, n: int) -> int:
        """Return the merchant's nth order."""
        found = store.orders.find(self.people[who].shop_id, order_no(n))
        if not found:
            raise NothingThere
        return key(found[0])

    @rule(pick=picks)
    def recalls(self, pick: Pick) -> None:
        one = self.s.recalling.one
        self.does("recalls", lambda store: one(store, *self.chosen(store, pick, "merchant")))

    @rule(pick=picks)
    def accepts(self, pick: Pick) -> None:
        accept = self.s.fulfilling.accept
        self.does("accepts", lambda store: accept(store, *self.chosen(store, pick)))

    @rule(pick=picks, yes=st.booleans(), reason=st.sampled_from(DECLINE_REASONS))
    def answers_a_batch(self, pick: Pick, yes: bool, reason: str) -> None:
        batches = self.s.batches

        def work(store: SqlStore) -> None:
            who, given = self.chosen(store, pick)
            draft = store.assignments.of(given).draft_id or 0
            if yes:
                batches.accept(store, who, "batch", draft)
            else:
                batches.decline(store, who, "batch", draft, reason)

        self.does("accepts a batch" if yes else "declines a batch", work)

    @rule(who=merchants, factory=factories, n=numbers)
    def gives_a_gift(self, who: str, factory: str, n: int) -> None:
        """The same once more, beside the order; never of the order's own pieces."""
        extras, actor, to = self.s.extras, self.people[who], self.people[factory].shop_id

        def work(store: SqlStore) -> None:
            order_id = self.order(store, who, n)
            extras.begin(store, actor, order_id, "gift")
            extras.send(store, actor, to, extras.take_same(store, actor, order_id, "gift").mark)

        self.does("gives a gift", work)

    @rule(who=merchants, orders=st.lists(orders, min_size=1, max_size=4, unique_by=number_of))
    def undoes_an_import(self, who: str, orders: Sequence[IncomingOrder]) -> None:
        self.imports(who, orders)
        actor, newest = self.people[who], select(func.max(col(ImportDraft.id)))

        def work(store: SqlStore) -> None:
            mine = newest.where(col(ImportDraft.shop_id) == actor.shop_id)
            self.s.undoing.undo(store, actor, store.session.scalars(mine).one())

        self.does("undoes an import", work)

    @rule(who=merchants, factory=factories, back=st.booleans(), again=st.sampled_from([1, 1, 0]),
          by=st.sampled_from(["merchant", "factory"]))  # fmt: skip
    def parts(self, who: str, factory: str, back: bool, again: int, by: str) -> None:
        """They part, mostly not for long: so there is always somebody to give orders to."""
        merchant, maker, bindings = self.people[who], self.people[factory], self.s.bindings

        def unbinds(store: SqlStore) -> None:
            bound = store.bindings.bound(merchant.shop_id, maker.shop_id)
            actor = merchant if by == "merchant" else maker
            bindings.unbind(store, actor, key(bound) if bound else 0, back=back)

        def binds(store: SqlStore) -> None:
            view = bindings.request(store, merchant, town().numbers[factory])
            bindings.confirm(store, maker, key(view.binding))

        self.does("unbinds", unbinds)
        if again:
            self.does("binds again", binds)

    @rule(pick=picks)
    def acknowledges(self, pick: Pick) -> None:
        acknowledge = self.s.fulfilling.acknowledge
        self.does("acknowledges", lambda store: acknowledge(store, *self.chosen(store, pick)))

    @rule(pick=picks, reason=st.sampled_from(DECLINE_REASONS))
    def declines(self, pick: Pick, reason: str) -> None:
        decline = self.s.fulfilling.decline
        self.does("declines", lambda store: decline(store, *self.chosen(store, pick), reason))

    @rule(pick=picks)
    def looks(self, pick: Pick) -> None:
        self.parcels += 1
        where = (1, 2001, self.parcels)
        look = self.s.looking.look
        self.does("looks", lambda store: look(store, *self.chosen(store, pick), where))

    @rule(pick=picks, pieces=st.sampled_from(["", "", " x1", " x2"]), parcels=st.integers(1, 2),
          split=st.sampled_from(SPLITS))  # fmt: skip
    def ships(self, pick: Pick, pieces: str, parcels: int, split: Split) -> None:
        said = "\n".join(self.number() + pieces for _ in range(parcels))

        def work(store: SqlStore) -> None:
            who, given = self.chosen(store, pick)
            done = self.s.shipping.reply(store, who, given, said)
            if isinstance(done, Question) and done.kind == "pieces":
                self.s.shipping.split(store, who, done.draft_id, split)

        self.does("ships", work)

    @rule(who=factories, orders=st.lists(numbers, min_size=1, unique=True))
    def pastes(self, who: str, orders: Sequence[int]) -> None:
        text = "\n".join(f"{order_no(one)} {self.number()}" for one in orders)
        lines, origin = read_paste(text), f"message 1 {self.parcels}"
        paste = self.s.entering.paste
        self.does("pastes", lambda store: paste(store, self.people[who], lines, origin=origin))

    @rule(who=factories, which=st.integers(0, 20))
    def combines(self, who: str, which: int) -> None:
        self.ships(Pick(which, ""), "", 1, "first")
        act, actor = self.s.combining, self.people[who]

        def work(store: SqlStore) -> object:
            one = parcel(store, which)
            return act.combine(store, actor, one, act.waiting(store, actor, one).mark)

        self.does("combines", work)

    @rule(who=factories, which=st.integers(0, 20))
    def corrects(self, who: str, which: int) -> None:
        if not self.desk.visit(
            lambda store: store.session.scalar(select(func.count(col(Shipment.id))))
        ):
            self.ships(Pick(which, ""), "", 1, "first")
        correct, number = self.s.shipping.correct, self.number()
        self.does(
            "corrects",
            lambda store: correct(store, self.people[who], parcel(store, which), number),
        )

    @rule(hours=st.integers(1, 30))
    def time_passes(self, hours: int) -> None:
        self.watch.moves(hours=hours)

    def number(self) -> str:
        self.parcels += 1
        return f"SF{10**12 + self.parcels}"


def parcel(store: SqlStore, which: int) -> int:
    """Return a parcel there is, anybody's."""
    ids = store.session.scalars(select(Shipment).order_by(col(Shipment.id))).all()
    if not ids:
        raise NothingThere
    return key(ids[which % len(ids)])
