"""Building the house: settings in, an open database with its keys and use cases out."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from aiogram.types import User

from app.settings import Settings
from bot.house import House, Ping
from bot.selling import Sellers
from core.services import Services
from core.values import Rules
from storage.database import Database
from storage.keyring import Keyring
from storage.migrate import upgrade
from storage.sealing import Sealer
from storage.store import SqlStore, store_maker

Clock = Callable[[], datetime]


class WrongKeys(Exception):
    """The key file is not the one that sealed this database; the message says what to do."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(
            f"The key file {settings.keys_path} does not belong to the database "
            f"{settings.database_path}. Put the right one back, or point DAIFA_KEYS_PATH at it."
        )


def playground_folder(settings: Settings) -> Path:
    """Return where the playground keeps everything of its own."""
    return settings.var / "playground"


def in_playground(settings: Settings) -> Settings:
    """Return the settings of a run without a token: nothing it keeps is anybody's real data."""
    folder = playground_folder(settings)
    own = {"database_path": folder / "daifa.sqlite3", "keys_path": folder / "keys.json"}
    return settings.model_copy(update=own)


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
    )


def open_keys(settings: Settings) -> Keyring:
    """Read the key ring; it is made only where there is no database it could be missing from.

    Raises `storage.keyring.KeyringError`.
    """
    if settings.database_path.exists() and settings.database_path.stat().st_size:
        return Keyring.load(settings.keys_path)
    return Keyring.load_or_create(settings.keys_path)


@asynccontextmanager
async def open_database(
    settings: Settings, clock: Clock = utc_now
) -> AsyncIterator[Database[SqlStore]]:
    """Migrate, open, and check that keys and data belong together.

    Raises `WrongKeys`, `storage.keyring.KeyringError`, `storage.migrate.MigrationError`,
    `storage.sqlite.DatabaseUnavailable`.
    """
    keys = open_keys(settings)
    settings.database_path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    sealer = Sealer(keys)
    upgrade(settings.database_path, sealer)
    make_store = store_maker(sealer, clock)
    async with Database.open(settings.database_path, make_store) as database:
        if not await database.write(lambda store: store.key_mark(keys.fingerprint())):
            raise WrongKeys(settings)
        yield database


def make_house(
    settings: Settings, database: Database[SqlStore], services: Services, me: User, *, ping: Ping,
    sellers: Sellers,
) -> House:  # fmt: skip
    """Return what the chat face of the bot `me` is given; `ping` tries a webhook."""
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
    )
