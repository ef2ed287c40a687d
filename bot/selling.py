"""What the chat face asks of selling platforms: where to say yes, and one recipient in plain."""

from collections.abc import Sequence
from typing import Protocol

from core.errors import RecipientConcealed
from core.platforms.platform_errors import PlatformAbsent
from core.tickets.turns import TicketResult
from core.values import Actor, Concealed, Recipient


class Sellers(Protocol):
    """The platforms the operator has set up."""

    @property
    def names(self) -> Sequence[str]:
        """Their names: `doudian`."""
        ...

    def authorise_at(self, platform: str, word: str) -> str:
        """Return where a merchant says yes; `word` comes back with the answer.

        Raises `core.platforms.platform_errors.PlatformAbsent`.
        """
        ...

    async def opened(self, order_id: int, concealed: Concealed) -> Recipient:
        """Return one recipient in plain, for the person who has just asked.

        Raises `core.errors.RecipientConcealed`, `core.errors.DecryptQuotaSpent`, and
        `core.platforms.platform_errors.SellingShopGone`.
        """
        ...

    async def draw(
        self, actor: Actor, assignment_ids: Sequence[int], carrier: str
    ) -> Sequence[TicketResult]:
        """Draw e-waybills for a factory's orders; each is answered for itself.

        Raises as `core.tickets.drawing.Drawing.begin`.
        """
        ...


class NoSellers:
    """A house without platforms."""

    names: Sequence[str] = ()

    def authorise_at(self, platform: str, word: str) -> str:  # noqa: ARG002
        """There is none: raises `PlatformAbsent`."""
        raise PlatformAbsent

    async def opened(self, order_id: int, concealed: Concealed) -> Recipient:  # noqa: ARG002
        """There is nobody to ask: raises `RecipientConcealed`."""
        raise RecipientConcealed

    async def draw(self, *_: object) -> Sequence[TicketResult]:
        """There is nobody to ask: raises `PlatformAbsent`."""
        raise PlatformAbsent
