"""The quick start, as a stranger works through it: every block, in order, on a house with samples.

The shell's blocks run in a real shell with a real curl, Python's in a Python of their own.
"""

import asyncio
import os
import re
import shutil
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from api.documenting import document_of
from api.guide import GUIDES
from app.facing import start_http
from app.samples import Samples
from playground.people import LIN_XIAOMAN, WANG_DALI
from tests.api.conftest import Shopfront
from tests.api.guides import Meaning, blocks, steps
from tests.cast import Stage, playing
from tests.conversations.test_keys import TOKEN

ENGLISH, CHINESE = GUIDES["en"], GUIDES["zh_CN"]
NUMBER = re.compile(r"店铺编号：(F[0-9A-Z]{6})")
END = "\x1e"  # a block's output ends here


@dataclass
class House:
    """A house with samples, where its interface is, and what the guide's placeholders stand for."""

    stage: Stage
    address: str
    said: dict[str, str]

    def real(self, text: str) -> str:
        """Return a block with what its reader puts in place of the placeholders."""
        for placeholder, real in self.said.items():
            text = text.replace(placeholder, real)
        return text


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    """What `make run` starts, and the two keys made as the guide says."""
    async with playing(tmp_path) as stage:
        running = stage.running
        address = start_http(stage.settings, running)
        await running.house.database.write(Samples(running.house.services).fill)
        said = {"http://127.0.0.1:8080": address}
        for person, name in ((WANG_DALI, "FACTORY"), (LIN_XIAOMAN, "MERCHANT")):
            phone = stage.phone(person)
            await phone.sends("/apikey")
            await phone.taps("新建密钥")
            await phone.taps("下一步")
            await phone.sends("打单软件")
            shown = await phone.sees("只显示这一次", anywhere=True)
            [said[f"daifa_{name}"]] = TOKEN.findall(shown.text)
        await stage.phone(WANG_DALI).sends("/link")
        shown = await stage.phone(WANG_DALI).sees("店铺编号：", anywhere=True)
        [said["F4R78MW"]] = NUMBER.findall(shown.text)
        yield House(stage, address, said)


async def test_every_step_by_curl_is_answered_as_shown(house: House, tmp_path: Path) -> None:
    if shutil.which("curl") is None:
        sentence = "No curl on this machine: the quick start cannot be tried."
        pytest.fail(sentence) if os.environ.get("CI") else pytest.skip(sentence)
    meaning, asked = Meaning(), 0
    shell = await started(tmp_path, "bash", "-eu")
    for step, shown in steps(ENGLISH, "sh"):
        told = house.real(meaning.of(step.text))
        answer = await says(shell, f"{told}\nprintf '{END}\\n'\n", step.line)
        if shown is not None and shown.kind == "json":
            meaning.learns(shown.text, answer)
        elif shown is not None:
            headed(shown.text, answer)
        asked += 1
    assert asked >= 17
    assert (tmp_path / "slip.pdf").read_bytes().startswith(b"%PDF")
    await ends(shell)


async def test_every_step_in_python_is_answered_as_shown(house: House, tmp_path: Path) -> None:
    meaning = Meaning()
    program = [
        f"{house.real(step.text)}\nprint({END!r}, flush=True)\n"
        for step, _ in steps(ENGLISH, "python")
    ]
    (tmp_path / "quickstart.py").write_text("".join(program), "utf-8")
    python = await started(tmp_path, sys.executable, "quickstart.py")
    for step, shown in steps(ENGLISH, "python"):
        answer = await says(python, "", step.line)
        if shown is not None and shown.kind == "json":
            meaning.learns(shown.text, answer)
        elif shown is not None:
            headed(shown.text, answer)
    assert (tmp_path / "slip.pdf").read_bytes().startswith(b"%PDF")
    await ends(python)


def test_both_languages_show_the_same_blocks() -> None:
    english, chinese = blocks(ENGLISH), blocks(CHINESE)
    assert [one[:2] for one in english] == [one[:2] for one in chinese]
    assert len(english) > 50
    kinds = {one.kind for one in english}
    assert kinds == {"sh", "python", "json", "http"}


def test_both_languages_have_the_same_parts() -> None:
    english, chinese = (re.findall(r"^(#+|\||\d\.)", one.read_text("utf-8"), re.MULTILINE)
                        for one in (ENGLISH, CHINESE))  # fmt: skip
    assert english == chinese


@pytest.mark.parametrize("lang", ["zh_CN", "en"])
async def test_the_page_shows_the_guide_and_loads_nothing(front: Shopfront, lang: str) -> None:
    page = await front.client.get("/docs/quickstart", params={"lang": lang})
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert page.text.count("<pre>") == len(blocks(GUIDES[lang]))  # type: ignore[index]
    assert "<td>" in page.text
    assert not re.search(r"<script|<link|<img|src=|url\(|@import", page.text)
    for target in re.findall(r'href="([^"]+)"', page.text):
        assert (await front.client.get(f"/docs/{target}")).status_code == 200, target


async def test_the_documentation_leads_to_the_quick_start(front: Shopfront) -> None:
    about = document_of(front.app)["info"]["description"]
    places = re.findall(r"\]\((/[^)]+)\)", about)
    pages = ["/docs/quickstart", "/docs/problems"]
    assert places == [*pages, "/docs/quickstart?lang=en", "/docs/problems"]
    for place in places:
        assert (await front.client.get(place)).status_code == 200
    unknown = await front.client.get("/docs/quickstart?lang=fr")
    assert unknown.status_code == 422


async def started(folder: Path, *command: str) -> asyncio.subprocess.Process:
    """Start a program that works through the guide."""
    pipe = asyncio.subprocess.PIPE
    environment = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return await asyncio.create_subprocess_exec(
        *command, cwd=folder, env=environment, stdin=pipe, stdout=pipe
    )


async def says(program: asyncio.subprocess.Process, told: str, line: int) -> str:
    """Return what it prints for a block, up to its end."""
    assert program.stdin
    assert program.stdout
    program.stdin.write(told.encode())
    said = b""
    async with asyncio.timeout(30):
        while not said.endswith(f"{END}\n".encode()):
            more = await program.stdout.readline()
            assert more, f"line {line} ended it: {said.decode()}"
            said += more
    return said.decode().removesuffix(f"{END}\n")


async def ends(program: asyncio.subprocess.Process) -> None:
    """Let it end, and well."""
    await program.communicate(b"")
    assert program.returncode == 0


def headed(shown: str, answer: str) -> None:
    """Compare headers that are shown with those that came, whatever their case."""
    real = {line.partition(":")[0].lower() for line in answer.splitlines()}
    assert {line.partition(":")[0].lower() for line in shown.splitlines()} <= real
