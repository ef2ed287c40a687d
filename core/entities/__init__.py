"""What is kept, as SQLModel tables: plain records, changed only by the use cases beside them."""

from core.entities.account import Account, Invite, Talk
from core.entities.assignment import Assignment, AssignmentPiece, AssignmentStatus, FactoryTab
from core.entities.binding import Binding, BindingStatus
from core.entities.chat import (
    Alert,
    AlertState,
    Card,
    Chat,
    HandledUpdate,
    PoisonedUpdate,
    Vanishing,
)
from core.entities.draft import AssignDraft, AssignDraftItem, DraftState, ImportDraft, ShipDraft
from core.entities.job import Job, JobState
from core.entities.order import (
    AfterSale,
    ClosedReason,
    MerchantTab,
    Order,
    OrderChange,
    OrderLine,
    OrderStatus,
    SealedRecipient,
)
from core.entities.shipment import Shipment, ShipmentPiece
from core.entities.shop import Member, Rank, Role, SealedShipFrom, Shop
from core.entities.trail import AuditRow, Counter, KeyMark, Look

__all__ = [
    "Account", "AfterSale", "Alert", "AlertState", "AssignDraft", "AssignDraftItem", "Assignment",
    "AssignmentPiece", "AssignmentStatus", "AuditRow", "Binding", "BindingStatus", "Card", "Chat",
    "ClosedReason", "Counter", "DraftState", "FactoryTab", "HandledUpdate", "ImportDraft", "Invite",
    "Job", "JobState", "KeyMark", "Look",
    "Member", "MerchantTab", "Order", "OrderChange", "OrderLine",
    "OrderStatus", "PoisonedUpdate", "Rank", "Role", "SealedRecipient", "SealedShipFrom",
    "ShipDraft", "Shipment", "ShipmentPiece", "Shop", "Talk", "Vanishing",
]  # fmt: skip
