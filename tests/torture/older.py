"""A house as an older version left it: brought down step by step, its orders in it."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import MetaData

from storage.migrate import Migrations
from storage.sealing import Sealer
from storage.sqlite import connect, engine_over

SCRIPTS = Migrations().versions.parent


def bring_down(path: Path, step: str, sealer: Sealer) -> None:
    """Take the steps after this one back."""
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    config.set_main_option("version_locations", str(Migrations().versions))
    config.set_main_option("path_separator", "newline")
    raw = connect(path)
    try:
        raw.execute("PRAGMA foreign_keys = OFF").close()
        with engine_over(raw, "BEGIN IMMEDIATE").begin() as connection:
            config.attributes.update(connection=connection, tables=MetaData(), sealer=sealer)
            command.downgrade(config, step)
    finally:
        raw.close()
