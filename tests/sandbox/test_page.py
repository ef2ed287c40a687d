"""The operator's page in a real browser: an order is placed, paid and changed, and all shows."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page, expect, sync_playwright

ROOT = Path(__file__).parents[2]
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    state = tmp_path / "sandbox.sqlite3"
    command = [sys.executable, "-m", "sandbox", "--port", "0", "--state", str(state)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        first_line = process.stdout.readline()
        assert first_line.startswith("Sandbox: "), "the sandbox did not start"
        try:
            yield first_line.removeprefix("Sandbox: ").strip().rstrip("/")
        finally:
            process.terminate()


@pytest.fixture
def page(address: str) -> Iterator[Page]:
    """At the end: nothing was asked of any other origin, and no script has failed."""
    names = ("chromium", "chromium-browser", "google-chrome", "chrome")
    chromium = next((path for name in names if (path := shutil.which(name))), None)
    if chromium is None:
        sentence = "No Chromium on this machine: the page cannot be tried in a browser."
        if os.environ.get("CI"):
            pytest.fail(sentence)
        pytest.skip(sentence)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        opened = browser.new_page(viewport={"width": 1280, "height": 800}, locale="zh-CN")
        opened.set_default_timeout(8000)
        asked: list[str] = []
        errors: list[str] = []
        opened.on("request", lambda request: asked.append(request.url))
        opened.on("pageerror", lambda error: errors.append(str(error)))
        opened.goto(f"{address}/")
        yield opened
        browser.close()
    assert not errors
    assert [url for url in asked if not url.startswith((address, "data:"))] == []


def test_a_port_that_is_taken_is_named(address: str, tmp_path: Path) -> None:
    port = address.rsplit(":", 1)[1]
    command = [sys.executable, "-m", "sandbox", "--port", port, "--state", str(tmp_path / "s")]
    tried = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert tried.returncode == 1
    assert f"127.0.0.1:{port}" in tried.stderr
    assert "Traceback" not in tried.stderr


def test_an_operator_plays_buyer_and_platform(page: Page, address: str) -> None:
    expect(page.get_by_text("还没有订单")).to_be_visible()
    page.get_by_role("button", name="新订单").click()
    page.get_by_label("买家留言").fill("轻放 <b>谢谢</b>")
    page.get_by_label("已付款").uncheck()
    page.get_by_role("button", name="下单").click()
    order = page.locator("[data-order]")
    expect(order).to_contain_text("待付款")
    expect(page.get_by_text("轻放 <b>谢谢</b>")).to_be_visible()
    page.get_by_role("button", name="付款", exact=True).click()
    expect(order).to_contain_text("待发货")
    page.get_by_role("button", name="改地址").click()
    page.get_by_label("收件人").fill("欧阳晴")
    page.get_by_label("详细地址").fill("银杏路 77 号")
    page.get_by_role("button", name="确定").click()
    expect(page.get_by_text("欧阳晴")).to_be_visible()
    page.get_by_role("button", name="改备注").click()
    page.get_by_label("备注").fill("送小样")
    page.get_by_role("button", name="确定").click()
    expect(page.get_by_text("送小样")).to_be_visible()
    page.get_by_role("button", name="申请退款").click()
    expect(order).to_contain_text("售后中")
    page.get_by_role("button", name="拒绝退款").click()
    expect(page.get_by_text("已拒绝退款")).to_be_visible()
    page.get_by_role("button", name="取消订单").click()
    page.get_by_label("原因").fill("拍错了")
    page.get_by_role("button", name="确定").click()
    expect(order).to_contain_text("已关闭")
    page.get_by_role("tab", name="故障").click()
    page.get_by_role("button", name="弄出故障").click()
    expect(page.get_by_text("限流 · ×1")).to_be_visible()
    httpx.post(f"{address}/doudian/iop/roleGet", params={"app_key": "1"}, content=b"{}")
    expect(page.get_by_text("一切正常")).to_be_visible()  # the one fault has hit
    page.get_by_role("tab", name="调用").click()
    expect(page.locator("[data-method='iop.roleGet']")).to_contain_text("60000")
    page.get_by_role("tab", name="设置").click()
    page.get_by_label("推送地址").fill("nowhere")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("status")).to_contain_text("doudian.push.address")
    page.get_by_label("小满优选 → 敏记食品厂").select_option("已绑定")
    expect(page.get_by_role("status")).to_contain_text("已保存")
    page.get_by_role("tab", name="推送").click()
    expect(page.get_by_text("还没有推送")).to_be_visible()  # no shop has authorised anything
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("button", name="New order")).to_be_visible()
