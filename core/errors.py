"""What can go wrong in the business: one class per fact, typed attributes, no text.

The words people read are chosen by `bot.screens.errors` (and, later, by the HTTP face); a test
demands words for every leaf class in every language.
"""

from dataclasses import dataclass

from core.values import Skipped


class CoreError(Exception):
    """Base of every refusal the core makes."""


class CannotKeep(Exception):
    """Nothing can be kept just now: the disk is full, or another program holds the database.

    Nothing of the work happened, and the same work later is safe. No refusal: nobody asked for
    anything wrong.
    """


class NotFound(CoreError):
    """It does not exist, or may not be seen by who asked: the two look the same."""


class Forbidden(CoreError):
    """It is visible, and still not for who asked."""


class Conflict(CoreError):
    """It was possible once: the state has moved on."""


class Invalid(CoreError):
    """The input itself cannot be right."""


# -- not found ---------------------------------------------------------------------------------


class ShopNotFound(NotFound):
    """No such shop for this actor: never a member, left, or the shop does not exist."""


@dataclass(eq=False)
class NumberUnknown(NotFound):
    """A well-formed shop number nobody holds."""

    number: str


class LinkUnknown(NotFound):
    """The binding link was replaced or never existed."""


class InviteUnknown(NotFound):
    """The invitation was used, replaced or never existed."""


class BindingNotFound(NotFound):
    """No such binding for this shop."""


class OrderNotFound(NotFound):
    """No such order for this shop."""


class AssignmentNotFound(NotFound):
    """No such assignment for this shop."""


class ShipmentNotFound(NotFound):
    """No such parcel for this shop."""


class DraftNotFound(NotFound):
    """No such draft (of an assignment, import or shipment) for this person."""


# -- forbidden ---------------------------------------------------------------------------------


class RegistrationClosed(Forbidden):
    """`DAIFA_REGISTRATION=invite`, and this account holds no invitation."""


# -- conflict ----------------------------------------------------------------------------------


@dataclass(eq=False)
class IllegalMove(Conflict):
    """A state may not follow another: see the `*_MOVES` literals."""

    noun: str
    before: str
    after: str


@dataclass(eq=False)
class AlreadyPending(Conflict):
    """This pair has a request that waits for an answer."""

    binding_id: int


@dataclass(eq=False)
class AlreadyBound(Conflict):
    """This pair is bound."""

    binding_id: int


@dataclass(eq=False)
class BindingMovedOn(Conflict):
    """The request or binding was already answered, withdrawn, expired or ended."""

    status: str


class NotBound(Conflict):
    """Orders go to bound factories only."""


@dataclass(eq=False)
class NothingToAssign(Conflict):
    """No order of the selection can be assigned; `skipped` says why, order by order."""

    skipped: tuple[Skipped, ...]


class DraftSpent(Conflict):
    """The draft was confirmed before: nothing happens twice."""


class PreviewOutdated(Conflict):
    """Confirming would do something else than the preview said: it is shown anew."""


class UndoneAlready(Conflict):
    """The import was undone before."""


@dataclass(eq=False)
class UndoTooLate(Conflict):
    """An import can be undone for so many minutes after it was confirmed."""

    minutes: int


class DraftGone(Conflict):
    """The draft was dropped or has expired."""


@dataclass(eq=False)
class NotRecallable(Conflict):
    """The factory has accepted (`accepted`), looked (`looked`), shipped (`shipped`) or it ended."""

    reason: str


@dataclass(eq=False)
class OrderStopped(Conflict):
    """Shipping and looking are refused.

    `reason`: `cancelled`, `refund_open`, `refunded` or `shipped_elsewhere`.
    """

    reason: str


@dataclass(eq=False)
class AlreadyShipped(Conflict):
    """The assignment has shipped whole."""

    assignment_id: int
    numbers: tuple[str, ...]


@dataclass(eq=False)
class AssignmentEnded(Conflict):
    """The assignment was declined, recalled or cancelled."""

    status: str


@dataclass(eq=False)
class NumberUsed(Conflict):
    """The tracking number already belongs to a parcel for another recipient."""

    number: str


@dataclass(eq=False)
class QuotaSpent(Conflict):
    """The shop's looks at recipients for today are used up."""

    quota: int


@dataclass(eq=False)
class NothingToPrint(Conflict):
    """Nothing is left of what was to be printed; `left_out` says why, by tag, where there was any.

    The reasons are `core.orders.looking.LeftOut`'s.
    """

    left_out: tuple[tuple[str, str], ...] = ()


class RecipientGone(Conflict):
    """The recipient was never complete, or was erased."""


class DecryptQuotaSpent(Conflict):
    """The platform opens no more recipients of this shop today."""


class RecipientConcealed(Conflict):
    """The selling platform encrypted the recipient; the label of an e-waybill does without it."""


# -- invalid -----------------------------------------------------------------------------------


class NameMissing(Invalid):
    """A name needs at least one visible character."""


@dataclass(eq=False)
class TextTooLong(Invalid):
    """Longer than is kept."""

    limit: int


@dataclass(eq=False)
class WrongRole(Invalid):
    """The shop is of the other role than the act needs."""

    needed: str


@dataclass(eq=False)
class NotAFactory(Invalid):
    """The number belongs to a merchant: orders go to factories."""

    number: str


class OwnShop(Invalid):
    """A shop does not bind itself, nor another shop of the same account."""


class NothingChosen(Invalid):
    """An act on a selection that is empty."""


@dataclass(eq=False)
class TooMany(Invalid):
    """More at once than is allowed."""

    limit: int


@dataclass(eq=False)
class CarrierUnknown(Invalid):
    """The carrier is none we know, or not one of those offered."""

    carrier: str


class OneNumberOnly(Invalid):
    """A correction replaces one parcel's number by one number."""


@dataclass(eq=False)
class SameNumber(Invalid):
    """The correction says what already stands."""

    number: str
