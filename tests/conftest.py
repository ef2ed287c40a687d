"""Fixtures every story shares: a stage, and three people who have opened their shops on it."""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Generator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from playground.phone import Phone
from tests.cast import CHEN_XIN, LIN_XIAOMAN, WANG_DALI, ZHAO_MIN, Stage, playing
from tests.proof import Proof, Proving, part_of, title_of
from tests.server import ENGINES, end_server, server_database, server_template

PROOF = pytest.StashKey[Proof]()
CAST = (LIN_XIAOMAN, WANG_DALI, ZHAO_MIN, CHEN_XIN)
# The files that hold one long test each: begun last, they would leave the other cores idle.
LONGEST = ("test_whatever_happens", "test_kills", "test_rights", "test_late_news", "test_bench")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the longest; the order stands, for the workers are told to keep it."""
    items.sort(key=lambda item: item.path.stem not in LONGEST)


# Stories told over PostgreSQL too; for time's sake not all of them: STORIES_ON_SERVER=1 tells all.
ON_SERVER = {
    "test_the_main_story", "test_splitting", "test_stops_meanwhile",
}  # fmt: skip


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Give each story the databases it is told over."""
    if "keeper" in metafunc.fixturenames and ".stories." in metafunc.module.__name__:
        both = metafunc.module.__name__.rpartition(".")[2] in ON_SERVER
        if both or "STORIES_ON_SERVER" in os.environ:
            metafunc.parametrize("keeper", ENGINES, indirect=True)


@pytest.fixture
def keeper(request: pytest.FixtureRequest) -> str:
    """What keeps the house: a file, or a server."""
    return str(getattr(request, "param", "sqlite"))


@asynccontextmanager
async def _kept(keeper: str, template: str | None = None) -> AsyncIterator[dict[str, object]]:
    """Give the settings that say so."""
    if keeper == "sqlite":
        yield {}
    else:
        async with server_database(template) as url:
            yield {"database_url": url.render_as_string(hide_password=False)}


@pytest.fixture
async def stage(tmp_path: Path, keeper: str) -> AsyncIterator[Stage]:
    """An empty house: nobody has a shop yet."""
    async with _kept(keeper) as settings, playing(tmp_path, **settings) as stage:
        yield stage


@dataclass
class Company:
    """A merchant and a factory who are bound, a second factory who is not, and a newcomer."""

    stage: Stage
    merchant: Phone
    factory: Phone
    other_factory: Phone
    newcomer: Phone
    merchant_number: str
    factory_number: str
    other_number: str


@pytest.fixture(scope="session")
def begun(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """Where the company's first day is kept, to be copied for each story; and its numbers."""
    folder = tmp_path_factory.mktemp("begun")
    return folder, asyncio.run(_begin(folder))


@pytest.fixture(scope="session")
def begun_on_server(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """The same day, kept in the database `begun` of the tests' server."""

    async def begin() -> list[str]:
        url = await server_template("begun")
        return await _begin(folder, database_url=url.render_as_string(hide_password=False))

    folder = tmp_path_factory.mktemp("begun_on_server")
    return folder, asyncio.run(begin())


async def _begin(folder: Path, **settings: object) -> list[str]:
    async with playing(folder, **settings) as stage:
        merchant, factory, other, _ = map(stage.phone, CAST)
        numbers = [
            await stage.opens_shop(merchant, "商家", "小满优选"),
            await stage.opens_shop(factory, "厂家", "大力日用百货厂"),
            await stage.opens_shop(other, "厂家", "敏记食品厂"),
        ]
        await stage.binds(merchant, factory, numbers[1])
    return numbers


@pytest.fixture
def first_day(request: pytest.FixtureRequest, keeper: str) -> tuple[Path, list[str]]:
    """What the company's first day left, where it is kept."""
    name = "begun" if keeper == "sqlite" else "begun_on_server"
    found: tuple[Path, list[str]] = request.getfixturevalue(name)
    return found


@pytest.fixture
async def company(
    tmp_path: Path, first_day: tuple[Path, list[str]], keeper: str
) -> AsyncIterator[Company]:
    """林小满 sells, 王大力 ships for her, 赵敏 has a factory too, 陈新 is new."""
    async with (
        _kept(keeper, "begun") as settings,
        company_in(tmp_path, first_day, **settings) as opened,
    ):
        yield opened


@asynccontextmanager
async def company_in(
    folder: Path, begun: tuple[Path, list[str]], **changes: object
) -> AsyncIterator[Company]:
    """Open the company in a folder of its own, as its first day left it; `changes` are settings."""
    first_day, numbers = begun
    shutil.copytree(first_day, folder, dirs_exist_ok=True)
    async with playing(folder, **changes) as stage:
        merchant, factory, other, newcomer = phones = [stage.phone(one) for one in CAST]
        for phone in phones:
            await phone.catches_up()
        yield Company(stage, merchant, factory, other, newcomer, *numbers)


# -- proof ---------------------------------------------------------------------------------------


def pytest_addoption(parser: pytest.Parser) -> None:
    """`make torture` asks for full sizes, and for the page."""
    parser.addoption("--torture", action="store_true", help="full sizes, into docs/reliability.md")
    parser.addoption("--share", type=float, default=1.0, help="so much of the full sizes: 0.1")


def pytest_configure(config: pytest.Config) -> None:
    full, share = bool(config.getoption("--torture")), float(config.getoption("--share"))
    config.stash[PROOF] = Proof(full=full, share=share)


@pytest.fixture
def proves(request: pytest.FixtureRequest) -> Proving:
    """What a harness says it saw, and how much it is to do."""
    proof, part = request.config.stash[PROOF], part_of(request.path)
    proof.titles[part] = title_of(request.module.__doc__)
    return Proving(proof, part)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Time counts for its part, and a failure stands on the page."""
    report = yield
    proof, part = item.config.stash[PROOF], part_of(item.path)
    if part in proof.titles:
        proof.seconds[part] = proof.seconds.get(part, 0.0) + report.duration
        if report.failed:
            proof.fails(part, item.name)
    return report


def pytest_sessionfinish(session: pytest.Session) -> None:
    end_server()
    proof = session.config.stash[PROOF]
    if proof.full:
        proof.write()
