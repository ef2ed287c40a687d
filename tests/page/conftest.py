"""One server and one browser for the session; a fresh page, with empty chats, for each test."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from tests.page.scripted_bot import ScriptedBot

ROOT = Path(__file__).parents[2]
MERCHANT, FACTORY, NEWCOMER = 1001, 2001, 3001
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]


@pytest.fixture(scope="package")
def chromium() -> str:
    names = ("chromium", "chromium-browser", "google-chrome", "chrome")
    found = next((path for name in names if (path := shutil.which(name))), None)
    if found is None:
        sentence = "No Chromium on this machine: the page cannot be tried in a browser."
        if os.environ.get("CI"):
            pytest.fail(sentence)
        pytest.skip(sentence)
    return found


@pytest.fixture(scope="package")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    data = tmp_path_factory.mktemp("playground")
    command = [sys.executable, "-m", "playground", "--port", "0", "--data", str(data)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        first_line = process.stdout.readline()
        assert first_line.startswith("Playground: "), "the playground did not start"
        try:
            yield first_line.removeprefix("Playground: ").strip().rstrip("/")
        finally:
            process.terminate()


@pytest.fixture(scope="package")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield started
        started.close()


@pytest.fixture
def bot(server: str) -> Iterator[ScriptedBot]:
    """Merchant and factory have started the bot, so it may write to them; their chats are empty."""
    httpx.post(f"{server}/api/reset", json={})
    httpx.delete(f"{server}/api/faults")
    for person in (MERCHANT, FACTORY):
        at = f"{server}/api/people/{person}"
        started = httpx.post(f"{at}/open", json={"bot": "daifa_bot"}).json()["message"]
        ids = {"chat_id": started["chat_id"], "message_id": started["message_id"]}
        httpx.post(f"{at}/delete", json=ids).raise_for_status()
    scripted = ScriptedBot(server)
    yield scripted
    scripted.close()


@pytest.fixture
def page(browser: Browser, server: str, bot: ScriptedBot) -> Iterator[Page]:
    """At the end: nothing was asked of any other origin, and the console had no error."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, locale="zh-CN")
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=server)
    opened = context.new_page()
    opened.set_default_timeout(8000)
    asked: list[str] = []
    errors: list[str] = []
    opened.on("request", lambda request: asked.append(request.url))
    opened.on("pageerror", lambda error: errors.append(str(error)))
    opened.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
    opened.goto(server)
    expect(opened.locator(".phone").first).to_be_visible()
    yield opened
    context.close()
    assert [url for url in asked if not url.startswith((f"{server}/", "data:", "blob:"))] == []
    assert errors == []


@pytest.fixture
def merchant(page: Page) -> Locator:
    return page.get_by_role("region", name="林小满的手机")


@pytest.fixture
def factory(page: Page) -> Locator:
    return page.get_by_role("region", name="王大力的手机")
