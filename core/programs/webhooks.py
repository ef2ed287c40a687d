"""推送: the owner says where a shop's programs are told what happened, and sees how that goes.

What is sent, when, and when it is given up is `core.programs.delivering`.
"""

import base64
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple
from zlib import crc32

from core.acting import owning
from core.entities import Shop, Webhook
from core.ids import key
from core.ports import Store
from core.programs.errors import RotatedMeanwhile
from core.programs.targets import fit_url
from core.programs.webhook_errors import (
    SpanUnfit,
    TooManyWebhooks,
    WebhookKnown,
    WebhookNotFound,
    WebhookOff,
)
from core.values import Actor, Rules

MOST_WEBHOOKS: Final = 3
OVERLAP: Final = timedelta(hours=24)  # a rotated secret signs so long beside the new one
SPANS: Final = (1, 24, 72)  # hours that can be sent again; the feed keeps far more
COUNTED: Final = 1_000  # owed items are counted up to here
_PREFIX: Final = "whsec_"
PAUSED: Final = "paused"  # why a webhook is off that its owner switched off


class NewSecret(NamedTuple):
    """A webhook and the secret it signs with from now on: shown once and never again."""

    webhook: Webhook
    secret: str


class OwnWebhooks(NamedTuple):
    """A shop and its webhooks, the oldest first."""

    shop: Shop
    webhooks: Sequence[Webhook]


class WebhookView(NamedTuple):
    """One webhook; `owed` items wait to be sent, counted up to `COUNTED`."""

    webhook: Webhook
    owed: int


class Target(NamedTuple):
    """Where to send, and the secrets to sign with, the present one first."""

    webhook_id: int
    url: str
    secrets: Sequence[str]


class Posted(NamedTuple):
    """What became of one try: the status answered, if any; why it failed, empty when it did not.

    `after` is how many seconds the receiver asks to be left alone (Retry-After), 0 where it does
    not.
    """

    status: int | None
    why: str
    milliseconds: int
    after: float = 0.0


class Webhooks:
    """Use cases of a shop's owner."""

    def __init__(self, rules: Rules) -> None:
        self._rules = rules

    def own(self, store: Store, actor: Actor) -> OwnWebhooks:
        """Return the shop's webhooks. Raises `OwnerOnly`."""
        shop = owning(store, actor).shop
        return OwnWebhooks(shop, store.webhooks.own(actor.shop_id))

    def one(self, store: Store, actor: Actor, webhook_id: int) -> WebhookView:
        """Return one of them. Raises `OwnerOnly`, `WebhookNotFound`."""
        found = self._one(store, actor, webhook_id)
        return WebhookView(found, store.webhooks.owed(webhook_id, COUNTED))

    def target(self, store: Store, actor: Actor, webhook_id: int) -> Target:
        """Return where a test goes, also of one that is off. Raises as `one`."""
        return target_of(store, self._one(store, actor, webhook_id))

    def add(self, store: Store, actor: Actor, url: str) -> NewSecret:
        """Send what happens from now on to an address.

        Raises `OwnerOnly`, `WebhookUrlUnfit`, `WebhookKnown`, `TooManyWebhooks`.
        """
        owning(store, actor)
        url = fit_url(url, private=self._rules.webhooks_private)
        there = store.webhooks.own(actor.shop_id)
        if any(one.url == url for one in there):
            raise WebhookKnown
        if len(there) >= MOST_WEBHOOKS:
            raise TooManyWebhooks(MOST_WEBHOOKS)
        secret = _secret()
        made = store.webhooks.add(
            Webhook(
                shop_id=actor.shop_id, account_id=actor.account_id, url=url,
                sealed_secret=store.webhooks.seal(actor.shop_id, url, secret),
                fed_to=store.programs.kept()[1], created_at=store.now,
            )
        )  # fmt: skip
        store.record(actor, "webhook_added", webhook=key(made))
        return NewSecret(made, secret)

    def rotate(
        self, store: Store, actor: Actor, webhook_id: int, seen: int | None = None
    ) -> NewSecret:
        """Sign with a new secret; the one before signs too for `OVERLAP`.

        Rotated again, the one before the last signs no more; so `seen` is what `rotation` said when
        it was asked about. Raises as `one`, `RotatedMeanwhile`.
        """
        found = self._one(store, actor, webhook_id)
        if seen not in (None, rotation(found)):
            raise RotatedMeanwhile
        secret = _secret()
        found.sealed_before, found.before_until = found.sealed_secret, store.now + OVERLAP
        found.sealed_secret = store.webhooks.seal(found.shop_id, found.url, secret)
        store.record(actor, "webhook_rotated", webhook=webhook_id)
        return NewSecret(found, secret)

    def remove(self, store: Store, actor: Actor, webhook_id: int) -> Webhook:
        """Send nothing there any more, for good. Raises as `one`."""
        found = self._one(store, actor, webhook_id)
        found.ended_at = store.now
        store.webhooks.drop(webhook_id)
        store.record(actor, "webhook_removed", webhook=webhook_id)
        return found

    def pause(self, store: Store, actor: Actor, webhook_id: int) -> Webhook:
        """Send nothing until it is switched on again; what was owed is dropped. Raises as `one`."""
        found = self._one(store, actor, webhook_id)
        if found.disabled_at is None:
            switch_off(store, found, PAUSED)
            store.record(actor, "webhook_paused", webhook=webhook_id)
        return found

    def resume(self, store: Store, actor: Actor, webhook_id: int) -> Webhook:
        """Send again what happens from now on; what was missed, `replay` brings. Raises as `one`.

        One that is on already stays as it is.
        """
        found = self._one(store, actor, webhook_id)
        if found.disabled_at is not None:
            found.disabled_at = found.failing_since = None
            found.why = ""
            found.fed_to = store.programs.kept()[1]
            store.record(actor, "webhook_resumed", webhook=webhook_id)
        return found

    def replay(self, store: Store, actor: Actor, webhook_id: int, hours: int) -> int:
        """Send what happened in these last hours once more, under the same message ids.

        Returns how many, counted up to `COUNTED`. What is owed already is not owed twice. Raises
        as `one`, `WebhookOff`, `SpanUnfit` (not one of `SPANS`).
        """
        found = self._one(store, actor, webhook_id)
        if hours not in SPANS:
            raise SpanUnfit
        if found.disabled_at is not None:
            raise WebhookOff
        before = self._before(store, found, store.now - timedelta(hours=hours))
        found.fed_to = min(found.fed_to, before)
        store.record(actor, "webhook_replayed", webhook=webhook_id, hours=hours)
        return store.webhooks.happened(found.shop_id, before, COUNTED)

    def _before(self, store: Store, found: Webhook, since: datetime) -> int:
        """Return the cursor behind which everything since then stands."""
        first = store.webhooks.first_since(found.shop_id, since)
        return first - 1 if first is not None else found.fed_to

    def _one(self, store: Store, actor: Actor, webhook_id: int) -> Webhook:
        mine = self.own(store, actor).webhooks
        found = next((one for one in mine if one.id == webhook_id), None)
        if found is None:
            raise WebhookNotFound
        return found


def rotation(one: Webhook) -> int:
    """Return a number that is another one once the secret was rotated; never 0."""
    return crc32(one.sealed_secret) or 1


def switch_off(store: Store, webhook: Webhook, why: str) -> None:
    """Send nothing there any more until it is switched on again; drop what is owed."""
    webhook.disabled_at, webhook.why = store.now, why
    store.webhooks.drop(key(webhook))


def target_of(store: Store, webhook: Webhook) -> Target:
    """Return where to send, with the secrets that sign now."""
    sealed = [webhook.sealed_secret]
    if webhook.sealed_before and webhook.before_until and webhook.before_until > store.now:
        sealed.append(webhook.sealed_before)
    opened = [store.webhooks.open(webhook.shop_id, webhook.url, one) for one in sealed]
    return Target(key(webhook), webhook.url, opened)


def _secret() -> str:
    """Return 256 random bits as Standard Webhooks writes them (it asks for 192 to 512)."""
    return _PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()
