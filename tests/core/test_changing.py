"""One use case changes an order, whatever door the news comes through, and tells people."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlmodel import col, select

from core.changes.changing import Outcome
from core.changes.order_news import OrderNews
from core.entities import ChangeNotice
from core.errors import OrderNotFound, WrongRole
from core.imports.incoming import IncomingLine, IncomingRecipient
from core.values import Actor
from storage.store import SqlStore
from tests.core.firm import START, Firm, incoming, line, order_no
from tests.core.truth import faults

NEW = IncomingRecipient("李四", "13812345678", "浙江省", "杭州市", "西湖区", "", "文三路 1 号")


async def order_id(firm: Firm, number: int) -> int:
    return (await firm.order(number)).id or 0


async def says(firm: Firm, number: int, door: str = "chat", **said: object) -> Outcome:
    """Give one news of the nth order; return what became of it."""
    news = OrderNews(await order_id(firm, number), **said)  # type: ignore[arg-type]
    actor = Actor(firm.merchant.account_id, firm.merchant.shop_id, door)  # type: ignore[arg-type]
    [outcome] = await firm.does(firm.services.changing.change, actor, [news])
    return outcome


async def notices(firm: Firm) -> Sequence[ChangeNotice]:
    def look(store: SqlStore) -> Sequence[ChangeNotice]:
        return store.session.scalars(select(ChangeNotice).order_by(col(ChangeNotice.id))).all()

    return await firm.looks(look)


async def due(firm: Firm) -> list[int]:
    """Return the changes whose notices are due now."""

    def ask(store: SqlStore) -> list[int]:
        return [one.change_id for one in store.notices.due(9)]

    return await firm.database.write(ask)


async def test_everything_a_door_can_say_is_one_change_with_its_diffs(firm: Firm) -> None:
    await firm.imports([incoming(1)])
    [given] = await firm.assigns(1)
    done = await says(
        firm, 1, recipient=NEW, buyer_note="周末送", seller_note="易碎", held=True,
        ship_by=START + timedelta(hours=3), lines=(line(1, 2), line(1, 1, 2)), after_sale="open",
    )  # fmt: skip
    fields = {diff["field"]: diff["new"] for diff in done.diffs}
    assert done.kind == "changed"
    assert fields.keys() == {
        "recipient", "buyer_note", "seller_note", "held", "ship_by", "quantity", "line_added",
        "after_sale",
    }  # fmt: skip
    assert fields["recipient"] == "浙江省 杭州市 西湖区 ****"
    order = await firm.order(1)
    assert (order.revision, order.pieces) == (2, 3)
    assert await firm.notes(1) == ("周末送", "易碎")
    assert (order.held_at, order.after_sale, order.tab) == (START, "open", "stopped")
    assert await firm.looks(lambda s: sum(s.assignments.pieces(given).values())) == 3
    change = await firm.looks(lambda s: s.orders.changes_since(order.id or 0, START)[0])
    assert (change.source, change.account_id, change.revision) == (
        "chat", firm.merchant.account_id, 2,
    )  # fmt: skip
    assert await firm.owed("OrderChanged") == 1
    assert (await says(firm, 1, held=True, buyer_note="周末送")).kind == "known"
    assert await firm.owed("OrderChanged") == 1
    assert await firm.looks(faults) == []


async def test_of_each_change_a_factory_gets_a_notice_until_one_of_its_people_has_seen_it(
    firm: Firm,
) -> None:
    await firm.imports([incoming(1), incoming(2)])
    [one, _] = await firm.assigns(1, 2)
    await says(firm, 1, buyer_note="周末送")
    firm.watch.moves(minutes=10)
    await says(firm, 1, held=True)
    told = await notices(firm)
    assert [(each.assignment_id, each.seen_at) for each in told] == [(one, None)] * 2
    assert told[0].due_at == START + timedelta(minutes=30)
    firm.watch.moves(minutes=25)
    assert await due(firm) == [told[0].change_id]
    await firm.does(firm.services.fulfilling.acknowledge, firm.factory, one)
    seen = await notices(firm)
    assert {(each.seen_by, each.seen_at, each.due_at) for each in seen} == {
        (firm.factory.account_id, firm.watch.now, None)
    }
    order = await order_id(firm, 1)
    views = await firm.looks(lambda s: s.notices.of_order(order, 10))
    assert [(each.seen_by, each.factory_name) for each in views] == [("factory", "factory")] * 2
    assert [each.diffs[0]["field"] for each in views] == ["held", "buyer_note"]


async def test_a_notice_is_over_with_its_work_but_not_the_one_that_ended_it(firm: Firm) -> None:
    await firm.imports([incoming(1), incoming(2)])
    await firm.assigns(1, 2)
    for number in (1, 2):
        await says(firm, number, buyer_note="周末送")
    firm.watch.moves(minutes=1)
    await firm.does(firm.services.fulfilling.decline, firm.factory, 1, "price")
    await says(firm, 2, closed="cancelled")
    firm.watch.moves(minutes=40)
    assert await due(firm) == [3]


async def test_what_nobody_could_ship_by_is_refused_and_nothing_changes(firm: Firm) -> None:
    await firm.imports([incoming(1)])
    masked = IncomingRecipient("张**", "13812345678", "浙江省", "杭州市", "西湖区", "", "文三路")
    assert (await says(firm, 1, recipient=masked, buyer_note="x")).why == "recipient_incomplete"
    none = (IncomingLine(f"{order_no(1)}1", "马克杯", "", "", 0),)
    for lines in ((), none):
        assert (await says(firm, 1, lines=lines)).why == "no_lines"
    assert (await firm.order(1)).revision == 1


async def test_fewer_pieces_than_have_shipped_are_told_once_however_often_they_are_said(
    firm: Firm,
) -> None:
    await firm.imports([incoming(1, lines=(line(1, 3),))])
    [assignment] = await firm.assigns(1)
    await firm.does(firm.services.shipping.reply, firm.factory, assignment, "SF1234567890123")
    said = [await says(firm, 1, "platform", lines=(line(1, n),)) for n in (2, 2, 4, 2)]
    assert [one.kind for one in said] == ["changed", "known", "changed", "changed"]
    assert (await firm.order(1)).pieces == 3, "three are in the parcel"
    assert [diff.get("left") for one in said for diff in one.diffs] == [3, None, 3]
    assert len((await firm.imports([incoming(1, lines=(line(1, 2),))])).changed) == 0


async def test_the_same_specification_in_a_files_words_is_no_other_product(firm: Firm) -> None:
    def of(spec: str) -> tuple[IncomingLine, ...]:
        return (replace(line(1, 1), sku_spec=spec),)

    await firm.imports([incoming(1, lines=of("颜色:奶白色; 容量:500ml"))])
    for spec in ("奶白色;500ml", "颜色：奶白色 容量：500ml", "奶白色 500ml"):
        assert (await says(firm, 1, lines=of(spec))).kind == "known", spec
    for spec in ("黑色;500ml", "奶白色"):
        assert (await says(firm, 1, lines=of(spec))).kind == "changed", spec


async def test_nobody_changes_anothers_order(firm: Firm) -> None:
    await firm.imports([incoming(1)])
    other = await firm.opens("other", "merchant", 3001)
    news = [OrderNews(await order_id(firm, 1), buyer_note="x")]
    with pytest.raises(OrderNotFound):
        await firm.does(firm.services.changing.change, other, news)
    with pytest.raises(WrongRole):
        await firm.does(firm.services.changing.change, firm.factory, news)
    assert (await firm.notes(1)).buyer_note == ""


async def test_several_news_of_one_order_at_once_are_taken_one_after_another(firm: Firm) -> None:
    await firm.imports([incoming(1), incoming(2)])
    one, two = [await order_id(firm, n) for n in (1, 2)]
    news = [OrderNews(one, buyer_note="a"), OrderNews(two, buyer_note="b"),
            OrderNews(one, buyer_note="c"), OrderNews(one, buyer_note="c")]  # fmt: skip
    done = await firm.does(firm.services.changing.change, firm.merchant, news)
    assert [each.kind for each in done] == ["changed", "changed", "changed", "known"]
    assert [(await firm.notes(n)).buyer_note for n in (1, 2)] == ["c", "b"]
    assert (await firm.order(1)).revision == 3


async def test_older_news_changes_nothing_but_the_groups_it_is_newer_in(firm: Firm) -> None:
    await firm.imports([incoming(1)])
    later: datetime = START + timedelta(hours=2)
    firm.watch.moves(hours=3)
    await says(firm, 1, "platform", at=later, buyer_note="新")
    old = await says(firm, 1, "platform", at=later - timedelta(hours=1), buyer_note="旧")
    assert (old.kind, (await firm.notes(1)).buyer_note) == ("older", "新")
    both = await says(
        firm, 1, "platform", at=later - timedelta(hours=1), buyer_note="旧", seller_note="易碎"
    )
    assert [diff["field"] for diff in both.diffs] == ["seller_note"]
    before_it_came = await says(firm, 1, "platform", at=START - timedelta(hours=1), held=True)
    assert before_it_came.kind == "older"
    assert (await says(firm, 1, buyer_note="人说")).kind == "changed"  # a person's word is of now


async def test_a_file_that_says_what_it_always_said_does_not_take_back_what_was_changed_by_hand(
    firm: Firm,
) -> None:
    await firm.imports([incoming(1)])
    moved = await says(firm, 1, by_hand=True, recipient=NEW, buyer_note="周末送",
                       lines=(line(1, 3),), ship_by=START + timedelta(hours=3))  # fmt: skip
    assert moved.kind == "changed"
    again = await firm.imports([incoming(1)])
    assert (again.known, again.changed) == (1, [])
    await says(firm, 1, by_hand=True, buyer_note="工作日送")
    assert (await firm.imports([incoming(1)])).changed == []
    order = await firm.order(1)
    assert ((await firm.notes(1)).buyer_note, order.pieces) == ("工作日送", 3)
    other = await firm.imports([incoming(1, street="新华路")])
    assert [diff["field"] for diff in other.changed[0].diffs] == ["recipient"]
    # From now on its address is what files say, the old one too.
    back = await firm.imports([incoming(1)])
    assert [diff["field"] for diff in back.changed[0].diffs] == ["recipient"]


async def test_a_refund_closed_by_hand_stays_so_until_the_platform_closes_and_opens_it_again(
    firm: Firm,
) -> None:
    opened = incoming(1, after_sale="open")
    await firm.imports([incoming(1)])
    await firm.imports([opened])
    assert (await says(firm, 1, by_hand=True, after_sale="none")).kind == "changed"
    assert (await firm.imports([opened])).known == 1
    assert (await firm.order(1)).after_sale == "none"
    assert (await firm.imports([incoming(1)])).known == 1
    assert len((await firm.imports([opened])).changed) == 1
    assert (await firm.order(1)).after_sale == "open"
