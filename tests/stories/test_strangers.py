"""Buttons pressed by people they were not made for: nothing happens, nothing is learnt.

Ids in a button are claims. A stranger who sends any button's data with another shop's ids is
answered as if the thing did not exist; the owner who presses twice or late sees what stands now.
"""

import inspect
import io
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from typing import Any

from aiogram.filters.callback_data import CallbackData

from bench.waybills import Photo, photo
from bot.keyboards import data as d
from playground.phone import Phone
from playground.seen import M
from tests.cast import Row, order_no
from tests.conftest import Company
from tests.conversations.at_work import assigned, card_in, group
from tests.conversations.helping import shop_id

NUMBER = "SF1234567890123"
CLASSES = sorted(
    (one for _, one in inspect.getmembers(d, inspect.isclass)
     if issubclass(one, CallbackData) and one is not CallbackData),
    key=lambda one: one.__prefix__,
)  # fmt: skip
# What acts on the presser alone, and so is nobody else's.
ONES_OWN: set[type[CallbackData]] = {d.ChooseRole, d.SetLang, d.Cancel, d.AskAgain}
# Words a field may hold, so that every branch of a decision is tried.
WORDS: dict[str, tuple[str, ...]] = {
    "AnswerBinding.answer": ("confirm", "refuse", "withdraw", "view"),
    "AnswerImport.answer": ("confirm", "drop", "delete", "view"),
    "AnswerPhotos.answer": ("confirm", "drop", "view"),
    "PrintSlips.of": ("batch", "ticked", "open", "one"),
    "PickList.of": ("batch", "ticked", "open", "one"),
    "EditShop.what": ("name", "ship_from"),
    "Unbind.how": ("", "back", "finish"),
    "Decline.why": ("", "price", "other"),
    "OpenMenu.place": ("orders", "assign", "partners", "export", "template", "shop", "link"),
    "ListOrders.tab": ("unassigned", "to_ship"),
    "ExportSpan.period": ("today",),
    "ExportFile.period": ("today",),
    "EditFilter.what": ("factory", "code", "province", "paid", "due"),
    "SetFilter.what": ("factory", "code", "province", "paid", "due"),
    "AcceptMany.of": ("batch", "ticked", "open"),
    "DeclineMany.of": ("batch", "ticked", "open"),
    "DeclineMany.why": ("", "price", "other"),
    "PackingList.of": ("batch", "ticked", "open"),
    "ChooseCarrier.carrier": ("shunfeng", "all"),
    "SplitPieces.how": ("even",),
    "AnswerPaste.say": ("carrier", "carriers", "order", "sure", "fix", "split", "pass"),
    "AnswerPaste.choice": ("zto",),
    "AnswerPaste.alike": ("1",),
}
NUMBERS = {
    "line": (0,),
    "page": (0,),
    "ref": (0, 1),
    "partner": (0, 1),
    "photo": (0,),
    "index": (0,),
    "back": (0,),
    "tick": (0, 1),
    "sure": (0, 1),
    "after": (0,),
}
# Of what a stranger must never be shown.
SECRETS = ("小满优选", "陶瓷马克杯", "13912345678", "张三丰", NUMBER, order_no(1))


def state(company: Company) -> str:
    """Return everything the database holds of the business."""
    tables = (
        "shop", "member", "member_invite", "ship_from", "binding", "orders", "order_line",
        "order_change",
        "assignment", "assignment_piece", "shipment", "shipment_piece", "counter", "audit", "look",
        "assign_draft", "assign_draft_item", "import_draft", "ship_draft", "paste_draft", "job",
        "assignment_tick",
    )  # fmt: skip
    address = f"file:{company.stage.settings.database_path}?mode=ro"
    with closing(sqlite3.connect(address, uri=True, timeout=10)) as raw:
        return repr([raw.execute(f"SELECT * FROM {one}").fetchall() for one in tables])


def forged(one: type[CallbackData], shop: int, ids: dict[str, int]) -> Iterator[str]:
    """Return the class's data with that shop's ids, for every word its fields may hold."""
    choices: dict[str, tuple[Any, ...]] = {}
    for name, about in one.model_fields.items():
        if name == "shop":
            choices[name] = (shop,)
        elif name in ids:
            choices[name] = (ids[name],)
        elif about.annotation is int:
            choices[name] = NUMBERS.get(name, (0, 1))
        else:
            choices[name] = WORDS.get(f"{one.__name__}.{name}", ("",))
    sets: list[dict[str, Any]] = [{}]
    for name, values in choices.items():
        sets = [{**known, name: value} for known in sets for value in values]
    return (one(**values).pack() for values in sets)


async def busy(company: Company) -> tuple[list[M], dict[str, int]]:
    """Fill both shops: orders in every state, drafts of every kind. Returns cards and ids."""
    rows = [Row(order_no(one), hours=20 + one) for one in range(1, 6)]
    cards = await assigned(company, *rows[:3])
    await company.factory.replies(cards[0], NUMBER)
    await company.factory.replies(cards[1], "123456789012")  # whose, is asked: a draft is open
    await company.factory.sends(f"{order_no(3)} 123456789013")  # and here too
    await company.factory.uploads("1.jpg", _photo(), "photo", reply_to=cards[2])
    await company.factory.sees("对照快递单")  # waits for 确认发货
    await company.merchant.uploads("订单.xlsx", _file(rows))
    await company.merchant.sees("以上为预览")
    await company.merchant.taps("确认导入")
    await company.merchant.sends("/assign")
    await company.merchant.taps("全部")  # one factory: its dry run waits for 确认分配
    await company.merchant.uploads("订单.xlsx", _file([Row(order_no(9))]))
    await company.merchant.sees("以上为预览")  # waits for 确认导入

    def look(store: Any) -> dict[str, int]:
        one = store.session.connection().exec_driver_sql
        return {
            "binding": one("SELECT max(id) FROM binding").scalar_one(),
            "order": one("SELECT max(id) FROM orders").scalar_one(),
            "assignment": one("SELECT max(id) FROM assignment").scalar_one(),
            "factory": one("SELECT factory_id FROM binding").scalar_one(),
            "shipment": one("SELECT max(id) FROM shipment").scalar_one(),
            "account": one("SELECT max(account_id) FROM member").scalar_one(),
            "ref": one("SELECT max(draft_id) FROM assignment").scalar_one(),
        }

    return cards, await company.stage.read(look)


def _file(rows: list[Row]) -> bytes:
    from tests.cast import export

    return export(rows)


def _photo() -> bytes:
    file = io.BytesIO()
    photo(Photo("SF5555555555555")).save(file, "JPEG")
    return file.getvalue()


async def drafts(company: Company, name: str) -> int:
    """Return the newest draft of a kind."""

    def look(store: Any) -> int:
        one = store.session.connection().exec_driver_sql
        return int(one(f"SELECT max(id) FROM {name}_draft").scalar_one())

    return await company.stage.read(look)


DRAFT_OF = {
    d.AnswerImport: "import", d.ShowLeftOut: "import", d.GetRefused: "import",
    d.UndoImport: "import",
    d.AssignTo: "assign", d.ConfirmAssign: "assign",
    d.SkippedFile: "assign", d.SplitPieces: "ship",
    d.AnswerPaste: "paste", d.ShowPaste: "paste",
    d.AnswerPhotos: "paste", d.PickNumber: "paste",
    d.RecallBatch: "assign", d.ChooseCarrier: "ship", d.InsistNumber: "ship", d.DropShip: "ship",
}  # fmt: skip
OF_A_BATCH = {d.ShowBatch, d.ListGiven, d.TickGiven, d.Untick}


async def test_every_button_forged_with_another_shops_ids_does_and_shows_nothing(
    company: Company,
) -> None:
    """By a merchant and by a factory who have shops of their own, and by one who has none."""
    stage = company.stage
    _, ids = await busy(company)
    await stage.opens_shop(company.newcomer, "商家", "陈新小店")
    shops = [
        await shop_id(stage, company.merchant_number), await shop_id(stage, company.factory_number)
    ]  # fmt: skip
    before, tried = state(company), 0
    for stranger in (company.newcomer, company.other_factory):
        await stranger.sends("/help")
        pad = stranger.last
        for one in CLASSES:
            if one in ONES_OWN:
                continue
            known = dict(ids)
            if one in DRAFT_OF:
                known["draft"] = await drafts(company, DRAFT_OF[one])
            elif one in OF_A_BATCH:
                known["draft"] = ids["ref"]
            for shop in shops:
                for data in forged(one, shop, known):
                    answer = await stranger.forges(data, pad)
                    tried += 1
                    shown = [answer.text, *(m.text for m in await stranger.chat())]
                    for secret in SECRETS:
                        assert not any(secret in text for text in shown), (data, secret)
                    assert state(company) == before, data
    assert tried > 2 * 2 * len(CLASSES) * 0.8


async def test_ones_own_shop_with_anothers_things_is_no_key_either(company: Company) -> None:
    """The shop in the button is the stranger's own; the order, binding or draft is not."""
    stage = company.stage
    _, ids = await busy(company)
    number = await stage.opens_shop(company.newcomer, "商家", "陈新小店")
    own = {
        company.newcomer: await shop_id(stage, number),
        company.other_factory: await shop_id(stage, company.other_number),
    }
    before = state(company)
    things = {*ids, "draft"}
    for stranger, shop in own.items():
        await stranger.sends("/help")
        pad = stranger.last
        for one in CLASSES:
            if not things & set(one.model_fields) or one in ONES_OWN:
                continue
            known = dict(ids)
            if one in DRAFT_OF:
                known["draft"] = await drafts(company, DRAFT_OF[one])
            elif one in OF_A_BATCH:
                known["draft"] = ids["ref"]
            for data in forged(one, shop, known):
                answer = await stranger.forges(data, pad)
                shown = [answer.text, *(m.text for m in await stranger.chat())]
                for secret in SECRETS:
                    assert not any(secret in text for text in shown), (data, secret)
                assert state(company) == before, data


async def test_absence_and_prohibition_look_the_same(company: Company) -> None:
    """A foreign order and one that never was get the same answer, letter for letter."""
    _, ids = await busy(company)
    await company.other_factory.sends("/help")
    pad, foreign = company.other_factory.last, await shop_id(company.stage, company.factory_number)
    own = await shop_id(company.stage, company.other_number)
    for shop in (own, foreign, 99_999):
        answers = [
            await company.other_factory.forges(d.Accept(shop=shop, assignment=one).pack(), pad)
            for one in (ids["assignment"], 99_999)
        ]
        assert answers[0].text
        assert answers[0].text == answers[1].text


NONSENSE = (
    "nonsense", "ok:1", "ok:x:y", "ok:-1:-1", "ok:1:99999999999999999999999", "x:1:2:3",
    "ol:1:to_ship:zz:zz:9:9", "ol:1:to_ship:zz:zzzzzzzzzzzzzzzzzz:0:0", "ol:1:to_ship:????:::0",
    "ex:1:999999999999", "bd:1:1:👻", " ",
)  # fmt: skip


async def test_nonsense_in_a_button_is_answered_and_harms_nothing(company: Company) -> None:
    before = state(company)
    await company.factory.sends("/help")
    for data in NONSENSE:
        answer = await company.factory.forges(data, company.factory.last)
        assert answer.answered, data
        assert state(company) == before, data
    assert await company.stage.read(_poisoned) == []


def _poisoned(store: Any) -> list[Any]:
    return list(store.session.connection().exec_driver_sql("SELECT * FROM poisoned_update"))


async def test_somebody_else_in_the_group_presses_the_factorys_buttons(company: Company) -> None:
    [_] = await assigned(company, Row(order_no(1)))
    chat = await group(company, company.merchant, company.newcomer)
    card = await card_in(company, chat)
    before = state(company)
    for stranger in (company.newcomer, company.merchant):
        for label in ("接单", "查看收件信息", "拒单", "填写单号"):
            answer = await stranger.taps(label, card, chat_id=chat)
            assert "没有找到" in answer.text, label
            assert answer.show_alert
    assert state(company) == before
    await stays(company.factory, card, chat)
    for phone in (company.newcomer, company.merchant, company.factory):
        assert not any("13912345678" in one.text for one in await phone.chat(chat))
    # The one it was made for still can.
    await company.factory.taps("接单", card, chat_id=chat)
    assert state(company) != before


async def stays(phone: Phone, card: M, chat: int) -> None:
    """The card still says what it said."""
    now = next(one for one in await phone.chat(chat) if one.message_id == card.message_id)
    assert now.text == card.text
    assert now.labels == card.labels


async def accepting(company: Company) -> str:
    """Return the data of 接单 under the first order's card."""
    shop = await shop_id(company.stage, company.factory_number)
    return d.Accept(shop=shop, assignment=1).pack()


async def test_pressed_twice_happens_once(company: Company) -> None:
    """Two quick taps on a screen drawn before: the second changes nothing and is answered."""
    [card] = await assigned(company, Row(order_no(1)))
    data = await accepting(company)
    await company.factory.taps("接单", card)
    before = state(company)
    answer = await company.factory.forges(data, card)
    assert answer.answered
    assert state(company) == before


async def test_pressed_late_says_so_and_the_card_is_redrawn(company: Company) -> None:
    """The merchant took the order back; the factory's old card is pressed."""
    [card] = await assigned(company, Row(order_no(1)))
    await company.merchant.sends(f"/orders {order_no(1)}")
    await company.merchant.taps("撤回")
    await company.factory.sees("请勿发货", anywhere=True)
    for label in ("接单", "查看收件信息", "填写单号"):
        fresh = [one for one in await company.factory.chat() if one.message_id == card.message_id]
        if label not in " ".join(fresh[0].labels):
            continue
        answer = await company.factory.taps(label, fresh[0])
        assert "商家已撤回" in answer.text
    late = await company.factory.forges(await accepting(company), card)
    assert "商家已撤回" in late.text
    now = next(one for one in await company.factory.chat() if one.message_id == card.message_id)
    assert "商家已撤回" in now.text
    assert not any("接单" in label for label in now.labels)
