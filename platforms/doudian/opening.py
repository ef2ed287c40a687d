"""Doudian made ready from the operator's settings."""

from dataclasses import dataclass
from pathlib import Path

import httpx

from platforms.doudian.calls import AUTHORISE, Doudian
from platforms.doudian.gateway import OFFICIAL, Gateway
from platforms.doudian.mapping import PLATFORM
from platforms.doudian.signing import App
from platforms.values import Values, read_values

TABLES = Path(__file__).with_name("values.toml")


@dataclass(frozen=True, slots=True)
class DoudianSettings:
    """The application, and where the platform is: other addresses are for a sandbox."""

    app: App
    service_id: str
    url: str = OFFICIAL
    authorise: str = AUTHORISE


def read_doudian_values(corrections: Path | None = None) -> Values:
    """Return the platform's tables. Raises `ValuesRefused`."""
    return read_values(PLATFORM, TABLES, corrections)


def open_doudian(settings: DoudianSettings, values: Values, client: httpx.AsyncClient) -> Doudian:
    """Return the platform; `client` is the caller's to close."""
    gateway = Gateway(settings.app, values, client, settings.url)
    return Doudian(gateway, values, settings.service_id, settings.authorise)
