"""What can go wrong between a shop and a platform: no text."""

from dataclasses import dataclass

from core.errors import Conflict, Invalid, NotFound


class LinkNotFound(NotFound):
    """No such platform shop of this shop, or it was disconnected."""


class PlatformAbsent(Invalid):
    """The operator has not set this platform up."""


class SellingShopGone(Conflict):
    """The platform shop the order came from was disconnected: nobody can open its recipient."""


class AuthorisationUnknown(NotFound):
    """Nobody asked for that authorisation, or it was too long ago, or it was used already."""


@dataclass(eq=False)
class OutsideShopTaken(Conflict):
    """The platform shop `name` is linked to another shop of this house already."""

    name: str


class CallNotFound(NotFound):
    """No such parcel that the platform was not told."""


@dataclass(eq=False)
class OutsideRoleDiffers(Conflict):
    """The platform shop `name` has no part, or the other one, in the platform's own programme."""

    name: str
