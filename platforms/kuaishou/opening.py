"""Kuaishou made ready from the operator's settings."""

from dataclasses import dataclass
from pathlib import Path

import httpx

from platforms.kuaishou.calls import AUTHORISE, Kuaishou
from platforms.kuaishou.gateway import OFFICIAL, Gateway
from platforms.kuaishou.mapping import PLATFORM
from platforms.kuaishou.signing import App
from platforms.values import Values, read_values

TABLES = Path(__file__).with_name("values.toml")


@dataclass(frozen=True, slots=True)
class KuaishouSettings:
    """The application, and where the platform is: other addresses are for a sandbox."""

    app: App
    url: str = OFFICIAL
    authorise: str = AUTHORISE


def read_kuaishou_values(corrections: Path | None = None) -> Values:
    """Return the platform's tables. Raises `ValuesRefused`."""
    return read_values(PLATFORM, TABLES, corrections)


def open_kuaishou(
    settings: KuaishouSettings, values: Values, client: httpx.AsyncClient
) -> Kuaishou:
    """Return the platform; `client` is the caller's to close."""
    gateway = Gateway(settings.app, values, client, settings.url)
    return Kuaishou(gateway, values, settings.app.key, settings.authorise)
