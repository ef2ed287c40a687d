"""What people are told: every event has its text, in both languages, from what then stands."""

import html
import re
from collections.abc import AsyncIterator
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlmodel import col, select

from bot.screens.alerts import TELLINGS, alert_screen
from bot.screens.screen import Screen
from bot.texts import LANGS
from core.assignments.splitting import Choice
from core.entities import Alert, Member, PlatformLink, Ticket
from core.events import Event, OrderAssigned, ShopUnreachable
from core.ids import key
from core.imports.incoming import IncomingOrder
from core.people.gathering import fall_back
from core.people.reaching import left
from core.people.suspending import resume, suspend
from core.platforms.facts import Grant, Partner, PlatformOrder
from core.platforms.giving import Given, OwedGiving
from core.platforms.telling import Outcome as Told
from core.platforms.telling import Owed
from core.programs.delivering import GONE, Outcome
from core.services import Services
from core.shipments.sending import Shipped
from core.shipments.shipping import Question
from core.text.pasting import read_paste
from core.text.periods import china_day
from core.tickets.cancelling import Returned
from core.tickets.turns import Failure, ToCancel
from core.values import Actor
from storage.store import SqlStore
from tests.core.firm import Firm, founded, incoming, order_no

SF, SF_RIGHT = "SF1234567890123", "SF1234567890124"
FACTORY_CHAT = 2001


@pytest.fixture
async def firm(tmp_path: Path) -> AsyncIterator[Firm]:
    """A merchant and a factory, bound."""
    async with founded(tmp_path) as firm:
        await firm.binds()
        yield firm


async def told(firm: Firm, event: str, lang: str = "zh_CN") -> list[Screen | None]:
    """Render every alert of an event, as the courier would now."""
    render = alert_screen(firm.services, lang)

    def work(store: SqlStore) -> list[Screen | None]:
        alerts = store.session.scalars(
            select(Alert).where(col(Alert.event) == event).order_by(col(Alert.id))
        )
        return [render(store, alert) for alert in alerts.all()]

    return await firm.looks(work)


async def last(firm: Firm, event: str) -> Screen:
    screen = (await told(firm, event))[-1]
    assert screen is not None
    return screen


def words(screen: Screen) -> str:
    return html.unescape(re.sub(r"<[^>]+>", "", screen.text))


def labels(screen: Screen) -> list[str]:
    return [button.text for row in screen.rows for button in row]


async def emits(firm: Firm, event: Event, to: Actor) -> None:
    await firm.database.write(lambda store: store.emit(event, to=to.shop_id))


async def asks(firm: Firm, merchant: str) -> int:
    """Ask the factory to be bound with a new merchant; returns the binding's id."""
    actor = await firm.opens(merchant, "merchant", 5000 + len(firm.people))
    view = await firm.does(firm.services.bindings.request, actor, firm.numbers["factory"])
    return key(view.binding)


async def ships(firm: Firm, assignment_id: int) -> int:
    """Ship an order with one parcel; returns the parcel's id."""
    done = await firm.does(firm.services.shipping.reply, firm.factory, assignment_id, SF)
    assert isinstance(done, Shipped)
    return key(done.shipments[0])


async def everything_happens(firm: Firm) -> None:
    """Make each event come about by the use cases themselves."""
    use, factory, merchant = firm.services, firm.factory, firm.merchant
    await firm.does(use.bindings.refuse, factory, await asks(firm, "refused"))
    withdrawn = await asks(firm, "withdrawn")
    await firm.does(use.bindings.withdraw, firm.people["withdrawn"], withdrawn)
    await asks(firm, "expired")
    await firm.imports([incoming(n) for n in range(1, 7)])
    recalled, declined, changed, shipped, _ = await firm.assigns(1, 2, 3, 4, 5)
    await firm.does(use.recalling.one, merchant, recalled)
    await firm.does(use.fulfilling.decline, factory, declined, "out_of_stock")
    await firm.imports([incoming(3, note="送贺卡")])
    await firm.does(use.fulfilling.acknowledge, factory, changed)
    await firm.does(use.shipping.correct, factory, await ships(firm, shipped), SF_RIGHT)
    await firm.imports([incoming(4, street="新华路")])
    await a_partner_answers(firm)
    await firm.imports([incoming(n) for n in range(11, 23)])
    await firm.does(use.recalling.batch, merchant, await gives(firm, 11, 17))
    given = await gives(firm, 17, 23)
    await firm.imports([incoming(n, note="周末送") for n in range(17, 23)])
    await firm.does(use.acknowledging.all, factory, 0, firm.watch.now)
    await firm.does(use.batches.decline, factory, "batch", given, "机器坏了")
    await the_day_is_told(firm)
    await firm.database.write(lambda store: left(store, FACTORY_CHAT))
    await people_come_and_go(firm)
    firm.watch.moves(days=8)
    await firm.database.write(use.bindings.expire)
    await firm.does(_unbind, merchant, use)
    await a_factory_does_nothing(firm)
    await a_receiver_wants_no_more(firm)
    await a_platform_refuses(firm)
    for change in (suspend, resume):
        await firm.database.write(partial(change, number=firm.numbers["partner"]))


async def a_platform_refuses(firm: Firm) -> None:
    """The merchant's shop on a platform is linked; it refuses a number, then lets nobody in."""
    use, partner = firm.services.platforms, firm.people["partner"]
    word = await firm.does(use.linking.begin, firm.merchant, "doudian")
    grant = Grant("4463001", "小满优选", "access", "refresh", firm.watch.now + timedelta(days=7))
    link = await firm.database.write(lambda s: use.linking.finish(s, "doudian", word, grant))
    came = PlatformOrder(incoming(95), firm.watch.now)
    await firm.database.write(lambda s: use.syncing.take(s, key(link), [came], firm.watch.now))
    [given] = await partner_gets(firm, 95)
    await firm.does(
        firm.services.shipping.numbers, partner, given, [("SF1234567890123", "sf", None)]
    )
    [owed] = await firm.database.write(lambda s: use.telling.claim(s, 1, ()))
    assert isinstance(owed, Owed)
    refused = Told(owed.call_id, "number_misfits", final=True)
    await firm.database.write(lambda s: use.telling.settle(s, refused))
    await a_platform_has_it_elsewhere(firm, link)
    await an_e_waybill_is_not_taken_back(firm, given, key(link))
    await firm.database.write(lambda s: use.syncing.failed(s, key(link), "grant_ended", ""))


async def an_e_waybill_is_not_taken_back(firm: Firm, assignment_id: int, link_id: int) -> None:
    """Its number is given back, and the platform will not have it."""

    def keep(store: SqlStore) -> None:
        assignment = store.assignments.of(assignment_id)
        ticket = Ticket(
            assignment_id=assignment_id, order_id=assignment.order_id, link_id=link_id,
            factory_id=assignment.factory_id, account_id=1, handle="7", pack="1", carrier="sf",
            state="cancelling", number="SF1234567890129", asked_at=store.now, due_at=store.now,
        )  # fmt: skip
        store.tickets.add_all([ticket])
        asked = ToCancel(key(ticket), "9", "sf", ticket.number, sent_before=False)
        refused = Returned(asked, Failure("state_forbids", refused=True))
        firm.services.tickets.cancelling.settle(store, [refused])

    await firm.database.write(keep)


async def a_platform_has_it_elsewhere(firm: Firm, link: PlatformLink) -> None:
    """The factory's shop is linked too and bound there; there another factory has the order."""
    use, partner = firm.services.platforms, firm.people["partner"]
    word = await firm.does(use.linking.begin, partner, "doudian")
    grant = Grant("4463101", "大力厂", "access", "refresh", firm.watch.now + timedelta(days=7))
    await firm.database.write(lambda s: use.linking.finish(s, "doudian", word, grant, "factory"))
    bound = [Partner("4463101", "大力厂")]
    await firm.database.write(lambda s: use.syncing.partnered(s, key(link), bound))
    came = PlatformOrder(incoming(96), firm.watch.now)
    await firm.database.write(lambda s: use.syncing.take(s, key(link), [came], firm.watch.now))
    await partner_gets(firm, 96)
    [owed] = await firm.database.write(lambda s: use.telling.claim(s, 1, ()))
    assert isinstance(owed, OwedGiving)
    elsewhere = [Given(owed.asked[0].call_id, why="given_elsewhere", final=True, sent=False)]
    await firm.database.write(lambda s: use.telling.giving.settle(s, key(link), elsewhere))


async def a_receiver_wants_no_more(firm: Firm) -> None:
    """The merchant's ERP answers what it is posted with 410."""
    programs = firm.services.programs
    await firm.does(programs.webhooks.add, firm.merchant, "https://erp.example/daifa")
    await firm.imports([incoming(90)])
    await firm.database.write(programs.delivering.owe)
    [letter] = await firm.database.write(lambda store: programs.delivering.claim(store, 1, {}))
    outcome = Outcome(letter.target.webhook_id, letter.feed_id, GONE)
    await firm.database.write(lambda store: programs.delivering.settle(store, [outcome]))


async def a_partner_answers(firm: Firm) -> None:
    """A factory that stays bound: it waits for goods, gives back or not, asks, ships many."""
    use, merchant = firm.services, firm.merchant
    partner = await firm.opens("partner", "factory", 6300)
    await firm.binds(factory="partner")
    await parcels_and_stops_cross(firm, partner)
    waits, resumed, packed, kept, split = await partner_gets(firm, *range(40, 45))
    for given in (waits, resumed):
        await firm.does(use.holding.hold_days, partner, given, 1)
        await firm.does(use.holding.agree, merchant, given)
    await firm.does(use.holding.resume, partner, resumed)
    for given in (packed, kept):
        await firm.does(use.fulfilling.accept, partner, given)
        await firm.does(use.recall_asking.one, merchant, given)
    await firm.does(use.recall_asking.withdraw, merchant, kept)
    await firm.does(lambda s, who: use.recall_asking.answer(s, who, packed, agree=False), partner)
    asked = await firm.does(use.asking.ask, partner, split, "要蓝色吗？")
    await firm.does(use.asking.answer, merchant, asked.id, "要蓝色")
    await splits_off(firm, 44)
    begun = await partner_gets(firm, *range(50, 57))
    draft = (await firm.assignment(begun[0])).draft_id or 0
    await firm.does(use.batches.accept, partner, "batch", draft)
    for again in (use.recall_asking.batch, use.recall_asking.withdraw_batch):
        await firm.does(again, merchant, draft)
    await firm.does(use.recall_asking.batch, merchant, draft)
    back = use.recall_asking.answer_batch
    await firm.does(lambda store, who: back(store, who, draft, agree=True), partner)
    hold, day = use.batches.hold, china_day(firm.watch.now) + timedelta(days=2)
    for numbers in (range(60, 67), range(70, 77)):
        [first, *_] = await partner_gets(firm, *numbers)
        those = "batch", (await firm.assignment(first)).draft_id or 0
        await firm.does(hold, partner, *those, day, "缺货")
    await firm.does(use.batches.resume, partner, *those)
    for days in (1, 1):
        firm.watch.moves(days=days)
        await firm.database.write(lambda store: use.timing.tell_due(store, 100))


async def parcels_and_stops_cross(firm: Firm, partner: Actor) -> None:
    """Parcels had left when their orders were cancelled, of one that is decided; a refund is
    refused; seven just ship, two of them to be cancelled then. One was taken back before.
    """
    use, merchant = firm.services, firm.merchant
    given = await partner_gets(firm, *range(30, 39))
    await firm.imports([incoming(30, status="closed"), incoming(31, after_sale="open")])
    asked = await firm.does(use.shipping.reply, partner, given[0], f"SF{10**12}")
    assert isinstance(asked, Question)
    await firm.does(use.shipping.left_before, partner, asked.draft_id)
    await firm.does(use.under_way.judge, merchant, given[0], "intercept")
    await firm.does(use.stopping.let_go, merchant, key(await firm.order(31)))
    lines = read_paste("\n".join(f"{order_no(n)} SF{10**12 + n}" for n in range(32, 39)))
    paste = use.entering.paste
    await firm.does(lambda store, who: paste(store, who, lines, origin="one"), partner)
    await firm.imports([incoming(n, quantity=2, status="closed") for n in (37, 38)])
    [taken] = await partner_gets(firm, 39)
    await firm.does(use.recalling.one, merchant, taken)
    await firm.does(use.shipping.had_left, partner, taken, f"SF{10**12 + 39}")


async def partner_gets(firm: Firm, *numbers: int) -> list[int]:
    """Import and assign two pieces each; returns the assignments."""
    await firm.imports([incoming(n, quantity=2) for n in numbers])
    return await firm.assigns(*numbers, factory="partner")


async def splits_off(firm: Firm, number: int) -> None:
    """One piece of the order goes to the other factory."""
    splitting, order_id = firm.services.splitting, key(await firm.order(number))
    plan = await firm.sees(splitting.plan, firm.merchant, order_id)
    choice = Choice((1,), plan.mark)
    await firm.does(splitting.split, firm.merchant, order_id, firm.factory.shop_id, choice)


async def a_factory_does_nothing(firm: Firm) -> None:
    """The clock tells of it, and the merchant nudges: of one left alone, of one asked back."""
    await firm.opens("idle", "factory", 6200)
    binding = await firm.binds(factory="idle")
    await firm.imports([incoming(n, hours=900) for n in (90, 91)])
    _, asked = await firm.assigns(90, 91, factory="idle")
    firm.watch.moves(hours=12)
    await firm.database.write(lambda store: firm.services.timing.tell_due(store, 100))
    await firm.does(firm.services.due.nudge, firm.merchant, binding)
    await firm.does(firm.services.fulfilling.accept, firm.people["idle"], asked)
    await firm.does(firm.services.recall_asking.one, firm.merchant, asked)
    firm.watch.moves(hours=12)
    await firm.database.write(lambda store: firm.services.timing.tell_due(store, 100))
    await firm.does(firm.services.asked_back.nudge, firm.merchant, binding)


async def the_day_is_told(firm: Firm) -> None:
    """Of what happened so far, the next morning."""
    use = firm.services
    await firm.database.write(use.digests.adopt)
    firm.watch.moves(days=1)
    while await firm.looks(use.days.behind):
        await firm.database.write(use.days.tally)
    await firm.database.write(lambda store: use.digests.tell(store, 20))


async def people_come_and_go(firm: Firm) -> None:
    """Into the merchant's shop and out of it; its alerts go to a group and come back."""
    use, merchant = firm.services, firm.merchant
    group, [kept, removed, leaver] = -1001, [await joins(firm, 6000 + n) for n in range(3)]
    await firm.does(use.staffing.remove, merchant, removed.account_id)
    await firm.does(use.staffing.leave, leaver)
    await firm.does(use.gathering.here, merchant, group, None)
    await firm.database.write(lambda store: fall_back(store, group, topic=False))
    await firm.does(use.staffing.hand_over, merchant, kept.account_id)
    await firm.does(use.staffing.hand_over, kept, merchant.account_id)
    closing = await firm.opens("closing", "factory", 6100)
    await firm.does(
        lambda store, actor: store.shops.join(actor.shop_id, leaver.account_id), closing
    )
    await firm.does(use.closings.close, closing)


async def joins(firm: Firm, telegram_id: int) -> Actor:
    """Join the merchant's staff by invitation."""
    staffing, accounts = firm.services.staffing, firm.services.accounts

    def work(store: SqlStore) -> Actor:
        made = staffing.invite(store, firm.merchant)
        account = key(accounts.meet(store, telegram_id, f"员工 {telegram_id}"))
        return Actor(account, key(staffing.join(store, account, made.token)))

    return await firm.database.write(work)


async def gives(firm: Firm, first: int, behind: int) -> int:
    """Assign these orders at once; returns the batch's id."""
    given = await firm.assigns(*range(first, behind))
    return (await firm.assignment(given[0])).draft_id or 0


async def goes_out_of_reach(firm: Firm, who: Actor) -> None:
    """Their one chat takes no messages any more."""

    def block(store: SqlStore) -> None:
        account = store.accounts.get(who.account_id)
        assert account is not None
        store.alerts.unreachable(account.telegram_id)

    await firm.database.write(block)


def _unbind(store: SqlStore, actor: Actor, services: Services) -> None:
    binding = store.bindings.bound(actor.shop_id, actor.shop_id + 1)
    assert binding is not None
    services.bindings.unbind(store, actor, key(binding), back=True)


# Of these some are told no more: what came after says it.
OVERTAKEN = {"OrderAssigned", "ParcelsUnderWay", "FellDue", "ShopWaits", "PartnerWaits"}


def test_every_event_has_a_text() -> None:
    assert set(TELLINGS) == set(Event.registry.values())


@pytest.mark.parametrize("lang", LANGS)
async def test_every_event_is_told_in_both_languages_and_fits(firm: Firm, lang: str) -> None:
    await everything_happens(firm)
    for name in Event.registry:
        screens = await told(firm, name, lang)
        assert any(screens) or name == "CardsOutdated", f"{name} did not come about"
        for screen in screens:
            if name == "CardsOutdated":
                assert screen is None  # nothing is said: older cards follow
                continue
            if screen is None and name in OVERTAKEN:
                continue  # of what was stopped, answered or decided meanwhile, only that is told
            assert screen is not None, name
            text = words(screen)
            assert 0 < len(text) <= 4096
            assert "{" not in text
            chinese = bool(re.search(r"[㐀-鿿]", text.split("\n")[0]))
            assert chinese or lang == "en", f"{name}: {text}"
            for row in screen.rows:
                for button in row:
                    assert len((button.data or "").encode()) <= 64


async def test_no_alert_holds_a_recipient(firm: Firm) -> None:
    await everything_happens(firm)
    for name in Event.registry:
        for screen in await told(firm, name):
            for secret in ("张三丰", "13912345678", "示例路"):
                assert secret not in str(screen)


async def test_a_new_order_is_headed_as_new_and_can_be_worked_on(firm: Firm) -> None:
    await firm.imports([incoming(1)])
    [assignment_id] = await firm.assigns(1)
    screen = await last(firm, "OrderAssigned")
    assert words(screen).startswith("🆕 新订单")
    assert "📦 填写单号" in labels(screen)
    assert screen.card == ("assignment", assignment_id, firm.factory.shop_id)


async def test_an_alert_that_comes_late_shows_what_stands_now(firm: Firm) -> None:
    await firm.imports([incoming(1), incoming(2)])
    [recalled, declined] = await firm.assigns(1, 2)
    await firm.does(firm.services.fulfilling.decline, firm.factory, declined, "out_of_stock")
    screen = await last(firm, "OrderAssigned")
    assert "新订单" not in words(screen)
    assert labels(screen) == ["⬅️ 返回列表", "📜 历史"]
    # Of what was taken back only that is told.
    await firm.does(firm.services.recalling.one, firm.merchant, recalled)
    assert (await told(firm, "OrderAssigned"))[0] is None
    assert "请勿发货" in words(await last(firm, "OrderRecalled"))


async def test_a_recalled_order_is_not_to_be_shipped_in_the_first_line(firm: Firm) -> None:
    await firm.imports([incoming(1)])
    [assignment_id] = await firm.assigns(1)
    await firm.does(firm.services.recalling.one, firm.merchant, assignment_id)
    tag = (await firm.assignment(assignment_id)).tag
    text = words(await last(firm, "OrderRecalled"))
    assert text.startswith(f"⛔ {tag} 商家已撤回，请勿发货")
    assert "马克杯 1 × 1" in text


async def test_a_declined_order_comes_with_its_reason_and_a_way_to_assign_it_again(
    firm: Firm,
) -> None:
    await firm.imports([incoming(1)])
    [assignment_id] = await firm.assigns(1)
    await firm.does(firm.services.fulfilling.decline, firm.factory, assignment_id, "<b>机器坏了")
    screen = await last(firm, "OrderDeclined")
    assert words(screen).split("\n")[0] == "❌ factory 拒单：<b>机器坏了"
    assert order_no(1) in words(screen)
    assert "🔁 改派" in labels(screen)


async def test_a_change_is_told_with_its_differences_once(firm: Firm) -> None:
    await firm.imports([incoming(1)])
    await firm.assigns(1)
    await firm.imports([incoming(1, note="送贺卡")])
    screen = await last(firm, "OrderChanged")
    assert words(screen).count("送贺卡") == 2  # the difference, and the note as it stands
    assert "👌 已知晓" in labels(screen)


async def test_who_hears_of_a_change_after_a_colleague_has_seen_it_is_told_all_the_same(
    firm: Firm,
) -> None:
    await firm.imports([incoming(1, note="周末送")])
    [assignment_id] = await firm.assigns(1)
    await firm.imports([incoming(1, note="工作日送")])
    await firm.does(firm.services.fulfilling.acknowledge, firm.factory, assignment_id)
    screen = await last(firm, "OrderChanged")
    assert "周末送 → 工作日送" in words(screen)
    assert "👌 已知晓" not in labels(screen)


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        (incoming(1, after_sale="open"), "退款"),
        (incoming(1, after_sale="refunded"), "退款"),
        (incoming(1, status="closed"), "取消"),
        (incoming(1, status="shipped"), "平台"),
    ],
)
async def test_an_order_that_must_stop_begins_with_stop(
    firm: Firm, changed: IncomingOrder, why: str
) -> None:
    await firm.imports([incoming(1)])
    [assignment_id] = await firm.assigns(1)
    await firm.imports([changed])
    screen = await last(firm, "OrderChanged")
    first, second = words(screen).split("\n")[:2]
    tag = (await firm.assignment(assignment_id)).tag
    assert first == f"⛔⛔ {tag} 停止发货 ⛔⛔"
    assert why in second
    assert "👌 已知晓" in labels(screen)
    assert "📦 填写单号" not in labels(screen)


async def test_the_merchant_reads_carrier_and_number_in_the_first_line(firm: Firm) -> None:
    await firm.imports([incoming(1, quantity=2)])
    [assignment_id] = await firm.assigns(1)
    await firm.does(
        firm.services.shipping.reply, firm.factory, assignment_id, f"{SF} YT1234567890123"
    )
    screen = await last(firm, "OrderShipped")
    first = words(screen).split("\n")[0]
    assert f"顺丰速运 {SF}" in first
    assert "圆通速递 YT1234567890123" in first
    copied = [button.copy for row in screen.rows for button in row if button.copy]
    assert copied == [SF, "YT1234567890123"]


async def test_a_correction_names_the_old_and_the_right_number(firm: Firm) -> None:
    await firm.imports([incoming(1)])
    [assignment_id] = await firm.assigns(1)
    parcel = await ships(firm, assignment_id)
    await firm.does(firm.services.shipping.correct, firm.factory, parcel, "YT1234567890123")
    assert f"顺丰速运 {SF} → 圆通速递 YT1234567890123" in words(
        await last(firm, "ShipmentCorrected")
    )


@pytest.mark.parametrize(
    ("by", "back", "said"),
    [
        ("merchant", True, "2 个未发货订单已被收回，请勿发货"),
        ("factory", True, "2 个未发货订单已退回待分配"),
        ("merchant", False, "还有 2 个订单会继续发完"),
        ("factory", False, "还有 2 个订单会继续发完"),
    ],
)
async def test_an_ended_binding_says_what_became_of_the_orders(
    firm: Firm, by: str, back: bool, said: str
) -> None:
    await firm.imports([incoming(1), incoming(2)])
    await firm.assigns(1, 2)
    actor = firm.people[by]

    def unbind(store: SqlStore) -> None:
        binding = store.bindings.bound(firm.merchant.shop_id, firm.factory.shop_id)
        assert binding is not None
        firm.services.bindings.unbind(store, actor, key(binding), back=back)

    await firm.database.write(unbind)
    assert said in words(await last(firm, "BindingEnded"))


async def test_a_shop_out_of_reach_is_named_as_i_call_it(firm: Firm) -> None:
    def alias(store: SqlStore) -> None:
        binding = store.bindings.bound(firm.merchant.shop_id, firm.factory.shop_id)
        assert binding is not None
        firm.services.bindings.call(store, firm.merchant, key(binding), "老王")

    await firm.database.write(alias)
    await goes_out_of_reach(firm, firm.factory)
    await emits(firm, ShopUnreachable(firm.factory.shop_id), firm.merchant)
    text = words(await last(firm, "ShopUnreachable"))
    assert "老王 收不到消息" in text
    assert "13800001111" in text  # whom to call


async def test_a_shop_out_of_reach_is_named_after_unbinding_too(firm: Firm) -> None:
    await firm.does(_unbind, firm.merchant, firm.services)
    await goes_out_of_reach(firm, firm.factory)
    await emits(firm, ShopUnreachable(firm.factory.shop_id), firm.merchant)
    text = words(await last(firm, "ShopUnreachable"))
    assert "factory 收不到消息" in text
    assert "13800001111" not in text


async def test_who_has_left_the_shop_is_told_nothing(firm: Firm) -> None:
    await everything_happens(firm)

    def leave(store: SqlStore) -> None:
        for member in store.session.scalars(select(Member)):
            member.left_at = store.now

    await firm.database.write(leave)
    parting = {"MemberRemoved", "ShopClosed"}  # what tells them so
    for name in Event.registry.keys() - parting:
        assert all(screen is None for screen in await told(firm, name))


async def test_an_alert_about_somebody_elses_order_is_not_told(firm: Firm) -> None:
    await firm.imports([incoming(1)])
    [assignment_id] = await firm.assigns(1)
    other = await firm.opens("other", "factory", 3001)
    await emits(firm, OrderAssigned(assignment_id), other)
    assert (await told(firm, "OrderAssigned"))[-1] is None


async def test_everybody_is_told_in_their_own_language(firm: Firm) -> None:
    await firm.imports([incoming(1)])
    await firm.does(
        lambda store, actor: firm.services.accounts.speak(store, actor.account_id, "en"),
        firm.factory,
    )
    await firm.assigns(1)
    assert words(await last(firm, "OrderAssigned")).startswith("🆕 New order")


async def test_a_shop_that_is_back_is_not_called_out_of_reach(firm: Firm) -> None:
    await emits(firm, ShopUnreachable(firm.factory.shop_id), firm.merchant)
    assert await told(firm, "ShopUnreachable") == [None]


async def test_the_factory_is_told_of_a_cancel_that_came_after_the_parcel_left(firm: Firm) -> None:
    await firm.imports([incoming(1)])
    [assignment_id] = await firm.assigns(1)
    await ships(firm, assignment_id)
    await firm.imports([incoming(1, status="closed")])
    text = words(await last(firm, "OrderChanged"))
    assert text.startswith("⛔ 已取消，但包裹已经寄出。等商家决定")
    assert "请勿发货" not in text
    alarm = words(await last(firm, "ParcelsUnderWay"))
    assert "这单停发前包裹就已寄出" in alarm
    assert SF in alarm
