"""What happened, in the past tense. Emitted to a shop, each becomes an alert for its people.

Events carry ids only: an alert's text is rendered when it is sent, from what then stands.
"""

from dataclasses import asdict, dataclass
from typing import Any, ClassVar


@dataclass(frozen=True, slots=True)
class Event:
    """Base of all events; subclasses register under their class name.

    `urgent` ones stop a parcel: they are told in quiet hours too, before what waits for their end.
    One that `joins` is told together with what of its kind the chat is still owed.
    """

    urgent: ClassVar[bool] = False
    joins: ClassVar[bool] = False
    registry: ClassVar[dict[str, type["Event"]]] = {}

    def __init_subclass__(cls) -> None:
        """Remember every event by name, so that a stored alert finds its class again."""
        Event.registry[cls.__name__] = cls

    def payload(self) -> dict[str, Any]:
        """Return the fields as they are stored with the alert."""
        return asdict(self)

    def passes_quiet(self) -> bool:
        """Whether it is told in quiet hours too; some stop a parcel only at times."""
        return self.urgent


def revive(name: str, payload: dict[str, Any]) -> Event:
    """Return the event an alert was written for. Raises `KeyError` for an unknown name."""
    return Event.registry[name](**payload)


@dataclass(frozen=True, slots=True)
class BindingRequested(Event):
    """To the factory: a merchant asks to be bound."""

    binding_id: int


@dataclass(frozen=True, slots=True)
class BindingConfirmed(Event):
    """To the merchant."""

    binding_id: int


@dataclass(frozen=True, slots=True)
class BindingRefused(Event):
    """To the merchant."""

    binding_id: int


@dataclass(frozen=True, slots=True)
class BindingWithdrawn(Event):
    """To the factory."""

    binding_id: int


@dataclass(frozen=True, slots=True)
class BindingExpired(Event):
    """To both sides: nobody answered in time."""

    binding_id: int


@dataclass(frozen=True, slots=True)
class BindingEnded(Event):
    """To the other side: `taken_back` unshipped orders returned to the merchant, `left` go on.

    `tags` names those taken back, the first `TAGS_NAMED` of them.
    """

    binding_id: int
    by_shop: int
    taken_back: int
    left: int
    tags: tuple[str, ...] = ()


TAGS_NAMED = 100
NUMBERS_NAMED = 10


@dataclass(frozen=True, slots=True)
class OrderAssigned(Event):
    """To the factory: one order's card."""

    assignment_id: int


@dataclass(frozen=True, slots=True)
class OrdersAssigned(Event):
    """To the factory: the digest of a batch too large for a card each."""

    draft_id: int


@dataclass(frozen=True, slots=True)
class OrderRecalled(Event):
    """To the factory: the merchant took the order back; do not ship it."""

    urgent: ClassVar[bool] = True
    assignment_id: int


@dataclass(frozen=True, slots=True)
class PiecesTakenBack(Event):
    """To the factory: the merchant gives some pieces of the order elsewhere; ship the others."""

    urgent: ClassVar[bool] = True

    assignment_id: int


@dataclass(frozen=True, slots=True)
class OrdersRecalled(Event):
    """To the factory: so many orders at once; `tags` names the first `TAGS_NAMED` of them."""

    urgent: ClassVar[bool] = True
    binding_id: int
    count: int
    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OrderDeclined(Event):
    """To the merchant: the factory will not ship it; it waits in 待分配 again."""

    assignment_id: int


@dataclass(frozen=True, slots=True)
class OrdersDeclined(Event):
    """To the merchant: so many orders at once, for one reason; `order_nos` names the first.

    `draft_id` is a selection of them, ready to be assigned to another factory; 0 without one.
    """

    binding_id: int
    count: int
    reason: str
    order_nos: tuple[str, ...]
    draft_id: int = 0


@dataclass(frozen=True, slots=True)
class OrderChanged(Event):
    """To the factory: what differs, or that it must stop."""

    assignment_id: int
    change_id: int
    stops: bool = False

    def passes_quiet(self) -> bool:
        """Whether it must not ship any more."""
        return self.stops


@dataclass(frozen=True, slots=True)
class OrdersChanged(Event):
    """To the factory: one file changed many orders; `stops` of them must not be shipped any more.

    `outdated_tags` are those of the others whose old address was looked at or printed already.
    `stop_tags`, `outdated_tags` and `tags` (of the rest) are the first `TAGS_NAMED` of each,
    `assignment_ids` of all.
    """

    binding_id: int
    stops: int
    others: int
    stop_tags: tuple[str, ...]
    tags: tuple[str, ...]
    outdated_tags: tuple[str, ...] = ()
    assignment_ids: tuple[int, ...] = ()

    def passes_quiet(self) -> bool:
        """Whether one of them must not ship any more."""
        return self.stops > 0


@dataclass(frozen=True, slots=True)
class LeftWithOldAddress(Event):
    """To the merchant: so many orders changed their address after a parcel of them had left."""

    order_ids: tuple[int, ...]  # the first of them
    orders: int


@dataclass(frozen=True, slots=True)
class ChangeAcknowledged(Event):
    """To the merchant: the factory has seen the change."""

    assignment_id: int


@dataclass(frozen=True, slots=True)
class OrderShipped(Event):
    """To the merchant: the parcels of one reply, and what nobody had seen when they left.

    `overlooked` is as `core.changes.overlooked` says.
    """

    assignment_id: int
    shipment_ids: tuple[int, ...]
    overlooked: str = ""


@dataclass(frozen=True, slots=True)
class OrdersShipped(Event):
    """To the merchant: one message of many orders, the first of them named.

    `overlooked` is how many left though nobody had seen a change; those come first, of which `old`
    may go to an old address.
    """

    assignment_ids: tuple[int, ...]
    orders: int
    overlooked: int = 0
    old: int = 0


@dataclass(frozen=True, slots=True)
class ShipmentCorrected(Event):
    """To the merchant: a parcel's number was wrong, this is the right one."""

    shipment_id: int
    old_carrier: str
    old_number: str


@dataclass(frozen=True, slots=True)
class DayTold(Event):
    """To either side: its yesterday (`day` in ISO form); `missed` days before it were not told."""

    day: str
    missed: int


@dataclass(frozen=True, slots=True)
class ShopUnreachable(Event):
    """To the other side: none of that shop's chats take messages any more."""

    shop_id: int


@dataclass(frozen=True, slots=True)
class MemberJoined(Event):
    """To the owner: somebody used an invitation."""

    account_id: int


@dataclass(frozen=True, slots=True)
class MemberLeft(Event):
    """To the owner: one of the staff has left by themselves."""

    account_id: int


@dataclass(frozen=True, slots=True)
class MemberRemoved(Event):
    """To the person removed: told though they are of the shop no longer."""


@dataclass(frozen=True, slots=True)
class OwnershipGiven(Event):
    """To the new owner."""

    by_account: int


@dataclass(frozen=True, slots=True)
class ShopClosed(Event):
    """To those who were its staff: told though the shop is theirs no longer."""


@dataclass(frozen=True, slots=True)
class AlertsMoved(Event):
    """To the other members: alerts go to a group from now on, or (`home`) to each of them again."""

    by_account: int
    home: bool


@dataclass(frozen=True, slots=True)
class GroupLost(Event):
    """To the owner: alerts come in private again, for the group (`topic`: its topic) is gone."""

    topic: bool
