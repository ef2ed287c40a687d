"""The selling platforms the settings name, made ready: their calls, their messages' proofs."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import NamedTuple

import httpx

from api.selling import NotProved, Received, Unreadable
from app.settings import Settings
from platforms.doudian import pushes as doudian_pushes
from platforms.doudian import signing as doudian_signing
from platforms.doudian.opening import DoudianSettings, open_doudian, read_doudian_values
from platforms.kuaishou import pushes as kuaishou_pushes
from platforms.kuaishou import signing as kuaishou_signing
from platforms.kuaishou.opening import KuaishouSettings, open_kuaishou, read_kuaishou_values
from platforms.port import Platform
from platforms.values import Values

_EVENT_SIGN = "event-sign"  # Doudian's header


class Opened(NamedTuple):
    """A platform, and how a post of its messages is read: raises `NotProved`, `Unreadable`."""

    platform: Platform
    receive: Callable[[bytes, Mapping[str, str]], Received]


def open_sellers(settings: Settings, client: httpx.AsyncClient) -> dict[str, Opened]:
    """Return the platforms that are set up, by name. Raises `platforms.values.ValuesRefused`."""
    opened: dict[str, Opened] = {}
    doudian = _doudian(settings)
    if doudian is not None:
        values = read_doudian_values(settings.platform_values)
        platform: Platform = open_doudian(doudian, values, client)
        opened["doudian"] = Opened(platform, partial(_from_doudian, doudian.app, values))
    kuaishou = _kuaishou(settings)
    if kuaishou is not None:
        values = read_kuaishou_values(settings.platform_values)
        platform = open_kuaishou(kuaishou, values, client)
        opened["kuaishou"] = Opened(platform, partial(_from_kuaishou, kuaishou.app, values))
    return opened


def _doudian(settings: Settings) -> DoudianSettings | None:
    """Doudian's part of the settings, None where it is not set up."""
    if settings.doudian_app_key is None or settings.doudian_secret is None:
        return None
    return DoudianSettings(
        doudian_signing.App(settings.doudian_app_key, settings.doudian_secret.get_secret_value()),
        settings.doudian_service_id, settings.doudian_url, settings.doudian_authorise_url,
    )  # fmt: skip


def _kuaishou(settings: Settings) -> KuaishouSettings | None:
    """Kuaishou's part of the settings, None where it is not set up."""
    key, secret = settings.kuaishou_app_key, settings.kuaishou_secret
    signs, opens = settings.kuaishou_sign_secret, settings.kuaishou_message_key
    if key is None or secret is None or signs is None or opens is None:
        return None
    app = kuaishou_signing.App(
        key, secret.get_secret_value(), signs.get_secret_value(), opens.get_secret_value(),
        settings.kuaishou_sign_method,
    )  # fmt: skip
    return KuaishouSettings(app, settings.kuaishou_url, settings.kuaishou_authorise_url)


def _from_doudian(
    app: doudian_signing.App, values: Values, body: bytes, headers: Mapping[str, str]
) -> Received:
    if not doudian_signing.is_from_doudian(app, body, headers.get(_EVENT_SIGN, "")):
        raise NotProved
    try:
        read = doudian_pushes.read_pushes(values, body)
        return Received(read.pushes, doudian_pushes.DONE, read.left_out)
    except doudian_pushes.NotAPush as odd:
        raise Unreadable from odd


def _from_kuaishou(
    app: kuaishou_signing.App, values: Values, body: bytes, _: Mapping[str, str]
) -> Received:
    """A message that our key opens is the platform's; a heartbeat is answered as well."""
    try:
        push = kuaishou_pushes.read_push(app, values, body)
    except kuaishou_signing.NotFromKuaishou as strange:
        raise NotProved from strange
    return Received([push] if push is not None else [], kuaishou_pushes.DONE)
