"""Shipping many at once: lines pasted, what is certain shipped, the rest asked or handed back."""

from playground.seen import M
from storage.store import SqlStore
from tests.cast import Row, order_no, replace
from tests.conftest import Company
from tests.conversations.at_work import assigned, group, imports, tag_of

SF = "SF12345678901{:02d}"
YT = "YT12345678901{:02d}"
AMBIGUOUS = "123456789{:03d}"


def row(number: int, pieces: int = 1) -> Row:
    """Return an order of a recipient of its own."""
    return Row(
        order_no(number), pieces=pieces, name=f"收件人{number}", address=f"示例路 {number} 号"
    )


async def tags(company: Company, *rows: Row) -> list[str]:
    return [tag_of(card) for card in await assigned(company, *rows)]


async def parcels(company: Company, order_id: int) -> list[str]:
    found = await company.stage.read(lambda store: list(store.shipments.of_order(order_id)))
    return [one.tracking_number for one in found]


async def messages(company: Company, words: str) -> list[M]:
    return [m for m in await company.factory.chat() if words in m.text]


async def test_lines_ship_whatever_stands_first_and_whatever_names_the_order(
    company: Company,
) -> None:
    a, _b, _c, d, e = await tags(company, *(row(n) for n in range(1, 6)))
    [f] = await tags(company, row(6))
    text = "\n".join(
        [
            "短号\t快递单号",
            f"{a} {SF.format(1)}",
            f"{YT.format(2)}，{order_no(2)}",
            f"{order_no(3)[-6:]} | 顺丰 | {SF.format(3)}",
            f"#{d.lower()}：{SF.format(4)} 谢谢",
            "圆通",
            f"{e}-{YT.format(5)}",
            f"{f}\t{order_no(6)}\t马克杯\t奶白色\tMUG-01\t1\t\t03-02 18:00\t圆通\t{YT.format(6)}",
        ]
    )
    await company.factory.sends(text)
    told = company.factory.last
    assert "✅ 已发货 6 单" in told.text
    assert f"{a} …{order_no(1)[-6:]} · 顺丰速运 {SF.format(1)}" in told.text
    assert "没有发货" not in told.text
    for n, number in enumerate((SF, YT, SF, SF, YT, YT), start=1):
        assert await parcels(company, n) == [number.format(n)]
    # More than five: one message to the merchant.
    news = await company.merchant.sees("已发货 6 单")
    assert SF.format(1) in news.text
    counts = await company.stage.read(lambda store: (store.counts(1), store.counts(2)))
    assert [(one["shipped"], one["to_ship"]) for one in counts] == [(6, 0), (6, 0)]


async def test_what_cannot_ship_comes_back_to_mend_and_send_again(company: Company) -> None:
    a, b, c = await tags(company, row(1), row(2), row(3))
    await imports(company, replace(row(3), after_sale="退款中"))
    await company.factory.sees("停止发货", anywhere=True)
    await company.factory.sends(
        f"{a} {SF.format(1)}\n{b} SF12\nZZZ9 {SF.format(7)}\n{c} {SF.format(3)}\n{b} 7.81E+13"
    )
    told = company.factory.last
    assert "✅ 已发货 1 单" in told.text
    assert "⚠️ 没有发货：3 行" in told.text
    assert "⛔ 请勿发货：1 行" in told.text
    assert f"{b} SF12 ← 单号太短" in told.text
    assert f"ZZZ9 {SF.format(7)} ← 没找到这一单" in told.text
    # Nothing is to be mended in a stopped line: it stands apart, and says what to do.
    stopped = told.text.split("以下请勿发货")[1]
    assert "请撕下面单" in stopped
    assert f"{c} …{order_no(3)[-6:]} · 顺丰速运 {SF.format(3)} · 退款申请中" in stopped
    assert "←" not in stopped
    assert f"{b} 7.81E+13 ← 被表格改成了约数" in told.text
    # The block as it was copied, one line mended: the reasons behind the lines do no harm.
    block = [line for line in told.text.split("\n") if "←" in line]
    mended = "\n".join(block).replace("SF12 ", f"{SF.format(2)} ")
    await company.factory.replies(told, mended)
    assert "✅ 已发货 1 单" in company.factory.last.text
    assert await parcels(company, 2) == [SF.format(2)]
    assert await parcels(company, 3) == []


async def test_the_same_paste_again_ships_nothing_twice(company: Company) -> None:
    a, b = await tags(company, row(1), row(2))
    text = f"{a} {SF.format(1)}\n{order_no(2)[-5:]} {SF.format(2)}"
    await company.factory.sends(text)
    first = company.factory.last
    update = company.factory.update_id
    await company.stage.client.post(f"{company.stage.address}/api/updates/{update}/repeat")
    await company.factory.sees("已发货 2 单")
    assert first.text == company.factory.last.text
    await company.factory.sends(text)
    assert "这次没有发货" in company.factory.last.text
    assert "之前已按这个单号发货：2 行" in company.factory.last.text
    assert [await parcels(company, n) for n in (1, 2)] == [[SF.format(1)], [SF.format(2)]]
    assert b in company.factory.last.text


async def test_carriers_in_doubt_are_asked_once_for_all_alike_while_the_rest_ships(
    company: Company,
) -> None:
    a, b, c = await tags(company, row(1), row(2), row(3))
    await company.factory.sends(
        f"{a} {AMBIGUOUS.format(1)}\n{b} {AMBIGUOUS.format(2)}\n{c} {SF.format(3)}"
    )
    [report] = await messages(company, "已发货 1 单")
    assert "等你确认（见下一条消息）：2 行" in report.text
    asked = company.factory.last
    assert "还有 2 个问题" in asked.text
    assert f"{AMBIGUOUS.format(1)} 是哪家快递" in asked.text
    await company.factory.taps("这 2 行全部用中通快递", asked)
    assert "都确认完了" in company.factory.last.text
    assert await parcels(company, 1) == [AMBIGUOUS.format(1)]
    now = next(m for m in await company.factory.chat() if m.message_id == report.message_id)
    assert "✅ 已发货 3 单" in now.text
    assert f"中通快递 {AMBIGUOUS.format(2)}" in now.text
    # The button again: nothing happens, it says so.
    answer = await company.factory.forges("ap:2:1:0:carrier:zto:1", company.factory.last)
    assert answer.show_alert
    assert await parcels(company, 1) == [AMBIGUOUS.format(1)]


async def test_any_other_carrier_can_be_chosen_and_a_line_left_out(company: Company) -> None:
    a, b = await tags(company, row(1), row(2))
    await company.factory.sends(f"{a} {AMBIGUOUS.format(1)}\n{b} {AMBIGUOUS.format(2)}")
    await company.factory.taps("其他快递…")
    await company.factory.taps("德邦快递")
    assert await parcels(company, 1) == [AMBIGUOUS.format(1)]
    await company.factory.taps("跳过这一行")
    assert "都确认完了" in company.factory.last.text
    assert await parcels(company, 2) == []
    [report] = await messages(company, "已发货 1 单")
    assert "你选择跳过：1 行" in report.text


async def test_an_end_that_fits_two_open_orders_is_asked_about(company: Company) -> None:
    first = replace(row(1), order_no="69400000000123456")
    second = replace(row(2), order_no="69400000777123456")
    _, b = await tags(company, first, second)
    await company.factory.sends(f"123456 {SF.format(1)}")
    asked = company.factory.last
    assert "这个单号是哪一单的" in asked.text
    await company.factory.taps(b, asked)
    assert await parcels(company, 2) == [SF.format(1)]
    # The other one is now the only one open with that end.
    await company.factory.sends(f"123456 {SF.format(2)}")
    assert await parcels(company, 1) == [SF.format(2)]


async def test_another_number_for_a_shipped_order_is_a_correction_and_asked(
    company: Company,
) -> None:
    a, b = await tags(company, row(1), row(2))
    await company.factory.sends(f"{a} {SF.format(1)}\n{b} {SF.format(2)}")
    await company.factory.sends(f"{a} {SF.format(11)}\n{b} {SF.format(12)}")
    asked = company.factory.last
    assert f"{a} 已用 {SF.format(1)} 发货。要更正为 {SF.format(11)} 吗" in asked.text
    assert await parcels(company, 1) == [SF.format(1)]
    await company.factory.taps("这 2 行全部更正", asked)
    assert [await parcels(company, n) for n in (1, 2)] == [[SF.format(11)], [SF.format(12)]]
    await company.merchant.sees("更正了快递单号")
    await company.factory.sends(a)
    assert f"原单号：顺丰速运 {SF.format(1)} · 王大力" in company.factory.last.text


async def test_one_number_for_two_recipients_is_asked_for_one_recipient_not(
    company: Company,
) -> None:
    a, b, c, d = await tags(company, row(1), row(2), Row(order_no(3)), Row(order_no(4)))
    await company.factory.sends(
        f"{a} {SF.format(1)}\n{b} {SF.format(1)}\n{c} {SF.format(3)}\n{d} {SF.format(3)}"
    )
    assert [await parcels(company, n) for n in (3, 4)] == [[SF.format(3)]] * 2
    asked = company.factory.last
    assert f"{SF.format(1)} 这次给了不同的收件人" in asked.text
    await company.factory.taps("跳过这一行", asked)
    # With the other line gone nothing speaks against this one.
    assert "都确认完了" in company.factory.last.text
    assert [await parcels(company, n) for n in (1, 2)] == [[], [SF.format(1)]]


async def test_pieces_of_one_order_on_several_lines(company: Company) -> None:
    a, b, c = await tags(company, row(1, 3), row(2, 3), row(3, 2))
    await company.factory.sends(
        f"{a} {SF.format(1)} 1件\n{a} {SF.format(2)} x2\n{b} {SF.format(3)}\n{b} {SF.format(4)}\n"
        f"{c} {SF.format(5)} 3件"
    )
    assert await parcels(company, 1) == [SF.format(1), SF.format(2)]
    [report] = await messages(company, "已发货 1 单")
    assert "写了 3 件，只剩 2 件" in report.text
    asked = company.factory.last
    assert "3 件商品，2 个单号" in asked.text
    await company.factory.taps("平均分", asked)
    assert await parcels(company, 2) == [SF.format(3), SF.format(4)]
    left = await company.stage.read(lambda store: store.shipments.packed(2))
    assert sorted(left.values()) == [1, 2]


async def test_over_five_hundred_lines_are_refused_whole(company: Company) -> None:
    [tag] = await tags(company, row(1))
    await company.factory.sends("\n".join([f"{tag} {SF.format(1)}", *["22 S1"] * 500]))
    assert "一次最多 500 行" in company.factory.last.text
    assert await parcels(company, 1) == []


async def test_in_a_group_a_paste_replies_to_the_bot(company: Company) -> None:
    a, b = await tags(company, row(1), row(2))
    chat = await group(company, company.other_factory)
    card = await card_in_list(company, chat)
    await company.other_factory.sends(f"{a} {SF.format(1)}\n{b} {SF.format(2)}", card, chat_id=chat)
    assert await parcels(company, 1) == []
    await company.factory.sends(f"{a} {SF.format(1)}\n{b} {SF.format(2)}", card, chat_id=chat)
    assert "已发货 2 单" in company.factory.last_in[chat].text


async def card_in_list(company: Company, chat_id: int) -> M:
    await company.factory.sends("/orders", chat_id=chat_id)
    return company.factory.last_in[chat_id]


async def test_a_reply_to_one_card_that_speaks_of_others_does_not_ship_that_card(
    company: Company,
) -> None:
    cards = await assigned(company, row(1), row(2), row(3))
    a, b, _ = (tag_of(card) for card in cards)
    await company.factory.replies(cards[2], f"{a} {SF.format(1)}\n{b} {SF.format(2)}")
    assert "已发货 2 单" in company.factory.last.text
    assert await parcels(company, 3) == []


async def test_a_long_answer_has_pages(company: Company) -> None:
    [tag] = await tags(company, row(1))
    lines = [f"ZZ{n:02d}9 {SF.format(n)} 的包裹已经交给快递员了，请放心" for n in range(80)]
    await company.factory.sends("\n".join([f"{tag} {SF.format(1)}", *lines]))
    told = company.factory.last
    assert "没有发货：80 行" in told.text
    assert "1 / 2" in told.labels
    await company.factory.taps("▶️", told)
    assert SF.format(79) in company.factory.last.text
    assert f"{tag} …" in company.factory.last.text
    await company.factory.taps("◀️")
    assert SF.format(0) in company.factory.last.text


async def test_strangers_answer_nothing_and_a_day_later_it_is_gone(company: Company) -> None:
    [tag] = await tags(company, row(1))
    await company.factory.sends(f"{tag} {AMBIGUOUS.format(1)}")
    asked = company.factory.last
    await company.other_factory.sends("/start")
    for shop in (2, 3):
        for data in (f"ap:{shop}:1:0:carrier:sf:0", f"pg:{shop}:1:0"):
            answer = await company.other_factory.forges(data, company.other_factory.last)
            assert answer.show_alert
    assert await parcels(company, 1) == []

    def drop(store: SqlStore) -> None:
        store.drafts.drop_older(store.now)

    await company.stage.running.house.database.write(drop)  # type: ignore[arg-type]
    answer = await company.factory.taps("顺丰速运", asked)
    assert "已失效" in answer.text
    assert await parcels(company, 1) == []
    kept = await company.stage.read(lambda store: store.drafts.paste(1))
    assert kept is not None
    assert kept.sealed == b""


async def test_what_was_taken_back_is_not_shipped(company: Company) -> None:
    a, b = await tags(company, row(1), row(2))
    await company.factory.sends(b)
    await company.factory.taps("拒单")
    await company.factory.taps("缺货")
    await company.factory.sends(f"{a} {SF.format(1)}\n{b} {SF.format(2)}")
    assert f"{SF.format(2)} · 你已拒单" in company.factory.last.text.split("以下请勿发货")[1]
    assert await parcels(company, 1) == [SF.format(1)]


async def test_two_numbers_without_an_order_are_no_paste(company: Company) -> None:
    await assigned(company, row(1))
    await company.factory.sends(f"{SF.format(1)} {SF.format(2)}")
    assert "不知道是哪一单" in company.factory.last.text
    await company.factory.sends("4312 3456 7890 123")
    assert "不知道是哪一单" in company.factory.last.text


async def test_an_order_that_leaves_in_part_says_what_is_left_to_both(company: Company) -> None:
    rows = [row(1, pieces=5), *(row(n) for n in range(2, 7))]
    given = await tags(company, *rows[:5]) + await tags(company, rows[5])
    numbers = [f"{tag} {SF.format(n)}" for n, tag in enumerate(given, start=1)]
    await company.factory.sends("\n".join([f"{numbers[0]} 2件", *numbers[1:]]))
    told = company.factory.last.text
    assert f"{SF.format(1)} · 部分发货，还剩 3 件" in told
    assert told.count("部分发货") == 1
    news = await company.merchant.sees("已发货 6 单")
    assert f"{SF.format(1)} · 部分发货" in news.text
    assert news.text.count("部分发货") == 1


async def test_the_number_in_doubt_is_the_one_named_and_a_bare_number_wants_a_tag(
    company: Company,
) -> None:
    a, b, c = await tags(company, row(1), row(2, pieces=5), row(3, pieces=3))
    await company.factory.sends(f"{a} {SF.format(1)}")
    await company.factory.sends(f"{b} {SF.format(2)} 2件 {SF.format(1)} 3件")
    assert f"{SF.format(1)} 已经用在另一位收件人" in company.factory.last.text
    await company.factory.taps("跳过")
    await company.factory.sends(f"{c} {SF.format(3)} {SF.format(4)}")
    asked = company.factory.last
    assert f"{c} SF… 2件 SF… 1件" in asked.text
    await company.factory.replies(asked, f"{SF.format(3)} 2件")
    assert "没写是哪一单，请在单号前加上短号" in company.factory.last.text
    await company.factory.replies(asked, f"{c} {SF.format(3)} 2件 {SF.format(4)} 1件")
    assert await parcels(company, 3) == [SF.format(3), SF.format(4)]
    # The question still stands in the chat: answered late, it changes nothing.
    await company.factory.taps("平均分", asked)
    assert await parcels(company, 3) == [SF.format(3), SF.format(4)]


async def test_a_reply_to_the_digest_is_a_paste_and_a_number_alone_is_asked_about(
    company: Company,
) -> None:
    rows = [row(n) for n in range(1, 8)]
    await imports(company, *rows)
    numbers = " ".join(one.order_no for one in rows)
    await company.merchant.sends(f"/assign {numbers} {company.factory_number}")
    digest = await company.factory.sees("7 单", anywhere=True)
    await company.factory.replies(digest, SF.format(1))
    asked = company.factory.last
    assert "这个单号是哪一单的" in asked.text
    assert len(asked.labels) == 8  # seven orders, and leaving the line out
    await company.factory.taps(asked.labels[2], asked)
    assert [await parcels(company, n) for n in (1, 2, 3)] == [[], [], [SF.format(1)]]
    await company.factory.replies(
        digest, f"{order_no(1)} {SF.format(2)}\n{order_no(2)} {YT.format(1)}"
    )
    assert "已发货 2 单" in company.factory.last.text


async def test_an_orders_number_by_itself_opens_its_card_and_ships_nothing(
    company: Company,
) -> None:
    [a] = await tags(company, row(1))
    for typed in (order_no(1), a.lower()):
        await company.factory.sends(typed)
        assert f"🏷 {a} · 新订单" in company.factory.last.text
    await company.factory.sends(order_no(2))  # no order of theirs: digits as a parcel has
    assert "不知道是哪一单" in company.factory.last.text
    assert await parcels(company, 1) == []
