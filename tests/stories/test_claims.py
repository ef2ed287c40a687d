"""A parcel that left with an order no longer its factory's: kept, told, decided, never sent twice
unawares."""

from playground.seen import M
from tests.cast import Row, order_no
from tests.conftest import Company
from tests.conversations.at_work import assigned, imports, remembered, tag_of
from tests.conversations.helping import counts

ONE, TWO, THREE = order_no(1), order_no(2), order_no(3)
NUMBERS = ("SF1234567890123", "SF1234567890234", "SF1234567890345")


async def recalled(company: Company, number: str = ONE) -> M:
    """Take an order back; returns what the factory is told."""
    await company.merchant.sends(f"/orders {number}")
    await company.merchant.taps("撤回")
    told = await company.factory.sees("商家已撤回，请勿发货", anywhere=True)
    await remembered(company, told)
    return told


async def claims(company: Company, card: M, why: str, number: str = NUMBERS[0]) -> M:
    """Reply with a number and say that the parcel had left; returns the merchant's alarm."""
    await company.factory.replies(card, number)
    refused = await company.factory.sees(f"请勿发货：{why}")
    assert "这次没有发货" in refused.text
    await company.factory.taps("包裹已经寄出", refused)
    kept = await company.factory.sees("的包裹已经寄出", anywhere=True)
    assert number in kept.text
    return await company.merchant.sees("这单已不归它发货，包裹却已寄出", anywhere=True)


async def test_a_parcel_of_an_order_taken_back_is_kept_and_counts_when_let_go(
    company: Company,
) -> None:
    merchant, factory = company.merchant, company.factory
    [card] = await assigned(company, Row(ONE, pieces=2))
    told = await recalled(company)
    assert "早已寄出？直接回复单号" in told.text
    alarm = await claims(company, card, "商家已撤回")
    assert "这单已从大力日用百货厂撤回，它却报来已寄出的包裹" in alarm.text
    assert "放行后，按大力日用百货厂发货计入本单" in alarm.text
    assert f"{NUMBERS[0]} · " in alarm.text
    assert "已寄出，待商家决定 · 大力日用百货厂" in alarm.text
    assert await counts(company.stage, company.merchant_number) == {"unassigned": 1}

    # The same number again, and another one: nothing is kept twice.
    for number in NUMBERS[:2]:
        await factory.replies(told, number)
        assert "已经登记过" in (await factory.sees(f"{NUMBERS[0]} 已经登记过")).text

    await merchant.taps("放行", alarm)
    judged = await merchant.sees("已放行，正在通知厂家", anywhere=True)
    assert "已发货" in judged.text
    assert not any("放行" in label for label in judged.labels)
    go_on = await factory.sees("商家放行包裹", anywhere=True)
    assert "已发货" in go_on.text
    assert await counts(company.stage, company.merchant_number) == {"shipped": 1}
    assert await counts(company.stage, company.factory_number) == {"shipped": 1}
    await merchant.sends(f"/why {ONE}")
    history = await merchant.sees("历史")
    assert f"已不归它发货，报来已寄出的包裹：顺丰速运 {NUMBERS[0]}" in history.text


async def test_of_what_another_factory_ships_by_now_the_merchant_knows_before_letting_it_go(
    company: Company,
) -> None:
    merchant, factory = company.merchant, company.factory
    await company.stage.binds(merchant, company.other_factory, company.other_number)
    [card] = await assigned(company, Row(ONE))
    await factory.taps("拒单", card)
    await factory.taps("缺货", card)
    alarm = await claims(company, card, "你已拒单")
    assert "大力日用百货厂拒了这单，却报来已寄出的包裹" in alarm.text
    await merchant.sends(f"/assign {ONE} {company.other_number}")
    theirs = await company.other_factory.sees("新订单", anywhere=True)

    # The alarm was drawn before: pressed now, it says what has come between, and asks anew.
    pressed = await merchant.taps("✅ 放行", alarm)
    assert "放行的话，买家会多收到 1 件" in pressed.text
    await merchant.sends(f"/orders {ONE}")
    mine = merchant.last
    assert "这单现在由敏记食品厂发货" in mine.text
    assert "先从那边撤回，再放行" in mine.text
    assert {"⚠️ 仍然放行", "↩️ 撤回"} <= set(mine.labels)
    await merchant.taps("仍然放行", mine)
    beside = await merchant.sees("已放行，正在通知厂家", anywhere=True)
    assert "已放行，不计入本单件数" in beside.text
    assert "不用拦截" in (await factory.sees("商家放行包裹", anywhere=True)).text
    await company.other_factory.replies(theirs, NUMBERS[1])
    await merchant.sees(NUMBERS[1], anywhere=True)
    assert await counts(company.stage, company.merchant_number) == {"shipped": 1}
    await merchant.sends(f"/why {ONE}")
    assert "放行包裹（这单另有厂家发货）" in (await merchant.sees("历史")).text


async def test_taken_back_from_the_other_factory_the_parcel_counts(company: Company) -> None:
    merchant = company.merchant
    await company.stage.binds(merchant, company.other_factory, company.other_number)
    [card] = await assigned(company, Row(ONE))
    await recalled(company)
    await merchant.sends(f"/assign {ONE} {company.other_number}")
    await company.other_factory.sees("新订单", anywhere=True)
    alarm = await claims(company, card, "商家已撤回")
    assert "这单现在由敏记食品厂发货" in alarm.text
    await merchant.taps("撤回", alarm)
    await company.other_factory.sees("商家已撤回，请勿发货", anywhere=True)
    await merchant.sends(f"/orders {ONE}")
    await merchant.taps("✅ 放行")
    await company.factory.sees("商家放行包裹", anywhere=True)
    assert await counts(company.stage, company.merchant_number) == {"shipped": 1}


async def test_a_paste_of_what_is_no_longer_the_factorys_is_kept_by_one_press_and_told_once(
    company: Company,
) -> None:
    merchant, factory = company.merchant, company.factory
    cards = await assigned(company, Row(ONE), Row(TWO), Row(THREE))
    tags = [tag_of(card) for card in cards]
    await recalled(company)
    await factory.taps("拒单", cards[1])
    await factory.taps("缺货", cards[1])
    await imports(company, Row(THREE, status="已关闭"))
    await factory.sees("停止发货", anywhere=True)
    lines = "\n".join(f"{tag} {one}" for tag, one in zip(tags, NUMBERS, strict=True))
    await factory.sends(lines)
    report = await factory.sees("请勿发货：3 行")
    for number, why in zip(NUMBERS, ("商家已撤回", "你已拒单", "已取消"), strict=True):
        assert f"{number} · {why}" in report.text
    await factory.taps("其中 3 单包裹已经寄出", report)
    report = await factory.sees("等商家决定", anywhere=True)
    assert "已不归你发货但包裹已寄出，等商家决定：2 单" in report.text
    assert "停发前已寄出，等商家决定：1 单" in report.text
    alarm = await merchant.sees("有 3 单不该发货，包裹却已寄出", anywhere=True)
    assert all(number in alarm.text for number in NUMBERS)
    await merchant.taps(ONE[-6:], alarm)
    await merchant.taps("拦截")
    told = await factory.sees("请拦截包裹", anywhere=True)
    assert NUMBERS[0] in told.text
    assert await counts(company.stage, company.merchant_number) == {"unassigned": 2, "stopped": 1}
    await factory.sends(lines)
    assert (await factory.sees("之前已登记")).text.count("之前已登记") == 2


async def test_an_order_that_came_back_takes_its_number_on_the_new_card(company: Company) -> None:
    merchant, factory = company.merchant, company.factory
    [card] = await assigned(company, Row(ONE))
    told = await recalled(company)
    await merchant.sends(f"/assign {ONE} {company.factory_number}")
    again = await factory.sees("新订单", after=told)
    await remembered(company, again)
    await factory.replies(card, NUMBERS[0])
    refused = await factory.sees("这单又分给你了")
    assert tag_of(again) in refused.text
    await factory.replies(again, NUMBERS[0])
    await factory.sees("✅ 已发货")
