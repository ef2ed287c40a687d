"""What webhooks tell their shop in chat."""

from dataclasses import dataclass

from core.events import Event


@dataclass(frozen=True, slots=True)
class WebhookDisabled(Event):
    """To the shop: nothing got through to a webhook for three days, or it asked for no more."""

    webhook_id: int
