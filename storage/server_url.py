"""The address of a PostgreSQL server, as people write it and as it may be shown."""

from typing import Final

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

DRIVER: Final = "postgresql+asyncpg"
_KNOWN: Final = {"postgresql", "postgres", DRIVER}


class WrongAddress(ValueError):
    """The text is not the address of a PostgreSQL server; the message never quotes it."""


def server_url(text: str) -> URL:
    """Return the address; `postgresql://…` as others write it means the same.

    `sslmode`, as libpq calls it, is passed on by the name asyncpg knows. Raises `WrongAddress`.
    """
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        raise WrongAddress(_SAID) from None
    if url.drivername not in _KNOWN or not url.database:
        raise WrongAddress(_SAID)
    if "sslmode" in url.query:
        mode = url.query["sslmode"]
        url = url.difference_update_query(["sslmode"]).update_query_dict({"ssl": mode})
    return url.set(drivername=DRIVER)


def server_name(url: URL) -> str:
    """Return how the server is called in sentences and logs: without password and options."""
    host = url.host or url.query.get("host", "")
    port = f":{url.port}" if url.port else ""
    return f"{url.database} on {host}{port}" if host else str(url.database)


_SAID: Final = (
    "must be the address of a PostgreSQL database, postgresql+asyncpg://user:password@host/name; "
    "leave it empty for the SQLite file of DAIFA_DATABASE_PATH"
)
