"""What people do on their phones, as the bot hears it."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.page.conftest import FACTORY, MERCHANT, NEWCOMER
from tests.page.scripted_bot import ScriptedBot, keys


def test_an_empty_chat_begins_with_start(bot: ScriptedBot, merchant: Locator) -> None:
    merchant.get_by_role("button", name="开始", exact=True).click()
    assert bot.hears("message")["text"] == "/start"
    expect(merchant.locator(".message.own")).to_contain_text("/start")
    expect(merchant.get_by_role("textbox", name="消息")).to_be_visible()


def test_enter_sends_and_shift_enter_breaks_the_line(bot: ScriptedBot, merchant: Locator) -> None:
    bot.say(MERCHANT, "你好")
    box = merchant.get_by_role("textbox", name="消息")
    box.fill("第一行")
    box.press("Shift+Enter")
    box.press_sequentially("第二行")
    box.press("Enter")
    assert bot.hears("message")["text"] == "第一行\n第二行"
    expect(box).to_have_value("")


def test_a_reply_to_a_card_reaches_the_bot_as_a_reply(bot: ScriptedBot, factory: Locator) -> None:
    card = bot.say(FACTORY, "新订单 #K7QM")
    bot.say(FACTORY, "另一张")
    factory.locator(".message").first.hover()
    factory.locator(".message").first.get_by_role("button", name="回复").click()
    box = factory.get_by_role("textbox", name="消息")
    expect(box).to_be_focused()
    box.fill("SF1234567890123")
    box.press("Enter")
    heard = bot.hears("message")
    assert heard["reply_to_message"]["message_id"] == card
    expect(factory.locator(".message.own .quote")).to_contain_text("新订单 #K7QM")


def test_a_forced_reply_opens_by_itself(bot: ScriptedBot, merchant: Locator) -> None:
    asked = bot.say(
        MERCHANT,
        "店铺叫什么？",
        reply_markup={"force_reply": True, "input_field_placeholder": "最多 20 字"},
    )
    box = merchant.get_by_role("textbox", name="消息")
    expect(box).to_have_attribute("placeholder", "最多 20 字")
    box.fill("满满家居")
    box.press("Enter")
    assert bot.hears("message")["reply_to_message"]["message_id"] == asked
    expect(box).to_have_attribute("placeholder", "写消息…")


def test_ones_own_message_can_be_edited_and_deleted(bot: ScriptedBot, merchant: Locator) -> None:
    bot.say(MERCHANT, "你好")
    box = merchant.get_by_role("textbox", name="消息")
    box.fill("SF1")
    box.press("Enter")
    own = merchant.locator(".message.own")
    own.locator(".bubble").click(button="right")
    merchant.get_by_role("menuitem", name="编辑").click()
    expect(box).to_have_value("SF1")
    box.fill("SF2")
    box.press("Enter")
    assert bot.hears("edited_message")["text"] == "SF2"
    expect(own).to_contain_text("已编辑")
    own.locator(".bubble").click(button="right")
    merchant.get_by_role("menuitem", name="删除").click()
    merchant.get_by_role("alertdialog").get_by_role("button", name="删除").click()
    expect(own).to_have_count(0)


def test_a_file_goes_both_ways(
    page: Page, bot: ScriptedBot, merchant: Locator, tmp_path: Path
) -> None:
    bot.send_file(MERCHANT, "sendDocument", "document", "已发货.csv", "单号".encode())
    with page.expect_download() as saved:
        merchant.get_by_role("link", name="下载 已发货.csv").click()
    assert saved.value.suggested_filename == "已发货.csv"
    assert Path(saved.value.path()).read_bytes() == "单号".encode()

    mine = tmp_path / "订单.csv"
    mine.write_bytes("主订单编号".encode())
    merchant.get_by_role("button", name="添加文件或图片").click()
    with page.expect_file_chooser() as chooser:
        merchant.get_by_role("menuitem", name="文件").click()
    chooser.value.set_files(mine)
    merchant.get_by_role("button", name="发送", exact=True).last.click()
    heard = bot.hears("message")["document"]
    assert heard["file_name"] == "订单.csv"
    assert bot.download(heard["file_id"]) == "主订单编号".encode()


def test_the_command_menu_lists_what_is_in_force_and_sends_on_tap(
    bot: ScriptedBot, merchant: Locator
) -> None:
    bot.say(MERCHANT, "你好")
    bot.call(
        "setMyCommands",
        commands=[
            {"command": "orders", "description": "订单"},
            {"command": "assign", "description": "分配"},
        ],
        scope={"type": "chat", "chat_id": MERCHANT},
    )
    box = merchant.get_by_role("textbox", name="消息")
    expect(merchant.get_by_role("button", name="命令菜单")).to_be_visible()
    box.press_sequentially("/as")
    expect(merchant.get_by_role("option")).to_have_count(1)
    box.press("Enter")
    assert bot.hears("message")["text"] == "/assign"


def test_a_deep_link_opens_on_the_phone_where_it_is_tapped(
    bot: ScriptedBot, factory: Locator
) -> None:
    link = {"text": "绑定", "url": "https://t.me/daifa_bot?start=b_Xy9"}
    bot.say(FACTORY, "请点", reply_markup=keys([link]))
    factory.get_by_role("button", name="绑定").click()
    heard = bot.hears("message")
    assert (heard["text"], heard["from"]["id"]) == ("/start b_Xy9", FACTORY)


def test_another_person_can_take_a_phone_and_is_remembered(page: Page, bot: ScriptedBot) -> None:
    page.get_by_role("button", name=re.compile("^赵敏，切换")).click()
    page.get_by_role("menuitemradio", name="陈新").click()
    newcomer = page.get_by_role("region", name="陈新的手机")
    newcomer.get_by_role("button", name="开始", exact=True).click()
    assert bot.hears("message")["from"]["id"] == NEWCOMER
    page.reload()
    expect(newcomer).to_be_visible()
    expect(page.get_by_role("region", name="赵敏的手机")).to_have_count(0)


def test_a_phones_width_shows_one_phone_with_tabs_and_unread_counts(
    page: Page, bot: ScriptedBot
) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    expect(page.locator(".phone")).to_have_count(1)
    bot.say(FACTORY, "新订单")
    tab = page.get_by_role("navigation", name="人物").get_by_role("button", name="王大力")
    expect(tab.get_by_role("img", name="1 条未读")).to_be_visible()
    tab.click()
    expect(page.get_by_role("region", name="王大力的手机")).to_contain_text("新订单")
    expect(tab.get_by_role("img")).to_have_count(0)
    assert page.evaluate("document.documentElement.scrollWidth") == 390


def test_the_call_log_and_a_fault_switched_on_the_page(page: Page, bot: ScriptedBot) -> None:
    page.get_by_role("button", name="故障").click()
    page.get_by_role("switch", name="429").click()
    expect(page.get_by_role("switch", name="429")).to_have_attribute("aria-checked", "true")
    page.keyboard.press("Escape")
    with pytest.raises(AssertionError, match="Too Many Requests"):
        bot.say(MERCHANT, "你好")
    page.get_by_role("button", name="调用记录").click()
    call = page.locator(".call", has_text="sendMessage").first
    expect(call).to_contain_text("429")
    call.click()
    expect(call.locator("pre")).to_contain_text("你好")


def test_a_file_dropped_on_a_phone_is_sent_after_one_look(
    page: Page, bot: ScriptedBot, merchant: Locator
) -> None:
    bot.say(MERCHANT, "请发订单文件")
    expect(merchant.locator(".message")).to_have_count(1)
    dropped = page.evaluate_handle(
        """() => {
            const files = new DataTransfer();
            files.items.add(new File(["主订单编号"], "导出.csv", { type: "text/csv" }));
            return files;
        }"""
    )
    merchant.locator(".screen").dispatch_event("drop", {"dataTransfer": dropped})
    sheet = merchant.get_by_role("dialog", name="发送文件")
    expect(sheet).to_contain_text("导出.csv")
    sheet.get_by_role("textbox").press("Enter")
    assert bot.hears("message")["document"]["file_name"] == "导出.csv"
    expect(sheet).to_have_count(0)


def test_somebody_new_is_added_to_a_phone(page: Page, bot: ScriptedBot) -> None:
    page.get_by_role("button", name=re.compile("^赵敏，切换")).click()
    page.get_by_role("menuitem", name="添加一个人").click()
    page.get_by_label("名字").fill("周舟")
    page.get_by_role("button", name="添加", exact=True).click()
    page.get_by_role("region", name="周舟的手机").get_by_role("button", name="开始").click()
    assert bot.hears("message")["from"]["first_name"] == "周舟"


def test_a_stopped_bot_can_be_started_again(bot: ScriptedBot, merchant: Locator) -> None:
    bot.say(MERCHANT, "你好")
    expect(merchant.locator(".message")).to_have_count(1)
    merchant.get_by_role("button", name="更多").click()
    merchant.get_by_role("menuitem", name="停用机器人").click()
    assert bot.hears("my_chat_member")["new_chat_member"]["status"] == "kicked"
    merchant.get_by_role("button", name="重新启用机器人").click()
    assert bot.hears("my_chat_member")["new_chat_member"]["status"] == "member"
    expect(merchant.get_by_role("textbox", name="消息")).to_be_visible()


def test_a_group_is_made_and_the_back_arrow_leads_to_the_list(
    bot: ScriptedBot, merchant: Locator, factory: Locator
) -> None:
    merchant.get_by_role("button", name="更多").click()
    merchant.get_by_role("menuitem", name="新建群组").click()
    merchant.get_by_label("群名").fill("满满和大力")
    merchant.get_by_label("王大力").check()
    merchant.get_by_role("button", name="创建").click()
    expect(merchant.get_by_role("heading", name="满满和大力")).to_be_visible()
    group = bot.hears("my_chat_member")["chat"]["id"]
    bot.say(group, "大家好")
    factory.get_by_role("button", name="返回聊天列表").click()
    row = factory.get_by_role("button", name=re.compile("满满和大力"))
    expect(row).to_contain_text("代发：大家好")
    row.click()
    expect(factory.locator(".message .sender")).to_have_text("代发")


def test_topics_are_shown_and_written_in(
    bot: ScriptedBot, merchant: Locator, factory: Locator
) -> None:
    merchant.get_by_role("button", name="更多").click()
    merchant.get_by_role("menuitem", name="新建群组").click()
    merchant.get_by_label("群名").fill("发货群")
    merchant.get_by_label("王大力").check()
    merchant.get_by_role("textbox", name="话题").fill("发货，售后")
    merchant.get_by_role("button", name="创建").click()
    expect(merchant.get_by_role("heading", name="发货群")).to_be_visible()
    where = merchant.get_by_role("combobox", name="话题")
    expect(where.get_by_role("option")).to_have_text(["综合", "发货", "售后"])
    where.select_option(label="发货")
    merchant.get_by_role("textbox", name="消息").fill("/here@daifa_bot")
    merchant.get_by_role("button", name="发送").click()
    expect(merchant.locator(".message .topic")).to_have_text("# 发货")
    said = bot.hears("message")
    while "text" not in said:
        said = bot.hears("message")
    topic = said["message_thread_id"]
    # A selective reply field opens on the phone of whom it is for, and on no other.
    factory.get_by_role("button", name="返回聊天列表").click()
    factory.get_by_role("button", name=re.compile("发货群")).click()
    bot.say(
        said["chat"]["id"], "单号？", message_thread_id=topic,
        reply_parameters={"message_id": said["message_id"]},
        reply_markup={"force_reply": True, "selective": True},
    )  # fmt: skip
    expect(merchant.locator(".composer .context")).to_be_visible()
    expect(factory.get_by_text("单号？")).to_be_visible()
    expect(factory.locator(".composer .context")).to_be_hidden()


def test_the_pages_own_words_come_in_english_too(page: Page) -> None:
    page.get_by_role("button", name="Switch to English").click()
    expect(page.get_by_role("region", name="林小满's phone")).to_be_visible()
    page.reload()
    expect(page.get_by_role("button", name="Call log")).to_be_visible()
