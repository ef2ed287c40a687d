"""`daifa doctor` and `daifa invite`, against a playground and against what goes wrong."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from app.doctor import examine
from app.inviting import invitation
from app.settings import Settings
from playground.config import Config
from playground.people import DEFAULT_BOT
from playground.server import running as playground_running


@pytest.fixture
async def telegram(tmp_path: Path) -> AsyncIterator[str]:
    async with playground_running(Config(data=tmp_path / "telegram")) as address:
        yield address


def settings(folder: Path, **changes: object) -> Settings:
    made = Settings(_env_file=None, var=folder)
    return made.model_copy(update=changes)


async def test_a_fresh_installation_is_well(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await examine(settings(tmp_path))
    said = capsys.readouterr().out
    assert "playground" in said
    assert "whole and up to date" in said


async def test_a_bot_that_telegram_knows_is_named(
    tmp_path: Path, telegram: str, capsys: pytest.CaptureFixture[str]
) -> None:
    token = SecretStr(DEFAULT_BOT.token)
    assert await examine(settings(tmp_path, bot_token=token, telegram_api=telegram))
    said = capsys.readouterr().out
    assert "@daifa_bot" in said
    assert "polling" in said


async def test_a_wrong_token_is_said_to_be_wrong_and_not_shown(
    tmp_path: Path, telegram: str, capsys: pytest.CaptureFixture[str]
) -> None:
    token = SecretStr("123456789:wrong-token-that-nobody-ever-had-000")
    assert not await examine(settings(tmp_path, bot_token=token, telegram_api=telegram))
    said = capsys.readouterr().out
    assert "BotFather" in said
    assert "wrong-token" not in said


async def test_a_key_file_that_is_gone_is_missed_before_a_new_one_is_made(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fine = settings(tmp_path)
    assert await examine(fine)
    keys = tmp_path / "playground" / "keys.json"
    keys.unlink()
    capsys.readouterr()
    assert not await examine(fine)
    assert "Put it back from its backup" in " ".join(capsys.readouterr().out.split())
    assert not keys.exists()


async def test_the_keys_of_another_installation_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mine, other = settings(tmp_path / "mine"), settings(tmp_path / "other")
    assert await examine(mine)
    assert await examine(other)
    theirs = tmp_path / "other" / "playground" / "keys.json"
    (tmp_path / "mine" / "playground" / "keys.json").write_bytes(theirs.read_bytes())
    capsys.readouterr()
    assert not await examine(mine)
    assert "does not belong" in " ".join(capsys.readouterr().out.split())


async def test_an_invitation_is_a_link_to_the_bot(tmp_path: Path, telegram: str) -> None:
    token = SecretStr(DEFAULT_BOT.token)
    link = await invitation(settings(tmp_path, bot_token=token, telegram_api=telegram))
    assert link.startswith("https://t.me/daifa_bot?start=i_")
    assert len(link.split("start=")[1]) <= 64


async def test_without_a_token_an_invitation_is_to_the_playgrounds_bot(tmp_path: Path) -> None:
    link = await invitation(settings(tmp_path))
    assert link.startswith("https://t.me/daifa_bot?start=i_")
    assert not (tmp_path / "daifa.sqlite3").exists()
