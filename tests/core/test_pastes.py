"""Pastes over real tables: set-based, once, and no number silently on two people's parcels."""

import random
from collections import defaultdict

import pytest
from sqlmodel import select

from core.entities import Shipment
from core.ids import key
from core.imports.incoming import IncomingOrder
from core.shipments.entering import TooManyLines
from core.shipments.pasted import Answered, Pasted
from core.text.pasting import read_paste
from core.values import Actor
from storage.store import SqlStore
from tests.core.firm import Firm, incoming, order_no
from tests.core.truth import faults

SF = "SF{:013d}"


async def pastes(firm: Firm, text: str, origin: str = "message 1 1", within: int = 0) -> Pasted:
    def work(store: SqlStore, actor: Actor) -> Pasted:
        lines = read_paste(text)
        return firm.services.entering.paste(store, actor, lines, origin=origin, within=within)

    return await firm.does(work, firm.factory)


async def answers(firm: Firm, pasted: Pasted, *said: str) -> Pasted:
    place = pasted.asked
    assert place is not None
    answer = Answered(*said)  # type: ignore[arg-type]
    return await firm.does(
        firm.services.entering.answer, firm.factory, pasted.draft_id, place, answer
    )


async def given(firm: Firm, *orders: IncomingOrder) -> list[str]:
    """Import and assign orders 1 to n; returns their tags."""
    await firm.imports(orders)
    ids = await firm.assigns(*range(1, len(orders) + 1))
    found = await firm.looks(lambda s: {one: s.assignments.of(one) for one in ids})
    by_order = {one.order_id: one.tag for one in found.values()}
    return [by_order[key(await firm.order(n))] for n in range(1, len(orders) + 1)]


async def test_five_hundred_lines_ship_in_one_go_with_one_alert(firm: Firm) -> None:
    tags = await given(firm, *(incoming(n, quantity=1 + n % 3) for n in range(1, 501)))
    text = "\n".join(f"{tag}\t{SF.format(n)}" for n, tag in enumerate(tags))
    pasted = await pastes(firm, text)
    assert len(pasted.of("shipped")) == 500
    assert await firm.owed("OrdersShipped") == 1
    assert await firm.owed("OrderShipped") == 0
    assert await firm.looks(faults) == []
    counts = await firm.looks(lambda s: (s.counts(firm.merchant.shop_id), s.counts(2)))
    assert [one["shipped"] for one in counts] == [500, 500]
    again = await pastes(firm, text, "message 1 2")
    assert len(again.of("again")) == 500
    with pytest.raises(TooManyLines):
        await pastes(firm, text + f"\n{tags[0]} {SF.format(999)}", "message 1 3")


async def test_the_same_message_again_is_the_same_paste(firm: Firm) -> None:
    [tag] = await given(firm, incoming(1, quantity=3))
    text = f"{tag} {SF.format(1)} 1件"
    first, second = await pastes(firm, text), await pastes(firm, text)
    assert first.draft_id == second.draft_id
    assert await firm.owed("OrderShipped") == 1
    assert (await firm.order(1)).status == "part_shipped"


async def test_a_number_alone_in_answer_to_a_batch_is_asked_about_never_guessed(
    firm: Firm,
) -> None:
    a, b = await given(firm, incoming(1), incoming(2))
    draft = (await firm.looks(lambda s: s.assignments.of(1))).draft_id
    pasted = await pastes(firm, SF.format(1), within=draft or 0)
    assert not pasted.of("shipped")
    [entry] = pasted.entries
    assert sorted(one.tag for one in entry.choices) == sorted([a, b])
    chosen = next(one for one in entry.choices if one.tag == b)
    done = await answers(firm, pasted, "order", str(chosen.assignment_id))
    assert done.of("shipped")[0].tag == b
    assert await firm.looks(faults) == []


async def test_another_factorys_orders_are_not_there(firm: Firm) -> None:
    tags = await given(firm, incoming(1))
    await firm.opens("stranger", "factory", 2002)
    lines = read_paste(f"{tags[0]} {SF.format(1)}\n{order_no(1)} {SF.format(2)}\n"
                       f"{order_no(1)[-5:]} {SF.format(3)}")  # fmt: skip

    def work(store: SqlStore, actor: Actor) -> Pasted:
        return firm.services.entering.paste(store, actor, lines, origin="message 1 1")

    pasted = await firm.does(work, firm.people["stranger"])
    assert {one.reason for one in pasted.entries} == {"no_order"}


@pytest.mark.parametrize("seed", range(4))
async def test_whatever_is_pasted_no_number_reaches_two_people_unasked(
    firm: Firm, seed: int
) -> None:
    rng = random.Random(seed)
    tags = await given(firm, *(incoming(n, quantity=rng.randint(1, 3)) for n in range(1, 31)))
    numbers = [SF.format(n) for n in range(12)] + ["123456789012", "773012345678901", "SF12", ""]
    words = [*tags, *(order_no(n) for n in range(1, 31)), *(order_no(n)[-4:] for n in range(1, 31))]
    for n in range(25):
        lines = []
        for _ in range(rng.randint(1, 8)):
            parts = [
                rng.choice(words),
                rng.choice(numbers),
                rng.choice(["", "", "1件", "x2", "顺丰"]),
            ]
            rng.shuffle(parts)
            lines.append(rng.choice([" ", "\t", "，"]).join(parts))
        pasted = await pastes(firm, "\n".join(lines), f"message 1 {n}")
        while pasted.asked is not None:
            asked = pasted.entries[pasted.asked]
            said = {
                "carrier": ("carrier", "zto"),
                "order": ("order", str(asked.choices[0].assignment_id) if asked.choices else ""),
                "fix": rng.choice([("fix",), ("pass",)]),
                "pieces": ("split", rng.choice(["even", "first"])),
            }.get(asked.ask, ("pass",))
            pasted = await answers(firm, pasted, *said)
    assert await firm.looks(faults) == []
    parcels = await firm.looks(lambda s: s.session.scalars(select(Shipment)).all())
    owners = defaultdict(set)
    for parcel in parcels:
        owners[parcel.tracking_number].add(parcel.order_id)
    # Every order has a recipient of its own, and no doubt was ever waved through.
    assert parcels
    assert all(len(orders) == 1 for orders in owners.values()), owners


async def test_the_end_of_an_order_that_left_names_it_still(firm: Firm) -> None:
    """A second parcel for it is asked about: it is not an order nobody knows."""
    await given(firm, incoming(1))
    end = order_no(1)[-6:]
    await pastes(firm, f"{end} {SF.format(1)}")
    pasted = await pastes(firm, f"{end} {SF.format(2)}", origin="message 1 2")
    [entry] = pasted.entries
    assert entry.reason != "no_order"
    assert entry.order == 1


@pytest.mark.parametrize(
    ("line", "reason"), [(SF.format(1), "no_tag"), ("4801234567890123 " + SF.format(1), "no_order")]
)
async def test_a_line_that_names_no_order_says_whether_it_tried(
    firm: Firm, line: str, reason: str
) -> None:
    await given(firm, incoming(1), incoming(2))
    pasted = await pastes(firm, line)
    assert [one.reason for one in pasted.entries] == [reason]
