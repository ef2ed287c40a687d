"""The operator's commands where the database is on a PostgreSQL server."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from app.backing import back_up
from app.building import open_database
from app.keeping import ServersOwn
from app.restored import put_back
from app.rotating import rotate
from app.settings import Settings
from storage.keyring import Keyring, KeyringError
from tests.server import server_database


@pytest.fixture
async def settings(tmp_path: Path) -> AsyncIterator[Settings]:
    """A house that has begun on a server."""
    async with server_database() as url:
        kept = url.render_as_string(hide_password=False)
        settings = Settings(_env_file=None, var=tmp_path / "var", database_url=kept)
        async with open_database(settings):
            pass
        yield settings


async def test_copies_are_the_servers_business_and_the_commands_say_so(settings: Settings) -> None:
    with pytest.raises(ServersOwn, match="pg_dump"):
        back_up(settings)
    with pytest.raises(ServersOwn, match="pg_restore"):
        put_back(settings, Path("backup.sqlite3"), force=False)


async def test_keys_are_rotated_there(settings: Settings) -> None:
    assert "Sealed anew with key 2" in await rotate(settings)


async def test_without_the_key_file_nothing_new_is_begun_over_what_is_sealed(
    settings: Settings,
) -> None:
    settings.keys_path.unlink()
    with pytest.raises(KeyringError):
        async with open_database(settings):
            pass
    assert not settings.keys_path.exists()
    Keyring.load_or_create(settings.keys_path)
