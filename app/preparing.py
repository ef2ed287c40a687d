"""`daifa prepare`: once, before the several processes of a house start.

The tables are this version's then, and the keys are made.
"""

from app.building import open_database
from app.settings import Settings
from storage.keyring import Keyring
from storage.migrate import Migrations
from storage.server_url import server_name


async def prepare(settings: Settings) -> str:
    """Bring the tables to this version's, make keys where there are none; say what stands.

    Raises as `app.building.open_database`.
    """
    made = not settings.keys_path.exists()
    async with open_database(settings):
        ring = Keyring.load(settings.keys_path)
    where = settings.database_path if settings.server is None else server_name(settings.server)
    keys = "made just now: copy them away, apart from the database" if made else "as they were"
    return (
        f"The database {where} is at step {Migrations().head()}, this version's.\n"
        f"The keys in {settings.keys_path} belong to it ({keys}); key {ring.current} seals."
    )
