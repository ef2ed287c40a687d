"""What must hold whatever is done: signing of any JSON, sealing, and the books of an order."""

import json
import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from sandbox import acts, making, orders, refunds, sealing, units
from sandbox.config import Config
from sandbox.doudian.signing import canonical
from sandbox.doudian.words import CARRIERS, fits, new_number
from sandbox.errors import ControlError
from sandbox.kuaishou import words as kuaishou
from sandbox.world import World
from tests.sandbox.conftest import FACTORY, MERCHANT
from tests.sandbox.signed import sorted_json

JSON = some.recursive(
    some.none() | some.booleans() | some.integers() | some.text(max_size=8),
    lambda inner: some.lists(inner, max_size=4) | some.dictionaries(some.text(), inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=40)
@given(some.dictionaries(some.text(), JSON, max_size=4))
def test_sorted_compact_json_is_its_own_canonical_form(params: dict[str, Any]) -> None:
    text = sorted_json(params)
    assert canonical(text) == text
    assert canonical(json.dumps(params)) == text  # spaces and escapes do not survive


@pytest.mark.parametrize(
    "text", ['{"a":1.0}', '{"a":1e5}', '{"a":-0}', '{"a":12345678901234567890}']
)
def test_numbers_stay_as_they_were_written(text: str) -> None:
    assert canonical(text) == text


@settings(max_examples=40)
@given(some.text(min_size=1), some.sampled_from([sealing.NAME, sealing.PHONE, sealing.ADDRESS]))
def test_a_ciphertext_opens_under_its_own_order_alone(text: str, data_type: int) -> None:
    sealed = sealing.seal("695", data_type, text)
    assert sealing.unseal("695", sealed) == (data_type, text)
    assert sealing.unseal("696", sealed) is None
    assert sealing.unseal("695", sealed[:-4] + "#") is None
    assert text not in sealed or len(text) < 3


def test_every_number_drawn_is_one_its_carrier_could_issue() -> None:
    for n in (1, 9_999_999):
        assert all(fits(code, new_number(code, n)) for _, code, _, _ in CARRIERS)
        assert all(kuaishou.fits(code, kuaishou.new_number(code, n)) for code in kuaishou.CARRIERS)


@pytest.mark.parametrize("seed", range(6))
def test_whatever_is_done_the_books_of_an_order_agree(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    ticking = iter(range(1_700_000_000, 1_800_000_000))
    config = Config(state=tmp_path / "s.sqlite3", clock=lambda: float(next(ticking)))
    world = World(config)
    ids = making.create(world, making.NewOrders(shop=MERCHANT, count=10, paid=bool(seed % 2)))
    done = 0
    for _ in range(150):
        order_id = chance.choice(ids)
        try:
            with world.transaction():
                _something(world, order_id, chance)
            done += 1
        except ControlError:
            pass  # the order's state forbids it
        _agree(world, order_id)
    assert done > 25
    world.close()


def _something(world: World, order_id: str, chance: random.Random) -> None:
    buyer = making.NewBuyer(
        name="赵一鸣", phone="13800000002", areas=("省", "市", "区", "街"), detail="1 号"
    )
    order = acts.order_of(world, order_id)
    line = chance.choice(order.lines)
    choices = [
        lambda: acts.pay(world, order_id),
        lambda: acts.change_address(world, order_id, buyer),
        lambda: acts.remark(world, order_id, "加急"),
        lambda: acts.change_amount(world, order_id, -1),
        lambda: acts.cancel(world, order_id, "拍错了"),
        lambda: acts.finish(world, order_id),
        lambda: refunds.refund(world, order_id, "open", line.id),
        lambda: refunds.refund(world, order_id, "agree", line.id),
        lambda: refunds.refund(world, order_id, "refuse"),
        lambda: _ship(world, order, line, chance),
        lambda: _ship(world, order, line, chance),
        lambda: _assign(world, order_id, chance),
        lambda: _assign(world, order_id, chance),
    ]
    chance.choice(choices)()


def _ship(world: World, order: orders.Order, line: orders.Line, chance: random.Random) -> None:
    if order.status not in acts.OPEN_STATES or not line.left:
        raise ControlError("nothing to ship")
    pack = ("yuantong", "YT1234567890123", {line.id: chance.randint(1, line.left)})
    acts.ship(world, order, [pack], None)


def _assign(world: World, order_id: str, chance: random.Random) -> None:
    unit = chance.choice(orders.units_of(world.database, order_id))
    if unit.status == orders.ASSIGNED:
        units.unassign(world, unit, "换厂家")
    elif unit.order.status in acts.OPEN_STATES and unit.left:
        units.assign(world, unit, FACTORY)
    else:
        raise ControlError("nothing to assign")


def _agree(world: World, order_id: str) -> None:
    order = acts.order_of(world, order_id)
    for line in order.lines:
        sent = sum(parcel.items.get(line.id, 0) for parcel in order.parcels)
        assert line.shipped == sent <= line.count
    if order.status in ("unpaid", "paid"):
        assert order.parcels == []
    if order.status == "part_shipped":
        assert any(line.left for line in order.lines)
    if order.status in ("shipped", "done"):
        assert not any(line.left for line in order.lines)
        assert order.parcels
    assert (order.finished > 0) == (order.status in ("closed", "done"))
    for unit in orders.units_of(world.database, order_id):
        assert unit.updated >= order.updated
        if unit.status == orders.ASSIGNED:
            assert order.status in acts.OPEN_STATES
            assert unit.left
