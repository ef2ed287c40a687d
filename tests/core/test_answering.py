"""The two sides of an order answer each other: told once, in every state, by nobody else."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlmodel import col, select

from core.answers.answer_errors import (
    AnsweredAlready,
    DayNotAhead,
    DayTooFar,
    DayUnclear,
    OwnQuestion,
    QuestionNotFound,
    QuestionTooLate,
)
from core.answers.asking import QUESTION_LIMIT
from core.entities import Alert, AuditRow
from core.errors import (
    AssignmentNotFound,
    CoreError,
    DraftNotFound,
    NameMissing,
    NotRecallable,
    OrderStopped,
    TextTooLong,
    WrongRole,
)
from core.text.days_ahead import read_day
from storage.store import SqlStore
from tests.core.firm import Firm, incoming, order_no
from tests.core.test_batches import batch, ships, statuses, told
from tests.core.truth import faults

TODAY = date(2026, 3, 2)  # a Monday; `firm.START` is nine in the morning of it
SECRET = "张三丰 13912345678 的杯子要蓝色吗"


async def one(firm: Firm) -> int:
    await firm.imports([incoming(1, quantity=2)])
    [given] = await firm.assigns(1)
    return given


async def acts(firm: Firm, number: int = 1) -> list[str]:
    """Return what stands in the order's history, oldest first."""
    order = await firm.order(number)
    rows = await firm.looks(lambda store: store.history(order.id or 0))
    return [row.act for row in rows]


@pytest.mark.parametrize(
    ("said", "day", "why"),
    [
        ("明天", date(2026, 3, 3), ""),
        ("大后天 模具坏了", date(2026, 3, 5), "模具坏了"),
        ("３天内", date(2026, 3, 5), ""),
        ("10天后，原料没到", date(2026, 3, 12), "原料没到"),
        ("3 days mould", date(2026, 3, 5), "mould"),
        ("周五", date(2026, 3, 6), ""),
        ("周一", date(2026, 3, 9), ""),
        ("下周三", date(2026, 3, 11), ""),
        ("3-12 等釉料", date(2026, 3, 12), "等釉料"),
        ("3月12日", date(2026, 3, 12), ""),
        ("2026/03/12", date(2026, 3, 12), ""),
        ("12号", date(2026, 3, 12), ""),
        ("1号", date(2026, 4, 1), ""),
        ("3-1", date(2026, 3, 1), ""),  # just past: read, then refused as not ahead
    ],
)
def test_a_day_is_read_as_factories_write_it(said: str, day: date, why: str) -> None:
    assert read_day(said, TODAY) == (day, why)


def test_a_day_early_in_the_year_is_of_the_next_one_when_written_in_december() -> None:
    assert read_day("1-5", date(2026, 12, 20))[0] == date(2027, 1, 5)


async def hoped_for(firm: Firm) -> list[object]:
    """Let the clock look; return whose goods were hoped for, of every message there ever was."""
    await firm.database.write(lambda store: firm.services.timing.tell_due(store, 100))
    return [one["holds"] for one in await told(firm, "FellDue") if one["holds"]]


@pytest.mark.parametrize("said", ["", "尽快", "2-30", "13月1日", "等通知", "明年", "31号 2月"])
def test_what_begins_with_no_day_is_said_to_be_unclear(said: str) -> None:
    with pytest.raises(DayUnclear):
        read_day(said, date(2026, 4, 2) if "31" in said else TODAY)


async def test_held_orders_are_told_agreed_to_reminded_once_and_gone_on_with(firm: Firm) -> None:
    given, holding = await one(firm), firm.services.holding
    await firm.does(holding.hold, firm.factory, given, "3-5 釉料没到")
    await firm.does(holding.hold, firm.factory, given, "3-5 釉料没到")
    held = await firm.assignment(given)
    assert (held.status, held.held_reason) == ("held", "釉料没到")
    assert held.held_until == datetime(2026, 3, 4, 16, tzinfo=UTC)  # the 5th begins in China
    assert await told(firm, "OrderHeld") == [{"assignment_id": given}]
    for _ in range(2):
        await firm.does(holding.agree, firm.merchant, given)
    assert await told(firm, "HoldAgreed") == [{"assignment_id": given}]
    assert await hoped_for(firm) == []
    firm.watch.moves(days=3, hours=-1)
    assert await hoped_for(firm) == []  # the day is there, but it is eight
    firm.watch.moves(hours=1)
    assert await hoped_for(firm) == [[given]] * 2  # both sides
    assert await hoped_for(firm) == [[given]] * 2
    for _ in range(2):
        await firm.does(holding.resume, firm.factory, given)
    assert await told(firm, "HoldOver") == [{"assignment_id": given}]
    assert (await firm.assignment(given)).status == "accepted"
    answers = [act for act in await acts(firm) if act == "goods_awaited" or "hold_" in act]
    assert answers == ["goods_awaited", "hold_agreed", "hold_due", "hold_over"]
    trail = await firm.looks(lambda store: store.history(1))
    assert {row.detail["assignment"] for row in trail if row.act in answers} == {given}
    assert await firm.looks(faults) == []


async def test_another_day_is_told_anew_and_must_be_agreed_to_anew(firm: Firm) -> None:
    given, holding = await one(firm), firm.services.holding
    await firm.does(holding.hold_days, firm.factory, given, 2)
    await firm.does(holding.agree, firm.merchant, given)
    await firm.does(holding.hold_days, firm.factory, given, 5)
    held = await firm.assignment(given)
    assert held.held_agreed_at is None
    assert held.held_until == datetime(2026, 3, 6, 16, tzinfo=UTC)
    assert await firm.owed("OrderHeld") == 2


async def test_what_was_shipped_or_taken_back_is_not_reminded_of(firm: Firm) -> None:
    _, given = await batch(firm, 1, 2, 3)
    for each in given:
        await firm.does(firm.services.holding.hold_days, firm.factory, each, 1)
    await ships(firm, given[0])
    await firm.does(firm.services.recalling.one, firm.merchant, given[1])
    firm.watch.moves(days=1)
    assert await hoped_for(firm) == [[given[2]]] * 2
    assert await firm.looks(faults) == []


async def test_many_orders_of_one_day_are_one_reminder_a_side(firm: Firm) -> None:
    _, given = await batch(firm, *range(1, 9))
    for each in given:
        await firm.does(firm.services.holding.hold_days, firm.factory, each, 1)
    firm.watch.moves(days=1)
    assert await hoped_for(firm) == [given] * 2


@pytest.mark.parametrize(
    ("said", "refusal"),
    [("今天下午", DayNotAhead), ("昨天", DayNotAhead), ("尽快", DayUnclear),
     ("3-2", DayNotAhead), ("0天", DayNotAhead), ("2-1", DayNotAhead),
     ("61天", DayTooFar), ("2027-03-01", DayTooFar), ("3天 " + "长" * 61, TextTooLong)],
)  # fmt: skip
async def test_a_day_that_will_not_do_holds_nothing(
    firm: Firm, said: str, refusal: type[CoreError]
) -> None:
    given = await one(firm)
    with pytest.raises(refusal):
        await firm.does(firm.services.holding.hold, firm.factory, given, said)
    assert (await firm.assignment(given)).status == "assigned"
    assert await firm.owed("OrderHeld") == 0


async def test_an_order_that_must_stop_is_not_held_nor_gone_on_with(firm: Firm) -> None:
    given, holding = await one(firm), firm.services.holding
    await firm.does(holding.hold_days, firm.factory, given, 1)
    await firm.imports([incoming(1, quantity=2, after_sale="open")])
    with pytest.raises(OrderStopped):
        await firm.does(holding.resume, firm.factory, given)
    with pytest.raises(OrderStopped):
        await firm.does(holding.hold_days, firm.factory, given, 3)


async def test_asking_back_what_is_begun_asks_once_and_either_answer_is_told_once(
    firm: Firm,
) -> None:
    asking = firm.services.recall_asking
    _, given = await batch(firm, 1, 2)
    for each in given:
        await firm.does(firm.services.fulfilling.accept, firm.factory, each)
        for _ in range(2):
            await firm.does(asking.one, firm.merchant, each)
    assert await statuses(firm, given) == ["recall_asked", "recall_asked"]
    assert await firm.owed("RecallAsked") == 2
    for _ in range(2):
        await firm.does(lambda s, a: asking.answer(s, a, given[0], agree=False), firm.factory)
    await firm.does(lambda s, a: asking.answer(s, a, given[1], agree=True), firm.factory)
    assert await statuses(firm, given) == ["accepted", "recalled"]
    assert await told(firm, "RecallAnswered") == [
        {"assignment_id": given[0], "agreed": False}, {"assignment_id": given[1], "agreed": True},
    ]  # fmt: skip
    assert [(await firm.order(n)).status for n in (1, 2)] == ["assigned", "unassigned"]
    assert (await acts(firm, 1))[2:] == ["accepted", "recall_asked", "recall_refused"]
    # After a refusal it may be asked again: that is a new ask.
    await firm.does(asking.one, firm.merchant, given[0])
    assert await firm.owed("RecallAsked") == 3
    assert await firm.looks(faults) == []


async def test_an_untouched_or_held_order_comes_back_without_asking(firm: Firm) -> None:
    _, given = await batch(firm, 1, 2)
    await firm.does(firm.services.fulfilling.accept, firm.factory, given[1])
    await firm.does(firm.services.holding.hold_days, firm.factory, given[1], 2)
    for each in given:
        await firm.does(firm.services.recall_asking.one, firm.merchant, each)
    assert await statuses(firm, given) == ["recalled", "recalled"]
    assert await firm.owed("RecallAsked") == 0
    assert await firm.owed("OrderRecalled") == 2


async def test_shipping_answers_the_ask_and_withdrawing_it_lets_the_factory_go_on(
    firm: Firm,
) -> None:
    asking = firm.services.recall_asking
    _, given = await batch(firm, 1, 2)
    for each in given:
        await firm.does(firm.services.looking.look, firm.factory, each, (1, 2001, 9))
        await firm.does(asking.one, firm.merchant, each)
    await ships(firm, given[0])
    for _ in range(2):
        await firm.does(asking.withdraw, firm.merchant, given[1])
    assert await statuses(firm, given) == ["shipped", "accepted"]
    assert await told(firm, "RecallUnasked") == [{"assignment_id": given[1]}]
    with pytest.raises(NotRecallable):
        await firm.does(asking.one, firm.merchant, given[0])
    assert await firm.looks(faults) == []


async def test_a_batch_is_asked_for_in_one_message_and_answered_in_one_press(firm: Firm) -> None:
    asking = firm.services.recall_asking
    draft, given = await batch(firm, *range(1, 10))
    await firm.does(lambda s, a: firm.services.batches.accept(s, a, "batch", draft), firm.factory)
    await ships(firm, given[0])
    assert await firm.sees(asking.askable, firm.merchant, draft) == 8
    assert await firm.does(asking.batch, firm.merchant, draft) == 8
    assert await firm.does(asking.batch, firm.merchant, draft) == 0
    [asked] = await told(firm, "RecallsAsked")
    assert (asked["count"], asked["draft_id"]) == (8, draft)
    answer = lambda s, a: asking.answer_batch(s, a, draft, agree=True)  # noqa: E731
    assert await firm.does(answer, firm.factory) == 8
    assert await firm.does(answer, firm.factory) == 0
    [answered] = await told(firm, "RecallsAnswered")
    assert (answered["count"], answered["agreed"]) == (8, True)
    chosen = await firm.sees(firm.services.assigning.kept, firm.merchant, answered["draft_id"])
    assert chosen.size == 8
    gave_back = await firm.looks(lambda store: store.assignments.gave_back(chosen.draft_id))
    assert gave_back == {firm.factory.shop_id}
    assert await firm.looks(faults) == []


async def test_many_declined_orders_go_to_another_factory_in_one_go(firm: Firm) -> None:
    second = await firm.opens("second", "factory", 2002)
    await firm.binds(factory="second")
    draft, given = await batch(firm, *range(1, 8))
    batches, assigning = firm.services.batches, firm.services.assigning
    await firm.does(lambda s, a: batches.decline(s, a, "batch", draft, "price"), firm.factory)
    [said] = await told(firm, "OrdersDeclined")
    chosen = await firm.sees(assigning.kept, firm.merchant, said["draft_id"])
    run = await firm.does(assigning.dry_run, firm.merchant, chosen.draft_id, second.shop_id)
    done = await firm.does(assigning.confirm, firm.merchant, run.draft_id)
    assert (done.orders, await statuses(firm, given)) == (7, ["declined"] * 7)
    with pytest.raises(DraftNotFound):
        await firm.sees(
            assigning.kept, await firm.opens("seller", "merchant", 1009), said["draft_id"]
        )
    assert await firm.looks(faults) == []


async def test_colleagues_who_have_accepted_are_named_before_their_word_is_undone(
    firm: Firm,
) -> None:
    draft, given = await batch(firm, *range(1, 8))
    staff, accounts = firm.services.staffing, firm.services.accounts

    def join(store: SqlStore) -> int:
        token = staff.invite(store, firm.factory).token
        colleague = accounts.meet(store, 2003, "王小二")
        staff.join(store, colleague.id or 0, token)
        return colleague.id or 0

    colleague = replace(firm.factory, account_id=await firm.database.write(join))
    for each in given[:3]:
        await firm.does(firm.services.fulfilling.accept, colleague, each)
    await firm.does(firm.services.fulfilling.accept, firm.factory, given[3])
    ask = firm.services.batches.accepted_by_others
    assert await firm.sees(ask, firm.factory, "batch", draft) == [("王小二", 3)]
    [(name, n)] = await firm.sees(ask, colleague, "batch", draft)
    assert n == 1
    assert name != "王小二"


async def test_a_question_travels_sealed_and_is_answered_once(firm: Firm) -> None:
    given, asking = await one(firm), firm.services.asking
    asked = await firm.does(asking.ask, firm.factory, given, f"  {SECRET}\n\n急  ")
    assert asked.question == "张三丰 139****5678 的杯子要蓝色吗\n急"
    with pytest.raises(OwnQuestion):
        await firm.does(asking.answer, firm.factory, asked.id, "蓝色")
    await firm.does(asking.answer, firm.merchant, asked.id, "要蓝色")
    with pytest.raises(AnsweredAlready):
        await firm.does(asking.answer, firm.merchant, asked.id, "不，红色")
    order = await firm.order(1)
    mine = (await firm.sees(firm.services.listing.order, firm.merchant, order.id)).question
    theirs = (await firm.sees(firm.services.listing.assignment, firm.factory, given)).question
    assert mine is not None
    assert theirs is not None
    assert (mine.mine, theirs.mine) == (False, True)
    assert mine.answer == theirs.answer == "要蓝色"
    assert await told(firm, "QuestionAsked") == [{"question_id": asked.id}]
    assert await told(firm, "QuestionAnswered") == [{"question_id": asked.id}]

    def everything(store: SqlStore) -> str:
        rows = store.session.execute(text("SELECT question, answer FROM order_question"))
        tables = [cell.hex().upper() for row in rows for cell in row]
        kept = store.session.scalars(select(AuditRow.detail)).all()
        owed = store.session.scalars(select(col(Alert.payload))).all()
        return " ".join([*map(str, tables), *map(str, kept), *map(str, owed)])

    dump = await firm.looks(everything)
    for words in (SECRET, "要蓝色", "13912345678"):
        assert words not in dump
        assert words.encode().hex().upper() not in dump


@pytest.mark.parametrize(
    ("said", "refusal"),
    [("", NameMissing), (" \n\u200b", NameMissing), ("问" * (QUESTION_LIMIT + 1), TextTooLong)],
)
async def test_an_empty_or_endless_question_is_not_sent(
    firm: Firm, said: str, refusal: type[CoreError]
) -> None:
    given = await one(firm)
    with pytest.raises(refusal):
        await firm.does(firm.services.asking.ask, firm.merchant, given, said)
    assert await firm.owed("QuestionAsked") == 0


async def test_an_ended_order_is_not_asked_about_and_a_shipped_one_is(firm: Firm) -> None:
    _, given = await batch(firm, 1, 2)
    await ships(firm, given[0])
    await firm.does(firm.services.fulfilling.decline, firm.factory, given[1], "price")
    await firm.does(firm.services.asking.ask, firm.merchant, given[0], "发的哪家？")
    for who, mine in ((firm.merchant, False), (firm.factory, True)):
        with pytest.raises(QuestionTooLate) as refusal:
            await firm.does(firm.services.asking.ask, who, given[1], "为什么？")
        assert refusal.value.mine is mine


async def test_nobody_of_another_shop_answers_asks_or_takes_back(firm: Firm) -> None:
    stranger = await firm.opens("stranger", "factory", 2009)
    seller = await firm.opens("seller", "merchant", 1009)
    draft, [given, *_] = await batch(firm, *range(1, 8))
    s = firm.services
    asked = await firm.does(s.asking.ask, firm.merchant, given, "几时发？")
    for act, who, error in (
        (lambda st, a: s.holding.hold_days(st, a, given, 1), stranger, AssignmentNotFound),
        (lambda st, a: s.holding.resume(st, a, given), stranger, AssignmentNotFound),
        (lambda st, a: s.holding.agree(st, a, given), seller, AssignmentNotFound),
        (lambda st, a: s.holding.agree(st, a, given), firm.factory, WrongRole),
        (lambda st, a: s.recall_asking.one(st, a, given), seller, AssignmentNotFound),
        (lambda st, a: s.recall_asking.withdraw(st, a, given), seller, AssignmentNotFound),
        (lambda st, a: s.recall_asking.batch(st, a, draft), seller, DraftNotFound),
        (lambda st, a: s.recall_asking.answer(st, a, given, agree=True), stranger,
         AssignmentNotFound),
        (lambda st, a: s.recall_asking.answer_batch(st, a, draft, agree=True), stranger,
         DraftNotFound),
        (lambda st, a: s.asking.ask(st, a, given, "?"), stranger, AssignmentNotFound),
        (lambda st, a: s.asking.view(st, a, asked.id), seller, QuestionNotFound),
        (lambda st, a: s.asking.answer(st, a, asked.id, "!"), stranger, QuestionNotFound),
        (lambda st, a: s.assigning.kept(st, a, draft), seller, DraftNotFound),
    ):  # fmt: skip
        with pytest.raises(error):
            await firm.does(act, who)
    assert (await firm.assignment(given)).status == "assigned"


async def test_a_list_says_what_a_factory_answered_last(firm: Firm) -> None:
    _, given = await batch(firm, 1, 2, 3)
    await firm.does(firm.services.fulfilling.decline, firm.factory, given[0], "price")
    await firm.does(firm.services.holding.hold_days, firm.factory, given[1], 2)
    await firm.does(firm.services.fulfilling.accept, firm.factory, given[2])
    await firm.does(firm.services.recall_asking.one, firm.merchant, given[2])
    ids = [(await firm.order(n)).id or 0 for n in (1, 2, 3)]
    rows = {row.order_no: row for row in await firm.looks(lambda s: s.orders.rows(ids))}
    assert rows[order_no(1)].declined == "price"
    held = rows[order_no(2)].held_until
    assert held is not None
    assert held - firm.watch.now < timedelta(days=2)
    assert rows[order_no(3)].recall_asked
    await firm.assigns(1)
    [row] = await firm.looks(lambda s: s.orders.rows(ids[:1]))
    assert row.declined == ""


async def test_the_history_says_who_declined_each_of_many(firm: Firm) -> None:
    draft, _ = await batch(firm, 1, 2)
    decline = firm.services.batches.decline
    await firm.does(decline, firm.factory, "batch", draft, "no_stock")
    who = (firm.factory.shop_id, firm.factory.account_id)
    for order in (1, 2):
        rows = await firm.looks(lambda store, order=order: store.history(order))  # type: ignore[misc]
        assert [(row.shop_id, row.account_id) for row in rows if row.act == "declined"] == [who]
