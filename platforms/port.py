"""What a selling platform does for us: the one form in which the house asks any of them.

Each platform is a folder that answers to `Platform`; nothing outside it knows its words, its codes
or how it signs. Everything here is asynchronous and talks to a network, so none of it is the core's
business: the core decides what is asked, and takes what was answered.

Every method raises the failures of `platforms.failures`, and no others.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, Protocol

from core.platforms.facts import (
    Grant,
    Leg,
    OutsideRole,
    Parcel,
    Partner,
    PlatformOrder,
    Quarantined,
)
from core.platforms.giving_facts import Giving, Standing
from core.platforms.ticket_facts import Sender, TicketAsked, TicketTold
from core.values import Concealed, Recipient


class Window(NamedTuple):
    """Orders changed from `start` (counted in) to `end` (left out), aware UTC."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Page:
    """Some orders of a window. `next` asks for the following page; empty: this was the last."""

    orders: Sequence[PlatformOrder]
    quarantined: Sequence[Quarantined] = ()
    next: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """What became of one of several things we told: done, or refused with one of `WHYS`."""

    name: str
    why: str = ""
    said: str = ""

    @property
    def done(self) -> bool:
        return not self.why


class Bounds(NamedTuple):
    """How much a platform takes at once: seconds of a window, orders of a page, of a batch."""

    window: float
    page: int
    batch: int
    tickets: int


class Platform(Protocol):
    """A platform's answers. `token` is the access token of the shop that asks."""

    name: str
    bounds: Bounds

    def authorise_at(self, state: str, back: str) -> str:
        """Return where a merchant authorises us; they come `back` with `state` and a code."""
        ...

    async def granted(self, code: str) -> Grant:
        """Exchange the code an authorisation brought back."""
        ...

    async def refreshed(self, refresh_token: str) -> Grant:
        """Exchange a refresh token; the old one may be void afterwards."""
        ...

    async def role(self, token: str) -> OutsideRole:
        """Return what the shop is in the platform's own dropship programme."""
        ...

    async def partners(self, token: str, role: OutsideRole) -> Sequence[Partner]:
        """Return who is bound to the shop there: a merchant's factories, a factory's merchants."""
        ...

    async def merchant_of(self, token: str, handle: str, given_at: datetime) -> str:
        """Return how a factory knows the merchant that gave it `handle` at about that time.

        Empty where the platform does not show it to this factory.
        """
        ...

    async def changed(self, token: str, window: Window, page: str = "") -> Page:
        """Return the orders that changed in the window, which is no longer than `bounds`."""
        ...

    async def one(self, token: str, order_no: str) -> PlatformOrder | Quarantined | None:
        """Return one order, None when the shop has none of that number."""
        ...

    async def assign(self, token: str, handles: Sequence[str], factory: str) -> list[Told]:
        """Tell that a factory (its shop id there) has these; part of them may be refused."""
        ...

    async def unassign(self, token: str, handles: Sequence[str], reason: str) -> list[Told]:
        """Tell that these are back with the merchant; part of them may be refused."""
        ...

    async def standing(
        self, token: str, orders: Sequence[Giving]
    ) -> Sequence[Mapping[str, Standing]]:
        """Return how the lines of these orders stand in the programme, by sub-order number.

        `token` is the merchant's. A line the platform does not show is left out.
        """
        ...

    async def ship_as_factory(
        self, token: str, merchant: str, handles: Mapping[str, str], parcel: Parcel, *, again: bool
    ) -> Leg:
        """Tell a parcel with the token of the factory that was given its lines there.

        `merchant` is how the factory knows it (`merchant_of`), `handles` the platform's ids of the
        lines, each of which is whole in the parcel. `again`: it may have been told, in part too.
        """
        ...

    async def correct_as_factory(
        self, token: str, merchant: str, before: Leg, after: Parcel
    ) -> None:
        """Tell another carrier or number of a parcel that a factory told."""
        ...

    async def ship(self, token: str, parcels: Sequence[Parcel], request_id: str) -> list[Leg]:
        """Tell the parcels of one order in its merchant's name, with its token.

        Returns them as the platform has them.
        """
        ...

    async def correct(self, token: str, before: Leg, after: Parcel) -> None:
        """Tell another carrier or number of a parcel that was told, with the merchant's token."""
        ...

    async def carriers(self, token: str) -> Mapping[str, str]:
        """Return the platform's carriers: name by the platform's code."""
        ...

    async def decrypted(self, token: str, order_no: str, concealed: Concealed) -> Recipient:
        """Return one recipient in plain, for a person who has just asked."""
        ...

    async def tickets(
        self, token: str, sender: Sender, asked: Sequence[TicketAsked]
    ) -> list[TicketTold]:
        """Draw e-waybills for orders this factory has there, at most `bounds.tickets` a call.

        `token` is the factory's. Asked again, the same numbers are drawn: a repeat is safe. What
        is not in the answer may have been drawn or not.
        """
        ...

    async def unticket(self, token: str, merchant: str, carrier: str, number: str) -> None:
        """Give an e-waybill's number back; one that left with a parcel is refused."""
        ...
