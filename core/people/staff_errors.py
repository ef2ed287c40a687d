"""What can go wrong about a shop's people, its end, and the group its alerts go to: no text."""

from dataclasses import dataclass

from core.errors import Conflict, Forbidden, Invalid, NotFound


class OwnerOnly(Forbidden):
    """The shop itself is its owner's affair; staff do the day's work."""


class MemberNotFound(NotFound):
    """Nobody of that account is among the shop's staff now."""


class StaffInviteUnknown(NotFound):
    """The invitation never existed, or its shop is closed."""


class StaffInviteUsed(Conflict):
    """Somebody has joined by this invitation: it is for one person."""


class StaffInviteExpired(Conflict):
    """The invitation is older than it may be."""


@dataclass(eq=False)
class GuessedTooOften(Forbidden):
    """Somebody opened many links that do not work: none is looked at for so many minutes."""

    minutes: int


@dataclass(eq=False)
class AlreadyMember(Conflict):
    """Who opened the invitation is in the shop already; it is not used up."""

    name: str


class OwnerStays(Conflict):
    """An owner does not leave: they hand the shop over first, or close it."""


@dataclass(eq=False)
class OrdersStillOpen(Conflict):
    """A shop with orders at factories, or to ship, is not closed."""

    role: str
    n: int


class NotAGroup(Invalid):
    """`/here` was said in a private chat."""
