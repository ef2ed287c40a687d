"""What can go wrong with webhooks: no text."""

from dataclasses import dataclass
from typing import Literal

from core.errors import Conflict, Invalid, NotFound

# long: over `longest` characters. plain: not https. userinfo, fragment: it holds one. address: an
# IP address, or a name that only this house's own network knows. unreadable: no address at all.
UrlFault = Literal["long", "plain", "userinfo", "fragment", "address", "unreadable"]


class WebhookNotFound(NotFound):
    """No such webhook of this shop, or it was removed."""


@dataclass(eq=False)
class TooManyWebhooks(Conflict):
    """A shop has `most` webhooks already."""

    most: int


class WebhookKnown(Conflict):
    """The shop has a webhook of this very address already."""


class WebhookOff(Conflict):
    """Nothing is sent to a webhook that is switched off: switch it on first."""


@dataclass(eq=False)
class WebhookUrlUnfit(Invalid):
    """The address cannot be a webhook's: `why`; it may have `longest` characters."""

    why: UrlFault
    longest: int


class SpanUnfit(Invalid):
    """A span that is not offered for sending again."""
