"""What the bot says and does, as the people looking at their phones see it."""

import io

import segno
from playwright.sync_api import Locator, Page, expect

from tests.page.conftest import FACTORY, MERCHANT
from tests.page.scripted_bot import ScriptedBot, keys


def test_a_message_appears_live_on_the_right_phone_only(
    bot: ScriptedBot, merchant: Locator, factory: Locator
) -> None:
    bot.say(MERCHANT, "今天有 <b>12</b> 个订单 &lt;img src=x&gt;")
    message = merchant.locator(".message").last
    expect(message).to_contain_text("今天有 12 个订单 <img src=x>")
    expect(message.locator("b", has_text="12")).to_be_visible()
    expect(factory.locator(".message")).to_have_count(0)


def test_an_edit_shows_in_place_and_a_deleted_message_goes(
    bot: ScriptedBot, merchant: Locator
) -> None:
    first = bot.say(MERCHANT, "收件人：张三")
    bot.say(MERCHANT, "下一条")
    expect(merchant.locator(".message")).to_have_count(2)
    bot.call("editMessageText", chat_id=MERCHANT, message_id=first, text="收件人：已隐藏")
    expect(merchant.locator(".message").first).to_contain_text("收件人：已隐藏")
    expect(merchant.locator(".message").first).to_contain_text("已编辑")
    bot.call("deleteMessage", chat_id=MERCHANT, message_id=first)
    expect(merchant.locator(".message")).to_have_count(1)
    expect(merchant).not_to_contain_text("收件人")


def test_typing_shows_until_the_message_comes(bot: ScriptedBot, merchant: Locator) -> None:
    bot.say(MERCHANT, "稍等")
    bot.call("sendChatAction", chat_id=MERCHANT, action="typing")
    expect(merchant.get_by_text("正在输入…")).to_be_visible()
    bot.say(MERCHANT, "好了")
    expect(merchant.get_by_text("正在输入…")).to_have_count(0)


def test_a_picture_is_shown_and_enlarges_on_tap(
    page: Page, bot: ScriptedBot, merchant: Locator
) -> None:
    picture = io.BytesIO()
    segno.make("t.me/daifa_bot?start=b1").save(picture, kind="png", scale=6)
    bot.send_file(MERCHANT, "sendPhoto", "photo", "qr.png", picture.getvalue())
    image = merchant.get_by_role("button", name="放大图片").locator("img")
    expect(image).to_be_visible()
    page.wait_for_function("image => image.naturalWidth > 100", arg=image.element_handle())
    image.click()
    expect(page.get_by_role("dialog", name="图片")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog", name="图片")).to_have_count(0)


def test_a_button_shows_it_waits_then_the_answer_as_a_toast(
    bot: ScriptedBot, factory: Locator
) -> None:
    bot.say(FACTORY, "新订单", reply_markup=keys([{"text": "接单", "callback_data": "acc:1"}]))
    button = factory.get_by_role("button", name="接单")
    button.click()
    expect(button).to_have_attribute("aria-busy", "true")
    query = bot.hears("callback_query")
    assert (query["data"], query["from"]["id"]) == ("acc:1", FACTORY)
    bot.call("answerCallbackQuery", callback_query_id=query["id"], text="已接单")
    expect(factory.get_by_role("status")).to_have_text("已接单")
    expect(button).not_to_have_attribute("aria-busy", "true")


def test_an_alert_waits_for_ok_on_its_own_phone(
    bot: ScriptedBot, merchant: Locator, factory: Locator
) -> None:
    bot.say(FACTORY, "订单", reply_markup=keys([{"text": "拒单", "callback_data": "dec:1"}]))
    factory.get_by_role("button", name="拒单").click()
    query = bot.hears("callback_query")
    bot.call(
        "answerCallbackQuery", callback_query_id=query["id"], text="已经发货了", show_alert=True
    )
    alert = factory.get_by_role("alertdialog")
    expect(alert).to_contain_text("已经发货了")
    expect(merchant.get_by_role("alertdialog")).to_have_count(0)
    alert.get_by_role("button", name="好").click()
    expect(alert).to_have_count(0)


def test_a_copy_button_really_copies(page: Page, bot: ScriptedBot, factory: Locator) -> None:
    copy = {"text": "复制电话", "copy_text": {"text": "13800002211"}}
    bot.say(FACTORY, "收件信息", reply_markup=keys([copy]), protect_content=True)
    expect(factory.get_by_role("img", name="受保护")).to_be_visible()
    factory.get_by_role("button", name="复制电话").click()
    expect(factory.get_by_role("status")).to_have_text("已复制")
    assert page.evaluate("navigator.clipboard.readText()") == "13800002211"


def test_what_came_while_the_line_was_cut_is_there_afterwards(
    page: Page, bot: ScriptedBot, merchant: Locator
) -> None:
    page.route("**/api/events*", lambda route: route.fulfill(status=204))
    page.reload()
    lost = page.get_by_text("连接断开，正在重连…")
    expect(lost).to_be_visible()
    bot.say(MERCHANT, "断线时说的")
    expect(merchant.locator(".message")).to_have_count(0)
    page.unroute("**/api/events*")
    expect(merchant.locator(".message")).to_contain_text("断线时说的")
    expect(lost).to_be_hidden()


def test_the_view_stays_where_the_reader_scrolled_to(bot: ScriptedBot, merchant: Locator) -> None:
    for number in range(30):
        bot.say(MERCHANT, f"第 {number} 条")
    log = merchant.get_by_role("log")
    expect(log).to_contain_text("第 29 条")
    log.evaluate("log => log.scrollTo(0, 40)")
    down = merchant.get_by_role("button", name="到最新消息")
    expect(down).to_be_visible()
    bot.say(MERCHANT, "新的一条")
    newer = merchant.get_by_role("button", name="1 条新消息")
    expect(newer).to_be_visible()
    assert log.evaluate("log => log.scrollTop") < 100
    newer.click()
    expect(log.get_by_text("新的一条")).to_be_in_viewport()
    expect(newer).to_be_hidden()
