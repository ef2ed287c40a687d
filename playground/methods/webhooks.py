"""Telling Telegram where to push updates; the pushing itself is `playground.webhook`."""

import ipaddress
import re
from typing import Any
from urllib.parse import urlsplit

from playground.errors import bad_request
from playground.methods import Call, method
from playground.updates import KINDS

_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")


@method("setWebhook")
def set_webhook(call: Call) -> Any:
    """An empty url removes the webhook, as Telegram has it."""
    url = call.params["url"]
    settings = call.world.rooms.settings(call.bot)
    if call.get("drop_pending_updates"):
        call.world.updates.forget_all_but(call.bot, 0)
    keep_allowed(settings, call.get("allowed_updates"))
    settings.pop("webhook", None)
    if url:
        _check_url(url)
        secret = call.get("secret_token")
        if secret is not None and len(secret) > 256:
            raise bad_request("secret token is too long")
        if secret is not None and not _SECRET.fullmatch(secret):
            raise bad_request("secret token contains unallowed characters")
        if "certificate" in call.params:
            raise bad_request("certificate is not in the playground")
        settings["webhook"] = {
            "url": url,
            "secret": secret,
            "max_connections": min(100, max(1, call.get("max_connections", 40))),
        }
    call.world.rooms.keep_settings(call.bot, settings)
    call.world.bells.ring(f"updates/{call.bot.id}")
    return True


@method("deleteWebhook")
def delete_webhook(call: Call) -> Any:
    params = {**call.params, "url": ""}
    return set_webhook(Call(call.world, call.bot, call.method, params))


@method("getWebhookInfo")
def get_webhook_info(call: Call) -> Any:
    settings = call.world.rooms.settings(call.bot)
    webhook = settings.get("webhook")
    info: dict[str, Any] = {
        "url": webhook["url"] if webhook else "",
        "has_custom_certificate": False,
        "pending_update_count": call.world.updates.count(call.bot),
    }
    if webhook:
        info["max_connections"] = webhook["max_connections"]
        info.update(webhook.get("last_error", {}))
    if settings.get("allowed_updates"):
        info["allowed_updates"] = settings["allowed_updates"]
    return info


def keep_allowed(settings: dict[str, Any], allowed: list[str] | None) -> bool:
    """Put what a call says of `allowed_updates` in the settings; absent keeps the former."""
    if allowed is None:
        return False
    # Telegram passes over names it does not know; here that is a caller's mistake.
    unknown = [name for name in allowed if name not in KINDS]
    if unknown:
        raise bad_request(f"unknown update types: {', '.join(unknown)}")
    if settings.get("allowed_updates", []) == allowed:
        return False
    settings["allowed_updates"] = allowed
    return True


def _check_url(url: str) -> None:
    """Telegram wants https; the playground also pushes to plain http on this machine."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if not host:
        raise bad_request("invalid webhook URL specified")
    if parts.scheme == "https":
        return
    if parts.scheme != "http" or not _on_this_machine(host):
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")


def _on_this_machine(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
