"""Building the house: settings in, an open database with its keys and use cases out."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

from aiogram.types import User
from sqlalchemy import URL

from app.keeping import WrongKeys, bring_up, disk_of
from app.settings import Settings
from bot.house import House, Ping
from bot.selling import Sellers
from core.services import Services
from core.values import Rules
from storage.database import Database
from storage.keyfile import KeyFile
from storage.keyring import Keyring
from storage.sealing import Sealer
from storage.store import SqlStore, store_maker

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """Return the wall clock, aware."""
    return datetime.now(UTC)


def rules_of(settings: Settings) -> Rules:
    """Return the business's part of the settings."""
    return Rules(
        registration=settings.registration,
        bind_expires=timedelta(days=settings.bind_expires_days),
        vanish_after=timedelta(seconds=settings.vanish_after_seconds),
        peek_quota_floor=settings.peek_quota_floor,
        time_zone=settings.time_zone,
        webhooks_private=settings.webhooks_private,
        retention=timedelta(days=settings.retention_days),
    )


@asynccontextmanager
async def open_database(
    settings: Settings, clock: Clock = utc_now, *, busy_timeout: float = 30.0
) -> AsyncIterator[Database[SqlStore]]:
    """Migrate, open, and check that keys and data belong together.

    `busy_timeout`, in seconds: a command waits for a working house rather than fail.

    Raises `WrongKeys`, `DatabaseLost`, `DiskRefused`, `storage.keyring.KeyringError`,
    `storage.migrate.MigrationError`, `storage.inspecting.FileRefused`,
    `storage.sqlite.DatabaseUnavailable`.
    """
    if settings.server is not None:
        async with _on_server(settings, settings.server, clock) as database:
            yield database
        return
    path = settings.database_path
    with disk_of(path):
        keys = bring_up(settings, path)
    make_store = store_maker(Sealer(keys, KeyFile(settings.keys_path, keys)), clock)
    async with Database.open(path, make_store, busy_timeout=busy_timeout) as database:
        if not await database.write(lambda store: store.key_mark(keys.fingerprint())):
            raise WrongKeys(settings)
        yield database


@asynccontextmanager
async def _on_server(
    settings: Settings, url: URL, clock: Clock
) -> AsyncIterator[Database[SqlStore]]:
    from storage.postgres import open_server
    from storage.server_steps import sealed_already, upgrade_server

    with disk_of(settings.keys_path):
        settings.keys_path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        # A new one could not open what another has sealed there.
        sealed = await sealed_already(url)
        load = Keyring.load if sealed else Keyring.load_or_create
        keys = load(settings.keys_path)
    await upgrade_server(url, Sealer(keys))
    make_store = store_maker(Sealer(keys, KeyFile(settings.keys_path, keys)), clock)
    async with open_server(url, make_store) as database:
        if not await database.write(lambda store: store.key_mark(keys.fingerprint())):
            raise WrongKeys(settings)
        yield database


def make_house(
    settings: Settings, database: Database[SqlStore], services: Services, me: User, *, ping: Ping,
    sellers: Sellers, lost: tuple[datetime, datetime] | None = None,
) -> House:  # fmt: skip
    """Return what the chat face of the bot `me` is given; `ping` tries a webhook.

    `lost` is the time before a backup was put back: `bot.restored.lost_time`.
    """
    return House(
        database=database,
        services=services,
        sellers=sellers,
        bot_id=me.id,
        username=me.username or "",
        ping=ping,
        address=settings.public_url or f"http://{settings.host}:{settings.port}",
        default_lang=settings.default_lang,
        protect_recipients=settings.protect_recipients,
        lost=lost,
    )
